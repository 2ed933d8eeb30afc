#include "wire/srtp.h"

#include <functional>
#include <memory>
#include <numeric>
#include <string>

#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include "base/limits.h"

namespace nk::wire {
namespace {

SrtpKey key_of(SrtpSuite suite, std::uint8_t first = 0) {
    SrtpKey key{suite, true, std::vector<std::uint8_t>(key_bytes_of(suite)), {}};
    std::iota(key.key.begin(), key.key.end(), first);
    return key;
}

std::vector<std::uint8_t> from_hex(const std::string& hex) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

// One sender with AES_CM_128_HMAC_SHA1_80, by libsrtp.
class Sender {
public:
    explicit Sender(SrtpKey key) : key_(std::move(key)) {
        srtp_policy_t policy{};
        srtp_crypto_policy_set_rtp_default(&policy.rtp);
        srtp_crypto_policy_set_rtp_default(&policy.rtcp);
        if (!key_.is_encrypted)
            policy.rtp.sec_serv = sec_serv_auth;
        policy.ssrc = {ssrc_any_outbound, 0};
        policy.key = key_.key.data();
        policy.allow_repeat_tx = 1;
        policy.window_size = 128;
        // The library may be begun once, and its user does that with the first packet.
        SrtpReceiver().open(std::vector<std::uint8_t>(40, 0x80), std::vector{key_});
        EXPECT_EQ(srtp_create(&context_, &policy), srtp_err_status_ok);
    }
    ~Sender() { srtp_dealloc(context_); }
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    std::vector<std::uint8_t> send(std::uint16_t number, const std::string& said,
                                   std::uint8_t first = 0x80, std::uint8_t ssrc = 7) {
        std::vector<std::uint8_t> packet{first, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, ssrc};
        put_be16(packet.data() + 2, number);
        packet.insert(packet.end(), said.begin(), said.end());
        auto bytes = static_cast<int>(packet.size());
        packet.resize(packet.size() + SRTP_MAX_TRAILER_LEN);
        EXPECT_EQ(srtp_protect(context_, packet.data(), &bytes), srtp_err_status_ok);
        packet.resize(static_cast<std::size_t>(bytes));
        return packet;
    }

private:
    SrtpKey key_;
    srtp_t context_ = nullptr;
};

class SrtpTest : public ::testing::Test {
protected:
    std::string open(const std::vector<std::uint8_t>& packet) {
        const auto opened = receiver_.open(packet, keys_);
        return opened ? std::string(as_text(opened->rtp.payload)) : "(locked)";
    }
    SrtpReceiver receiver_;
    std::vector<SrtpKey> keys_{key_of(SrtpSuite::aes_128_cm_sha1_80)};
    Sender sender_{keys_[0]};
};

// Made by the scenes' sender, which the RFCs' vectors prove (tests/srtp_test.py).
TEST_F(SrtpTest, opens_what_another_program_made_with_each_suite) {
    const std::vector<std::pair<SrtpSuite, std::string>> made{
        {SrtpSuite::aes_128_cm_sha1_80, "103f22ee579c4f037f0376bcc029"},
        {SrtpSuite::aes_128_cm_sha1_32, "103f22ee579c4f03"},
        {SrtpSuite::aes_256_cm_sha1_80, "10600405e4594797ab42d4361e92"},
        {SrtpSuite::aes_256_cm_sha1_32, "10600405e4594797"},
        {SrtpSuite::aes_128_gcm, "921d1a6a76a913e03987abbaea4068088c312c29"},
        {SrtpSuite::aes_256_gcm, "0d8414fddffe98add5ea9a6696a604b85aae7546"}};
    for (const auto& [suite, body] : made) {
        SrtpReceiver receiver;
        const std::vector keys{key_of(suite, 1), key_of(suite)};
        auto packet = from_hex("800812340000a0b0cafebabe" + body);
        const auto opened = receiver.open(packet, keys);
        ASSERT_TRUE(opened) << name_of(suite);
        EXPECT_EQ(as_text(opened->rtp.payload), "said");
        EXPECT_EQ(opened->suite, suite);
        for (std::size_t at = 1; at < packet.size(); ++at) {
            packet[at] ^= 1;
            EXPECT_FALSE(SrtpReceiver().open(packet, keys)) << name_of(suite) << " " << at;
            packet[at] ^= 1;
            EXPECT_FALSE(SrtpReceiver().open(Bytes(packet).first(at), keys));
        }
    }
}

TEST_F(SrtpTest, a_copy_opens_like_the_first) {
    const auto packet = sender_.send(1, "one");
    for (int copy = 0; copy < 8; ++copy)
        EXPECT_EQ(open(packet), "one");
    EXPECT_EQ(open(sender_.send(2, "two")), "two");
}

TEST_F(SrtpTest, numbers_go_round_and_come_late) {
    std::vector<std::uint8_t> late;
    for (std::uint32_t n = 0; n < 140'000; ++n) {
        const auto packet = sender_.send(static_cast<std::uint16_t>(n), "x");
        if (n % 65'536 == 65'000) {
            late = packet;
        } else {
            ASSERT_EQ(open(packet), "x") << n;
        }
        if (n % 65'536 == 200 && !late.empty()) {
            ASSERT_EQ(open(late), "x");
        }
    }
}

TEST_F(SrtpTest, a_sender_that_begins_anew_with_the_same_key_is_heard) {
    for (std::uint16_t n = 40'000; n < 40'100; ++n)
        EXPECT_EQ(open(sender_.send(n, "before")), "before");
    Sender again(keys_[0]);
    for (std::uint16_t n = 0; n < 100; ++n)
        EXPECT_EQ(open(again.send(n, "after")), "after");
    Sender near(keys_[0]);
    for (std::uint16_t n = 50; n < 100; ++n)
        EXPECT_EQ(open(near.send(n, "near")), "near");
}

TEST_F(SrtpTest, a_hole_of_half_the_numbers_loses_nobody) {
    EXPECT_EQ(open(sender_.send(100, "one")), "one");
    for (std::uint32_t n = 101; n < 70'000; n += 1'000)
        sender_.send(static_cast<std::uint16_t>(n), "");
    EXPECT_EQ(open(sender_.send(70'001 - 65'536, "two")), "two");
}

TEST_F(SrtpTest, whoever_sent_for_hours_before_is_found) {
    for (std::uint32_t n = 0; n < 4 * 65'536; n += 16'384)
        sender_.send(static_cast<std::uint16_t>(n), "");
    EXPECT_EQ(open(sender_.send(5, "found")), "found");
    EXPECT_EQ(open(sender_.send(6, "again")), "again");
}

TEST_F(SrtpTest, a_new_key_is_found_among_the_others) {
    keys_.insert(keys_.begin(), key_of(SrtpSuite::aes_256_gcm));
    keys_.push_back(key_of(SrtpSuite::aes_128_cm_sha1_80, 9));
    Sender other(keys_.back());
    EXPECT_EQ(open(sender_.send(1, "old")), "old");
    EXPECT_EQ(open(other.send(2, "new")), "new");
    EXPECT_EQ(open(sender_.send(3, "late")), "late");
    EXPECT_EQ(open(other.send(4, "x", 0x80, 8)), "x") << "another SSRC";
}

TEST_F(SrtpTest, padding_is_known_when_it_is_opened) {
    EXPECT_EQ(open(sender_.send(1, std::string("padded\0\0\3", 9), 0xa0)), "padded");
}

TEST_F(SrtpTest, what_is_only_authenticated_loses_its_tag) {
    keys_[0].is_encrypted = false;
    Sender plain(keys_[0]);
    EXPECT_EQ(open(plain.send(1, "plain")), "plain");
    EXPECT_EQ(open(sender_.send(2, "secret")).size(), 6U) << "it cannot be told from a plain one";
}

TEST_F(SrtpTest, an_mki_stands_between_the_payload_and_the_tag) {
    auto packet = sender_.send(1, "said");
    packet.insert(packet.end() - 10, {0, 5});
    keys_[0].mki = {0, 5};
    EXPECT_EQ(open(packet), "said");
    *(packet.end() - 11) = 6;
    EXPECT_EQ(open(packet), "(locked)");
}

TEST_F(SrtpTest, a_stream_without_a_key_is_not_searched_for_ever_and_yet_found_later) {
    Sender stranger(key_of(SrtpSuite::aes_128_cm_sha1_80, 77));
    std::uint16_t n = 0;
    for (; n < 1'000; ++n)
        EXPECT_EQ(open(stranger.send(n, "x")), "(locked)");
    int locked = 0;
    for (; locked < 1'000 && open(sender_.send(n, "y")) != "y"; ++n)
        ++locked;
    EXPECT_LE(locked, static_cast<int>(limits::srtp_searches_in_a_row_max));
    keys_ = {key_of(SrtpSuite::aes_128_cm_sha1_80, 77)};
    EXPECT_EQ(open(stranger.send(n, "x")), "x");
}

}  // namespace
}  // namespace nk::wire
