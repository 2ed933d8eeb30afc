#include "intake/import/gather.h"

#include <algorithm>
#include <array>

#include "base/same_text.h"
#include "base/utf8.h"
#include "intake/import/import_limits.h"
#include "intake/import/name_text.h"

namespace nk::importing {

namespace {

using call::Fact;
using call::Finding;
using call::Source;
using call::Sureness;

// ---- Tags.

// In the order of who is to be believed: the first three are a telephone's own.
constexpr std::array<std::string_view, 8> recording_dates{
    "com.apple.quicktime.creationdate",
    "creation_time",
    "recording_date",
    "recorded_date",
    "date_recorded",
    "date",
    "tdrc",
    "icrd",
};

std::string_view value_of(const std::vector<Tag>& tags, std::string_view key) {
    for (const auto& tag : tags)
        if (equal_ci(tag.key, key))
            return tag.value;
    return {};
}

// Seconds since 1904 or 1970 that nobody counted, and what a clock shows that was never set.
bool is_unset_clock(const Stamp& stamp) {
    constexpr int first_year = 1990;
    return stamp.civil.year < first_year;
}

// Android's muxer writes the time at which it stopped; its files carry the version that wrote them.
bool is_written_at_the_end(const std::vector<Tag>& tags, std::string_view key) {
    return key == "creation_time" && !value_of(tags, "com.android.version").empty();
}

std::optional<Finding> date_in(const std::vector<Tag>& tags, std::string_view key,
                               std::optional<Nanos> length, const Zone& zone) {
    auto stamp = stamp_in(trimmed(value_of(tags, key)));
    if (!stamp || is_unset_clock(*stamp))
        return std::nullopt;
    if (!is_written_at_the_end(tags, key))
        return started(*stamp, zone, Source::container, Sureness::likely);
    if (!length)
        return started(*stamp, zone, Source::container, Sureness::weak);
    const Stamp begun = stamp_of_instant(moment_of(*stamp, zone) + Nanos(-length->count()));
    return started(begun, zone, Source::container, Sureness::likely);
}

// A title may be the name that the file once had.
void take_title(std::string_view text, const Zone& zone, std::vector<Finding>& out) {
    const auto named = read_file_name(text);
    if (named.recorder.empty())
        return;
    for (auto finding : findings_of(named, zone, Source::container)) {
        finding.sureness = std::max(finding.sureness, Sureness::likely);
        out.push_back(std::move(finding));
    }
}

void take_file_time(const FoundFile& file, const Zone& zone, std::vector<Finding>& out) {
    if (!file.file_time)
        return;
    const Nanos back = file.length.value_or(Nanos(0));
    const Stamp stamp = stamp_of_instant(*file.file_time + Nanos(-back.count()));
    if (!is_unset_clock(stamp))
        out.push_back(started(stamp, zone, Source::file_time, Sureness::weak));
}

std::vector<std::string> values_of(const std::vector<const Finding*>& findings) {
    std::vector<std::string> out;
    for (const auto* one : findings)
        if (std::find(out.begin(), out.end(), one->value) == out.end())
            out.push_back(one->value);
    return out;
}

std::string first_value(const std::vector<Finding>& findings, Fact fact) {
    const auto best = call::best(findings, fact);
    return best.empty() ? std::string{} : best.front()->value;
}

bool is_weak(const std::vector<const Finding*>& best) {
    return best.front()->sureness == Sureness::weak;
}

void judge(const std::vector<const Finding*>& starts, const std::vector<const Finding*>& numbers,
           const std::vector<const Finding*>& names, Gathered& out) {
    if (starts.empty())
        out.why.emplace_back("no-date");
    else if (is_weak(starts))
        out.why.emplace_back("weak-date");
    if (numbers.empty() && names.empty())
        out.why.emplace_back("nobody");
    else if ((numbers.empty() || is_weak(numbers)) && (names.empty() || is_weak(names)))
        out.why.emplace_back("weak-party");
    out.is_unsure = !out.why.empty();
}

}  // namespace

std::vector<Finding> findings_of(const std::vector<Tag>& tags, std::optional<Nanos> length,
                                 const Zone& zone) {
    std::vector<Finding> out;
    for (const auto key : recording_dates)
        if (auto finding = date_in(tags, key, length, zone)) {
            out.push_back(*std::move(finding));
            break;
        }
    for (const auto* key : {"title", "comment", "description"})
        if (const auto text = value_of(tags, key); !text.empty())
            take_title(cut_utf8(text, limits::import_text_bytes_max), zone, out);
    return out;
}

std::vector<Finding> findings_of(const wire::LoggedCall& logged, const Zone& zone) {
    using Type = wire::LoggedCall::Type;
    std::vector<Finding> out;
    const auto add = [&](Fact fact, std::string value) {
        if (!value.empty())
            out.push_back({fact, std::move(value), Source::call_log, Sureness::likely, {}});
    };
    out.push_back(
        started(stamp_of_instant(logged.started), zone, Source::call_log, Sureness::likely));
    if (logged.type == Type::in || logged.type == Type::voicemail)
        add(Fact::direction, "in");
    else if (logged.type == Type::out)
        add(Fact::direction, "out");
    add(Fact::number, tidy_number(logged.number));
    add(Fact::name, clean_text(logged.name));
    add(Fact::kind, logged.type == Type::voicemail ? "message" : "call");
    return out;
}

Gathered gathered(std::vector<Finding> findings) {
    Gathered out;
    const auto starts = call::best(findings, Fact::started);
    const auto numbers = call::best(findings, Fact::number);
    const auto names = call::best(findings, Fact::name);
    if (!starts.empty()) {
        out.started = starts.front()->value;
        out.sureness = starts.front()->sureness;
        out.remark = starts.front()->remark;
    }
    out.numbers = values_of(numbers);
    out.names = values_of(names);
    out.direction = first_value(findings, Fact::direction);
    out.kind = first_value(findings, Fact::kind);
    out.recorder = first_value(findings, Fact::recorder);
    for (const auto& one : findings)
        if (one.fact == Fact::lacks &&
            std::find(out.lacks.begin(), out.lacks.end(), one.value) == out.lacks.end())
            out.lacks.push_back(one.value);
    judge(starts, numbers, names, out);
    out.findings = std::move(findings);
    return out;
}

Gathered gather(const FoundFile& file, const Zone& zone) {
    std::vector<Finding> all;
    const auto take = [&all](std::vector<Finding> some) {
        all.insert(all.end(), std::make_move_iterator(some.begin()),
                   std::make_move_iterator(some.end()));
    };
    if (file.sidecar)
        take(file.sidecar->findings);
    take(file.beside);
    take(findings_of(read_folders(file.path), zone));
    take(findings_of(
        file.by_template ? *file.by_template : read_file_name(file.path, file.learnt_prefix),
        zone));
    take(findings_of(file.tags, file.length, zone));
    if (file.logged)
        take(findings_of(*file.logged, zone));
    if (file.contacts != nullptr)
        take(file.contacts->findings_of(all));
    take_file_time(file, zone, all);
    return gathered(std::move(all));
}

}  // namespace nk::importing
