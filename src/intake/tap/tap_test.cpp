// The tap as a whole, packet by packet; what calls come of it is told by the scenes.

#include "intake/tap/tap.h"

#include <gtest/gtest.h>

#include "wire/testing_packets.h"

namespace nk::tap {
namespace {

using namespace wire::testing;

class Deaf : public call::Ear {
public:
    void hears(call::Call&, call::Track&, const call::MediaPacket&) override {}
    void learns(call::Call&, call::Track&, MonoTime) override {}
    void ends(call::Call&, MonoTime) override {}
    void passes(MonoTime) override {}
    void tells(call::Call&, MonoTime) override {}
};

class TapTest : public ::testing::Test {
protected:
    void take(const Buffer& packet, Nanos at = seconds(0)) {
        tap_.take({.time = WallTime{1'700'000'000'000'000'000} + at,
                   .bytes = packet,
                   .wire_bytes = std::uint32_t(packet.size()),
                   .link = LinkType::raw});
    }
    // The packet in two fragments of an outer one, between the same ends.
    void take_in_fragments(const Buffer& packet, std::uint32_t id) {
        const auto half = std::ptrdiff_t(packet.size() / 16 * 8);
        take(ipv4(4, {packet.begin(), packet.begin() + half}, {.id = id, .more = true}));
        take(ipv4(4, {packet.begin() + half, packet.end()},
                  {.id = id, .offset = std::size_t(half)}));
    }

    Deaf ear_;
    call::Book book_{ear_};
    Tap tap_{book_};
};

const Buffer options =
    text(
        "OPTIONS sip:b@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
        "From: <sip:a@192.0.2.1>;tag=a\r\nTo: <sip:b@192.0.2.2>\r\nCall-ID: one\r\n"
        "CSeq: 1 OPTIONS\r\nSubject: ") +
    Buffer(8'000, 'x') + text("\r\nContent-Length: 0\r\n\r\n");

// The inner fragment's key is that of the outer packet it came in: the table lets go of the one to
// take the other.
TEST_F(TapTest, joins_fragments_that_came_in_fragments_of_the_same_name) {
    const Buffer whole = ipv4(17, udp(5060, 5060, options));
    const auto half = std::ptrdiff_t(whole.size() / 16 * 8);
    take_in_fragments(ipv4(4, {whole.begin(), whole.begin() + half}, {.id = 7, .more = true}), 7);
    EXPECT_EQ(tap_.counts().sip, 0U);
    take_in_fragments(
        ipv4(4, {whole.begin() + half, whole.end()}, {.id = 7, .offset = std::size_t(half)}), 8);
    EXPECT_EQ(tap_.counts().sip, 1U);
    EXPECT_EQ(tap_.counts().sip_refused, 0U);
}

// The call without signalling that its packets made is over when the next one comes.
TEST_F(TapTest, hears_again_who_was_silent_until_the_call_was_over) {
    const auto speak = [this](std::uint8_t number, Nanos at) {
        Buffer rtp{0x80, 8, 0, number};
        add32(rtp, 160U * number);
        add32(rtp, 7);
        take(ipv4(17, udp(4'000, 4'002, rtp + Buffer(160, 0x2a))), at);
    };
    for (std::uint8_t n = 0; n < 10; ++n)
        speak(n, milliseconds(20) * n);
    EXPECT_EQ(tap_.counts().media, 10U);
    for (std::uint8_t n = 10; n < 20; ++n)
        speak(n, minutes(10) + milliseconds(20) * n);
    EXPECT_EQ(tap_.counts().media, 20U);
    EXPECT_EQ(book_.counts().calls, 1U);
}

}  // namespace
}  // namespace nk::tap
