#pragma once
// The smallest pieces of SIP's grammar (RFC 3261 25.1), shared by the files of the SIP parser:
// character classes, lines, numbers and a cursor for the strict readers. Not for other rooms.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/same_text.h"

namespace nk::wire::grammar {

// Sets of characters as tables, because every byte of a message is asked about.
class CharSet {
public:
    constexpr explicit CharSet(std::string_view members, bool with_alphanumerics = false) {
        for (const char c : members)
            in_[static_cast<unsigned char>(c)] = true;
        if (!with_alphanumerics)
            return;
        for (unsigned c = '0'; c <= '9'; ++c)
            in_[c] = true;
        for (unsigned c = 'a'; c <= 'z'; ++c)
            in_[c] = in_[c - 'a' + 'A'] = true;
    }
    [[nodiscard]] constexpr bool has(char c) const { return in_[static_cast<unsigned char>(c)]; }
    [[nodiscard]] constexpr bool has_all(std::string_view text) const {
        for (const char c : text)
            if (!has(c))
                return false;
        return true;
    }

private:
    std::array<bool, 256> in_{};
};

inline constexpr CharSet token_chars("-.!%*_+`'~", true);

inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
inline bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
bool is_token(std::string_view text);  // not empty, token characters only
using nk::equal_ci;
bool starts_with_ci(std::string_view text, std::string_view prefix);
std::string_view trim(std::string_view text);  // without blanks and line ends at both sides

// Digits and nothing else; a number too large for 64 bits is the largest one.
std::optional<std::uint64_t> number(std::string_view text);

struct Line {
    std::string_view text;  // without its line end
    std::size_t next = 0;   // where the following line begins
    bool ended = false;     // false: the text stops before a line end
    bool bare = false;      // ended by LF or CR alone
};
// The line that begins at `at`. Its end is searched from `from` on (`from` >= `at`). With
// `more_may_come` a CR as the very last byte does not end a line yet.
Line read_line(std::string_view all, std::size_t at, std::size_t from, bool more_may_come);

// A request line or status line without doubt, also in the middle of other text.
bool is_start_line(std::string_view line);

// Where a quoted string that begins at text[at] ends (behind its quote); npos when it never does.
std::size_t end_of_quoted(std::string_view text, std::size_t at);

// Walks over text and calls `piece` with what lies between separators that stand outside quotes and
// angle brackets; empty pieces too. `piece` returns false to stop.
template <class Piece>
void split_outside_quotes(std::string_view text, char separator, const Piece& piece) {
    std::size_t begin = 0;
    bool bracketed = false;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || (text[i] == separator && !bracketed)) {
            if (!piece(text.substr(begin, i - begin)))
                return;
            begin = i + 1;
        } else if (text[i] == '"' && !bracketed) {
            const std::size_t end = end_of_quoted(text, i);
            i = (end == std::string_view::npos ? text.size() : end) - 1;
        } else if (text[i] == '<') {
            bracketed = true;
        } else if (text[i] == '>') {
            bracketed = false;
        }
    }
}

// The raw pieces of a name-addr or addr-spec with its parameters, read leniently.
struct AddressPieces {
    std::string_view display;  // still escaped when it was quoted
    bool is_quoted = false;
    std::string_view uri;
    std::string_view parameters;  // from the first ';' behind the URI
};
std::optional<AddressPieces> cut_address(std::string_view value);

// The value of a parameter in ";a=b;c", or empty.
std::string_view parameter(std::string_view parameters, std::string_view name);

}  // namespace nk::wire::grammar
