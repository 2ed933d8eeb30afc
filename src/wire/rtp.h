#pragma once
// RTP packets (RFC 3550 5.1), parsed in place.

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace nk::wire {

// RFC 5761 4: these second bytes are RTCP's packet types, so an RTP stream that shares the port
// cannot use the payload types 64..95 with the marker bit.
constexpr bool is_rtcp_type(std::uint8_t second) {
    return second >= 192 && second <= 223;
}

struct Rtp {
    std::uint8_t payload_type = 0;
    bool marker = false;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
    Bytes payload;  // without CSRCs, header extension and padding
};

// Nullopt when the bytes cannot be RTP: wrong version, shorter than their own header, padding
// longer than the payload, or a second byte that is RTCP's (RFC 5761 4: 192..223).
// Padding of an encrypted packet is encrypted too, and its length is not known: it stays.
enum class Padding : std::uint8_t { removed, unknown };
// Here, so that what it reads stays in registers: it runs for every packet of every call.
[[gnu::always_inline]] inline std::optional<Rtp> parse_rtp(Bytes bytes,
                                                           Padding padding_is = Padding::removed) {
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

// What the first bytes of a UDP payload say it is (RFC 7983 7, with SIP and ZRTP beside it).
enum class Kind : std::uint8_t { rtp, rtcp, stun, dtls, zrtp, text, other };
Kind kind_of(Bytes udp_payload);

}  // namespace nk::wire
