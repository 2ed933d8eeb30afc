#include "host/http_reply.h"

#include <gtest/gtest.h>

namespace nk::host {
namespace {

constexpr WallTime noon{1'764'158'400'000'000'000};

TEST(HttpReply, has_a_head_with_what_every_reply_needs) {
    EXPECT_EQ(write_head({200, "text/html"}, {.length = 7, .stays_open = true}, noon),
              "HTTP/1.1 200 OK\r\n"
              "Date: Wed, 26 Nov 2025 12:00:00 GMT\r\n"
              "Content-Type: text/html\r\n"
              "Content-Length: 7\r\n"
              "Cache-Control: no-store\r\n"
              "X-Content-Type-Options: nosniff\r\n"
              "Connection: keep-alive\r\n\r\n");
}

TEST(HttpReply, adds_the_headers_of_the_handler) {
    HttpReply reply{206, "audio/flac"};
    reply.headers = {{"Cache-Control", "private, max-age=60"},
                     {"Content-Range", "bytes 0-1/9"},
                     {"Set-Cookie", "a=b"},
                     {"Set-Cookie", "c=d"}};
    EXPECT_EQ(write_head(reply, {.is_chunked = true}, noon),
              "HTTP/1.1 206 Partial Content\r\n"
              "Date: Wed, 26 Nov 2025 12:00:00 GMT\r\n"
              "Content-Type: audio/flac\r\n"
              "Transfer-Encoding: chunked\r\n"
              "X-Content-Type-Options: nosniff\r\n"
              "Cache-Control: private, max-age=60\r\n"
              "Content-Range: bytes 0-1/9\r\n"
              "Set-Cookie: a=b\r\n"
              "Set-Cookie: c=d\r\n"
              "Connection: close\r\n\r\n");
}

// Two lengths would be two bodies to two readers.
TEST(HttpReply, leaves_out_what_is_not_the_handlers_to_say) {
    HttpReply reply;
    reply.headers = {{"content-length", "1"},          {"Transfer-Encoding", "chunked"},
                     {"CONNECTION", "upgrade"},        {"Date", "today"},
                     {"X-Content-Type-Options", "no"}, {"Content-Type", "text/html"}};
    const HttpFraming framing{.length = 7};
    EXPECT_EQ(write_head(reply, framing, noon), write_head({}, framing, noon));
}

TEST(HttpReply, says_nothing_of_a_body_that_there_is_not) {
    for (const int status : {204, 304}) {
        const auto head = write_head({status, "text/html"}, {}, noon);
        EXPECT_EQ(head.find("Content-"), head.find("Content-Type-Options")) << head;
        EXPECT_FALSE(may_have_body(status));
    }
    EXPECT_TRUE(may_have_body(200));
}

TEST(HttpReply, names_its_reason) {
    EXPECT_EQ(reason_of(206), "Partial Content");
    EXPECT_EQ(reason_of(304), "Not Modified");
    EXPECT_EQ(reason_of(401), "Unauthorized");
    EXPECT_EQ(reason_of(416), "Range Not Satisfiable");
    EXPECT_EQ(reason_of(422), "Unprocessable Content");
    EXPECT_EQ(reason_of(429), "Too Many Requests");
    EXPECT_EQ(reason_of(299), "Other");
}

TEST(HttpReply, is_not_sent_when_a_header_would_end_its_line) {
    const auto is_good = [](std::string name, std::string value) {
        HttpReply reply;
        reply.headers.push_back({std::move(name), std::move(value)});
        return is_sendable(reply);
    };
    EXPECT_TRUE(is_good("Content-Disposition", "attachment; filename=\"a b\tz\xc3\xa9.flac\""));
    EXPECT_TRUE(is_good("X", ""));
    for (const std::string_view value :
         {std::string_view("a\r\nb"), std::string_view("a\nb"), std::string_view("a\rb"),
          std::string_view("a\0b", 3), std::string_view("\x7f"), std::string_view("\x1b[1m")})
        EXPECT_FALSE(is_good("X", std::string(value))) << value;
    for (const auto* name : {"", "X Y", "X:", "X\r\n", "\xc3\xa9"})
        EXPECT_FALSE(is_good(name, "x")) << name;
    EXPECT_FALSE(is_sendable({200, "text/html\r\nX: y"}));
    for (const int status : {-1, 0, 100, 199, 600, 1'000})
        EXPECT_FALSE(is_sendable({status})) << status;
}

}  // namespace
}  // namespace nk::host
