#pragma once
// Values as people read them: sizes, lengths, local times, who spoke. Pure but for the time zone.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "call/facts.h"

namespace nk::app {

std::string size_text(std::uint64_t bytes);  // 512 B, 1.2 MB (powers of 1000)
std::string length_text(Nanos length);       // 0:07, 61:04 is 1:01:04; cut to whole seconds
std::string local_time_text(WallTime time);  // 2026-11-23 15:23:01 +01:00, in the local zone

// Text from outside, safe on a terminal: control characters, among them the escape that could give
// the terminal orders, become "?".
std::string terminal_text(std::string_view text);
// The name before the number: "Ada (1001)", "1001", "Ada", or the URI, or "unknown".
std::string party_text(const call::Party& party);

// How many columns UTF-8 text fills: its code points, with combining marks as none and wide East
// Asian ones as two.
std::size_t columns_of(std::string_view text);
// Cut to `columns` with an ellipsis when it is longer.
std::string cut_to(std::string_view text, std::size_t columns);

}  // namespace nk::app
