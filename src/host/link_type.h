#pragma once
// Link types by their numbers, which differ between libpcap's DLT_ and the files' LINKTYPE_
// (https://www.tcpdump.org/linktypes.html).

#include <cstdint>
#include <optional>

#include "base/packet_source.h"

namespace nk::host {

// Of a DLT_ number, as pcap_datalink() gives it; nothing for one that we do not read.
std::optional<LinkType> link_type_of(int dlt);

// Of the number in a pcap file's head: its low 16 bits, the other ones say whether there is a frame
// check sequence, which comes after all that is read.
std::optional<LinkType> link_type_of_file(std::uint32_t number);

}  // namespace nk::host
