#include "base/base_encoding.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/hmac.h"

namespace nk {
namespace {

// RFC 4648 10
TEST(base_encoding, is_that_of_the_rfc) {
    EXPECT_EQ(base64(as_bytes("")), "");
    EXPECT_EQ(base64(as_bytes("f")), "Zg==");
    EXPECT_EQ(base64(as_bytes("fo")), "Zm8=");
    EXPECT_EQ(base64(as_bytes("foobar")), "Zm9vYmFy");
    EXPECT_EQ(base32(as_bytes("foobar")), "MZXW6YTBOI");
    EXPECT_EQ(base32(as_bytes("f")), "MY");
    const std::vector<std::uint8_t> high{0xFB, 0xFF};
    EXPECT_EQ(base64url(high), "-_8");
}

TEST(base_encoding, takes_nothing_else_for_base64url) {
    for (const auto* text : {"A", "Zg==", "Z+8", "Zh", "Zm9v Zm9v", "ABCDE"})
        EXPECT_FALSE(from_base64url(text)) << text;
    EXPECT_TRUE(from_base64url("")->empty());
}

RC_GTEST_PROP(base_encoding, gives_back_what_it_was_given,
              (const std::vector<std::uint8_t>& bytes)) {
    RC_ASSERT(*from_base64url(base64url(bytes)) == bytes);
}

std::string hex(const std::vector<std::uint8_t>& bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const auto byte : bytes) {
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

// RFC 2202 3 (2), RFC 4231 4.3
TEST(hmac, is_that_of_the_rfcs) {
    const auto key = as_bytes("Jefe");
    const auto text = as_bytes("what do ya want for nothing?");
    EXPECT_EQ(hex(hmac_sha1(key, text)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    EXPECT_EQ(hex(hmac_sha256(key, text)),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac_sha1({}, {}).size(), 20U);
}

}  // namespace
}  // namespace nk
