#pragma once
// The machine's steady clock as a bare count of nanoseconds, which is all that pacing needs.

#include <cstdint>
#include <ctime>

namespace nk::load {

inline constexpr std::int64_t second_ns = 1'000'000'000;
inline constexpr std::int64_t millisecond_ns = 1'000'000;

inline std::int64_t now_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * second_ns + now.tv_nsec;
}

}  // namespace nk::load
