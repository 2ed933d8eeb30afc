#include "call/call.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace nk::call {

namespace {

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

// Who offers several keys sends with the one whose tag is in the answer (RFC 4568 5.1.3, 7.1.1).
const wire::SdpCrypto* chosen(const LineSide& side, const LineSide* other) {
    if (other == nullptr || other->crypto.size() != 1)
        return nullptr;
    const auto found = std::find_if(
        side.crypto.begin(), side.crypto.end(),
        [&](const wire::SdpCrypto& line) { return line.tag == other->crypto.front().tag; });
    return found == side.crypto.end() ? nullptr : &*found;
}

void add_keys_of(SrtpKeys& out, const LineSide& side, const LineSide* other) {
    if (const auto* line = chosen(side, other))
        add_keys(out, line->keys, limits::srtp_keys_per_track_max);
    for (const auto& line : side.crypto)
        add_keys(out, line.keys, limits::srtp_keys_per_track_max);
    add_keys(out, side.old_keys, limits::srtp_keys_per_track_max);
}

// A party sends with a key of its own. Whose a packet is was perhaps told wrong (a copy for a
// recorder, a port behind NAT), so the other's keys come last; the wrong one opens nothing.
std::shared_ptr<const SrtpKeys> keys_of(const LineSide* own, const LineSide* other) {
    auto keys = std::make_shared<SrtpKeys>();
    if (own != nullptr)
        add_keys_of(*keys, *own, other);
    if (other != nullptr)
        add_keys_of(*keys, *other, own);
    return keys->empty() ? nullptr : keys;
}

bool same(const std::shared_ptr<const SrtpKeys>& a, const std::shared_ptr<const SrtpKeys>& b) {
    return a == b || (a && b && *a == *b);
}

}  // namespace

Call::Call(std::uint64_t run_number, MonoTime now, WallTime wall)
    : number(run_number), last_media(now) {
    began = now;
    began_wall = wall;
    last_sign = now;
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
        add_formats(*map, own->formats);
    if (other != nullptr)
        add_formats(*map, other->formats);
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
    auto usable = secured ? keys_of(own, other) : nullptr;
    if (!same(track.keys, usable)) {
        track.keys = std::move(usable);
        changed = true;
    }
    changed = changed || track.secured != secured;
    track.secured = secured;
    track.label = label;
}

void Call::learn_crypto(std::size_t line, std::size_t party, std::vector<wire::SdpCrypto> crypto) {
    auto& sides = lines[line].sides;
    auto& side = *sides[party];
    if (side.crypto == crypto)
        return;
    SrtpKeys known;
    const auto* other = sides[1 - party] ? &*sides[1 - party] : nullptr;
    const auto* used = chosen(side, other);
    for (const auto& old : side.crypto)
        if (used == nullptr || used == &old)
            add_keys(known, old.keys, limits::srtp_keys_per_track_max);
    add_keys(known, side.old_keys, limits::srtp_keys_per_track_max);
    side.old_keys = std::move(known);
    side.crypto = std::move(crypto);
}

bool Call::refresh_tracks(MonoTime now) {
    bool changed = false;
    for (const auto& known : tracks)
        refresh_track(*known, now, changed);
    return changed;
}

}  // namespace nk::call
