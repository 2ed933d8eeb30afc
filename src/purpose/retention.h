#pragma once
// How long a recording stays. Pure decisions: keeping goes before a hold, a hold before the rule.
//
// What a rule lets go of is announced notice_lasts before, whatever its age when the rule was made;
// then it lies in safekeeping for safekeeping_lasts, to be had back; then it is deleted. What a
// person removes begins in safekeeping. How full a disk is decides nothing.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "purpose/purpose.h"

namespace nk::purpose {

inline constexpr std::int64_t notice_days = 14;
inline constexpr std::int64_t safekeeping_days = 30;
inline constexpr Nanos notice_lasts = hours(24 * notice_days);
inline constexpr Nanos safekeeping_lasts = hours(24 * safekeeping_days);

struct RetentionRule {
    Purpose purpose = Purpose::training;
    std::string line{};                  // a number of this house; empty: any
    std::optional<std::int64_t> days{};  // after the call's end; nullopt: for ever
    bool operator==(const RetentionRule&) const = default;
};

// Calls for training go after 90 days; all others stay until somebody lets go of them.
std::vector<RetentionRule> usual_rules();

// Nullopt: for ever. A rule for a line goes before one for any, the longest of several lines'
// before others; `lines` are written as the rules write them.
std::optional<Nanos> kept_for(std::span<const RetentionRule> rules, Purpose purpose,
                              std::span<const std::string_view> lines);

// What is known of a recording when its fate is asked for.
struct Standing {
    WallTime ended;
    bool is_kept = false;
    bool is_held = false;
    bool is_in_album = false;             // or in a training library
    std::optional<WallTime> announced{};  // that its rule will let it go
    std::optional<WallTime> removed{};    // it lies in safekeeping since
};

enum class Stay : std::uint8_t { kept, held, in_an_album, for_ever, until, in_safekeeping };
// What is to be done now.
enum class Step : std::uint8_t {
    none,
    announce,
    take_back,  // the announcement: the rule has changed, or somebody keeps it
    put_away,   // into safekeeping
    erase,
};

struct Fate {
    Stay stay = Stay::for_ever;
    std::optional<WallTime> at{};  // until: it goes into safekeeping; in_safekeeping: it is deleted
    Step step = Step::none;
    bool operator==(const Fate&) const = default;
};

Fate fate_of(const Standing& standing, std::optional<Nanos> kept_for, WallTime now);

// A hold ends when so many different people said that it may.
inline constexpr std::size_t release_voices = 2;

}  // namespace nk::purpose
