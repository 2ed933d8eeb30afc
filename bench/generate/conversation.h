#pragma once
// Made-up talk: two sides that take turns, each turn a run of syllables (gliding harmonics and
// hisses with pauses), over a noise floor of about -72 dBFS. It is no speech, but a lossless coder
// finds it about as hard as speech.

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace nk::generate {

enum class Coding : std::uint8_t { pcma, pcmu, l16 };

struct Format {
    Coding coding;
    const char* name;
    std::uint8_t payload_type;
    std::uint32_t rate_hz;
    [[nodiscard]] std::uint32_t frame_samples() const { return rate_hz / 50; }
};

inline constexpr Format pcma{Coding::pcma, "PCMA", 8, 8'000};
inline constexpr Format pcmu{Coding::pcmu, "PCMU", 0, 8'000};
inline constexpr Format l16{Coding::l16, "L16", 97, 16'000};

// Both sides of a conversation, encoded, with the samples a decoder gives for it. It is played
// round and round.
class Conversation {
public:
    Conversation(const Format& format, double seconds, std::uint64_t seed);

    [[nodiscard]] std::size_t samples() const { return samples_; }
    // 20 ms of side 0 or 1, from any sample on, counted round.
    [[nodiscard]] Bytes payload(std::size_t side, std::size_t sample) const;
    [[nodiscard]] Bytes s16le(std::size_t side, std::size_t sample) const;

private:
    std::size_t samples_;
    std::size_t frame_samples_;
    std::size_t sample_bytes_;
    // Of each side; its first 20 ms stand once more behind its end.
    std::array<std::vector<std::uint8_t>, 2> payload_;
    std::array<std::vector<std::uint8_t>, 2> s16le_;
};

}  // namespace nk::generate
