#pragma once
// A running call as sound, for who listens in: each voice decoded as it comes and placed by its
// time stamps, a little behind. What does not come in time is silence; nothing waits for it. For
// the ear alone: the recording is made of the journal, with all its care.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "listener/live.h"
#include "sound/codec.h"
#include "sound/interpolate.h"
#include "wire/srtp.h"

namespace nk::listener {

inline constexpr std::uint32_t live_rate_hz = 16'000;
inline constexpr std::size_t live_channels = 2;
inline constexpr Nanos live_lag = milliseconds(120);  // for packets that come unevenly

// Decodes the packets of one track.
class LiveTrack {
public:
    // At the codec's rate, which it sets; empty for what is no sound, or has no decoder here.
    const sound::Samples& decode(const LivePacket& packet, sound::DecoderMaker& decoders);
    [[nodiscard]] std::uint32_t rate_hz() const { return rate_hz_; }
    [[nodiscard]] std::uint32_t clock_hz() const { return clock_hz_; }

private:
    wire::SrtpReceiver srtp_;
    sound::Codec codec_;
    std::unique_ptr<sound::Decoder> decoder_;
    bool was_tried_ = false;
    std::uint32_t rate_hz_ = 0;
    std::uint32_t clock_hz_ = 0;
    sound::Samples samples_;
};

class LivePlayer {
public:
    LivePlayer(sound::DecoderMaker& decoders, MonoTime now);

    void take(const LivePacket& packet);
    // What has become due since the last time: 16-bit little-endian samples of both channels by
    // turns.
    std::string pull(MonoTime now);
    // RIFF of a length that nobody knows.
    static std::string wav_head();

private:
    struct Lane {
        std::vector<std::int16_t> ring;
    };
    struct Voice {
        LiveTrack track;
        std::unique_ptr<sound::Interpolator> up;
        std::uint32_t ssrc = 0;
        std::optional<std::uint16_t> last;  // sequence number
        std::uint32_t anchor_timestamp = 0;
        std::int64_t anchor = 0;  // that time stamp's frame
        bool is_anchored = false;
    };
    void mix(std::size_t channel, std::int64_t at, const sound::Samples& samples);

    sound::DecoderMaker& decoders_;
    MonoTime begun_;
    std::int64_t played_ = 0;  // frames
    std::array<Lane, live_channels> lanes_;
    std::map<std::size_t, Voice> voices_;  // by track
    sound::Samples raised_;
};

// How loud the tracks of calls are, from a packet now and then.
class LiveMeter {
public:
    explicit LiveMeter(sound::DecoderMaker& decoders) : decoders_(decoders) {}
    void take(const LivePacket& packet);
    // By party, the loudest since it was asked last: 0..255.
    std::vector<std::uint8_t> pull(std::uint64_t call);
    void forget(std::uint64_t call);
    void clear() { calls_.clear(); }

private:
    struct Metered {
        std::map<std::size_t, LiveTrack> tracks;
        std::vector<std::uint8_t> loudest;
    };
    sound::DecoderMaker& decoders_;
    std::map<std::uint64_t, Metered> calls_;
};

}  // namespace nk::listener
