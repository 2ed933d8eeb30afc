#pragma once
// Which bytes of a thing a client asks for (RFC 9110 14). Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/http.h"

namespace nk {

struct HttpRange {
    int status = 200;  // the whole of it; 206 a part; 416 there is no such part
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::string content_range{};  // of a 206 or a 416
};
// `etag` with its quotes: a part of another version is not wanted (If-Range). Several ranges at
// once are answered with the whole, as RFC 9110 14.2 allows.
HttpRange range_of(const HttpRequest& request, std::uint64_t size, std::string_view etag);

}  // namespace nk
