#include "call/book.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/prefetch.h"

namespace nk::call {

Book::Book(Ear& ear) : ear_(ear) {}
Book::~Book() = default;

Call* Book::make(MonoTime now, WallTime wall) {
    if (calls_.size() >= limits::calls_max) {
        ++counts_.refused_calls;
        return nullptr;
    }
    auto call = std::make_unique<Call>(numbers_.next(), now, wall);
    call->slot = numbers_.take_slot();
    Call* raw = call.get();
    calls_.emplace(raw->number, std::move(call));
    return raw;
}

Call* Book::begin_bare(const wire::Endpoint& first_sender, const wire::Endpoint& first_receiver,
                       MonoTime now, WallTime wall) {
    Call* call = make(now, wall);
    if (call == nullptr)
        return nullptr;
    call->parties[0].uri = first_sender.text();
    call->parties[1].uri = first_receiver.text();
    call->note("media-without-signalling", now);
    call->lines.push_back({"audio", {}});
    return call;
}

Call* Book::find(std::uint64_t number) const {
    const auto it = calls_.find(number);
    return it == calls_.end() ? nullptr : it->second.get();
}

void Book::take_over(std::uint64_t bare, Call& by, MonoTime now) {
    Call* call = find(bare);
    if (call == nullptr || call->over)
        return;
    const std::string key =
        "goes-on:" + std::to_string(call->began_wall.ns) + ":" + std::to_string(bare);
    call->add_key(key);
    by.add_key(key);
    call->over = now;
    call->ending = Ending::bye;
    call->note("goes-on-in-another-recording", now);
}

void Book::on_keyed(Call& call, std::size_t line, MonoTime now) {
    if (line >= call.lines.size() || call.lines[line].keyed)
        return;
    call.lines[line].keyed = true;
    call.tell(now, "encrypted");
    refresh(call, now);
}

void Book::on_clock_leap(MonoTime now) {
    for (const auto& [number, call] : calls_)
        call->note("clock-leapt", now);
}

Route Book::route(const PortRecord& source, const PortRecord& destination) const {
    Route route;
    // Who owns the destination receives there, so the other party sends. The newer claim wins when
    // the two ends belong to different calls, which happens when a port is used again.
    const bool by_destination =
        destination.call != nullptr && (source.call == nullptr || source.call == destination.call ||
                                        destination.call->number > source.call->number);
    const PortRecord& known = by_destination ? destination : source;
    if (known.call == nullptr)
        return route;
    route.call = known.call;
    route.is_other_media = !known.is_audio;
    if (route.is_other_media)
        return route;
    std::size_t party = known.party;
    if (route.call->is_recording_leg && route.call->lines.size() > 1)
        party = std::min<std::size_t>(known.line, 1);  // each line is one party of the conversation
    else if (by_destination)
        party = known.party < 2 ? 1 - known.party : 0;
    route.from_unnamed_port = by_destination && source.call != destination.call;
    route.track = route.call->track(party, known.line);
    if (route.track == nullptr)
        return {};
    return route;
}

void Book::expect(std::span<const Call* const> calls) const {
    for (const Call* call : calls) {
        prefetch(&call->last_sign);
        prefetch(&call->media_packets);
        prefetch(&call->slot);
    }
    ear_.expects(calls);
}

void Book::on_media(Call& call, Track& track, const MediaPacket& packet) {
    if (call.media_packets == 0 && call.has_signalling && !call.answered)
        call.tell(packet.arrival, "early-media", track.party);
    ++call.media_packets;
    call.last_media = packet.arrival;
    call.last_sign = packet.arrival;
    ear_.hears(call, track, packet);
}

// A call that is over drains for a moment: packets on their way still belong to it.
bool Book::is_due(const Call& call, MonoTime now) const {
    if (call.over) {
        if (call.media_packets > 0)
            return now - *call.over >= limits::media_after_bye_max ||
                   (now - *call.over >= limits::media_after_bye &&
                    now - call.last_media >= limits::media_after_bye);
        return now - *call.over >= (call.answered ? limits::media_after_bye : limits::refusal_wait);
    }
    const Nanos silent = now - call.last_sign;
    if (!call.has_signalling)
        return silent >= limits::bare_media_silent_max;
    if (!call.answered && call.media_packets == 0)
        return silent >= limits::attempt_open_max;
    return silent >= limits::call_silent_max;
}

void Book::tick(MonoTime now) {
    if (now - last_tick_ < milliseconds(100))
        return;
    last_tick_ = now;
    std::vector<Call*> due;
    for (const auto& [number, call] : calls_)
        if (is_due(*call, now))
            due.push_back(call.get());
    std::sort(due.begin(), due.end(),
              [](const Call* a, const Call* b) { return a->number < b->number; });
    for (Call* call : due) {
        if (!call->over) {
            call->ending = Ending::timed_out;
            if (call->has_signalling && call->answered)
                call->note("bye-missing", call->last_sign);
        }
        end(*call, now);
    }
    if (now - last_look_ >= seconds(30)) {
        last_look_ = now;
        media_.sweep(now);
    }
    ear_.passes(now);
}

void Book::finish(Ending ending, MonoTime now) {
    std::vector<Call*> all;
    for (const auto& [number, call] : calls_)
        all.push_back(call.get());
    std::sort(all.begin(), all.end(),
              [](const Call* a, const Call* b) { return a->number < b->number; });
    for (Call* call : all) {
        if (!call->over) {
            call->ending = ending;
            if (ending == Ending::capture_ended && call->media_packets > 0)
                call->note("capture-ended", call->last_sign);
        }
        end(*call, now);
    }
}

void Book::end(Call& call, MonoTime now) {
    media_.release(call, now);
    if (call.is_call())
        ++counts_.calls;
    else
        ++counts_.attempts;
    if (call.has_signalling)
        call.tell(call.over.value_or(call.last_sign), "ended", {},
                  std::string(name_of(call.ending)));
    ear_.ends(call, now);
    const auto [first, last] = by_call_id_.equal_range(call.sip_call_id);
    for (auto it = first; it != last; ++it)
        if (it->second == &call) {
            by_call_id_.erase(it);
            break;
        }
    numbers_.give_slot(call.slot);
    calls_.erase(call.number);
}

}  // namespace nk::call
