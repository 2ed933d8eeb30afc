// Against the standard's own examples and OpenSSL's MD5.

#include "base/md5_lanes.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/digest.h"

namespace nk {
namespace {

Md5 by_openssl(Bytes text) {
    Digest digest(DigestKind::md5);
    digest.add(text);
    return md5_of(digest);
}

// RFC 1321 A.5.
TEST(Md5Lanes, give_what_the_standard_says) {
    const std::vector<std::string> said{
        "",
        "a",
        "abc",
        "message digest",
        "abcdefghijklmnopqrstuvwxyz",
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890"};
    std::vector<Bytes> texts;
    for (const auto& one : said)
        texts.push_back(as_bytes(one));
    const auto sums = md5_of_each(texts);
    ASSERT_EQ(sums.size(), texts.size());
    EXPECT_EQ(sums[0], (Md5{0xd4, 0x1d, 0x8c, 0xd9, 0x8f, 0x00, 0xb2, 0x04, 0xe9, 0x80, 0x09, 0x98,
                            0xec, 0xf8, 0x42, 0x7e}));
    EXPECT_EQ(sums[2], (Md5{0x90, 0x01, 0x50, 0x98, 0x3c, 0xd2, 0x4f, 0xb0, 0xd6, 0x96, 0x3f, 0x7d,
                            0x28, 0xe1, 0x7f, 0x72}));
    for (std::size_t i = 0; i < texts.size(); ++i)
        EXPECT_EQ(sums[i], by_openssl(texts[i])) << said[i];
}

RC_GTEST_PROP(Md5LanesProperty, any_texts_of_any_lengths, ()) {
    const auto lengths = *rc::gen::container<std::vector<std::size_t>>(rc::gen::oneOf(
        rc::gen::inRange<std::size_t>(0, 200), rc::gen::inRange<std::size_t>(0, 5'000)));
    std::vector<std::vector<std::uint8_t>> kept;
    for (const auto length : lengths) {
        auto& text = kept.emplace_back(length);
        for (std::size_t i = 0; i < length; ++i)
            text[i] = static_cast<std::uint8_t>(i * i + kept.size() * 37 + (i >> 7));
    }
    const std::vector<Bytes> texts(kept.begin(), kept.end());
    const auto sums = md5_of_each(texts);
    RC_ASSERT(sums.size() == texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        RC_ASSERT(sums[i] == by_openssl(texts[i]));
}

}  // namespace
}  // namespace nk
