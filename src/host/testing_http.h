#pragma once
// A server and clients on loopback, all held to one loop, for tests of HTTP.

#include <array>
#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "host/descriptor.h"
#include "host/http_server.h"
#include "host/real_clock.h"
#include "host/socket_address.h"

namespace nk::host {

class HttpTest : public testing::Test {
protected:
    static constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    static constexpr std::string_view last_get =
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    void open(const HttpLimits& limits = {}, const std::optional<TlsFiles>& tls = {}) {
        auto opened = HttpServer::open(loop, {{*parse_ip("127.0.0.1"), 0}, tls, limits},
                                       [this](const HttpRequest& request, HttpAnswer answer) {
                                           requests.push_back(request);
                                           handle(request, std::move(answer));
                                       });
        ASSERT_TRUE(opened) << opened.error().what;
        server = *std::move(opened);
    }
    // What is answered at once.
    void always(std::function<HttpReply()> make) {
        handle = [make = std::move(make)](const auto&, const HttpAnswer& answer) {
            answer(make());
        };
    }
    // `from`: another address of loopback. `buffer_bytes`: what it takes without reading it.
    Descriptor connect(const char* from = nullptr, int buffer_bytes = 0) const {
        Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (buffer_bytes != 0)
            setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
        if (from != nullptr) {
            const auto own = to_socket_address({*parse_ip(from), 0}, AF_INET);
            EXPECT_EQ(::bind(socket.number(), own.get(), own.size), 0);
        }
        const auto address = to_socket_address(server->endpoint(), AF_INET);
        EXPECT_EQ(::connect(socket.number(), address.get(), address.size), 0);
        return socket;
    }
    static void say(const Descriptor& socket, std::string_view text) {
        EXPECT_EQ(::send(socket.number(), text.data(), text.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(text.size()));
    }
    // What is there now; notes whether the server closed, or cut.
    std::string hear(const Descriptor& socket, std::size_t at_most = 1 << 16) {
        std::string out(at_most, '\0');
        const ssize_t got = recv(socket.number(), out.data(), out.size(), MSG_DONTWAIT);
        is_cut = got < 0 && errno == ECONNRESET;
        is_closed = got == 0;
        out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return out;
    }
    // Runs the loop until the server closes, or `enough` is heard.
    std::string listen(const Descriptor& socket, std::string_view enough = {}) {
        std::string heard;
        run_until([&] {
            const auto piece = hear(socket);
            const auto from = heard.size() - std::min(heard.size(), enough.size());
            heard += piece;
            return is_closed || is_cut ||
                   (!enough.empty() && heard.find(enough, from) != std::string::npos);
        });
        return heard;
    }
    std::string ask(const Descriptor& socket, std::string_view text, std::string_view enough) {
        say(socket, text);
        return listen(socket, enough);
    }
    bool run_until(const std::function<bool()>& is_enough, Nanos at_most = seconds(20)) {
        bool is_done = false;
        loop.run_until(RealClock().now() + at_most, [&] { return is_done = is_enough(); });
        return is_done;
    }
    // For what should not happen.
    void run_for(Nanos wait) { loop.run_until(RealClock().now() + wait); }

    static std::string body_of(const std::string& heard) {
        const auto at = heard.find("\r\n\r\n");
        return at == std::string::npos ? std::string() : heard.substr(at + 4);
    }
    static bool has(const std::string& heard, std::string_view what) {
        return heard.find(what) != std::string::npos;
    }

    Loop loop;
    std::vector<HttpRequest> requests;
    HttpHandler handle = [](const HttpRequest&, const HttpAnswer& answer) {
        answer({200, "application/json", "{\"well\":true}"});
    };
    bool is_closed = false;
    bool is_cut = false;
    std::unique_ptr<HttpServer> server;
};

}  // namespace nk::host
