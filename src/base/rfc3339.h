#pragma once
// Times as text: RFC 3339 in UTC, for files and for programs. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace nk {

// 2026-11-23T14:23:01.250Z with `decimals` digits (0..9) after the second, cut off, not rounded, so
// that a time never lies in the future of the moment it names.
std::string rfc3339(WallTime time, int decimals = 3);
// 20261123T142301Z
std::string compact_stamp(WallTime time);
// Reads what rfc3339() writes, and any other RFC 3339 time that a WallTime can hold, with an offset
// too; digits beyond the nanosecond are dropped.
std::optional<WallTime> wall_time_in(std::string_view text);

}  // namespace nk
