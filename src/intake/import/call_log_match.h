#pragma once
// Which recording is of which call in a phone's list. Pure.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "wire/call_log.h"

namespace nk::importing {

struct RecordedCall {
    WallTime started;
    Nanos started_within{0};  // it began up to so much later: a minute when no seconds are known
    std::optional<Nanos> length;
    std::vector<std::string> numbers;  // as far as they are known
};

// For each recording the index of its entry, or none. Entries with the same last nine digits (or
// the same number, when it is shorter) that began within call_log_apart_max count; the nearest pair
// is taken first, and an entry is given to one recording alone. A recording without a number gets
// one only when one single entry fits its start and its length, and fits no other such recording.
// Calls that nobody answered by being missed, refused or blocked have no recording.
std::vector<std::optional<std::size_t>> match_calls(std::span<const RecordedCall> recordings,
                                                    std::span<const wire::LoggedCall> calls);

// Whether both are one telephone's, however each is written.
bool is_same_number(std::string_view a, std::string_view b);

}  // namespace nk::importing
