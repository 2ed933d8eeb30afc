#pragma once
// The characters of HTTP (RFC 9110 5), for those who read it and those who write it.

#include <string_view>

namespace nk::host {

// Of a name, or a method.
inline bool is_token(char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

inline bool is_visible(char c) {
    return c > ' ' && c < 0x7f;
}

// Of a header's value: what is visible, blanks, and bytes of other alphabets.
inline bool is_text(char c) {
    return is_visible(c) || c == ' ' || c == '\t' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

}  // namespace nk::host
