#include "base/rfc3339.h"

#include <chrono>
#include <cstdint>

namespace nk {

namespace {

struct Civil {
    int year;
    unsigned month, day, hour, minute, second;
    std::int64_t nanos;
};

constexpr std::int64_t nanos_per_second = 1'000'000'000;
constexpr std::int64_t nanos_per_day = 86'400 * nanos_per_second;

Civil civil_of(WallTime time) {
    std::int64_t rest = time.ns % nanos_per_day;
    std::int64_t day = time.ns / nanos_per_day;
    if (rest < 0) {
        rest += nanos_per_day;
        --day;
    }
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    const std::int64_t second = rest / nanos_per_second;
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            static_cast<unsigned>(second / 3600),
            static_cast<unsigned>(second / 60 % 60),
            static_cast<unsigned>(second % 60),
            rest % nanos_per_second};
}

std::string padded(std::int64_t value, std::size_t digits) {
    std::string text = std::to_string(value);
    return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

// Takes `digits` decimal digits off the front of `text`.
bool take_number(std::string_view& text, std::size_t digits, int& value) {
    if (text.size() < digits)
        return false;
    value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return true;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

bool take_fraction(std::string_view& text, std::int64_t& nanos) {
    nanos = 0;
    if (!take(text, "."))
        return true;
    std::int64_t unit = 100'000'000;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        nanos += unit * (text[digits] - '0');
        unit /= 10;
    }
    text.remove_prefix(digits);
    return digits > 0;
}

// The offset in seconds to subtract: 0 for Z.
bool take_offset(std::string_view& text, std::int64_t& offset_s) {
    offset_s = 0;
    if (take(text, "Zz"))
        return true;
    const bool east = !text.empty() && text.front() == '+';
    int hour = 0, minute = 0;
    if (!take(text, "+-") || !take_number(text, 2, hour) || !take(text, ":") ||
        !take_number(text, 2, minute) || hour > 23 || minute > 59)
        return false;
    offset_s = (hour * 3600 + minute * 60) * (east ? 1 : -1);
    return true;
}

}  // namespace

std::string rfc3339(WallTime time, int decimals) {
    const Civil c = civil_of(time);
    std::string text = padded(c.year, 4) + "-" + padded(c.month, 2) + "-" + padded(c.day, 2) + "T" +
                       padded(c.hour, 2) + ":" + padded(c.minute, 2) + ":" + padded(c.second, 2);
    if (decimals > 0)
        text += "." + padded(c.nanos, 9).substr(0, static_cast<std::size_t>(decimals));
    return text + "Z";
}

std::string compact_stamp(WallTime time) {
    const Civil c = civil_of(time);
    return padded(c.year, 4) + padded(c.month, 2) + padded(c.day, 2) + "T" + padded(c.hour, 2) +
           padded(c.minute, 2) + padded(c.second, 2) + "Z";
}

std::optional<WallTime> wall_time_in(std::string_view text) {
    using namespace std::chrono;
    int year_n = 0, month_n = 0, day_n = 0, hour = 0, minute = 0, second = 0;
    std::int64_t nanos = 0, offset_s = 0;
    if (!take_number(text, 4, year_n) || !take(text, "-") || !take_number(text, 2, month_n) ||
        !take(text, "-") || !take_number(text, 2, day_n) || !take(text, "Tt ") ||
        !take_number(text, 2, hour) || !take(text, ":") || !take_number(text, 2, minute) ||
        !take(text, ":") || !take_number(text, 2, second) || !take_fraction(text, nanos) ||
        !take_offset(text, offset_s) || !text.empty())
        return std::nullopt;
    const year_month_day date{year(year_n), month(static_cast<unsigned>(month_n)),
                              day(static_cast<unsigned>(day_n))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60)  // 60: a leap second (5.7)
        return std::nullopt;
    const std::int64_t day_s = sys_days(date).time_since_epoch().count() * std::int64_t{86'400};
    const std::int64_t at_s = day_s + hour * 3600 + minute * 60 + second - offset_s;
    // The nanoseconds are never negative, so the lowest second needs its own look.
    std::int64_t ns = 0;
    if (__builtin_mul_overflow(at_s + (at_s < 0 ? 1 : 0), nanos_per_second, &ns) ||
        __builtin_add_overflow(ns, nanos - (at_s < 0 ? nanos_per_second : 0), &ns))
        return std::nullopt;
    return WallTime{ns};
}

}  // namespace nk
