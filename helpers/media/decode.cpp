#include <algorithm>

#include "decoder.h"
#include "input.h"
#include "reply.h"
#include "verbs.h"

namespace nk::media {

namespace {

constexpr std::size_t samples_at_once = 16 * 1024;

// The stretch of the sound that was asked for, in frames of what comes out.
class Stretch {
public:
    Stretch(std::int64_t from, std::int64_t to, std::uint32_t channels)
        : from_(from), to_(to), channels_(channels) {}

    // `pts`: where they begin; unknown: behind those before.
    void add(std::span<const std::int16_t> samples, std::int64_t pts) {
        const auto count = static_cast<std::int64_t>(samples.size() / channels_);
        if (pts != AV_NOPTS_VALUE && !is_placed_) {
            at_ = pts;
            is_placed_ = true;
        }
        const auto skip = std::clamp<std::int64_t>(from_ - at_, 0, count);
        const auto keep = std::clamp<std::int64_t>(to_ - at_, skip, count);
        const auto piece = samples.subspan(static_cast<std::size_t>(skip) * channels_,
                                           static_cast<std::size_t>(keep - skip) * channels_);
        ready_.insert(ready_.end(), piece.begin(), piece.end());
        at_ += count;
        if (ready_.size() >= samples_at_once)
            flush();
    }
    void flush() {
        if (ready_.empty())
            return;
        say(media_protocol::Piece::samples,
            {reinterpret_cast<const std::uint8_t*>(ready_.data()), 2 * ready_.size()});
        ready_.clear();
    }
    [[nodiscard]] bool is_over() const { return at_ >= to_; }

private:
    std::int64_t from_;
    std::int64_t to_;
    std::uint32_t channels_;
    std::int64_t at_ = 0;
    bool is_placed_ = false;
    std::vector<std::int16_t> ready_;
};

std::int64_t begin_of(const AVStream& stream) {
    return stream.start_time == AV_NOPTS_VALUE ? 0 : stream.start_time;
}

}  // namespace

Result<void> decode(const media_protocol::Request& request) {
    NK_TAKE(auto opened, open_input(request.name));
    const auto& stream = *opened.sound;
    NK_TAKE(const auto decoder, Decoder::make(stream, true));
    const auto shape = decoder->shape();
    say(media_protocol::Piece::shape, media_protocol::write_shape(shape));
    const AVRational ms{1, 1'000};
    const AVRational frames{1, static_cast<int>(shape.rate_hz)};
    const auto begin = av_rescale_q(begin_of(stream), stream.time_base, frames);
    const auto from = begin + av_rescale_q(request.from_ms, ms, frames);
    const auto to = request.to_ms > 0 ? begin + av_rescale_q(request.to_ms, ms, frames)
                                      : std::numeric_limits<std::int64_t>::max();
    Stretch stretch(std::max(from, begin), to, shape.channels);
    if (request.from_ms > 10'000) {
        // Some seconds before: a decoder that begins wants to hear a little.
        const auto target =
            begin_of(stream) + av_rescale_q(request.from_ms - 3'000, ms, stream.time_base);
        if (av_seek_frame(opened.input.get(), stream.index, target, AVSEEK_FLAG_BACKWARD) >= 0)
            decoder->forget();
    }
    const auto take = [&](std::span<const std::int16_t> samples, std::int64_t pts) {
        stretch.add(samples, pts);
    };
    const Packet packet(av_packet_alloc());
    std::uint64_t packets = 0;
    while (!stretch.is_over()) {
        const auto more = next_packet(opened, *packet);
        if (!more && packets == 0)
            return tl::unexpected(more.error());
        if (!more || !*more)
            break;
        ++packets;
        decoder->feed(packet.get(), take);
    }
    if (packets == 0)
        return refuse(Code::malformed, Blame::owner, "there is not one packet of sound in it");
    decoder->feed(nullptr, take);
    stretch.flush();
    return {};
}

}  // namespace nk::media
