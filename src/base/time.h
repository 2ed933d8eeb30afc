#pragma once
// Two of the three times (the third, RTP's media time, is a bare 32-bit count with its own clock
// rate).
//
// MonoTime never goes back and never leaps: all ordering, holding and placing uses it.
// WallTime is what a clock on the wall showed (UTC, nanoseconds since 1970): it names a recording.
// The two do not mix by accident; only who owns both clocks can say how they relate.

#include <chrono>
#include <compare>
#include <cstdint>
#include <limits>

namespace nk {

using Nanos = std::chrono::nanoseconds;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct MonoTime {
    std::int64_t ns = 0;
    auto operator<=>(const MonoTime&) const = default;
};

struct WallTime {
    std::int64_t ns = 0;
    auto operator<=>(const WallTime&) const = default;
};

// Times that a file or a stranger made up may lie centuries apart: sums stop at the ends of time.
inline std::int64_t add_or_end(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) [[unlikely]]
        return a < 0 ? std::numeric_limits<std::int64_t>::min()
                     : std::numeric_limits<std::int64_t>::max();
    return sum;
}
inline std::int64_t subtract_or_end(std::int64_t a, std::int64_t b) {
    std::int64_t rest = 0;
    if (__builtin_sub_overflow(a, b, &rest)) [[unlikely]]
        return a < 0 ? std::numeric_limits<std::int64_t>::min()
                     : std::numeric_limits<std::int64_t>::max();
    return rest;
}

inline Nanos operator-(MonoTime a, MonoTime b) {
    return Nanos(subtract_or_end(a.ns, b.ns));
}
inline MonoTime operator+(MonoTime t, Nanos d) {
    return {add_or_end(t.ns, d.count())};
}
inline MonoTime operator-(MonoTime t, Nanos d) {
    return {subtract_or_end(t.ns, d.count())};
}
inline Nanos operator-(WallTime a, WallTime b) {
    return Nanos(subtract_or_end(a.ns, b.ns));
}
inline WallTime operator+(WallTime t, Nanos d) {
    return {add_or_end(t.ns, d.count())};
}

inline std::int64_t to_ms(Nanos d) {
    return d.count() / 1'000'000;
}

}  // namespace nk
