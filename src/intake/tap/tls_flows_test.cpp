#include "intake/tap/tls_flows.h"

#include <string>

#include <gtest/gtest.h>

#include "base/limits.h"

namespace nk::tap {
namespace {

using wire::TcpPiece;
using Buffer = std::vector<std::uint8_t>;

// What the client says in the connection of `hellos`, whose master secret is 0x11 forty-eight
// times: "OPTIONS sip:a SIP/2.0" with Content-Length 0, as its record number 0, 1 and 3; and the
// "SIP/2.0 200 OK" that is the server's record number 0.
constexpr std::string_view record_0 =
    "170303004400000000000000003f4535d0df5eb9e4095076bd02d76d0a8d0e104c9f5dbeed276ea46c64801e5dc2"
    "3cc42b3de7f3c8ae673bd3945c373c6d098bda45e6173e1d4d69b3";
constexpr std::string_view record_1 =
    "170303004400000000000000010ba8c0919b31af5442face9da7bf853b05e9353a67a364b0f259d592164c82fd82"
    "5f4cfd872dcba605d0c14043924b879a06c4446e5384f40a28cc3b";
constexpr std::string_view server_0 =
    "170303003d00000000000000005df36c658de29c3b6c4c7cb788c1ce8aeaf408ab49407419db6f3fa5e739851e00"
    "973b6a83263086c96b5485c3d0c1dcde0e5881d7";
// Its record number 0 if 50 bytes were to follow in the next one.
constexpr std::string_view half_0 =
    "170303004500000000000000003f4535d0df5eb9e4095076bd02d76d0a8d0e104c9f5dbeed276ea46c64801e5dc2"
    "3cc42b3de7f3cd93603cd4388d016ddaef330a63243461525218c86d";
constexpr std::string_view record_3 =
    "1703030044000000000000000382bd4badf557dbd60c26bef2d9c54043ebf97fb7bfdb05f51c0e720be12e7284fe"
    "2cc084dedbb982e106fa2ccf3c72b35f06730fd148f1ff5a0cc653";

Buffer hex(std::string_view digits) {
    Buffer out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        out.push_back(
            static_cast<std::uint8_t>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    return out;
}

Buffer hello(bool of_client) {
    Buffer body{3, 3};
    body.insert(body.end(), 32, of_client ? 0xaa : 0xbb);
    const Buffer rest = of_client ? Buffer{0, 0, 2, 0, 0x9c, 1, 0} : Buffer{0, 0, 0x9c, 0};
    body.insert(body.end(), rest.begin(), rest.end());
    const auto bytes = static_cast<std::uint8_t>(body.size());
    Buffer out{22,
               3,
               3,
               0,
               static_cast<std::uint8_t>(bytes + 4),
               static_cast<std::uint8_t>(of_client ? 1 : 2),
               0,
               0,
               bytes};
    out.insert(out.end(), body.begin(), body.end());
    return out;
}

struct Keys final : wire::TlsKeys {
    explicit Keys(bool knows) {
        if (knows)
            learn();
    }
    void learn() {
        log.add("CLIENT_RANDOM " + std::string(64, 'a') + " " + std::string(96, '1') + "\n");
    }
    [[nodiscard]] const wire::TlsSecrets* find(const wire::TlsRandom& client) const override {
        return log.find(client);
    }
    void look_again(MonoTime) override {}
    wire::TlsKeyLog log;
};

// Many clients of one server; each connection is two flows.
struct Line {
    explicit Line(bool knows_keys = true) : keys(knows_keys), flows(keys) {}

    TcpPiece piece(std::uint32_t client, bool from_client, Bytes bytes) const {
        wire::Endpoint a;
        a.ip.bytes[12] = 10;
        a.ip.bytes[13] = static_cast<std::uint8_t>(client >> 16);
        a.ip.bytes[14] = static_cast<std::uint8_t>(client >> 8);
        a.ip.bytes[15] = static_cast<std::uint8_t>(client);
        a.port = 50'000;
        wire::Endpoint b;
        b.ip.bytes[12] = 192;
        b.port = 5'061;
        return {.kind = TcpPiece::Kind::data,
                .flow = 2ULL * client + (from_client ? 1 : 2),
                .source = from_client ? a : b,
                .destination = from_client ? b : a,
                .bytes = bytes};
    }
    void take(const TcpPiece& what) {
        flows.take(what, MonoTime{0}, [this](Bytes) { ++messages; });
    }
    void say(std::uint32_t client, bool from_client, const Buffer& bytes) {
        take(piece(client, from_client, bytes));
    }
    void lose(std::uint32_t client, std::uint32_t bytes) {
        TcpPiece what = piece(client, true, {});
        what.kind = TcpPiece::Kind::hole;
        what.missing = bytes;
        take(what);
    }
    // The hellos of both, and the client's change of cipher.
    void connect(std::uint32_t client) {
        for (const bool of_client : {true, false}) {
            const Buffer bytes = hello(of_client);
            EXPECT_TRUE(flows.begin(piece(client, of_client, bytes)));
            say(client, of_client, bytes);
        }
        say(client, true, {20, 3, 3, 0, 1, 1});
    }

    Keys keys;
    TlsFlows flows;
    int messages = 0;
};

TEST(TlsFlows, read_sip) {
    Line line;
    line.connect(1);
    line.say(1, true, hex(record_0));
    EXPECT_EQ(line.messages, 1);
}

TEST(TlsFlows, read_on_behind_a_hole) {
    Line line;
    line.connect(1);
    const Buffer first = hex(record_0);
    line.say(1, true, Buffer(first.begin(), first.begin() + 30));
    line.lose(1, 180);
    line.say(1, true, Buffer(20, 0x17));
    line.say(1, true, hex(record_3));
    EXPECT_EQ(line.messages, 1);
    line.flows.finish(MonoTime{0}, [](Bytes) {});
    EXPECT_EQ(line.flows.counts().with_hole, 0U);
}

TEST(TlsFlows, join_no_message_over_a_hole) {
    Line line;
    line.connect(1);
    line.say(1, true, hex(half_0));
    line.lose(1, 180);
    line.say(1, true, hex(record_3));
    EXPECT_EQ(line.messages, 1);
}

// The hole is too short for the three records that would have to be in it.
TEST(TlsFlows, say_when_nothing_is_found_behind_a_hole) {
    Line line;
    line.connect(1);
    line.lose(1, 10);
    line.say(1, true, hex(record_3));
    line.flows.finish(MonoTime{0}, [](Bytes) {});
    EXPECT_EQ(line.messages, 0);
    EXPECT_EQ(line.flows.counts().with_hole, 1U);
}

TEST(TlsFlows, keep_what_carries_sip_when_the_table_is_full) {
    Line line;
    line.connect(0);
    line.say(0, true, hex(record_0));
    for (std::uint32_t other = 1; other < limits::tls_connections_max + 100; ++other)
        line.connect(other);
    EXPECT_EQ(line.flows.size(), limits::tls_connections_max);
    line.lose(0, 180);
    line.say(0, true, hex(record_3));
    EXPECT_EQ(line.messages, 2);
    // One that had to go stays gone, and is not counted again.
    const auto connections = line.flows.counts().connections;
    line.say(1, true, hex(record_0));
    EXPECT_EQ(line.messages, 2);
    EXPECT_EQ(line.flows.counts().connections, connections);
}

TEST(TlsFlows, keep_what_carries_sip_when_much_waits_for_keys_that_never_come) {
    Line line;
    line.connect(0);
    line.say(0, true, hex(record_0));
    Buffer stranger = hello(true);
    stranger[20] = 0;  // a random that is not in the log
    const Buffer sealed = [] {
        Buffer record{23, 3, 3, 0x40, 0};
        record.resize(5 + 0x4000);
        return record;
    }();
    for (std::uint32_t other = 1; other < 400; ++other) {
        ASSERT_TRUE(line.flows.begin(line.piece(other, true, stranger)));
        line.say(other, true, stranger);
        ASSERT_TRUE(line.flows.begin(line.piece(other, false, hello(false))));
        line.say(other, false, hello(false));
        line.say(other, true, {20, 3, 3, 0, 1, 1});
        for (int n = 0; n < 15; ++n)
            line.say(other, true, sealed);
    }
    line.lose(0, 180);
    line.say(0, true, hex(record_3));
    EXPECT_EQ(line.messages, 2);
    EXPECT_GT(line.flows.counts().without_key, 0U);
}

TEST(TlsFlows, read_what_waited_when_its_key_comes) {
    Line line(false);
    line.connect(1);
    line.say(1, true, hex(record_0));
    EXPECT_EQ(line.messages, 0);
    line.keys.learn();
    line.flows.look_again(MonoTime{0}, [&](Bytes) { ++line.messages; });
    EXPECT_EQ(line.messages, 1);
    line.flows.finish(MonoTime{0}, [](Bytes) {});
    EXPECT_EQ(line.flows.counts().without_key, 0U);
}

TEST(TlsFlows, read_what_waited_in_the_order_in_which_it_was_said) {
    Line line(false);
    line.connect(1);
    line.say(1, false, {20, 3, 3, 0, 1, 1});
    line.say(1, true, hex(record_0));
    line.say(1, false, hex(server_0));
    line.say(1, true, hex(record_1));
    line.keys.learn();
    std::string said;
    line.flows.look_again(MonoTime{0},
                          [&](Bytes message) { said += static_cast<char>(message[0]); });
    EXPECT_EQ(said, "OSO");
}

TEST(TlsFlows, say_that_a_connection_began_before_the_capture) {
    Line line;
    const Buffer sealed = hex(record_0);
    EXPECT_TRUE(line.flows.begin(line.piece(1, true, sealed)));
    line.say(1, true, sealed);
    line.flows.finish(MonoTime{0}, [](Bytes) {});
    EXPECT_EQ(line.flows.counts().without_beginning, 1U);
    EXPECT_EQ(line.messages, 0);
}

}  // namespace
}  // namespace nk::tap
