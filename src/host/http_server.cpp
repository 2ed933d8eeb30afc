#include "host/http_server.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "host/http_connection.h"
#include "host/real_clock.h"
#include "host/stream_listener.h"
#include "host/tls_context.h"

namespace nk::host {

using boost::asio::ip::tcp;

class HttpServer::Inner : public HttpConnection::Owner {
public:
    Inner(const HttpOptions& options, HttpHandler handler)
        : handler_(std::move(handler)), files_(options.tls), limits_(options.limits) {}
    ~Inner() override {
        for (const auto& connection : connections_)
            connection->close();
    }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    Result<void> listen(Loop& loop, const Endpoint& at) {
        NK_TRY(reload());
        NK_TAKE(auto listener,
                StreamListener::open(loop, files_ ? "HTTP over TLS" : "HTTP", at,
                                     [this](tcp::socket socket, const Endpoint& remote) {
                                         take(std::move(socket), remote);
                                     }));
        listener_ = std::make_unique<StreamListener>(std::move(listener));
        const Nanos shortest =
            std::min({limits_.handshake_wait, limits_.request_wait, limits_.answer_wait,
                      limits_.stall_wait, limits_.events_every, limits_.idle, Nanos(seconds(4))});
        timer_ = loop.every(std::max(shortest / 4, Nanos(milliseconds(1))), [this] { look(); });
        return {};
    }
    Result<void> reload() {
        if (!files_)
            return {};
        NK_TAKE(tls_, make_server_tls(*files_));
        return {};
    }
    [[nodiscard]] Endpoint endpoint() const { return listener_->endpoint(); }
    [[nodiscard]] std::size_t connections() const {
        return count([](const HttpConnection& one) { return !one.is_over(); });
    }
    [[nodiscard]] std::size_t event_streams() const {
        return count([](const HttpConnection& one) { return one.has_events(); });
    }

private:
    void on_request(const HttpRequest& request, HttpAnswer answer) override {
        handler_(request, std::move(answer));
    }
    [[nodiscard]] bool has_room_for_events(const HttpConnection& of) const override {
        const auto& ip = of.remote().ip;
        return event_streams() < limits_.event_streams &&
               (!has_share(ip) || count([&](const HttpConnection& one) {
                                      return one.has_events() && one.remote().ip == ip;
                                  }) < limits_.event_streams_per_address);
    }
    [[nodiscard]] bool has_share(const IpAddress& ip) const {
        return limits_.counts_loopback || !ip.is_loopback();
    }

    void take(tcp::socket socket, const Endpoint& remote) {
        forget_those_that_are_over();
        const auto from_there = [&](const HttpConnection& one) {
            return !one.has_events() && one.remote().ip == remote.ip;
        };
        const auto ordinary = [](const HttpConnection& one) { return !one.has_events(); };
        if (has_share(remote.ip) && count(from_there) >= limits_.connections_per_address &&
            !end_the_oldest(from_there))
            return;
        if (count(ordinary) >= limits_.connections && !end_the_oldest(ordinary))
            return;
        auto connection =
            std::make_shared<HttpConnection>(*this, std::move(socket), remote, tls_, limits_);
        connections_.push_back(connection);
        connection->start();
    }
    void look() {
        const MonoTime now = RealClock().now();
        for (const auto& connection : connections_)
            connection->look_at(now);
        forget_those_that_are_over();
    }
    // Of those that are waited for, the one that got something longest ago: who says nothing, or a
    // request byte by byte, keeps nobody else away. False when all are being answered.
    template <class Which>
    bool end_the_oldest(const Which& which) {
        HttpConnection* oldest = nullptr;
        for (const auto& one : connections_)
            if (which(*one) && one->is_waiting() &&
                (oldest == nullptr || one->served() < oldest->served()))
                oldest = one.get();
        if (oldest == nullptr)
            return false;
        oldest->close();
        forget_those_that_are_over();
        return true;
    }
    template <class Which>
    [[nodiscard]] std::size_t count(const Which& which) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(connections_, [&](const auto& one) { return which(*one); }));
    }
    void forget_those_that_are_over() {
        std::erase_if(connections_, [](const auto& one) { return one->is_over(); });
    }

    HttpHandler handler_;
    std::optional<TlsFiles> files_;
    HttpLimits limits_;
    StreamSocket::Context tls_;
    std::unique_ptr<StreamListener> listener_;
    std::vector<std::shared_ptr<HttpConnection>> connections_;
    Loop::Timer timer_;
};

Result<std::unique_ptr<HttpServer>> HttpServer::open(Loop& loop, const HttpOptions& options,
                                                     HttpHandler handler) {
    auto inner = std::make_unique<Inner>(options, std::move(handler));
    NK_TRY(inner->listen(loop, options.at));
    return std::make_unique<HttpServer>(Key{}, std::move(inner));
}

HttpServer::HttpServer(Key, std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}

HttpServer::~HttpServer() = default;

Endpoint HttpServer::endpoint() const {
    return inner_->endpoint();
}

std::size_t HttpServer::connections() const {
    return inner_->connections();
}

std::size_t HttpServer::event_streams() const {
    return inner_->event_streams();
}

Result<void> HttpServer::reload() {
    return inner_->reload();
}

}  // namespace nk::host
