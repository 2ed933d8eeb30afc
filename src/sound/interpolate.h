#pragma once
// From a low sample rate to a whole multiple of it, with every original sample kept bit for bit.
//
// The filter is an L-th band one: at multiples of L its output is the input itself, in between it
// is band-limited interpolation. So a file at the highest rate of its parties still holds exactly
// what was received, and every L-th sample gives it back.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nk::sound {

class Interpolator {
public:
    // Multiplies the rate by `factor` (1..12).
    explicit Interpolator(std::uint32_t factor);
    // Appends output to `out`. The output lags the input by lag() input samples; flush() gives the
    // rest. In all, n samples in give n * factor out.
    void push(std::span<const std::int16_t> in, std::vector<std::int16_t>& out);
    void flush(std::vector<std::int16_t>& out);
    [[nodiscard]] std::uint32_t factor() const { return factor_; }
    [[nodiscard]] std::size_t lag() const;

private:
    void emit(std::size_t inputs, std::vector<std::int16_t>& out);

    std::uint32_t factor_;
    std::vector<float> taps_;     // factor - 1 rows of 2 * lag(): one per output between two inputs
    std::vector<float> history_;  // lag() - 1 inputs of the past, then those still to be put out
};

}  // namespace nk::sound
