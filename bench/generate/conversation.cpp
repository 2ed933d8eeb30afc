#include "conversation.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace nk::generate {

namespace {

using Samples = std::vector<std::int16_t>;
using Chance = std::mt19937_64;

double between(Chance& chance, double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(chance);
}

// One syllable: harmonics of a gliding pitch, weighted towards two formants, swelling and fading.
void add_syllable(Samples& out, std::size_t from, std::size_t length, double rate, double pitch,
                  Chance& chance) {
    const double glide = between(chance, 0.85, 1.2);
    const double first = between(chance, 300, 800);
    const double second = between(chance, 1'000, 2'400);
    const double level = between(chance, 1'200, 5'000);
    double phase = 0;
    std::array<double, 14> weight{};
    for (std::size_t k = 0; k < weight.size(); ++k) {
        const double hz = pitch * static_cast<double>(k + 1);
        weight[k] = std::exp(-std::abs(hz - first) / 250) +
                    0.4 * std::exp(-std::abs(hz - second) / 350) + 0.02;
    }
    for (std::size_t i = 0; i < length && from + i < out.size(); ++i) {
        const double along = static_cast<double>(i) / static_cast<double>(length);
        phase += pitch * (1 + (glide - 1) * along) / rate;
        // sin((k+1)x) from the two before it: one sine and one cosine a sample are enough.
        const double x = 2 * std::numbers::pi * phase;
        const double twice_cos = 2 * std::cos(x);
        double before = 0;
        double now = std::sin(x);
        double sum = 0;
        for (const double w : weight) {
            sum += w * now;
            const double next = twice_cos * now - before;
            before = now;
            now = next;
        }
        const double swell = std::sin(std::numbers::pi * along);
        const double value = out[from + i] + level * swell * sum;
        out[from + i] = static_cast<std::int16_t>(std::clamp(value, -30'000.0, 30'000.0));
    }
}

void add_hiss(Samples& out, std::size_t from, std::size_t length, Chance& chance) {
    std::normal_distribution<double> noise(0, between(chance, 100, 500));
    for (std::size_t i = 0; i < length && from + i < out.size(); ++i)
        out[from + i] = static_cast<std::int16_t>(out[from + i] + noise(chance));
}

void speak_turn(Samples& out, std::size_t from, std::size_t to, double rate, double pitch,
                Chance& chance) {
    while (from < to) {
        const auto length = static_cast<std::size_t>(rate * between(chance, 0.09, 0.26));
        if (between(chance, 0, 1) < 0.25)
            add_hiss(out, from, length / 2, chance);
        add_syllable(out, from, length, rate, pitch * between(chance, 0.85, 1.2), chance);
        // A pause between words now and then.
        const bool word_ends = between(chance, 0, 1) < 0.3;
        from +=
            length + static_cast<std::size_t>(rate * between(chance, 0.0, word_ends ? 0.25 : 0.04));
    }
}

std::array<Samples, 2> talk(std::size_t count, double rate, std::uint64_t seed) {
    Chance chance(seed);
    std::array<Samples, 2> sides{Samples(count), Samples(count)};
    std::normal_distribution<double> floor(0, 8.2);  // -72 dBFS
    for (Samples& side : sides)
        for (std::int16_t& sample : side)
            sample = static_cast<std::int16_t>(std::lround(floor(chance)));
    const std::array<double, 2> pitch{between(chance, 90, 140), between(chance, 160, 230)};
    std::size_t speaker = chance() % 2;
    for (std::size_t from = 0; from < count; speaker = 1 - speaker) {
        const auto turn = static_cast<std::size_t>(rate * between(chance, 0.8, 4.5));
        speak_turn(sides[speaker], from, std::min(count, from + turn), rate, pitch[speaker],
                   chance);
        // The other begins after a pause, or a little too early.
        const auto pause = static_cast<std::ptrdiff_t>(rate * between(chance, -0.15, 0.6));
        from = static_cast<std::size_t>(
            std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(from + turn) + pause));
    }
    return sides;
}

// ITU-T G.711: the value of a code, from the code's sign, segment and step.
int value_of(Coding coding, int code) {
    if (coding == Coding::pcmu) {
        const int u = ~code & 0xff;
        const int magnitude = ((((u & 0x0f) << 3) + 0x84) << ((u & 0x70) >> 4)) - 0x84;
        return (u & 0x80) != 0 ? -magnitude : magnitude;
    }
    const int a = code ^ 0x55;
    const int segment = (a & 0x70) >> 4;
    const int step = ((a & 0x0f) << 4) + (segment == 0 ? 8 : 0x108);
    const int magnitude = segment > 1 ? step << (segment - 1) : step;
    return (a & 0x80) != 0 ? magnitude : -magnitude;
}

// The nearest code for every sample value.
std::vector<std::uint8_t> codes_of(Coding coding) {
    std::vector<std::pair<int, int>> values;
    for (int code = 0; code < 256; ++code)
        values.emplace_back(value_of(coding, code), code);
    std::sort(values.begin(), values.end());
    std::vector<std::uint8_t> codes(65'536);
    std::size_t near = 0;
    for (int sample = -32'768; sample < 32'768; ++sample) {
        while (near + 1 < values.size() &&
               std::abs(values[near + 1].first - sample) <= std::abs(values[near].first - sample))
            ++near;
        codes[static_cast<std::uint16_t>(sample)] = static_cast<std::uint8_t>(values[near].second);
    }
    return codes;
}

void put_s16le(std::vector<std::uint8_t>& out, int sample) {
    out.push_back(static_cast<std::uint8_t>(sample));
    out.push_back(static_cast<std::uint8_t>(sample >> 8));
}

}  // namespace

Conversation::Conversation(const Format& format, double seconds, std::uint64_t seed)
    : samples_(static_cast<std::size_t>(seconds * 50) * format.frame_samples()),
      frame_samples_(format.frame_samples()),
      sample_bytes_(format.coding == Coding::l16 ? 2 : 1) {
    const auto sides = talk(samples_, format.rate_hz, seed);
    const auto codes =
        format.coding == Coding::l16 ? std::vector<std::uint8_t>{} : codes_of(format.coding);
    for (std::size_t side = 0; side < 2; ++side)
        for (std::size_t i = 0; i < samples_ + frame_samples_; ++i) {
            const std::int16_t sample = sides[side][i % samples_];
            if (format.coding == Coding::l16) {
                payload_[side].push_back(static_cast<std::uint8_t>(sample >> 8));
                payload_[side].push_back(static_cast<std::uint8_t>(sample));
                put_s16le(s16le_[side], sample);
            } else {
                const std::uint8_t code = codes[static_cast<std::uint16_t>(sample)];
                payload_[side].push_back(code);
                put_s16le(s16le_[side], value_of(format.coding, code));
            }
        }
}

Bytes Conversation::payload(std::size_t side, std::size_t sample) const {
    return Bytes(payload_[side])
        .subspan(sample % samples_ * sample_bytes_, frame_samples_ * sample_bytes_);
}

Bytes Conversation::s16le(std::size_t side, std::size_t sample) const {
    return Bytes(s16le_[side]).subspan(sample % samples_ * 2, frame_samples_ * 2);
}

}  // namespace nk::generate
