// Any samples as a FLAC file: the reference decoder gives back each of them. The first two bytes
// choose the number of channels and the size of a block.

#include "base/check.h"
#include "sound/flac.h"
#include "sound/test_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nk;  // NOLINT(google-build-using-namespace)
    if (size < 2)
        return 0;
    const std::uint32_t channels = 1 + data[0] % 8U;
    const std::uint32_t block_frames = 16 + data[1] * 18U;
    std::vector<std::int16_t> pcm((size - 2) / 2 / channels * channels);
    for (std::size_t i = 0; i < pcm.size(); ++i)
        pcm[i] = static_cast<std::int16_t>(data[2 + 2 * i] | data[3 + 2 * i] << 8U);
    sound::TestFile file;
    const auto writer = sound::write_flac(file, {8'000, channels}, {block_frames, 0});
    NK_CHECK(writer);
    const std::span all(pcm);
    const std::size_t half = pcm.size() / channels / 2 * channels;
    NK_CHECK((*writer)->write(all.first(half)) && (*writer)->write(all.subspan(half)));
    NK_CHECK((*writer)->finish({}));
    const auto reader = sound::read_flac(file);
    NK_CHECK(reader);
    std::vector<std::int16_t> back;
    for (;;) {
        const auto part = (*reader)->read();
        NK_CHECK(part);
        if (part->empty())
            break;
        back.insert(back.end(), part->begin(), part->end());
    }
    NK_CHECK(back == pcm && (*reader)->md5_holds());
    return 0;
}
