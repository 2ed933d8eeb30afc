#pragma once
// One RTP stream's decoder: its payloads are cut into frames, each frame goes to libavcodec, and a
// frame without speech becomes silence of its length.

#include <optional>

#include "av_decoder.h"
#include "sound/frames.h"

namespace nk::helper {

class StreamDecoder {
public:
    // Code::unsupported when there is no decoder for this codec.
    static Result<StreamDecoder> open(const sound::Codec& codec);

    // Replaces `out` by the samples of one payload.
    Result<void> decode(Bytes payload, sound::CodedFrames& frames, sound::Samples& out);
    [[nodiscard]] std::uint32_t rate_hz() const { return setup_.rate_hz; }

private:
    StreamDecoder(const AvSetup& setup, sound::FrameCutter cutter, AvDecoder decoder)
        : setup_(setup), cutter_(cutter), decoder_(std::move(decoder)) {}
    Result<void> decode_frame(const sound::CodedFrame& frame, Bytes bytes, sound::Samples& out);
    Result<void> follow_ilbc_mode(std::size_t frame_bytes);

    AvSetup setup_;
    sound::FrameCutter cutter_;
    AvDecoder decoder_;
};

}  // namespace nk::helper
