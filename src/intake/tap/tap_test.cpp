// The tap as a whole, packet by packet; what calls come of it is told by the scenes.

#include "intake/tap/tap.h"

#include <utility>
#include <vector>

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

// Writes down all that it is told.
class Scribe : public Deaf {
public:
    struct Heard {
        std::uint64_t call;
        std::size_t track;
        MonoTime at;
        std::uint32_t timestamp;
        Buffer whole;
        bool operator==(const Heard&) const = default;
    };
    void hears(call::Call& call, call::Track& track, const call::MediaPacket& packet) override {
        heard.push_back({call.number, track.index, packet.arrival, packet.timestamp,
                         Buffer(packet.whole.begin(), packet.whole.end())});
    }
    void ends(call::Call& call, MonoTime now) override { ended.emplace_back(call.number, now); }
    std::vector<Heard> heard;
    std::vector<std::pair<std::uint64_t, MonoTime>> ended;
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

// Calls whose media begins, pauses until they are over, and begins again, between fragments and
// what is no packet at all; batches of any size lie across all of it.
TEST(TapBatches, many_packets_at_once_are_as_one_by_one) {
    std::vector<Buffer> bytes;
    std::vector<CapturedPacket> packets;
    WallTime wall{1'700'000'000'000'000'000};
    for (std::uint32_t n = 0; n < 3'000; ++n) {
        const auto call = std::uint16_t(n * 7 % 50);
        wall = wall + (n % 900 == 899 ? minutes(11) : milliseconds(n % 3));
        Buffer rtp{0x80, 8};
        add16(rtp, n / 50);
        add32(rtp, 160 * (n / 50));
        add32(rtp, call);
        const Buffer whole =
            ipv4(17, udp(std::uint16_t(4'000 + 2 * call), 4'002, rtp + Buffer(160, 0x2a)));
        const auto half = std::ptrdiff_t(whole.size() / 16 * 8);
        bytes.push_back(
            n % 11 == 0   ? ipv4(4, {whole.begin(), whole.begin() + half}, {.id = n, .more = true})
            : n % 13 == 0 ? Buffer{0x45, 0}
                          : whole);
        packets.push_back({.time = wall, .bytes = {}, .link = LinkType::raw});
    }
    for (std::size_t i = 0; i < packets.size(); ++i)
        packets[i].bytes = bytes[i];
    const auto listen = [&](std::size_t at_once) {
        Scribe scribe;
        call::Book book(scribe);
        Tap tap(book);
        for (std::span<const CapturedPacket> rest = packets; !rest.empty();) {
            const auto now = rest.first(std::min(at_once, rest.size()));
            tap.take(now);
            rest = rest.subspan(now.size());
        }
        tap.finish(call::Ending::capture_ended);
        return scribe;
    };
    const Scribe one_by_one = listen(1);
    EXPECT_GT(one_by_one.heard.size(), 1'000U);
    EXPECT_GT(one_by_one.ended.size(), 50U);
    for (const std::size_t at_once : {2U, 7U, 16U, 100U, 3'000U}) {
        const Scribe many = listen(at_once);
        EXPECT_TRUE(many.heard == one_by_one.heard) << at_once;
        EXPECT_TRUE(many.ended == one_by_one.ended) << at_once;
    }
}

}  // namespace
}  // namespace nk::tap
