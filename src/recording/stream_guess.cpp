// What a stream's first packets tell about themselves where the signalling does not: the codec of a
// dynamic payload type, and whether the payload is encrypted. A guess is only made when every
// packet agrees with it.

#include <algorithm>
#include <array>
#include <cstdlib>

#include "recording/stream.h"

namespace nk::recording {

namespace {

// Authentication tags: AES_CM_128 with 32 or 80 bits (RFC 3711), GCM with 128 (RFC 7714); with an
// MKI of 4 bytes.
constexpr std::array<std::size_t, 6> tag_bytes{4, 8, 10, 14, 16, 20};
constexpr std::array<std::uint32_t, 6> clocks{8'000, 16'000, 32'000, 44'100, 48'000, 24'000};

}  // namespace

bool Stream::looks_encrypted() const {
    std::size_t pairs = 0;
    for (std::size_t i = 0; i + 1 < held_.size(); ++i) {
        const auto& a = held_[i];
        const auto& b = held_[i + 1];
        const auto& use = home_.use(a.use);
        if (b.number != a.number + 1 || a.use != b.use ||
            use.format.kind != call::PayloadKind::sound)
            continue;
        const auto step = b.timestamp - a.timestamp;
        const Bytes payload = a.payload();
        if (step <= 0 ||
            sound::payload_ticks(use.format.codec, payload) == static_cast<std::uint64_t>(step))
            return false;
        const bool tagged = std::any_of(tag_bytes.begin(), tag_bytes.end(), [&](std::size_t tag) {
            return payload.size() > tag &&
                   sound::payload_ticks(use.format.codec, payload.first(payload.size() - tag)) ==
                       static_cast<std::uint64_t>(step);
        });
        if (!tagged)
            return false;
        ++pairs;
    }
    return pairs >= 2;
}

void Stream::guess_format() {
    Use& use = home_.use(held_.front().use);
    if (use.format.kind != call::PayloadKind::unknown)
        return;
    bool opus = true;
    bool keys = true;
    std::size_t pairs = 0;
    const sound::Codec as_opus{"opus", 48'000, 2, ""};
    for (std::size_t i = 0; i < held_.size(); ++i) {
        const Bytes payload = held_[i].payload();
        keys = keys && payload.size() == 4 && payload[0] <= 16 && (payload[1] & 0x40) == 0;
        if (i + 1 == held_.size() || held_[i + 1].number != held_[i].number + 1)
            continue;
        const auto step = held_[i + 1].timestamp - held_[i].timestamp;
        opus = opus && step > 0 &&
               sound::payload_ticks(as_opus, payload) == static_cast<std::uint64_t>(step);
        ++pairs;
    }
    if (keys) {
        use.format = {call::PayloadKind::telephone_event, {"telephone-event", 8'000, 1, "0-16"}};
        home_.note("codec-guessed", held_.front().arrival);
    } else if (opus && pairs >= 3) {
        use.format = {call::PayloadKind::sound, as_opus};
        use.rate_hz = sound::sample_rate_hz(as_opus);
        home_.note("codec-guessed", held_.front().arrival);
    } else {
        // Only its clock can be told, from how fast the time stamps went.
        const double wall_s =
            static_cast<double>((held_.back().arrival - held_.front().arrival).count()) / 1e9;
        const double rate =
            wall_s > 0
                ? static_cast<double>(held_.back().timestamp - held_.front().timestamp) / wall_s
                : 0;
        use.format.kind = call::PayloadKind::sound;
        use.format.codec.clock_hz = *std::min_element(
            clocks.begin(), clocks.end(),
            [rate](auto a, auto b) { return std::abs(rate - a) < std::abs(rate - b); });
    }
}

}  // namespace nk::recording
