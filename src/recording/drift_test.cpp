#include "recording/drift.h"

#include <cstdint>
#include <functional>

#include <gtest/gtest.h>

namespace nk::recording {
namespace {

constexpr double ms = ticks_per_second / 1'000.0;

// The corrections in all, in ms, of a stream whose packets come every 20 ms and so much later than
// their place. Each correction moves the stream, as Stream does.
double corrected_ms(double lasts_s, const std::function<double(double at_s)>& late_ms) {
    DriftWatch watch;
    double moved = 0;
    for (double at_s = 0; at_s < lasts_s; at_s += 0.02) {
        const Ticks drift = watch.see(MonoTime{static_cast<std::int64_t>(at_s * 1e9)},
                                      static_cast<Ticks>((late_ms(at_s) - moved) * ms));
        moved += static_cast<double>(drift) / ms;
        if (drift != 0)
            watch.move(-drift);
    }
    return moved;
}

class Jitter {
public:
    explicit Jitter(double most_ms) : most_ms_(most_ms) {}
    double operator()() {
        chance_ = chance_ * 1'664'525U + 1'013'904'223U;
        return (chance_ >> 8U) % 1'000 * 0.001 * most_ms_;
    }

private:
    double most_ms_;
    std::uint32_t chance_ = 7;
};

TEST(drift, is_followed_whatever_the_jitter) {
    for (const double ppm : {-200.0, -50.0, 20.0, 100.0, 200.0})
        for (const double jitter_ms : {0.0, 1.0, 30.0}) {
            Jitter jitter(jitter_ms);
            const double lasts_s = 3'600;
            const double corrected =
                corrected_ms(lasts_s, [&](double at_s) { return at_s * ppm * 1e-3 + jitter(); });
            EXPECT_NEAR(corrected, lasts_s * ppm * 1e-3, 12) << ppm << " " << jitter_ms;
        }
}

// Another route, a queue that fills, a sender that was held up: the time stamps are right all the
// same, and nothing is moved.
TEST(drift, is_no_step) {
    for (const double step_ms : {-40.0, -7.0, 6.5, 7.0, 9.0, 40.0})
        for (const double after_s : {1.0, 4.0, 6.0, 12.0, 17.0, 27.0, 33.0, 100.0}) {
            Jitter jitter(0.5);
            EXPECT_EQ(
                corrected_ms(
                    600, [&](double at_s) { return (at_s < after_s ? 0 : step_ms) + jitter(); }),
                0)
                << step_ms << " after " << after_s;
        }
}

TEST(drift, is_no_stretch_that_lies_by_itself) {
    for (const double by_ms : {-12.0, -7.0, 7.0, 12.0})
        for (const double from_s : {0.0, 5.0, 12.0, 40.0}) {
            Jitter jitter(0.5);
            EXPECT_EQ(corrected_ms(300,
                                   [&](double at_s) {
                                       return (at_s >= from_s && at_s < from_s + 5 ? by_ms : 0) +
                                              jitter();
                                   }),
                      0)
                << by_ms << " from " << from_s;
        }
}

}  // namespace
}  // namespace nk::recording
