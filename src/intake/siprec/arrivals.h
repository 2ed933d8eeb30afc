#pragma once
// When packets arrived. The kernel notes it by the clock on the wall, which may be set at any time;
// a pause begins and ends by the other one.

#include <algorithm>

#include "base/clock.h"
#include "base/time.h"

namespace nk::siprec {

class Arrivals {
public:
    explicit Arrivals(const Clock& clock) : clock_(clock) { look(); }
    // To be called before packets are read: both clocks, at one moment.
    void look() {
        now_ = clock_.now();
        wall_ = clock_.wall();
    }
    [[nodiscard]] MonoTime now() const { return now_; }
    // No packet came after now; nor before its socket was last found empty, whatever the wall's
    // clock says of it.
    [[nodiscard]] MonoTime of(WallTime noted, MonoTime empty) const {
        return std::max(now_ - std::max(wall_ - noted, Nanos(0)), empty);
    }

private:
    const Clock& clock_;
    MonoTime now_{};
    WallTime wall_{};
};

}  // namespace nk::siprec
