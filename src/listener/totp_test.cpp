#include "listener/totp.h"

#include <gtest/gtest.h>

namespace nk::listener {
namespace {

const Bytes secret = as_bytes("12345678901234567890");

WallTime at(std::int64_t second) {
    return WallTime{second * 1'000'000'000};
}

// RFC 6238 appendix B, the last six of its eight digits.
TEST(totp, makes_the_codes_of_the_rfc) {
    for (const auto& [second, code] : {std::pair{59, "287082"},
                                       {1'111'111'109, "081804"},
                                       {1'111'111'111, "050471"},
                                       {1'234'567'890, "005924"},
                                       {2'000'000'000, "279037"}})
        EXPECT_EQ(totp_code(secret, second / 30), code);
}

TEST(totp, takes_the_code_of_now_and_its_neighbours_once) {
    const auto now = at(1'234'567'890);
    const std::int64_t step = 1'234'567'890 / 30;
    for (const std::int64_t off : {-1, 0, 1})
        EXPECT_EQ(totp_step(secret, totp_code(secret, step + off), now, 0), step + off);
    for (const std::int64_t off : {-2, 2})
        EXPECT_EQ(totp_step(secret, totp_code(secret, step + off), now, 0), std::nullopt);
    EXPECT_EQ(totp_step(secret, totp_code(secret, step), now, step), std::nullopt);
    EXPECT_EQ(totp_step(secret, "005 924", now, 0), step);
    for (const auto* code : {"", "5924", "000000", "0059240", "abcdef"})
        EXPECT_EQ(totp_step(secret, code, now, 0), std::nullopt) << code;
}

TEST(totp, writes_a_uri_that_authenticators_read) {
    EXPECT_EQ(totp_uri(secret, "Jan de Boer"),
              "otpauth://totp/Naklank:Jan%20de%20Boer?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"
              "issuer=Naklank");
}

}  // namespace
}  // namespace nk::listener
