#include "host/stream_listener.h"

#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "host/descriptor.h"
#include "host/loop_inner.h"
#include "host/socket_address.h"

namespace nk::host {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr int backlog = 1'024;
}

struct StreamListener::Inner : std::enable_shared_from_this<StreamListener::Inner> {
    Inner(boost::asio::io_context& context, Take take_one)
        : acceptor(context), pause(context), take(std::move(take_one)) {}

    void accept() {
        acceptor.async_accept(
            [self = shared_from_this()](const error_code& error, tcp::socket socket) {
                if (self->is_over)
                    return;
                if (error) {
                    self->wait();
                    return;
                }
                SocketAddress remote;
                remote.size = sizeof remote.storage;
                // One that is gone already has no address any more.
                if (getpeername(socket.native_handle(),
                                reinterpret_cast<sockaddr*>(&remote.storage), &remote.size) == 0)
                    self->take(std::move(socket), from_socket_address(remote.storage));
                if (!self->is_over)
                    self->accept();
            });
    }
    void wait() {
        ++pauses;
        pause.expires_after(limits::accept_pause);
        pause.async_wait([self = shared_from_this()](const error_code&) {
            if (!self->is_over)
                self->accept();
        });
    }

    tcp::acceptor acceptor;
    boost::asio::steady_timer pause;
    Take take;
    Endpoint endpoint;
    std::uint64_t pauses = 0;
    bool is_over = false;
};

Result<StreamListener> StreamListener::open(Loop& loop, const std::string& what, const Endpoint& at,
                                            Take take) {
    const int family = at.ip.is_v4() ? AF_INET : AF_INET6;
    const auto sentence = "listening for " + what + " on " + at.text();
    Descriptor socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.is_open())
        return socket_error(sentence, errno);
    const int fd = socket.number();
    const int yes = 1;
    const int only_v6 = at.ip.is_unspecified() ? 0 : 1;
    // The connections of a run before this one may linger.
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0)
        return socket_error(sentence, errno);
    if (family == AF_INET6 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6) != 0)
        return socket_error(sentence, errno);
    const auto address = to_socket_address(at, family);
    if (bind(fd, address.get(), address.size) != 0 || listen(fd, backlog) != 0)
        return socket_error(sentence, errno);
    auto inner = std::make_shared<Inner>(loop.inner().context, std::move(take));
    inner->endpoint = bound_endpoint(fd);
    error_code error;
    inner->acceptor.assign(family == AF_INET ? tcp::v4() : tcp::v6(), fd, error);
    if (error)
        return socket_error(sentence, error.value());
    std::ignore = socket.release();
    inner->accept();
    return StreamListener(std::move(inner));
}

StreamListener::StreamListener(std::shared_ptr<Inner> inner) : inner_(std::move(inner)) {}

StreamListener::~StreamListener() {
    if (!inner_)
        return;
    inner_->is_over = true;
    error_code ignored;
    inner_->acceptor.close(ignored);
    inner_->pause.cancel();
}

Endpoint StreamListener::endpoint() const {
    return inner_->endpoint;
}

std::uint64_t StreamListener::pauses() const {
    return inner_->pauses;
}

}  // namespace nk::host
