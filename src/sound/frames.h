#pragma once
// How a codec's frames lie in one RTP payload: found here, decoded elsewhere. Pure and bounded: it
// reads hostile bytes and gives frames or a refusal, never a frame beyond the payload.
//
// RFC 3551 4.5 (G.723.1, G.729, GSM and the sample-based ones), RFC 3952 (iLBC), RFC 4867 (AMR).

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "sound/codec.h"

namespace nk::sound {

enum class FrameKind : std::uint8_t {
    unknown,
    whole,  // the payload is one run of samples or one frame: nothing to cut
    g723,
    g729,
    gsm,
    ilbc,
    amr,     // octet-aligned or bandwidth-efficient, as fmtp says
    amr_wb,  // the same
};

// How payloads of this codec are cut; unknown for a codec we have no decoder for.
FrameKind frame_kind(const Codec& codec);

struct CodedFrame {
    std::uint32_t offset = 0;  // into CodedFrames::bytes
    std::uint32_t size = 0;
    std::uint32_t samples = 0;  // it lasts so long, at the codec's sample rate
    bool silence = false;       // a SID frame, or one the sender marked as absent: no speech in it
};

// Frames as a decoder wants them, one after the other. AMR's begin with the table-of-contents octet
// of its storage format (RFC 4867 5.3). Kept by the caller and used again: no allocation per
// packet.
struct CodedFrames {
    std::vector<std::uint8_t> bytes;
    std::vector<CodedFrame> frames;
    [[nodiscard]] Bytes of(const CodedFrame& frame) const {
        return Bytes(bytes).subspan(frame.offset, frame.size);
    }
};

class FrameCutter {
public:
    // Code::unsupported for a codec without a decoder and for the AMR options nobody sends
    // (interleaving, CRCs, several channels).
    static Result<FrameCutter> make(const Codec& codec);
    // Replaces `out`. Code::malformed or cut_off when the payload is not one of this codec's.
    Result<void> cut(Bytes payload, CodedFrames& out) const;
    [[nodiscard]] FrameKind kind() const { return kind_; }

private:
    FrameKind kind_ = FrameKind::unknown;
    bool octet_aligned_ = false;
    bool ilbc_20_ms_ = false;
};

// The value of one parameter of an fmtp line ("octet-align=1;mode-set=7"), in the first spelling it
// has; empty when absent. Names match in any case.
std::string_view fmtp_value(std::string_view fmtp, std::string_view name);

}  // namespace nk::sound
