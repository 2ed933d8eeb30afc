// Whose fault a missing packet is: made-up drops beside made-up losses.

#include "recording/drops.h"

#include <gtest/gtest.h>

#include "recording/testing_call.h"

namespace nk::recording {
namespace {

using testing::Recorded;
using testing::TestCall;

constexpr MonoTime zero{1'000'000'000};

MonoTime at(std::int64_t ms) {
    return zero + milliseconds(ms);
}

// "3 ours, 2 lost": why so many are missing between two that came then.
std::string why(Drops& drops, std::uint64_t packets, std::int64_t before_ms, std::int64_t after_ms,
                std::size_t track = 0) {
    std::string out;
    for (const auto& run : drops.why_missing(track, packets, at(before_ms), at(after_ms)))
        out += (out.empty() ? "" : ", ") + std::to_string(run.packets) +
               (run.reason == Reason::ours       ? " ours"
                : run.reason == Reason::withheld ? " withheld"
                                                 : " lost");
    return out;
}

TEST(drops, are_none_where_nothing_was_dropped) {
    Drops drops;
    EXPECT_EQ(why(drops, 3, 0, 80), "3 lost");
    drops.add({at(200), at(300), 50, {}});
    EXPECT_EQ(why(drops, 3, 0, 80), "3 lost");
    EXPECT_EQ(why(drops, 3, 400, 480), "3 lost");
}

TEST(drops, explain_what_is_missing_while_they_lasted) {
    Drops drops;
    drops.add({at(200), at(300), 50, {}});
    EXPECT_EQ(why(drops, 1, 190, 230), "1 ours");
    EXPECT_EQ(why(drops, 6, 180, 320), "6 ours");
    EXPECT_EQ(why(drops, 1, 310, 290), "1 ours");  // came in the wrong order
}

TEST(drops, explain_no_more_than_was_dropped) {
    Drops drops;
    drops.add({at(200), at(300), 4, {}});
    EXPECT_EQ(why(drops, 3, 200, 280), "3 ours");
    EXPECT_EQ(why(drops, 3, 200, 280, 1), "1 ours, 2 lost");  // the tracks share it
    EXPECT_EQ(why(drops, 1, 290, 310), "1 lost");
}

TEST(drops, explain_their_part_of_a_longer_gap) {
    Drops drops;
    drops.add({at(1'000), at(1'500), 1'000, {}});
    // 99 missing in 2 s: 26 of them while we dropped, and a step more on either side.
    EXPECT_EQ(why(drops, 99, 0, 2'000), "48 lost, 28 ours, 23 lost");
}

// Half an hour of it, told a few times a second, is one stretch; another pause is another.
TEST(drops, that_are_withheld_in_pieces_are_joined) {
    Drops drops;
    for (std::int64_t n = 0; n < 30'000; ++n)
        for (const std::size_t track : {0U, 1U})
            drops.add({at(250 * n), at(250 * n + 200), 10, track, true});
    drops.add({at(9'000'000), at(9'000'100), 5, 0, true});
    EXPECT_EQ(why(drops, 6, 8'999'900, 9'000'200), "1 lost, 5 withheld");
    EXPECT_EQ(drops.take_rest(0, Reason::withheld), 300'000U);
    EXPECT_EQ(drops.take_rest(1, Reason::withheld), 300'000U);
}

TEST(drops, of_a_track_are_its_own_and_come_first) {
    Drops drops;
    drops.add({at(100), at(300), 2, {}});
    drops.add({at(150), at(300), 3, 1});
    EXPECT_EQ(why(drops, 4, 100, 300, 0), "2 ours, 2 lost");
    EXPECT_EQ(why(drops, 4, 140, 300, 1), "3 ours, 1 lost");
    EXPECT_EQ(drops.take_rest(1, Reason::ours), 0U);
}

TEST(drops, of_a_track_are_its_own_also_when_the_sender_was_silent_after_them) {
    Drops drops;
    drops.add({at(20), at(60), 3, 0});
    EXPECT_EQ(why(drops, 3, 0, 2'000), "3 ours");
    EXPECT_EQ(drops.take_rest(0, Reason::ours), 0U);
    drops.add(
        {at(4'000), at(4'000), 90, 0});  // as journals of before tell it: when it was the last
    EXPECT_EQ(why(drops, 95, 2'000, 4'020), "5 lost, 90 ours");
    EXPECT_EQ(drops.take_rest(0, Reason::ours), 0U);
}

TEST(drops, that_nobody_misses_are_left_for_the_end) {
    Drops drops;
    drops.add({at(100), at(300), 5, 1});
    drops.add({at(300), at(400), 9, {}});
    EXPECT_EQ(why(drops, 2, 100, 300, 1), "2 ours");
    EXPECT_EQ(drops.take_rest(1, Reason::ours), 3U);
    EXPECT_EQ(drops.take_rest(1, Reason::ours), 0U);
    EXPECT_EQ(drops.take_rest(0, Reason::ours), 0U);
}

TEST(drops, are_found_whatever_the_order_in_which_they_were_told) {
    Drops drops;
    drops.add({at(5'000), at(5'100), 1, {}});
    drops.add({at(0), at(4'000), 1, {}});  // long, and begins before all the others
    drops.add({at(100), at(110), 1, {}});
    drops.add({at(120), at(130), 1, {}});
    EXPECT_EQ(why(drops, 1, 3'900, 3'940), "1 ours");
    EXPECT_EQ(why(drops, 1, 3'900, 3'940), "1 lost");
    EXPECT_EQ(why(drops, 1, 5'000, 5'040), "1 ours");
}

TEST(drops, beyond_the_limit_are_counted) {
    Drops drops;
    for (std::size_t i = 0; i <= limits::drops_per_call_max; ++i)
        drops.add({at(0), at(1), 1, {}});
    drops.place(at(10), TimeLine{.zero = zero});
    RecordingFacts facts;
    drops.write(facts, at(0), at(10), 0, 8'000, {});
    EXPECT_EQ(facts.drops.size(), limits::drops_per_call_max);
    EXPECT_EQ(facts.drops_left_out, 1U);
}

// --- in a call -----------------------------------------------------------------------------------

std::vector<Gap> gaps_of(const TrackFacts& track, GapCause cause) {
    std::vector<Gap> out;
    for (const auto& gap : track.gaps)
        if (gap.cause == cause)
            out.push_back(gap);
    return out;
}

TEST(ledger, tells_what_we_dropped_from_what_the_network_lost_in_one_call) {
    TestCall call;
    call.drop(1'995, 2'205, 500);
    for (std::uint32_t n = 0; n < 500; ++n) {
        const bool is_lost = n >= 50 && n < 53;
        const bool is_dropped = n >= 100 && n < 110;
        if (!is_lost && !is_dropped)
            call.send_clean(0, n);
        if (!is_dropped)
            call.send_clean(1, n);
    }
    const Recorded recorded = call.finish();
    const auto& caller = recorded.track(1);
    EXPECT_EQ(caller.packets.lost, 3U);
    EXPECT_EQ(caller.packets.dropped_by_us, 10U);
    EXPECT_EQ(caller.packets.received, 497U);  // what was dropped had reached us
    EXPECT_EQ(gaps_of(caller, GapCause::loss), (std::vector<Gap>{{8'000, 480, GapCause::loss, 3}}));
    EXPECT_EQ(gaps_of(caller, GapCause::dropped_by_us),
              (std::vector<Gap>{{16'000, 1'600, GapCause::dropped_by_us, 10}}));
    EXPECT_EQ(recorded.track(2).packets.lost, 0U);
    EXPECT_EQ(recorded.track(2).packets.dropped_by_us, 10U);
    EXPECT_EQ(recorded.facts.drops, (std::vector<DropFacts>{{15'960, 17'640, 500, {}}}));
    EXPECT_TRUE(recorded.is_odd("capture-dropped-packets"));
}

TEST(ledger, never_tells_more_as_dropped_than_was) {
    TestCall call;
    call.drop(1'990, 2'210, 4);
    for (std::uint32_t n = 0; n < 500; ++n)
        if (n < 100 || n >= 110)
            call.send_clean(0, n);
    const Recorded recorded = call.finish();
    EXPECT_EQ(recorded.track(1).packets.dropped_by_us, 4U);
    EXPECT_EQ(recorded.track(1).packets.lost, 6U);
    // Each cause has its part of the gap.
    EXPECT_EQ(gaps_of(recorded.track(1), GapCause::dropped_by_us),
              (std::vector<Gap>{{16'000, 640, GapCause::dropped_by_us, 4}}));
    EXPECT_EQ(gaps_of(recorded.track(1), GapCause::loss),
              (std::vector<Gap>{{16'640, 960, GapCause::loss, 6}}));
}

TEST(ledger, counts_a_tracks_own_drops_also_where_no_later_number_tells_of_them) {
    TestCall call;
    for (std::uint32_t n = 0; n < 100; ++n)
        call.send_clean(0, n);
    call.drop(2'000, 2'200, 7, 0);
    const Recorded recorded = call.finish();
    EXPECT_EQ(recorded.track(1).packets.dropped_by_us, 7U);
    EXPECT_EQ(recorded.track(1).packets.received, 107U);
    EXPECT_EQ(recorded.track(1).packets.lost, 0U);
}

TEST(ledger, says_nothing_of_drops_before_and_after_the_call) {
    TestCall call;
    call.drop(-5'000, -4'000, 7);
    call.drop(60'000, 61'000, 7);
    for (std::uint32_t n = 0; n < 100; ++n)
        call.send_clean(0, n);
    const Recorded recorded = call.finish();
    EXPECT_TRUE(recorded.facts.drops.empty());
    EXPECT_FALSE(recorded.is_odd("capture-dropped-packets"));
}

}  // namespace
}  // namespace nk::recording
