#include "wire/sip_grammar.h"

#include <algorithm>

namespace nk::wire::grammar {

namespace {

// "SIP/" 1*DIGIT "." 1*DIGIT with one digit each, which is all there ever was.
bool is_version(std::string_view text) {
    return text.size() == 7 && starts_with_ci(text, "SIP/") && is_digit(text[4]) &&
           text[5] == '.' && is_digit(text[6]);
}

}  // namespace

bool is_token(std::string_view text) {
    return !text.empty() && token_chars.has_all(text);
}

bool starts_with_ci(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && equal_ci(text.substr(0, prefix.size()), prefix);
}

std::string_view trim(std::string_view text) {
    const auto is_space = [](char c) { return is_blank(c) || c == '\r' || c == '\n'; };
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

std::optional<std::uint64_t> number(std::string_view text) {
    if (text.empty())
        return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c))
            return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    return value;
}

Line read_line(std::string_view all, std::size_t at, std::size_t from, bool more_may_come) {
    std::size_t end = from;
    while (end < all.size() && all[end] != '\n' && all[end] != '\r')
        ++end;
    Line line;
    line.text = all.substr(at, end - at);
    line.next = end;
    const bool is_last_cr = end + 1 == all.size() && all[end] == '\r';
    if (end == all.size() || (is_last_cr && more_may_come))
        return line;
    const bool is_crlf = all[end] == '\r' && end + 1 < all.size() && all[end + 1] == '\n';
    line.ended = true;
    line.bare = !is_crlf;
    line.next = end + (is_crlf ? 2 : 1);
    return line;
}

bool is_start_line(std::string_view line) {
    while (!line.empty() && is_blank(line.back()))
        line.remove_suffix(1);
    if (line.size() >= 11 && is_version(line.substr(0, 7))) {
        return line[7] == ' ' && is_digit(line[8]) && is_digit(line[9]) && is_digit(line[10]) &&
               (line.size() == 11 || line[11] == ' ');
    }
    if (line.size() < 12 || !is_version(line.substr(line.size() - 7)) ||
        line[line.size() - 8] != ' ')
        return false;
    const std::size_t space = line.find(' ');
    if (!is_token(line.substr(0, space)) || space + 1 >= line.size() - 8)
        return false;
    return line.substr(space, line.size() - 8 - space).find(':') != std::string_view::npos;
}

std::size_t end_of_quoted(std::string_view text, std::size_t at) {
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == '"')
            return i + 1;
        if (text[i] == '\\')
            ++i;
    }
    return std::string_view::npos;
}

std::optional<AddressPieces> cut_address(std::string_view value) {
    value = trim(value);
    AddressPieces pieces;
    std::size_t open = std::string_view::npos;
    for (std::size_t i = 0; i < value.size() && open == std::string_view::npos; ++i) {
        if (value[i] == '<') {
            open = i;
        } else if (value[i] == '"') {
            const std::size_t end = end_of_quoted(value, i);
            // A quote that never ends: the bracket is still the best guess.
            if (end == std::string_view::npos) {
                open = value.find('<', i);
                break;
            }
            if (i == 0) {
                pieces.display = value.substr(1, end - 2);
                pieces.is_quoted = true;
            }
            i = end - 1;
        }
    }
    if (open != std::string_view::npos) {
        if (!pieces.is_quoted) {
            pieces.display = trim(value.substr(0, open));
            if (!pieces.display.empty() && pieces.display.front() == '"')
                pieces.display.remove_prefix(1);
        }
        const std::size_t close = value.find('>', open);
        const std::size_t uri_end = std::min(close, value.size());
        pieces.uri = trim(value.substr(open + 1, uri_end - open - 1));
        if (close != std::string_view::npos)
            pieces.parameters = trim(value.substr(close + 1));
    } else if (!pieces.is_quoted) {
        // Without brackets the first semicolon begins the header's parameters (RFC 3261 20).
        const std::size_t uri_end = std::min(value.find_first_of("; \t,"), value.size());
        pieces.uri = value.substr(0, uri_end);
        pieces.parameters = trim(value.substr(uri_end));
    }
    if (pieces.uri.empty())
        return std::nullopt;
    return pieces;
}

std::string_view parameter(std::string_view parameters, std::string_view name) {
    std::string_view found;
    // A comma begins the next address of a list.
    split_outside_quotes(parameters, ',', [&](std::string_view first) {
        split_outside_quotes(first, ';', [&](std::string_view one) {
            const std::size_t equals = one.find('=');
            if (equals == std::string_view::npos || !equal_ci(trim(one.substr(0, equals)), name))
                return true;
            found = trim(one.substr(equals + 1));
            return false;
        });
        return false;
    });
    return found;
}

}  // namespace nk::wire::grammar
