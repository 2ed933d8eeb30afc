#pragma once
// The machine's clocks and the kernel's randomness.

#include "base/clock.h"

namespace nk::host {

class RealClock : public Clock {
public:
    [[nodiscard]] MonoTime now() const override;
    [[nodiscard]] WallTime wall() const override;
};

// For a command that looks again a moment later; what receives or records never waits so.
void wait_for(Nanos length);

// getrandom(2): fit for keys. Waits at boot until the kernel has gathered enough.
class RealRandom : public Random {
public:
    void fill(std::span<std::uint8_t> out) override;
};

}  // namespace nk::host
