#pragma once
// Writes Opus in Ogg (RFC 7845, RFC 6716), for people who want a small file: a copy to be heard,
// never the recording itself. libopusenc does the work.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

namespace nk::sound {

class OggOpusWriter {
public:
    // 1 or 2 channels at any rate that is usual.
    static Result<std::unique_ptr<OggOpusWriter>> make(std::uint32_t rate_hz,
                                                       std::uint32_t channels);
    virtual ~OggOpusWriter() = default;
    // Interleaved.
    virtual Result<void> write(std::span<const std::int16_t> samples) = 0;
    // No more comes.
    virtual Result<void> finish() = 0;
    // What has become ready since the last time, appended.
    virtual Result<void> take(std::vector<char>& into) = 0;
};

}  // namespace nk::sound
