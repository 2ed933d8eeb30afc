#pragma once
// The blocks at the head of a FLAC file that are known only at its end: the stream info, tags and
// seek points. Room for them is kept when the file is begun and filled in place when it is
// finished.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "sound/flac.h"

namespace nk::sound::detail {

inline constexpr std::size_t flac_block_head_bytes = 4;
inline constexpr std::size_t flac_stream_info_end = 4 + flac_block_head_bytes + 34;

// STREAMINFO (RFC 9639 8.2), as it grows with the frames.
struct StreamInfo {
    FlacShape shape;
    std::uint32_t block_frames = 0;
    std::uint64_t frames = 0;         // samples per channel
    std::size_t frame_bytes_min = 0;  // 0 as long as there is no frame
    std::size_t frame_bytes_max = 0;

    void saw(std::size_t samples, std::size_t bytes) {
        frames += samples;
        frame_bytes_min = frame_bytes_min == 0 ? bytes : std::min(frame_bytes_min, bytes);
        frame_bytes_max = std::max(frame_bytes_max, bytes);
    }
};

// The file's first flac_stream_info_end bytes. Requires: md5 has 16 bytes.
std::vector<std::uint8_t> flac_stream_info(const StreamInfo& info, Bytes md5);

// Where a player may jump to: frame `sample` begins `offset` bytes after the first frame.
struct SeekPoint {
    std::uint64_t sample = 0;
    std::uint64_t offset = 0;
    std::uint16_t samples = 0;  // in that frame
};

// Seek points at even distances that never need more than their room: when it is full, every second
// one goes and the distance doubles.
class SeekPoints {
public:
    explicit SeekPoints(std::uint64_t distance) : distance_(distance) {}
    // Told of each frame in order.
    void saw(const SeekPoint& frame);
    [[nodiscard]] const std::vector<SeekPoint>& points() const { return points_; }

private:
    std::uint64_t distance_;
    std::uint64_t next_ = 0;
    std::vector<SeekPoint> points_;
};

// How many bytes between the stream info and the first frame are enough for `tag_bytes` of tags,
// a full seek table and a block of padding.
std::size_t flac_head_room(std::uint32_t tag_bytes);

// What follows: VORBIS_COMMENT, SEEKTABLE and PADDING, exactly `room` bytes in all; tags that are
// not legal or do not fit are left out. Requires: room >= flac_head_room(0).
std::vector<std::uint8_t> flac_head_blocks(const FlacTags& tags,
                                           const std::vector<SeekPoint>& points, std::size_t room);

}  // namespace nk::sound::detail
