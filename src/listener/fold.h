#pragma once
// Text as people search for it, and numbers as they belong together. Pure.

#include <string>
#include <string_view>

namespace nk::listener {

// Lower case and without accents: "Zoë Ærø" and "zoe aero" are the same to who searches. What is no
// valid UTF-8 stays as it is.
std::string fold(std::string_view text);

// The code that national numbers are dialled from, unless it is said.
inline constexpr std::string_view usual_country = "31";

// One form for a number however it is written: +31 88 111 22 33, 0031881112233 and, in a country
// whose code is 31, 088-1112233 are all "31881112233". Extensions and names stay what they are, in
// lower case. Empty for a text without anything to dial.
std::string canonical_number(std::string_view number, std::string_view country);

// The digits of a text that somebody searches a number by: "088-111" is "088111", "+31 88" is
// "3188"; empty when there are letters in it.
std::string digits_of(std::string_view text);

// A number, or a part of one, as somebody searches for it: digits as they were signalled, or the
// beginning of a number as it is dialled from here.
class NumberSought {
public:
    NumberSought(std::string_view text, std::string_view country);
    // `digits` are those of the number, `canonical` is its one form.
    [[nodiscard]] bool is_in(std::string_view digits, std::string_view canonical) const;

private:
    std::string dialled_;    // empty: no number is sought
    std::string beginning_;  // of the one form; empty: none
};

}  // namespace nk::listener
