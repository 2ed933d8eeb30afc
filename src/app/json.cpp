#include "app/json.h"

#include <cmath>
#include <cstdint>

#include "archive/layout.h"
#include "base/rfc3339.h"
#include "base/utf8.h"

namespace nk::app {

namespace {

using recording::RecordingFacts;
using recording::TrackFacts;

Json text(std::string_view value) {
    return as_utf8(value);
}

Json party(const RecordingFacts& facts, std::size_t index) {
    if (index >= facts.call.parties.size())
        return {{"number", ""}, {"name", ""}};
    const auto& p = facts.call.parties[index];
    return {{"number", text(p.number)}, {"name", text(p.name)}};
}

Json role(const RecordingFacts& facts, std::size_t index) {
    return index < facts.call.parties.size() ? text(facts.call.parties[index].role) : Json("");
}

// Null when the recording has no sound, so no samples to count by.
Json ms_of(const RecordingFacts& facts, std::uint64_t sample) {
    if (!facts.audio || facts.audio->rate_hz == 0)
        return nullptr;
    const std::uint64_t rate = facts.audio->rate_hz;
    return sample / rate * 1000 + sample % rate * 1000 / rate;
}

Json packets(const recording::PacketCounts& p) {
    return {{"received", p.received},
            {"lost", p.lost},
            {"late", p.late},
            {"duplicate", p.duplicate},
            {"dropped_by_us", p.dropped_by_us},
            {"undecodable", p.undecodable},
            {"withheld", p.withheld}};
}

Json track(const RecordingFacts& facts, const TrackFacts& t) {
    return {{"track", t.number},
            {"party", role(facts, t.party)},
            {"mixed", t.is_mixed},
            {"label", text(t.label)},
            {"codec", text(t.codec)},
            {"rate_hz", t.rate_hz},
            {"packets", packets(t.packets)},
            {"sound_from_ms", ms_of(facts, t.sound_from)},
            {"sound_to_ms", ms_of(facts, t.sound_to)},
            {"srtp", t.srtp.empty() ? Json(nullptr) : text(t.srtp)},
            {"ssrcs", Json(t.ssrcs)}};
}

Json audio(const RecordingFacts& facts, const std::string& root) {
    if (!facts.audio)
        return nullptr;
    const auto& a = *facts.audio;
    return {{"path", text(archive::recording_folder(root, facts.id) + "/" + a.file)},
            {"format", text(a.format)},
            {"rate_hz", a.rate_hz},
            {"channels", a.channels},
            {"frames", a.frames},
            {"bytes", a.bytes},
            {"sha256", text(a.sha256)}};
}

Json oddities(const RecordingFacts& facts) {
    Json out = Json::array();
    for (const auto& o : facts.call.oddities)
        out.push_back({{"name", text(o.name)}, {"count", o.count}, {"first_ms", o.first_ms}});
    return out;
}

Json conversation_object(const RecordingFacts& facts,
                         const std::optional<archive::Conversation>& conversation) {
    if (!conversation)
        return nullptr;
    Json others = Json::array();
    for (const auto& id : conversation->members)
        if (id != facts.id)
            others.push_back(id);
    return {{"id", conversation->id},
            {"best", conversation->best == facts.id},
            {"others", std::move(others)}};
}

Json time(const std::optional<WallTime>& value) {
    return value ? Json(rfc3339(*value)) : Json(nullptr);
}

std::int64_t whole_ms(double ms) {
    constexpr double far = 9e15;
    return std::isfinite(ms) && std::fabs(ms) < far ? std::llround(ms) : 0;
}

void add_track_details(const RecordingFacts& facts, const TrackFacts& t, Json& out) {
    out["codecs"] = Json::array();
    for (const auto& c : t.codecs)
        out["codecs"].push_back({{"name", text(c.name)},
                                 {"payload_type", c.payload_type},
                                 {"clock_hz", c.clock_hz},
                                 {"rate_hz", c.rate_hz},
                                 {"packets", c.packets}});
    out["gaps"] = Json::array();
    for (const auto& g : t.gaps)
        out["gaps"].push_back({{"cause", name_of(g.cause)},
                               {"from_ms", ms_of(facts, g.from)},
                               {"to_ms", ms_of(facts, g.from + g.length)},
                               {"packets", g.packets}});
    out["gaps_left_out"] = t.gaps_left_out;
    out["payload_file"] = t.payload_file.empty() ? Json(nullptr) : text(t.payload_file);
}

// Before the sound as after it: negative is before.
Json signed_ms_of(const RecordingFacts& facts, std::int64_t sample) {
    if (!facts.audio || facts.audio->rate_hz == 0)
        return nullptr;
    const std::int64_t rate = facts.audio->rate_hz;
    return sample / rate * 1000 + sample % rate * 1000 / rate;
}

Json drops(const RecordingFacts& facts) {
    Json out = Json::array();
    for (const auto& d : facts.drops)
        out.push_back({{"from_ms", signed_ms_of(facts, d.from)},
                       {"to_ms", signed_ms_of(facts, d.to)},
                       {"packets", d.packets},
                       {"track", d.track ? Json(*d.track) : Json(nullptr)}});
    return out;
}

Json events(const RecordingFacts& facts) {
    Json out = Json::array();
    for (const auto& e : facts.call.events)
        out.push_back({{"at_ms", e.at_ms},
                       {"what", text(e.what)},
                       {"party", e.party ? role(facts, *e.party) : Json(nullptr)},
                       {"detail", text(e.detail)}});
    return out;
}

Json key_presses(const RecordingFacts& facts) {
    Json out = Json::array();
    for (const auto& k : facts.call.key_presses)
        out.push_back({{"party", role(facts, k.party)},
                       {"key", text(k.key)},
                       {"at_ms", whole_ms(k.at_ms)},
                       {"duration_ms", whole_ms(k.duration_ms)}});
    return out;
}

Json files(const RecordingFacts& facts) {
    Json out = Json::array();
    for (const auto& f : facts.side_files)
        out.push_back({{"file", text(f.file)},
                       {"media_type", text(f.media_type)},
                       {"bytes", f.bytes},
                       {"sha256", text(f.sha256)}});
    return out;
}

Json all_parties(const RecordingFacts& facts) {
    Json out = Json::array();
    for (const auto& p : facts.call.parties)
        out.push_back({{"party", text(p.role)},
                       {"number", text(p.number)},
                       {"name", text(p.name)},
                       {"uri", text(p.uri)}});
    return out;
}

}  // namespace

Json describe(const RecordingFacts& facts, const std::string& archive_root,
              const std::optional<archive::Conversation>& conversation) {
    Json tracks = Json::array();
    for (const auto& t : facts.tracks)
        tracks.push_back(track(facts, t));
    return {{"id", text(facts.id)},
            {"uuid", text(facts.uuid)},
            {"started", rfc3339(facts.started)},
            {"duration_ms", to_ms(facts.duration)},
            {"caller", party(facts, 0)},
            {"callee", party(facts, 1)},
            {"door", name_of(facts.door)},
            {"purpose", name_of(facts.purpose)},
            {"basis", name_of(facts.basis)},
            {"ending", name_of(facts.call.ending)},
            {"answered", facts.call.answered},
            {"signalling", facts.call.has_signalling},
            {"tracks", std::move(tracks)},
            {"audio", audio(facts, archive_root)},
            {"oddities", oddities(facts)},
            {"conversation", conversation_object(facts, conversation)}};
}

Json describe_in_detail(const RecordingFacts& facts, const std::string& archive_root,
                        const std::optional<archive::Conversation>& conversation) {
    Json out = describe(facts, archive_root, conversation);
    for (std::size_t i = 0; i < facts.tracks.size(); ++i)
        add_track_details(facts, facts.tracks[i], out["tracks"][i]);
    out["drops"] = drops(facts);
    out["drops_left_out"] = facts.drops_left_out;
    out["parties"] = all_parties(facts);
    out["invited"] = time(facts.call.invited);
    out["answered_at"] = time(facts.call.answered_at);
    out["ended_at"] = time(facts.call.ended_at);
    out["sealed_at"] = rfc3339(facts.sealed_at);
    out["events"] = events(facts);
    out["key_presses"] = key_presses(facts);
    out["sip"] = {{"call_id", text(facts.call.sip_call_id)},
                  {"from_tag", text(facts.call.sip_from_tag)},
                  {"to_tag", text(facts.call.sip_to_tag)},
                  {"final_status", facts.call.final_status}};
    out["recording_leg"] = facts.call.is_recording_leg;
    Json keys = Json::array();
    for (const auto& key : facts.call.conversation_keys)
        keys.push_back(text(key));
    out["conversation_keys"] = std::move(keys);
    out["files"] = files(facts);
    return out;
}

std::string json_text(const Json& json) {
    return json.dump(2) + "\n";
}

std::string json_array_piece(const Json& element, std::size_t index) {
    std::string out = index == 0 ? "[\n  " : ",\n  ";
    for (const char c : element.dump(2)) {
        out += c;
        if (c == '\n')  // none is in a text: there it is written otherwise
            out += "  ";
    }
    return out;
}

std::string json_array_end(std::size_t count) {
    return count == 0 ? "[]\n" : "\n]\n";
}

}  // namespace nk::app
