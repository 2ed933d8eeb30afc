#include "wire/rtp.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/testing_packets.h"

namespace nk::wire {
namespace {

using namespace testing;

Buffer header(std::uint8_t first, std::uint8_t second) {
    return {first, second, 0x12, 0x34, 0, 0, 0, 160, 0xde, 0xad, 0xbe, 0xef};
}

TEST(Rtp, reads_the_fixed_header) {
    const Buffer bytes = header(0x80, 0x88) + text("sound");
    const auto rtp = parse_rtp(bytes);
    ASSERT_TRUE(rtp);
    EXPECT_EQ(rtp->payload_type, 8);
    EXPECT_TRUE(rtp->marker);
    EXPECT_EQ(rtp->sequence, 0x1234);
    EXPECT_EQ(rtp->timestamp, 160U);
    EXPECT_EQ(rtp->ssrc, 0xdeadbeefU);
    EXPECT_EQ(as_text(rtp->payload), "sound");
}

TEST(Rtp, leaves_out_csrcs_extension_and_padding) {
    const Buffer csrcs(8, 1);
    const Buffer extension{0xbe, 0xde, 0, 1, 1, 2, 3, 4};
    const Buffer bytes = header(0xb2, 0) + csrcs + extension + text("sound") + Buffer{0, 0, 3};
    const auto rtp = parse_rtp(bytes);
    ASSERT_TRUE(rtp);
    EXPECT_EQ(as_text(rtp->payload), "sound");
    EXPECT_FALSE(rtp->marker);
}

TEST(Rtp, refuses_a_packet_shorter_than_its_header) {
    EXPECT_FALSE(parse_rtp({}));
    EXPECT_FALSE(parse_rtp(Buffer(11, 0x80)));
    EXPECT_FALSE(parse_rtp(header(0x81, 0) + Buffer(3, 0)));
    EXPECT_FALSE(parse_rtp(header(0x90, 0) + Buffer(3, 0)));
    EXPECT_FALSE(parse_rtp(header(0x90, 0) + Buffer{0, 0, 0, 1, 0, 0, 0}));
    EXPECT_TRUE(parse_rtp(header(0x90, 0) + Buffer{0, 0, 0, 1, 0, 0, 0, 0}));
}

TEST(Rtp, refuses_another_version) {
    EXPECT_FALSE(parse_rtp(header(0x40, 0)));
    EXPECT_FALSE(parse_rtp(header(0x00, 0)));
    EXPECT_FALSE(parse_rtp(header(0xc0, 0)));
}

TEST(Rtp, refuses_padding_longer_than_the_payload) {
    EXPECT_FALSE(parse_rtp(header(0xa0, 0) + Buffer{0, 3}));
    const Buffer all_padding = header(0xa0, 0) + Buffer{0, 2};
    const auto rtp = parse_rtp(all_padding);
    ASSERT_TRUE(rtp);
    EXPECT_TRUE(rtp->payload.empty());
}

TEST(Rtp, leaves_rtcp_to_rtcp) {
    for (const int second : {192, 200, 201, 207, 223})
        EXPECT_FALSE(parse_rtp(header(0x80, static_cast<std::uint8_t>(second)))) << second;
    EXPECT_TRUE(parse_rtp(header(0x80, 191)));
    EXPECT_TRUE(parse_rtp(header(0x80, 224)));
}

TEST(Kind, tells_the_neighbours_on_one_port_apart) {
    EXPECT_EQ(kind_of(header(0x80, 0)), Kind::rtp);
    EXPECT_EQ(kind_of(header(0x80, 200)), Kind::rtcp);
    EXPECT_EQ(kind_of(Buffer{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42} + Buffer(12, 7)), Kind::stun);
    EXPECT_EQ(kind_of(Buffer{0, 1, 0, 4} + Buffer(20, 7)), Kind::stun);  // RFC 3489: no cookie
    EXPECT_EQ(kind_of(Buffer{22, 0xfe, 0xfd} + Buffer(20, 7)), Kind::dtls);
    EXPECT_EQ(kind_of(Buffer{0x10, 0, 0, 1} + text("ZRTP") + Buffer(20, 7)), Kind::zrtp);
    EXPECT_EQ(kind_of(Buffer{0x40, 1, 0, 4} + Buffer(4, 0)), Kind::other);  // a TURN channel
    EXPECT_EQ(kind_of({}), Kind::other);
    EXPECT_EQ(kind_of(Buffer(1, 0x80)), Kind::other);
}

TEST(Kind, knows_sip_by_its_plain_text) {
    EXPECT_EQ(kind_of(text("INVITE sip:a@b SIP/2.0\r\n")), Kind::text);
    EXPECT_EQ(kind_of(text("SIP/2.0 200 OK\r\n")), Kind::text);
    EXPECT_EQ(kind_of(text("!odd-Method sip:a@b SIP/2.0")), Kind::text);  // RFC 4475 3.1.1.2
    EXPECT_EQ(kind_of(text("\r\n\r\nOPTIONS sip:a SIP/2.0")), Kind::text);
    EXPECT_EQ(kind_of(text("\r\n\r\n")), Kind::text);
}

RC_GTEST_PROP(RtpProperty, what_is_built_is_what_is_read, (const Buffer& payload)) {
    const auto csrcs = *rc::gen::inRange<std::size_t>(0, 16);
    const auto words = *rc::gen::inRange<std::size_t>(0, 20);
    const auto padding = *rc::gen::inRange<std::size_t>(0, 200);
    const auto type = *rc::gen::inRange<std::uint8_t>(0, 64);
    Buffer bytes = header(static_cast<std::uint8_t>(0x90 + (padding > 0 ? 0x20 : 0) + csrcs), type);
    bytes = bytes + Buffer(csrcs * 4, 9) + Buffer{1, 2, 0, static_cast<std::uint8_t>(words)} +
            Buffer(words * 4, 8) + payload + Buffer(padding, static_cast<std::uint8_t>(padding));
    const auto rtp = parse_rtp(bytes);
    RC_ASSERT(rtp.has_value());
    RC_ASSERT(Buffer(rtp->payload.begin(), rtp->payload.end()) == payload);
    RC_ASSERT(rtp->payload_type == type);
}

}  // namespace
}  // namespace nk::wire
