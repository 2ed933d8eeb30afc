#pragma once
// What Linux says of this machine and of this process. Asking changes nothing. What cannot be asked
// here (a container may hide it) is absent.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace nk::host {

struct ClockState {
    bool is_synchronised = false;  // by NTP or PTP, as the kernel was told (adjtimex(2))
    Nanos error_max{};             // how far off it may be
};
std::optional<ClockState> clock_state();

// As others on its network call it; "localhost" when it has no name.
std::string host_name();
// How many files raise_file_limit() can allow.
std::uint64_t file_limit_max();
// Processors that this process may use.
std::size_t processors();
// Memory that is free, or freed when it is asked for.
std::optional<std::uint64_t> memory_available_bytes();

struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
};
// The ports that the kernel gives to those who ask for any.
std::optional<PortRange> local_port_range();
// Ports that the kernel gives to nobody unasked.
std::vector<PortRange> reserved_local_ports();
// Sorted, each once, over IPv4 and IPv6.
std::vector<std::uint16_t> udp_ports_in_use();

// What a UDP socket of ours that asks for so much gets; absent without sockets.
std::optional<std::uint64_t> granted_receive_buffer(int bytes);

// The parts of these that only read text.
std::vector<std::uint16_t> ports_in_socket_table(std::string_view text);  // /proc/net/udp
std::vector<PortRange> port_ranges_in(std::string_view text);             // "8080,9000-9100"

}  // namespace nk::host
