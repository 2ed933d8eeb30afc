#include "call/known.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/rfc3339.h"

namespace nk::call {

namespace {

constexpr std::array<std::pair<Direction, std::string_view>, 4> directions{
    {{Direction::unknown, "unknown"},
     {Direction::in, "in"},
     {Direction::out, "out"},
     {Direction::conference, "conference"}}};

std::string value_of(const std::vector<Finding>& findings, Fact fact) {
    const auto found = best(findings, fact);
    return found.empty() ? "" : found.front()->value;
}

std::vector<std::string> values_of(const std::vector<Finding>& findings, Fact fact) {
    std::vector<std::string> out;
    for (const auto* one : best(findings, fact))
        if (!one->value.empty() && std::find(out.begin(), out.end(), one->value) == out.end())
            out.push_back(one->value);
    return out;
}

bool is_answered_by_a_person(const std::vector<Finding>& findings, Fact fact) {
    const auto found = best(findings, fact);
    return !found.empty() && found.front()->source == Source::person;
}

}  // namespace

Known know(const std::vector<Finding>& findings) {
    Known known;
    const auto started = best(findings, Fact::started);
    if (!started.empty())
        known.started = wall_time_in(started.front()->value);
    known.is_when_unsure = !known.started || started.front()->sureness == Sureness::weak ||
                           started.front()->remark == "hour-came-twice" ||
                           started.front()->remark == "hour-never-was";
    known.direction =
        direction_named(value_of(findings, Fact::direction)).value_or(Direction::unknown);
    known.numbers = values_of(findings, Fact::number);
    known.names = values_of(findings, Fact::name);
    known.is_message = value_of(findings, Fact::kind) == "message";
    known.recorder = value_of(findings, Fact::recorder);
    known.lacks = values_of(findings, Fact::lacks);
    known.is_who_unsure = known.numbers.empty() && known.names.empty() &&
                          !is_answered_by_a_person(findings, Fact::name) &&
                          !is_answered_by_a_person(findings, Fact::number);
    return known;
}

std::string_view name_of(Direction direction) {
    for (const auto& [candidate, name] : directions)
        if (candidate == direction)
            return name;
    return {};
}

std::optional<Direction> direction_named(std::string_view name) {
    for (const auto& [direction, text] : directions)
        if (text == name)
            return direction;
    return std::nullopt;
}

}  // namespace nk::call
