#include "intake/siprec/arrivals.h"

#include <utility>

#include <gtest/gtest.h>

#include "base/testing_clock.h"

namespace nk::siprec {
namespace {

using TwoClocks = nk::testing::HeldClock;

TEST(arrivals, are_told_by_the_wall_while_it_is_not_set) {
    TwoClocks clock;
    Arrivals arrivals(clock);
    const MonoTime empty = clock.mono;
    clock.pass(milliseconds(40));
    const WallTime noted = clock.on_wall;
    clock.pass(milliseconds(20));
    arrivals.look();
    EXPECT_EQ(arrivals.of(noted, empty), clock.mono - milliseconds(20));
}

// A sweep over thousands of sockets lasts some milliseconds: what comes meanwhile is not early.
TEST(arrivals, are_told_of_what_comes_while_it_is_read) {
    TwoClocks clock;
    Arrivals arrivals(clock);
    arrivals.look();
    const MonoTime empty = clock.mono;
    clock.pass(milliseconds(5));
    const WallTime noted = clock.on_wall;
    clock.pass(milliseconds(1));
    EXPECT_EQ(arrivals.of(noted, empty), clock.mono - milliseconds(1));
}

// We were held up between the two clocks.
TEST(arrivals, are_not_early_when_the_clocks_were_not_read_at_once) {
    class HeldUp : public TwoClocks {
    public:
        [[nodiscard]] WallTime wall() const override {
            auto& self = const_cast<HeldUp&>(*this);
            self.pass(std::exchange(self.holds, Nanos(0)));
            return on_wall;
        }
        Nanos holds{};
    } clock;
    Arrivals arrivals(clock);
    const MonoTime came = clock.mono;
    const WallTime noted = clock.on_wall;
    clock.holds = milliseconds(8);
    arrivals.look();
    EXPECT_EQ(arrivals.of(noted, MonoTime{}), came);
}

// A pause began when the socket was found empty: what came then is not from before it.
TEST(arrivals, are_not_put_before_a_pause_by_a_wall_that_was_set_ahead) {
    TwoClocks clock;
    Arrivals arrivals(clock);
    const MonoTime paused = clock.mono;
    clock.pass(milliseconds(10));
    const WallTime noted = clock.on_wall;
    clock.on_wall = clock.on_wall + seconds(5);
    clock.pass(milliseconds(10));
    arrivals.look();
    EXPECT_GE(arrivals.of(noted, paused), paused);
}

// And a packet that is read when a pause ends came before that, whatever the wall says now.
TEST(arrivals, are_not_put_behind_the_reading_by_a_wall_that_was_set_back) {
    TwoClocks clock;
    Arrivals arrivals(clock);
    const MonoTime empty = clock.mono;
    clock.pass(milliseconds(10));
    const WallTime noted = clock.on_wall;
    clock.on_wall = clock.on_wall + Nanos(-seconds(5));
    clock.pass(milliseconds(10));
    arrivals.look();
    EXPECT_EQ(arrivals.of(noted, empty), clock.mono);
}

}  // namespace
}  // namespace nk::siprec
