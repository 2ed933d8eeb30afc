// RTP in place, and the first look at a UDP payload. Both run for every packet of every call.

#include "wire/rtp.h"

#include <algorithm>

namespace nk::wire {

namespace {

// RFC 5761 4: these second bytes are RTCP's packet types, so an RTP stream that shares the port
// cannot use the payload types 64..95 with the marker bit.
bool is_rtcp_type(std::uint8_t second) {
    return second >= 192 && second <= 223;
}

bool is_text_byte(std::uint8_t byte) {
    return (byte >= 0x20 && byte < 0x7f) || byte == '\r' || byte == '\n' || byte == '\t';
}

// SIP shares no first byte with RTP, but its letters lie in DTLS' and TURN's ranges; a dozen
// bytes of plain text is what tells them apart.
bool looks_like_text(Bytes bytes) {
    const Bytes head = bytes.first(std::min<std::size_t>(bytes.size(), 12));
    return head.size() >= 2 && std::all_of(head.begin(), head.end(), is_text_byte);
}

bool is_stun(Bytes bytes) {
    if (bytes.size() < 20 || be16(bytes.data() + 2) % 4 != 0)
        return false;
    constexpr std::uint32_t cookie = 0x2112a442;  // RFC 8489 5
    return be32(bytes.data() + 4) == cookie || be16(bytes.data() + 2) + 20U == bytes.size();
}

bool is_zrtp(Bytes bytes) {
    constexpr std::uint32_t cookie = 0x5a525450;  // RFC 6189 5
    return bytes.size() >= 12 && be32(bytes.data() + 4) == cookie;
}

}  // namespace

std::optional<Rtp> parse_rtp(Bytes bytes, Padding padding_is) {
    if (bytes.size() < 12)
        return std::nullopt;
    const std::uint8_t* p = bytes.data();
    if (p[0] >> 6 != 2 || is_rtcp_type(p[1]))
        return std::nullopt;
    std::size_t header = 12 + std::size_t{p[0] & 0x0fU} * 4;  // the CSRCs
    if ((p[0] & 0x10) != 0) {                                 // RFC 3550 5.3.1
        if (bytes.size() < header + 4)
            return std::nullopt;
        header += 4 + std::size_t{be16(p + header + 2)} * 4;
    }
    if (bytes.size() < header)
        return std::nullopt;
    Bytes payload = bytes.subspan(header);
    if (padding_is == Padding::removed && (p[0] & 0x20) != 0) {
        const std::size_t padding = bytes.back();
        if (padding > payload.size())
            return std::nullopt;
        payload = payload.first(payload.size() - padding);
    }
    return Rtp{.payload_type = static_cast<std::uint8_t>(p[1] & 0x7f),
               .marker = (p[1] & 0x80) != 0,
               .sequence = be16(p + 2),
               .timestamp = be32(p + 4),
               .ssrc = be32(p + 8),
               .payload = payload};
}

Kind kind_of(Bytes udp_payload) {
    if (udp_payload.size() < 2)
        return Kind::other;
    const std::uint8_t first = udp_payload[0];
    if (first >= 128 && first <= 191) {
        if (is_rtcp_type(udp_payload[1]))
            return udp_payload.size() >= 8 ? Kind::rtcp : Kind::other;
        return udp_payload.size() >= 12 ? Kind::rtp : Kind::other;
    }
    if (looks_like_text(udp_payload))
        return Kind::text;
    if (first <= 3)
        return is_stun(udp_payload) ? Kind::stun : Kind::other;
    if (first >= 16 && first <= 19)
        return is_zrtp(udp_payload) ? Kind::zrtp : Kind::other;
    if (first >= 20 && first <= 63)
        return udp_payload.size() >= 13 ? Kind::dtls : Kind::other;
    return Kind::other;
}

}  // namespace nk::wire
