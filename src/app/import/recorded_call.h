#pragma once
// A recording as a telephone's list of calls is searched for it. Pure.

#include <optional>
#include <vector>

#include "base/rfc3339.h"
#include "call/finding.h"
#include "intake/import/call_log_match.h"

namespace nk::app {

// Nullopt when nothing says when it was, or it is a message and no call.
inline std::optional<importing::RecordedCall> recorded_call(
    const std::vector<call::Finding>& findings, std::optional<Nanos> length) {
    const auto started = call::best(findings, call::Fact::started);
    const auto kind = call::best(findings, call::Fact::kind);
    const auto when = started.empty() ? std::nullopt : wall_time_in(started.front()->value);
    if (!when || (!kind.empty() && kind.front()->value == "message"))
        return std::nullopt;
    importing::RecordedCall recording{*when, Nanos(0), length, {}};
    if (started.front()->remark == "minute-only")
        recording.started_within = minutes(1);
    for (const auto* number : call::best(findings, call::Fact::number))
        recording.numbers.push_back(number->value);
    return recording;
}

}  // namespace nk::app
