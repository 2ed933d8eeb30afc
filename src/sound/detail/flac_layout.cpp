#include "sound/detail/flac_layout.h"

#include <string_view>

#include <FLAC/format.h>

#include "base/bytes.h"
#include "base/check.h"

namespace nk::sound::detail {

namespace {

constexpr std::size_t seek_point_bytes = 18;
constexpr std::size_t seek_table_bytes =
    flac_block_head_bytes + limits::flac_seek_points_max * seek_point_bytes;
constexpr std::string_view vendor = "Naklank";
constexpr std::uint32_t block_bytes_max = 0xff'ffff;  // RFC 9639 8.1: 24 bits

enum class BlockType : std::uint8_t {
    stream_info = 0,
    padding = 1,
    seek_table = 3,
    vorbis_comment = 4
};

class Blocks {
public:
    void head(BlockType type, std::size_t bytes, bool last) {
        number(static_cast<std::uint8_t>(type) | (last ? 0x80U : 0U), 1);
        number(bytes, 3);
    }
    void number(std::uint64_t value, unsigned bytes) {
        while (bytes-- > 0)
            out_.push_back(static_cast<std::uint8_t>(value >> (8 * bytes)));
    }
    // Vorbis counts in little-endian, alone in this format (RFC 9639 8.6).
    void text(std::string_view text) {
        for (unsigned i = 0; i < 4; ++i)
            out_.push_back(static_cast<std::uint8_t>(text.size() >> (8 * i)));
        out_.insert(out_.end(), text.begin(), text.end());
    }
    void count(std::size_t value) {
        for (unsigned i = 0; i < 4; ++i)
            out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    void bytes(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
    void fill(std::size_t bytes) { out_.resize(out_.size() + bytes); }
    [[nodiscard]] std::size_t size() const { return out_.size(); }
    std::vector<std::uint8_t> take() { return std::move(out_); }

private:
    std::vector<std::uint8_t> out_;
};

bool is_legal(const std::string& name, const std::string& value) {
    return !name.empty() && FLAC__format_vorbiscomment_entry_name_is_legal(name.c_str()) != 0 &&
           name.find('\0') == std::string::npos &&
           FLAC__format_vorbiscomment_entry_value_is_legal(
               reinterpret_cast<const FLAC__byte*>(value.data()),
               static_cast<std::uint32_t>(value.size())) != 0;
}

void write_tags(const FlacTags& tags, std::size_t room, Blocks& out) {
    std::size_t bytes = 4 + vendor.size() + 4;
    std::vector<std::string> kept;
    for (const auto& [name, value] : tags) {
        const std::size_t needs = 4 + name.size() + 1 + value.size();
        if (bytes + needs > room || kept.size() >= limits::flac_tags_max || !is_legal(name, value))
            continue;
        kept.push_back(name + "=" + value);
        bytes += needs;
    }
    out.head(BlockType::vorbis_comment, bytes, false);
    out.text(vendor);
    out.count(kept.size());
    for (const auto& tag : kept)
        out.text(tag);
}

void write_seek_table(const std::vector<SeekPoint>& points, Blocks& out) {
    constexpr std::uint64_t placeholder = ~std::uint64_t{0};  // RFC 9639 8.5: come last
    out.head(BlockType::seek_table, seek_table_bytes - flac_block_head_bytes, false);
    for (std::size_t i = 0; i < limits::flac_seek_points_max; ++i) {
        const bool used = i < points.size();
        out.number(used ? points[i].sample : placeholder, 8);
        out.number(used ? points[i].offset : 0, 8);
        out.number(used ? points[i].samples : 0, 2);
    }
}

}  // namespace

void SeekPoints::saw(const SeekPoint& frame) {
    if (frame.sample < next_)
        return;
    if (points_.size() == limits::flac_seek_points_max) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < points_.size(); i += 2)
            points_[kept++] = points_[i];
        points_.resize(kept);
        distance_ *= 2;
        next_ = points_.back().sample + distance_;
        if (frame.sample < next_)
            return;
    }
    points_.push_back(frame);
    next_ = frame.sample + distance_;
}

std::vector<std::uint8_t> flac_stream_info(const StreamInfo& info, Bytes md5) {
    constexpr unsigned bits_per_sample = 16;
    constexpr std::uint64_t frames_max = (std::uint64_t{1} << 36U) - 1;
    NK_CHECK(md5.size() == 16);
    Blocks out;
    out.bytes(as_bytes("fLaC"));
    out.head(BlockType::stream_info, flac_stream_info_end - 4 - flac_block_head_bytes, false);
    out.number(info.block_frames, 2);
    out.number(info.block_frames, 2);
    out.number(info.frame_bytes_min, 3);
    out.number(info.frame_bytes_max, 3);
    // 20 bits of rate, 3 of channels, 5 of sample size, 36 of samples; 0 is "not known".
    out.number(std::uint64_t{info.shape.rate_hz} << 44U |
                   std::uint64_t{info.shape.channels - 1} << 41U |
                   std::uint64_t{bits_per_sample - 1} << 36U |
                   (info.frames > frames_max ? 0 : info.frames),
               8);
    out.bytes(md5);
    return out.take();
}

std::size_t flac_head_room(std::uint32_t tag_bytes) {
    const std::size_t least = flac_block_head_bytes + 4 + vendor.size() + 4;
    return least + tag_bytes + seek_table_bytes + flac_block_head_bytes;
}

std::vector<std::uint8_t> flac_head_blocks(const FlacTags& tags,
                                           const std::vector<SeekPoint>& points, std::size_t room) {
    NK_CHECK(room >= flac_head_room(0) && room <= block_bytes_max);
    Blocks out;
    write_tags(tags, room - seek_table_bytes - 2 * flac_block_head_bytes, out);
    write_seek_table(points, out);
    const std::size_t rest = room - out.size() - flac_block_head_bytes;
    out.head(BlockType::padding, rest, true);
    out.fill(rest);
    return out.take();
}

}  // namespace nk::sound::detail
