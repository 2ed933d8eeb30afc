#pragma once
// Which part of what there is a request wants (RFC 9110 14): a player that leaps to the middle of a
// call, a download that goes on where it broke off.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/http.h"

namespace nk {

struct HttpRange {
    int status = 200;  // 200: all of it; 206: a part; 416: there is nothing where it points to
    std::uint64_t offset = 0;
    std::uint64_t length = 0;  // of what is to be sent; 0 with 416

    bool operator==(const HttpRange&) const = default;
};

// Of `size` bytes, which are `etag` now ("\"abc\"", with its quotes; empty: nobody can tell).
//
// One range is followed; several are allowed to be ignored and are, as is what cannot be read, and
// a range of anything but GET. If-Range wants just this ETag, and a strong one: a date never fits.
HttpRange read_range(const HttpRequest& request, std::uint64_t size, std::string_view etag = {});

// The Content-Range that goes with 206 and 416; empty with 200.
std::string content_range(const HttpRange& range, std::uint64_t size);

}  // namespace nk
