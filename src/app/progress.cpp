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

std::string bar_text(double part) {
    std::string bar;
    if (part < 0)
        return bar;
    const int full = static_cast<int>(std::lround(std::clamp(part, 0.0, 1.0) * bar_cells));
    for (int i = 0; i < bar_cells; ++i)
        bar += i < full ? "━" : "╌";
    return bar + fmt::format(" {:3.0f} %  ", 100 * std::clamp(part, 0.0, 1.0));
}

}  // namespace

std::string work_text(std::size_t done, std::size_t all, Nanos since) {
    const double part = all == 0 ? 1 : static_cast<double>(done) / static_cast<double>(all);
    std::string left;
    if (done > 0 && done < all && since > seconds(2)) {
        const auto s = static_cast<double>(since.count()) / 1e9 * (1 - part) / part;
        left =
            s < 90 ? fmt::format(", {:.0f} s to go", s) : fmt::format(", {:.0f} min to go", s / 60);
    }
    return fmt::format("{}{} of {}{}", bar_text(part), done, all, left);
}

std::string progress_text(double part, std::uint64_t packets, std::uint64_t recordings) {
    return fmt::format("{}{} packet{}, {} recording{}", bar_text(part), packets,
                       packets == 1 ? "" : "s", recordings, recordings == 1 ? "" : "s");
}

Progress::Progress(const Clock& clock, bool wanted)
    : clock_(clock), on_(wanted && ::isatty(STDERR_FILENO) == 1), last_(clock.now()) {}

Progress::~Progress() {
    clear();
}

void Progress::show(double part, std::uint64_t packets, std::uint64_t recordings) {
    if (on_ && clock_.now() - last_ >= milliseconds(100))
        show_text(progress_text(part, packets, recordings));
}

void Progress::show_work(std::size_t done, std::size_t all, Nanos since) {
    if (on_ && clock_.now() - last_ >= milliseconds(100))
        show_text(work_text(done, all, since));
}

void Progress::show_text(const std::string& text) {
    if (!on_ || clock_.now() - last_ < milliseconds(100))
        return;
    last_ = clock_.now();
    shown_ = true;
    say_aside("\r\x1b[K{}", text);
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
