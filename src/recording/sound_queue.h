#pragma once
// Decoded sound that waits to be written: runs of samples, each at its place on the time line.
//
// Runs are appended in order and do not overlap. take() adds what lies in a window to a channel of
// an interleaved buffer, at the buffer's rate; a run at a lower rate is interpolated so that its
// own samples stay as they are.

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "recording/ticks.h"
#include "sound/codec.h"
#include "sound/interpolate.h"

namespace nk::recording {

class SoundQueue {
public:
    // Where decoded samples for `at` can be appended directly: opens a run there, or goes on with
    // the last one.
    sound::Samples& room_at(Ticks at, std::uint32_t rate_hz);
    // The end of the last run.
    [[nodiscard]] Ticks end() const;
    [[nodiscard]] bool empty() const { return runs_.empty(); }

    // Adds [from, to) to `out`, whose frames have `channels` samples at `rate_hz`, and forgets it.
    // Requires: from and to on the grid, not before an earlier take's `to`.
    void take(Ticks from, Ticks to, std::uint32_t rate_hz, std::span<std::int16_t> out,
              std::size_t channel, std::size_t channels);

private:
    struct Run {
        Ticks from = 0;  // of the very first sample, also when it is long gone
        std::uint32_t rate_hz = 0;
        std::size_t gone = 0;    // samples already taken and dropped from the front of `samples`
        std::size_t used = 0;    // of `samples`: already taken
        std::size_t pushed = 0;  // of `samples`: given to the interpolator
        sound::Samples samples;
        std::unique_ptr<sound::Interpolator> up;
        std::vector<std::int16_t> raised;  // interpolated, not yet taken
        std::size_t raised_gone = 0;       // interpolated frames taken so far
        bool closed = false;               // nothing can be appended any more
        [[nodiscard]] Ticks end() const {
            return from + static_cast<Ticks>(gone + samples.size()) * (ticks_per_second / rate_hz);
        }
        void drop_used();
    };
    static void take_exact(Run& run, Ticks from, Ticks to, std::span<std::int16_t> out,
                           std::size_t channel, std::size_t channels);
    static void take_raised(Run& run, Ticks from, Ticks to, std::uint32_t rate_hz,
                            std::span<std::int16_t> out, std::size_t channel, std::size_t channels);
    std::deque<Run> runs_;
};

}  // namespace nk::recording
