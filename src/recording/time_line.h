#pragma once
// A call's time line: the clock on the wall since the call's zero, stretched a little where a
// sender's clock is fast. What such a sender says takes longer than the wall says it did; nothing
// of it is cut off, and the others wait for it.

#include <cstddef>

#include "base/time.h"
#include "recording/ticks.h"

namespace nk::recording {

struct TimeLine {
    MonoTime zero;
    Ticks stretched = 0;     // until now; only grows
    std::size_t tracks = 0;  // who share it

    [[nodiscard]] Ticks at(MonoTime t) const { return to_ticks(t - zero) + stretched; }
};

}  // namespace nk::recording
