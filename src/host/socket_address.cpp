#include "host/socket_address.h"

#include <cerrno>

#include <netinet/in.h>

namespace nk::host {

SocketAddress to_socket_address(const Endpoint& endpoint, int family) {
    SocketAddress out;
    if (family == AF_INET) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        // Also the last four of ::, which is 0.0.0.0.
        std::memcpy(&v4.sin_addr, endpoint.ip.bytes.data() + 12, sizeof v4.sin_addr);
        std::memcpy(&out.storage, &v4, sizeof v4);
        out.size = sizeof v4;
        return out;
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    std::memcpy(&v6.sin6_addr, endpoint.ip.bytes.data(), sizeof v6.sin6_addr);
    std::memcpy(&out.storage, &v6, sizeof v6);
    out.size = sizeof v6;
    return out;
}

Endpoint from_socket_address(const sockaddr_storage& address) {
    Endpoint out;
    if (address.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        out.ip = IpAddress::v4(reinterpret_cast<const std::uint8_t*>(&v4.sin_addr));
        out.port = ntohs(v4.sin_port);
    } else if (address.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
        out.ip = IpAddress::v6(v6.sin6_addr.s6_addr);
        out.port = ntohs(v6.sin6_port);
    }
    return out;
}

Endpoint bound_endpoint(int socket) {
    SocketAddress address;
    address.size = sizeof address.storage;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&address.storage), &address.size) != 0)
        return {};
    return from_socket_address(address.storage);
}

tl::unexpected<Error> socket_error(const std::string& what, int why) {
    const std::string sentence = what + " failed: " + strerrordesc_np(why);
    switch (why) {
        case EADDRINUSE:
            return refuse(Code::busy, Blame::machine,
                          what +
                              " failed: another program has that port (ss -tulpn tells which); "
                              "stop it, or choose another");
        case EADDRNOTAVAIL:
            return refuse(Code::not_found, Blame::owner,
                          what +
                              " failed: this machine has no such address (ip address lists "
                              "them)");
        case EACCES:
        case EPERM:
            return refuse(Code::refused, Blame::owner,
                          sentence + "; a port below 1024 needs the right CAP_NET_BIND_SERVICE");
        case EMFILE:
        case ENFILE:
            return refuse(Code::limit, Blame::machine, sentence);
        case EAFNOSUPPORT:
            return refuse(Code::unsupported, Blame::machine, sentence);
        default:
            return refuse(Code::io, Blame::machine, sentence);
    }
}

}  // namespace nk::host
