#pragma once
// The journal's bytes: segments of blocks (docs/FORMAT.md, "The journal"). A block belongs to one
// call and carries two checksums, one of its head and one of its body, so that a torn tail is told
// from rot in the middle and either costs no block but its own.

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"

namespace nk::recording::journal {

enum class BlockKind : std::uint8_t {
    call = 1,    // a call begins: its CallHead
    sound = 2,   // a run of its packets, as they arrived (journal/entries.h)
    story = 3,   // its story so far; the last one counts
    ended = 4,   // its whole story: it is over, and waits to be sealed
    sealed = 5,  // it rests in the archive; nothing of it is needed here any more
    alive = 6,   // of no call: the recorder was running at this moment
};

inline constexpr std::size_t segment_head_bytes = 32;
inline constexpr std::size_t block_head_bytes = 40;

// The checksums of a segment's blocks begin with a number that was drawn by chance, so that nobody
// can send a packet whose payload, found behind a torn block, passes for a block.
struct SegmentHead {
    std::uint32_t number = 0;
    std::uint64_t seed = 0;
};
void write_segment_head(std::uint8_t* out, const SegmentHead& head);
// No value when these bytes are no head of a segment. Requires: segment_head_bytes bytes.
std::optional<SegmentHead> read_segment_head(const std::uint8_t* in);

struct BlockHead {
    BlockKind kind = BlockKind::sound;
    std::uint64_t call = 0;
    std::uint32_t body_bytes = 0;
    std::uint64_t body_checksum = 0;
    // Of the whole block on the disk: head, body, and zeros up to a multiple of 8.
    [[nodiscard]] std::uint32_t whole_bytes() const {
        return static_cast<std::uint32_t>(block_head_bytes + (body_bytes + 7U) / 8U * 8U);
    }
};
// No value when these bytes are no head of a block. Requires: block_head_bytes bytes.
std::optional<BlockHead> read_block_head(const std::uint8_t* in, std::uint64_t seed);

// Where a block lies.
struct Place {
    std::uint32_t segment = 0;
    std::uint32_t offset = 0;
    std::uint32_t bytes = 0;  // whole
    BlockKind kind = BlockKind::sound;
    bool operator==(const Place&) const = default;
};

// A block on its way to the disk: room for a head, then a body that grows up to its capacity.
class Block {
public:
    Block() = default;
    explicit Block(std::size_t body_capacity)
        : capacity_(body_capacity),
          bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(block_head_bytes + body_capacity +
                                                                7)) {}
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }
    [[nodiscard]] std::size_t room() const { return capacity_ - size_; }
    [[nodiscard]] bool is_empty() const { return size_ == 0; }
    // Where the next `bytes` bytes of the body go. Requires: bytes <= room().
    std::uint8_t* extend(std::size_t bytes) {
        std::uint8_t* at = bytes_.get() + block_head_bytes + size_;
        size_ += bytes;
        return at;
    }
    // Where the body ends. Requires: room() > 0.
    [[nodiscard]] const std::uint8_t* end() const {
        return bytes_.get() + block_head_bytes + size_;
    }
    void add(Bytes bytes) { std::memcpy(extend(bytes.size()), bytes.data(), bytes.size()); }
    void clear() { size_ = 0; }
    // Writes the head and the zeros; the whole block as it goes to the disk.
    Bytes close(BlockKind kind, std::uint64_t call, std::uint64_t seed);

private:
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    std::unique_ptr<std::uint8_t[]> bytes_;
};

}  // namespace nk::recording::journal
