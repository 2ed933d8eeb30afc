#include "host/notify.h"

#include <cstddef>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>

#include "host/descriptor.h"

namespace nk::host {

void notify(const std::string& socket, std::string_view state) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length = socket.size();
    if (length == 0 || length >= sizeof address.sun_path)
        return;
    std::memcpy(address.sun_path, socket.data(), length);
    if (socket.front() == '@')
        address.sun_path[0] = '\0';  // of the abstract name space
    const Descriptor sender(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!sender.is_open())
        return;
    (void)::sendto(sender.number(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                   reinterpret_cast<const sockaddr*>(&address),
                   static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
}

}  // namespace nk::host
