#pragma once
// HEP version 3, in which a capture agent sends on what it captured (sipcapture's "HEP3 Network
// Protocol Specification"): one datagram, one captured payload, and chunks that say from where to
// where it went. Parsed in place.
//
// The chunks that say when the agent captured it (9 and 10) are not read. Agents have clocks of
// their own, which disagree with each other and with the packets that come without an agent; the
// time at which the datagram itself was captured is one clock for all, and RTP's own time stamps
// place the samples.

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "wire/address.h"

namespace nk::wire {

enum class HepKind : std::uint8_t { sip = 1, rtp = 4, rtcp = 5 };  // values of chunk 11

struct Hep {
    Endpoint source;
    Endpoint destination;
    HepKind kind = HepKind::sip;
    Bytes payload;           // as it stood in the captured UDP datagram or TCP connection
    bool cut_short = false;  // bytes of the payload are missing
};

inline bool looks_like_hep(Bytes bytes) {
    return bytes.size() >= 6 && be32(bytes.data()) == 0x48455033;  // "HEP3"
}

// Nullopt when the bytes are no HEP3, when their chunks lack an address, a port or a payload, and
// when the payload is of another kind or compressed (chunk 16).
std::optional<Hep> parse_hep(Bytes bytes);

}  // namespace nk::wire
