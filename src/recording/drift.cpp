#include "recording/drift.h"

#include <algorithm>
#include <cmath>

namespace nk::recording {

namespace {

constexpr Nanos stretch_lasts = seconds(5);
constexpr std::size_t packets_needed = 20;
constexpr Ticks ms = ticks_per_second / 1'000;
// Crystals are within 200 ppm; what moves faster is no clock.
constexpr double steepest = 1'000e-6 * 5 * ticks_per_second;
constexpr double flattest = 5e-6 * 5 * ticks_per_second;
constexpr double off_the_line_max = 3.0 * ms;
// Of two sides, one ahead and one behind, twice that must not be heard.
constexpr Ticks worth_correcting = 6 * ms;

}  // namespace

Ticks DriftWatch::see(MonoTime now, Ticks deviation) {
    if (packets_ == 0)
        stretch_began_ = now;
    least_ = packets_ == 0 ? deviation : std::min(least_, deviation);
    ++packets_;
    if (now - stretch_began_ < stretch_lasts || packets_ < packets_needed)
        return 0;
    packets_ = 0;
    if (known_ == 0)
        began_at_ = least_;
    else
        ++since_;
    if (known_ == stretches)
        std::rotate(least_of_.begin(), least_of_.begin() + 1, least_of_.end());
    else
        ++known_;
    least_of_[known_ - 1] = least_;
    return known_ == stretches ? judge() : 0;
}

// A straight line by least squares through the stretches 0 .. n-1.
Ticks DriftWatch::judge() const {
    constexpr double middle = (stretches - 1) / 2.0;
    double mean = 0;
    for (const auto least : least_of_)
        mean += static_cast<double>(least) / stretches;
    double up = 0;
    double across = 0;
    for (std::size_t i = 0; i < stretches; ++i) {
        const double x = static_cast<double>(i) - middle;
        up += x * (static_cast<double>(least_of_[i]) - mean);
        across += x * x;
    }
    const double slope = up / across;
    if (std::abs(slope) > steepest || std::abs(slope) < flattest)
        return 0;
    double off_the_line = 0;
    for (std::size_t i = 0; i < stretches; ++i) {
        const double on_line = mean + slope * (static_cast<double>(i) - middle);
        off_the_line =
            std::max(off_the_line, std::abs(static_cast<double>(least_of_[i]) - on_line));
    }
    if (off_the_line > off_the_line_max)
        return 0;
    const auto drift = static_cast<Ticks>(mean + slope * middle) - began_at_;
    const double expected = slope * static_cast<double>(since_);
    const double agreement = static_cast<double>(drift) / expected;
    const bool goes_on = agreement > 0.5 && agreement < 2.0;
    if (!goes_on || std::abs(drift) < worth_correcting)
        return 0;
    return off_the_line <= std::abs(static_cast<double>(drift)) / 4 ? drift : 0;
}

// What is left of the drift is told from here on.
void DriftWatch::move(Ticks by) {
    since_ = 0;
    least_ += by;
    for (auto& least : least_of_)
        least += by;
}

}  // namespace nk::recording
