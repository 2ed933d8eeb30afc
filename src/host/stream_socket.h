#pragma once
// A TCP connection that was taken, with TLS around it or without, for host's own sources. One read
// and one write at a time.

#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "base/check.h"

namespace nk::host {

class StreamSocket {
public:
    using Context = std::shared_ptr<boost::asio::ssl::context>;

    // With TLS when there is a `tls`.
    StreamSocket(boost::asio::ip::tcp::socket socket, Context tls)
        : socket_(std::move(socket)), context_(std::move(tls)) {
        if (context_)
            tls_.emplace(socket_, *context_);
    }
    StreamSocket(const StreamSocket&) = delete;
    StreamSocket& operator=(const StreamSocket&) = delete;

    [[nodiscard]] bool is_secure() const { return tls_.has_value(); }
    [[nodiscard]] int number() { return socket_.native_handle(); }
    [[nodiscard]] auto executor() { return socket_.get_executor(); }

    // Requires is_secure.
    template <class Then>
    void shake_hands(Then then) {
        NK_CHECK(tls_.has_value());
        tls_->async_handshake(boost::asio::ssl::stream_base::server, std::move(then));
    }
    template <class Then>
    void read_some(boost::asio::mutable_buffer into, Then then) {
        if (tls_)
            tls_->async_read_some(into, std::move(then));
        else
            socket_.async_read_some(into, std::move(then));
    }
    template <class Then>
    void write_some(boost::asio::const_buffer bytes, Then then) {
        if (tls_)
            tls_->async_write_some(bytes, std::move(then));
        else
            socket_.async_write_some(bytes, std::move(then));
    }
    // What is still read comes as it lies on the wire.
    template <class Then>
    void read_raw(boost::asio::mutable_buffer into, Then then) {
        socket_.async_read_some(into, std::move(then));
    }
    // Tells the other side that nothing follows, and calls when that is on its way. No read or
    // write may be waiting.
    template <class Then>
    void say_goodbye(Then then) {
        auto shut = [this, then = std::move(then)](const auto&...) {
            boost::system::error_code ignored;
            socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
            then();
        };
        if (tls_)
            tls_->async_shutdown(std::move(shut));
        else
            shut();
    }
    // Reads and writes that wait come to nothing.
    void cancel() {
        boost::system::error_code ignored;
        socket_.cancel(ignored);
    }
    void close() {
        boost::system::error_code ignored;
        socket_.close(ignored);
    }
    // Closes so that the other side sees it is no regular end.
    void cut() {
        boost::system::error_code ignored;
        socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
        socket_.close(ignored);
    }

private:
    boost::asio::ip::tcp::socket socket_;
    Context context_;
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
};

}  // namespace nk::host
