#include "host/http_server.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "host/descriptor.h"
#include "host/real_clock.h"
#include "host/socket_address.h"

namespace nk::host {
namespace {

const IpAddress loopback = *parse_ip("127.0.0.1");

int status_of(std::string_view bytes) {
    return read_http_request(bytes).status;
}

TEST(HttpRequest, reads_line_headers_and_body) {
    const std::string text =
        "POST /pause?call=7 HTTP/1.1\r\nHost: x\r\nX-Who:  me \r\nContent-Length: 4\r\n\r\nbodyGET";
    const auto read = read_http_request(text);
    EXPECT_EQ(read.status, 0);
    EXPECT_EQ(read.size, text.size() - 3);
    EXPECT_TRUE(read.stays_open);
    EXPECT_EQ(read.request.method, "POST");
    EXPECT_EQ(read.request.target, "/pause?call=7");
    EXPECT_EQ(read.request.path(), "/pause");
    EXPECT_EQ(read.request.header("x-who"), "me");
    EXPECT_EQ(read.request.header("x-other"), std::nullopt);
    EXPECT_EQ(read.request.body, "body");
}

TEST(HttpRequest, waits_for_every_byte_of_it) {
    const std::string text = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto read = read_http_request(std::string_view(text).substr(0, size));
        EXPECT_EQ(read.status, 0) << size;
        EXPECT_EQ(read.size, 0U) << size;
    }
    EXPECT_EQ(read_http_request(text).size, text.size());
}

TEST(HttpRequest, knows_who_wants_to_stay) {
    EXPECT_FALSE(read_http_request("GET / HTTP/1.0\r\n\r\n").stays_open);
    EXPECT_TRUE(read_http_request("GET / HTTP/1.1\r\nHost: x\r\n\r\n").stays_open);
    EXPECT_FALSE(
        read_http_request("GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n").stays_open);
}

TEST(HttpRequest, refuses_what_two_readers_might_read_in_two_ways) {
    for (const std::string_view head :
         {"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: +1\r\n",
          "Content-Length: 1, 1\r\n", "Content-Length: -1\r\n", "Content-Length:\r\n",
          "Content-Length : 1\r\n", "X: a\r\n folded\r\n", "X: a\nY: b\r\n", "no colon\r\n",
          ": no name\r\n", "Host: another\r\n"})
        EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: x\r\n" + std::string(head) + "\r\nx"), 400)
            << head;
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"), 501);
    for (const std::string_view line :
         {"GET /", "GET  HTTP/1.1", "GET x HTTP/1.1", "GET / / HTTP/1.1", " / HTTP/1.1", "",
          "GET / FTP/1.1", "G@T / HTTP/1.1"})
        EXPECT_EQ(status_of(std::string(line) + "\r\nHost: x\r\n\r\n"), 400) << line;
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);  // without Host
    EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
    EXPECT_EQ(status_of("DELETE / HTTP/1.1\r\nHost: x\r\n\r\n"), 501);
}

TEST(HttpRequest, has_limits) {
    const std::string begin = "GET / HTTP/1.1\r\nHost: x\r\n";
    EXPECT_EQ(status_of(begin + "X: " + std::string(limits::http_head_bytes_max, 'x')), 431);
    std::string many;
    for (std::size_t i = 0; i < limits::http_headers_max; ++i)
        many += "X: y\r\n";
    EXPECT_EQ(status_of(begin + many + "\r\n"), 431);
    const auto length = [&](const std::string& number) {
        return status_of(begin + "Content-Length: " + number + "\r\n\r\n");
    };
    EXPECT_EQ(length(std::to_string(limits::http_body_bytes_max)), 0);
    EXPECT_EQ(length(std::to_string(limits::http_body_bytes_max + 1)), 413);
    EXPECT_EQ(length("99999999999999999999999"), 413);
}

class HttpServerTest : public testing::Test {
protected:
    void open(const HttpLimits& limits = {}) {
        auto opened = HttpServer::open(
            loop, {loopback, 0},
            [this](const HttpRequest& request) {
                requests.push_back(request);
                return reply;
            },
            limits);
        ASSERT_TRUE(opened) << opened.error().what;
        server = *std::move(opened);
    }
    Descriptor connect() const {
        Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const auto address = to_socket_address(server->endpoint(), AF_INET);
        EXPECT_EQ(::connect(socket.number(), address.get(), address.size), 0);
        return socket;
    }
    static void say(const Descriptor& socket, std::string_view text) {
        EXPECT_EQ(::send(socket.number(), text.data(), text.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(text.size()));
    }
    // Runs the loop until the server closes, or `enough` is heard.
    std::string listen(const Descriptor& socket, std::string_view enough = {}) {
        std::string heard;
        is_closed = false;
        loop.run_until(RealClock().now() + seconds(10), [&] {
            std::array<char, 4'096> piece{};
            const ssize_t got = recv(socket.number(), piece.data(), piece.size(), MSG_DONTWAIT);
            if (got > 0)
                heard.append(piece.data(), static_cast<std::size_t>(got));
            is_closed = got == 0;
            return is_closed || (!enough.empty() && heard.find(enough) != std::string::npos);
        });
        return heard;
    }

    Loop loop;
    std::unique_ptr<HttpServer> server;
    std::vector<HttpRequest> requests;
    HttpReply reply{200, "application/json", "{\"well\":true}"};
    bool is_closed = false;
};

TEST_F(HttpServerTest, answers_one_request_after_another_on_a_connection) {
    open();
    const auto client = connect();
    say(client, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto heard = listen(client, "{\"well\":true}");
    EXPECT_TRUE(heard.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << heard;
    EXPECT_NE(heard.find("\r\nContent-Type: application/json\r\nContent-Length: 13\r\n"),
              std::string::npos);
    EXPECT_NE(heard.find("\r\nConnection: keep-alive\r\n"), std::string::npos);
    EXPECT_EQ(requests.at(0).remote, bound_endpoint(client.number()));
    // Two at once, the first with a body that comes in pieces.
    say(client, "POST /pause HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo");
    say(client, "dyGET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    listen(client);
    EXPECT_TRUE(is_closed);
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_EQ(requests[1].body, "body");
    EXPECT_EQ(requests[2].target, "/last");
}

TEST_F(HttpServerTest, gives_the_size_and_not_the_body_to_who_asks_for_the_head) {
    open();
    const auto client = connect();
    say(client, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const auto heard = listen(client);
    EXPECT_NE(heard.find("Content-Length: 13"), std::string::npos);
    EXPECT_TRUE(heard.ends_with("\r\n\r\n"));
}

TEST_F(HttpServerTest, says_why_it_refuses_and_closes) {
    open();
    const auto client = connect();
    say(client, "nonsense\r\n\r\nmore of it");
    EXPECT_TRUE(listen(client).starts_with("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_TRUE(is_closed);
    EXPECT_TRUE(requests.empty());
}

TEST_F(HttpServerTest, asks_for_the_body_of_who_waits_to_be_asked) {
    open();
    const auto client = connect();
    say(client, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    EXPECT_EQ(listen(client, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    say(client, "body");
    EXPECT_TRUE(listen(client, "well").starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(requests.at(0).body, "body");
}

TEST_F(HttpServerTest, closes_who_sends_a_request_too_slowly_and_who_sends_none) {
    open({.request_wait = milliseconds(20), .idle = milliseconds(40)});
    const auto slow = connect();
    say(slow, "GET / HT");
    const auto silent = connect();
    EXPECT_EQ(listen(slow), "");
    EXPECT_TRUE(is_closed);
    EXPECT_EQ(listen(silent), "");
    EXPECT_TRUE(is_closed);
}

// Who says nothing, or not all of it, makes room for who does.
TEST_F(HttpServerTest, takes_no_more_connections_than_its_limit) {
    open({.connections = 2});
    const auto slow = connect();
    say(slow, "GET / HTTP/1.1\r\nHo");
    const auto idle = connect();
    say(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    listen(idle, "well");
    const auto next = connect();
    say(next, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_NE(listen(next, "well"), "");
    EXPECT_EQ(listen(slow), "");
    EXPECT_TRUE(is_closed);
    say(idle, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_NE(listen(idle, "well"), "");
}

TEST_F(HttpServerTest, ends_nobody_who_is_being_answered) {
    open({.connections = 1});
    reply.body.assign(16'000'000, 'x');
    const auto first = connect();
    say(first, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    loop.run_until(RealClock().now() + seconds(10), [&] { return !requests.empty(); });
    const auto second = connect();
    EXPECT_EQ(listen(second), "");
    EXPECT_TRUE(is_closed);
    EXPECT_TRUE(listen(first, "200 OK").starts_with("HTTP/1.1 200 OK"));
    EXPECT_FALSE(is_closed);
}

TEST_F(HttpServerTest, says_where_it_cannot_listen) {
    open();
    const auto again = HttpServer::open(loop, server->endpoint(), {});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Code::busy);
}

}  // namespace
}  // namespace nk::host
