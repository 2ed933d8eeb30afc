#include "intake/import/date_pattern.h"

#include <array>
#include <utility>

#include <re2/re2.h>

namespace nk::importing {

namespace {

// Letters of fields that are not Java's, for what has a form of its own.
constexpr char bcr_date = '\1';
constexpr char unix_s = '\2';
constexpr char unix_ms = '\3';
constexpr char tz_hours = '\4';
constexpr char tz_minutes = '\5';

struct Word {
    std::string_view name;
    char letter;
    std::size_t count;
};

// bcr-gui's, and the Java fields that they are.
constexpr std::array<Word, 10> words{{{"year", 'y', 4},
                                      {"year2", 'y', 2},
                                      {"month", 'M', 2},
                                      {"day", 'd', 2},
                                      {"hours", 'H', 2},
                                      {"minutes", 'm', 2},
                                      {"seconds", 's', 2},
                                      {"ampm", 'a', 1},
                                      {"tzHours", tz_hours, 1},
                                      {"tzMinutes", tz_minutes, 2}}};

constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

std::string padded(std::int64_t value, std::size_t digits) {
    const std::string text = std::to_string(value);
    return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// How many digits: exactly two when it is written twice, else one or two.
std::string_view digits(std::size_t count) {
    return count >= 2 ? R"((\d\d))" : R"((\d\d?))";
}

// +02, +0200, +02:00, with seconds where they are not nothing; "Z" for nothing when that is asked.
std::string written_offset(std::int32_t offset_s, bool has_colon, bool only_hours,
                           bool z_for_none) {
    if (offset_s == 0 && z_for_none)
        return "Z";
    const std::int32_t whole = offset_s < 0 ? -offset_s : offset_s;
    const std::string_view colon = has_colon ? ":" : "";
    std::string out(offset_s < 0 ? "-" : "+");
    out += padded(whole / 3600, 2);
    if (!only_hours || whole % 3600 != 0)
        out.append(colon).append(padded(whole / 60 % 60, 2));
    if (whole % 60 != 0)
        out.append(colon).append(padded(whole % 60, 2));
    return out;
}

// BCR's default: as many digits of the fraction as are not nothing.
std::string written_by_bcr(const Civil& c, std::int64_t nanos, std::int32_t offset_s) {
    std::string out = padded(c.year, 4) + padded(c.month, 2) + padded(c.day, 2) + "_" +
                      padded(c.hour, 2) + padded(c.minute, 2) + padded(c.second, 2);
    if (nanos != 0) {
        const std::string fraction = padded(nanos, 9);
        out += "." + fraction.substr(0, fraction.find_last_not_of('0') + 1);
    }
    return out + written_offset(offset_s, false, false, false);
}

std::string_view weekday_of(WallTime local) {
    constexpr std::int64_t day_ns = 86'400'000'000'000;
    constexpr std::int64_t thursday = 4;  // the first of January 1970
    const std::int64_t days = local.ns / day_ns - (local.ns % day_ns < 0 ? 1 : 0);
    return weekdays[static_cast<std::size_t>(((days + thursday) % 7 + 7) % 7)];
}

}  // namespace

std::string quoted_for_name(std::string_view text) {
    constexpr std::string_view not_in_names = "\"*/:<>?\\|";
    std::string out;
    for (const char c : text) {
        const bool is_lost = not_in_names.find(c) != std::string_view::npos && c != '/';
        const std::string one = RE2::QuoteMeta(re2::StringPiece(&c, 1));
        const bool is_ascii = (c & 0x80) == 0;
        if (is_lost)
            out.append("[_").append(one).append("]");
        else if (is_ascii)
            out.append(one);
        else
            out += c;  // part of a letter
    }
    return out;
}

void DatePattern::add_text(std::string_view text) {
    regex_ += quoted_for_name(text);
    fields_.push_back({0, 0, std::string(text)});
}

void DatePattern::add_group(std::string_view regex, Piece piece) {
    regex_ += regex;
    pieces_.push_back(piece);
}

void DatePattern::add_fixed(std::string_view regex, std::vector<Piece> pieces, char letter,
                            std::size_t count) {
    regex_ += regex;
    pieces_.insert(pieces_.end(), pieces.begin(), pieces.end());
    fields_.push_back({letter, count, {}});
}

Result<void> DatePattern::add_field(char letter, std::size_t count) {
    const bool is_text = count >= 3;
    switch (letter) {
        case 'y':
        case 'u':
            add_group(count == 2 ? R"((\d\d))" : R"((\d{4}))",
                      count == 2 ? Piece::year_of_two_digits : Piece::year);
            break;
        case 'M':
        case 'L':
            add_group(is_text ? R"((\pL{3,}\.?))" : digits(count),
                      is_text ? Piece::month_word : Piece::month);
            break;
        case 'd':
            add_group(digits(count), Piece::day);
            break;
        case 'H':
        case 'k':
        case 'h':
        case 'K':
            add_group(digits(count), Piece::hour);
            break;
        case 'm':
            add_group(digits(count), Piece::minute);
            break;
        case 's':
            add_group(digits(count), Piece::second);
            break;
        case 'S':
            if (count > 9)
                return refuse(Code::malformed, Blame::owner, "a second has at most nine decimals");
            add_group("(\\d{" + std::to_string(count) + "})", Piece::fraction);
            break;
        case 'a':
            add_group(R"(([AP]\.? ?M\.?))", Piece::am_pm);
            break;
        case 'Z':
        case 'X':
        case 'x':
            add_group(R"((Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?))", Piece::zone);
            break;
        case tz_minutes:
            add_group(R"((\d\d))", Piece::zone_minutes);
            break;
        case 'E':
            regex_ += R"(\pL+\.?)";
            break;
        case 'V':
        case 'z':
            regex_ += R"([\pL][\pL\d_/+ -]*?)";
            break;
        default:
            return refuse(Code::unsupported, Blame::owner,
                          "the letter " + std::string(1, letter) +
                              " of a date is not known here; y M d H h m s S a E Z X x VV are");
    }
    fields_.push_back({letter, count, {}});
    return {};
}

Result<void> DatePattern::parse(std::string_view pattern) {
    for (std::size_t at = 0; at < pattern.size();) {
        const char c = pattern[at];
        if (c == '\'') {
            // 'text', and '' for the mark itself, in a text as well.
            if (pattern.substr(at, 2) == "''") {
                add_text("'");
                at += 2;
                continue;
            }
            std::string text;
            for (++at;; ++at) {
                if (at >= pattern.size())
                    return refuse(Code::malformed, Blame::owner,
                                  "a text in a date begins with ' and does not end with it");
                if (pattern[at] == '\'' && pattern.substr(at, 2) != "''")
                    break;
                if (pattern[at] == '\'')
                    ++at;
                text += pattern[at];
            }
            ++at;
            add_text(text);
            continue;
        }
        if (is_letter(c)) {
            std::size_t count = 1;
            while (at + count < pattern.size() && pattern[at + count] == c)
                ++count;
            NK_TRY(add_field(c, count));
            at += count;
            continue;
        }
        if (std::string_view("[]{}#").find(c) != std::string_view::npos)
            return refuse(Code::unsupported, Blame::owner,
                          std::string("the sign ") + c + " of a date has to stand between ' and '");
        std::size_t end = at + 1;
        while (end < pattern.size() && (static_cast<unsigned char>(pattern[end]) & 0xc0U) == 0x80)
            ++end;
        add_text(pattern.substr(at, end - at));
        at = end;
    }
    return {};
}

Result<DatePattern> DatePattern::compile(std::string_view pattern) {
    DatePattern out;
    if (pattern.empty()) {
        out.add_fixed(
            R"((\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?([+-]\d{4}(?:\d\d)?)?)",
            {Piece::year, Piece::month, Piece::day, Piece::hour, Piece::minute, Piece::second,
             Piece::fraction, Piece::zone},
            bcr_date);
        return out;
    }
    if (pattern == "unix_s" || pattern == "unix_ms") {
        const bool is_ms = pattern == "unix_ms";
        out.add_fixed(is_ms ? R"((\d{13}))" : R"((\d{10}))", {Piece::epoch},
                      is_ms ? unix_ms : unix_s);
        return out;
    }
    for (const auto& word : words)
        if (word.name == pattern) {
            if (word.letter == 's')  // bcr-gui's have a fraction
                out.add_fixed(R"((\d\d)(?:\.(\d{1,9}))?)", {Piece::second, Piece::fraction}, 's',
                              2);
            else if (word.letter == tz_hours)
                out.add_fixed(R"(([+-]?\d\d))", {Piece::zone}, tz_hours);
            else
                NK_TRY(out.add_field(word.letter, word.count));
            return out;
        }
    NK_TRY(out.parse(pattern));
    return out;
}

struct DatePattern::Moment {
    Civil civil;
    std::int64_t whole_s;
    std::int64_t nanos;
    std::int32_t offset_s;
    std::string_view weekday;
    std::string_view zone_name;
};

namespace {

std::string written_month(int number, std::size_t count) {
    const auto name = months[static_cast<std::size_t>(number - 1)];
    if (count >= 3)
        return std::string(count == 3 ? name.substr(0, 3) : name);
    return padded(number, count);
}

// The hour as that letter counts it: H 0-23, k 1-24, K 0-11, h 1-12.
int hour_by(char letter, int hour) {
    const bool is_of_12 = letter == 'h' || letter == 'K';
    const bool is_from_1 = letter == 'h' || letter == 'k';
    const int all = is_of_12 ? 12 : 24;
    return hour % all == 0 && is_from_1 ? all : hour % all;
}

}  // namespace

std::string DatePattern::written(const Field& field, const Moment& moment) {
    const Civil& c = moment.civil;
    switch (field.letter) {
        case 0:
            return field.text;
        case bcr_date:
            return written_by_bcr(c, moment.nanos, moment.offset_s);
        case unix_s:
            return std::to_string(moment.whole_s);
        case unix_ms:
            return std::to_string(moment.whole_s * 1'000 + moment.nanos / 1'000'000);
        case 'y':
        case 'u':
            return field.count == 2 ? padded(c.year % 100, 2) : padded(c.year, field.count);
        case 'M':
        case 'L':
            return written_month(c.month, field.count);
        case 'd':
            return padded(c.day, field.count);
        case 'H':
        case 'k':
        case 'h':
        case 'K':
            return padded(hour_by(field.letter, c.hour), field.count);
        case 'm':
            return padded(c.minute, field.count);
        case 's':
            return padded(c.second, field.count);
        case 'S':
            return padded(moment.nanos, 9).substr(0, field.count);
        case 'a':
            return c.hour < 12 ? "AM" : "PM";
        case 'Z':
            return written_offset(moment.offset_s, field.count == 5, false, field.count == 5);
        case 'X':
        case 'x':
            return written_offset(moment.offset_s, field.count == 3 || field.count == 5,
                                  field.count <= 1, field.letter == 'X');
        case tz_hours:
            return written_offset(moment.offset_s, false, false, false).substr(0, 3);
        case tz_minutes:
            return written_offset(moment.offset_s, false, false, false).substr(3, 2);
        case 'E':
            return std::string(field.count >= 4 ? moment.weekday : moment.weekday.substr(0, 3));
        default:
            return std::string(moment.zone_name);
    }
}

std::string DatePattern::write(WallTime time, std::int32_t offset_s,
                               std::string_view zone_name) const {
    constexpr std::int64_t second_ns = 1'000'000'000;
    const WallTime local = time + Nanos(offset_s * second_ns);
    const std::int64_t nanos = ((time.ns % second_ns) + second_ns) % second_ns;
    const Moment moment{civil_in_utc(local),
                        (time.ns - nanos) / second_ns,
                        nanos,
                        offset_s,
                        weekday_of(local),
                        zone_name};
    std::string out;
    for (const auto& field : fields_)
        out += written(field, moment);
    return out;
}

}  // namespace nk::importing
