#pragma once
// How far the other side of a TCP connection has come, for host's own sources. A source of its own
// because the kernel's header for it and the C library's cannot be included together.

#include <cstdint>
#include <optional>

namespace nk::host {

// How many bytes it has taken (RFC 4898), in all. A side that reads slowly takes some every now and
// then, long before there is room to write more; one that reads nothing takes none. nullopt when
// the kernel does not say.
std::optional<std::uint64_t> bytes_taken(int socket);

}  // namespace nk::host
