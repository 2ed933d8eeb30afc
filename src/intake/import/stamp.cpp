#include "intake/import/stamp.h"

#include <chrono>

#include "base/rfc3339.h"

namespace nk::importing {

namespace {

constexpr std::int64_t nanos_per_second = 1'000'000'000;
constexpr int first_year = 1980;
constexpr int last_year = 2099;

// The number that all of the text is; nullopt for anything else.
std::optional<int> number_in(std::string_view text) {
    if (text.empty() || text.size() > 4)
        return std::nullopt;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::int32_t nanos_in(std::string_view fraction) {
    std::int32_t nanos = 0;
    std::int32_t unit = 100'000'000;
    for (const char c : fraction.substr(0, 9)) {
        nanos += unit * (c - '0');
        unit /= 10;
    }
    return nanos;
}

std::optional<std::int64_t> days_of(const Civil& civil) {
    using namespace std::chrono;
    if (civil.month < 1 || civil.day < 1)
        return std::nullopt;
    const year_month_day date{year(civil.year), month(static_cast<unsigned>(civil.month)),
                              day(static_cast<unsigned>(civil.day))};
    if (!date.ok())
        return std::nullopt;
    return sys_days(date).time_since_epoch().count();
}

// A clock of twelve hours: 12 is the first of them.
bool take_am_pm(std::string_view am_pm, int& hour) {
    if (am_pm.empty())
        return true;
    if (hour < 1 || hour > 12)
        return hour >= 13 && hour <= 23;  // 17:00 PM is clear enough
    const bool is_afternoon = am_pm.front() == 'p' || am_pm.front() == 'P';
    hour = hour % 12 + (is_afternoon ? 12 : 0);
    return true;
}

// 24:10:00 is 00:10:00 of the next day.
void carry_hour_24(Civil& civil) {
    const auto days = days_of(civil);
    if (civil.hour != 24 || !days)
        return;
    civil.hour = 0;
    const Civil next = civil_in_utc(WallTime{(*days + 1) * 86'400 * nanos_per_second});
    civil.year = next.year;
    civil.month = next.month;
    civil.day = next.day;
}

bool take_zone(std::string_view zone, Stamp& stamp) {
    if (zone.empty())
        return true;
    stamp.offset_s = offset_in(zone);
    stamp.is_instant = zone == "Z" || zone == "z";
    return stamp.offset_s.has_value();
}

bool take_time_of_day(const StampPieces& pieces, Stamp& stamp) {
    if (pieces.hour.empty()) {
        stamp.precision = Precision::day;
        return pieces.minute.empty() && pieces.second.empty();
    }
    const auto hour = number_in(pieces.hour);
    const auto minute = number_in(pieces.minute);
    const auto second = pieces.second.empty() ? 0 : number_in(pieces.second);
    if (!hour || !minute || !second || *hour > 24 || *minute > 59 || *second > 59)
        return false;
    stamp.civil.hour = *hour;
    stamp.civil.minute = *minute;
    stamp.civil.second = *second;
    stamp.nanos = nanos_in(pieces.fraction);
    stamp.precision = pieces.second.empty() ? Precision::minute : Precision::second;
    return take_am_pm(pieces.am_pm, stamp.civil.hour);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Takes that many digits off the front; empty when they are not there.
std::string_view take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count)
        return {};
    for (std::size_t i = 0; i < count; ++i)
        if (!is_digit(text[i]))
            return {};
    const auto digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

void pass_over(std::string_view& text, std::string_view any_of) {
    if (!text.empty() && any_of.find(text.front()) != std::string_view::npos)
        text.remove_prefix(1);
}

}  // namespace

std::optional<std::int32_t> offset_in(std::string_view text) {
    if (text == "Z" || text == "z")
        return 0;
    if (text.empty() || (text.front() != '+' && text.front() != '-'))
        return std::nullopt;
    const bool is_west = text.front() == '-';
    text.remove_prefix(1);
    const auto hours = number_in(take_digits(text, 2));
    pass_over(text, ":");
    const auto minutes = text.empty() ? 0 : number_in(take_digits(text, 2));
    pass_over(text, ":");
    const auto seconds = text.empty() ? 0 : number_in(take_digits(text, 2));
    if (!hours || !minutes || !seconds || !text.empty() || *hours > 18 || *minutes > 59 ||
        *seconds > 59)
        return std::nullopt;
    const std::int32_t offset_s = *hours * 3600 + *minutes * 60 + *seconds;
    return is_west ? -offset_s : offset_s;
}

std::optional<WallTime> in_utc(const Civil& civil, std::int32_t nanos) {
    const auto days = days_of(civil);
    if (!days)
        return std::nullopt;
    const std::int64_t at_s = *days * 86'400 + civil.hour * 3600 + civil.minute * 60 + civil.second;
    std::int64_t ns = 0;
    if (__builtin_mul_overflow(at_s, nanos_per_second, &ns) ||
        __builtin_add_overflow(ns, std::int64_t{nanos}, &ns))
        return std::nullopt;
    return WallTime{ns};
}

Civil civil_in_utc(WallTime time) {
    using namespace std::chrono;
    const auto moment = sys_time<nanoseconds>(nanoseconds(time.ns));
    const auto midnight = floor<days>(moment);
    const year_month_day date{midnight};
    const hh_mm_ss clock{floor<seconds>(moment - midnight)};
    return {static_cast<int>(date.year()),
            static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day())),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count())};
}

std::optional<Stamp> stamp_of(const StampPieces& pieces) {
    Stamp stamp;
    const auto year =
        pieces.year.empty() ? number_in(pieces.year_of_two_digits) : number_in(pieces.year);
    const auto month = number_in(pieces.month);
    const auto day = number_in(pieces.day);
    if (!year || !month || !day)
        return std::nullopt;
    stamp.civil.year = *year + (pieces.year.empty() ? 2000 : 0);
    stamp.civil.month = *month;
    stamp.civil.day = *day;
    if (stamp.civil.year < first_year || stamp.civil.year > last_year || !days_of(stamp.civil) ||
        !take_time_of_day(pieces, stamp) || !take_zone(pieces.zone, stamp))
        return std::nullopt;
    carry_hour_24(stamp.civil);
    return stamp;
}

Stamp stamp_of_instant(WallTime time) {
    const std::int64_t second = time.ns / nanos_per_second - (time.ns % nanos_per_second < 0);
    return Stamp{.civil = civil_in_utc(time),
                 .nanos = static_cast<std::int32_t>(time.ns - second * nanos_per_second),
                 .precision = Precision::second,
                 .offset_s = 0,
                 .is_instant = true};
}

std::optional<Stamp> stamp_of_epoch(std::string_view digits) {
    constexpr std::size_t of_seconds = 10;
    constexpr std::size_t of_milliseconds = 13;
    if (digits.size() != of_seconds && digits.size() != of_milliseconds)
        return std::nullopt;
    std::int64_t value = 0;
    for (const char c : digits) {
        if (!is_digit(c))
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    const std::int64_t per_second = digits.size() == of_seconds ? 1 : 1'000;
    constexpr std::int64_t far_s = 4'102'444'800;  // 2100; what is later does not fit a WallTime
    if (value / per_second >= far_s)
        return std::nullopt;
    const Stamp stamp = stamp_of_instant(WallTime{value * (nanos_per_second / per_second)});
    return stamp.civil.year < first_year ? std::nullopt : std::optional(stamp);
}

std::optional<Stamp> stamp_in(std::string_view text) {
    StampPieces pieces;
    pieces.year = take_digits(text, 4);
    pass_over(text, "-.:/");
    pieces.month = take_digits(text, 2);
    pass_over(text, "-.:/");
    pieces.day = take_digits(text, 2);
    if (!text.empty()) {
        pass_over(text, "Tt _");
        pieces.hour = take_digits(text, 2);
        pass_over(text, ":-._");
        pieces.minute = take_digits(text, 2);
        if (!text.empty() && text.front() != '+' && !text.starts_with("-")) {
            pass_over(text, ":._");
            pieces.second = take_digits(text, 2);
        } else if (text.size() == 3 && text.front() == '-') {  // 10-11-12
            text.remove_prefix(1);
            pieces.second = take_digits(text, 2);
        }
        if (text.size() > 1 && (text.front() == '.' || text.front() == ',') && is_digit(text[1])) {
            text.remove_prefix(1);
            std::size_t digits = 0;
            while (digits < text.size() && is_digit(text[digits]))
                ++digits;
            pieces.fraction = text.substr(0, digits);
            text.remove_prefix(digits);
        }
        pass_over(text, " ");
        pieces.zone = text;
        if (pieces.hour.empty())
            return std::nullopt;
    }
    return stamp_of(pieces);
}

std::string with_offset(WallTime time, std::int32_t offset_s) {
    const bool is_whole_minutes = offset_s % 60 == 0;  // RFC 3339 knows no others
    if (!is_whole_minutes)
        offset_s = 0;
    const std::int64_t nanos = ((time.ns % nanos_per_second) + nanos_per_second) % nanos_per_second;
    const int decimals = nanos == 0 ? 0 : nanos % 1'000'000 == 0 ? 3 : nanos % 1'000 == 0 ? 6 : 9;
    std::string text = rfc3339(time + Nanos(offset_s * nanos_per_second), decimals);
    if (!is_whole_minutes)
        return text;
    text.pop_back();  // Z
    const std::int32_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
    const auto two = [](std::int32_t value) {
        return std::string{static_cast<char>('0' + value / 10),
                           static_cast<char>('0' + value % 10)};
    };
    return text + (offset_s < 0 ? '-' : '+') + two(minutes / 60) + ':' + two(minutes % 60);
}

Zone::Moments FixedZone::moments(const Civil& civil) const {
    const WallTime at = in_utc(civil).value_or(WallTime{}) + Nanos(-offset_s_ * nanos_per_second);
    return {Kind::once, at, at};
}

namespace {

// With the fraction of a second, which no clock that is set touches.
Zone::Moments moments_of(const Stamp& stamp, const Zone& zone) {
    Zone::Moments out = stamp.offset_s ? FixedZone(*stamp.offset_s).moments(stamp.civil)
                                       : zone.moments(stamp.civil);
    out.first = out.first + Nanos(stamp.nanos);
    out.second = out.second + Nanos(stamp.nanos);
    return out;
}

std::string_view remark_of(const Stamp& stamp, Zone::Kind kind) {
    if (stamp.precision == Precision::day)
        return "day-only";
    if (kind == Zone::Kind::never)
        return "hour-never-was";
    if (kind == Zone::Kind::twice)
        return "hour-came-twice";
    if (stamp.precision == Precision::minute)
        return "minute-only";
    return stamp.offset_s ? "" : "zone-assumed";
}

}  // namespace

WallTime moment_of(const Stamp& stamp, const Zone& zone) {
    return moments_of(stamp, zone).first;
}

call::Finding started(const Stamp& stamp, const Zone& zone, call::Source source,
                      call::Sureness sureness) {
    const Zone::Moments moments = moments_of(stamp, zone);
    const bool is_said = stamp.offset_s && !stamp.is_instant;
    const std::int32_t offset_s = is_said ? *stamp.offset_s : zone.offset_s_at(moments.first);
    call::Finding out;
    out.fact = call::Fact::started;
    out.value = with_offset(moments.first, offset_s);
    out.source = source;
    out.sureness = stamp.precision == Precision::day ? call::Sureness::weak : sureness;
    out.remark = remark_of(stamp, moments.kind);
    return out;
}

}  // namespace nk::importing
