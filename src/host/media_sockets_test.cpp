#include "host/media_sockets.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "host/descriptor.h"
#include "host/real_clock.h"
#include "host/socket_address.h"

namespace nk::host {
namespace {

const IpAddress loopback = *parse_ip("127.0.0.1");
const IpAddress loopback_v6 = *parse_ip("::1");

class HeldClock : public Clock {
public:
    [[nodiscard]] MonoTime now() const override { return mono; }
    [[nodiscard]] WallTime wall() const override { return RealClock().wall(); }
    MonoTime mono{};
};

struct Heard {
    std::uint16_t port;
    bool is_rtp;
    Endpoint from;
    WallTime arrival;
    std::string bytes;
};

class Ear : public MediaHandler {
public:
    void on_packet(const MediaPacket& packet) override {
        heard.push_back({packet.rtp_port, packet.is_rtp, packet.from, packet.arrival,
                         std::string(as_text(packet.bytes))});
        EXPECT_FALSE(packet.is_cut);
        if (then)
            then(packet);
    }
    void on_drop(const MediaDrop& drop) override { drops.push_back(drop); }

    std::vector<Heard> heard;
    std::vector<MediaDrop> drops;
    std::function<void(const MediaPacket&)> then;
};

// Somebody who sends, from a port of his own.
class Sender {
public:
    explicit Sender(const IpAddress& at)
        : family_(at.is_v4() ? AF_INET : AF_INET6),
          socket_(::socket(family_, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        const auto address = to_socket_address({at, 0}, family_);
        EXPECT_EQ(bind(socket_.number(), address.get(), address.size), 0);
        endpoint = bound_endpoint(socket_.number());
    }
    void send(std::uint16_t port, std::string_view text) {
        const auto to = to_socket_address({endpoint.ip, port}, family_);
        EXPECT_EQ(sendto(socket_.number(), text.data(), text.size(), 0, to.get(), to.size),
                  static_cast<ssize_t>(text.size()));
    }
    std::pair<std::string, Endpoint> receive() {
        std::array<char, 2'048> bytes{};
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        const timeval wait{.tv_sec = 10, .tv_usec = 0};
        setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        const ssize_t got = recvfrom(socket_.number(), bytes.data(), bytes.size(), 0,
                                     reinterpret_cast<sockaddr*>(&from), &size);
        return {std::string(bytes.data(), got < 0 ? 0 : static_cast<std::size_t>(got)),
                from_socket_address(from)};
    }
    Endpoint endpoint;

private:
    int family_;
    Descriptor socket_;
};

class MediaSocketsTest : public testing::Test {
protected:
    std::uint16_t open_any(MediaSockets& sockets) {
        const auto port = sockets.open(0);
        EXPECT_TRUE(port) << port.error().what;
        return port.value_or(0);
    }
    // The kernel hands a packet on in its own time, which is short.
    bool sweep_until(MediaSockets& sockets, const std::function<bool()>& is_enough) {
        const auto give_up = RealClock().now() + seconds(10);
        for (; RealClock().now() < give_up; sched_yield()) {
            sockets.sweep(ear);
            if (is_enough())
                return true;
            clock.mono = clock.mono + limits::rtcp_sweep_every;
        }
        return false;
    }
    bool sweep_until(MediaSockets& sockets, std::size_t packets) {
        return sweep_until(sockets, [&] { return ear.heard.size() >= packets; });
    }

    HeldClock clock;
    Ear ear;
};

TEST_F(MediaSocketsTest, says_what_came_to_which_port_from_whom_and_when) {
    MediaSockets sockets(loopback, clock);
    const auto port = open_any(sockets);
    EXPECT_EQ(port % 2, 0);
    Sender sender(loopback);
    const auto before = RealClock().wall();
    sender.send(port, "one");
    sender.send(port, "two");
    sender.send(port + 1, "report");
    ASSERT_TRUE(sweep_until(sockets, 3));
    const auto after = RealClock().wall();
    std::ranges::stable_sort(ear.heard, {}, [](const Heard& h) { return !h.is_rtp; });
    EXPECT_EQ(ear.heard[0].bytes, "one");
    EXPECT_EQ(ear.heard[1].bytes, "two");
    EXPECT_EQ(ear.heard[2].bytes, "report");
    EXPECT_TRUE(ear.heard[1].is_rtp);
    EXPECT_FALSE(ear.heard[2].is_rtp);
    for (const auto& one : ear.heard) {
        EXPECT_EQ(one.port, port);
        EXPECT_EQ(one.from, sender.endpoint);
        EXPECT_LE(before, one.arrival);
        EXPECT_LE(one.arrival, after);
    }
    EXPECT_EQ(sockets.counts().rtp, 2U);
    EXPECT_EQ(sockets.counts().rtcp, 1U);
}

TEST_F(MediaSocketsTest, notes_the_arrival_and_not_the_sweep) {
    MediaSockets sockets(loopback, clock);
    const auto one = open_any(sockets);
    const auto other = open_any(sockets);
    Sender sender(loopback);
    const auto give_up = RealClock().now() + seconds(10);
    // The kernel begins to note times a moment after it is asked to; until then it notes the read.
    for (bool is_noted = false; !is_noted; ear.heard.clear()) {
        ASSERT_LT(RealClock().now(), give_up);
        sender.send(one, "first");
        sender.send(other, "second");
        while (ear.heard.empty() && RealClock().now() < give_up)
            sockets.sweep_port(other, ear);
        // When the second is here, so is the first.
        const auto both_are_here = RealClock().wall();
        ASSERT_TRUE(sweep_until(sockets, 2));
        EXPECT_EQ(ear.heard[1].bytes, "first");
        is_noted =
            ear.heard[1].arrival <= ear.heard[0].arrival && ear.heard[1].arrival <= both_are_here;
    }
}

// Which no clock that is set can change.
TEST_F(MediaSocketsTest, says_since_when_a_packet_may_have_come) {
    clock.mono = MonoTime{5'000'000'000};
    MediaSockets sockets(loopback, clock);
    const auto port = open_any(sockets);
    Sender sender(loopback);
    std::vector<MonoTime> since;
    ear.then = [&](const MediaPacket& packet) { since.push_back(packet.empty); };
    clock.mono = MonoTime{6'000'000'000};
    sender.send(port, "one");
    ASSERT_TRUE(sweep_until(sockets, 1));
    const MonoTime swept = clock.mono;
    EXPECT_GE(since[0], MonoTime{5'000'000'000});
    EXPECT_LT(since[0], swept);
    clock.mono = clock.mono + seconds(1);
    sender.send(port, "two");
    ASSERT_TRUE(sweep_until(sockets, 2));
    EXPECT_GE(since[1], swept);
    EXPECT_LT(since[1], clock.mono);
}

TEST_F(MediaSocketsTest, looks_at_rtcp_more_rarely) {
    MediaSockets sockets(loopback, clock);
    const auto port = open_any(sockets);
    Sender sender(loopback);
    sender.send(port + 1, "report");
    for (int i = 0; i < 1'000; ++i)
        sockets.sweep(ear);
    EXPECT_TRUE(ear.heard.empty());
    clock.mono = clock.mono + limits::rtcp_sweep_every;
    EXPECT_TRUE(sweep_until(sockets, 1));
}

TEST_F(MediaSocketsTest, reads_a_part_of_the_pairs_at_a_time_and_all_in_a_round) {
    MediaSockets sockets(loopback, clock);
    Sender sender(loopback);
    std::set<std::uint16_t> ports;
    for (int i = 0; i < 5; ++i)
        ports.insert(open_any(sockets));
    for (const auto port : ports)
        sender.send(port, "here");
    std::size_t most = 0;
    const auto give_up = RealClock().now() + seconds(10);
    while (ear.heard.size() < ports.size() && RealClock().now() < give_up) {
        const std::size_t before = ear.heard.size();
        sockets.sweep(ear, 3);
        most = std::max(most, ear.heard.size() - before);
    }
    EXPECT_EQ(most, 2U);
    std::set<std::uint16_t> heard;
    for (const auto& one : ear.heard)
        heard.insert(one.port);
    EXPECT_EQ(heard, ports);
}

TEST_F(MediaSocketsTest, comes_round_however_many_are_opened_meanwhile) {
    MediaSockets sockets(loopback, clock);
    Sender sender(loopback);
    const auto first = open_any(sockets);
    open_any(sockets);
    sockets.sweep(ear, 3);
    sockets.sweep(ear, 3);
    sender.send(first, "here");
    for (int i = 0; i < 100 && ear.heard.empty(); ++i) {
        open_any(sockets);
        sockets.sweep(ear, 3);
    }
    ASSERT_EQ(ear.heard.size(), 1U);
}

TEST_F(MediaSocketsTest, empties_one_pair_with_its_rtcp_when_asked_to) {
    MediaSockets sockets(loopback, clock);
    const auto one = open_any(sockets);
    const auto other = open_any(sockets);
    Sender sender(loopback);
    sender.send(other, "not asked for");
    sender.send(one, "sound");
    sender.send(one + 1, "report");
    const auto give_up = RealClock().now() + seconds(10);
    while (ear.heard.size() < 2 && RealClock().now() < give_up)
        sockets.sweep_port(one, ear);
    ASSERT_EQ(ear.heard.size(), 2U);
    EXPECT_EQ(ear.heard[0].bytes, "sound");
    EXPECT_EQ(ear.heard[1].bytes, "report");
    sockets.sweep_port(static_cast<std::uint16_t>(one ^ 2), ear);  // whatever that is
}

TEST_F(MediaSocketsTest, hears_ipv4_and_ipv6_on_the_unspecified_address) {
    for (const auto* wild : {"0.0.0.0", "::"}) {
        ear.heard.clear();
        MediaSockets sockets(*parse_ip(wild), clock);
        const auto port = open_any(sockets);
        Sender four(loopback);
        Sender six(loopback_v6);
        four.send(port, "four");
        ASSERT_TRUE(sweep_until(sockets, 1));
        six.send(port, "six");
        ASSERT_TRUE(sweep_until(sockets, 2));
        EXPECT_EQ(ear.heard[0].from, four.endpoint);
        EXPECT_EQ(ear.heard[1].from, six.endpoint);
        EXPECT_TRUE(sockets.send_rtcp(port, four.endpoint, as_bytes("to four")));
        EXPECT_TRUE(sockets.send_rtcp(port, six.endpoint, as_bytes("to six")));
        EXPECT_EQ(four.receive().first, "to four");
        EXPECT_EQ(six.receive().first, "to six");
    }
}

TEST_F(MediaSocketsTest, sends_reports_from_the_rtcp_port_or_from_the_one_port_there_is) {
    MediaSockets sockets(loopback_v6, clock);
    const auto port = open_any(sockets);
    Sender sender(loopback_v6);
    EXPECT_TRUE(sockets.send_rtcp(port, sender.endpoint, as_bytes("report")));
    EXPECT_EQ(sender.receive(), std::pair(std::string("report"),
                                          Endpoint{loopback_v6, static_cast<uint16_t>(port + 1)}));
    EXPECT_TRUE(sockets.send_rtcp(port, sender.endpoint, as_bytes("muxed"), true));
    EXPECT_EQ(sender.receive(), std::pair(std::string("muxed"), Endpoint{loopback_v6, port}));
    EXPECT_FALSE(sockets.send_rtcp(static_cast<std::uint16_t>(port ^ 2), sender.endpoint, {}));
}

TEST_F(MediaSocketsTest, counts_a_report_that_cannot_be_sent) {
    MediaSockets sockets(loopback, clock);
    const auto port = open_any(sockets);
    EXPECT_FALSE(sockets.send_rtcp(port, {loopback_v6, 9}, as_bytes("six from four")));
    EXPECT_FALSE(sockets.send_rtcp(port, {loopback, 9}, std::vector<std::uint8_t>(70'000)));
    EXPECT_EQ(sockets.counts().unsent, 2U);
}

TEST_F(MediaSocketsTest, keeps_the_largest_packet_whole) {
    MediaSockets sockets(loopback, clock);
    const auto port = open_any(sockets);
    Sender sender(loopback);
    std::string large(65'507, '\0');  // what IPv4 leaves of 65,535
    for (std::size_t i = 0; i < large.size(); ++i)
        large[i] = static_cast<char>(i * 7);
    sender.send(port, large);
    sender.send(port, "");
    sender.send(port, "after it");
    ASSERT_TRUE(sweep_until(sockets, 3));
    EXPECT_EQ(ear.heard[0].bytes, large);
    EXPECT_EQ(ear.heard[1].bytes, "");
    EXPECT_EQ(ear.heard[2].bytes, "after it");
}

TEST_F(MediaSocketsTest, takes_more_packets_than_one_read_in_their_order) {
    MediaSockets sockets(loopback, clock);
    const auto port = open_any(sockets);
    Sender sender(loopback);
    constexpr std::size_t count = 3 * limits::media_packets_per_read + 1;
    for (std::size_t i = 0; i < count; ++i)
        sender.send(port, std::to_string(i));
    ASSERT_TRUE(sweep_until(sockets, count));
    for (std::size_t i = 0; i < count; ++i)
        EXPECT_EQ(ear.heard[i].bytes, std::to_string(i));
}

TEST_F(MediaSocketsTest, tells_every_packet_that_the_kernel_dropped_and_on_which_port) {
    MediaSockets sockets(loopback, clock);
    const auto full = open_any(sockets);
    const auto quiet = open_any(sockets);
    Sender sender(loopback);
    const auto before = RealClock().wall();
    constexpr std::size_t sent = 20'000;
    for (std::size_t i = 0; i < sent; ++i)
        sender.send(full, std::string(1'000, 'x'));
    sender.send(quiet, "one");
    const auto dropped = [&] {
        std::uint64_t sum = 0;
        for (const auto& drop : ear.drops)
            sum += drop.packets;
        return sum;
    };
    ASSERT_TRUE(sweep_until(sockets, [&] { return ear.heard.size() + dropped() >= sent + 1; }));
    const auto after = RealClock().wall();
    EXPECT_EQ(ear.heard.size() + dropped(), sent + 1);
    EXPECT_EQ(sockets.counts().dropped, dropped());
    ASSERT_FALSE(ear.drops.empty());
    for (const auto& drop : ear.drops) {
        EXPECT_EQ(drop.rtp_port, full);
        EXPECT_TRUE(drop.is_rtp);
        EXPECT_LE(drop.from, drop.to);
        EXPECT_LE(drop.to, after);
    }
    EXPECT_LE(ear.drops.front().from, before);  // since it was opened
}

TEST_F(MediaSocketsTest, says_which_port_somebody_else_has) {
    MediaSockets sockets(loopback, clock);
    const auto port = open_any(sockets);
    MediaSockets others(loopback, clock);
    const auto again = others.open(port);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Code::busy);
    EXPECT_NE(again.error().what.find(std::to_string(port)), std::string::npos);
    EXPECT_EQ(sockets.open(port).error().code, Code::busy);
    sockets.close(port);
    EXPECT_TRUE(others.open(port));
    EXPECT_EQ(others.size(), 1U);
    EXPECT_EQ(sockets.size(), 0U);
}

TEST_F(MediaSocketsTest, leaves_no_port_open_whose_neighbour_is_taken) {
    MediaSockets sockets(loopback, clock);
    const auto port = open_any(sockets);
    sockets.close(port);
    const Descriptor neighbour(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto address =
        to_socket_address({loopback, static_cast<std::uint16_t>(port + 1)}, AF_INET);
    ASSERT_EQ(bind(neighbour.number(), address.get(), address.size), 0);
    EXPECT_EQ(sockets.open(port).error().code, Code::busy);
    EXPECT_FALSE(sockets.is_open(port));
    const Descriptor itself(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto free = to_socket_address({loopback, port}, AF_INET);
    EXPECT_EQ(bind(itself.number(), free.get(), free.size), 0);
}

TEST_F(MediaSocketsTest, refuses_an_odd_port_and_an_address_that_is_not_ours) {
    MediaSockets sockets(loopback, clock);
    EXPECT_EQ(sockets.open(30'001).error().code, Code::malformed);
    MediaSockets elsewhere(*parse_ip("192.0.2.1"), clock);
    EXPECT_EQ(elsewhere.open(0).error().code, Code::not_found);
}

TEST_F(MediaSocketsTest, lets_a_port_be_closed_while_its_packets_are_handed_over) {
    MediaSockets sockets(loopback, clock);
    const std::array ports{open_any(sockets), open_any(sockets), open_any(sockets)};
    Sender sender(loopback);
    for (const auto port : ports)
        for (int i = 0; i < 3; ++i)
            sender.send(port, "x");
    // Whoever is heard first closes itself and another, and opens itself anew.
    ear.then = [&](const MediaPacket& packet) {
        if (sockets.size() < ports.size())
            return;
        for (const auto port : ports)
            if (port != packet.rtp_port) {
                sockets.close(port);
                break;
            }
        sockets.close(packet.rtp_port);
        EXPECT_TRUE(sockets.open(packet.rtp_port));
        EXPECT_EQ(sockets.size(), 2U);
    };
    ASSERT_TRUE(sweep_until(sockets, [&] { return sockets.size() == 2; }));
    const auto first = ear.heard.front().port;
    sender.send(first, "anew");
    ASSERT_TRUE(sweep_until(sockets, [&] { return ear.heard.back().bytes == "anew"; }));
    EXPECT_EQ(std::ranges::count(ear.heard, first, &Heard::port), 2);
    for (const auto port : ports)
        sockets.close(port);
    EXPECT_EQ(sockets.size(), 0U);
    sockets.sweep(ear);
}

}  // namespace
}  // namespace nk::host
