#pragma once
// Between our addresses and the kernel's.
//
// An Endpoint has no zone: a link-local IPv6 address (fe80::) can be heard from, and not be
// answered on a host with several interfaces.

#include <sys/socket.h>

#include "base/address.h"
#include "base/result.h"

namespace nk::host {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    [[nodiscard]] const sockaddr* get() const {
        return reinterpret_cast<const sockaddr*>(&storage);
    }
};

// `family` is that of the socket: an IPv4 address is IPv4-mapped for a socket of AF_INET6.
SocketAddress to_socket_address(const Endpoint& endpoint, int family);
// Of whatever is neither IPv4 nor IPv6, the unspecified endpoint.
Endpoint from_socket_address(const sockaddr_storage& address);

// What the socket is bound to.
Endpoint bound_endpoint(int socket);

// "`what` failed: ..." with the code and the blame that fit `why`, an errno.
tl::unexpected<Error> socket_error(const std::string& what, int why);

}  // namespace nk::host
