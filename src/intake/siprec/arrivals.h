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
    // To be called before packets are read: both clocks, at one moment. Where we are held up
    // between the two readings, all packets of a sweep would seem early by so much; then they are
    // read again.
    void look() {
        Nanos apart{};
        for (int tries = 0; tries < 4; ++tries) {
            const MonoTime before = clock_.now();
            const WallTime wall = clock_.wall();
            const MonoTime after = clock_.now();
            if (tries == 0 || after - before < apart) {
                apart = after - before;
                now_ = before + apart / 2;
                wall_ = wall;
            }
            if (apart < close_enough)
                break;
        }
    }
    [[nodiscard]] MonoTime now() const { return now_; }
    // No packet came after it was read, though it may have come since look(): a sweep takes some
    // milliseconds. Nor did it come before its socket was last found empty, whatever the wall's
    // clock says of it.
    [[nodiscard]] MonoTime of(WallTime noted, MonoTime empty) const {
        const Nanos later = noted - wall_;
        const MonoTime told = now_ + later;
        return std::max(later > Nanos(0) ? std::min(told, clock_.now()) : told, empty);
    }

private:
    static constexpr Nanos close_enough = std::chrono::microseconds(20);
    const Clock& clock_;
    MonoTime now_{};
    WallTime wall_{};
};

}  // namespace nk::siprec
