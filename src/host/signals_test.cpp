#include "host/signals.h"

#include <gtest/gtest.h>

namespace nk::host {
namespace {

TEST(StopFlag, is_raised_by_each_signal_and_stays_so) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        const StopFlag stop;
        EXPECT_FALSE(stop.is_raised());
        raise(signal);
        EXPECT_TRUE(stop.is_raised());
        raise(signal);
        EXPECT_TRUE(stop.is_raised());
    }
}

TEST(StopFlag, counts_the_signals) {
    const StopFlag stop;
    EXPECT_EQ(stop.times(), 0);
    for (const int signal : {SIGINT, SIGTERM, SIGINT})
        raise(signal);
    EXPECT_EQ(stop.times(), 3);
    for (int i = 0; i < 1'000; ++i)
        raise(SIGINT);
    EXPECT_GE(stop.times(), 3);
}

TEST(StopFlag, goes_on_when_the_terminal_went_away_and_that_was_to_be_ignored) {
    std::signal(SIGHUP, SIG_IGN);
    {
        const StopFlag stop;
        raise(SIGHUP);
        EXPECT_FALSE(stop.is_raised());
    }
    std::signal(SIGHUP, SIG_DFL);
}

TEST(StopFlag, gives_the_signals_back) {
    struct sigaction before{};
    sigaction(SIGTERM, nullptr, &before);
    {
        const StopFlag stop;
    }
    struct sigaction after{};
    sigaction(SIGTERM, nullptr, &after);
    EXPECT_EQ(before.sa_handler, after.sa_handler);
}

}  // namespace
}  // namespace nk::host
