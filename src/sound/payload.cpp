// What can be read off a payload without decoding it.

#include <algorithm>

#include "sound/codec.h"
#include "sound/detail/opus_decoder.h"
#include "sound/frames.h"

namespace nk::sound {

namespace {

constexpr std::size_t dvi4_header_bytes = 4;  // RFC 3551 4.5.1

// For the sample-based codecs: how many bits one sample of one channel takes; 0 for any other.
unsigned bits_per_sample(std::string_view name) {
    if (name == "PCMU" || name == "PCMA")
        return 8;
    if (name == "L16")
        return 16;
    if (name == "G722")
        return 8;  // per tick of its 8000 Hz clock, which is two samples (RFC 3551 4.5.2)
    const auto dash = name.find("G726-");
    if (dash == std::string_view::npos)
        return 0;
    const auto rate = name.substr(dash + 5);
    return rate == "16" ? 2 : rate == "24" ? 3 : rate == "32" ? 4 : rate == "40" ? 5 : 0;
}

// The frames of a framed codec; nothing when the payload does not hold such frames.
CodedFrames frames_of(const Codec& codec, Bytes payload) {
    CodedFrames out;
    const auto cutter = FrameCutter::make(codec);
    if (!cutter || !cutter->cut(payload, out))
        out.frames.clear();
    return out;
}

// GSM 06.10 as RTP carries it: each frame begins with the nibble 0xD (RFC 3551 4.5.8.1).
bool has_gsm_signature(Bytes payload) {
    for (std::size_t at = 0; at < payload.size(); at += 33)
        if (payload[at] >> 4 != 0xd)
            return false;
    return true;
}

bool is_good_dvi4(Bytes payload) {
    constexpr unsigned steps = 89;
    return payload.size() > dvi4_header_bytes && payload[2] < steps;
}

}  // namespace

std::uint32_t payload_ticks(const Codec& codec, Bytes payload) {
    if (payload.empty())
        return 0;
    if (codec.name == "opus")
        return detail::opus_ticks(payload);
    if (codec.name == "DVI4")
        return is_good_dvi4(payload)
                   ? static_cast<std::uint32_t>((payload.size() - dvi4_header_bytes) * 2)
                   : 0;
    if (const auto bits = bits_per_sample(codec.name); bits != 0) {
        const auto channels = std::max(codec.channels, 1U);
        return static_cast<std::uint32_t>(payload.size() * 8 / bits / channels);
    }
    std::uint32_t ticks = 0;
    for (const auto& frame : frames_of(codec, payload).frames)
        ticks += frame.samples;  // these codecs' clocks are their sample rates
    return ticks;
}

bool payload_fits(const Codec& codec, Bytes payload) {
    if (payload.empty())
        return false;
    if (codec.name == "opus")
        return detail::looks_like_opus(payload);
    if (codec.name == "DVI4")
        return is_good_dvi4(payload);
    if (codec.name == "L16")
        return payload.size() % (2 * std::size_t{std::max(codec.channels, 1U)}) == 0;
    const auto kind = frame_kind(codec);
    if (kind == FrameKind::unknown || kind == FrameKind::whole)
        return true;
    if (kind == FrameKind::gsm && !has_gsm_signature(payload))
        return false;
    return !frames_of(codec, payload).frames.empty();
}

bool payload_is_silence(const Codec& codec, Bytes payload) {
    if (codec.name == "opus")
        return detail::is_opus_dtx(payload);
    const auto found = frames_of(codec, payload);
    return !found.frames.empty() && std::all_of(found.frames.begin(), found.frames.end(),
                                                [](const CodedFrame& f) { return f.silence; });
}

}  // namespace nk::sound
