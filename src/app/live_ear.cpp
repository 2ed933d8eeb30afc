#include "app/live_ear.h"

#include <set>
#include <string>
#include <utility>

#include "base/limits.h"
#include "base/utf8.h"

namespace nk::app {

namespace {

constexpr std::uint64_t batches_waiting_max = 8;

// Some pause is begun that was not ended: of all of it or of a party, by whomever.
bool is_paused(const call::Call& call) {
    std::set<std::string> open;
    for (const auto& event : call.told) {
        const auto whose = event.detail + (event.party ? std::to_string(*event.party) : "");
        if (event.what == "recording-paused")
            open.insert(whose);
        else if (event.what == "recording-resumed")
            open.clear();  // it may end by a limit what another began
    }
    return !open.empty();
}

listener::LiveCall news_of(const call::Call& call, purpose::Purpose purpose) {
    listener::LiveCall out;
    out.number = call.number;
    out.sip_call_id = as_utf8(call.sip_call_id);
    out.started = call.began_wall;
    out.purpose = purpose;
    out.is_answered = call.answered.has_value();
    out.is_paused = is_paused(call);
    for (const auto& party : call.parties)
        out.parties.push_back({as_utf8(party.number), as_utf8(party.name)});
    return out;
}

}  // namespace

void LiveEar::tell(Window window) {
    window_ = std::move(window);
    if (window_.on_call)
        for (const auto& [number, known] : told_)
            window_.on_call(known);
}

void LiveEar::listen(std::uint64_t call, bool is_on) {
    if (is_on)
        listened_.insert(call);
    else
        listened_.erase(call);
}

void LiveEar::hears(call::Call& call, call::Track& track, const call::MediaPacket& packet) {
    next_.hears(call, track, packet);
    if (is_wanted(call, packet))
        copy(call, track, packet);
}

void LiveEar::copy(const call::Call& call, const call::Track& track,
                   const call::MediaPacket& packet) {
    if (copied_.size() >= limits::live_packets_waiting_max || !told_.contains(call.number))
        return;
    const bool is_locked = track.secured || packet.protection == call::Protection::locked;
    const auto bytes = is_locked && !packet.whole.empty() ? packet.whole : packet.payload;
    copied_.push_back({.call = call.number,
                       .track = track.index,
                       .party = track.party,
                       .is_mixed = track.is_mixed,
                       .ssrc = packet.ssrc,
                       .timestamp = packet.timestamp,
                       .sequence = packet.sequence,
                       .payload_type = packet.payload_type,
                       .is_locked = is_locked,
                       .bytes = {bytes.begin(), bytes.end()},
                       .formats = track.formats,
                       .keys = track.keys});
}

void LiveEar::flush() {
    if (copied_.empty())
        return;
    auto batch = std::exchange(copied_, {});
    if (!window_.on_packets || handed_ - taken_->load() >= batches_waiting_max)
        return;
    ++handed_;
    window_.on_packets(std::move(batch), taken_);
}

void LiveEar::tells(call::Call& call, MonoTime now) {
    next_.tells(call, now);
    if (!call.is_call() || call.over)
        return;
    auto news = news_of(call, purpose_);
    auto& known = told_[call.number];
    if (known == news)
        return;
    known = std::move(news);
    if (window_.on_call)
        window_.on_call(known);
}

void LiveEar::ends(call::Call& call, MonoTime now) {
    if (told_.erase(call.number) > 0 && window_.on_end)
        window_.on_end(call.number);
    listened_.erase(call.number);
    next_.ends(call, now);
}

}  // namespace nk::app
