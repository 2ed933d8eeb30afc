#pragma once
// SIGINT, SIGTERM and SIGHUP (a terminal that went away, unless it is ignored) as a flag that a
// loop looks at. The signals interrupt what waits, and do nothing else: whoever sees the flag
// finishes what is running. How many came is counted.

#include <array>
#include <csignal>

namespace nk::host {

// Takes the signals over for as long as it lives; one at a time per process.
class StopFlag {
public:
    StopFlag();
    ~StopFlag();
    StopFlag(const StopFlag&) = delete;
    StopFlag& operator=(const StopFlag&) = delete;

    [[nodiscard]] bool is_raised() const { return times() > 0; }
    // How many signals came.
    [[nodiscard]] int times() const;

private:
    std::array<struct sigaction, 3> before_{};
};

}  // namespace nk::host
