#pragma once
// RTP packets (RFC 3550 5.1), parsed in place.

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace nk::wire {

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
std::optional<Rtp> parse_rtp(Bytes bytes, Padding padding_is = Padding::removed);

// What the first bytes of a UDP payload say it is (RFC 7983 7, with SIP and ZRTP beside it).
enum class Kind : std::uint8_t { rtp, rtcp, stun, dtls, zrtp, text, other };
Kind kind_of(Bytes udp_payload);

}  // namespace nk::wire
