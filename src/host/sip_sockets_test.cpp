#include "host/sip_sockets.h"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "host/descriptor.h"
#include "host/real_clock.h"
#include "host/socket_address.h"

namespace nk::host {
namespace {

const IpAddress loopback = *parse_ip("127.0.0.1");
const IpAddress loopback_v6 = *parse_ip("::1");

struct Heard {
    SipPath path;
    std::string bytes;
};

class Ear : public SipHandler {
public:
    void on_datagram(const SipPath& path, Bytes datagram) override {
        datagrams.push_back({path, std::string(as_text(datagram))});
    }
    void on_stream(const SipPath& path, Bytes piece) override {
        last = path;
        text += as_text(piece);
        if (then)
            then(path);
    }
    void on_closed(std::uint64_t flow) override { closed.push_back(flow); }
    void on_trouble(const Endpoint&, const Error& why) override { troubles.push_back(why); }

    std::vector<Heard> datagrams;
    SipPath last;
    std::string text;
    std::vector<std::uint64_t> closed;
    std::vector<Error> troubles;
    std::function<void(const SipPath&)> then;
};

// Somebody with a socket of his own, who waits for nothing longer than ten seconds.
class Client {
public:
    explicit Client(int kind, const IpAddress& at = loopback)
        : family_(at.is_v4() ? AF_INET : AF_INET6),
          socket_(::socket(family_, kind | SOCK_CLOEXEC, 0)) {
        const timeval wait{.tv_sec = 10, .tv_usec = 0};
        setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        const auto address = to_socket_address({at, 0}, family_);
        EXPECT_EQ(bind(socket_.number(), address.get(), address.size), 0);
        endpoint = bound_endpoint(socket_.number());
    }
    bool connect(const Endpoint& to) {
        const auto address = to_socket_address(to, family_);
        return ::connect(socket_.number(), address.get(), address.size) == 0;
    }
    void send(std::string_view text) {
        EXPECT_EQ(::send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(text.size()));
    }
    void send_to(const Endpoint& to, std::string_view text) {
        const auto address = to_socket_address(to, family_);
        EXPECT_EQ(
            sendto(socket_.number(), text.data(), text.size(), 0, address.get(), address.size),
            static_cast<ssize_t>(text.size()));
    }
    // What is there; empty when the peer closed.
    Heard receive() {
        std::string bytes(65'536, '\0');
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        const ssize_t got = recvfrom(socket_.number(), bytes.data(), bytes.size(), 0,
                                     reinterpret_cast<sockaddr*>(&from), &size);
        bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return {{0, {}, from_socket_address(from), {}}, bytes};
    }
    void close() { socket_ = Descriptor(); }
    Endpoint endpoint;

private:
    int family_;
    Descriptor socket_;
};

class SipSocketsTest : public testing::Test {
protected:
    std::unique_ptr<SipSockets> open(const std::vector<SipListen>& listen,
                                     const SipSocketLimits& limits = {}) {
        auto sockets = SipSockets::open(loop, ear, {listen, std::nullopt, limits});
        EXPECT_TRUE(sockets) << sockets.error().what;
        return sockets ? *std::move(sockets) : nullptr;
    }
    bool run_until(const std::function<bool()>& is_enough) {
        loop.run_until(RealClock().now() + seconds(10), is_enough);
        return is_enough();
    }
    Loop loop;
    Ear ear;
};

const SipListen udp{SipTransport::udp, {loopback, 0}};
const SipListen tcp{SipTransport::tcp, {loopback, 0}};

TEST_F(SipSocketsTest, tells_the_ports_it_got_in_the_order_of_the_list) {
    const auto sockets = open({tcp, udp, {SipTransport::udp, {loopback_v6, 0}}});
    const auto& bound = sockets->bound();
    ASSERT_EQ(bound.size(), 3U);
    EXPECT_EQ(bound[0].transport, SipTransport::tcp);
    EXPECT_EQ(bound[0].flow, 0U);
    for (const auto& one : bound)
        EXPECT_NE(one.at.port, 0);
    EXPECT_EQ(bound[2].at.ip, loopback_v6);
    EXPECT_NE(bound[1].flow, bound[2].flow);
}

TEST_F(SipSocketsTest, says_whose_datagram_came_to_what_address_and_answers_it) {
    for (const auto& at : {loopback, loopback_v6}) {
        ear.datagrams.clear();
        const auto sockets = open({{SipTransport::udp, {at, 0}}});
        const auto bound = sockets->bound()[0];
        Client client(SOCK_DGRAM, at);
        client.send_to(bound.at, "OPTIONS");
        ASSERT_TRUE(run_until([&] { return !ear.datagrams.empty(); }));
        const auto& [path, bytes] = ear.datagrams[0];
        EXPECT_EQ(bytes, "OPTIONS");
        EXPECT_EQ(path.flow, bound.flow);
        EXPECT_EQ(path.transport, SipTransport::udp);
        EXPECT_EQ(path.remote, client.endpoint);
        EXPECT_EQ(path.local, bound.at);
        EXPECT_TRUE(sockets->send(path, as_bytes("200")));
        EXPECT_EQ(client.receive().bytes, "200");
    }
}

TEST_F(SipSocketsTest, knows_the_real_address_behind_the_wildcard_and_answers_from_it) {
    const auto second = *parse_ip("127.0.0.2");
    for (const auto* wild : {"::", "0.0.0.0"}) {
        ear.datagrams.clear();
        const auto sockets = open({{SipTransport::udp, {*parse_ip(wild), 0}}});
        const auto port = sockets->bound()[0].at.port;
        Client client(SOCK_DGRAM);
        client.send_to({second, port}, "OPTIONS");
        ASSERT_TRUE(run_until([&] { return !ear.datagrams.empty(); }));
        EXPECT_EQ(ear.datagrams[0].path.local, (Endpoint{second, port}));
        EXPECT_EQ(ear.datagrams[0].path.remote, client.endpoint);
        EXPECT_TRUE(sockets->send(ear.datagrams[0].path, as_bytes("200")));
        EXPECT_EQ(client.receive().path.remote, (Endpoint{second, port}));
    }
    const auto sockets = open({{SipTransport::udp, {*parse_ip("::"), 0}}});
    const auto port = sockets->bound()[0].at.port;
    Client six(SOCK_DGRAM, loopback_v6);
    six.send_to({loopback_v6, port}, "OPTIONS");
    ASSERT_TRUE(run_until([&] { return ear.datagrams.size() == 2; }));
    EXPECT_EQ(ear.datagrams[1].path.local, (Endpoint{loopback_v6, port}));
    EXPECT_TRUE(sockets->send(ear.datagrams[1].path, as_bytes("200")));
    EXPECT_EQ(six.receive().path.remote, (Endpoint{loopback_v6, port}));
}

TEST_F(SipSocketsTest, takes_the_largest_datagram_and_an_empty_one) {
    const auto sockets = open({udp});
    Client client(SOCK_DGRAM);
    const std::string large(65'507, 'x');
    client.send_to(sockets->bound()[0].at, large);
    client.send_to(sockets->bound()[0].at, "");
    ASSERT_TRUE(run_until([&] { return ear.datagrams.size() == 2; }));
    EXPECT_EQ(ear.datagrams[0].bytes, large);
    EXPECT_EQ(ear.datagrams[1].bytes, "");
    EXPECT_TRUE(sockets->send(ear.datagrams[0].path, as_bytes(large)));
    EXPECT_EQ(client.receive().bytes, large);
}

TEST_F(SipSocketsTest, takes_more_datagrams_than_one_turn_allows) {
    const auto sockets = open({udp});
    Client client(SOCK_DGRAM);
    constexpr std::size_t count = 3 * limits::sip_datagrams_per_turn;
    for (std::size_t i = 0; i < count; ++i)
        client.send_to(sockets->bound()[0].at, std::to_string(i));
    ASSERT_TRUE(run_until([&] { return ear.datagrams.size() == count; }));
    EXPECT_EQ(ear.datagrams.back().bytes, std::to_string(count - 1));
    EXPECT_EQ(sockets->counts().datagrams, count);
}

TEST_F(SipSocketsTest, says_no_to_a_datagram_that_cannot_go) {
    const auto sockets = open({udp});
    const auto flow = sockets->bound()[0].flow;
    const std::string too_large(70'000, 'x');
    EXPECT_FALSE(sockets->send({flow, {}, {loopback, 9}, {}}, as_bytes(too_large)));
    EXPECT_FALSE(sockets->send({flow, {}, {loopback_v6, 9}, {}}, as_bytes("six from four")));
    EXPECT_FALSE(sockets->send({999, {}, {loopback, 9}, {}}, as_bytes("no such flow")));
    EXPECT_EQ(sockets->counts().unsent, 3U);
}

TEST_F(SipSocketsTest, carries_bytes_both_ways_on_a_connection) {
    for (const auto& at : {loopback, loopback_v6}) {
        ear = {};
        const auto sockets = open({{SipTransport::tcp, {at, 0}}});
        Client client(SOCK_STREAM, at);
        ASSERT_TRUE(client.connect(sockets->bound()[0].at));
        client.send("OPTI");
        ASSERT_TRUE(run_until([&] { return ear.text == "OPTI"; }));
        client.send("ONS");
        ASSERT_TRUE(run_until([&] { return ear.text == "OPTIONS"; }));
        EXPECT_EQ(ear.last.transport, SipTransport::tcp);
        EXPECT_EQ(ear.last.remote, client.endpoint);
        EXPECT_EQ(ear.last.local, sockets->bound()[0].at);
        EXPECT_TRUE(sockets->send(ear.last, as_bytes("200")));
        EXPECT_EQ(client.receive().bytes, "200");
        EXPECT_EQ(sockets->connections(), 1U);
        client.close();
        ASSERT_TRUE(run_until([&] { return !ear.closed.empty(); }));
        EXPECT_EQ(ear.closed, std::vector{ear.last.flow});
        EXPECT_EQ(sockets->connections(), 0U);
        EXPECT_FALSE(sockets->send(ear.last, as_bytes("too late")));
        EXPECT_TRUE(ear.troubles.empty());
    }
}

TEST_F(SipSocketsTest, knows_the_real_address_of_a_connection_to_the_wildcard) {
    const auto sockets = open({{SipTransport::tcp, {*parse_ip("::"), 0}}});
    const Endpoint second{*parse_ip("127.0.0.2"), sockets->bound()[0].at.port};
    Client client(SOCK_STREAM);
    ASSERT_TRUE(client.connect(second));
    client.send("x");
    ASSERT_TRUE(run_until([&] { return !ear.text.empty(); }));
    EXPECT_EQ(ear.last.local, second);
    EXPECT_EQ(ear.last.remote, client.endpoint);
}

TEST_F(SipSocketsTest, numbers_no_two_connections_alike) {
    const auto sockets = open({tcp, udp});
    std::vector<std::uint64_t> flows{sockets->bound()[1].flow};
    for (int i = 0; i < 3; ++i) {
        Client client(SOCK_STREAM);
        ASSERT_TRUE(client.connect(sockets->bound()[0].at));
        client.send("x");
        ASSERT_TRUE(run_until([&] { return ear.text.size() == flows.size(); }));
        flows.push_back(ear.last.flow);
        client.close();
        ASSERT_TRUE(run_until([&] { return ear.closed.size() + 1 == flows.size(); }));
    }
    std::ranges::sort(flows);
    EXPECT_EQ(std::ranges::adjacent_find(flows), flows.end());
}

TEST_F(SipSocketsTest, closes_a_connection_while_its_piece_is_handed_over) {
    const auto sockets = open({tcp});
    Client client(SOCK_STREAM);
    ASSERT_TRUE(client.connect(sockets->bound()[0].at));
    ear.then = [&](const SipPath& path) {
        EXPECT_TRUE(sockets->send(path, as_bytes("good bye")));
        sockets->close(path.flow);
        sockets->close(path.flow);
        EXPECT_FALSE(sockets->send(path, as_bytes("too late")));
    };
    client.send("x");
    ASSERT_TRUE(run_until([&] { return !ear.text.empty(); }));
    EXPECT_EQ(client.receive().bytes, "good bye");
    EXPECT_EQ(client.receive().bytes, "");
    EXPECT_EQ(sockets->connections(), 0U);
    EXPECT_TRUE(ear.closed.empty());  // who closes knows
}

TEST_F(SipSocketsTest, closes_who_does_not_read) {
    const auto sockets = open({tcp}, {.output_bytes = 100'000});
    Client client(SOCK_STREAM);
    ASSERT_TRUE(client.connect(sockets->bound()[0].at));
    client.send("x");
    ASSERT_TRUE(run_until([&] { return !ear.text.empty(); }));
    const std::string much(50'000, 'y');
    std::size_t sent = 0;
    while (sockets->send(ear.last, as_bytes(much)) && sent < 1'000)
        ++sent;
    EXPECT_LT(sent, 1'000U);
    EXPECT_TRUE(ear.closed.empty());  // not from within send
    EXPECT_FALSE(sockets->send(ear.last, as_bytes("x")));
    ASSERT_TRUE(run_until([&] { return !ear.closed.empty(); }));
    EXPECT_EQ(ear.closed, std::vector{ear.last.flow});
    EXPECT_EQ(sockets->counts().not_read, 1U);
    ASSERT_EQ(ear.troubles.size(), 1U);
    EXPECT_NE(ear.troubles[0].what.find("does not read"), std::string::npos);
}

TEST_F(SipSocketsTest, hands_on_all_that_a_slow_reader_reads_at_last) {
    const auto sockets = open({tcp}, {.output_bytes = 64 * 1024 * 1024});
    Client client(SOCK_STREAM);
    ASSERT_TRUE(client.connect(sockets->bound()[0].at));
    client.send("x");
    ASSERT_TRUE(run_until([&] { return !ear.text.empty(); }));
    std::string all;
    for (int i = 0; i < 400; ++i)
        all += std::string(40'000, static_cast<char>('a' + i % 26));
    for (std::size_t at = 0; at < all.size(); at += 40'000)
        EXPECT_TRUE(sockets->send(ear.last, as_bytes(std::string_view(all).substr(at, 40'000))));
    std::string got;
    while (got.size() < all.size()) {
        loop.run_until(RealClock().now());
        const auto piece = client.receive().bytes;
        ASSERT_FALSE(piece.empty());
        got += piece;
    }
    EXPECT_TRUE(got == all);
}

TEST_F(SipSocketsTest, gives_no_place_to_whom_it_does_not_know) {
    SipSocketOptions options;
    options.listen = {tcp};
    options.limits.connections = 1;
    options.is_welcome = [](const IpAddress& from) { return from == *parse_ip("127.0.0.1"); };
    const auto sockets = std::move(*SipSockets::open(loop, ear, options));
    const auto at = sockets->bound()[0].at;
    Client stranger(SOCK_STREAM, *parse_ip("127.0.0.2"));
    Client friendly(SOCK_STREAM, *parse_ip("127.0.0.1"));
    ASSERT_TRUE(stranger.connect(at));
    ASSERT_TRUE(run_until([&] { return sockets->counts().refused == 1; }));
    EXPECT_EQ(stranger.receive().bytes, "");  // closed
    ASSERT_TRUE(friendly.connect(at));
    ASSERT_TRUE(run_until([&] { return sockets->connections() == 1; }));
    EXPECT_TRUE(ear.troubles.empty());
}

TEST_F(SipSocketsTest, refuses_connections_beyond_the_limit_in_all_and_per_address) {
    const auto sockets = open({tcp}, {.connections = 3, .connections_per_address = 2});
    const auto at = sockets->bound()[0].at;
    std::vector<Client> clients;
    for (const auto* from : {"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.3"}) {
        clients.emplace_back(SOCK_STREAM, *parse_ip(from));
        ASSERT_TRUE(clients.back().connect(at));
        const auto& counts = sockets->counts();
        const auto before = counts.connections + counts.refused;
        ASSERT_TRUE(run_until(
            [&] { return sockets->counts().connections + sockets->counts().refused > before; }));
    }
    EXPECT_EQ(sockets->connections(), 3U);
    EXPECT_EQ(sockets->counts().refused, 2U);
    EXPECT_EQ(clients[2].receive().bytes, "");  // closed
    EXPECT_EQ(clients[4].receive().bytes, "");
    ASSERT_EQ(ear.troubles.size(), 2U);
    EXPECT_NE(ear.troubles[0].what.find("2 from that address"), std::string::npos);
    clients[0].close();
    ASSERT_TRUE(run_until([&] { return sockets->connections() == 2; }));
    Client again(SOCK_STREAM);
    ASSERT_TRUE(again.connect(at));
    ASSERT_TRUE(run_until([&] { return sockets->connections() == 3; }));
    EXPECT_TRUE(ear.closed.empty());  // nobody had said a word
}

TEST_F(SipSocketsTest, closes_a_connection_on_which_nobody_says_anything) {
    const auto sockets = open({tcp}, {.idle = milliseconds(20)});
    Client client(SOCK_STREAM);
    ASSERT_TRUE(client.connect(sockets->bound()[0].at));
    client.send("x");
    ASSERT_TRUE(run_until([&] { return !ear.closed.empty(); }));
    EXPECT_EQ(sockets->counts().idle, 1U);
    EXPECT_EQ(ear.troubles.at(0).code, Code::limit);
}

TEST_F(SipSocketsTest, closes_a_connection_that_sends_no_whole_message) {
    const auto sockets = open({tcp}, {.first_message_wait = milliseconds(300)});
    Client silent(SOCK_STREAM);
    Client known(SOCK_STREAM);
    ASSERT_TRUE(silent.connect(sockets->bound()[0].at));
    ASSERT_TRUE(known.connect(sockets->bound()[0].at));
    known.send("x");
    ASSERT_TRUE(run_until([&] { return !ear.text.empty(); }));
    sockets->vouch(ear.last.flow);
    silent.send("half a message");
    ASSERT_TRUE(run_until([&] { return !ear.closed.empty(); }));
    EXPECT_EQ(sockets->counts().idle, 1U);
    EXPECT_EQ(sockets->connections(), 1U);
}

TEST_F(SipSocketsTest, outlives_a_lack_of_descriptors_without_turning_in_circles) {
    const auto sockets = open({tcp});
    Client client(SOCK_STREAM);
    // A sanitizer needs descriptors to look at an object it has not seen before: none is then.
    Loop& turning = loop;
    const auto pauses = [&sockets] { return sockets->counts().accept_pauses; };
    EXPECT_EQ(pauses(), 0U);
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    const Descriptor lowest(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const rlimit none{.rlim_cur = static_cast<rlim_t>(lowest.number()),
                      .rlim_max = before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    const bool is_connected = client.connect(sockets->bound()[0].at);
    turning.run_until(RealClock().now() + seconds(10), [&] { return pauses() > 0; });
    const auto at_first = pauses();
    turning.run_until(RealClock().now() + 2 * limits::accept_pause);
    const auto later = pauses();
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_TRUE(is_connected);
    EXPECT_EQ(at_first, 1U);
    EXPECT_LE(later, 4U);
    client.send("patience");
    EXPECT_TRUE(run_until([&] { return ear.text == "patience"; }));
}

TEST_F(SipSocketsTest, says_where_it_cannot_listen) {
    const auto sockets = open({udp, tcp});
    for (const auto& bound : sockets->bound()) {
        const auto again = SipSockets::open(loop, ear, {{{bound.transport, bound.at}}, {}, {}});
        ASSERT_FALSE(again);
        EXPECT_EQ(again.error().code, Code::busy);
        EXPECT_NE(again.error().what.find(bound.at.text()), std::string::npos);
    }
    const auto elsewhere =
        SipSockets::open(loop, ear, {{{SipTransport::tcp, {*parse_ip("192.0.2.1"), 0}}}, {}, {}});
    ASSERT_FALSE(elsewhere);
    EXPECT_EQ(elsewhere.error().code, Code::not_found);
}

TEST_F(SipSocketsTest, goes_with_its_connections_and_tells_nobody) {
    auto sockets = open({tcp, udp});
    Client client(SOCK_STREAM);
    ASSERT_TRUE(client.connect(sockets->bound()[0].at));
    client.send("x");
    ASSERT_TRUE(run_until([&] { return !ear.text.empty(); }));
    sockets.reset();
    EXPECT_EQ(client.receive().bytes, "");
    loop.run_until(RealClock().now() + milliseconds(5));
    EXPECT_TRUE(ear.closed.empty());
}

}  // namespace
}  // namespace nk::host
