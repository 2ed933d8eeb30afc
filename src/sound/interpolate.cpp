#include "sound/interpolate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/check.h"

namespace nk::sound {

namespace {

constexpr std::uint32_t factor_max = 12;
constexpr std::size_t reach = 32;  // inputs looked at on each side of an output

// Kaiser's window for 100 dB of attenuation. With 64 inputs in reach the filter passes what lies
// below 0.9 of the input's band and stops the first image from 1.1 of it on.
constexpr double kaiser_beta = 10.06;

// The modified Bessel function of the first kind, order 0, by its series.
double bessel_i0(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; k < 60; ++k) {
        term *= x / (2 * k) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

// Windowed sinc at `t` inputs from its middle.
double kernel(double t) {
    const double edge = t / static_cast<double>(reach);
    if (std::abs(edge) >= 1)
        return 0;
    const double window =
        bessel_i0(kaiser_beta * std::sqrt(1 - edge * edge)) / bessel_i0(kaiser_beta);
    const double x = std::numbers::pi * t;
    return window * (x == 0 ? 1 : std::sin(x) / x);
}

// Eight sums side by side, so that the compiler may use the processor's vectors without being
// allowed to change what floats add up to.
float dot(const float* a, const float* b) {
    constexpr std::size_t lanes = 8;
    static_assert(2 * reach % lanes == 0);
    std::array<float, lanes> sums{};
    for (std::size_t i = 0; i < 2 * reach; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] += a[i + lane] * b[i + lane];
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) +
           ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

std::int16_t saturated(float value) {
    return static_cast<std::int16_t>(std::lrintf(std::clamp(value, -32'768.0F, 32'767.0F)));
}

}  // namespace

Interpolator::Interpolator(std::uint32_t factor) : factor_(factor), history_(reach - 1) {
    NK_CHECK(factor >= 1 && factor <= factor_max);
    for (std::uint32_t phase = 1; phase < factor; ++phase) {
        const double between = static_cast<double>(phase) / factor;
        std::array<double, 2 * reach> row{};
        double sum = 0;
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = kernel(static_cast<double>(i) - static_cast<double>(reach - 1) - between);
            sum += row[i];
        }
        for (const double tap : row)
            taps_.push_back(static_cast<float>(tap / sum));  // a constant stays that constant
    }
}

std::size_t Interpolator::lag() const {
    return factor_ == 1 ? 0 : reach;
}

// Puts out `inputs` inputs with what lies between each and its successor.
void Interpolator::emit(std::size_t inputs, std::vector<std::int16_t>& out) {
    out.reserve(out.size() + inputs * factor_);
    for (std::size_t at = 0; at < inputs; ++at) {
        const float* first = history_.data() + at;
        out.push_back(static_cast<std::int16_t>(first[reach - 1]));
        for (std::size_t row = 0; row < taps_.size(); row += 2 * reach)
            out.push_back(saturated(dot(taps_.data() + row, first)));
    }
    history_.erase(history_.begin(), history_.begin() + static_cast<std::ptrdiff_t>(inputs));
}

void Interpolator::push(std::span<const std::int16_t> in, std::vector<std::int16_t>& out) {
    if (factor_ == 1) {
        out.insert(out.end(), in.begin(), in.end());
        return;
    }
    history_.insert(history_.end(), in.begin(), in.end());
    if (history_.size() >= 2 * reach)
        emit(history_.size() - (2 * reach - 1), out);
}

void Interpolator::flush(std::vector<std::int16_t>& out) {
    if (factor_ == 1)
        return;
    const std::size_t pending = history_.size() - (reach - 1);
    history_.insert(history_.end(), reach, 0.0F);
    emit(pending, out);
    history_.assign(reach - 1, 0.0F);  // as new
}

}  // namespace nk::sound
