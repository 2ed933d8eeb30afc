#pragma once
// The world's clocks and chance, as a room sees them. host/ has the real ones; tests hold their
// own.

#include <cstdint>
#include <span>

#include "base/time.h"

namespace nk {

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual MonoTime now() const = 0;
    [[nodiscard]] virtual WallTime wall() const = 0;
};

class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace nk
