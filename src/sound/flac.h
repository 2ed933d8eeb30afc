#pragma once
// FLAC files (RFC 9639) written piece by piece and read back. The format's own MD5 is that of the
// PCM.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/disk.h"
#include "base/md5_lanes.h"
#include "base/result.h"

namespace nk::sound {

struct FlacShape {
    std::uint32_t rate_hz = 8000;
    std::uint32_t channels = 2;  // 1..8
};

using FlacTags =
    std::vector<std::pair<std::string, std::string>>;  // Vorbis comments: ("TITLE", "...")

class FlacWriter {
public:
    virtual ~FlacWriter() = default;
    // Interleaved 16-bit samples; the count is a multiple of the channels.
    virtual Result<void> write(std::span<const std::int16_t> interleaved) = 0;
    // Writes what is pending and the final header; the tags may be as long as `tag_room_bytes` gave
    // room for (what does not fit is left out, never the file). The file is not synced.
    virtual Result<void> finish(const FlacTags& tags) = 0;
    [[nodiscard]] virtual std::uint64_t frames_written() const = 0;  // samples per channel
    // What was written so far, as FLAC's MD5 wants it, when that MD5 was left for later (see
    // FlacOptions); empty when it is taken on the way.
    [[nodiscard]] virtual Bytes unsummed() const = 0;
    // The MD5 of unsummed(), which somebody else took. After the last write().
    virtual void summed(const Md5& sum) = 0;
};

struct FlacOptions {
    // Samples per channel and block, 16..4608. 0 lets the rate decide.
    std::uint32_t block_frames = 0;
    std::uint32_t tag_room_bytes = 4096;  // padding kept at the head for the tags of finish()
    // So much is kept in memory for its MD5 to be taken at the end: with that of other files at
    // once, it costs a quarter (base/md5_lanes.h). What becomes longer is summed on the way.
    std::size_t sum_later_bytes = 0;
};

// Requires: `file` is empty and outlives the writer.
Result<std::unique_ptr<FlacWriter>> write_flac(File& file, const FlacShape& shape,
                                               const FlacOptions& options);

class FlacReader {
public:
    virtual ~FlacReader() = default;
    [[nodiscard]] virtual FlacShape shape() const = 0;
    [[nodiscard]] virtual std::uint64_t frames()
        const = 0;  // samples per channel, as the header says
    [[nodiscard]] virtual const FlacTags& tags() const = 0;
    // Up to a few thousand frames, interleaved; empty at the end. Checks each frame's CRC; damage
    // is an error.
    virtual Result<std::vector<std::int16_t>> read() = 0;
    // The next read() begins with that frame, counted from 0; its MD5 is not taken any more.
    // Requires: frame < frames().
    virtual Result<void> seek(std::uint64_t frame) = 0;
    // After the end: whether the samples have the MD5 the header promises.
    virtual bool md5_holds() = 0;
};

Result<std::unique_ptr<FlacReader>> read_flac(File& file);

}  // namespace nk::sound
