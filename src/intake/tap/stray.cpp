#include "intake/tap/stray.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/limits.h"
#include "sound/codec.h"
#include "wire/sdp.h"

namespace nk::tap {

namespace {

constexpr std::uint32_t exact_steps_needed = 3;
constexpr std::uint32_t steady_steps_needed = 40;
constexpr std::uint32_t key_packets_needed = 5;
// Between two packets of one stream.
constexpr std::uint16_t steps_max = 50;
constexpr std::int32_t ticks_max = 48'000;  // a second of the fastest clock

bool looks_like_key(Bytes payload) {
    return payload.size() == 4 && payload[0] <= 16 && (payload[1] & 0x40) == 0;
}

}  // namespace

void Stray::add(const wire::Rtp& rtp, Bytes whole, MonoTime arrival, WallTime wall) {
    ++packets_;
    Kept now;
    now.packet = {.arrival = arrival,
                  .ssrc = rtp.ssrc,
                  .timestamp = rtp.timestamp,
                  .sequence = rtp.sequence,
                  .marker = rtp.marker,
                  .payload_type = rtp.payload_type,
                  .payload = {}};
    now.wall = wall;
    now.whole.assign(whole.begin(), whole.end());
    now.packet.whole = now.whole;
    now.packet.payload = now.packet.whole.subspan(
        static_cast<std::size_t>(rtp.payload.data() - whole.data()), rtp.payload.size());
    if (!kept_.empty())
        judge(kept_.back(), now);
    key_packets_ += looks_like_key(rtp.payload) ? 1 : 0;
    if (kept_.size() >= limits::stray_packets_per_flow_max) {
        kept_.erase(kept_.begin());
        ++left_out_;
    }
    kept_.push_back(std::move(now));
}

void Stray::judge(const Kept& last, const Kept& now) {
    const auto& a = last.packet;
    const auto& b = now.packet;
    const auto format = wire::static_format(a.payload_type);
    is_static_ = format.has_value();
    const auto number_step = static_cast<std::uint16_t>(b.sequence - a.sequence);
    if (number_step == 0 && a.ssrc == b.ssrc && a.timestamp == b.timestamp)
        return;  // seen twice
    const auto step = static_cast<std::int32_t>(b.timestamp - a.timestamp);
    const auto back = static_cast<std::uint16_t>(-number_step);
    if (a.ssrc == b.ssrc && back <= steps_max && back > 0 && step <= 0 && step >= -ticks_max)
        return;  // overtaken on its way
    if (a.ssrc != b.ssrc || number_step == 0 || number_step > steps_max) {
        ++wrong_steps_;
        return;
    }
    if (format && number_step == 1 && step > 0 && a.payload_type == b.payload_type) {
        const sound::Codec codec{sound::canonical_name(format->encoding), format->clock_hz,
                                 format->channels, ""};
        // Encrypted payloads are longer by their tag, which is for the recorder to see.
        const auto ticks = sound::payload_ticks(codec, a.payload);
        if (ticks != 0 && std::abs(static_cast<std::int64_t>(ticks) - step) <= 160)
            ++exact_steps_;
    }
    const double wall_s = static_cast<double>((b.arrival - a.arrival).count()) / 1e9;
    const double clock = step / std::max(wall_s, 0.005);
    if (step >= 0 && step <= ticks_max && (step == 0 || clock < 400'000) && a.payload_type < 128)
        ++steady_steps_;
    else
        ++wrong_steps_;
}

bool Stray::is_proven() const {
    if (wrong_steps_ * 10 > packets_)
        return false;
    if (is_static_)
        return exact_steps_ >= exact_steps_needed;
    if (key_packets_ == packets_)
        return key_packets_ >= key_packets_needed;
    return steady_steps_ >= steady_steps_needed && kept_.back().packet.payload_type >= 96;
}

std::vector<Stray::Kept> Stray::give() {
    return std::move(kept_);
}

}  // namespace nk::tap
