#include "host/http_server.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "host/loop_inner.h"
#include "host/real_clock.h"
#include "host/stream_listener.h"

namespace nk::host {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string_view reason_of(int status) {
    struct Reason {
        int status;
        std::string_view text;
    };
    constexpr std::array reasons{
        Reason{200, "OK"},
        Reason{202, "Accepted"},
        Reason{204, "No Content"},
        Reason{400, "Bad Request"},
        Reason{401, "Unauthorized"},
        Reason{403, "Forbidden"},
        Reason{404, "Not Found"},
        Reason{405, "Method Not Allowed"},
        Reason{409, "Conflict"},
        Reason{413, "Content Too Large"},
        Reason{431, "Request Header Fields Too Large"},
        Reason{500, "Internal Server Error"},
        Reason{501, "Not Implemented"},
        Reason{503, "Service Unavailable"},
        Reason{505, "HTTP Version Not Supported"},
    };
    const auto* found = std::ranges::find(reasons, status, &Reason::status);
    return found != reasons.end() ? found->text : "Other";
}

// RFC 9110 5.6.7
std::string date(WallTime now) {
    const std::time_t in_s = now.ns / 1'000'000'000;
    std::tm parts{};
    gmtime_r(&in_s, &parts);
    std::array<char, 64> out{};
    return {out.data(), std::strftime(out.data(), out.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

std::string write_reply(const HttpReply& reply, bool stays_open, bool has_body) {
    std::string out = "HTTP/1.1 " + std::to_string(reply.status) + " ";
    out += reason_of(reply.status);
    out += "\r\nDate: " + date(RealClock().wall());
    if (reply.status != 204) {
        out += "\r\nContent-Type: " + reply.content_type;
        out += "\r\nContent-Length: " + std::to_string(reply.body.size());
    }
    out += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: ";
    out += stays_open ? "keep-alive\r\n\r\n" : "close\r\n\r\n";
    if (has_body && reply.status != 204)
        out += reply.body;
    return out;
}

class Connection : public std::enable_shared_from_this<Connection> {
public:
    // `limits` and `handler` are asked nothing after close().
    Connection(tcp::socket socket, const Endpoint& remote, const HttpLimits& limits,
               const HttpServer::Handler& handler)
        : socket_(std::move(socket)), remote_(remote), limits_(limits), handler_(handler) {}
    void start() {
        served_ = RealClock().now();
        due_ = served_ + limits_.idle;
        read();
    }
    void close() {
        is_over_ = true;
        error_code ignored;
        socket_.close(ignored);
    }
    void look_at(MonoTime now) {
        if (now >= due_)
            close();
    }
    [[nodiscard]] bool is_over() const { return is_over_; }
    // For the client to say something.
    [[nodiscard]] bool is_waiting() const { return is_reading_ && !is_over_; }
    // Since when it has its place and we owe it nothing.
    [[nodiscard]] MonoTime served() const { return served_; }

private:
    void read() {
        is_reading_ = true;
        socket_.async_read_some(
            boost::asio::buffer(piece_),
            [self = shared_from_this()](const error_code& error, std::size_t got) {
                self->is_reading_ = false;
                if (self->is_over_)
                    return;
                if (error)
                    self->close();
                else
                    self->take({self->piece_.data(), got});
            });
    }
    void take(std::string_view piece) {
        if (is_ending_) {  // what the client still says is not listened to
            read();
            return;
        }
        // A request has its time from its first byte on, however slowly the others come.
        if (input_.empty())
            due_ = RealClock().now() + limits_.request_wait;
        input_ += piece;
        go_on();
    }
    void go_on() {
        auto got = read_http_request(input_);
        if (got.status != 0) {
            is_ending_ = true;
            write(write_reply({.status = got.status, .body = std::string(reason_of(got.status))},
                              false, true));
        } else if (got.size != 0) {
            input_.erase(0, got.size);
            has_continued_ = false;
            is_ending_ = !got.stays_open;
            got.request.remote = remote_;
            const auto reply = handler_(got.request);
            write(write_reply(reply, got.stays_open, got.request.method != "HEAD"));
        } else if (got.wants_continue && !has_continued_) {
            has_continued_ = true;
            write("HTTP/1.1 100 Continue\r\n\r\n");
        } else {
            read();
        }
    }
    void write(std::string text) {
        output_ = std::move(text);
        if (!has_continued_)
            due_ = RealClock().now() + limits_.request_wait;
        boost::asio::async_write(socket_, boost::asio::buffer(output_),
                                 [self = shared_from_this()](const error_code& error, std::size_t) {
                                     if (!self->is_over_)
                                         self->written(error);
                                 });
    }
    void written(const error_code& error) {
        if (error) {
            close();
            return;
        }
        if (is_ending_) {
            // Closing with something unread would take the reply away from the client: it closes.
            error_code ignored;
            socket_.shutdown(tcp::socket::shutdown_send, ignored);
            read();
            return;
        }
        served_ = RealClock().now();
        if (input_.empty()) {
            due_ = served_ + limits_.idle;
            read();
            return;
        }
        go_on();
    }

    tcp::socket socket_;
    Endpoint remote_;
    const HttpLimits& limits_;
    const HttpServer::Handler& handler_;
    std::array<char, 4'096> piece_{};
    std::string input_;
    std::string output_;
    MonoTime due_;
    MonoTime served_;
    bool is_reading_ = false;
    bool has_continued_ = false;
    bool is_ending_ = false;
    bool is_over_ = false;
};

}  // namespace

class HttpServer::Inner {
public:
    Inner(Handler handler, const HttpLimits& limits)
        : handler_(std::move(handler)), limits_(limits) {}
    ~Inner() {
        for (const auto& connection : connections_)
            connection->close();
    }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    Result<void> listen(Loop& loop, const Endpoint& at) {
        NK_TAKE(auto listener,
                StreamListener::open(loop, "HTTP", at,
                                     [this](tcp::socket socket, const Endpoint& remote) {
                                         take(std::move(socket), remote);
                                     }));
        listener_ = std::make_unique<StreamListener>(std::move(listener));
        const Nanos shortest = std::min({limits_.request_wait, limits_.idle, Nanos(seconds(4))});
        timer_ = loop.every(std::max(shortest / 4, Nanos(milliseconds(1))), [this] { look(); });
        return {};
    }
    [[nodiscard]] Endpoint endpoint() const { return listener_->endpoint(); }

private:
    void take(tcp::socket socket, const Endpoint& remote) {
        forget_those_that_are_over();
        if (connections_.size() >= limits_.connections && !end_the_oldest())
            return;
        auto connection =
            std::make_shared<Connection>(std::move(socket), remote, limits_, handler_);
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
    bool end_the_oldest() {
        const std::shared_ptr<Connection>* oldest = nullptr;
        for (const auto& one : connections_)
            if (one->is_waiting() && (oldest == nullptr || one->served() < (*oldest)->served()))
                oldest = &one;
        if (oldest == nullptr)
            return false;
        (*oldest)->close();
        forget_those_that_are_over();
        return true;
    }
    void forget_those_that_are_over() {
        std::erase_if(connections_, [](const auto& one) { return one->is_over(); });
    }

    Handler handler_;
    HttpLimits limits_;
    std::unique_ptr<StreamListener> listener_;
    std::vector<std::shared_ptr<Connection>> connections_;
    Loop::Timer timer_;
};

Result<std::unique_ptr<HttpServer>> HttpServer::open(Loop& loop, const Endpoint& at,
                                                     Handler handler, const HttpLimits& limits) {
    auto inner = std::make_unique<Inner>(std::move(handler), limits);
    NK_TRY(inner->listen(loop, at));
    return std::make_unique<HttpServer>(Key{}, std::move(inner));
}

HttpServer::HttpServer(Key, std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}

HttpServer::~HttpServer() = default;

Endpoint HttpServer::endpoint() const {
    return inner_->endpoint();
}

}  // namespace nk::host
