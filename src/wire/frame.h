#pragma once
// From a captured frame to the IP packet and the transport payload inside it, in place.
//
// Peels link layers (Ethernet, VLAN and QinQ tags, Linux cooked v1 and v2, null/loop, raw, PPP,
// PPPoE, MPLS), the tunnels that carry IP in IP (4in4, 6in4, GRE, ERSPAN) or in UDP, told by their
// port (VXLAN, GENEVE, GTP-U), and HEP3, told by its first bytes. No state, no copies.

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/packet_source.h"
#include "wire/address.h"

namespace nk::wire {

enum class Transport : std::uint8_t { udp, tcp, other };

// Set when the IP packet is a fragment; fragments are joined by FragmentTable (wire/fragments.h)
// and parsed again.
struct FragmentInfo {
    std::uint32_t id = 0;
    std::uint32_t offset = 0;  // bytes into the IP payload
    bool more = false;
    std::uint8_t protocol = 0;
};

// What HEP3 carries is `udp`, also when it came by TCP: the payload is a whole message, and HEP
// does not say where in the connection it stood.
struct Frame {
    Endpoint source;
    Endpoint destination;
    Transport transport = Transport::other;
    Bytes payload;  // UDP or TCP payload; for a fragment: this fragment's part of the IP payload
    bool cut_short =
        false;  // the capture's snap length, or the IP length, left out bytes of the payload
    std::optional<FragmentInfo> fragment;
    // TCP only
    std::uint32_t tcp_sequence = 0;
    bool tcp_syn = false;
    bool tcp_fin = false;
    bool tcp_rst = false;
};

// Nullopt when the bytes carry no IP packet we read (ARP, IPX, too short ...). Never reads past
// `bytes`.
std::optional<Frame> parse_frame(LinkType link, Bytes bytes);

// The transport header of a reassembled IP payload. `ip` gives the addresses; ports come from the
// payload.
std::optional<Frame> parse_transport(const IpAddress& source, const IpAddress& destination,
                                     std::uint8_t protocol, Bytes ip_payload);

}  // namespace nk::wire
