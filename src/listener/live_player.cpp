#include "listener/live_player.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "base/pack.h"
#include "listener/peaks.h"

namespace nk::listener {

namespace {

constexpr std::int64_t ring_frames = 4 * std::int64_t{live_rate_hz};
constexpr std::int64_t lag_frames = live_rate_hz * (live_lag / milliseconds(1)) / 1'000;
constexpr std::int64_t ahead_max = live_rate_hz;  // further on, the time stamps have leapt

std::int64_t frames_in(Nanos time) {
    return time.count() / 1'000 * std::int64_t{live_rate_hz} / 1'000'000;
}

// The mean of each few: for the ear.
void lower(const sound::Samples& in, std::size_t factor, sound::Samples& out) {
    for (std::size_t i = 0; i + factor <= in.size(); i += factor) {
        int sum = 0;
        for (std::size_t j = 0; j < factor; ++j)
            sum += in[i + j];
        out.push_back(static_cast<std::int16_t>(sum / static_cast<int>(factor)));
    }
}

}  // namespace

const sound::Samples& LiveTrack::decode(const LivePacket& packet, sound::DecoderMaker& decoders) {
    samples_.clear();
    Bytes payload = packet.bytes;
    std::uint8_t type = packet.payload_type;
    if (packet.is_locked) {
        const auto opened = packet.keys ? srtp_.open(packet.bytes, *packet.keys) : std::nullopt;
        if (!opened)
            return samples_;
        payload = opened->rtp.payload;
        type = opened->rtp.payload_type;
    }
    if (!packet.formats || (*packet.formats)[type & 127U].kind != call::PayloadKind::sound)
        return samples_;
    const auto& codec = (*packet.formats)[type & 127U].codec;
    if (!was_tried_ || codec != codec_) {
        was_tried_ = true;
        codec_ = codec;
        auto made = decoders.make(codec);
        decoder_ = made ? *std::move(made) : nullptr;
        rate_hz_ = decoder_ ? decoder_->rate_hz() : 0;
        clock_hz_ = codec.clock_hz;
    }
    if (decoder_ && sound::payload_fits(codec, payload))
        (void)decoder_->decode(payload, samples_);  // what cannot be decoded is silence
    return samples_;
}

LivePlayer::LivePlayer(sound::DecoderMaker& decoders, MonoTime now)
    : decoders_(decoders), begun_(now) {
    for (auto& lane : lanes_)
        lane.ring.assign(static_cast<std::size_t>(ring_frames), 0);
}

void LivePlayer::take(const LivePacket& packet) {
    auto& voice = voices_[packet.track];
    if (voice.last == packet.sequence && voice.ssrc == packet.ssrc)
        return;  // it came twice
    if (voice.ssrc != packet.ssrc)
        voice.is_anchored = false;
    voice.ssrc = packet.ssrc;
    voice.last = packet.sequence;
    const auto& decoded = voice.track.decode(packet, decoders_);
    if (decoded.empty() || voice.track.clock_hz() == 0)
        return;
    const auto since = static_cast<std::int32_t>(packet.timestamp - voice.anchor_timestamp);
    auto at = voice.anchor + std::int64_t{since} * live_rate_hz / voice.track.clock_hz();
    if (!voice.is_anchored || at < played_ || at > played_ + ahead_max) {
        at = played_ + lag_frames;
        voice.is_anchored = true;
        voice.anchor = at;
        voice.anchor_timestamp = packet.timestamp;
        voice.up.reset();
    }
    raised_.clear();
    const auto rate = voice.track.rate_hz();
    if (rate > live_rate_hz && rate % live_rate_hz == 0) {
        lower(decoded, rate / live_rate_hz, raised_);
    } else if (rate == 0 || live_rate_hz % rate != 0) {
        return;
    } else {
        if (!voice.up)
            voice.up = std::make_unique<sound::Interpolator>(live_rate_hz / rate);
        voice.up->push(decoded, raised_);
    }
    if (packet.is_mixed)
        for (std::size_t channel = 0; channel < live_channels; ++channel)
            mix(channel, at, raised_);
    else
        mix(std::min(packet.party, live_channels - 1), at, raised_);
}

void LivePlayer::mix(std::size_t channel, std::int64_t at, const sound::Samples& samples) {
    auto& ring = lanes_[channel].ring;
    for (const auto sample : samples) {
        if (at >= played_ && at < played_ + ring_frames) {
            auto& there = ring[static_cast<std::size_t>(at % ring_frames)];
            there = static_cast<std::int16_t>(std::clamp(int{there} + sample, -32'768, 32'767));
        }
        ++at;
    }
}

std::string LivePlayer::pull(MonoTime now) {
    const auto due = frames_in(now - begun_);
    // After a long sleep nobody wants to hear all of it.
    if (due - played_ > ring_frames)
        played_ = due - ring_frames;
    std::string out;
    out.reserve(static_cast<std::size_t>(due - played_) * live_channels * 2);
    for (; played_ < due; ++played_)
        for (auto& lane : lanes_) {
            auto& sample = lane.ring[static_cast<std::size_t>(played_ % ring_frames)];
            out += static_cast<char>(sample & 0xFF);
            out += static_cast<char>(sample >> 8);
            sample = 0;
        }
    return out;
}

std::string LivePlayer::wav_head() {
    std::vector<std::uint8_t> head(44);
    const auto put = [&](std::size_t at, std::string_view text) {
        std::copy(text.begin(), text.end(), head.begin() + static_cast<std::ptrdiff_t>(at));
    };
    constexpr std::uint16_t block = live_channels * 2;
    put(0, "RIFF");
    put_le(head.data() + 4, std::numeric_limits<std::uint32_t>::max());
    put(8, "WAVEfmt ");
    put_le(head.data() + 16, std::uint32_t{16});
    put_le(head.data() + 20, std::uint16_t{1});
    put_le(head.data() + 22, std::uint16_t{live_channels});
    put_le(head.data() + 24, std::uint32_t{live_rate_hz});
    put_le(head.data() + 28, std::uint32_t{live_rate_hz * block});
    put_le(head.data() + 32, block);
    put_le(head.data() + 34, std::uint16_t{16});
    put(36, "data");
    put_le(head.data() + 40, std::numeric_limits<std::uint32_t>::max());
    return {head.begin(), head.end()};
}

void LiveMeter::take(const LivePacket& packet) {
    auto& call = calls_[packet.call];
    int loudest = 0;
    for (const auto sample : call.tracks[packet.track].decode(packet, decoders_))
        loudest = std::max(loudest, std::abs(int{sample}));
    if (call.loudest.size() <= packet.party)
        call.loudest.resize(packet.party + 1, 0);
    auto& there = call.loudest[packet.party];
    there = std::max(there, loudness(loudest));
}

std::vector<std::uint8_t> LiveMeter::pull(std::uint64_t call) {
    const auto known = calls_.find(call);
    if (known == calls_.end())
        return {};
    auto out = known->second.loudest;
    std::fill(known->second.loudest.begin(), known->second.loudest.end(), std::uint8_t{0});
    return out;
}

void LiveMeter::forget(std::uint64_t call) {
    calls_.erase(call);
}

}  // namespace nk::listener
