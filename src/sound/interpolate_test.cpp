#include "sound/interpolate.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nk::sound {
namespace {

using Pcm = std::vector<std::int16_t>;

Pcm interpolated(const Pcm& in, std::uint32_t factor, std::size_t at_once = 160) {
    Interpolator interpolator(factor);
    Pcm out;
    for (std::size_t at = 0; at < in.size(); at += at_once)
        interpolator.push(std::span(in).subspan(at, std::min(at_once, in.size() - at)), out);
    interpolator.flush(out);
    return out;
}

double tone(double hz, double rate_hz, double amplitude, std::size_t i) {
    return amplitude * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz);
}

Pcm sine(double hz, double rate_hz, double amplitude, std::size_t count) {
    Pcm out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::int16_t>(std::lround(tone(hz, rate_hz, amplitude, i)));
    return out;
}

// Of the stretch where the filter sees the tone on both sides, against the tone itself.
double snr_db(const Pcm& out, double hz, double rate_hz, double amplitude) {
    double signal = 0;
    double error = 0;
    for (std::size_t i = out.size() / 4; i < out.size() * 3 / 4; ++i) {
        const double truth = tone(hz, rate_hz, amplitude, i);
        signal += truth * truth;
        error += (out[i] - truth) * (out[i] - truth);
    }
    return 10 * std::log10(signal / error);
}

RC_GTEST_PROP(Interpolator, keeps_every_original_bit_for_bit, ()) {
    const auto factor = *rc::gen::inRange(1U, 13U);
    const auto in = *rc::gen::arbitrary<Pcm>();
    const auto out = interpolated(in, factor, *rc::gen::inRange<std::size_t>(1, 400));
    RC_ASSERT(out.size() == in.size() * factor);
    for (std::size_t i = 0; i < in.size(); ++i)
        RC_ASSERT(out[i * factor] == in[i]);
}

RC_GTEST_PROP(Interpolator, gives_the_same_however_the_input_is_cut, ()) {
    const auto factor = *rc::gen::inRange(2U, 7U);
    const auto in = *rc::gen::arbitrary<Pcm>();
    RC_ASSERT(interpolated(in, factor, 1) == interpolated(in, factor, 1'000'000));
}

TEST(Interpolator, puts_a_tone_between_the_samples_where_it_was) {
    for (const std::uint32_t factor : {2U, 3U, 6U}) {
        const double rate_hz = 8'000.0 * factor;
        const auto out = interpolated(sine(1'000, 8'000, 30'000, 8'000), factor);
        EXPECT_GT(snr_db(out, 1'000, rate_hz, 30'000), 80) << factor;
        EXPECT_GT(
            snr_db(interpolated(sine(3'390, 8'000, 30'000, 8'000), factor), 3'390, rate_hz, 30'000),
            80)
            << factor;
    }
}

TEST(Interpolator, keeps_a_constant_constant) {
    const auto out = interpolated(Pcm(1'000, 12'345), 6);
    for (std::size_t i = 400; i < 5'600; ++i)
        ASSERT_EQ(out[i], 12'345) << i;
}

TEST(Interpolator, saturates_where_the_wave_goes_beyond_full_scale) {
    Pcm square;
    for (int i = 0; i < 400; ++i)
        square.push_back(i / 8 % 2 == 0 ? 32'767 : -32'768);
    const auto out = interpolated(square, 4);
    // Without saturation the overshoot after an edge would wrap to the other sign.
    for (std::size_t i = 40; i + 40 < out.size(); ++i)
        ASSERT_TRUE(i / 4 % 8 == 7 || (out[i] > 0) == (square[i / 4] > 0)) << i;
}

TEST(Interpolator, lags_as_much_as_it_says) {
    Interpolator interpolator(2);
    Pcm out;
    interpolator.push(Pcm(interpolator.lag(), 1), out);
    EXPECT_TRUE(out.empty());
    interpolator.push(Pcm(1, 1), out);
    EXPECT_EQ(out.size(), 2U);
    EXPECT_EQ(Interpolator(1).lag(), 0U);
}

}  // namespace
}  // namespace nk::sound
