#include "app/text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

#include "base/utf8.h"

namespace nk::app {

namespace {

// Takes one code point off the front of valid UTF-8.
char32_t take_point(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t point = bytes == 1 ? lead : lead & (0xffU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes && i < text.size(); ++i)
        point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
    text.remove_prefix(std::min(bytes, text.size()));
    return point;
}

// Rough, and enough to keep a table straight.
std::size_t columns_of(char32_t point) {
    const bool is_combining = (point >= 0x300 && point <= 0x36f) || point == 0x200d ||
                              (point >= 0xfe00 && point <= 0xfe0f);
    if (is_combining)
        return 0;
    const bool is_wide =
        (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
        (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
        (point >= 0xff00 && point <= 0xff60) || (point >= 0x1f300 && point <= 0x1faff) ||
        (point >> 16) == 2;
    return is_wide ? 2 : 1;
}

// C0, DEL, C1, and the marks that turn the writing direction of what follows.
bool is_control(char32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) ||
           point == 0x2028 || point == 0x2029;
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> units{"kB", "MB", "GB", "TB", "PB"};
    if (bytes < 1000)
        return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit)
        value /= 1000;
    return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, units[unit]);
}

std::string length_text(Nanos length) {
    const std::int64_t all = length.count() / 1'000'000'000;
    const std::int64_t hour = all / 3600, minute = all / 60 % 60, second = all % 60;
    if (hour > 0)
        return fmt::format("{}:{:02}:{:02}", hour, minute, second);
    return fmt::format("{}:{:02}", minute, second);
}

std::string local_time_text(WallTime time) {
    std::int64_t second = time.ns / 1'000'000'000;
    if (time.ns % 1'000'000'000 < 0)
        --second;
    const std::time_t at = second;
    std::tm local{};
    if (localtime_r(&at, &local) == nullptr)
        return "?";
    const long offset = local.tm_gmtoff / 60;
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} {}{:02}:{:02}", local.tm_year + 1900,
                       local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec,
                       offset < 0 ? '-' : '+', std::abs(offset) / 60, std::abs(offset) % 60);
}

std::string terminal_text(std::string_view text) {
    const std::string utf8 = as_utf8(text);
    std::string_view rest = utf8;
    std::string out;
    while (!rest.empty()) {
        const std::string_view before = rest;
        const char32_t point = take_point(rest);
        if (is_control(point))
            out += '?';
        else
            out += before.substr(0, before.size() - rest.size());
    }
    return out;
}

std::string party_text(const call::Party& party) {
    if (!party.name.empty() && !party.number.empty() && party.name != party.number)
        return terminal_text(party.name) + " (" + terminal_text(party.number) + ")";
    for (const auto* text : {&party.name, &party.number, &party.uri})
        if (!text->empty())
            return terminal_text(*text);
    return "unknown";
}

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty())
        columns += columns_of(take_point(text));
    return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
    if (columns_of(text) <= columns)
        return std::string(text);
    std::string out;
    std::size_t used = 0;
    while (!text.empty()) {
        const std::string_view before = text;
        used += columns_of(take_point(text));
        if (used + 1 > columns)
            break;
        out += before.substr(0, before.size() - text.size());
    }
    return out + "…";
}

}  // namespace nk::app
