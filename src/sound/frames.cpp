#include "sound/frames.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/limits.h"
#include "sound/detail/words.h"

namespace nk::sound {

namespace {

constexpr auto whole_payload_codecs = std::to_array<std::string_view>(
    {"PCMU", "PCMA", "L16", "opus", "DVI4", "G722", "speex", "G726-16", "G726-24", "G726-32",
     "G726-40", "AAL2-G726-16", "AAL2-G726-24", "AAL2-G726-32", "AAL2-G726-40"});

// Bits of speech per frame type; RFC 4867 table 1 (by way of 3GPP TS 26.101) and TS 26.201. -1 is a
// type that may not be sent.
constexpr std::array<int, 16> amr_bits{95, 103, 118, 134, 148, 159, 204, 244,
                                       39, -1,  -1,  -1,  -1,  -1,  -1,  0};
constexpr std::array<int, 16> amr_wb_bits{132, 177, 253, 285, 317, 365, 397, 461,
                                          477, 40,  -1,  -1,  -1,  -1,  0,   0};

tl::unexpected<Error> bad(std::string what) {
    return refuse(Code::malformed, Blame::peer, std::move(what));
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

Result<void> add(CodedFrames& out, std::size_t offset, std::size_t size, std::uint32_t samples,
                 bool silence) {
    if (out.frames.size() >= limits::coded_frames_per_packet_max)
        return refuse(Code::limit, Blame::peer, "more frames in a packet than make sense");
    out.frames.push_back({.offset = static_cast<std::uint32_t>(offset),
                          .size = static_cast<std::uint32_t>(size),
                          .samples = samples,
                          .silence = silence});
    return {};
}

// Frames of one size, one after the other.
Result<void> cut_evenly(Bytes payload, std::size_t frame_bytes, std::uint32_t samples,
                        CodedFrames& out) {
    if (payload.size() % frame_bytes != 0)
        return bad("payload is not a whole number of frames");
    for (std::size_t at = 0; at < payload.size(); at += frame_bytes)
        NK_TRY(add(out, at, frame_bytes, samples, false));
    return {};
}

// RFC 3551 4.5.6: frames of 10 octets, the last of which may be a SID frame of 2.
Result<void> cut_g729(Bytes payload, CodedFrames& out) {
    const std::size_t tail = payload.size() % 10;
    if (tail != 0 && tail != 2)
        return bad("G.729 payload is not a whole number of frames");
    NK_TRY(cut_evenly(payload.first(payload.size() - tail), 10, 80, out));
    return tail == 2 ? add(out, payload.size() - 2, 2, 80, true) : Result<void>();
}

// RFC 3551 4.5.3: the two low bits of a frame's first octet tell its size.
Result<void> cut_g723(Bytes payload, CodedFrames& out) {
    constexpr std::array<std::size_t, 4> sizes{24, 20, 4, 1};
    for (std::size_t at = 0; at < payload.size();) {
        const auto type = payload[at] & 3U;
        const std::size_t size = sizes[type];
        if (size > payload.size() - at)
            return refuse(Code::cut_off, Blame::peer, "G.723.1 frame is cut off");
        NK_TRY(add(out, at, size, 240, type >= 2));
        at += size;
    }
    return {};
}

// RFC 3952 3: 38 octets for 20 ms, 50 for 30 ms. The size is believed rather than the mode in SDP,
// which is often wrong; the mode decides only where both fit.
Result<void> cut_ilbc(Bytes payload, bool prefer_20_ms, CodedFrames& out) {
    const bool fits_20 = payload.size() % 38 == 0;
    const bool fits_30 = payload.size() % 50 == 0;
    if (!fits_20 && !fits_30)
        return bad("iLBC payload is not a whole number of frames");
    const bool is_20 = fits_20 && (prefer_20_ms || !fits_30);
    return is_20 ? cut_evenly(payload, 38, 160, out) : cut_evenly(payload, 50, 240, out);
}

class BitReader {
public:
    explicit BitReader(Bytes bytes) : bytes_(bytes) {}
    [[nodiscard]] std::size_t left() const { return bytes_.size() * 8 - at_; }
    // Requires: count <= 8 and left() >= count. The bits end up at the low end.
    std::uint8_t take(unsigned count) {
        unsigned value = 0;
        for (; count > 0; --count, ++at_)
            value = value << 1 | (bytes_[at_ / 8] >> (7 - at_ % 8) & 1U);
        return static_cast<std::uint8_t>(value);
    }
    void to_octet() { at_ = (at_ + 7) / 8 * 8; }

private:
    Bytes bytes_;
    std::size_t at_ = 0;
};

struct AmrShape {
    const std::array<int, 16>& bits;
    std::size_t sid_type;
    std::uint32_t samples;
};

// Takes one frame's bits and stores it with its table-of-contents octet in front.
Result<void> take_amr_frame(BitReader& reader, unsigned toc, const AmrShape& shape,
                            CodedFrames& out) {
    const auto type = toc >> 1 & 15U;
    auto bits = static_cast<std::size_t>(shape.bits[type]);
    if (reader.left() < bits)
        return refuse(Code::cut_off, Blame::peer, "AMR frame is cut off");
    const std::size_t offset = out.bytes.size();
    // RFC 4867 5.3: a padding bit, 4 bits of type, the quality bit, 2 bits of padding.
    out.bytes.push_back(static_cast<std::uint8_t>(type << 3 | (toc & 1U) << 2));
    for (; bits >= 8; bits -= 8)
        out.bytes.push_back(reader.take(8));
    if (bits > 0) {
        const auto rest = static_cast<unsigned>(bits);
        out.bytes.push_back(static_cast<std::uint8_t>(reader.take(rest) << (8 - rest)));
    }
    const bool damaged = (toc & 1U) == 0;  // 4.3.2: Q=0, to be treated as lost
    return add(out, offset, out.bytes.size() - offset, shape.samples,
               damaged || type >= shape.sid_type);
}

// RFC 4867 4.3 and 4.4: a mode request, a table of contents, the frames; all of it packed bit by
// bit or each piece padded to octets.
Result<void> cut_amr(Bytes payload, bool octet_aligned, const AmrShape& shape, CodedFrames& out) {
    BitReader reader(payload);
    const auto header_bits = octet_aligned ? 8U : 4U;
    const auto entry_bits = octet_aligned ? 8U : 6U;
    if (reader.left() < header_bits)
        return refuse(Code::cut_off, Blame::peer, "AMR payload without a header");
    (void)reader.take(header_bits);
    std::array<std::uint8_t, limits::coded_frames_per_packet_max> contents{};
    std::size_t count = 0;
    for (bool more = true; more; ++count) {
        if (reader.left() < entry_bits)
            return refuse(Code::cut_off, Blame::peer, "AMR table of contents is cut off");
        if (count == contents.size())
            return refuse(Code::limit, Blame::peer, "more frames in a packet than make sense");
        const unsigned entry = reader.take(entry_bits) >> (entry_bits - 6);  // F, 4 x FT, Q
        if (shape.bits[entry >> 1 & 15U] < 0)
            return bad("AMR frame type that is not in use");  // 4.3.2: discard the packet
        more = (entry & 32U) != 0;
        contents[count] = static_cast<std::uint8_t>(entry & 31U);
    }
    for (std::size_t i = 0; i < count; ++i) {
        NK_TRY(take_amr_frame(reader, contents[i], shape, out));
        if (octet_aligned)
            reader.to_octet();
    }
    if (reader.left() >= 8)
        return bad("AMR payload is longer than its table of contents says");
    return {};
}

}  // namespace

std::string_view fmtp_value(std::string_view fmtp, std::string_view name) {
    while (!fmtp.empty()) {
        const auto end = std::min(fmtp.find(';'), fmtp.size());
        const auto part = trimmed(fmtp.substr(0, end));
        fmtp.remove_prefix(std::min(end + 1, fmtp.size()));
        const auto equals = part.find('=');
        if (equals != std::string_view::npos &&
            detail::same_word(trimmed(part.substr(0, equals)), name))
            return trimmed(part.substr(equals + 1));
    }
    return {};
}

FrameKind frame_kind(const Codec& codec) {
    const std::string_view name = codec.name;
    if (std::find(whole_payload_codecs.begin(), whole_payload_codecs.end(), name) !=
        whole_payload_codecs.end())
        return FrameKind::whole;
    if (name == "G723")
        return FrameKind::g723;
    if (name == "G729")
        return FrameKind::g729;
    if (name == "GSM")
        return FrameKind::gsm;
    if (name == "iLBC")
        return FrameKind::ilbc;
    if (name == "AMR")
        return FrameKind::amr;
    return name == "AMR-WB" ? FrameKind::amr_wb : FrameKind::unknown;
}

Result<FrameCutter> FrameCutter::make(const Codec& codec) {
    FrameCutter cutter;
    cutter.kind_ = frame_kind(codec);
    if (cutter.kind_ == FrameKind::unknown)
        return refuse(Code::unsupported, Blame::peer, "no decoder for " + codec.name);
    cutter.ilbc_20_ms_ = fmtp_value(codec.fmtp, "mode") == "20";
    if (cutter.kind_ == FrameKind::amr || cutter.kind_ == FrameKind::amr_wb) {
        cutter.octet_aligned_ = fmtp_value(codec.fmtp, "octet-align") == "1";
        const bool exotic = !fmtp_value(codec.fmtp, "interleaving").empty() ||
                            fmtp_value(codec.fmtp, "crc") == "1" ||
                            fmtp_value(codec.fmtp, "robust-sorting") == "1" || codec.channels > 1;
        if (exotic)
            return refuse(Code::unsupported, Blame::peer,
                          "AMR with interleaving, CRCs, robust sorting or several channels");
    }
    return cutter;
}

Result<void> FrameCutter::cut(Bytes payload, CodedFrames& out) const {
    out.bytes.clear();
    out.frames.clear();
    if (payload.empty())
        return refuse(Code::cut_off, Blame::peer, "empty payload");
    if (payload.size() > limits::helper_payload_bytes_max)
        return refuse(Code::limit, Blame::peer, "payload larger than a packet can be");
    if (kind_ == FrameKind::amr)
        return cut_amr(payload, octet_aligned_, {amr_bits, 8, 160}, out);
    if (kind_ == FrameKind::amr_wb)
        return cut_amr(payload, octet_aligned_, {amr_wb_bits, 9, 320}, out);
    out.bytes.assign(payload.begin(), payload.end());
    switch (kind_) {
        case FrameKind::g723:
            return cut_g723(payload, out);
        case FrameKind::g729:
            return cut_g729(payload, out);
        case FrameKind::gsm:
            return cut_evenly(payload, 33, 160, out);
        case FrameKind::ilbc:
            return cut_ilbc(payload, ilbc_20_ms_, out);
        default:
            return add(out, 0, payload.size(), 0, false);
    }
}

}  // namespace nk::sound
