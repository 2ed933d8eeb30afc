#pragma once
// The head of a reply as text (RFC 9112 4), for host's own sources.
//
// Where a body ends is ours to say, and so are Date, Connection and X-Content-Type-Options: what a
// handler says of these is left out. A header that cannot be sent as it is, for it would end the
// line or the head, is a fault of ours that a stranger may have had a hand in (the name of a file):
// nothing of such a reply is sent, and no call is lost for it; the client gets 500 instead.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/http.h"
#include "base/time.h"

namespace nk::host {

// How the client sees where the body ends.
struct HttpFraming {
    std::optional<std::uint64_t> length{};
    bool is_chunked = false;
    bool stays_open = false;
};

std::string_view reason_of(int status);
// 204 and 304 end with their head, whatever else they hold (RFC 9110 6.4.1).
bool may_have_body(int status);
// Whether every header, the content type and the status can be sent as they are.
bool is_sendable(const HttpReply& reply);

// With the empty line behind it. Requires is_sendable.
std::string write_head(const HttpReply& reply, const HttpFraming& framing, WallTime now);

}  // namespace nk::host
