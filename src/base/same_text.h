#pragma once
// Whether two texts are the same, in ways that == does not have.

#include <algorithm>
#include <string_view>

namespace nk {

// The case of ASCII letters is ignored.
inline bool equal_ci(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

// Whether `part` stands in the text, in whatever case.
inline bool contains_ci(std::string_view text, std::string_view part) {
    for (std::size_t at = 0; at + part.size() <= text.size(); ++at)
        if (equal_ci(text.substr(at, part.size()), part))
            return true;
    return false;
}

// In a time that tells an onlooker nothing but their lengths: for secrets.
inline bool equal_in_constant_time(std::string_view a, std::string_view b) {
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    return difference == 0;
}

}  // namespace nk
