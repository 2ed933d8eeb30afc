#include "call/story.h"

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

}  // namespace

void Story::tell(MonoTime at, std::string what, std::optional<std::size_t> party,
                 std::string detail) {
    if (told.size() < limits::events_per_call_max)
        told.push_back({at, std::move(what), party, clipped(std::move(detail))});
    else
        note("events-left-out", at);
}

void Story::note(std::string_view oddity, MonoTime at, std::uint64_t count) {
    for (auto& known : noted)
        if (known.name == oddity) {
            known.count += count;
            return;
        }
    if (noted.size() < limits::oddities_per_call_max)
        noted.push_back({std::string(oddity), count, at});
}

void Story::press(MonoTime at, std::size_t party, std::string key, double duration_ms) {
    if (pressed.size() < limits::key_presses_per_call_max)
        pressed.push_back({at, party, std::move(key), duration_ms});
    else
        note("key-presses-left-out", at);
}

void Story::add_key(std::string conversation_key) {
    if (keys.size() < limits::oddities_per_call_max &&
        std::find(keys.begin(), keys.end(), conversation_key) == keys.end())
        keys.push_back(clipped(std::move(conversation_key)));
}

void Story::keep(MonoTime at, std::string_view media_type, std::string_view text) {
    if (!documents.empty() && documents.back().text == text)
        return;
    std::size_t bytes = text.size();
    for (const auto& known : documents)
        bytes += known.text.size();
    if (documents.size() < limits::documents_per_call_max &&
        bytes <= limits::document_bytes_per_call_max)
        documents.push_back({at, clipped(std::string(media_type)), std::string(text)});
    else
        note("documents-left-out", at);
}

CallFacts Story::facts(MonoTime zero) const {
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
    f.conversation_keys = keys;
    f.is_recording_leg = is_recording_leg;
    if (invited)
        f.invited = wall_of(*invited);
    if (answered)
        f.answered_at = wall_of(*answered);
    f.ended_at = wall_of(over.value_or(last_sign));
    for (const auto& t : told)
        f.events.push_back({to_ms(t.at - zero), t.what, t.party, t.detail});
    for (const auto& n : noted)
        f.oddities.push_back({n.name, n.count, to_ms(n.first - zero)});
    for (const auto& p : pressed)
        f.key_presses.push_back(
            {p.party, p.key, static_cast<double>((p.at - zero).count()) / 1e6, p.duration_ms});
    std::sort(f.key_presses.begin(), f.key_presses.end(), [](const KeyPress& a, const KeyPress& b) {
        return std::tie(a.at_ms, a.party, a.key) < std::tie(b.at_ms, b.party, b.key);
    });
    return f;
}

}  // namespace nk::call
