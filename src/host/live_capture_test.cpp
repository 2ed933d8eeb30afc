// Real packets over a real kernel: a pair of virtual interfaces in a network namespace of the
// test's own, which goes with it. Needs root; skipped otherwise.

#include "host/live_capture.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/descriptor.h"
#include "host/real_clock.h"

namespace nk::host {
namespace {

using Buffer = std::vector<std::uint8_t>;

// An Ethernet frame with UDP from port 4000 to `port`, and a VLAN tag when told to.
Buffer frame(std::uint16_t port, std::size_t payload_bytes, bool has_tag = false) {
    Buffer out(12, 2);
    if (has_tag)
        out.insert(out.end(), {0x81, 0x00, 0x20, 0x07});
    out.insert(out.end(), {8, 0});
    const auto add16 = [&](std::size_t v) {
        out.push_back(static_cast<std::uint8_t>(v >> 8));
        out.push_back(static_cast<std::uint8_t>(v));
    };
    out.insert(out.end(), {0x45, 0});
    add16(28 + payload_bytes);
    out.insert(out.end(), {0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2});
    add16(4'000);
    add16(port);
    add16(8 + payload_bytes);
    add16(0);
    for (std::size_t i = 0; i < payload_bytes; ++i)
        out.push_back(static_cast<std::uint8_t>(i));
    return out;
}

class LiveCaptureTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (geteuid() != 0)
            GTEST_SKIP() << "only root can make a network namespace";
        home_ = Descriptor(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
        if (!home_.is_open() || unshare(CLONE_NEWNET) != 0)
            GTEST_SKIP() << "no network namespace can be made here";
        is_away_ = true;
        if (std::system("ip link add left type veth peer name right && ip link set left up && "
                        "ip link set right up && ip link set lo up") != 0)
            GTEST_SKIP() << "no pair of virtual interfaces can be made here";
        right_ = Descriptor(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
        ASSERT_TRUE(right_.is_open());
    }
    void TearDown() override { EXPECT_TRUE(!is_away_ || setns(home_.number(), CLONE_NEWNET) == 0); }
    void send(const Buffer& bytes) const {
        sockaddr_ll where{};
        where.sll_family = AF_PACKET;
        where.sll_ifindex = static_cast<int>(if_nametoindex("right"));
        ASSERT_EQ(sendto(right_.number(), bytes.data(), bytes.size(), 0,
                         reinterpret_cast<const sockaddr*>(&where), sizeof where),
                  ssize_t(bytes.size()));
    }
    // Everything that comes until there is enough, or nothing has come for a while.
    std::vector<Buffer> receive(PacketSource& source, std::size_t enough = 1'000'000) {
        std::vector<Buffer> out;
        CapturedPacket packet;
        for (int idle = 0; idle < 4 && out.size() < enough;) {
            const auto next = source.next(packet);
            EXPECT_TRUE(next) << next.error().what;
            if (!next)
                break;
            if (*next == PacketSource::Next::packet) {
                std::array<CapturedPacket, 3> more;
                const std::size_t room = std::min(more.size(), enough - out.size() - 1);
                const std::size_t count = source.more(std::span(more).first(room));
                for (std::size_t i = 0; i <= count; ++i) {
                    const CapturedPacket& one = i == 0 ? packet : more[i - 1];
                    EXPECT_EQ(one.wire_bytes, one.bytes.size());
                    EXPECT_GT(one.time.ns, 1'000'000'000'000'000'000);
                    out.emplace_back(one.bytes.begin(), one.bytes.end());
                }
                idle = 0;
            } else if (*next == PacketSource::Next::dropped) {
                const auto drop = source.take_drop();
                EXPECT_TRUE(drop);
                if (drop)
                    dropped.push_back(*drop);
                idle = 0;
            } else {
                ++idle;
            }
        }
        return out;
    }

    Descriptor home_;
    Descriptor right_;
    bool is_away_ = false;
    std::vector<SourceDrop> dropped;  // what receive() was told of
};

constexpr std::size_t small_ring = 2 * 1024 * 1024;

TEST_F(LiveCaptureTest, gives_the_packets_of_a_mirror_port_as_they_were_sent) {
    auto source = open_live({.interface = "left", .filter = "udp", .ring_bytes = small_ring});
    ASSERT_TRUE(source) << source.error().what;
    const std::vector<Buffer> sent{frame(5'060, 100), frame(4'000, 1'400), frame(1, 1)};
    for (const Buffer& bytes : sent)
        send(bytes);
    EXPECT_EQ(receive(**source), sent);
    EXPECT_EQ((*source)->counts().received, 3U);
    EXPECT_EQ((*source)->counts().dropped_by_us, 0U);
}

TEST_F(LiveCaptureTest, puts_the_vlan_tag_back) {
    auto source = open_live({.interface = "left", .filter = "udp", .ring_bytes = small_ring});
    ASSERT_TRUE(source) << source.error().what;
    send(frame(5'060, 100, true));
    const auto got = receive(**source);
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0], frame(5'060, 100, true));
}

TEST_F(LiveCaptureTest, leaves_out_what_the_filter_does_not_want) {
    auto source =
        open_live({.interface = "left", .filter = "udp port 5060", .ring_bytes = small_ring});
    ASSERT_TRUE(source) << source.error().what;
    send(frame(5'060, 10));
    send(frame(5'061, 10));
    EXPECT_EQ(receive(**source).size(), 1U);
}

TEST_F(LiveCaptureTest, counts_what_it_was_too_slow_for) {
    auto source = open_live({.interface = "left", .filter = "udp", .ring_bytes = small_ring});
    ASSERT_TRUE(source) << source.error().what;
    constexpr std::size_t count = 5'000;
    for (std::size_t i = 0; i < count; ++i)
        send(frame(5'060, 1'400));
    const std::size_t received = receive(**source).size();
    EXPECT_FALSE((*source)->take_drop());
    const auto counts = (*source)->counts();
    EXPECT_GT(received, 0U);
    EXPECT_GT(counts.dropped_by_us, 1'000U);
    EXPECT_EQ(counts.received + counts.dropped_by_us, count);
    EXPECT_EQ(counts.fill_percent_max, 100U);
}

TEST_F(LiveCaptureTest, knows_how_full_its_ring_was) {
    auto source = open_live({.interface = "left", .filter = "udp", .ring_bytes = small_ring});
    ASSERT_TRUE(source) << source.error().what;
    constexpr std::size_t count = 700;  // about a megabyte of two
    for (std::size_t i = 0; i < count; ++i)
        send(frame(5'060, 1'400));
    EXPECT_EQ(receive(**source, count).size(), count);
    const unsigned fill = (*source)->counts().fill_percent_max;
    EXPECT_GE(fill, 37U);
    EXPECT_LE(fill, 75U);
    send(frame(5'060, 1));
    EXPECT_EQ(receive(**source, 1).size(), 1U);
    EXPECT_EQ((*source)->counts().fill_percent_max, fill);
}

TEST_F(LiveCaptureTest, tells_when_it_was_too_slow_before_what_came_after) {
    auto source = open_live({.interface = "left", .filter = "udp", .ring_bytes = small_ring});
    ASSERT_TRUE(source) << source.error().what;
    for (std::size_t i = 0; i < 1'000; ++i)
        send(frame(5'060, 1'400));
    CapturedPacket packet;
    ASSERT_EQ((*source)->next(packet), PacketSource::Next::packet);
    const WallTime first = packet.time;
    const WallTime sent_more = RealClock().wall();
    for (std::size_t i = 0; i < 4'000; ++i)
        send(frame(5'060, 1'400));
    const WallTime sent = RealClock().wall();
    WallTime last = first;
    std::uint64_t came = 1;
    auto next = (*source)->next(packet);
    for (; next == PacketSource::Next::packet; next = (*source)->next(packet)) {
        last = packet.time;
        ++came;
    }
    ASSERT_EQ(next, PacketSource::Next::dropped);
    const auto drop = (*source)->take_drop();
    ASSERT_TRUE(drop);
    // The ring was filled after the first thousand: not since the source was opened.
    EXPECT_GT(drop->from, sent_more);
    EXPECT_LT(drop->from, sent);
    EXPECT_GE(drop->to, sent);
    EXPECT_GT(drop->packets, 1'000U);
    // What is left in the ring came before the drop.
    EXPECT_LT(came, 500U);
    while ((next = (*source)->next(packet)) == PacketSource::Next::packet) {
        last = packet.time;
        ++came;
    }
    EXPECT_EQ(next, PacketSource::Next::idle);
    EXPECT_LE(last, drop->from);
    EXPECT_EQ(came + drop->packets, 5'000U);
}

TEST_F(LiveCaptureTest, tells_when_it_was_too_slow_while_it_waited) {
    auto source = open_live({.interface = "left", .filter = "udp", .ring_bytes = small_ring});
    ASSERT_TRUE(source) << source.error().what;
    CapturedPacket packet;
    ASSERT_EQ((*source)->next(packet), PacketSource::Next::idle);
    for (std::size_t i = 0; i < 1'000; ++i)
        send(frame(5'060, 1'400));
    const WallTime sent_more = RealClock().wall();
    for (std::size_t i = 0; i < 4'000; ++i)
        send(frame(5'060, 1'400));
    ASSERT_EQ((*source)->next(packet), PacketSource::Next::dropped);
    const auto drop = (*source)->take_drop();
    ASSERT_TRUE(drop);
    EXPECT_GT(drop->from, sent_more);
    EXPECT_EQ(receive(**source).size() + drop->packets, 5'000U);
}

TEST_F(LiveCaptureTest, goes_round_its_ring_many_times) {
    auto source = open_live({.interface = "left", .filter = "udp", .ring_bytes = small_ring});
    ASSERT_TRUE(source) << source.error().what;
    std::size_t received = 0;
    for (int round = 0; round < 50; ++round) {
        for (int i = 0; i < 100; ++i)
            send(frame(5'060, 1'400));
        received += receive(**source, 100).size();
    }
    EXPECT_EQ(received, 50U * 100U);  // 8 MB through a ring of 2
    EXPECT_EQ((*source)->counts().dropped_by_us, 0U);
}

TEST_F(LiveCaptureTest, gives_each_packet_of_the_loopback_interface_once) {
    auto source = open_live({.interface = "lo", .filter = "udp", .ring_bytes = small_ring});
    ASSERT_TRUE(source) << source.error().what;
    const Descriptor out(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(5'060);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(sendto(out.number(), "hello", 5, 0, reinterpret_cast<sockaddr*>(&to), sizeof to), 5);
    EXPECT_EQ(receive(**source).size(), 1U);
}

TEST_F(LiveCaptureTest, reads_a_tunnel_interface_as_bare_ip) {
    if (std::system("ip tuntap add dev tun0 mode tun 2>/dev/null && ip link set tun0 up") != 0)
        GTEST_SKIP() << "no tunnel interface can be made here";
    auto source = open_live({.interface = "tun0", .filter = "udp", .ring_bytes = small_ring});
    EXPECT_TRUE(source) << source.error().what;
}

TEST_F(LiveCaptureTest, ends_when_its_interface_goes_but_not_when_it_is_down) {
    auto source = open_live({.interface = "left", .filter = "udp", .ring_bytes = small_ring});
    ASSERT_TRUE(source) << source.error().what;
    ASSERT_EQ(std::system("ip link set left down"), 0);
    EXPECT_TRUE(receive(**source).empty());
    ASSERT_EQ(std::system("ip link set left up"), 0);
    // The link is there a moment after it was told to be; what is sent before that goes nowhere.
    std::vector<Buffer> got;
    for (int tries = 0; tries < 20 && got.empty(); ++tries) {
        send(frame(5'060, 10));
        got = receive(**source, 1);
    }
    ASSERT_FALSE(got.empty());
    EXPECT_EQ(got.front(), frame(5'060, 10));
    ASSERT_EQ(std::system("ip link del left"), 0);
    CapturedPacket packet;
    Result<PacketSource::Next> next = (*source)->next(packet);
    for (int i = 0; i < 3 && next; ++i)
        next = (*source)->next(packet);
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().what, "the interface left is gone");
}

TEST_F(LiveCaptureTest, names_the_interfaces_there_are_when_one_is_missing) {
    const auto source = open_live({.interface = "eth99", .filter = ""});
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, Code::not_found);
    EXPECT_NE(source.error().what.find("eth99"), std::string::npos);
    EXPECT_NE(source.error().what.find("left"), std::string::npos) << source.error().what;
}

TEST_F(LiveCaptureTest, says_what_is_wrong_with_a_filter) {
    const auto source = open_live({.interface = "left", .filter = "udp porrt 5060"});
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, Code::malformed);
    EXPECT_NE(source.error().what.find("udp porrt 5060"), std::string::npos);
    EXPECT_NE(source.error().what.find("syntax error"), std::string::npos) << source.error().what;
}

TEST_F(LiveCaptureTest, says_what_is_needed_when_it_is_not_permitted) {
    ASSERT_EQ(seteuid(65'534), 0);
    const auto source = open_live({.interface = "left", .filter = ""});
    ASSERT_EQ(seteuid(0), 0);
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, Code::refused);
    EXPECT_NE(source.error().what.find("CAP_NET_RAW"), std::string::npos) << source.error().what;
}

}  // namespace
}  // namespace nk::host
