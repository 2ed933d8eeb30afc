#include "recording/sealer.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "base/md5_lanes.h"
#include "recording/journal/entries.h"

namespace nk::recording {

namespace {

tl::unexpected<Error> left() {
    return refuse(Code::busy, Blame::owner, "it was left to the next start");
}

using TrackKeys = std::array<call::SrtpKeys, limits::tracks_per_call_max>;

// All keys of each track: some packets came before the answer that told theirs.
class KeyScan : public journal::EntryReader {
public:
    explicit KeyScan(TrackKeys& keys) : keys_(keys) {}
    void on_track(call::Track track, MonoTime) override {
        if (track.keys)
            call::add_keys(keys_[track.index], *track.keys, limits::srtp_keys_per_line_max);
    }
    void on_packet(std::size_t, const call::MediaPacket&) override {}
    void on_dropped(const journal::Dropped&) override {}

private:
    TrackKeys& keys_;
};

// All that was dropped: why a packet is missing must be known when it is missed.
class DropScan : public journal::EntryReader {
public:
    explicit DropScan(CallRecorder& recorder) : recorder_(recorder) {}
    void on_track(call::Track, MonoTime) override {}
    void on_packet(std::size_t, const call::MediaPacket&) override {}
    void on_dropped(const journal::Dropped& dropped) override {
        Drop drop{dropped.from, dropped.to, dropped.packets, {}, dropped.is_withheld};
        if (dropped.track < limits::tracks_per_call_max)
            drop.track = dropped.track;
        recorder_.dropped(drop);
    }

private:
    CallRecorder& recorder_;
};

// A call's entries, as they come back from the journal, to its recorder.
class Replay : public journal::EntryReader {
public:
    // `all_keys` are asked for when the first secured track is seen.
    using AllKeys = std::function<TrackKeys()>;
    Replay(CallRecorder& recorder, MonoTime zero, AllKeys all_keys)
        : recorder_(recorder), zero_(zero), all_keys_(std::move(all_keys)) {}

    void on_track(call::Track track, MonoTime) override {
        const std::size_t index = track.index;
        const bool is_new = !tracks_[index].formats;
        if (track.secured)
            add_later_keys(track);
        tracks_[index] = std::move(track);
        if (!is_new)
            recorder_.learns(tracks_[index]);
    }
    void on_packet(std::size_t track, const call::MediaPacket& packet) override {
        const Nanos since = packet.arrival - zero_;
        if (!tracks_[track].formats || since > limits::call_longest ||
            since < -limits::call_longest) {
            ++nameless_;
            return;
        }
        recorder_.hears(tracks_[track], packet);
        if (packet.arrival - recorder_.last_emit() >= limits::emit_every)
            recorder_.emit(packet.arrival);
    }
    void on_dropped(const journal::Dropped&) override {}  // DropScan's
    // Packets of a track whose description was in a block that is damaged, or of another age.
    [[nodiscard]] std::uint64_t nameless() const { return nameless_; }

private:
    void add_later_keys(call::Track& track) {
        if (!keys_)
            keys_ = all_keys_();
        auto keys = std::make_shared<call::SrtpKeys>();
        if (track.keys)
            *keys = *track.keys;
        call::add_keys(*keys, (*keys_)[track.index], limits::srtp_keys_per_line_max);
        if (!keys->empty())
            track.keys = std::move(keys);
    }

    CallRecorder& recorder_;
    MonoTime zero_;
    AllKeys all_keys_;
    std::optional<TrackKeys> keys_;
    std::array<call::Track, limits::tracks_per_call_max> tracks_;
    std::uint64_t nameless_ = 0;
};

}  // namespace

Sealer::Sealer(Shelf& shelf, sound::DecoderMaker& decoders, const Clock& clock,
               const SealerOptions& options)
    : shelf_(shelf), decoders_(decoders), clock_(clock), options_(options) {}

void Sealer::push(SealJob job) {
    const std::lock_guard guard(mutex_);
    jobs_.push_back(std::move(job));
    work_.notify_one();
}

std::vector<Sealer::Work> Sealer::take_work() {
    std::vector<Work> all;
    const std::lock_guard guard(mutex_);
    while (!is_left_ && all.size() < md5_lanes && !jobs_.empty()) {
        const auto& next = jobs_.front();
        if (!next.places.empty() && !next.source->is_written(next.places.back()))
            break;
        // Two copies of a journal hold the same call: the second finds it done, in the next step.
        if (std::any_of(all.begin(), all.end(),
                        [&](const Work& work) { return work.job.head.id == next.head.id; }))
            break;
        auto& work = all.emplace_back();
        work.job = std::move(jobs_.front());
        work.story = work.job.story;
        jobs_.pop_front();
    }
    at_work_ = all.size();
    return all;
}

bool Sealer::step() {
    auto all = take_work();
    for (auto& work : all)
        work.trouble = write_sound(work);
    sum_together(all);
    for (auto& work : all)
        if (work.trouble && work.recorder)
            work.trouble = describe(work);
    publish(all);
    for (auto& work : all)
        settle(std::move(work));
    return !all.empty();
}

Result<void> Sealer::write_sound(Work& work) {
    const SealJob& job = work.job;
    NK_TAKE(const auto name, name_for(job));
    if (!name)
        return {};  // it is there
    const bool is_first = name->id == job.head.id;
    CallOptions options;
    options.purpose = job.head.purpose;
    options.basis = job.head.basis;
    options.door = job.head.door;
    options.flac = options_.flac;
    options.flac.sum_later_bytes = limits::sum_later_bytes_max;
    options.meter = options_.meter;
    NK_TAKE(auto desk, shelf_.begin(*name));
    auto recorder = std::make_unique<CallRecorder>(options, decoders_, scratch_, std::move(desk),
                                                   job.head.zero, job.head.zero_wall);
    NK_TRY(replay(work, *recorder));
    NK_TRY(recorder->end_sound());
    if (is_first) {
        NK_TRY(job.source->will_seal(job.call, job.blocks - std::min(job.blocks, work.unread)));
    } else {
        work.beside = job.head.id;
        work.story.note("sealed-anew", job.head.zero);
    }
    work.recorder = std::move(recorder);
    return {};
}

void Sealer::sum_together(std::span<const Work> all) {
    std::vector<CallRecorder*> whose;
    std::vector<Bytes> sounds;
    for (const auto& work : all) {
        const Bytes sound = work.recorder ? work.recorder->unsummed() : Bytes();
        if (sound.empty())
            continue;
        whose.push_back(work.recorder.get());
        sounds.push_back(sound);
    }
    const auto sums = md5_of_each(sounds);
    for (std::size_t i = 0; i < whose.size(); ++i)
        whose[i]->summed(sums[i]);
}

Result<void> Sealer::describe(Work& work) {
    NK_TAKE(work.finished, work.recorder->finish(work.story, clock_.wall()));
    return {};
}

void Sealer::publish(std::span<Work> all) {
    std::vector<Finished> finished;
    std::vector<Work*> whose;
    for (auto& work : all) {
        work.recorder.reset();
        if (!work.finished)
            continue;
        finished.push_back(std::move(*work.finished));
        whose.push_back(&work);
    }
    auto outcomes = shelf_.publish(finished);
    for (std::size_t i = 0; i < whose.size(); ++i) {
        whose[i]->trouble = std::move(outcomes[i]);
        whose[i]->finished = std::move(finished[i]);
    }
}

void Sealer::settle(Work work) {
    SealJob& job = work.job;
    const bool is_kept = work.trouble.has_value();
    const bool was_there = is_kept && !work.finished;
    auto facts = is_kept ? Result<RecordingFacts>() : tl::unexpected(work.trouble.error());
    if (is_kept && work.finished)
        facts = std::move(work.finished->facts);
    work.finished.reset();
    if (is_kept && job.is_more)
        job.source->on_further(job.call, job.blocks);
    if (is_kept)
        job.source->on_sealed(job.call, job.places);
    {
        const std::lock_guard guard(mutex_);
        --at_work_;
        if (!was_there && (is_kept || !is_left_))
            done_.push_back({std::move(work.story), std::move(facts), job.is_first_try,
                             std::move(work.beside)});
        job.is_first_try = false;
        job.may_be_sealed_already = true;  // an attempt that failed at its very end
        if (!is_kept)
            later_.push_back(std::move(job));
    }
    progress_.notify_all();
}

// No value when there is nothing to be made: an earlier run may have been stopped between the
// recording's appearing and the journal's word of it.
Result<std::optional<Name>> Sealer::name_for(const SealJob& job) {
    Name name{job.head.id, job.head.uuid};
    if (!job.may_be_sealed_already)
        return name;
    NK_TAKE(bool is_there, shelf_.has(name));
    if (is_there && job.is_more) {
        name = shelf_.further_name(name, job.blocks);
        NK_TAKE(is_there, shelf_.has(name));
    }
    return is_there ? std::nullopt : std::optional(std::move(name));
}

// Damaged blocks of the journal cost their packets and no more; the numbers of the packets around
// them tell how many.
Result<void> Sealer::replay(Work& work, CallRecorder& recorder) {
    const SealJob& job = work.job;
    call::Story& story = work.story;
    if (job.may_have_drops) {
        DropScan scan(recorder);
        NK_TRY(read_sound(job, scan));
    }
    Result<void> scanned;
    Replay replay(recorder, job.head.zero, [&] {
        TrackKeys keys;
        KeyScan scan(keys);
        scanned = read_sound(job, scan);
        return keys;
    });
    for (const auto& place : job.places) {
        if (is_left())
            return left();
        if (place.kind != journal::BlockKind::sound)
            continue;
        auto body = job.source->reader().read(place, job.call, room_);
        if (!body && body.error().code == Code::io)  // once is no unreadable sector
            body = job.source->reader().read(place, job.call, room_);
        if (!body) {
            NK_TRY(job.source->passes_over(body.error()));
            ++work.unread;
        }
        if (!body || !journal::read_entries(*body, job.head.zero, replay))
            story.note("journal-damaged", job.head.zero);
        NK_TRY(scanned);
        NK_TRY(recorder.trouble());
    }
    if (replay.nameless() > 0)
        story.note("journal-damaged", job.head.zero, replay.nameless());
    return {};
}

// Reads over what is damaged: who reads the call again says so.
Result<void> Sealer::read_sound(const SealJob& job, journal::EntryReader& reader) {
    std::vector<std::uint8_t> room;
    for (const auto& place : job.places) {
        if (is_left())
            return left();
        if (place.kind != journal::BlockKind::sound)
            continue;
        const auto body = job.source->reader().read(place, job.call, room);
        if (body)
            journal::read_entries(*body, job.head.zero, reader);
        else
            NK_TRY(job.source->passes_over(body.error()));
    }
    return {};
}

void Sealer::leave() {
    const std::lock_guard guard(mutex_);
    is_left_ = true;
}

bool Sealer::is_left() const {
    const std::lock_guard guard(mutex_);
    return is_left_;
}

bool Sealer::retry() {
    const bool has_more = shelf_.catch_up();
    const std::lock_guard guard(mutex_);
    while (!later_.empty()) {
        jobs_.push_back(std::move(later_.front()));
        later_.pop_front();
    }
    return has_more;
}

std::vector<Sealed> Sealer::take() {
    const std::lock_guard guard(mutex_);
    return std::exchange(done_, {});
}

std::size_t Sealer::waiting() const {
    const std::lock_guard guard(mutex_);
    return jobs_.size() + at_work_;
}

std::size_t Sealer::failed() const {
    const std::lock_guard guard(mutex_);
    return later_.size();
}

void Sealer::wait_for_work(Nanos at_most) {
    std::unique_lock guard(mutex_);
    work_.wait_for(guard, at_most);
}

void Sealer::wait_for_room(std::size_t most, Nanos at_most) {
    std::unique_lock guard(mutex_);
    progress_.wait_for(guard, at_most, [&] { return jobs_.size() + at_work_ < most; });
}

}  // namespace nk::recording
