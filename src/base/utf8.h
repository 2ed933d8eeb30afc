#pragma once
// JSON is UTF-8 (RFC 8259 8.1), but names in SIP and its bodies may hold any bytes. Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace nk {

// The text itself when it is valid UTF-8 (RFC 3629: no overlong forms, no surrogates). Otherwise
// each byte that does not fit is read as Latin-1, which is what old equipment means by it.
std::string as_utf8(std::string_view text);

// The front of a text, cut where a letter ends.
std::string_view cut_utf8(std::string_view text, std::size_t bytes_max);

}  // namespace nk
