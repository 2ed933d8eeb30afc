#include "sound/g711.h"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

namespace nk::sound {
namespace {

// Values of the G.711 tables, at 16 bits: the ends and the smallest steps of both laws.
static_assert(alaw_sample(0xd5) == 8 && alaw_sample(0x55) == -8);
static_assert(alaw_sample(0xaa) == 32'256 && alaw_sample(0x2a) == -32'256);
static_assert(ulaw_sample(0xff) == 0 && ulaw_sample(0x7f) == 0);
static_assert(ulaw_sample(0xfe) == 8 && ulaw_sample(0x7e) == -8);
static_assert(ulaw_sample(0x80) == 32'124 && ulaw_sample(0x00) == -32'124);

TEST(G711, gives_every_code_back_after_decoding_and_encoding) {
    for (unsigned i = 0; i < 256; ++i) {
        const auto code = static_cast<std::uint8_t>(i);
        EXPECT_EQ(encode_alaw(alaw_table[code]), code);
        // mu-law has two zeros; the positive one is sent.
        EXPECT_EQ(encode_ulaw(ulaw_table[code]), code == 0x7f ? 0xff : code);
    }
}

// G.711's decision values lie in the middle of each segment's steps, and at the segments' ends.
TEST(G711, encodes_every_sample_to_within_half_a_step_of_its_segment) {
    for (int i = -32'768; i <= 32'767; ++i) {
        const auto sample = static_cast<std::int16_t>(i);
        const auto a = encode_alaw(sample);
        const int a_segment = (a ^ 0x55) >> 4 & 7;
        const int a_half_step = a_segment == 0 ? 8 : 8 << (a_segment - 1);
        ASSERT_LE(std::abs(alaw_table[a] - i), a_half_step) << i;
        const auto u = encode_ulaw(sample);
        const int u_half_step = 4 << (~u >> 4 & 7);
        const int loudest = 32'636;  // beyond it every sample is the last level
        ASSERT_LE(std::abs(ulaw_table[u] - std::clamp(i, -loudest, loudest)), u_half_step) << i;
    }
}

}  // namespace
}  // namespace nk::sound
