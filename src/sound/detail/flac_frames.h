#pragma once
// Sound to FLAC frames (RFC 9639 9), with the fixed predictors alone: what telephone codecs leave
// behind, quantisation noise above all, is not predicted better by anything dearer (ADR 8). Pure.

#include <cstdint>
#include <span>
#include <vector>

namespace nk::sound::detail {

class FlacFrames {
public:
    static constexpr std::uint32_t block_frames_max = 4'608;  // RFC 9639 7: streamable up to 48 kHz

    // Requires: channels 1..8, block_frames 16..block_frames_max.
    FlacFrames(std::uint32_t rate_hz, std::uint32_t channels, std::uint32_t block_frames);

    // One block of interleaved samples as one frame, which is valid until the next call. Requires:
    // 1..block_frames samples per channel; fewer than block_frames in the last block alone.
    std::span<const std::uint8_t> encode(std::span<const std::int16_t> interleaved);

private:
    std::uint8_t* put_head(std::uint8_t* out, std::size_t frames) const;

    std::uint32_t rate_hz_;
    std::uint32_t channels_;
    std::uint64_t number_ = 0;
    std::vector<std::int32_t> samples_;    // of one channel
    std::vector<std::uint32_t> residual_;  // zigzag: 0, -1, 1, -2, 2 ... is 0, 1, 2, 3, 4 ...
    std::vector<std::uint8_t> frame_;
};

}  // namespace nk::sound::detail
