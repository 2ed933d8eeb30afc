#include "stream_decoder.h"

#include <string_view>

namespace nk::helper {

namespace {

constexpr int ilbc_20_ms_bytes = 38;
constexpr int ilbc_30_ms_bytes = 50;

// RFC 3551 4.5.4 puts the first code into the low bits of an octet, which is libavcodec's g726le;
// AAL2's packing (ITU-T I.366.2 annex E) is the other way round.
std::optional<AvSetup> g726_setup(std::string_view name) {
    const bool aal2 = name.starts_with("AAL2-");
    const auto rate = name.substr(aal2 ? 5 : 0);
    const int bits = rate == "G726-16"   ? 2
                     : rate == "G726-24" ? 3
                     : rate == "G726-32" ? 4
                     : rate == "G726-40" ? 5
                                         : 0;
    if (bits == 0)
        return std::nullopt;
    return AvSetup{.name = aal2 ? "g726" : "g726le", .rate_hz = 8'000, .bits_per_code = bits};
}

std::optional<AvSetup> setup_for(const sound::Codec& codec) {
    const std::string_view name = codec.name;
    const auto rate_hz = sound::sample_rate_hz(codec);
    if (rate_hz == 0)
        return std::nullopt;
    if (name == "G722")
        return AvSetup{.name = "g722", .rate_hz = rate_hz};
    if (name == "G729")
        return AvSetup{.name = "g729", .rate_hz = rate_hz};
    if (name == "G723")
        return AvSetup{.name = "g723_1", .rate_hz = rate_hz};
    if (name == "GSM")
        return AvSetup{.name = "gsm", .rate_hz = rate_hz};
    if (name == "speex")
        return AvSetup{.name = "libspeex", .rate_hz = rate_hz, .holds_frames = true};
    if (name == "AMR")
        return AvSetup{.name = "amrnb", .rate_hz = rate_hz};
    if (name == "AMR-WB")
        return AvSetup{.name = "amrwb", .rate_hz = rate_hz};
    if (name == "iLBC")
        return AvSetup{.name = "ilbc", .rate_hz = rate_hz, .block_bytes = ilbc_30_ms_bytes};
    return g726_setup(name);
}

}  // namespace

Result<StreamDecoder> StreamDecoder::open(const sound::Codec& codec) {
    const auto setup = setup_for(codec);
    if (!setup)
        return refuse(Code::unsupported, Blame::peer, "no decoder for " + codec.name);
    NK_TAKE(auto cutter, sound::FrameCutter::make(codec));
    NK_TAKE(auto decoder, AvDecoder::open(*setup));
    return StreamDecoder(*setup, cutter, std::move(decoder));
}

// libavcodec fixes iLBC's mode when it opens; senders may change it from packet to packet.
Result<void> StreamDecoder::follow_ilbc_mode(std::size_t frame_bytes) {
    const int bytes = frame_bytes == ilbc_20_ms_bytes ? ilbc_20_ms_bytes : ilbc_30_ms_bytes;
    if (bytes == setup_.block_bytes)
        return {};
    auto setup = setup_;
    setup.block_bytes = bytes;
    NK_TAKE(decoder_, AvDecoder::open(setup));
    setup_ = setup;
    return {};
}

Result<void> StreamDecoder::decode_frame(const sound::CodedFrame& frame, Bytes bytes,
                                         sound::Samples& out) {
    const std::size_t before = out.size();
    // A G.723.1 decoder must hear SID frames too, to stay in step with its coder; the noise that it
    // would make of them is not what was said, and goes.
    if (!frame.silence || cutter_.kind() == sound::FrameKind::g723) {
        auto decoded = decoder_.decode(bytes, out);
        if (!decoded && !frame.silence)
            return decoded;
    }
    if (frame.silence)
        out.resize(before);
    // A frame lasts what its codec says: a decoder that gave less leaves the rest silent.
    if (frame.samples != 0)
        out.resize(before + frame.samples);
    return {};
}

Result<void> StreamDecoder::decode(Bytes payload, sound::CodedFrames& frames, sound::Samples& out) {
    out.clear();
    NK_TRY(cutter_.cut(payload, frames));
    if (cutter_.kind() == sound::FrameKind::ilbc && !frames.frames.empty())
        NK_TRY(follow_ilbc_mode(frames.frames.front().size));
    for (const auto& frame : frames.frames)
        NK_TRY(decode_frame(frame, frames.of(frame), out));
    return {};
}

}  // namespace nk::helper
