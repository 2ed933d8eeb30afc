#include "app/patience.h"

#include <gtest/gtest.h>

namespace nk::app {
namespace {

constexpr MonoTime begin{1'000'000'000'000};

TEST(Patience, ends_with_the_third_signal_a_second_after_the_first) {
    Patience patience;
    patience.see(0, begin);
    patience.see(1, begin + milliseconds(200));
    patience.see(2, begin + seconds(60));
    EXPECT_FALSE(patience.is_over());
    patience.see(3, begin + seconds(60));
    EXPECT_TRUE(patience.is_over());
}

TEST(Patience, does_not_end_with_signals_that_come_together) {
    Patience patience;
    patience.see(1, begin);
    patience.see(5, begin + milliseconds(900));
    for (int at = 1; at < 100; ++at)
        patience.see(5, begin + seconds(at));
    EXPECT_FALSE(patience.is_over());
    patience.see(6, begin + seconds(100));
    EXPECT_TRUE(patience.is_over());
}

TEST(Patience, is_told_once_how_not_to_wait) {
    Patience patience;
    patience.see(0, begin);
    EXPECT_FALSE(patience.is_to_be_told(begin + seconds(60)));
    patience.see(1, begin + seconds(60));
    EXPECT_FALSE(patience.is_to_be_told(begin + seconds(62)));
    EXPECT_TRUE(patience.is_to_be_told(begin + seconds(63)));
    EXPECT_FALSE(patience.is_to_be_told(begin + seconds(64)));
}

}  // namespace
}  // namespace nk::app
