#pragma once
// The end of a telephone number, which is the same at home and abroad. Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace nk::importing {

// The last nine digits, or all of a shorter one; whatever stands between them is passed over.
inline std::string number_tail(std::string_view number) {
    constexpr std::size_t digits_told_apart = 9;
    std::string digits;
    for (const char c : number)
        if (c >= '0' && c <= '9')
            digits += c;
    return digits.size() > digits_told_apart ? digits.substr(digits.size() - digits_told_apart)
                                             : digits;
}

}  // namespace nk::importing
