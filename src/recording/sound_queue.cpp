#include "recording/sound_queue.h"

#include <algorithm>
#include <limits>

namespace nk::recording {

namespace {

// Two streams of one track that sound at once are heard together.
void add(std::int16_t& into, std::int16_t sample) {
    if (into == 0) [[likely]] {
        into = sample;
        return;
    }
    using Limits = std::numeric_limits<std::int16_t>;
    into = static_cast<std::int16_t>(std::clamp<int>(into + sample, Limits::min(), Limits::max()));
}

std::size_t frames_up_to(Ticks t, Ticks from, Ticks per_frame) {
    return t <= from ? 0 : static_cast<std::size_t>((t - from + per_frame - 1) / per_frame);
}

constexpr std::size_t drop_at = 4'096;

}  // namespace

void SoundQueue::Run::drop_used() {
    if (used < drop_at)
        return;
    samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(used));
    gone += used;
    pushed = pushed > used ? pushed - used : 0;
    used = 0;
}

Ticks SoundQueue::end() const {
    return runs_.empty() ? 0 : runs_.back().end();
}

sound::Samples& SoundQueue::room_at(Ticks at, std::uint32_t rate_hz) {
    if (!runs_.empty()) {
        auto& last = runs_.back();
        if (!last.closed && last.rate_hz == rate_hz && last.end() == at)
            return last.samples;
    }
    auto& run = runs_.emplace_back();
    run.from = at;
    run.rate_hz = rate_hz;
    return run.samples;
}

void SoundQueue::take(Ticks from, Ticks to, std::uint32_t rate_hz, std::span<std::int16_t> out,
                      std::size_t channel, std::size_t channels) {
    for (auto& run : runs_) {
        if (run.from >= to)
            break;
        if (run.rate_hz == rate_hz)
            take_exact(run, from, to, out, channel, channels);
        else
            take_raised(run, from, to, rate_hz, out, channel, channels);
    }
    while (!runs_.empty() && runs_.front().end() <= to &&
           (runs_.size() > 1 || runs_.front().closed))
        runs_.pop_front();
    if (!runs_.empty() && runs_.front().end() <= to)
        runs_.front().drop_used();
}

void SoundQueue::take_exact(Run& run, Ticks from, Ticks to, std::span<std::int16_t> out,
                            std::size_t channel, std::size_t channels) {
    const Ticks per_frame = ticks_per_second / run.rate_hz;
    const std::size_t first = frames_up_to(from, run.from, per_frame);
    const std::size_t begin = std::max(run.used, first > run.gone ? first - run.gone : 0);
    const std::size_t end =
        std::min(run.samples.size(), frames_up_to(to, run.from, per_frame) - run.gone);
    if (begin < end) {
        const Ticks at = run.from + static_cast<Ticks>(run.gone + begin) * per_frame;
        const auto frame = static_cast<std::size_t>((at - from) / per_frame);
        std::int16_t* into = out.data() + frame * channels + channel;
        for (std::size_t i = begin; i < end; ++i, into += channels)
            add(*into, run.samples[i]);
    }
    run.used = std::max(run.used, end);
    run.drop_used();
}

void SoundQueue::take_raised(Run& run, Ticks from, Ticks to, std::uint32_t rate_hz,
                             std::span<std::int16_t> out, std::size_t channel,
                             std::size_t channels) {
    // A rate that does not divide the file's is raised to the nearest whole multiple below it and
    // then picked from; none of the telephone codecs needs that.
    const std::uint32_t factor = std::max<std::uint32_t>(1, rate_hz / run.rate_hz);
    const Ticks per_raised = ticks_per_second / run.rate_hz / factor;
    const Ticks per_frame = ticks_per_second / rate_hz;
    if (!run.up ||
        run.up->factor() != factor) {  // from here on; what was taken before had another rate
        run.up = std::make_unique<sound::Interpolator>(factor);
        run.raised.clear();
        run.raised_gone = (run.gone + run.used) * factor;
        run.pushed = run.used;
        run.closed = false;
    }
    const std::size_t wanted = frames_up_to(to, run.from, per_raised);
    if (run.raised_gone + run.raised.size() < wanted && run.pushed < run.samples.size()) {
        run.up->push(std::span(run.samples).subspan(run.pushed), run.raised);
        run.pushed = run.samples.size();
    }
    if (run.raised_gone + run.raised.size() < wanted && !run.closed) {
        run.up->flush(run.raised);  // the window reaches past what is there: the run ends here
        run.closed = true;
    }
    const std::size_t skip = frames_up_to(from, run.from, per_raised);
    const std::size_t have = std::min(wanted, run.raised_gone + run.raised.size());
    const std::size_t frames = out.size() / channels;
    for (std::size_t k = std::max(skip, run.raised_gone); k < have; ++k) {
        const Ticks at = run.from + static_cast<Ticks>(k) * per_raised;
        const auto frame = static_cast<std::size_t>((at - from) / per_frame);
        if (frame < frames)
            add(out[frame * channels + channel], run.raised[k - run.raised_gone]);
    }
    if (have > run.raised_gone) {
        run.raised.erase(run.raised.begin(),
                         run.raised.begin() + static_cast<std::ptrdiff_t>(have - run.raised_gone));
        run.raised_gone = have;
        run.used = std::max(run.used, std::min(run.samples.size(),
                                               have / factor - std::min(have / factor, run.gone)));
        run.drop_used();
    }
}

}  // namespace nk::recording
