// The first look at a UDP payload; it runs for every packet of every call.

#include "wire/rtp.h"

#include <algorithm>

namespace nk::wire {

namespace {

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
