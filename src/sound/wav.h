#pragma once
// The head of a WAV file of 16-bit PCM, for export. Beyond 4 GiB, which RIFF's 32-bit sizes cannot
// tell, it is RF64 (EBU Tech 3306).

#include <cstdint>
#include <vector>

namespace nk::sound {

// `frames` is samples per channel; the caller writes exactly frames * channels little-endian
// samples after these bytes.
std::vector<std::uint8_t> wav_head(std::uint32_t rate_hz, std::uint32_t channels,
                                   std::uint64_t frames);

}  // namespace nk::sound
