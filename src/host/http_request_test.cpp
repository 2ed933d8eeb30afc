#include "host/http_request.h"

#include <string>

#include <gtest/gtest.h>

namespace nk::host {
namespace {

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
        EXPECT_EQ(read.needed, size + 4 < text.size() ? 0U : text.size()) << size;
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
    const std::string large = begin + "Content-Length: 100001\r\n\r\n";
    EXPECT_EQ(read_http_request(large, 100'000).status, 413);
    EXPECT_EQ(read_http_request(large, 100'001).status, 0);
}

TEST(HttpRequest, knows_six_methods) {
    for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}) {
        const auto text = method + " / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx";
        const auto read = read_http_request(text);
        EXPECT_EQ(read.size, text.size()) << method;
        EXPECT_EQ(read.request.method, method);
        EXPECT_EQ(read.request.body, "x");
    }
    for (const std::string method : {"OPTIONS", "TRACE", "CONNECT", "get", "GETS", "PROPFIND"})
        EXPECT_EQ(status_of(method + " / HTTP/1.1\r\nHost: x\r\n\r\n"), 501) << method;
}

// The strictness is the same for all of them.
TEST(HttpRequest, takes_no_body_without_a_length_from_any_of_them) {
    for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}) {
        const auto begin = method + " / HTTP/1.1\r\nHost: x\r\n";
        EXPECT_EQ(status_of(begin + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"), 501);
        EXPECT_EQ(status_of(begin + "Content-Length: 1\r\nTransfer-Encoding: x\r\n\r\nx"), 501);
        EXPECT_EQ(status_of(begin + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx"), 400);
        EXPECT_EQ(read_http_request(begin + "\r\nrest").size, begin.size() + 2) << method;
    }
}

TEST(HttpRequest, splits_its_target) {
    const auto read = read_http_request("GET /calls?q=a%20b?c HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(read.request.path(), "/calls");
    EXPECT_EQ(read.request.query(), "q=a%20b?c");
}

}  // namespace
}  // namespace nk::host
