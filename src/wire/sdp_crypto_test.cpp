#include "wire/sdp_crypto.h"

#include <string>

#include <gtest/gtest.h>

#include "base/limits.h"

namespace nk::wire {
namespace {

// 30 bytes: RFC 4568 4's own example.
const std::string key_of_30 = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

std::vector<SrtpKey> keys_in(const std::string& value) {
    const auto line = parse_crypto(value);
    return line ? line->keys : std::vector<SrtpKey>{};
}
std::vector<SrtpKey> keys_with(const std::string& behind_the_key) {
    return keys_in("1 AES_CM_128_HMAC_SHA1_80 inline:" + key_of_30 + behind_the_key);
}

TEST(sdp_crypto, reads_the_example_of_the_rfc) {
    const auto line = parse_crypto("1 AES_CM_128_HMAC_SHA1_80 inline:" + key_of_30 +
                                   "|2^20|1:4 FEC_ORDER=FEC_SRTP");
    ASSERT_TRUE(line);
    EXPECT_EQ(line->tag, 1U);
    ASSERT_EQ(line->keys.size(), 1U);
    EXPECT_EQ(line->keys[0].suite, SrtpSuite::aes_128_cm_sha1_80);
    EXPECT_EQ(std::string(line->keys[0].key.begin(), line->keys[0].key.end()),
              "YS___semctl () {\t220;}\n}\nunles");
    EXPECT_EQ(line->keys[0].mki, (std::vector<std::uint8_t>{0, 0, 0, 1}));
    EXPECT_TRUE(line->keys[0].is_encrypted);
}

TEST(sdp_crypto, knows_every_suite_by_its_name_and_the_length_of_its_keys) {
    for (int i = 0; i <= static_cast<int>(last_srtp_suite); ++i) {
        const auto suite = static_cast<SrtpSuite>(i);
        EXPECT_EQ(suite_named(name_of(suite)), suite);
        const std::size_t bits = 8 * key_bytes_of(suite);
        const std::string line = "7 " + std::string(name_of(suite)) + " inline:";
        const std::string whole((bits + 5) / 6, 'A');
        ASSERT_EQ(keys_in(line + whole).size(), 1U) << name_of(suite);
        EXPECT_EQ(keys_in(line + whole)[0].key.size(), key_bytes_of(suite));
        EXPECT_EQ(keys_in(line + whole + "==").size(), 1U);
        EXPECT_TRUE(keys_in(line + whole.substr(2)).empty());
        EXPECT_TRUE(keys_in(line + whole + "AA").empty());
    }
    EXPECT_EQ(suite_named("aes_cm_256_hmac_sha1_80"), SrtpSuite::aes_256_cm_sha1_80);
    EXPECT_FALSE(suite_named("F8_128_HMAC_SHA1_80"));
}

TEST(sdp_crypto, several_keys_are_told_apart_by_their_mki) {
    const auto keys = keys_with("|2^20|1:2;inline:" + key_of_30 + "|258:2");
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_EQ(keys[0].mki, (std::vector<std::uint8_t>{0, 1}));
    EXPECT_EQ(keys[1].mki, (std::vector<std::uint8_t>{1, 2}));
}

TEST(sdp_crypto, honours_or_refuses_what_a_line_insists_on) {
    EXPECT_EQ(keys_with("").size(), 1U);
    EXPECT_EQ(keys_with("|1048576").size(), 1U);
    EXPECT_EQ(keys_with(" UNENCRYPTED_SRTCP WSH=64 -MAYBE=1").size(), 1U);
    ASSERT_EQ(keys_with(" UNENCRYPTED_SRTP").size(), 1U);
    EXPECT_FALSE(keys_with(" UNENCRYPTED_SRTP")[0].is_encrypted);
    EXPECT_TRUE(keys_with(" UNAUTHENTICATED_SRTP").empty());
    EXPECT_TRUE(keys_with(" KDR=1").empty());
    EXPECT_TRUE(keys_with(" WHO=KNOWS").empty());
}

TEST(sdp_crypto, a_key_that_breaks_its_grammar_is_none) {
    for (const std::string tail : {"*", "|2^", "|x", "|1:0", "|1:129", "|256:1", "|:", "|1:", "|:4",
                                   "|1:4|x", "|99999999999999999999999:4", "|2^20|1:4:4"})
        EXPECT_TRUE(keys_with(tail).empty()) << tail;
    for (const std::string line : {"", "1", "x AES_CM_128_HMAC_SHA1_80 inline:A", "1 SUITE",
                                   "1 SUITE outline:A", "1000000000 SUITE inline:A"})
        EXPECT_FALSE(parse_crypto(line)) << line;
    ASSERT_TRUE(parse_crypto("1 SUITE inline:A"));
    EXPECT_TRUE(parse_crypto("1 SUITE inline:A")->keys.empty());
}

TEST(sdp_crypto, keeps_no_more_keys_of_a_line_than_the_limit) {
    std::string many;
    for (int i = 0; i < 1'000; ++i)
        many += ";inline:" + key_of_30;
    EXPECT_EQ(keys_with(many).size(), limits::sdp_crypto_keys_max);
}

}  // namespace
}  // namespace nk::wire
