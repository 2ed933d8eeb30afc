#include "recording/call_recorder.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "base/limits.h"

namespace nk::recording {

namespace {

constexpr Ticks window_ticks = ticks_per_second / 2;  // written in pieces of half a second
constexpr std::uint32_t lowest_rate_hz = 8'000;
constexpr std::uint32_t highest_rate_hz = 192'000;

}  // namespace

CallRecorder::CallRecorder(const CallOptions& options, sound::DecoderMaker& decoders,
                           std::vector<std::int16_t>& scratch, std::unique_ptr<Desk> desk,
                           MonoTime zero, WallTime zero_wall)
    : options_(options),
      decoders_(decoders),
      desk_(std::move(desk)),
      window_(scratch),
      line_{.zero = zero},
      zero_wall_(zero_wall),
      last_emit_(zero) {}

CallRecorder::~CallRecorder() {
    segments_.clear();
    if (desk_)
        desk_->discard();
}

// Caller left, called party right, whoever is heard first; further tracks get further channels.
TrackRecorder& CallRecorder::recorder_of(const call::Track& track) {
    if (track.index >= tracks_.size())
        tracks_.resize(track.index + 1);
    auto& recorder = tracks_[track.index];
    if (!recorder) {
        std::vector<bool> taken(limits::tracks_per_call_max + 2, false);
        taken[0] = taken[1] = true;  // kept for the caller and the called party
        bool own_is_free = track.party < 2;
        for (const auto& other : tracks_)
            if (other) {
                taken[other->channel()] = true;
                own_is_free = own_is_free && other->channel() != track.party;
            }
        const auto next =
            static_cast<std::size_t>(std::find(taken.begin(), taken.end(), false) - taken.begin());
        TrackOptions options;
        options.party = track.party;
        options.channel = own_is_free ? track.party : next;
        options.is_mixed = track.is_mixed;
        options.label = track.label;
        options.index = track.index;
        options.line = &line_;
        options.drops = &drops_;
        options.zero_wall = zero_wall_;
        if (begun_)
            options.floor = done_;
        recorder = std::make_unique<TrackRecorder>(options, decoders_, *desk_);
        recorder->learn(track);
        ++line_.tracks;
    }
    return *recorder;
}

void CallRecorder::hears(const call::Track& track, const call::MediaPacket& packet) {
    if (trouble_)
        recorder_of(track).take(track, packet);
}

void CallRecorder::learns(const call::Track& track) {
    if (track.index < tracks_.size() && tracks_[track.index])
        tracks_[track.index]->learn(track);
}

sound::FlacShape CallRecorder::needed_shape() const {
    sound::FlacShape shape{lowest_rate_hz, 2};
    for (const auto& track : tracks_) {
        if (!track)
            continue;
        shape.channels = std::max(shape.channels, static_cast<std::uint32_t>(track->channel() + 1));
        const std::uint32_t rate = track->rate_hz();
        if (rate == 0)
            continue;
        const std::uint64_t common = std::lcm<std::uint64_t>(shape.rate_hz, rate);
        shape.rate_hz = common <= highest_rate_hz ? static_cast<std::uint32_t>(common)
                                                  : std::max(shape.rate_hz, rate);
    }
    return shape;
}

Ticks CallRecorder::first() const {
    Ticks earliest = std::numeric_limits<Ticks>::max() / 2;
    for (const auto& track : tracks_)
        if (track && track->read_ledger().begun())
            earliest = std::min(earliest, on_grid(track->read_ledger().first()));
    return earliest;
}

Ticks CallRecorder::end() const {
    Ticks last = done_;
    for (const auto& track : tracks_)
        if (track && track->read_ledger().begun())
            last = std::max(last, track->read_ledger().covered());
    return last;
}

void CallRecorder::emit(MonoTime now) {
    const InStage stage(options_.meter, Stage::place);
    last_emit_ = now;
    drops_.place(now, line_);
    if (!trouble_)
        return;
    const Ticks young = on_grid(line_.at(now - limits::emit_delay));
    Ticks until = young;
    bool any = false;
    for (const auto& track : tracks_) {
        if (!track)
            continue;
        track->advance(now);
        until = std::min(until, track->settled(now, young));
        any = any || track->read_ledger().begun();
    }
    // Interpolation looks a little ahead, and silence at the end is only written when something
    // follows it.
    until = on_grid(std::min(until, end()) - ticks_per_second / 50);
    if (!any || (begun_ && until < done_ + window_ticks))
        return;
    // The first sample is fixed only when something follows it, so that nobody who opens later
    // comes before it.
    const Ticks begin = first();
    if (!begun_ &&
        (now - (line_.zero + to_nanos(begin)) < limits::begin_wait || until < begin + window_ticks))
        return;
    trouble_ = write(until);
    if (!trouble_)
        tracks_.clear();  // nothing of this call can be kept any more
}

Result<void> CallRecorder::write(Ticks until) {
    if (!begun_) {
        begun_ = true;
        from_ = std::min(until, first());
        done_ = from_;
    }
    while (done_ < until) {
        NK_TRY(fit_segment());
        auto& segment = segments_.back();
        const Ticks to = std::min(until, done_ + window_ticks);
        const auto frames =
            static_cast<std::size_t>((to - done_) / (ticks_per_second / segment.shape.rate_hz));
        window_.assign(frames * segment.shape.channels, 0);
        for (const auto& track : tracks_)
            if (track)
                track->emit(done_, to, segment.shape.rate_hz, window_, segment.shape.channels);
        {
            const InStage stage(options_.meter, Stage::encode);
            NK_TRY(segment.writer->write(window_));
        }
        segment.frames += frames;
        done_ = to;
    }
    return {};
}

Result<void> CallRecorder::fit_segment() {
    const auto shape = needed_shape();
    if (!segments_.empty() && segments_.back().shape.rate_hz >= shape.rate_hz &&
        segments_.back().shape.rate_hz % shape.rate_hz == 0 &&
        segments_.back().shape.channels >= shape.channels)
        return {};
    NK_TRY(close_segment({}));
    Segment segment;
    segment.name = "segment-" + std::to_string(segments_.size() + 1) + ".flac";
    segment.shape = shape;
    NK_TAKE(segment.file, desk_->create(segment.name));
    NK_TAKE(segment.writer, sound::write_flac(*segment.file, shape, options_.flac));
    segments_.push_back(std::move(segment));
    return {};
}

Result<void> CallRecorder::close_segment(const sound::FlacTags& tags) {
    if (segments_.empty() || !segments_.back().writer)
        return {};
    NK_TRY(segments_.back().writer->finish(tags));
    segments_.back().writer.reset();
    return {};
}

}  // namespace nk::recording
