#pragma once
// Turns the time stamps of captured packets into time that never goes back and never leaps.
//
// Capture clocks do both: captures are cut together, clocks are set, interfaces are merged slightly
// out of order. A small step back is the packets' order, not the clock's; a large step either way
// is a leap, and the time line goes on as if it had not been. Recordings still get the names that
// the wall clock gave at their beginning.

#include <algorithm>
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
        // Two sources with different clocks in one capture: the way back from a leap undoes it.
        const Nanos since = wall - before_leap_;
        if (leapt_back_ && step > limits::clock_back / 2 && since >= Nanos{0} &&
            since < seconds(10)) {
            leapt_back_ = false;
            const Nanos away = now_ - leap_now_;
            return go_on(wall, since > away ? since - away : Nanos{0});
        }
        if (step > limits::clock_leap || step < -limits::clock_back) {
            ++leaps_;
            leapt_back_ = step < Nanos{0};
            before_leap_ = last_wall_;
            leap_now_ = now_;
            return go_on(wall, leapt_back_ ? Nanos{0} : Nanos(milliseconds(1)));
        }
        if (step < Nanos{0})
            return now_ + step < floor_ ? floor_ : now_ + step;
        return go_on(wall, step);
    }
    // The steady time of a moment that is no packet's. It moves nothing.
    [[nodiscard]] MonoTime at(WallTime wall) const {
        if (!begun_)
            return now_;
        return now_ + std::clamp<Nanos>(wall - last_wall_, -limits::clock_leap, limits::clock_leap);
    }
    [[nodiscard]] MonoTime now() const { return now_; }
    [[nodiscard]] std::uint64_t leaps() const { return leaps_; }

private:
    MonoTime go_on(WallTime wall, Nanos step) {
        last_wall_ = wall;
        floor_ = now_ + step - limits::clock_back;
        now_ = now_ + step;
        return now_;
    }
    bool begun_ = false;
    bool leapt_back_ = false;
    WallTime before_leap_{};
    MonoTime leap_now_{};
    WallTime last_wall_{};
    MonoTime now_{seconds(1'000).count()};
    MonoTime floor_{};
    std::uint64_t leaps_ = 0;
};

}  // namespace nk::tap
