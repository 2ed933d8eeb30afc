#include "base/http_range.h"

#include <gtest/gtest.h>

namespace nk {
namespace {

HttpRequest asking(std::string_view range) {
    HttpRequest out;
    out.method = "GET";
    out.headers.push_back({"range", std::string(range)});
    return out;
}

struct Case {
    std::string_view range;
    std::uint64_t size;
    HttpRange wanted;
    std::string_view content_range;
};

TEST(HttpRange, is_read_as_rfc_9110_says) {
    const Case cases[] = {
        {"bytes=0-0", 1'000, {206, 0, 1}, "bytes 0-0/1000"},
        {"bytes=0-499", 1'000, {206, 0, 500}, "bytes 0-499/1000"},
        {"bytes=500-", 1'000, {206, 500, 500}, "bytes 500-999/1000"},
        {"bytes=0-", 1'000, {206, 0, 1'000}, "bytes 0-999/1000"},
        {"bytes=-1", 1'000, {206, 999, 1}, "bytes 999-999/1000"},
        {"Bytes= 10-19 ", 1'000, {206, 10, 10}, "bytes 10-19/1000"},
        // What lies behind the end is left away.
        {"bytes=990-5000", 1'000, {206, 990, 10}, "bytes 990-999/1000"},
        {"bytes=990-99999999999999999999", 1'000, {206, 990, 10}, "bytes 990-999/1000"},
        {"bytes=-5000", 1'000, {206, 0, 1'000}, "bytes 0-999/1000"},
        {"bytes=-99999999999999999999", 1'000, {206, 0, 1'000}, "bytes 0-999/1000"},
        // There is nothing where it points to.
        {"bytes=1000-", 1'000, {416, 0, 0}, "bytes */1000"},
        {"bytes=1000-1001", 1'000, {416, 0, 0}, "bytes */1000"},
        {"bytes=99999999999999999999-", 1'000, {416, 0, 0}, "bytes */1000"},
        {"bytes=-0", 1'000, {416, 0, 0}, "bytes */1000"},
        {"bytes=0-", 0, {416, 0, 0}, "bytes */0"},
        {"bytes=-5", 0, {200, 0, 0}, ""},
        // Several, or none that can be read: all of it.
        {"bytes=0-1,3-4", 1'000, {200, 0, 1'000}, ""},
        {"bytes=0-1,", 1'000, {200, 0, 1'000}, ""},
        {"bytes=5-4", 1'000, {200, 0, 1'000}, ""},
        {"bytes=-", 1'000, {200, 0, 1'000}, ""},
        {"bytes=", 1'000, {200, 0, 1'000}, ""},
        {"bytes=x-", 1'000, {200, 0, 1'000}, ""},
        {"bytes=1-x", 1'000, {200, 0, 1'000}, ""},
        {"bytes=+1-2", 1'000, {200, 0, 1'000}, ""},
        {"bytes=--1", 1'000, {200, 0, 1'000}, ""},
        {"bytes=1 - 2", 1'000, {200, 0, 1'000}, ""},
        {"bytes 1-2", 1'000, {200, 0, 1'000}, ""},
        {"seconds=1-2", 1'000, {200, 0, 1'000}, ""},
        {"", 1'000, {200, 0, 1'000}, ""},
    };
    for (const auto& one : cases) {
        const auto range = read_range(asking(one.range), one.size);
        EXPECT_EQ(range, one.wanted)
            << one.range << " gives " << range.status << " " << range.offset << "+" << range.length;
        EXPECT_EQ(content_range(range, one.size), one.content_range) << one.range;
    }
}

TEST(HttpRange, is_not_looked_at_without_one_or_with_two_or_when_nothing_is_got) {
    auto request = asking("bytes=0-9");
    request.method = "HEAD";
    EXPECT_EQ(read_range(request, 100).status, 200);
    request.method = "GET";
    EXPECT_EQ(read_range(request, 100).status, 206);
    request.headers.push_back({"range", "bytes=0-9"});
    EXPECT_EQ(read_range(request, 100).status, 200);
    request.headers.clear();
    EXPECT_EQ(read_range(request, 100).status, 200);
}

TEST(HttpRange, is_only_for_who_has_a_part_of_what_there_is_now) {
    const auto status = [](std::string_view condition, std::string_view etag) {
        auto request = asking("bytes=0-9");
        request.headers.push_back({"if-range", std::string(condition)});
        return read_range(request, 100, etag).status;
    };
    EXPECT_EQ(status("\"a\"", "\"a\""), 206);
    EXPECT_EQ(status("\"b\"", "\"a\""), 200);
    EXPECT_EQ(status("a", "\"a\""), 200);
    EXPECT_EQ(status("", ""), 200);
    EXPECT_EQ(status("W/\"a\"", "W/\"a\""), 200);  // which is not strong
    EXPECT_EQ(status("Sat, 29 Oct 1994 19:43:31 GMT", "\"a\""), 200);
    // An unsatisfiable range of what has changed is a request for all of it.
    auto request = asking("bytes=500-");
    request.headers.push_back({"if-range", "\"b\""});
    EXPECT_EQ(read_range(request, 100, "\"a\""), (HttpRange{200, 0, 100}));
}

}  // namespace
}  // namespace nk
