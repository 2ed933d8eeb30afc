#include "sound/wav.h"

#include <string>

#include <gtest/gtest.h>

namespace nk::sound {
namespace {

std::uint64_t le(const std::vector<std::uint8_t>& bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;)
        value = value << 8 | bytes.at(at + i);
    return value;
}

std::string name(const std::vector<std::uint8_t>& bytes, std::size_t at) {
    return {bytes.begin() + static_cast<std::ptrdiff_t>(at),
            bytes.begin() + static_cast<std::ptrdiff_t>(at + 4)};
}

TEST(Wav, has_the_head_that_players_know) {
    const auto head = wav_head(8'000, 2, 1'000);
    ASSERT_EQ(head.size(), 44U);
    EXPECT_EQ(name(head, 0), "RIFF");
    EXPECT_EQ(le(head, 4, 4), 4'036U);
    EXPECT_EQ(name(head, 8), "WAVE");
    EXPECT_EQ(name(head, 12), "fmt ");
    EXPECT_EQ(le(head, 20, 2), 1U);
    EXPECT_EQ(le(head, 22, 2), 2U);
    EXPECT_EQ(le(head, 24, 4), 8'000U);
    EXPECT_EQ(le(head, 28, 4), 32'000U);
    EXPECT_EQ(le(head, 32, 2), 4U);
    EXPECT_EQ(le(head, 34, 2), 16U);
    EXPECT_EQ(name(head, 36), "data");
    EXPECT_EQ(le(head, 40, 4), 4'000U);
}

TEST(Wav, becomes_rf64_where_32_bits_do_not_reach) {
    const std::uint64_t frames = 2'000'000'000;
    const auto head = wav_head(48'000, 2, frames);
    ASSERT_EQ(head.size(), 80U);
    EXPECT_EQ(name(head, 0), "RF64");
    EXPECT_EQ(le(head, 4, 4), 0xffff'ffffU);
    EXPECT_EQ(name(head, 12), "ds64");
    EXPECT_EQ(le(head, 20, 8), 80 - 8 + frames * 4);
    EXPECT_EQ(le(head, 28, 8), frames * 4);
    EXPECT_EQ(le(head, 36, 8), frames);
    EXPECT_EQ(le(head, 76, 4), 0xffff'ffffU);
}

TEST(Wav, stays_riff_as_long_as_it_can) {
    EXPECT_EQ(name(wav_head(8'000, 1, (0xffff'ffffULL - 37) / 2), 0), "RIFF");
    EXPECT_EQ(name(wav_head(8'000, 1, (0xffff'ffffULL - 37) / 2 + 1), 0), "RF64");
}

}  // namespace
}  // namespace nk::sound
