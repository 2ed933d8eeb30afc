#include "intake/import/general_name.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "intake/import/name_pattern.h"
#include "intake/import/name_text.h"

namespace nk::importing {

namespace {

using call::Sureness;
using Groups = NamePattern::Groups;

// Of a stamp the part of the text that is in front of it and the part behind.
struct FoundStamp {
    Stamp stamp;
    std::string_view before, after;
};

constexpr std::string_view time_of_day =
    R"((?:[T _.,@-]{1,3}(?:(?:at|om|um|à|a las|alle) )?)"
    R"((?P<h>\d{1,2})[-.:_h](?P<mi>\d\d)(?:[-.:_m](?P<s>\d\d)(?:[.,](?P<frac>\d{1,9}))?s?)?)"
    R"((?: ?(?P<ampm>[AP]\.?M\.?))?)?)";
constexpr std::string_view packed_time_of_day =
    R"((?:[T _.@-]?(?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d)?(?:[._-](?P<frac>\d{3}))?)?)";
constexpr std::string_view zone = R"((?P<tz>Z|UTC|[+-]\d\d:?\d\d)?)";
// Nothing but a digit's end may stand around a date.
constexpr std::string_view front = R"((?P<before>|.*?\D))";
constexpr std::string_view back = R"((?P<after>|\D.*))";

std::string around(std::string_view date, std::string_view clock) {
    return std::string(front).append(date).append(clock).append(zone).append(back);
}

// A date whose order its own form tells: the year in front, or a name for the month.
const std::vector<NamePattern>& plain_dates() {
    static const auto patterns = [] {
        std::vector<NamePattern> out;
        out.emplace_back(
            around(R"((?P<y>\d{4})[-._/ ](?P<mo>\d\d?)[-._/ ](?P<d>\d\d?))", time_of_day));
        out.emplace_back(
            around(R"((?P<y>\d{4})[-._](?P<mo>\d\d)[-._](?P<d>\d\d))", packed_time_of_day));
        out.emplace_back(around(R"((?P<y>\d{4})(?P<mo>\d\d)(?P<d>\d\d))", time_of_day));
        out.emplace_back(around(R"((?P<y>\d{4})(?P<mo>\d\d)(?P<d>\d\d))", packed_time_of_day));
        out.emplace_back(
            around(R"((?P<d>\d\d?)[-. _]{0,2}(?P<month>\pL{3,}\.?)[-., _]{1,2}(?P<y>\d{4}),?)",
                   time_of_day));
        out.emplace_back(
            around(R"((?P<month>\pL{3,}\.?)[-. _]{1,2}(?P<d>\d\d?)(?:,? |[-_]{1,2})(?P<y>\d{4}),?)",
                   time_of_day));
        out.emplace_back(around(R"((?P<yy>\d\d)(?P<mo>\d\d)(?P<d>\d\d)[_-])",
                                R"((?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d))"));
        out.emplace_back(around(R"((?P<d>\d\d?)\.(?P<mo>\d\d?)\.(?P<y>\d{4}))", time_of_day));
        out.emplace_back(around(R"((?P<d>\d\d)\.(?P<mo>\d\d)\.(?P<yy>\d\d))", time_of_day));
        return out;
    }();
    return patterns;
}

// Day and month, or month and day: clear when only one of both can be.
const NamePattern& either_way() {
    static const NamePattern pattern(
        around(R"((?P<one>\d\d?)[-_/ ](?P<two>\d\d?)[-_/ ](?P<y>\d{4}))", time_of_day));
    return pattern;
}

std::optional<Stamp> stamp_with(const Groups& groups, std::string_view month,
                                std::string_view day) {
    StampPieces pieces;
    pieces.year = groups["y"];
    pieces.year_of_two_digits = groups["yy"];
    pieces.month = month;
    pieces.day = day;
    pieces.hour = groups["h"];
    pieces.minute = groups["mi"];
    pieces.second = groups["s"];
    pieces.fraction = groups["frac"];
    pieces.am_pm = groups["ampm"];
    pieces.zone = groups["tz"] == "UTC" ? "Z" : groups["tz"];
    return stamp_of(pieces);
}

std::optional<FoundStamp> found(const Groups& groups, std::optional<Stamp> stamp) {
    if (!stamp)
        return std::nullopt;
    return FoundStamp{*stamp, groups["before"], groups["after"]};
}

std::optional<FoundStamp> stamp_either_way(std::string_view stem) {
    const auto groups = either_way().match(stem);
    if (!groups)
        return std::nullopt;
    const auto one = (*groups)["one"];
    const auto two = (*groups)["two"];
    const auto day_first = stamp_with(*groups, two, one);
    const auto month_first = stamp_with(*groups, one, two);
    if (day_first && month_first && *day_first != *month_first)
        return std::nullopt;
    return found(*groups, day_first ? day_first : month_first);
}

std::optional<FoundStamp> epoch_in(std::string_view stem) {
    static const NamePattern pattern(
        std::string(front).append(R"((?P<epoch>\d{13}))").append(back));
    const auto groups = pattern.match(stem);
    return groups ? found(*groups, stamp_of_epoch((*groups)["epoch"])) : std::nullopt;
}

// The first form that gives a possible time; one with a clock is better than one without.
std::optional<FoundStamp> find_stamp(std::string_view stem) {
    std::optional<FoundStamp> best;
    const auto take = [&best](std::optional<FoundStamp> one) {
        if (one && (!best || (best->stamp.precision == Precision::day &&
                              one->stamp.precision != Precision::day)))
            best = one;
        return best && best->stamp.precision != Precision::day;
    };
    for (const auto& pattern : plain_dates())
        if (const auto groups = pattern.match(stem)) {
            const int month = month_named((*groups)["month"]);
            const std::string named =
                month == 0 ? std::string((*groups)["mo"]) : std::to_string(month);
            if (take(found(*groups, stamp_with(*groups, named, (*groups)["d"]))))
                return best;
        }
    if (!take(stamp_either_way(stem)))
        take(epoch_in(stem));
    return best;
}

// ---- What is left of the name when its date is out of it.

bool is_joint(char c) {
    return std::string_view("_-()[]{}.,;#@").find(c) != std::string_view::npos;
}

struct Word {
    std::string_view text;
    bool stands_alone = false;  // between joints or ends, not in a sentence
};

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> out;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == ' ' || is_joint(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && text[end] != ' ' && !is_joint(text[end]))
            ++end;
        const bool joint_before = at == 0 || is_joint(text[at - 1]);
        const bool joint_after = end == text.size() || is_joint(text[end]);
        out.push_back({text.substr(at, end - at), joint_before && joint_after});
        at = end;
    }
    return out;
}

// Two words that say different directions say none.
std::string direction_in(const std::vector<Word>& words) {
    std::string direction;
    for (const auto& word : words) {
        const auto one = direction_of(word.text);
        if (one.direction.empty() || (one.is_short && !word.stands_alone))
            continue;
        if (!direction.empty() && direction != one.direction)
            return {};
        direction = one.direction;
    }
    return direction;
}

// Written as one writes numbers for others: in full, or from the country's own zero; or, when the
// name is of a call for sure, any that is long enough.
bool is_plausible(std::string_view text, bool is_call) {
    const std::string tidy = tidy_number(text);
    const auto digits =
        std::count_if(tidy.begin(), tidy.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (tidy.find_first_of("*#") != std::string::npos)
        return false;
    if (tidy.starts_with('+'))
        return digits >= 8 && digits <= 15;
    if (tidy.starts_with('0'))
        return digits >= 9 && digits <= 15;
    return is_call && digits >= 7 && digits <= 12;
}

// Numbers in the text, and the text without them.
std::string take_numbers(std::string_view text, bool is_call, NamedFile& out) {
    static const NamePattern number(
        R"((?P<before>|.*?[^\d+\pL])(?P<num>\(?\+?\d[\d().]*(?:[ -][\d().]+)*))"
        R"((?P<after>|[^\d\pL].*))");
    std::string rest;
    while (!text.empty()) {
        const auto groups = number.match(text);
        if (!groups)
            break;
        const auto digits = (*groups)["num"];
        rest += (*groups)["before"];
        if (is_plausible(digits, is_call))
            out.add_number(digits);
        else
            rest += digits;
        text = (*groups)["after"];
    }
    return rest.append(text);
}

// Words that are no name taken off its ends, and directions anywhere; what is left is one.
std::string name_left(std::string_view text, std::string_view learnt) {
    std::string spaced(trimmed(without_prefix(trimmed(text, " _-"), learnt)));
    for (char& c : spaced)
        c = std::string_view("_()[]{}@").find(c) == std::string_view::npos ? c : ' ';
    auto words = words_of(spaced);
    std::erase_if(words, [](const Word& word) {
        return word.text.find_first_not_of("0123456789+") == std::string_view::npos ||
               !direction_of(word.text).direction.empty();
    });
    while (!words.empty() && is_stop_word(words.back().text))
        words.pop_back();
    const auto first = std::find_if(words.begin(), words.end(),
                                    [](const Word& word) { return !is_stop_word(word.text); });
    std::string name;
    for (auto word = first; word != words.end(); ++word)
        name.append(name.empty() ? "" : " ").append(word->text);
    return is_withheld(name) ? std::string{} : name;
}

bool is_voicemail_word(std::string_view word) {
    constexpr std::array<std::string_view, 6> words{
        "voicemail", "voicemails", "anrufbeantworter", "antwoordapparaat", "mailbox", "messagerie"};
    const std::string lower = folded(word);
    return std::find(words.begin(), words.end(), lower) != words.end();
}

// What a camera puts in front of a date, which then is a picture's.
bool is_camera_word(std::string_view word) {
    constexpr std::array<std::string_view, 6> words{"img", "dsc",  "pxl",
                                                    "mvi", "dcim", "screenshot"};
    const std::string lower = folded(word);
    return std::find(words.begin(), words.end(), lower) != words.end();
}

}  // namespace

NamedFile read_generally(std::string_view stem, std::string_view learnt) {
    NamedFile out;
    std::string rest(stem);
    if (const auto stamp = find_stamp(stem)) {
        out.started = stamp->stamp;
        if (stamp->stamp.precision == Precision::day)
            out.time_sureness = Sureness::weak;
        rest = std::string(stamp->before).append("_").append(stamp->after);
    }
    const auto words = words_of(rest);
    if (!words.empty() && is_camera_word(words.front().text))
        return {};
    out.direction = direction_in(words);
    const bool is_voicemail = std::any_of(
        words.begin(), words.end(), [](const Word& word) { return is_voicemail_word(word.text); });
    const bool has_prefix = without_prefix(rest, learnt).size() < rest.size() ||
                            (!words.empty() && is_prefix(words.front().text));
    const bool is_call = !out.direction.empty() || is_voicemail || has_prefix;
    rest = take_numbers(rest, is_call && out.started, out);
    out.who_sureness = Sureness::weak;
    if (is_voicemail) {
        out.kind = "message";
        out.direction = "in";
    } else if (!out.direction.empty() || (has_prefix && out.started)) {
        out.kind = "call";
    }
    // A date alone makes no name of what stands beside it: "opa zingt 2024-03-02".
    const bool names_somebody =
        !out.direction.empty() || !out.numbers.empty() || (has_prefix && out.started);
    if (names_somebody && !is_voicemail)
        out.add_name(name_left(rest, learnt));
    // A word alone, without a time or a number, is any song's.
    if (!out.started && out.numbers.empty() && !is_voicemail)
        return {};
    return out;
}

}  // namespace nk::importing
