#include "sip_link.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "clock.h"
#include "host/socket_address.h"

namespace nk::load {

namespace {

constexpr std::size_t piece_bytes = 65'536;
constexpr int buffer_bytes = 4 * 1024 * 1024;

}  // namespace

Result<std::unique_ptr<SipLink>> SipLink::open(const IpAddress& from, const Endpoint& recorder,
                                               bool is_tcp) {
    const int family = from.is_v4() ? AF_INET : AF_INET6;
    const int type = is_tcp ? SOCK_STREAM : SOCK_DGRAM;
    host::Descriptor socket(::socket(family, type | SOCK_CLOEXEC, 0));
    const auto what = "reaching the recorder at " + recorder.text();
    if (!socket.is_open())
        return host::socket_error(what, errno);
    const int fd = socket.number();
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
    if (const int at_once = 1; is_tcp)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    const auto here = host::to_socket_address({from, 0}, family);
    const auto there = host::to_socket_address(recorder, family);
    if (bind(fd, here.get(), here.size) != 0 || connect(fd, there.get(), there.size) != 0)
        return host::socket_error(what, errno);
    const auto bound = host::bound_endpoint(fd);
    return std::make_unique<SipLink>(std::move(socket), bound, recorder, is_tcp);
}

SipLink::SipLink(host::Descriptor socket, const Endpoint& here, const Endpoint& recorder,
                 bool is_tcp)
    : socket_(std::move(socket)),
      here_(here),
      recorder_(recorder),
      is_tcp_(is_tcp),
      buffer_(piece_bytes) {}

void SipLink::send(std::string_view message) {
    if (is_tcp_) {
        unsent_ += message;
        return flush();
    }
    // What the kernel does not take is lost like any datagram, and sent again when it is due.
    (void)::send(socket_.number(), message.data(), message.size(), MSG_DONTWAIT);
}

void SipLink::flush() {
    while (!unsent_.empty()) {
        const auto gone =
            ::send(socket_.number(), unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (gone > 0)
            unsent_.erase(0, static_cast<std::size_t>(gone));
        else if (errno != EINTR)
            return;
    }
}

void SipLink::receive(const std::function<void(Bytes)>& take) {
    for (;;) {
        const auto got = recv(socket_.number(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (got <= 0) {
            is_broken_ = is_broken_ || (is_tcp_ && got == 0);
            return;
        }
        const Bytes bytes(buffer_.data(), static_cast<std::size_t>(got));
        if (!is_tcp_) {
            take(bytes);
            continue;
        }
        stream_.feed(bytes);
        while (const auto message = stream_.next())
            take(*message);
    }
}

void SipLink::receive_until(std::int64_t until_ns, const std::function<void(Bytes)>& take) {
    for (;;) {
        flush();
        const std::int64_t left = std::max<std::int64_t>(until_ns - now_ns(), 0);
        const timespec wait{.tv_sec = left / second_ns, .tv_nsec = left % second_ns};
        pollfd here{.fd = is_broken_ ? -1 : socket_.number(), .events = POLLIN, .revents = 0};
        if (ppoll(&here, 1, &wait, nullptr) > 0)
            receive(take);
        if (now_ns() >= until_ns)
            return;
    }
}

}  // namespace nk::load
