#include "host/loop.h"

#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "host/real_clock.h"

namespace nk::host {
namespace {

MonoTime in(Nanos wait) {
    return RealClock().now() + wait;
}

TEST(Loop, runs_what_is_posted_in_its_order) {
    Loop loop;
    std::vector<int> ran;
    for (int i = 0; i < 3; ++i)
        loop.post([&ran, i] { ran.push_back(i); });
    loop.run_until(in(seconds(10)), [&] { return ran.size() == 3; });
    EXPECT_EQ(ran, (std::vector{0, 1, 2}));
}

TEST(Loop, takes_work_from_other_threads_while_it_waits) {
    Loop loop;
    int ran = 0;
    const auto mine = std::this_thread::get_id();
    const std::jthread other([&] {
        for (int i = 0; i < 1'000; ++i)
            loop.post([&] {
                EXPECT_EQ(std::this_thread::get_id(), mine);
                ++ran;
            });
    });
    loop.run_until(in(seconds(10)), [&] { return ran == 1'000; });
    EXPECT_EQ(ran, 1'000);
}

TEST(Loop, returns_at_its_deadline_when_nothing_happens) {
    Loop loop;
    const auto begin = RealClock().now();
    loop.run_until(begin + milliseconds(20));
    EXPECT_GE(RealClock().now() - begin, milliseconds(20));
    loop.run_until(begin);  // one that has passed
}

TEST(Loop, returns_at_its_deadline_when_there_is_always_something_to_do) {
    Loop loop;
    std::function<void()> again = [&] { loop.post(again); };
    again();
    loop.run_until(in(milliseconds(20)));
}

TEST(Loop, stops_when_another_thread_asks_and_can_go_on_then) {
    Loop loop;
    const std::jthread other([&] { loop.stop(); });
    loop.run();
    bool ran = false;
    loop.post([&] { ran = true; });
    loop.run_until(in(seconds(10)), [&] { return ran; });
    EXPECT_TRUE(ran);
}

TEST(Loop, stops_at_once_when_it_was_asked_before_it_ran) {
    Loop loop;
    loop.stop();
    loop.run();
}

TEST(Loop, calls_a_timer_every_period) {
    Loop loop;
    int calls = 0;
    const auto begin = RealClock().now();
    const auto timer = loop.every(milliseconds(5), [&] { ++calls; });
    loop.run_until(in(seconds(10)), [&] { return calls == 4; });
    EXPECT_EQ(calls, 4);
    EXPECT_GE(RealClock().now() - begin, milliseconds(20));
}

TEST(Loop, does_not_make_up_for_calls_that_a_slow_one_missed) {
    Loop loop;
    int calls = 0;
    const auto timer = loop.every(milliseconds(5), [&] {
        const auto end = in(milliseconds(100));
        while (calls == 0 && RealClock().now() < end)
            std::this_thread::yield();
        ++calls;
    });
    loop.run_until(in(milliseconds(120)));
    EXPECT_GE(calls, 1);
    EXPECT_LE(calls, 6);  // and not 24
}

TEST(Loop, lets_a_timer_go_in_its_own_call_and_calls_it_no_more) {
    Loop loop;
    int calls = 0;
    std::optional<Loop::Timer> timer;
    timer = loop.every(milliseconds(1), [&] {
        ++calls;
        timer.reset();
    });
    loop.run_until(in(milliseconds(20)));
    EXPECT_EQ(calls, 1);
    auto gone = loop.every(milliseconds(1), [&] { ++calls; });
    gone = {};
    loop.run_until(in(milliseconds(20)));
    EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace nk::host
