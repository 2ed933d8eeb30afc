#include "call/call.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/limits.h"

namespace nk::call {

namespace {

// What strangers send is kept as long as it can mean something.
std::string clipped(std::string text) {
    if (text.size() > limits::kept_text_bytes_max)
        text.resize(limits::kept_text_bytes_max);
    return text;
}

PayloadKind kind_of(const std::string& name) {
    if (name == "telephone-event")
        return PayloadKind::telephone_event;
    if (name == "CN")
        return PayloadKind::comfort_noise;
    return PayloadKind::sound;
}

void fill(FormatMap& map, const std::vector<wire::SdpFormat>& formats) {
    for (const auto& format : formats) {
        if (format.payload_type >= map.size() || format.encoding.empty())
            continue;
        auto& entry = map[format.payload_type];
        entry.codec = {sound::canonical_name(format.encoding), format.clock_hz, format.channels,
                       format.fmtp};
        entry.kind = kind_of(entry.codec.name);
    }
}

bool same(const FormatMap& a, const FormatMap& b) {
    return std::equal(a.begin(), a.end(), b.begin(), [](const Format& x, const Format& y) {
        return x.kind == y.kind && x.codec == y.codec;
    });
}

bool sends(wire::Direction d) {
    return d == wire::Direction::sendrecv || d == wire::Direction::sendonly;
}
bool receives(wire::Direction d) {
    return d == wire::Direction::sendrecv || d == wire::Direction::recvonly;
}

}  // namespace

Call::Call(std::uint64_t run_number, MonoTime now, WallTime wall)
    : number(run_number),
      parties{{"caller", "", "", ""}, {"callee", "", "", ""}},
      began(now),
      began_wall(wall),
      last_sign(now),
      last_media(now) {}

void Call::tell(MonoTime at, std::string what, std::optional<std::size_t> party,
                std::string detail) {
    if (story_.size() < limits::events_per_call_max)
        story_.push_back({at, std::move(what), party, clipped(std::move(detail))});
    else
        note("events-left-out", at);
}

void Call::note(std::string_view oddity, MonoTime at, std::uint64_t count) {
    for (auto& known : noted_)
        if (known.name == oddity) {
            known.count += count;
            return;
        }
    if (noted_.size() < limits::oddities_per_call_max)
        noted_.push_back({std::string(oddity), count, at});
}

void Call::press(MonoTime at, std::size_t party, std::string key, double duration_ms) {
    if (pressed_.size() < limits::key_presses_per_call_max)
        pressed_.push_back({at, party, std::move(key), duration_ms});
    else
        note("key-presses-left-out", at);
}

void Call::add_key(std::string conversation_key) {
    if (keys_.size() < limits::oddities_per_call_max &&
        std::find(keys_.begin(), keys_.end(), conversation_key) == keys_.end())
        keys_.push_back(clipped(std::move(conversation_key)));
}

Track* Call::track(std::size_t party, std::size_t line) {
    for (const auto& known : tracks)
        if (known->party == party && known->line == line)
            return known.get();
    if (tracks.size() >= limits::tracks_per_call_max)
        return nullptr;
    auto made = std::make_unique<Track>();
    made->index = tracks.size();
    made->party = party;
    made->line = line;
    bool changed = false;
    refresh_track(*made, began, changed);
    tracks.push_back(std::move(made));
    return tracks.back().get();
}

// A sender uses the payload types its receiver named (RFC 3264 5.1); some use their own, so those
// come second, and the static ones last.
void Call::refresh_track(Track& track, MonoTime now, bool& changed) {
    auto map = std::make_shared<FormatMap>(*static_formats());
    const LineSide* own = nullptr;
    const LineSide* other = nullptr;
    if (track.line < lines.size() && track.party < 2) {
        const auto& sides = lines[track.line].sides;
        own = sides[track.party] ? &*sides[track.party] : nullptr;
        other = sides[1 - track.party] ? &*sides[1 - track.party] : nullptr;
    }
    if (own != nullptr)
        fill(*map, own->formats);
    if (other != nullptr)
        fill(*map, other->formats);
    const bool keyed = track.line < lines.size() && lines[track.line].keyed;
    // An offer that only allows encryption is plain when its answer is (RFC 4568 7.1.2 and
    // practice); until both have spoken, one that asks for it counts.
    const bool both = own != nullptr && other != nullptr;
    const bool secured =
        keyed || (both ? own->secured && other->secured
                       : (own != nullptr && own->secured) || (other != nullptr && other->secured));
    const bool may_send = (own == nullptr || sends(own->direction)) &&
                          (other == nullptr || receives(other->direction));
    const std::string label = own != nullptr && !own->label.empty() ? own->label
                              : other != nullptr                    ? other->label
                                                                    : std::string();
    if (!track.formats || !same(*track.formats, *map)) {
        track.formats = std::move(map);
        changed = true;
    }
    if (track.may_send != may_send) {
        tell(now, may_send ? "resumed" : "held", track.party);
        track.may_send = may_send;
        changed = true;
    }
    changed = changed || track.secured != secured;
    track.secured = secured;
    track.label = label;
}

bool Call::refresh_tracks(MonoTime now) {
    bool changed = false;
    for (const auto& known : tracks)
        refresh_track(*known, now, changed);
    return changed;
}

CallFacts Call::facts(MonoTime zero) const {
    CallFacts f;
    f.parties = parties;
    for (auto& party : f.parties)
        party = {party.role, clipped(party.number), clipped(party.name), clipped(party.uri)};
    f.has_signalling = has_signalling;
    f.answered = answered.has_value();
    f.ending = ending;
    f.final_status = final_status;
    f.sip_call_id = clipped(sip_call_id);
    f.sip_from_tag = clipped(caller_tag);
    f.sip_to_tag = !answered_tag.empty() ? answered_tag
                   : callee_tags.empty() ? std::string()
                                         : *callee_tags.begin();
    f.sip_to_tag = clipped(f.sip_to_tag);
    f.conversation_keys = keys_;
    f.is_recording_leg = is_recording_leg;
    if (invited)
        f.invited = wall_of(*invited);
    if (answered)
        f.answered_at = wall_of(*answered);
    f.ended_at = wall_of(over.value_or(last_sign));
    for (const auto& t : story_)
        f.events.push_back({to_ms(t.at - zero), t.what, t.party, t.detail});
    for (const auto& n : noted_)
        f.oddities.push_back({n.name, n.count, to_ms(n.first - zero)});
    for (const auto& p : pressed_)
        f.key_presses.push_back(
            {p.party, p.key, static_cast<double>((p.at - zero).count()) / 1e6, p.duration_ms});
    std::sort(f.key_presses.begin(), f.key_presses.end(), [](const KeyPress& a, const KeyPress& b) {
        return std::tie(a.at_ms, a.party, a.key) < std::tie(b.at_ms, b.party, b.key);
    });
    return f;
}

}  // namespace nk::call
