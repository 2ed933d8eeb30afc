#include "sound/detail/flac_frames.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sound/flac.h"
#include "sound/g711.h"
#include "sound/test_file.h"

namespace nk::sound::detail {
namespace {

using Pcm = std::vector<std::int16_t>;

std::size_t frame_bytes(const Pcm& pcm, std::uint32_t channels = 1) {
    FlacFrames frames(8'000, channels, 576);
    return frames.encode(pcm).size();
}

// What libFLAC reads back of a file written in blocks of that many samples.
Pcm read_back(const Pcm& pcm, const FlacShape& shape, std::uint32_t block_frames) {
    TestFile file;
    const auto writer = write_flac(file, shape, {block_frames, 256});
    EXPECT_TRUE((*writer)->write(pcm));
    EXPECT_TRUE((*writer)->finish({}));
    const auto reader = read_flac(file);
    EXPECT_TRUE(reader) << reader.error().what;
    EXPECT_EQ((*reader)->shape().rate_hz, shape.rate_hz);
    EXPECT_EQ((*reader)->frames(), pcm.size() / shape.channels);
    Pcm out;
    for (;;) {
        const auto part = (*reader)->read();
        EXPECT_TRUE(part) << part.error().what;
        if (!part || part->empty())
            break;
        out.insert(out.end(), part->begin(), part->end());
    }
    EXPECT_TRUE((*reader)->md5_holds());
    return out;
}

Pcm noise(std::size_t samples, std::int32_t size, unsigned step_bits = 0) {
    Pcm pcm(samples);
    std::uint32_t state = 1;
    for (auto& sample : pcm) {
        state = state * 1'664'525 + 1'013'904'223;
        const auto value = static_cast<std::int32_t>(state >> 8) % (2 * size + 1) - size;
        sample = static_cast<std::int16_t>(value >> step_bits << step_bits);
    }
    return pcm;
}

TEST(FlacFrames, say_every_rate_there_is) {
    for (const std::uint32_t rate_hz :
         {1U, 7'350U, 8'000U, 11'025U, 16'000U, 22'050U, 24'000U, 32'000U, 44'100U, 48'000U,
          65'535U, 65'540U, 88'200U, 96'000U, 176'400U, 192'000U, 131'071U})
        EXPECT_EQ(read_back(noise(100, 50), {rate_hz, 1}, 0).size(), 100) << rate_hz;
}

TEST(FlacFrames, number_their_blocks_for_as_long_as_a_call_lasts) {
    const auto pcm = noise(16 * 70'000, 3);  // beyond one, two and three bytes of block number
    EXPECT_EQ(read_back(pcm, {8'000, 1}, 16), pcm);
}

TEST(FlacFrames, keep_blocks_of_every_size_and_a_last_one_that_is_shorter) {
    for (const std::uint32_t block :
         {16U, 17U, 192U, 256U, 257U, 512U, 576U, 1'152U, 2'304U, 4'096U, 4'608U})
        for (const std::size_t last : {1U, 4U, 5U, 6U, 15U}) {
            const auto pcm = noise(2 * block + last, 9'000);
            EXPECT_EQ(read_back(pcm, {8'000, 1}, block), pcm) << block << " and " << last;
        }
}

RC_GTEST_PROP(FlacFrames, keep_samples_whatever_bits_of_them_are_used, ()) {
    const auto size = *rc::gen::inRange(0, 32'768);
    const auto step = *rc::gen::inRange(0U, 16U);
    auto pcm = noise(*rc::gen::inRange<std::size_t>(1, 2'000), size, step);
    const auto ramp = *rc::gen::inRange(-40, 40);
    for (std::size_t i = 0; i < pcm.size(); ++i)
        pcm[i] = static_cast<std::int16_t>(pcm[i] + ramp * static_cast<int>(i));
    RC_ASSERT(read_back(pcm, {8'000, 1}, *rc::gen::element(16U, 100U, 576U, 4'608U)) == pcm);
}

TEST(FlacFrames, of_silence_take_next_to_nothing) {
    EXPECT_LE(frame_bytes(Pcm(2 * 576, 0), 2), 16);
    EXPECT_LE(frame_bytes(Pcm(2 * 576, -8), 2), 16);
}

TEST(FlacFrames, take_no_bits_for_those_that_a_codec_leaves_unused) {
    EXPECT_LT(frame_bytes(noise(576, 1'000, 3)), frame_bytes(noise(576, 1'000)) - 576 * 2 / 8);
}

TEST(FlacFrames, of_noise_at_full_scale_take_no_more_than_the_samples) {
    EXPECT_LE(frame_bytes(noise(576, 32'767)), 576 * 2 + 16);
}

}  // namespace
}  // namespace nk::sound::detail
