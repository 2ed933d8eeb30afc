#pragma once
// For tests only: chance that is the same each time, and looks like none.

#include <cstdint>
#include <span>

#include "base/clock.h"

namespace nk::testing {

class StirredRandom : public Random {
public:
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out) {
            state_ = state_ * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
            byte = static_cast<std::uint8_t>(state_ >> 56U);
        }
    }

private:
    std::uint64_t state_ = 1;
};

}  // namespace nk::testing
