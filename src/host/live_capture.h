#pragma once
// A live interface as a source of packets: an AF_PACKET socket with a TPACKET_V3 ring, which the
// kernel fills and we read in place, block by block.
//
// A VLAN tag that the network card or the kernel took off is put back, so that a packet reads as it
// was on the wire. The filter sees packets without that tag: `udp port 5060` also finds tagged
// calls, `vlan 7` finds none. On the loopback interface each packet is given once.

#include <memory>
#include <string>

#include "base/packet_source.h"
#include "base/result.h"

namespace nk::host {

struct LiveOptions {
    std::string interface;
    std::string filter;  // as tcpdump takes it; empty for everything
    std::size_t ring_bytes = 64 * 1024 * 1024;
};

// Needs CAP_NET_RAW. Puts the interface into promiscuous mode for as long as the source lives.
Result<std::unique_ptr<PacketSource>> open_live(const LiveOptions& options);

}  // namespace nk::host
