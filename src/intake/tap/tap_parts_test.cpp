// The tap's parts that need no packets: its clock, its flows, and what makes bare media a call.

#include <gtest/gtest.h>

#include "intake/tap/capture_clock.h"
#include "intake/tap/flows.h"
#include "intake/tap/stray.h"

namespace nk::tap {
namespace {

WallTime at(std::int64_t ms) {
    return WallTime{1'700'000'000'000'000'000 + ms * 1'000'000};
}

TEST(CaptureClock, keeps_the_steps_of_an_orderly_capture) {
    CaptureClock clock;
    const auto begin = clock.tell(at(0));
    EXPECT_EQ(to_ms(clock.tell(at(20)) - begin), 20);
    EXPECT_EQ(to_ms(clock.tell(at(3'600'000)) - begin), 3'600'000);
    EXPECT_EQ(clock.leaps(), 0U);
}

TEST(CaptureClock, a_leap_of_years_either_way_is_a_millisecond) {
    CaptureClock clock;
    const auto begin = clock.tell(at(0));
    constexpr std::int64_t year_ms = 365LL * 86'400'000;
    EXPECT_EQ(to_ms(clock.tell(at(14 * year_ms)) - begin), 1);
    EXPECT_EQ(to_ms(clock.tell(at(14 * year_ms + 20)) - begin), 21);
    EXPECT_EQ(to_ms(clock.tell(at(-3 * year_ms)) - begin), 21);
    EXPECT_EQ(clock.leaps(), 2U);
}

TEST(CaptureClock, two_clocks_in_one_capture_do_not_add_up) {
    CaptureClock clock;
    const auto begin = clock.tell(at(0));
    MonoTime last = begin;
    for (int n = 1; n <= 500; ++n)
        last = clock.tell(at(20 * n - (n % 2 == 0 ? 3'000 : 0)));
    EXPECT_NEAR(static_cast<double>(to_ms(last - begin)), 10'000, 100);
}

TEST(CaptureClock, a_leap_back_that_is_taken_back_counts_the_time_between_once) {
    CaptureClock clock;
    constexpr std::int64_t year_ms = 365LL * 86'400'000;
    const auto begin = clock.tell(at(0));
    MonoTime last = begin;
    for (int n = 1; n <= 300; ++n)
        last = clock.tell(at(20 * n - (n > 100 && n <= 200 ? 100 * year_ms : 0)));
    EXPECT_NEAR(static_cast<double>(to_ms(last - begin)), 6'000, 50);
}

TEST(CaptureClock, packets_slightly_out_of_order_keep_their_own_times) {
    CaptureClock clock;
    const auto begin = clock.tell(at(0));
    clock.tell(at(100));
    EXPECT_EQ(to_ms(clock.tell(at(90)) - begin), 90);
    EXPECT_EQ(to_ms(clock.tell(at(110)) - begin), 110);
    EXPECT_EQ(clock.leaps(), 0U);
}

wire::Endpoint endpoint(std::uint32_t n) {
    const std::array<std::uint8_t, 4> ip{10, static_cast<std::uint8_t>(n >> 8),
                                         static_cast<std::uint8_t>(n), 1};
    return {wire::IpAddress::v4(ip.data()), static_cast<std::uint16_t>(4'000 + n)};
}

TEST(Flows, each_pair_has_one_flow_and_each_direction_its_own) {
    Flows flows;
    for (std::uint32_t n = 0; n < 5'000; ++n)
        flows.at(endpoint(n), endpoint(n + 1))->bare_call = n + 1;
    EXPECT_EQ(flows.size(), 5'000U);
    for (std::uint32_t n = 0; n < 5'000; ++n) {
        ASSERT_NE(flows.find(endpoint(n), endpoint(n + 1)), nullptr);
        EXPECT_EQ(flows.find(endpoint(n), endpoint(n + 1))->bare_call, n + 1);
        EXPECT_EQ(flows.find(endpoint(n + 1), endpoint(n)), nullptr);
    }
}

TEST(Flows, a_sweep_forgets_the_silent_ones_only) {
    Flows flows;
    for (std::uint32_t n = 0; n < 100; ++n)
        flows.at(endpoint(n), endpoint(n + 1))->last = MonoTime{n};
    std::size_t forgotten = 0;
    flows.sweep(MonoTime{40}, [&](Flow&) { ++forgotten; });
    EXPECT_EQ(forgotten, 40U);
    EXPECT_EQ(flows.size(), 60U);
    EXPECT_EQ(flows.find(endpoint(39), endpoint(40)), nullptr);
    EXPECT_NE(flows.find(endpoint(40), endpoint(41)), nullptr);
}

void feed(Stray& stray, std::uint8_t type, std::uint32_t packets, std::size_t bytes,
          std::uint32_t step) {
    std::vector<std::uint8_t> payload(bytes, 0x2a);
    for (std::uint32_t n = 0; n < packets; ++n) {
        wire::Rtp rtp;
        rtp.payload_type = type;
        rtp.sequence = static_cast<std::uint16_t>(n);
        rtp.timestamp = n * step;
        rtp.ssrc = 7;
        rtp.payload = payload;
        stray.add(rtp, payload, MonoTime{20'000'000LL * n}, at(20 * n));
    }
}

TEST(Stray, a_few_packets_whose_time_stamps_fit_their_payload_prove_a_static_type) {
    Stray few;
    feed(few, 8, 3, 160, 160);
    EXPECT_FALSE(few.is_proven());
    Stray enough;
    feed(enough, 8, 4, 160, 160);
    EXPECT_TRUE(enough.is_proven());
}

TEST(Stray, packets_that_overtake_each_other_prove_no_less) {
    Stray stray;
    const std::vector<std::uint8_t> payload(160, 0x2a);
    for (std::uint32_t n = 0; n < 40; ++n) {
        const std::uint32_t number = n % 4 == 1 ? n + 1 : n % 4 == 2 ? n - 1 : n;
        wire::Rtp rtp;
        rtp.payload_type = 8;
        rtp.sequence = static_cast<std::uint16_t>(number);
        rtp.timestamp = 160 * number;
        rtp.payload = payload;
        stray.add(rtp, payload, MonoTime{20'000'000LL * n}, at(20 * n));
    }
    EXPECT_TRUE(stray.is_proven());
}

TEST(Stray, time_stamps_that_do_not_fit_prove_nothing) {
    Stray stray;
    feed(stray, 8, 60, 23, 9'000);
    EXPECT_FALSE(stray.is_proven());
}

TEST(Stray, a_dynamic_type_must_keep_its_clock_for_long) {
    Stray stray;
    feed(stray, 104, 30, 80, 320);
    EXPECT_FALSE(stray.is_proven());
    Stray longer;
    feed(longer, 104, 60, 80, 320);
    EXPECT_TRUE(longer.is_proven());
}

TEST(Stray, gives_back_every_packet_it_kept_with_its_bytes) {
    Stray stray;
    feed(stray, 8, 10, 160, 160);
    const auto kept = stray.give();
    ASSERT_EQ(kept.size(), 10U);
    EXPECT_EQ(kept[9].packet.sequence, 9);
    EXPECT_EQ(kept[9].packet.payload.size(), 160U);
    EXPECT_EQ(kept[9].packet.payload[0], 0x2a);
}

}  // namespace
}  // namespace nk::tap
