#pragma once
// For tests only: both clocks, held by hand.

#include "base/clock.h"

namespace nk::testing {

class HeldClock : public Clock {
public:
    [[nodiscard]] MonoTime now() const override { return mono; }
    [[nodiscard]] WallTime wall() const override { return on_wall; }
    void pass(Nanos time) {
        mono = mono + time;
        on_wall = on_wall + time;
    }
    MonoTime mono{1'000'000'000'000};
    WallTime on_wall{1'790'000'000'000'000'000};
};

}  // namespace nk::testing
