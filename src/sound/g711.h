#pragma once
// ITU-T G.711 in both laws, by its formulas. Decoding is a table of 256 samples; the encoders exist
// for tests and for generated captures.
//
// Samples have the full 16-bit scale: the law's 13-bit (A) or 14-bit (mu) values, shifted up.

#include <array>
#include <bit>
#include <cstdint>

namespace nk::sound {

// G.711 table 1a: sign, 3 bits of segment, 4 bits of step; every other bit is inverted on the line.
constexpr std::int16_t alaw_sample(std::uint8_t code) {
    const int bits = code ^ 0x55;
    const int segment = bits >> 4 & 7;
    const int step = bits & 15;
    // The middle of the step; segments 0 and 1 share one step size.
    const int half_steps = segment == 0 ? 2 * step + 1 : (2 * step + 33) << (segment - 1);
    const int magnitude = half_steps << 3;
    return static_cast<std::int16_t>((bits & 0x80) != 0 ? magnitude : -magnitude);
}

// G.711 table 2a: the same layout, all bits inverted, and a bias of 33 half steps.
constexpr std::int16_t ulaw_sample(std::uint8_t code) {
    const int bits = ~code & 0xff;
    const int magnitude = (((2 * (bits & 15) + 33) << (bits >> 4 & 7)) - 33) << 2;
    return static_cast<std::int16_t>((bits & 0x80) != 0 ? -magnitude : magnitude);
}

using G711Table = std::array<std::int16_t, 256>;

constexpr G711Table g711_table(std::int16_t (*law)(std::uint8_t)) {
    G711Table table{};
    for (unsigned code = 0; code < table.size(); ++code)
        table[code] = law(static_cast<std::uint8_t>(code));
    return table;
}

inline constexpr G711Table alaw_table = g711_table(alaw_sample);
inline constexpr G711Table ulaw_table = g711_table(ulaw_sample);

constexpr std::uint8_t encode_alaw(std::int16_t sample) {
    const bool positive = sample >= 0;
    const auto magnitude = static_cast<unsigned>(positive ? sample : ~sample) >> 3;  // 12 bits
    const unsigned segment =
        magnitude < 32 ? 0 : static_cast<unsigned>(std::bit_width(magnitude)) - 5;
    const unsigned step = magnitude >> (segment == 0 ? 1 : segment) & 15;
    return static_cast<std::uint8_t>(((positive ? 0x80U : 0U) | segment << 4 | step) ^ 0x55U);
}

constexpr std::uint8_t encode_ulaw(std::int16_t sample) {
    constexpr int bias = 33 << 2;
    constexpr int loudest = 0x7fff - bias;
    const bool negative = sample < 0;
    const int size = negative ? -int{sample} : int{sample};
    const auto magnitude = static_cast<unsigned>((size < loudest ? size : loudest) + bias);
    const unsigned segment = static_cast<unsigned>(std::bit_width(magnitude)) - 8;
    const unsigned step = magnitude >> (segment + 3) & 15;
    return static_cast<std::uint8_t>(~((negative ? 0x80U : 0U) | segment << 4 | step));
}

}  // namespace nk::sound
