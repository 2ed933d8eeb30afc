#include "recording/track_recorder.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/limits.h"

namespace nk::recording {

TrackRecorder::TrackRecorder(TrackOptions options, sound::DecoderMaker& decoders, Desk& desk)
    : options_(std::move(options)), decoders_(decoders), desk_(desk), floor_(options_.floor) {
    use_by_type_.fill(-1);
}

void TrackRecorder::note(std::string_view oddity, MonoTime at) {
    auto [it, is_new] = oddities_.try_emplace(std::string(oddity), 0, at);
    ++it->second.first;
}

void TrackRecorder::learn(const call::Track& track) {
    use_by_type_.fill(-1);
    on_hold_ = !track.may_send;
    was_on_hold_ = was_on_hold_ || on_hold_;
    options_.party = track.party;  // a guess may have been put right
    options_.is_mixed = options_.is_mixed || track.is_mixed;
    if (options_.label.empty())
        options_.label = track.label;
}

bool TrackRecorder::take_hold() {
    return std::exchange(was_on_hold_, on_hold_);
}

std::vector<Missing> TrackRecorder::why_missing(std::uint64_t packets, MonoTime before,
                                                MonoTime after) {
    return options_.drops->why_missing(options_.index, packets, before, after);
}

std::size_t TrackRecorder::use_of(const call::Track& track, std::uint8_t payload_type) {
    if (const auto known = use_by_type_[payload_type]; known >= 0)
        return static_cast<std::size_t>(known);
    call::Format format = (*track.formats)[payload_type];
    if (format.kind == call::PayloadKind::unknown)
        format.codec.name = "PT" + std::to_string(payload_type);
    for (std::size_t i = 0; i < uses_.size(); ++i)
        if (uses_[i].payload_type == payload_type &&
            (uses_[i].format.codec == format.codec || format.kind == call::PayloadKind::unknown)) {
            use_by_type_[payload_type] = static_cast<std::int16_t>(i);
            return i;
        }
    if (uses_.size() >= limits::uses_per_track_max) {
        oddities_.try_emplace("codecs-left-out", 1, options_.line->zero);
        return 0;
    }
    std::uint32_t rate =
        format.kind == call::PayloadKind::sound ? sound::sample_rate_hz(format.codec) : 0;
    if (!is_exact(rate))
        rate = 0;
    uses_.push_back({std::move(format), payload_type, rate, 0});
    use_by_type_[payload_type] = static_cast<std::int16_t>(uses_.size() - 1);
    return uses_.size() - 1;
}

Stream* TrackRecorder::open_stream(std::uint32_t ssrc, MonoTime now) {
    end_old_streams(now);
    if (ended_.size() >= limits::ended_streams_max) {
        note("streams-left-out", now);
        return nullptr;
    }
    if (std::find(ssrcs_.begin(), ssrcs_.end(), ssrc) == ssrcs_.end() &&
        ssrcs_.size() < limits::oddities_per_call_max)
        ssrcs_.push_back(ssrc);
    streams_.push_back(std::make_unique<Stream>(*this, ssrc, *options_.line));
    return streams_.back().get();
}

Stream* TrackRecorder::stream_of(std::uint32_t ssrc, MonoTime now) {
    if (last_ != nullptr && last_->ssrc() == ssrc) [[likely]]
        return last_;
    for (auto it = streams_.rbegin(); it != streams_.rend(); ++it)
        if ((*it)->ssrc() == ssrc)
            return last_ = it->get();
    if (!ssrcs_.empty())
        note("ssrc-changed", now);
    return last_ = open_stream(ssrc, now);
}

// Those that have long been silent, and when there are too many the one that has been for longest:
// should it be heard again, it begins anew.
void TrackRecorder::end_old_streams(MonoTime now) {
    for (std::size_t i = streams_.size(); i-- > 0;)
        if (now - streams_[i]->last_arrival() > 2 * limits::hold_back)
            end_stream(i);
    if (streams_.size() < limits::streams_per_track_max)
        return;
    const auto oldest = std::min_element(
        streams_.begin(), streams_.end(),
        [](const auto& a, const auto& b) { return a->last_arrival() < b->last_arrival(); });
    end_stream(static_cast<std::size_t>(oldest - streams_.begin()));
}

void TrackRecorder::end_stream(std::size_t place) {
    const auto at = streams_.begin() + static_cast<std::ptrdiff_t>(place);
    (*at)->finish();
    if (!(*at)->queue().empty() && (*at)->queue().end() > floor_)
        ended_.push_back(std::move((*at)->queue()));
    if (at->get() == last_)
        last_ = nullptr;
    streams_.erase(at);
}

// The sender began anew: its old numbers are over, and the two packets that showed it open the next
// stream.
void TrackRecorder::restart(Stream& old, const call::MediaPacket& packet, std::size_t use_index) {
    note("sequence-restarted", packet.arrival);
    const auto first = old.give_suspect();
    old.finish();
    Stream* fresh = open_stream(packet.ssrc, packet.arrival);
    if (fresh == nullptr) {
        ledger_.counts.received += 2;
        ledger_.counts.dropped_by_us += 2;
        return;
    }
    last_ = fresh;
    if (first) {
        call::MediaPacket before = first->packet;
        before.payload = first->payload;
        fresh->take(before, first->use);
    }
    fresh->take(packet, use_index);
}

void TrackRecorder::take(const call::Track& track, const call::MediaPacket& packet) {
    if (track.secured)
        place(track, unlock(track, packet));
    else
        place(track, packet);
}

// What no key opens goes on as it is, to be counted and kept.
call::MediaPacket TrackRecorder::unlock(const call::Track& track, const call::MediaPacket& packet) {
    call::MediaPacket out = packet;
    out.protection = call::Protection::locked;
    if (!track.keys || packet.whole.empty())
        return out;
    const auto opened = srtp_.open(packet.whole, *track.keys);
    if (!opened) {
        note("srtp-authentication-failed", packet.arrival);
        return out;
    }
    out.protection = call::Protection::unlocked;
    out.payload = opened->rtp.payload;
    ++unlocked_[opened->suite];
    return out;
}

void TrackRecorder::place(const call::Track& track, const call::MediaPacket& packet) {
    const std::size_t index = use_of(track, packet.payload_type);

    Stream* stream = stream_of(packet.ssrc, packet.arrival);
    if (stream == nullptr) {
        ++ledger_.counts.received;
        ++ledger_.counts.dropped_by_us;
        return;
    }
    if (uses_[index].format.kind == call::PayloadKind::sound)
        marks_.add(packet.payload, options_.zero_wall + (packet.arrival - options_.line->zero));
    if (stream->take(packet, index) == Stream::Taken::restarted)
        restart(*stream, packet, index);
}

void TrackRecorder::advance(MonoTime now) {
    for (const auto& stream : streams_)
        stream->advance(now);
}

void TrackRecorder::finish() {
    for (const auto& stream : streams_)
        stream->finish();
    // At the very end, where no later number tells of them.
    const auto dropped = options_.drops->take_rest(options_.index, Reason::ours);
    const auto withheld = options_.drops->take_rest(options_.index, Reason::withheld);
    ledger_.counts.received += dropped + withheld;
    ledger_.counts.dropped_by_us += dropped;
    ledger_.counts.withheld += withheld;
    for (const auto& key : keys_) {  // a key held at the very end is part of the call's length
        const Ticks end =
            key.at + to_ticks(Nanos(static_cast<std::int64_t>(key.duration_ms * 1e6)));
        if (!ledger_.begun())
            ledger_.cover(key.at, key.at, GapCause::key_press, 0);
        ledger_.cover(std::max(end, ledger_.covered()), std::max(end, ledger_.covered()),
                      GapCause::key_press, 0);
    }
}

Ticks TrackRecorder::settled(MonoTime now, Ticks otherwise) const {
    Ticks least = otherwise;
    for (const auto& stream : streams_)
        if (const auto until = stream->settled(now))
            least = std::min(least, *until);
    return least;
}

void TrackRecorder::emit(Ticks from, Ticks to, std::uint32_t rate_hz, std::span<std::int16_t> out,
                         std::size_t channels) {
    for (const auto& stream : streams_)
        stream->queue().take(from, to, rate_hz, out, options_.channel, channels);
    for (auto& queue : ended_)
        queue.take(from, to, rate_hz, out, options_.channel, channels);
    floor_ = to;
    std::erase_if(ended_, [to](const auto& queue) { return queue.empty() || queue.end() <= to; });
}

std::uint32_t TrackRecorder::rate_hz() const {
    std::uint32_t highest = 0;
    for (const auto& use : uses_)
        if (use.packets > 0)
            highest = std::max(highest, use.rate_hz);
    return highest;
}

void TrackRecorder::keep_payload(const call::MediaPacket& packet) {
    if (!trouble_)
        return;
    if (!payloads_) {
        payload_file_ = "payload-" + std::to_string(options_.channel + 1) + ".rtpdump";
        auto file = desk_.create(payload_file_);
        if (!file) {
            trouble_ = tl::unexpected(file.error());
            return;
        }
        payloads_ = std::make_unique<RtpDump>(std::move(*file), options_.zero_wall);
    }
    trouble_ = payloads_->add(packet, packet.arrival - options_.line->zero);
}

Result<std::string> TrackRecorder::close_payloads() {
    NK_TRY(trouble_);
    if (payloads_)
        NK_TRY(payloads_->finish());
    payloads_.reset();
    return payload_file_;
}

// RFC 4733 2.5: one press is many packets with one time stamp and a growing duration; its last is
// sent three times.
void TrackRecorder::press(std::uint32_t ssrc, std::int64_t timestamp, Ticks at, Bytes event,
                          std::uint32_t clock_hz) {
    if (event.size() < 4)
        return;
    const double duration_ms =
        1000.0 * be16(event.data() + 2) / std::max(clock_hz, limits::key_clock_hz_min);
    const auto [it, is_new] = key_by_start_.try_emplace({ssrc, timestamp}, keys_.size());
    if (is_new) {
        if (keys_.size() >= limits::key_presses_per_call_max) {
            key_by_start_.erase(it);
            return;
        }
        keys_.push_back({event[0], at, duration_ms});
        return;
    }
    keys_[it->second].duration_ms = std::max(keys_[it->second].duration_ms, duration_ms);
}

Result<TrackFacts> TrackRecorder::facts(Ticks from, Ticks to, std::uint32_t rate_hz_of_file) {
    TrackFacts facts;
    facts.number = static_cast<std::uint32_t>(options_.channel + 1);
    facts.party = options_.party;
    facts.label = options_.label;
    facts.is_mixed = options_.is_mixed;
    facts.rate_hz = rate_hz();
    ledger_.write(facts, from, to, rate_hz_of_file);
    const Use* main = nullptr;
    for (const auto& use : uses_) {
        if (use.packets == 0)
            continue;
        facts.codecs.push_back({use.format.codec.name, use.format.codec.clock_hz, use.rate_hz,
                                use.payload_type, use.packets});
        const bool is_sound = use.format.kind == call::PayloadKind::sound ||
                              use.format.kind == call::PayloadKind::unknown;
        const bool main_is_sound = main != nullptr &&
                                   main->format.kind != call::PayloadKind::telephone_event &&
                                   main->format.kind != call::PayloadKind::comfort_noise;
        if (main == nullptr || (is_sound && (!main_is_sound || use.packets > main->packets)))
            main = &use;
    }
    if (main != nullptr)
        facts.codec = main->format.codec.name;
    const auto most =
        std::max_element(unlocked_.begin(), unlocked_.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != unlocked_.end())
        facts.srtp = name_of(most->first);
    facts.ssrcs = ssrcs_;
    facts.media_marks = marks_.values();
    NK_TAKE(facts.payload_file, close_payloads());
    return facts;
}

}  // namespace nk::recording
