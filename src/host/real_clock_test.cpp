#include "host/real_clock.h"

#include <array>
#include <ctime>
#include <set>

#include <gtest/gtest.h>

namespace nk::host {
namespace {

TEST(RealClock, never_goes_back_and_knows_the_year) {
    const RealClock clock;
    MonoTime before = clock.now();
    for (int i = 0; i < 1'000; ++i) {
        const MonoTime now = clock.now();
        ASSERT_GE(now, before);
        before = now;
    }
    const std::int64_t second = clock.wall().ns / 1'000'000'000;
    EXPECT_LE(std::abs(second - std::int64_t{std::time(nullptr)}), 1);
}

TEST(RealRandom, fills_all_of_what_it_is_given_with_other_bytes_each_time) {
    RealRandom random;
    std::set<std::array<std::uint8_t, 16>> seen;
    for (int i = 0; i < 100; ++i) {
        std::array<std::uint8_t, 16> bytes{};
        random.fill(bytes);
        seen.insert(bytes);
    }
    EXPECT_EQ(seen.size(), 100U);
    std::vector<std::uint8_t> large(5'000, 0);
    random.fill(large);
    EXPECT_GT(std::set<std::uint8_t>(large.begin() + 4'000, large.end()).size(), 100U);
    random.fill({});
}

}  // namespace
}  // namespace nk::host
