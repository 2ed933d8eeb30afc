#include "host/real_clock.h"

#include <cerrno>
#include <ctime>
#include <thread>

#include <sys/random.h>

#include "base/check.h"

namespace nk::host {

namespace {
std::int64_t read_clock(clockid_t which) {
    timespec t{};
    NK_CHECK(clock_gettime(which, &t) == 0);
    return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}
}  // namespace

void wait_for(Nanos length) {
    std::this_thread::sleep_for(length);
}

MonoTime RealClock::now() const {
    return {read_clock(CLOCK_MONOTONIC)};
}

WallTime RealClock::wall() const {
    return {read_clock(CLOCK_REALTIME)};
}

void RealRandom::fill(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const ssize_t got = getrandom(out.data(), out.size(), 0);
        NK_CHECK(got > 0 || errno == EINTR);  // getrandom(2) knows no other failure for us
        if (got > 0)
            out = out.subspan(static_cast<std::size_t>(got));
    }
}

}  // namespace nk::host
