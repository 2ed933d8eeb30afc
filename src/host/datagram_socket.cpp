#include "host/datagram_socket.h"

#include <array>
#include <cerrno>
#include <tuple>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "host/descriptor.h"
#include "host/loop_inner.h"
#include "host/socket_address.h"

namespace nk::host {

using boost::asio::ip::udp;
using boost::system::error_code;

namespace {

struct Control {
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo)) +
                                                  CMSG_SPACE(sizeof(in_pktinfo))> bytes{};
};

// Which address a datagram was sent to; unspecified when the kernel does not say.
IpAddress local_address(msghdr& message) {
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            in_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(c), sizeof info);
            return IpAddress::v4(reinterpret_cast<const std::uint8_t*>(&info.ipi_addr));
        }
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(c), sizeof info);
            return IpAddress::v6(info.ipi6_addr.s6_addr);
        }
    }
    return {};
}

template <class Info>
void put_info(msghdr& message, int level, int type, const Info& info) {
    message.msg_controllen = CMSG_SPACE(sizeof info);
    cmsghdr* c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(c), &info, sizeof info);
}

bool set(int socket, int level, int option, int value) {
    return setsockopt(socket, level, option, &value, sizeof value) == 0;
}

}  // namespace

DatagramSocket::DatagramSocket(boost::asio::io_context& context, Take take)
    : socket_(context), take_(std::move(take)), buffer_(limits::sip_datagram_bytes_max) {}

Result<std::shared_ptr<DatagramSocket>> DatagramSocket::open(Loop& loop, const std::string& what,
                                                             const Endpoint& at, Take take) {
    const int family = at.ip.is_v4() ? AF_INET : AF_INET6;
    const auto sentence = "listening for " + what + " on " + at.text();
    Descriptor socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.is_open())
        return socket_error(sentence, errno);
    const int fd = socket.number();
    const bool is_set =
        family == AF_INET ? set(fd, IPPROTO_IP, IP_PKTINFO, 1)
                          : set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
                                set(fd, IPPROTO_IPV6, IPV6_V6ONLY, at.ip.is_unspecified() ? 0 : 1);
    if (!is_set)
        return socket_error(sentence, errno);
    if (!set(fd, SOL_SOCKET, SO_RCVBUFFORCE, limits::sip_receive_buffer_bytes))
        set(fd, SOL_SOCKET, SO_RCVBUF, limits::sip_receive_buffer_bytes);
    const auto address = to_socket_address(at, family);
    if (bind(fd, address.get(), address.size) != 0)
        return socket_error(sentence, errno);
    auto out = std::make_shared<DatagramSocket>(loop.inner().context, std::move(take));
    out->family_ = family;
    out->endpoint_ = bound_endpoint(fd);
    error_code error;
    out->socket_.assign(family == AF_INET ? udp::v4() : udp::v6(), fd, error);
    if (error)
        return socket_error(sentence, error.value());
    std::ignore = socket.release();
    out->wait();
    return out;
}

void DatagramSocket::close() {
    is_over_ = true;
    error_code ignored;
    socket_.close(ignored);
}

void DatagramSocket::wait() {
    socket_.async_wait(udp::socket::wait_read, [self = shared_from_this()](const error_code&) {
        if (self->is_over_)
            return;
        self->read();
        if (!self->is_over_)
            self->wait();
    });
}

void DatagramSocket::read() {
    for (std::size_t i = 0; i < limits::sip_datagrams_per_turn && !is_over_; ++i)
        if (!read_one())
            return;
}

bool DatagramSocket::read_one() {
    sockaddr_storage from{};
    Control control;
    iovec part{.iov_base = buffer_.data(), .iov_len = buffer_.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    const ssize_t got = recvmsg(socket_.native_handle(), &message, MSG_DONTWAIT);
    if (got < 0)
        return errno == EINTR;
    Endpoint local = endpoint_;
    if (local.ip.is_unspecified())
        local.ip = local_address(message);
    take_(from_socket_address(from), local, Bytes(buffer_.data(), static_cast<std::size_t>(got)));
    return true;
}

bool DatagramSocket::send(const Endpoint& remote, const Endpoint& local, Bytes bytes) {
    if (is_over_ || (family_ == AF_INET && !remote.ip.is_v4()))
        return false;
    auto to = to_socket_address(remote, family_);
    iovec part{.iov_base = const_cast<std::uint8_t*>(bytes.data()), .iov_len = bytes.size()};
    Control control;
    msghdr message{};
    message.msg_name = &to.storage;
    message.msg_namelen = to.size;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (endpoint_.ip.is_unspecified() && !local.ip.is_unspecified()) {
        message.msg_control = control.bytes.data();
        message.msg_controllen = control.bytes.size();
        if (family_ == AF_INET) {
            in_pktinfo info{};
            std::memcpy(&info.ipi_spec_dst, local.ip.bytes.data() + 12, sizeof info.ipi_spec_dst);
            put_info(message, IPPROTO_IP, IP_PKTINFO, info);
        } else {
            in6_pktinfo info{};
            std::memcpy(&info.ipi6_addr, local.ip.bytes.data(), sizeof info.ipi6_addr);
            put_info(message, IPPROTO_IPV6, IPV6_PKTINFO, info);
        }
    }
    ssize_t sent = 0;
    do {
        sent = sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

}  // namespace nk::host
