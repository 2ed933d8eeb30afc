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
        if (a.protection == call::Protection::unlocked)
            return false;
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

// True when every packet of the opening is one of this codec by its own framing, and the time
// stamps agree: they step by the packet's length, or by a whole number of lengths where the sender
// was silent.
bool Stream::fits(const sound::Codec& codec) const {
    std::size_t pairs = 0;
    std::size_t exact = 0;
    for (std::size_t i = 0; i + 1 < held_.size(); ++i) {
        const std::int64_t ticks = sound::payload_ticks(codec, held_[i].payload());
        const auto step = held_[i + 1].timestamp - held_[i].timestamp;
        if (held_[i + 1].number != held_[i].number + 1)
            continue;
        if (ticks == 0 || step <= 0 || step % ticks != 0)
            return false;
        ++pairs;
        exact += step == ticks ? 1 : 0;
    }
    // Nearly any bytes pass for an Opus packet, so its time stamps must vouch for it. AMR's frames
    // have to have the size of their type to the byte, and a sender may well begin in silence.
    return codec.name == "opus" ? exact >= 3 && exact * 10 >= pairs * 6 : pairs >= 2;
}

bool looks_like_key(Bytes payload) {
    // RFC 4733 2.3: event, end and reserved bit and volume, duration.
    return payload.size() == 4 && payload[0] <= 16 && (payload[1] & 0x40) == 0;
}

void Stream::guess_format() {
    Use& use = home_.use(held_.front().use);
    if (use.format.kind != call::PayloadKind::unknown)
        return;
    const bool keys = std::all_of(held_.begin(), held_.end(),
                                  [](const Held& held) { return looks_like_key(held.payload()); });
    if (keys) {
        use.format = {call::PayloadKind::telephone_event, {"telephone-event", 8'000, 1, "0-16"}};
        home_.note("codec-guessed", held_.front().arrival);
        return;
    }
    static const std::array<sound::Codec, 5> candidates{{{"opus", 48'000, 2, ""},
                                                         {"AMR", 8'000, 1, "octet-align=1"},
                                                         {"AMR", 8'000, 1, ""},
                                                         {"AMR-WB", 16'000, 1, "octet-align=1"},
                                                         {"AMR-WB", 16'000, 1, ""}}};
    for (const auto& codec : candidates)
        if (fits(codec)) {
            use.format = {call::PayloadKind::sound, codec};
            use.rate_hz = sound::sample_rate_hz(codec);
            home_.note("codec-guessed", held_.front().arrival);
            return;
        }
    // Only its clock can be told, from how fast the time stamps went.
    const double wall_s =
        static_cast<double>((held_.back().arrival - held_.front().arrival).count()) / 1e9;
    const auto ticks = static_cast<double>(held_.back().timestamp - held_.front().timestamp);
    const double rate = wall_s > 0 ? ticks / wall_s : 0;
    use.format.kind = call::PayloadKind::sound;
    use.format.codec.clock_hz = *std::min_element(
        clocks.begin(), clocks.end(),
        [rate](auto x, auto y) { return std::abs(rate - x) < std::abs(rate - y); });
}

}  // namespace nk::recording
