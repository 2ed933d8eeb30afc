#include "wire/rtcp.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/testing_packets.h"

namespace nk::wire {
namespace {

using namespace testing;

Buffer packet(std::uint8_t count, std::uint8_t type, Buffer body) {
    while (body.size() % 4 != 0)
        body.push_back(0);
    Buffer out{static_cast<std::uint8_t>(0x80 | count), type};
    add16(out, body.size() / 4);
    return out + body;
}

Buffer sender_report(std::uint32_t ssrc) {
    Buffer body;
    for (const std::uint32_t word : {ssrc, 0xe0000001U, 0x80000000U, 1'600U, 10U, 1'720U})
        add32(body, word);
    return packet(0, 200, body);
}

Buffer named(std::uint32_t ssrc, const std::string& name) {
    Buffer body;
    add32(body, ssrc);
    body = body + Buffer{6, 2} + text("sw") + Buffer{1, static_cast<std::uint8_t>(name.size())} +
           text(name) + Buffer{0};
    return packet(1, 202, body);
}

TEST(Rtcp, reads_the_clock_the_name_and_the_goodbye) {
    Buffer bye;
    add32(bye, 7);
    add32(bye, 8);
    const auto rtcp = parse_rtcp(sender_report(7) + named(7, "a@b") + packet(2, 203, bye));
    ASSERT_TRUE(rtcp);
    ASSERT_EQ(rtcp->reports.size(), 1U);
    EXPECT_EQ(rtcp->reports[0].ssrc, 7U);
    EXPECT_EQ(rtcp->reports[0].ntp, 0xe000000180000000ULL);
    EXPECT_EQ(rtcp->reports[0].rtp_timestamp, 1'600U);
    EXPECT_EQ(rtcp->reports[0].packets, 10U);
    EXPECT_EQ(rtcp->reports[0].octets, 1'720U);
    EXPECT_EQ(rtcp->cnames, (std::vector<std::pair<std::uint32_t, std::string>>{{7, "a@b"}}));
    EXPECT_EQ(rtcp->byes, (std::vector<std::uint32_t>{7, 8}));
}

TEST(Rtcp, reads_every_chunk_of_a_source_description) {
    Buffer body;
    for (const std::uint32_t ssrc : {1U, 2U, 3U}) {
        add32(body, ssrc);
        body = body + Buffer{1, static_cast<std::uint8_t>(ssrc)} + Buffer(ssrc, 'x') + Buffer{0};
        while (body.size() % 4 != 0)
            body.push_back(0);
    }
    const auto rtcp = parse_rtcp(packet(3, 202, body));
    ASSERT_TRUE(rtcp);
    ASSERT_EQ(rtcp->cnames.size(), 3U);
    EXPECT_EQ(rtcp->cnames[1].second, "xx");
    EXPECT_EQ(rtcp->cnames[2].second, "xxx");
}

TEST(Rtcp, refuses_a_first_header_that_is_not_its_own) {
    EXPECT_FALSE(parse_rtcp({}));
    EXPECT_FALSE(parse_rtcp(Buffer{0x80, 200, 0}));
    EXPECT_FALSE(parse_rtcp(Buffer{0x40, 200, 0, 0}));
    EXPECT_FALSE(parse_rtcp(Buffer{0x80, 8, 0, 0}));
}

TEST(Rtcp, keeps_what_came_before_the_damage) {
    Buffer bytes = sender_report(7) + named(7, "a@b");
    bytes.resize(bytes.size() - 4);
    auto rtcp = parse_rtcp(bytes);
    ASSERT_TRUE(rtcp);
    EXPECT_EQ(rtcp->reports.size(), 1U);
    EXPECT_TRUE(rtcp->cnames.empty());

    rtcp = parse_rtcp(sender_report(7) + text("garbage") + sender_report(8));
    ASSERT_TRUE(rtcp);
    EXPECT_EQ(rtcp->reports.size(), 1U);
}

TEST(Rtcp, does_not_read_a_name_past_its_packet) {
    Buffer body;
    add32(body, 1);
    body = body + Buffer{1, 40, 'a', 'b'};
    const auto rtcp = parse_rtcp(packet(1, 202, body) + Buffer(60, 'c'));
    ASSERT_TRUE(rtcp);
    EXPECT_TRUE(rtcp->cnames.empty());
}

TEST(Rtcp, does_not_count_on_the_number_of_sources_a_goodbye_claims) {
    Buffer body;
    add32(body, 1);
    const auto rtcp = parse_rtcp(packet(31, 203, body));
    ASSERT_TRUE(rtcp);
    EXPECT_EQ(rtcp->byes, std::vector<std::uint32_t>{1});
}

RC_GTEST_PROP(RtcpProperty, any_number_of_reports_is_read_up_to_the_cut,
              (const std::vector<std::uint32_t>& ssrcs)) {
    Buffer bytes;
    for (const std::uint32_t ssrc : ssrcs)
        bytes = bytes + sender_report(ssrc);
    const auto keep = *rc::gen::inRange<std::size_t>(0, bytes.size() + 1);
    bytes.resize(keep);
    const auto rtcp = parse_rtcp(bytes);
    RC_ASSERT(rtcp.has_value() == (keep >= 4));
    if (rtcp) {
        RC_ASSERT(rtcp->reports.size() == keep / 28);
        for (std::size_t i = 0; i < rtcp->reports.size(); ++i)
            RC_ASSERT(rtcp->reports[i].ssrc == ssrcs[i]);
    }
}

TEST(Rtcp, a_receiver_report_is_these_bytes) {
    const ReceiverReport report{.ssrc = 0x01020304,
                                .sources = {{.ssrc = 0x0a0b0c0d,
                                             .fraction_lost = 64,
                                             .packets_lost = -2,
                                             .highest_sequence = 0x00010005,
                                             .jitter = 7,
                                             .last_report = 8,
                                             .since_last_report = 9}},
                                .cname = "ab"};
    EXPECT_EQ(compose_receiver_report(report),
              (Buffer{0x81, 201, 0, 7, 1, 2, 3, 4, 10, 11, 12,  13,  64, 0xff, 0xff, 0xfe,
                      0,    1,   0, 5, 0, 0, 0, 7, 0,  0,  0,   8,   0,  0,    0,    9,
                      0x81, 202, 0, 3, 1, 2, 3, 4, 1,  2,  'a', 'b', 0,  0,    0,    0}));
}

TEST(Rtcp, what_is_lost_stays_at_the_ends_of_its_24_bits) {
    const auto lost = [](std::int32_t packets) {
        const auto bytes = compose_receiver_report(
            {.ssrc = 1, .sources = {{.packets_lost = packets}}, .cname = "c"});
        return be24(bytes.data() + 13);
    };
    EXPECT_EQ(lost(0x1000000), 0x7fffffU);
    EXPECT_EQ(lost(-0x1000000), 0x800000U);
}

RC_GTEST_PROP(Rtcp, a_report_of_any_length_is_whole_and_names_us, ()) {
    ReceiverReport report;
    report.ssrc = *rc::gen::arbitrary<std::uint32_t>();
    report.sources.resize(*rc::gen::inRange<std::size_t>(0, 100));
    report.cname = std::string(*rc::gen::inRange<std::size_t>(0, 300), 'n');
    const auto bytes = compose_receiver_report(report);
    std::size_t at = 0;
    std::size_t sources = 0;
    std::size_t packets = 0;
    while (at < bytes.size()) {
        RC_ASSERT(bytes.size() - at >= 8U);
        if (bytes[at + 1] == 201)
            sources += bytes[at] & 0x1fU;
        at += 4 * (std::size_t{be16(bytes.data() + at + 2)} + 1);
        ++packets;
    }
    RC_ASSERT(at == bytes.size());
    RC_ASSERT(sources == report.sources.size());
    RC_ASSERT(packets == std::max<std::size_t>(1, (sources + 30) / 31) + 1);
    const auto read = parse_rtcp(bytes);
    RC_ASSERT(read && read->cnames.size() == 1U);
    RC_ASSERT(read->cnames[0] == std::make_pair(report.ssrc, report.cname.substr(0, 255)));
}

}  // namespace
}  // namespace nk::wire
