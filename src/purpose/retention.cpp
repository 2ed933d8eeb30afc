#include "purpose/retention.h"

#include <algorithm>
#include <limits>

namespace nk::purpose {

namespace {

constexpr Nanos a_day = hours(24);

std::optional<Nanos> length_of(const RetentionRule& rule) {
    if (!rule.days)
        return std::nullopt;
    return a_day * *rule.days;
}

// For ever is the longest.
bool is_longer(std::optional<Nanos> one, std::optional<Nanos> other) {
    return other && (!one || *one > *other);
}

// Of a call from the far end of time, too.
WallTime later(WallTime time, Nanos by) {
    WallTime out;
    if (__builtin_add_overflow(time.ns, by.count(), &out.ns))
        out.ns = std::numeric_limits<std::int64_t>::max();
    return out;
}

}  // namespace

std::vector<RetentionRule> usual_rules() {
    return {{Purpose::wording, "", {}},
            {Purpose::training, "", 90},
            {Purpose::agreement, "", {}},
            {Purpose::memory, "", {}},
            {Purpose::keepsake, "", {}}};
}

std::optional<Nanos> kept_for(std::span<const RetentionRule> rules, Purpose purpose,
                              std::span<const std::string_view> lines) {
    const RetentionRule* general = nullptr;
    const RetentionRule* of_a_line = nullptr;
    for (const auto& rule : rules) {
        if (rule.purpose != purpose)
            continue;
        if (rule.line.empty()) {
            if (general == nullptr || is_longer(length_of(rule), length_of(*general)))
                general = &rule;
        } else if (std::find(lines.begin(), lines.end(), rule.line) != lines.end()) {
            if (of_a_line == nullptr || is_longer(length_of(rule), length_of(*of_a_line)))
                of_a_line = &rule;
        }
    }
    const auto* chosen = of_a_line != nullptr ? of_a_line : general;
    return chosen == nullptr ? std::nullopt : length_of(*chosen);
}

Fate fate_of(const Standing& standing, std::optional<Nanos> kept_for, WallTime now) {
    if (standing.removed) {
        if (standing.is_held)
            return {Stay::held, {}, Step::none};
        const auto until = later(*standing.removed, safekeeping_lasts);
        return {Stay::in_safekeeping, until, now >= until ? Step::erase : Step::none};
    }
    const Step no_longer = standing.announced ? Step::take_back : Step::none;
    if (standing.is_kept)
        return {Stay::kept, {}, no_longer};
    if (standing.is_held)
        return {Stay::held, {}, no_longer};
    if (standing.is_in_album)
        return {Stay::in_an_album, {}, no_longer};
    if (!kept_for)
        return {Stay::for_ever, {}, no_longer};
    const auto due = later(standing.ended, *kept_for);
    const bool is_near = later(now, notice_lasts) >= due;
    if (!is_near)
        return {Stay::until, due, no_longer};
    if (!standing.announced)
        return {Stay::until, std::max(due, later(now, notice_lasts)), Step::announce};
    const auto at = std::max(due, later(*standing.announced, notice_lasts));
    return {Stay::until, at, now >= at ? Step::put_away : Step::none};
}

}  // namespace nk::purpose
