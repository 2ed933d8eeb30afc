#include "call/known.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
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

namespace {

std::vector<Party> others_in(const Known& known) {
    const auto named = std::max(known.numbers.size(), known.names.size());
    std::vector<Party> out(std::clamp<std::size_t>(named, 1, limits::parties_max - 1));
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (i < known.numbers.size())
            out[i].number = known.numbers[i];
        if (i < known.names.size())
            out[i].name = known.names[i];
    }
    return out;
}

}  // namespace

Heard heard_by(const Known& known, const std::string& own_number) {
    auto others = others_in(known);
    Party own{"recorded", own_number, "", ""};
    Heard out;
    if (known.direction == Direction::in && others.size() == 1) {
        others[0].role = "caller";
        own.role = "callee";
        out.parties = {std::move(others[0]), std::move(own)};
        out.own = 1;
        out.other = 0;
        return out;
    }
    const bool is_out = known.direction == Direction::out;
    if (is_out)
        own.role = "caller";
    out.parties.push_back(std::move(own));
    for (std::size_t i = 0; i < others.size(); ++i) {
        others[i].role = is_out && i == 0 ? "callee" : "party-" + std::to_string(i + 2);
        out.parties.push_back(std::move(others[i]));
    }
    return out;
}

std::vector<Finding> with_later(const std::vector<Finding>& sealed,
                                const std::vector<Finding>& later) {
    std::vector<Finding> out;
    for (const auto& one : sealed)
        if (std::none_of(later.begin(), later.end(), [&](const auto& other) {
                return other.fact == one.fact && other.source == one.source;
            }))
            out.push_back(one);
    out.insert(out.end(), later.begin(), later.end());
    return out;
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
