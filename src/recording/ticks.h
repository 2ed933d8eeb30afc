#pragma once
// Positions on a call's time line, as a whole number of ticks since the call's zero.
//
// A tick is 1/14,112,000 s: every sample rate and RTP clock of telephony (8, 11.025, 12, 16, 22.05,
// 24, 32, 44.1, 48 and 96 kHz) divides it, so that placing samples is exact arithmetic and never
// rounds. 2^63 ticks are 20,000 years.

#include <cstdint>

#include "base/time.h"

namespace nk::recording {

using Ticks = std::int64_t;

inline constexpr Ticks ticks_per_second = 14'112'000;
// Origins are put on the grid of the lowest rate, so that every higher one falls on it too.
inline constexpr Ticks grid = ticks_per_second / 8'000;

constexpr Ticks to_ticks(Nanos d) {
    constexpr std::int64_t ns_per_ms = 1'000'000;
    return d.count() / ns_per_ms * (ticks_per_second / 1000) +
           d.count() % ns_per_ms * (ticks_per_second / 1000) / ns_per_ms;
}
constexpr Nanos to_nanos(Ticks t) {
    constexpr std::int64_t per_ms = ticks_per_second / 1000;
    return Nanos(t / per_ms * 1'000'000 + t % per_ms * 1'000'000 / per_ms);
}
// Rounds towards the past, also for positions before zero.
constexpr Ticks on_grid(Ticks t) {
    const Ticks rest = t % grid;
    return rest < 0 ? t - rest - grid : t - rest;
}
// Rates that one file can hold together, because a common multiple of them is a rate too. Those of
// music (11,025 Hz and its multiples) are not among them.
constexpr bool is_exact(std::uint32_t rate_hz) {
    return rate_hz != 0 && 192'000 % rate_hz == 0 && ticks_per_second % rate_hz == 0;
}

}  // namespace nk::recording
