#pragma once
// Finds out whether a sender's clock goes faster or slower than ours: by the least delay of each
// stretch of some seconds, which jitter does not move, and a line through several of them. A clock
// goes on as it began: what the line says must be what has come together since then. A step, as of
// another route, is none, nor is a stretch that lies by itself.

#include <array>
#include <cstddef>

#include "base/time.h"
#include "recording/ticks.h"

namespace nk::recording {

class DriftWatch {
public:
    // A packet that came at `now`, and `deviation` later than its place. How far the stream has
    // drifted since it began, when that is beyond doubt and worth correcting: above 0 it is behind,
    // below 0 ahead. Otherwise 0.
    Ticks see(MonoTime now, Ticks deviation);
    // The stream or the time line was moved, so that deviations are larger by so much from now on.
    void move(Ticks by);
    // The stream was placed anew.
    void restart() { *this = DriftWatch(); }

private:
    static constexpr std::size_t stretches = 6;
    [[nodiscard]] Ticks judge() const;

    MonoTime stretch_began_{};
    std::size_t packets_ = 0;  // of this stretch
    Ticks least_ = 0;
    std::array<Ticks, stretches> least_of_{};  // the last ones, oldest first
    std::size_t known_ = 0;
    Ticks began_at_ = 0;     // the first stretch's
    std::size_t since_ = 0;  // stretches since then, or since the last correction
};

}  // namespace nk::recording
