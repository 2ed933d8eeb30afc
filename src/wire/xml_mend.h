#pragma once
// Makes XML that people and their programs write readable for a parser that wants it well-formed:
// junk in front, bare '<' and '&', values of attributes without quotes, zero bytes, Latin-1. Not
// for other rooms.

#include <string>
#include <string_view>
#include <vector>

namespace nk::wire {

struct MendedXml {
    std::string text;                      // UTF-8, unless
    bool is_wide = false;                  // it came as UTF-16 or UTF-32, which is not mended
    std::vector<std::string_view> faults;  // what had to be mended; literals
};

// What is no UTF-8 is taken as Latin-1, byte by byte and whatever the declaration says: a declared
// encoding is wrong too often, and Latin-1 that is UTF-8 by chance is rare.
MendedXml mend_xml(std::string_view text);

}  // namespace nk::wire
