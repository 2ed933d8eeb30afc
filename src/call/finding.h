#pragma once
// What is known of a call that came from outside, and where each bit of it was read: a file's name,
// what lay beside it, its tags, a log of calls. Nothing is thrown away: of two that differ the
// surer one counts, the other stays and can be seen.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace nk::call {

enum class Fact {
    started,    // RFC 3339 with the offset that was said or assumed
    direction,  // "in", "out" or "conference", seen from the phone that recorded
    number,     // of the other party; a finding each for several
    name,       // of the other party; in the order of the numbers
    kind,       // "call" or "message"
    recorder,   // what made the recording: "bcr", "cube" ...
    lacks,      // what its maker says is missing of it: "buffer-overruns", "paused" ...
};

// Of two that say different things the one that is named first here counts.
enum class Source {
    person,   // somebody who was asked
    sidecar,  // the recorder's own file beside it
    folder,   // the folders it lay in
    file_name,
    container,  // tags inside the file
    call_log,   // a phone's list of calls
    contacts,   // a list of people
    file_time,  // when the file was last written: weak
};

enum class Sureness { sure, likely, weak };

struct Finding {
    Fact fact = Fact::started;
    std::string value;
    Source source = Source::file_name;
    Sureness sureness = Sureness::likely;
    // Of a time: "zone-assumed" (it named no zone), "hour-came-twice" and "hour-never-was" (the
    // clocks were set that night), "minute-only"; of others: empty.
    std::string remark;
    bool operator==(const Finding&) const = default;
};

// The findings that count for that fact: all of the first source that has any which is not weak, in
// their order; else all of the first that has weak ones.
std::vector<const Finding*> best(const std::vector<Finding>& findings, Fact fact);

std::string_view name_of(Fact fact);
std::string_view name_of(Source source);
std::string_view name_of(Sureness sureness);
std::optional<Fact> fact_named(std::string_view name);
std::optional<Source> source_named(std::string_view name);
std::optional<Sureness> sureness_named(std::string_view name);

}  // namespace nk::call
