// facts -> JSON. The way back is facts_from_json.cpp; the property "there and back is identity"
// in vcon_test.cpp keeps the two together.
#include "archive/detail/facts_json.h"

#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "base/rfc3339.h"
#include "base/utf8.h"

namespace nk::archive::detail {

namespace {

Json text(std::string_view value) {
    return as_utf8(value);
}

Json time(const std::optional<WallTime>& value) {
    return value ? Json(rfc3339(*value, 9)) : Json(nullptr);
}

// Not every 64-bit number survives a reader that holds numbers as doubles, so marks are text.
std::string hex_of(std::uint64_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out(16, '0');
    for (std::size_t i = 0; i < 16; ++i)
        out[15 - i] = digits[value >> (4 * i) & 15];
    return out;
}

double finite(double value) {  // JSON has no other numbers
    return std::isfinite(value) ? value : 0;
}

template <class List, class Make>
Json array_of(const List& list, Make make) {
    Json array = Json::array();
    for (const auto& item : list)
        array.push_back(make(item));
    return array;
}

Json party(const call::Party& p) {
    return {{"role", text(p.role)},
            {"number", text(p.number)},
            {"name", text(p.name)},
            {"uri", text(p.uri)}};
}

Json event(const call::Event& e) {
    return {{"at_ms", e.at_ms},
            {"what", text(e.what)},
            {"party", e.party ? Json(*e.party) : Json(nullptr)},
            {"detail", text(e.detail)}};
}

Json key_press(const call::KeyPress& k) {
    return {{"party", k.party},
            {"key", text(k.key)},
            {"at_ms", finite(k.at_ms)},
            {"duration_ms", finite(k.duration_ms)}};
}

Json oddity(const call::Oddity& o) {
    return {{"name", text(o.name)}, {"count", o.count}, {"first_ms", o.first_ms}};
}

Json call_object(const call::CallFacts& c) {
    return {{"parties", array_of(c.parties, party)},
            {"has_signalling", c.has_signalling},
            {"answered", c.answered},
            {"ending", name_of(c.ending)},
            {"final_status", c.final_status},
            {"sip_call_id", text(c.sip_call_id)},
            {"sip_from_tag", text(c.sip_from_tag)},
            {"sip_to_tag", text(c.sip_to_tag)},
            {"conversation_keys", array_of(c.conversation_keys, text)},
            {"is_recording_leg", c.is_recording_leg},
            {"invited", time(c.invited)},
            {"answered_at", time(c.answered_at)},
            {"ended_at", time(c.ended_at)},
            {"events", array_of(c.events, event)},
            {"key_presses", array_of(c.key_presses, key_press)},
            {"oddities", array_of(c.oddities, oddity)}};
}

Json codec_use(const recording::CodecUse& c) {
    return {{"name", text(c.name)},
            {"clock_hz", c.clock_hz},
            {"rate_hz", c.rate_hz},
            {"payload_type", c.payload_type},
            {"packets", c.packets}};
}

Json gap(const recording::Gap& g) {
    return {{"from", g.from},
            {"length", g.length},
            {"cause", name_of(g.cause)},
            {"packets", g.packets}};
}

Json packet_counts(const recording::PacketCounts& p) {
    Json out{{"received", p.received},
             {"lost", p.lost},
             {"late", p.late},
             {"duplicate", p.duplicate},
             {"dropped_by_us", p.dropped_by_us},
             {"undecodable", p.undecodable}};
    if (p.withheld > 0)
        out["withheld"] = p.withheld;
    return out;
}

Json track(const recording::TrackFacts& t) {
    Json out{{"number", t.number},
             {"party", t.party},
             {"label", text(t.label)},
             {"codec", text(t.codec)},
             {"codecs", array_of(t.codecs, codec_use)},
             {"rate_hz", t.rate_hz},
             {"packets", packet_counts(t.packets)},
             {"gaps", array_of(t.gaps, gap)},
             {"gaps_left_out", t.gaps_left_out},
             {"sound_from", t.sound_from},
             {"sound_to", t.sound_to},
             {"ssrcs", Json(t.ssrcs)},
             {"media_marks", array_of(t.media_marks, hex_of)},
             {"payload_file", text(t.payload_file)}};
    if (!t.srtp.empty())  // those that were sealed before there was this field do not have it
        out["srtp"] = text(t.srtp);
    if (t.is_mixed)
        out["mixed"] = true;
    return out;
}

Json drop(const recording::DropFacts& d) {
    return {{"from", d.from},
            {"to", d.to},
            {"packets", d.packets},
            {"track", d.track ? Json(*d.track) : Json(nullptr)}};
}

Json audio_object(const std::optional<recording::AudioFacts>& a) {
    if (!a)
        return nullptr;
    return {{"file", text(a->file)},     {"format", text(a->format)}, {"rate_hz", a->rate_hz},
            {"channels", a->channels},   {"frames", a->frames},       {"bytes", a->bytes},
            {"sha256", text(a->sha256)}, {"sha512", text(a->sha512)}};
}

Json side_file(const recording::SideFile& f) {
    return {{"file", text(f.file)},
            {"media_type", text(f.media_type)},
            {"bytes", f.bytes},
            {"sha256", text(f.sha256)},
            {"sha512", text(f.sha512)}};
}

Json brought(const recording::Brought& b) {
    Json out{{"own_number", text(b.own_number)},
             {"name", text(b.name)},
             {"place", text(b.place)},
             {"modified", time(b.modified)},
             {"container", text(b.container)},
             {"essence", text(b.essence)},
             {"fault", text(b.fault)}};
    if (!b.has_end)
        out["has_end"] = false;
    return out;
}

}  // namespace

Json to_json(const call::Finding& finding) {
    Json out{{"fact", name_of(finding.fact)},
             {"value", text(finding.value)},
             {"source", name_of(finding.source)},
             {"sureness", name_of(finding.sureness)}};
    if (!finding.remark.empty())
        out["remark"] = text(finding.remark);
    return out;
}

Json to_json(const recording::RecordingFacts& facts) {
    Json out{{"format", format_version},
             {"id", text(facts.id)},
             {"uuid", text(facts.uuid)},
             {"started", rfc3339(facts.started, 9)},
             {"duration_ns", facts.duration.count()},
             {"sealed_at", rfc3339(facts.sealed_at, 9)},
             {"purpose", name_of(facts.purpose)},
             {"basis", name_of(facts.basis)},
             {"door", name_of(facts.door)},
             {"call", call_object(facts.call)},
             {"tracks", array_of(facts.tracks, track)},
             {"audio", audio_object(facts.audio)},
             {"side_files", array_of(facts.side_files, side_file)}};
    if (!facts.drops.empty() || facts.drops_left_out > 0) {  // nor these
        out["drops"] = array_of(facts.drops, drop);
        out["drops_left_out"] = facts.drops_left_out;
    }
    if (facts.brought) {
        out["brought"] = brought(*facts.brought);
        out["findings"] = Json::array();
        for (const auto& finding : facts.findings)
            out["findings"].push_back(to_json(finding));
    }
    return out;
}

}  // namespace nk::archive::detail
