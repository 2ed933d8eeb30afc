#pragma once
// One libavcodec decoder, from single frames to 16-bit samples of one channel. The only file that
// knows libavcodec's types.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "sound/codec.h"

namespace nk::helper {

// What libavcodec must be told to decode a codec of RTP's.
struct AvSetup {
    const char* name;  // libavcodec's own, so that it is always the decoder that was tested
    std::uint32_t rate_hz;
    int bits_per_code = 0;      // G.726: 2..5
    int block_bytes = 0;        // iLBC: 38 or 50
    bool holds_frames = false;  // gives a packet's later frames only when asked for all of them
};

class AvDecoder {
public:
    static Result<AvDecoder> open(const AvSetup& setup);
    ~AvDecoder();
    AvDecoder(AvDecoder&&) noexcept;
    AvDecoder& operator=(AvDecoder&&) noexcept;

    // Appends the samples of one frame, or of one payload where frames need no cutting.
    Result<void> decode(Bytes frame, sound::Samples& out);

private:
    struct Impl;
    explicit AvDecoder(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace nk::helper
