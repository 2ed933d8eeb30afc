#pragma once
// What is held to be true of a call that came from outside, by all that was found of it. Pure.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "call/facts.h"
#include "call/finding.h"

namespace nk::call {

// Seen from the telephone that recorded.
enum class Direction : std::uint8_t { unknown, in, out, conference };

struct Known {
    std::optional<WallTime> started;
    Direction direction = Direction::unknown;
    // Of the others: who has which number is known when there are as many of one as of the other.
    std::vector<std::string> numbers;
    std::vector<std::string> names;
    bool is_message = false;  // one voice left it for somebody; no call
    std::string recorder;     // what made it; empty when unknown
    std::vector<std::string> lacks;
    // It wants somebody to look at it: the day is weak or missing, or nobody is known.
    bool is_when_unsure = false;
    bool is_who_unsure = false;

    [[nodiscard]] bool is_unsure() const { return is_when_unsure || is_who_unsure; }
    bool operator==(const Known&) const = default;
};

// A person who says that a number or a name is "" has said that nobody knows: that is sure, too.
Known know(const std::vector<Finding>& findings);

// Who is heard, the caller first. Who called whom is not made up: then who recorded comes first,
// under the role "recorded".
struct Heard {
    std::vector<Party> parties;
    std::size_t own = 0;    // who recorded
    std::size_t other = 1;  // the first of the others
};
Heard heard_by(const Known& known, const std::string& own_number);

// What was found when a recording was sealed, and since: of what the same source says of the same
// fact the later counts, for it was read better or is corrected.
std::vector<Finding> with_later(const std::vector<Finding>& sealed,
                                const std::vector<Finding>& later);

std::string_view name_of(Direction direction);
std::optional<Direction> direction_named(std::string_view name);

}  // namespace nk::call
