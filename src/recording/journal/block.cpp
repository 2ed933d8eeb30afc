#include "recording/journal/block.h"

#include "base/checksum.h"
#include "base/limits.h"
#include "base/pack.h"

namespace nk::recording::journal {

namespace {

constexpr std::string_view segment_magic = "NKJRNL01";
constexpr std::uint32_t block_magic = 0x31424b4e;  // "NKB1"
constexpr std::size_t segment_sum_at = segment_head_bytes - 8;
constexpr std::size_t block_sum_at = block_head_bytes - 8;

}  // namespace

void write_segment_head(std::uint8_t* out, const SegmentHead& head) {
    std::memset(out, 0, segment_head_bytes);
    std::memcpy(out, segment_magic.data(), segment_magic.size());
    put_le(out + 8, head.number);
    put_le(out + 16, head.seed);
    put_le(out + segment_sum_at, checksum(Bytes(out, segment_sum_at), 0));
}

std::optional<SegmentHead> read_segment_head(const std::uint8_t* in) {
    if (as_text(Bytes(in, segment_magic.size())) != segment_magic ||
        get_le<std::uint64_t>(in + segment_sum_at) != checksum(Bytes(in, segment_sum_at), 0))
        return std::nullopt;
    return SegmentHead{get_le<std::uint32_t>(in + 8), get_le<std::uint64_t>(in + 16)};
}

std::optional<BlockHead> read_block_head(const std::uint8_t* in, std::uint64_t seed) {
    if (get_le<std::uint32_t>(in) != block_magic ||
        get_le<std::uint64_t>(in + block_sum_at) != checksum(Bytes(in, block_sum_at), seed))
        return std::nullopt;
    BlockHead head;
    head.kind = static_cast<BlockKind>(in[4]);
    head.call = get_le<std::uint64_t>(in + 8);
    head.body_bytes = get_le<std::uint32_t>(in + 16);
    head.body_checksum = get_le<std::uint64_t>(in + 24);
    if (in[4] < static_cast<std::uint8_t>(BlockKind::call) ||
        in[4] > static_cast<std::uint8_t>(BlockKind::alive) ||
        head.body_bytes > limits::journal_block_bytes_max)
        return std::nullopt;
    return head;
}

Bytes Block::close(BlockKind kind, std::uint64_t call, std::uint64_t seed) {
    BlockHead head{kind, call, static_cast<std::uint32_t>(size_), 0};
    std::uint8_t* out = bytes_.get();
    std::memset(out + block_head_bytes + size_, 0, head.whole_bytes() - block_head_bytes - size_);
    std::memset(out, 0, block_head_bytes);
    put_le(out, block_magic);
    out[4] = static_cast<std::uint8_t>(kind);
    put_le(out + 8, call);
    put_le(out + 16, head.body_bytes);
    put_le(out + 24, checksum(Bytes(out + block_head_bytes, size_), seed));
    put_le(out + block_sum_at, checksum(Bytes(out, block_sum_at), seed));
    return {out, head.whole_bytes()};
}

}  // namespace nk::recording::journal
