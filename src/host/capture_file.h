#pragma once
// Capture files as a source of packets: pcap and pcapng, plain or packed with gzip or zstd, also
// from standard input.
//
// A file that cannot be read at all is refused on opening. One that is damaged gives every packet
// before the damage, and then an Error that says how many those were and at which byte it stopped.

#include <memory>
#include <string>

#include "base/packet_source.h"
#include "base/result.h"

namespace nk::host {

// "-" is standard input; from a pipe, next() is `idle` while nothing comes.
Result<std::unique_ptr<PacketSource>> open_capture_file(const std::string& path);

// A capture that is in memory already, which must outlive the source; `name` stands in errors.
Result<std::unique_ptr<PacketSource>> open_capture_bytes(Bytes bytes, const std::string& name);

}  // namespace nk::host
