#pragma once
// Reads one request off the front of what came. Strict (RFC 9112): what two readers might read in
// two ways is refused. Nothing of it knows a socket.

#include <cstddef>
#include <string_view>

#include "base/http.h"
#include "base/limits.h"

namespace nk::host {

struct HttpRead {
    // 0: `request` is whole, or more bytes are needed; else the status to refuse with.
    int status = 0;
    std::size_t size = 0;    // of the request; 0 when more bytes are needed
    std::size_t needed = 0;  // how many bytes it has in all; 0 until its head is whole
    bool is_1_1 = false;
    bool stays_open = false;
    bool wants_continue = false;  // the body is waited for, and its sender for us (RFC 9110 10.1.1)
    HttpRequest request;          // without where it came from, and how
};

// 413 for a body of more than `body_bytes_max`.
HttpRead read_http_request(std::string_view bytes,
                           std::size_t body_bytes_max = limits::http_body_bytes_max,
                           const HttpBodyLimit& body_limit = {});

}  // namespace nk::host
