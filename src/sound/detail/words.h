#pragma once
// Words of SDP that match in any case (RFC 8866 6.6: encoding names are case-insensitive).

#include <algorithm>
#include <string_view>

namespace nk::sound::detail {

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace nk::sound::detail
