#pragma once
// Turns the time stamps of captured packets into time that never goes back and never leaps.
//
// Capture clocks do both: captures are cut together, clocks are set, interfaces are merged slightly
// out of order. A small step back is the packets' order, not the clock's; a large step either way
// is a leap, and the time line goes on as if it had not been. Recordings still get the names that
// the wall clock gave at their beginning.

#include <cstdint>

#include "base/limits.h"
#include "base/time.h"

namespace nk::tap {

class CaptureClock {
public:
    // The steady time of a packet stamped `wall`.
    MonoTime tell(WallTime wall) {
        if (!begun_) {
            begun_ = true;
            last_wall_ = wall;
            return now_;
        }
        const Nanos step = wall - last_wall_;
        if (step > limits::clock_leap || step < -limits::clock_back) {
            ++leaps_;
            last_wall_ = wall;
            now_ = now_ + milliseconds(1);
            return now_;
        }
        if (step < Nanos{0})
            return now_ + step < floor_ ? floor_ : now_ + step;
        last_wall_ = wall;
        floor_ = now_ + step - limits::clock_back;
        now_ = now_ + step;
        return now_;
    }
    [[nodiscard]] MonoTime now() const { return now_; }
    [[nodiscard]] std::uint64_t leaps() const { return leaps_; }

private:
    bool begun_ = false;
    WallTime last_wall_{};
    MonoTime now_{seconds(1'000).count()};
    MonoTime floor_{};
    std::uint64_t leaps_ = 0;
};

}  // namespace nk::tap
