#pragma once
// The records of a classic pcap file (draft-ietf-opsawg-pcap), read where they lie in a buffer: one
// copy, from the kernel. It is the capture format of every recorder and of nearly every file, so it
// is worth a reader of its own; pcapng and the rarer kinds of pcap are libpcap's.

#include <memory>
#include <optional>
#include <string>

#include "base/packet_source.h"
#include "host/byte_reader.h"

namespace nk::host {

// The first bytes of a file that say what its records are.
inline constexpr std::size_t pcap_head_bytes = 24;

struct PcapHead {
    bool is_swapped = false;  // written by a machine of the other byte order
    bool has_nanoseconds = false;
    LinkType link = LinkType::ethernet;
};

// What `start` says, when it is the head of a pcap file (version 2.4) whose link type is one of
// ours; nothing otherwise.
std::optional<PcapHead> pcap_head(Bytes start);

// The packets of such a file. `bytes` begins with the file's head; `name` stands in errors.
std::unique_ptr<PacketSource> pcap_records(std::unique_ptr<ByteReader> bytes, const PcapHead& head,
                                           std::string name);

}  // namespace nk::host
