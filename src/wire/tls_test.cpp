#include <gtest/gtest.h>

#include "base/limits.h"
#include "wire/testing_packets.h"
#include "wire/tls_reader.h"

namespace nk::wire {
namespace {

using namespace testing;

Buffer hex(std::string_view digits) {
    Buffer out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        out.push_back(
            static_cast<std::uint8_t>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    return out;
}

Buffer record(std::uint8_t type, const Buffer& body) {
    Buffer out{type, 3, 3};
    add16(out, body.size());
    return out + body;
}

Buffer message(std::uint8_t type, const Buffer& body) {
    Buffer out{type, 0};
    add16(out, body.size());
    return out + body;
}

Buffer client_hello() {
    return message(1, Buffer{3, 3} + Buffer(32, 0xaa) + Buffer{0, 0, 2, 0x13, 1, 1, 0});
}

Buffer server_hello(std::uint16_t suite, bool is_1_3) {
    Buffer body = Buffer{3, 3} + Buffer(32, 0xbb) + Buffer{0};
    add16(body, suite);
    body.push_back(0);
    if (is_1_3)
        body = body + Buffer{0, 6, 0, 43, 0, 2, 3, 4};
    return message(2, body);
}

struct Keys final : TlsKeys {
    [[nodiscard]] const TlsSecrets* find(const TlsRandom& client) const override {
        return log.find(client);
    }
    void look_again(MonoTime) override { ++looks; }
    TlsKeyLog log;
    int looks = 0;
};

const TlsReader::Say nobody = [](int, Bytes, bool) {};

// RFC 8448 3: the server's handshake traffic secret, and what comes of it.
TEST(TlsCipher, derives_the_keys_of_rfc_8448) {
    const Buffer secret = hex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
    EXPECT_EQ(hkdf_expand_label(MacKind::sha256, secret, "key", 16),
              hex("3fce516009c21727d0f2e4e86ee403bc"));
    EXPECT_EQ(hkdf_expand_label(MacKind::sha256, secret, "iv", 12),
              hex("5d313eb2671276ee13000b30"));
}

TEST(TlsRecords, cuts_records_however_the_bytes_come) {
    const Buffer bytes = record(22, text("hello")) + record(23, text("you"));
    TlsRecords records;
    std::string got;
    for (const auto byte : bytes) {
        records.feed(Bytes(&byte, 1));
        while (const auto next = records.next()) {
            got += as_text(next->body);
            records.take();
        }
    }
    EXPECT_EQ(got, "helloyou");
    EXPECT_EQ(records.size(), 0U);
}

TEST(TlsRecords, refuses_what_is_no_record_and_one_too_long) {
    for (const Buffer& head : {Buffer{24, 3, 3, 0, 1}, Buffer{22, 2, 3, 0, 1},
                               Buffer{23, 3, 3, 0xff, 0xff}, text("INVITE")}) {
        TlsRecords records;
        records.feed(head);
        EXPECT_FALSE(records.next());
        EXPECT_TRUE(records.is_broken());
    }
}

TEST(TlsMessages, pass_over_what_is_long_without_keeping_it) {
    Buffer bytes{11, 0xff, 0xff, 0xff};
    TlsMessages messages;
    Bytes head = bytes;
    EXPECT_FALSE(messages.take(head));
    const Buffer part(1024 * 1024);
    for (int i = 0; i < 15; ++i) {
        Bytes rest = part;
        EXPECT_FALSE(messages.take(rest));
    }
    Bytes rest = part;
    const auto whole = messages.take(rest);
    ASSERT_TRUE(whole);
    EXPECT_TRUE(whole->body.empty());
    EXPECT_EQ(rest.size(), 1U);
}

TEST(TlsHello, is_refused_wherever_it_is_cut) {
    const Buffer client = client_hello();
    const Buffer server = server_hello(0x1301, true);
    const Bytes client_body = Bytes(client).subspan(4);
    const Bytes server_body = Bytes(server).subspan(4);
    ASSERT_TRUE(parse_client_hello(client_body));
    EXPECT_EQ(parse_server_hello(server_body)->version, tls_1_3);
    for (std::size_t size = 0; size < client_body.size(); ++size)
        EXPECT_FALSE(parse_client_hello(client_body.first(size))) << size;
    const std::size_t without_extensions = server_body.size() - 8;
    for (std::size_t size = 0; size < server_body.size(); ++size)
        EXPECT_EQ(parse_server_hello(server_body.first(size)).has_value(),
                  size == without_extensions);
}

TEST(TlsKeyLog, reads_lines_cut_anywhere_and_passes_over_others) {
    const std::string log = "# a comment\r\nCLIENT_RANDOM " + std::string(64, 'a') + " 0102ff\r\n" +
                            std::string(5'000, 'x') + "\nCLIENT_RANDOM aa bb\nEXPORTER_SECRET " +
                            std::string(64, 'b') + " 01\nCLIENT_TRAFFIC_SECRET_0 " +
                            std::string(64, 'A') + " 05";
    TlsKeyLog keys;
    for (const char c : log)
        keys.add(std::string_view(&c, 1));
    keys.end();
    TlsRandom client;
    client.fill(0xaa);
    ASSERT_NE(keys.find(client), nullptr);
    EXPECT_EQ(keys.find(client)->master, (TlsSecret{1, 2, 0xff}));
    EXPECT_EQ(keys.find(client)->client_traffic, TlsSecret{5});
    EXPECT_EQ(keys.clients(), 1U);
}

TEST(TlsKeyLog, forgets_the_clients_that_came_first_when_there_are_too_many) {
    TlsKeyLog keys;
    std::string random(64, '0');
    for (std::size_t n = 0; n <= limits::tls_key_log_clients_max; ++n) {
        const std::string number = std::to_string(n);
        random.replace(64 - number.size(), number.size(), number);
        keys.add("CLIENT_RANDOM " + random + " 01\n");
    }
    EXPECT_EQ(keys.clients(), limits::tls_key_log_clients_max);
    TlsRandom client{};
    EXPECT_EQ(keys.find(client), nullptr);
    client.back() = 1;
    EXPECT_NE(keys.find(client), nullptr);
}

TEST(TlsReader, says_that_there_is_no_key_and_waits_no_longer_than_its_limit) {
    Keys keys;
    TlsReader reader(keys);
    reader.feed(0, record(22, client_hello()), MonoTime{0}, nobody);
    reader.feed(1, record(22, server_hello(0x1301, true)), MonoTime{0}, nobody);
    const Buffer sealed = record(23, Buffer(16'000));
    for (int i = 0; i < 100; ++i) {
        reader.feed(0, sealed, MonoTime{0}, nobody);
        ASSERT_LE(reader.waiting_bytes(), limits::tls_waiting_bytes_max);
    }
    EXPECT_EQ(reader.trouble(), TlsTrouble::no_key);
    EXPECT_GT(keys.looks, 0);
}

TEST(TlsReader, refuses_a_suite_it_does_not_read) {
    Keys keys;
    TlsReader reader(keys);
    reader.feed(0, record(22, client_hello()), MonoTime{0}, nobody);
    reader.feed(1, record(22, server_hello(0x0005, false)), MonoTime{0}, nobody);
    EXPECT_EQ(reader.trouble(), TlsTrouble::unsupported);
}

TEST(TlsReader, says_that_a_hole_took_the_hellos) {
    Keys keys;
    TlsReader reader(keys);
    reader.feed(0, record(22, client_hello()), MonoTime{0}, nobody);
    reader.hole(1, 90, MonoTime{0}, nobody);
    reader.feed(1, record(23, Buffer(100)), MonoTime{0}, nobody);
    reader.end();
    EXPECT_EQ(reader.trouble(), TlsTrouble::no_beginning);
    EXPECT_EQ(reader.waiting_bytes(), 0U);
}

TEST(TlsReader, says_that_it_came_in_the_middle) {
    Keys keys;
    TlsReader reader(keys);
    reader.feed(0, record(23, Buffer(100)), MonoTime{0}, nobody);
    EXPECT_EQ(reader.trouble(), TlsTrouble::no_beginning);
}

// Both hellos, whose key the log has, and then so many bytes of the client that were not captured.
void come_to_a_hole(Keys& keys, TlsReader& reader, std::size_t missing) {
    keys.log.add("CLIENT_RANDOM " + std::string(64, 'a') + " " + std::string(96, '1') + "\n");
    reader.feed(0, record(22, client_hello()), MonoTime{0}, nobody);
    reader.feed(1, record(22, server_hello(0x009c, false)), MonoTime{0}, nobody);
    reader.hole(0, missing, MonoTime{0}, nobody);
}

// Nothing that stands behind the hole is genuine: the search ends soon.
TEST(TlsReader, gives_up_behind_a_hole_what_it_cannot_find) {
    for (const bool looks_like_records : {true, false}) {
        Keys keys;
        TlsReader reader(keys);
        come_to_a_hole(keys, reader, 1'000);
        EXPECT_FALSE(reader.is_over());
        const Buffer part = looks_like_records ? record(23, Buffer(995)) : Buffer(1'000, 0xee);
        for (int i = 0; i < 40; ++i)
            reader.feed(0, part, MonoTime{0}, nobody);
        EXPECT_EQ(reader.trouble(), TlsTrouble::hole);
    }
}

// A large hole, and large records behind it: each could be one of a thousand.
TEST(TlsReader, gives_up_behind_a_hole_when_it_has_tried_enough_bytes) {
    Keys keys;
    TlsReader reader(keys);
    come_to_a_hole(keys, reader, 10'000'000);
    constexpr std::size_t bytes = 15'000;
    const std::size_t enough = limits::tls_tried_bytes_max / limits::tls_lost_records_max / bytes;
    for (std::size_t i = 0; i < enough; ++i)
        reader.feed(0, record(23, Buffer(bytes)), MonoTime{0}, nobody);
    EXPECT_FALSE(reader.is_over());
    reader.feed(0, record(23, Buffer(bytes)) + Buffer(10), MonoTime{0}, nobody);
    EXPECT_EQ(reader.trouble(), TlsTrouble::hole);
}

TEST(TlsRecords, know_when_each_of_them_came) {
    TlsRecords records;
    const Buffer bytes = record(22, text("one")) + record(23, text("two"));
    records.feed(Bytes(bytes).first(4), 1);
    EXPECT_GT(records.order_of_next(), 100U);
    records.feed(Bytes(bytes).subspan(4, 7), 5);
    EXPECT_EQ(records.order_of_next(), 5U);
    records.feed(Bytes(bytes).subspan(11), 7);
    ASSERT_TRUE(records.next());
    records.take();
    EXPECT_EQ(records.order_of_next(), 7U);
    ASSERT_TRUE(records.next());
    records.take();
    records.feed(Bytes(bytes).first(8), 9);
    EXPECT_EQ(records.order_of_next(), 9U);
    EXPECT_EQ(records.cost_bytes(), 8U + 16);
}

TEST(TlsRecords, go_on_behind_a_hole_with_what_may_be_a_record) {
    TlsRecords records;
    records.feed(record(22, text("whole")) + Buffer{22, 3, 3, 0, 9, 'c', 'u', 't'});
    records.hole(100);
    records.feed(text("rest") + record(23, text("next")));
    records.hole(7);
    ASSERT_TRUE(records.next());
    records.take();
    EXPECT_FALSE(records.next());
    EXPECT_FALSE(records.is_broken());
    ASSERT_TRUE(records.is_at_hole());
    // The second hole swallows what stood between the two.
    EXPECT_EQ(records.pass_hole(), 8U + 100 + 13 + 7);
    records.feed(text("rest") + record(23, text("next")));
    std::size_t passed_over = 0;
    const auto found = records.find(passed_over);
    ASSERT_TRUE(found);
    EXPECT_EQ(as_text(found->body), "next");
    EXPECT_EQ(passed_over, 4U);
}

// Sealed bytes may look like the head of a long record, which would hold up all that follows.
TEST(TlsRecords, find_no_record_of_a_version_that_is_not_agreed) {
    TlsRecords records;
    records.hole(100);
    records.pass_hole();
    records.feed(Buffer{23, 3, 200, 0x30, 0, 22, 3, 1, 0x20, 0} + record(23, text("next")));
    std::size_t passed_over = 0;
    const auto found = records.find(passed_over);
    ASSERT_TRUE(found);
    EXPECT_EQ(as_text(found->body), "next");
    EXPECT_EQ(passed_over, 10U);
}

TEST(TlsReader, is_over_when_a_record_is_not_genuine) {
    for (const std::uint16_t suite : {0x009c, 0xcca8, 0x002f, 0xc028}) {
        Keys keys;
        keys.log.add("CLIENT_RANDOM " + std::string(64, 'a') + " " + std::string(96, '1') + "\n");
        TlsReader reader(keys);
        reader.feed(0, record(22, client_hello()) + record(20, {1}), MonoTime{0}, nobody);
        reader.feed(1, record(22, server_hello(suite, false)), MonoTime{0}, nobody);
        EXPECT_FALSE(reader.is_over());
        reader.feed(0, record(22, Buffer(96)), MonoTime{0}, nobody);
        EXPECT_EQ(reader.trouble(), TlsTrouble::not_genuine) << suite;
    }
}

}  // namespace
}  // namespace nk::wire
