#include "host/sip_connection.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "host/real_clock.h"
#include "host/tls_context.h"

namespace nk::host {

using boost::system::error_code;
namespace asio = boost::asio;

namespace {

// A peer that is gone without a word is noticed, whether we wait for it or it for us. Where the
// kernel refuses one of these the connection is as good.
void watch_peer(int socket) {
    const auto set = [&](int level, int option, auto value) {
        const int number = static_cast<int>(value);
        setsockopt(socket, level, option, &number, sizeof number);
    };
    const auto in_s = [](Nanos wait) { return wait / seconds(1); };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, in_s(limits::sip_keepalive_after));
    set(IPPROTO_TCP, TCP_KEEPINTVL, in_s(limits::sip_keepalive_every));
    set(IPPROTO_TCP, TCP_KEEPCNT, limits::sip_keepalives_max);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT,
        to_ms(limits::sip_keepalive_after +
              limits::sip_keepalive_every * limits::sip_keepalives_max));
    set(IPPROTO_TCP, TCP_NODELAY, 1);
}

}  // namespace

SipConnection::SipConnection(Owner& owner, const SipPath& path, asio::ip::tcp::socket socket,
                             std::shared_ptr<asio::ssl::context> tls, const SipSocketLimits& limits)
    : owner_(&owner),
      path_(path),
      socket_(std::move(socket)),
      context_(std::move(tls)),
      limits_(limits) {
    if (context_)
        tls_.emplace(socket_, *context_);
}

void SipConnection::start(MonoTime now) {
    begun_ = used_ = now;
    watch_peer(socket_.native_handle());
    if (tls_) {
        shake_hands(*tls_);
        return;
    }
    is_open_ = true;
    read();
}

void SipConnection::shake_hands(TlsStream& tls) {
    tls.async_handshake(
        asio::ssl::stream_base::server, [self = shared_from_this(), &tls](const error_code& error) {
            if (self->owner_ == nullptr)
                return;
            if (error) {
                self->end(End::no_handshake, handshake_failure(error, tls.native_handle()));
                return;
            }
            self->is_open_ = true;
            self->used_ = RealClock().now();
            self->read();
        });
}

void SipConnection::read() {
    auto then = [self = shared_from_this()](const error_code& error, std::size_t got) {
        if (self->owner_ == nullptr)
            return;
        if (error) {
            // A peer that closes without TLS's goodbye takes nothing away: SIP says where it ends.
            const bool is_wish = error == asio::error::eof ||
                                 error == asio::error::connection_reset ||
                                 error == asio::ssl::error::stream_truncated;
            self->end(is_wish ? End::by_peer : End::failed, error.message());
            return;
        }
        self->used_ = RealClock().now();
        self->was_heard_ = true;
        self->owner_->on_piece(*self, Bytes(self->input_.data(), got));
        if (self->owner_ != nullptr)
            self->read();
    };
    if (tls_)
        tls_->async_read_some(asio::buffer(input_), std::move(then));
    else
        socket_.async_read_some(asio::buffer(input_), std::move(then));
}

bool SipConnection::send(Bytes bytes) {
    if (owner_ == nullptr || !is_open_ || is_ending_)
        return false;
    if (writing_.size() + waiting_.size() + bytes.size() > limits_.output_bytes) {
        is_ending_ = true;
        asio::post(socket_.get_executor(), [self = shared_from_this()] {
            self->end(End::not_read, "it does not read what is sent to it");
        });
        return false;
    }
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
    if (writing_.empty())
        write();
    return true;
}

void SipConnection::write() {
    writing_.swap(waiting_);
    if (writing_.empty())
        return;
    auto then = [self = shared_from_this()](const error_code& error, std::size_t) {
        self->writing_.clear();
        if (self->owner_ == nullptr)
            return;
        if (error) {
            self->end(End::failed, error.message());
            return;
        }
        self->used_ = RealClock().now();
        self->write();
    };
    if (tls_)
        asio::async_write(*tls_, asio::buffer(writing_), std::move(then));
    else
        asio::async_write(socket_, asio::buffer(writing_), std::move(then));
}

void SipConnection::look_at(MonoTime now) {
    if (!is_open_ && now - used_ >= limits_.handshake_wait)
        end(End::no_handshake, "it takes too long");
    else if (is_open_ && now - used_ >= limits_.idle)
        end(End::idle, "nobody says anything");
    else if (is_open_ && !is_vouched_for_ && now - begun_ >= limits_.first_message_wait)
        end(End::idle, "it has not sent a whole message");
}

void SipConnection::close() {
    owner_ = nullptr;
    error_code ignored;
    socket_.close(ignored);
}

void SipConnection::end(End how, const std::string& why) {
    if (owner_ == nullptr)
        return;
    const auto keep = shared_from_this();
    Owner& owner = *owner_;
    close();
    owner.on_end(*this, how, why);
}

}  // namespace nk::host
