// Where every sample goes: the rules of recording/stream.h, one by one, checked in the finished
// file.

#include <algorithm>
#include <array>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "recording/testing_call.h"

namespace nk::recording::testing {
namespace {

// The samples of packet n stand at `at` on that channel.
::testing::AssertionResult stands(const Recorded& recorded, std::size_t channel, std::size_t at,
                                  const std::vector<std::uint8_t>& payload) {
    const auto want = heard_alaw(payload);
    const auto& have = recorded.channels.at(channel);
    if (at + want.size() > have.size())
        return ::testing::AssertionFailure()
               << "the file ends at " << have.size() << ", before " << at + want.size();
    if (std::equal(want.begin(), want.end(), have.begin() + static_cast<std::ptrdiff_t>(at)))
        return ::testing::AssertionSuccess();
    const auto found = std::search(have.begin(), have.end(), want.begin(), want.end());
    if (found == have.end())
        return ::testing::AssertionFailure() << "not in the file at all";
    return ::testing::AssertionFailure()
           << "stands at " << found - have.begin() << " instead of " << at;
}

bool is_silent(const Recorded& recorded, std::size_t channel, std::size_t from, std::size_t to) {
    const auto& have = recorded.channels.at(channel);
    return std::all_of(have.begin() + static_cast<std::ptrdiff_t>(from),
                       have.begin() + static_cast<std::ptrdiff_t>(to),
                       [](std::int16_t s) { return s == 0; });
}

TEST(Placing, a_clean_call_is_there_sample_by_sample_caller_left_callee_right) {
    TestCall call;
    for (std::uint32_t n = 0; n < 200; ++n) {
        call.send_clean(1, n, 0, 3);
        call.send_clean(0, n, 0, 4);
    }
    const auto recorded = call.finish();
    ASSERT_EQ(recorded.channels.size(), 2U);
    for (std::uint32_t n = 0; n < 200; ++n) {
        EXPECT_TRUE(stands(recorded, 1, 160 * n, voice(100'000 + n)));
        EXPECT_TRUE(stands(recorded, 0, 8 + 160 * n, voice(n)));
    }
    EXPECT_EQ(recorded.channels[0].size(), 200U * 160 + 8);
    EXPECT_EQ(recorded.track(1).packets, (PacketCounts{200, 0, 0, 0, 0, 0}));
    EXPECT_EQ(recorded.track(1).sound_from, 8U);
    EXPECT_EQ(recorded.track(1).sound_to, 8U + 200 * 160);
    EXPECT_EQ(recorded.track(2).sound_from, 0U);
}

TEST(Placing, packets_out_of_order_find_their_place) {
    TestCall call;
    for (std::uint32_t n = 0; n < 100; ++n)
        if (n % 10 != 3)
            call.send_clean(0, n);
        else {
            call.send_clean(0, n + 1);
            call.send_clean(0, n + 2);
            call.send_clean(0, n, 45);
            n += 2;
        }
    const auto recorded = call.finish();
    for (std::uint32_t n = 0; n < 100; ++n)
        EXPECT_TRUE(stands(recorded, 0, 160 * n, voice(n))) << n;
    EXPECT_EQ(recorded.track(1).packets, (PacketCounts{100, 0, 10, 0, 0, 0}));
}

TEST(Placing, the_first_packets_may_come_out_of_order_too) {
    TestCall call;
    call.send_clean(0, 1, 0);
    call.send_clean(0, 2, 0);
    call.send_clean(0, 0, 45);
    for (std::uint32_t n = 3; n < 50; ++n)
        call.send_clean(0, n);
    const auto recorded = call.finish();
    for (std::uint32_t n = 0; n < 50; ++n)
        EXPECT_TRUE(stands(recorded, 0, 160 * n, voice(n))) << n;
}

TEST(Placing, lost_packets_are_silence_of_the_right_length) {
    TestCall call;
    for (std::uint32_t n = 0; n < 100; ++n)
        if (n < 40 || n >= 45)
            call.send_clean(0, n);
    const auto recorded = call.finish();
    EXPECT_TRUE(stands(recorded, 0, 160 * 39, voice(39)));
    EXPECT_TRUE(is_silent(recorded, 0, 160 * 40, 160 * 45));
    EXPECT_TRUE(stands(recorded, 0, 160 * 45, voice(45)));
    EXPECT_EQ(recorded.track(1).packets.lost, 5U);
    ASSERT_EQ(recorded.track(1).gaps.size(), 1U);
    EXPECT_EQ(recorded.track(1).gaps[0], (Gap{160 * 40, 160 * 5, GapCause::loss, 5}));
}

TEST(Placing, every_packet_twice_is_heard_once) {
    TestCall call;
    for (std::uint32_t n = 0; n < 100; ++n) {
        call.send_clean(0, n);
        call.send_clean(0, n, 0.1);
    }
    const auto recorded = call.finish();
    EXPECT_EQ(recorded.channels[0].size(), 16'000U);
    EXPECT_EQ(recorded.track(1).packets, (PacketCounts{200, 0, 0, 100, 0, 0}));
    EXPECT_TRUE(recorded.is_odd("duplicate-packets"));
}

TEST(Placing, a_sender_that_pauses_without_moving_its_time_stamps_stays_beside_the_other_side) {
    TestCall call;
    for (std::uint32_t n = 0; n < 600; ++n) {
        call.send_clean(1, n);
        if (n < 100)
            call.send_clean(0, n);
        if (n >= 400)
            call.send_clean(0, n - 300, 6'000);
    }
    const auto recorded = call.finish();
    EXPECT_TRUE(stands(recorded, 0, 160 * 99, voice(99)));
    EXPECT_TRUE(is_silent(recorded, 0, 160 * 100, 160 * 400));
    EXPECT_TRUE(stands(recorded, 0, 160 * 400, voice(100)));
    EXPECT_TRUE(stands(recorded, 1, 160 * 400, voice(100'400)));
    EXPECT_TRUE(recorded.is_odd("sender-paused"));
}

TEST(Placing, a_network_that_stalls_and_catches_up_moves_nothing) {
    TestCall call;
    for (std::uint32_t n = 0; n < 300; ++n) {
        const double due = 20.0 * n;
        const double late = due > 2'000 && due < 4'000 ? 4'000 - due + 0.2 * (n - 100) : 0;
        call.send_clean(0, n, late);
    }
    const auto recorded = call.finish();
    for (std::uint32_t n = 0; n < 300; ++n)
        EXPECT_TRUE(stands(recorded, 0, 160 * n, voice(n))) << n;
    EXPECT_FALSE(recorded.is_odd("sender-paused"));
}

TEST(Placing, a_leap_of_the_time_stamps_is_no_leap_of_the_sound) {
    TestCall call;
    for (std::uint32_t n = 0; n < 200; ++n)
        call.send({0, static_cast<std::uint16_t>(n), 160 * n + (n < 100 ? 0U : 4'000'000'000U),
                   20.0 * n, voice(n)});
    const auto recorded = call.finish();
    EXPECT_LT(recorded.channels[0].size(), 200U * 160 + 400);
    EXPECT_TRUE(stands(recorded, 0, 160 * 99, voice(99)));
    EXPECT_TRUE(stands(recorded, 0, 160 * 150, voice(150)));
}

TEST(Placing, one_packet_with_a_wrong_time_stamp_moves_nobody_else) {
    for (const std::uint32_t wrong : {0x7fff0000U, 65'536U, 0x80010000U}) {
        TestCall call;
        for (std::uint32_t n = 0; n < 400; ++n)
            call.send({0, static_cast<std::uint16_t>(n), 160 * n + (n == 200 ? wrong : 0), 20.0 * n,
                       voice(n)});
        const auto recorded = call.finish();
        ASSERT_EQ(recorded.channels[0].size(), 400U * 160) << wrong;
        for (std::uint32_t n = 0; n < 400; ++n)
            ASSERT_TRUE(stands(recorded, 0, 160 * n, voice(n))) << wrong << " " << n;
        EXPECT_TRUE(recorded.is_odd("timestamp-mended"));
    }
}

TEST(Placing, comfort_noise_alone_holds_nobody_up) {
    TestCall call;
    for (std::uint32_t n = 0; n < 3'000; ++n) {
        call.send_clean(1, n);
        if (n % 10 == 0)
            call.send({0, static_cast<std::uint16_t>(n / 10), 160 * n, 20.0 * n, {0x40}, 13});
        if (n == 2'990) {
            ASSERT_TRUE(call.contents().contains("segment-1.flac"))
                << "a minute of one side waits for the other";
        }
    }
    const auto recorded = call.finish();
    EXPECT_TRUE(stands(recorded, 1, 160 * 2'999, voice(102'999)));
    EXPECT_EQ(recorded.track(1).packets.received, 300U);
}

TEST(Placing, a_hole_of_three_thousand_packets_is_a_minute_of_declared_loss) {
    TestCall call;
    for (std::uint32_t n = 0; n < 3'200; ++n)
        if (n < 100 || n >= 3'100)
            call.send_clean(0, n);
    const auto recorded = call.finish();
    EXPECT_TRUE(stands(recorded, 0, 160 * 3'100, voice(3'100)));
    EXPECT_EQ(recorded.track(1).packets.lost, 3'000U);
}

// A client that draws a number for every packet: more than limits::streams_per_track_max at once.
TEST(Placing, every_ssrc_is_heard_however_many_there_are) {
    TestCall call;
    for (std::uint32_t n = 0; n < 500; ++n) {
        call.send({0, static_cast<std::uint16_t>(7 * n), 977 * n, 20.0 * n, voice(n), 8,
                   0x1000 + 16 * n});
        call.send_clean(1, n);
    }
    const auto recorded = call.finish();
    for (std::uint32_t n = 0; n < 500; ++n)
        EXPECT_TRUE(stands(recorded, 0, 160 * n, voice(n))) << n;
    EXPECT_EQ(recorded.track(1).packets, (PacketCounts{500, 0, 0, 0, 0, 0}));
    EXPECT_FALSE(recorded.is_odd("streams-left-out"));
}

TEST(Placing, an_ssrc_change_goes_on_where_it_arrives) {
    TestCall call;
    for (std::uint32_t n = 0; n < 200; ++n)
        call.send({0, static_cast<std::uint16_t>(n < 100 ? n : 40'000 + n),
                   n < 100 ? 160 * n : 77 + 160 * n, 20.0 * n, voice(n), 8, n < 100 ? 1U : 99U});
    const auto recorded = call.finish();
    for (std::uint32_t n = 0; n < 200; ++n)
        EXPECT_TRUE(stands(recorded, 0, 160 * n, voice(n))) << n;
    EXPECT_EQ(recorded.track(1).packets.lost, 0U);
    EXPECT_TRUE(recorded.is_odd("ssrc-changed"));
}

TEST(Placing, a_sender_that_begins_its_numbers_anew_loses_nothing) {
    TestCall call;
    for (std::uint32_t n = 0; n < 200; ++n)
        call.send({0, static_cast<std::uint16_t>(n < 100 ? 30'000 + n : n),
                   n < 100 ? 160 * n : 5'000'000 + 160 * n, 20.0 * n, voice(n)});
    const auto recorded = call.finish();
    for (std::uint32_t n = 0; n < 200; ++n)
        EXPECT_TRUE(stands(recorded, 0, 160 * n, voice(n))) << n;
    EXPECT_EQ(recorded.track(1).packets, (PacketCounts{200, 0, 0, 0, 0, 0}));
    EXPECT_TRUE(recorded.is_odd("sequence-restarted"));
}

TEST(Placing, the_length_of_frames_may_change) {
    TestCall call;
    std::uint32_t timestamp = 0;
    for (std::uint32_t n = 0; n < 90; ++n) {
        const std::size_t bytes = n < 30 ? 160 : n < 60 ? 240 : 80;
        call.send({0, static_cast<std::uint16_t>(n), timestamp, timestamp / 8.0, voice(n, bytes)});
        timestamp += static_cast<std::uint32_t>(bytes);
    }
    const auto recorded = call.finish();
    EXPECT_EQ(recorded.channels[0].size(), timestamp);
    EXPECT_TRUE(stands(recorded, 0, 30 * 160, voice(30, 240)));
    EXPECT_TRUE(stands(recorded, 0, 30 * 160 + 30 * 240, voice(60, 80)));
    EXPECT_TRUE(recorded.track(1).gaps.empty());
}

TEST(Placing, silence_that_the_sender_chose_is_not_loss) {
    TestCall call;
    for (std::uint32_t n = 0; n < 50; ++n)
        call.send_clean(0, n);
    for (std::uint32_t n = 50; n < 100; ++n)
        call.send({0, static_cast<std::uint16_t>(100 + n), 160 * (n + 200), 20.0 * (n + 200),
                   voice(n), 8, 0x1000, n == 50});
    const auto recorded = call.finish();
    EXPECT_EQ(recorded.track(1).packets.lost, 0U);
    ASSERT_EQ(recorded.track(1).gaps.size(), 1U);
    EXPECT_EQ(recorded.track(1).gaps[0], (Gap{160 * 50, 160 * 200, GapCause::silence, 0}));
    EXPECT_TRUE(stands(recorded, 0, 160 * 250, voice(50)));
}

TEST(Placing, a_hold_is_told_apart_from_silence_however_early_it_comes) {
    for (const std::uint32_t before : {10U, 40U, 400U}) {
        TestCall call;
        for (std::uint32_t n = 0; n < before; ++n)
            call.send_clean(0, n);
        call.hold(0, true);
        call.hold(0, false);
        for (std::uint32_t n = before + 50; n < before + 100; ++n)  // its numbers go on
            call.send({0, static_cast<std::uint16_t>(100 + n - 50), 160 * n, 20.0 * n, voice(n)});
        const auto recorded = call.finish();
        ASSERT_EQ(recorded.track(1).gaps.size(), 1U) << before;
        EXPECT_EQ(recorded.track(1).gaps[0],
                  (Gap{std::uint64_t{160} * before, 160 * 50, GapCause::hold, 0}))
            << before;
    }
}

TEST(Placing, encrypted_payloads_are_not_decoded_but_kept) {
    TestCall call;
    for (std::uint32_t n = 0; n < 100; ++n)
        call.send({0, static_cast<std::uint16_t>(n), 160 * n, 20.0 * n, voice(n, 170)});
    const auto recorded = call.finish();
    EXPECT_TRUE(recorded.is_odd("media-encrypted"));
    EXPECT_EQ(recorded.track(1).packets.undecodable, 100U);
    EXPECT_TRUE(is_silent(recorded, 0, 0, recorded.channels[0].size()));
    EXPECT_EQ(recorded.channels[0].size(), 16'000U);
    ASSERT_EQ(recorded.facts.side_files.size(), 1U);
    EXPECT_GT(recorded.facts.side_files[0].bytes, 17'000U);
}

TEST(Placing, a_key_press_is_one_however_many_packets_it_took) {
    TestCall call;
    auto& track = *call.call().track(0, 0);
    auto formats = std::make_shared<call::FormatMap>(*call::static_formats());
    (*formats)[101] = {call::PayloadKind::telephone_event, {"telephone-event", 8'000, 1, "0-16"}};
    track.formats = formats;
    std::uint16_t number = 0;
    for (std::uint32_t n = 0; n < 50; ++n)
        call.send({0, number++, 160 * n, 20.0 * n, voice(n)});
    for (std::uint8_t i = 1; i <= 7; ++i) {
        const auto duration = static_cast<std::uint8_t>(std::min<int>(i, 5));
        const std::uint16_t ticks = static_cast<std::uint16_t>(160 * duration);
        call.send({0,
                   number++,
                   160 * 50,
                   1'000.0 + 20 * i,
                   {5, static_cast<std::uint8_t>(i >= 5 ? 0x8a : 0x0a),
                    static_cast<std::uint8_t>(ticks >> 8), static_cast<std::uint8_t>(ticks & 255)},
                   101});
    }
    for (std::uint32_t n = 57; n < 100; ++n)
        call.send({0, number++, 160 * n, 20.0 * n, voice(n)});
    const auto recorded = call.finish();
    ASSERT_EQ(recorded.facts.call.key_presses.size(), 1U);
    const auto& key = recorded.facts.call.key_presses[0];
    EXPECT_EQ(key.key, "5");
    EXPECT_DOUBLE_EQ(key.at_ms, 1'000);
    EXPECT_DOUBLE_EQ(key.duration_ms, 100);
    EXPECT_EQ(recorded.track(1).codec, "PCMA");
    ASSERT_EQ(recorded.track(1).gaps.size(), 1U);
    EXPECT_EQ(recorded.track(1).gaps[0].cause, GapCause::key_press);
}

// The last of its packets comes when the pause is over.
TEST(Placing, a_key_that_was_pressed_while_the_recording_was_paused_is_not_kept) {
    TestCall call;
    auto& track = *call.call().track(0, 0);
    auto formats = std::make_shared<call::FormatMap>(*call::static_formats());
    (*formats)[101] = {call::PayloadKind::telephone_event, {"telephone-event", 8'000, 1, "0-16"}};
    track.formats = formats;
    call.drop(960, 1'140, 9, 0, true);
    for (std::uint32_t n = 0; n < 48; ++n)
        call.send({0, static_cast<std::uint16_t>(n), 160 * n, 20.0 * n, voice(n)});
    call.send({0, 57, 160 * 50, 1'150.0, {9, 0x8a, 800 >> 8, 800 & 255}, 101});
    for (std::uint32_t n = 58; n < 100; ++n)
        call.send({0, static_cast<std::uint16_t>(n), 160 * n, 20.0 * n, voice(n)});
    const auto recorded = call.finish();
    EXPECT_TRUE(recorded.facts.call.key_presses.empty());
    EXPECT_TRUE(recorded.is_odd("key-presses-withheld"));
}

TEST(Placing, a_key_press_that_a_network_held_up_stands_where_it_was_pressed) {
    TestCall call;
    auto& track = *call.call().track(0, 0);
    auto formats = std::make_shared<call::FormatMap>(*call::static_formats());
    (*formats)[101] = {call::PayloadKind::telephone_event, {"telephone-event", 8'000, 1, "0-16"}};
    track.formats = formats;
    std::uint16_t number = 0;
    for (std::uint32_t n = 0; n < 1'000; ++n) {  // from 2 s to 14 s nothing comes through
        const double held_ms = n >= 100 && n < 700 ? 14'000 - 20.0 * n + 0.01 * n : 0;
        if (n >= 100 && n < 105)
            call.send({0,
                       number++,
                       160 * 100,
                       20.0 * n + held_ms,
                       {5, 0x0a, 0, static_cast<std::uint8_t>(n)},
                       101});
        else
            call.send({0, number++, 160 * n, 20.0 * n + held_ms, voice(n)});
    }
    const auto recorded = call.finish();
    ASSERT_EQ(recorded.facts.call.key_presses.size(), 1U);
    EXPECT_DOUBLE_EQ(recorded.facts.call.key_presses[0].at_ms, 2'000);
    EXPECT_TRUE(stands(recorded, 0, 160 * 999, voice(999)));
}

TEST(Placing, a_third_party_gets_a_channel_of_its_own) {
    TestCall call;
    for (std::uint32_t n = 0; n < 100; ++n) {
        call.send_clean(0, n);
        call.send_clean(1, n);
        if (n >= 50)
            call.send_clean(2, n);
    }
    const auto recorded = call.finish();
    ASSERT_EQ(recorded.channels.size(), 3U);
    EXPECT_TRUE(stands(recorded, 2, 160 * 50, voice(200'050)));
    EXPECT_TRUE(stands(recorded, 0, 160 * 99, voice(99)));
}

TEST(Placing, a_party_whose_first_packets_come_in_a_burst_loses_none_of_them) {
    TestCall call;
    for (std::uint32_t n = 0; n < 75; ++n)
        call.send_clean(1, n);
    for (std::uint32_t n = 0; n < 20; ++n)
        call.send({0, static_cast<std::uint16_t>(n), 160 * n, 1'500 + 0.1 * n, voice(n)});
    for (std::uint32_t n = 20; n < 100; ++n)
        call.send({0, static_cast<std::uint16_t>(n), 160 * n, 1'500 + 20.0 * (n - 19), voice(n)});
    const auto recorded = call.finish();
    const auto& track = recorded.track(1);
    ASSERT_EQ(track.sound_to - track.sound_from, 100U * 160);
    for (std::uint32_t n = 0; n < 100; ++n)
        EXPECT_TRUE(stands(recorded, 0, track.sound_from + 160 * n, voice(n))) << n;
}

TEST(Placing, mixed_rates_end_in_one_file_that_keeps_every_sample) {
    TestCall call;
    auto& track = *call.call().track(1, 0);
    auto formats = std::make_shared<call::FormatMap>(*call::static_formats());
    (*formats)[97] = {call::PayloadKind::sound, {"L16", 16'000, 1, ""}};
    track.formats = formats;
    const auto wide = [](std::uint32_t n) { return voice(n + 500'000, 640); };
    for (std::uint32_t n = 0; n < 300; ++n) {
        call.send_clean(0, n);
        if (n >= 150)
            call.send({1, static_cast<std::uint16_t>(n), 320 * n, 20.0 * n, wide(n), 97});
    }
    const auto recorded = call.finish();
    ASSERT_EQ(recorded.facts.audio->rate_hz, 16'000U);
    ASSERT_EQ(recorded.facts.audio->frames, 300U * 320);
    for (std::uint32_t n = 0; n < 300; ++n) {
        const auto want = heard_alaw(voice(n));
        for (std::size_t i = 0; i < want.size(); ++i)
            ASSERT_EQ(recorded.channels[0][2 * (160 * n + i)], want[i])
                << "packet " << n << " sample " << i;
    }
    for (std::uint32_t n = 150; n < 300; ++n) {
        const auto payload = wide(n);
        for (std::size_t i = 0; i < 320; ++i)
            ASSERT_EQ(static_cast<std::uint16_t>(recorded.channels[1][320 * n + i]),
                      be16(payload.data() + 2 * i));
    }
    EXPECT_EQ(recorded.track(1).rate_hz, 8'000U);
    EXPECT_EQ(recorded.track(2).rate_hz, 16'000U);
}

// Longer than any live listener could wait for: the other side goes on, and all of it comes at
// once.
TEST(Placing, a_network_that_stands_still_for_ten_seconds_loses_nothing) {
    TestCall call;
    const std::uint32_t count = 1'000;
    const auto speaks = [&](std::uint32_t n) { call.send_clean(1, n); };
    for (std::uint32_t n = 0; n < count; ++n) {
        call.send_clean(0, n);
        if (n < 200 || n > 700)
            speaks(n);
        else if (n == 700)
            for (std::uint32_t held = 200; held <= 700; ++held)
                call.send_clean(1, held, 20.0 * (700 - held) + 0.01 * (held - 200));
    }
    const auto recorded = call.finish();
    for (std::uint32_t n = 0; n < count; ++n)
        ASSERT_TRUE(stands(recorded, 1, 160 * n, voice(n + 100'000))) << n;
    EXPECT_EQ(recorded.track(2).packets.dropped_by_us, 0U);
    EXPECT_EQ(recorded.track(2).packets.received, count);
}

// Whatever a network does within its bounds, what arrives is at its place and the ledger adds up.
RC_GTEST_PROP(Placing, loss_reordering_and_duplicates_never_move_a_sample, ()) {
    const auto count = *rc::gen::inRange<std::uint32_t>(20, 200);
    struct Arrival {
        std::uint32_t n;
        double at_ms;
    };
    std::vector<Arrival> arrivals;
    std::uint64_t duplicates = 0;
    std::vector<bool> arrived(count, false);
    for (std::uint32_t n = 0; n < count; ++n) {
        const bool lost = n >= 5 && n + 1 < count && *rc::gen::inRange(0, 100) < 10;
        if (lost)
            continue;
        arrived[n] = true;
        const double late =
            n >= 1 && *rc::gen::inRange(0, 100) < 10 ? *rc::gen::inRange(1, 120) : 0;
        arrivals.push_back({n, 20.0 * n + late});
        if (*rc::gen::inRange(0, 100) < 5) {
            arrivals.push_back({n, 20.0 * n + late + *rc::gen::inRange(0, 60)});
            ++duplicates;
        }
    }
    std::stable_sort(arrivals.begin(), arrivals.end(),
                     [](const Arrival& a, const Arrival& b) { return a.at_ms < b.at_ms; });
    std::uint64_t late = 0;
    std::int64_t highest = -1;
    std::vector<bool> seen(count, false);
    TestCall call;
    for (const auto& a : arrivals) {
        if (!seen[a.n] && a.n < highest)
            ++late;
        seen[a.n] = true;
        highest = std::max<std::int64_t>(highest, a.n);
        call.send({0, static_cast<std::uint16_t>(65'500 + a.n), 160 * a.n, a.at_ms, voice(a.n)});
    }
    const auto recorded = call.finish();
    std::uint64_t there = 0;
    for (std::uint32_t n = 0; n < count; ++n) {
        if (arrived[n])
            RC_ASSERT(static_cast<bool>(stands(recorded, 0, 160 * n, voice(n))));
        else
            RC_ASSERT(is_silent(recorded, 0, 160 * n, 160 * (n + 1)));
        there += arrived[n] ? 1 : 0;
    }
    const auto& packets = recorded.track(1).packets;
    RC_ASSERT(packets.received == arrivals.size());
    RC_ASSERT(packets.lost == count - there);
    RC_ASSERT(packets.duplicate == duplicates);
    RC_ASSERT(packets.late == late);
    RC_ASSERT(packets.dropped_by_us == 0U);
}

TEST(Placing, a_wrong_time_stamp_in_the_opening_does_not_move_the_beginning) {
    TestCall call;
    for (std::uint32_t n = 0; n < 200; ++n)
        call.send({0, static_cast<std::uint16_t>(n), 160 * n + (n == 2 ? 0x70000000U : 0), 20.0 * n,
                   voice(n)});
    const auto recorded = call.finish();
    ASSERT_EQ(recorded.channels[0].size(), 200U * 160);
    for (std::uint32_t n = 0; n < 200; ++n)
        ASSERT_TRUE(stands(recorded, 0, 160 * n, voice(n))) << n;
}

// As a picture is sent: ten packets a frame, all with its time stamp.
TEST(Placing, unreadable_packets_of_one_time_stamp_are_one_stretch) {
    TestCall call;
    for (std::uint32_t n = 0; n < 1'000; ++n)
        call.send({0, static_cast<std::uint16_t>(n), 1'920 * (n / 10), 40.0 * (n / 10) + n % 10,
                   voice(n, 900), 99});
    const auto recorded = call.finish();
    EXPECT_EQ(recorded.track(1).packets.undecodable, 1'000U);
    EXPECT_NEAR(recorded.channels[0].size() / 8'000.0, 4.0, 0.1);
}

// Two hours at 200 ppm are 1.44 s.
void speak_with_drift(int caller_ppm, int callee_ppm, double jitter_ms, double lasts_ms) {
    SCOPED_TRACE(std::to_string(caller_ppm) + " and " + std::to_string(callee_ppm) + " ppm");
    TestCall call;
    struct Side {
        double step_ms;
        std::uint32_t said = 0;
    };
    // A clock that is fast takes less of our time for its 20 ms.
    std::array<Side, 2> sides{{{20.0 / (1 + caller_ppm * 1e-6)}, {20.0 / (1 + callee_ppm * 1e-6)}}};
    std::uint32_t chance = 1;
    for (;;) {
        const std::size_t party =
            sides[0].said * sides[0].step_ms <= sides[1].said * sides[1].step_ms ? 0 : 1;
        const double at_ms = sides[party].said * sides[party].step_ms;
        if (at_ms > lasts_ms)
            break;
        chance = chance * 1'664'525U + 1'013'904'223U;
        const std::uint32_t n = sides[party].said++;
        call.send({party, static_cast<std::uint16_t>(n), 160 * n,
                   at_ms + 20 + (chance >> 16) % 1'000 * 0.001 * jitter_ms,
                   voice(n + 1'000'000 * static_cast<std::uint32_t>(party))});
    }
    const auto recorded = call.finish();
    const auto& gaps = [&](std::uint32_t track) -> const std::vector<Gap>& {
        return recorded.track(track).gaps;
    };
    for (const std::uint32_t track : {1U, 2U}) {
        EXPECT_EQ(recorded.track(track).packets.lost, 0U);
        for (const auto& gap : gaps(track))
            if (gap.cause != GapCause::not_begun && gap.cause != GapCause::ended) {
                EXPECT_EQ(gap.cause, GapCause::clock_drift);
                EXPECT_LE(gap.length, 8U * 15);
            }
    }
    // The samples of both sides' last second stand where they were said at the same time.
    const auto where = [&](std::size_t party, std::uint32_t n) {
        const auto want = heard_alaw(voice(n + 1'000'000 * static_cast<std::uint32_t>(party)));
        const auto& have = recorded.channels[party];
        const auto found =
            std::search(have.end() - 8'000 * 10, have.end(), want.begin(), want.end());
        EXPECT_NE(found, have.end()) << "party " << party;
        return static_cast<double>(found - have.begin()) / 8;
    };
    const std::uint32_t last = sides[0].said - 20;
    const double said_ms = last * sides[0].step_ms;
    const auto other = static_cast<std::uint32_t>(said_ms / sides[1].step_ms);
    const double apart_ms =
        (where(0, last) - said_ms) - (where(1, other) - other * sides[1].step_ms);
    EXPECT_NEAR(apart_ms, 0, 20);
    EXPECT_LE(static_cast<double>(recorded.channels[0].size()) / 8, lasts_ms + 2'000);
}

TEST(Placing, sides_whose_clocks_drift_apart_stay_beside_each_other) {
    constexpr double minutes_ms = 60'000;
    speak_with_drift(200, -200, 5, 120 * minutes_ms);
    speak_with_drift(-200, 0, 30, 10 * minutes_ms);
    speak_with_drift(0, 200, 0, 10 * minutes_ms);
}

// Whatever the packets claim, what is not sound never lasts longer than the call did.
RC_GTEST_PROP(Placing, silence_is_never_longer_than_the_wall_says, ()) {
    TestCall call;
    auto& track = *call.call().track(0, 0);
    auto formats = std::make_shared<call::FormatMap>(*call::static_formats());
    (*formats)[101] = {call::PayloadKind::telephone_event, {"telephone-event", 8'000, 1, "0-16"}};
    (*formats)[102] = {call::PayloadKind::telephone_event, {"telephone-event", 7, 1, "0-16"}};
    (*formats)[97] = {call::PayloadKind::sound, {"L16", 16'000, 1, ""}};
    (*formats)[98] = {call::PayloadKind::sound, {"made-up", 3, 1, ""}};
    track.formats = formats;
    static constexpr std::array<std::uint8_t, 8> types{8, 8, 97, 98, 99, 101, 102, 13};
    double at_ms = 0;
    double sound_s = 0;
    TestCall::Sent sent{};
    for (int n = *rc::gen::inRange(1, 200); n > 0; --n) {
        const int what = *rc::gen::inRange(0, 100);
        at_ms += what == 0 ? 20'000 : *rc::gen::inRange(0, 40);
        sent.number =
            static_cast<std::uint16_t>(sent.number + (what < 5    ? *rc::gen::inRange(-2'000, 2'000)
                                                      : what < 15 ? 2
                                                                  : 1));
        sent.timestamp += what > 90 ? *rc::gen::arbitrary<std::uint32_t>() : 160;
        sent.type = what > 70 ? types.at(*rc::gen::inRange<std::size_t>(0, 8)) : sent.type;
        sent.at_ms = at_ms;
        sent.payload = voice(static_cast<std::uint32_t>(n), *rc::gen::inRange(0, 400));
        sound_s += static_cast<double>(sent.payload.size()) / 8'000;
        call.send(sent);
    }
    const auto recorded = call.finish();
    if (!recorded.facts.audio)
        return;
    const double rate_hz = recorded.facts.audio->rate_hz;
    double gaps_s = 0;
    for (const auto& gap : recorded.track(1).gaps)
        gaps_s += static_cast<double>(gap.length) / rate_hz;
    const double key_s = 8.2;  // one may be held when the call ends
    RC_ASSERT(gaps_s <= at_ms / 1'000 + 2 + key_s);
    RC_ASSERT(static_cast<double>(recorded.facts.audio->frames) / rate_hz <=
              at_ms / 1'000 + 2 + key_s + sound_s);
}

}  // namespace
}  // namespace nk::recording::testing
