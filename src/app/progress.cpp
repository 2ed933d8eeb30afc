#include "app/progress.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "app/aside.h"

namespace nk::app {

namespace {
constexpr int bar_cells = 24;
}

std::string progress_text(double part, std::uint64_t packets, std::uint64_t recordings) {
    std::string bar;
    if (part >= 0) {
        const int full = static_cast<int>(std::lround(std::clamp(part, 0.0, 1.0) * bar_cells));
        for (int i = 0; i < bar_cells; ++i)
            bar += i < full ? "━" : "╌";
        bar += fmt::format(" {:3.0f} %  ", 100 * std::clamp(part, 0.0, 1.0));
    }
    return fmt::format("{}{} packet{}, {} recording{}", bar, packets, packets == 1 ? "" : "s",
                       recordings, recordings == 1 ? "" : "s");
}

Progress::Progress(const Clock& clock, bool wanted)
    : clock_(clock), on_(wanted && ::isatty(STDERR_FILENO) == 1), last_(clock.now()) {}

Progress::~Progress() {
    clear();
}

void Progress::show(double part, std::uint64_t packets, std::uint64_t recordings) {
    if (!on_ || clock_.now() - last_ < milliseconds(100))
        return;
    last_ = clock_.now();
    shown_ = true;
    say_aside("\r\x1b[K{}", progress_text(part, packets, recordings));
    std::fflush(stderr);
}

void Progress::clear() {
    if (!shown_)
        return;
    shown_ = false;
    say_aside("\r\x1b[K");
    std::fflush(stderr);
}

}  // namespace nk::app
