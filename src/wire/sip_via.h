#pragma once
// A Via header field's first element (RFC 3261 20.42): who sent the request, and where he wants its
// response. Read leniently, as views into the value.

#include <cstdint>
#include <optional>
#include <string_view>

namespace nk::wire {

struct SipVia {
    std::string_view transport;   // "UDP", as written
    std::string_view host;        // of sent-by, without brackets; an address or a name
    std::uint16_t port = 0;       // of sent-by; 0 when it names none
    std::string_view parameters;  // from the first ';' to the end of the element, or empty
    std::string_view branch;
    bool has_rport = false;  // RFC 3581: with or without a value
};

// Nullopt when no protocol or no host can be told apart in it. Reads the first element of a list.
std::optional<SipVia> parse_via(std::string_view value);

}  // namespace nk::wire
