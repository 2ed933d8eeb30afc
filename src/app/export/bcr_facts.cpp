#include "app/export/bcr_facts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "archive/original.h"
#include "call/known.h"
#include "intake/import/file_name.h"
#include "intake/import/name_text.h"
#include "intake/import/sidecar.h"
#include "listener/fold.h"

namespace nk::app {

namespace {

using importing::BcrFacts;
using importing::Sidecar;
using recording::RecordingFacts;

// ---- What it is called.

struct Format {
    std::string_view container, codec;  // of ours; an empty codec is any
    std::string_view type, mime_container, mime_audio;
};

// BCR's own names for what it writes.
constexpr auto formats = std::to_array<Format>({
    {"ogg", "opus", "OGG/Opus", "audio/ogg", "audio/opus"},
    {"mov", "aac", "M4A/AAC", "audio/mp4", "audio/mp4a-latm"},
    {"flac", "", "FLAC", "audio/flac", "audio/flac"},
    {"wav", "pcm_s16le", "WAV/PCM", "audio/x-wav", "audio/x-wav"},
    {"amr", "amr_wb", "AMR-WB", "audio/amr-wb", "audio/amr-wb"},
    {"amr", "amr_nb", "AMR-NB", "audio/amr", "audio/3gpp"},
});

std::string in_capitals(std::string text) {
    for (auto& c : text)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return text;
}

BcrFacts::Format format_of(const RecordingFacts& facts) {
    BcrFacts::Format out;
    if (!facts.brought)
        return out;
    const std::string& container = facts.brought->container;
    const std::string codec = facts.tracks.empty() ? "" : facts.tracks.front().codec;
    for (const auto& format : formats)
        if (format.container == container && (format.codec.empty() || format.codec == codec)) {
            out.type = format.type;
            out.mime_container = format.mime_container;
            out.mime_audio = format.mime_audio;
            return out;
        }
    out.type = in_capitals(container.empty() ? "unknown" : container + "/" + codec);
    out.mime_container = archive::media_type_of(container, codec);
    out.mime_audio = out.mime_container;
    return out;
}

// ---- Who.

struct People {
    std::vector<std::string> numbers;
    std::vector<std::string> names;
};

void add_call(BcrFacts& out, std::string number, std::string name, bool is_contact) {
    BcrFacts::Party party;
    if (!number.empty())
        party.number = std::move(number);
    if (!name.empty())
        (is_contact ? party.contact_name : party.caller_name) = std::move(name);
    out.calls.push_back(std::move(party));
}

// Who has which number is known when there are as many of one as of the other.
void say_people(const People& people, BcrFacts& out) {
    const bool is_paired = people.numbers.size() == people.names.size();
    for (std::size_t i = 0; i < people.numbers.size(); ++i)
        add_call(out, people.numbers[i], is_paired ? people.names[i] : "", true);
    if (!is_paired)
        for (const auto& name : people.names)
            add_call(out, "", name, true);
}

// ---- What was brought.

std::int32_t offset_of(const std::vector<call::Finding>& found, WallTime started,
                       const BcrHouse& house) {
    const auto best = call::best(found, call::Fact::started);
    const auto stamp = best.empty() ? std::nullopt : importing::stamp_in(best.front()->value);
    const bool says = stamp && stamp->offset_s && !stamp->is_instant;
    return says && !house.was_zone_said ? *stamp->offset_s : house.zone.offset_s_at(started);
}

// BCR's own, and nothing was found since that it does not say.
bool still_says_all(const Sidecar& sidecar, const call::Known& known) {
    const auto said = call::know(sidecar.findings);
    return sidecar.recorder == "bcr" && said.started == known.started &&
           said.direction == known.direction && said.numbers == known.numbers &&
           said.names == known.names;
}

bool lacks(const call::Known& known, std::string_view what) {
    return std::find(known.lacks.begin(), known.lacks.end(), what) != known.lacks.end();
}

std::optional<BcrFacts::Recording> sound_of_brought(const RecordingFacts& facts,
                                                    const call::Known& known,
                                                    const Sidecar& sidecar) {
    if (!facts.audio)
        return std::nullopt;
    BcrFacts::Recording out;
    out.frames = static_cast<std::int64_t>(facts.audio->frames);
    out.sample_rate = facts.audio->rate_hz;
    out.channels = facts.audio->channels;
    if (sidecar.length)
        out.wall_s = static_cast<double>(sidecar.length->count()) / 1e9;
    out.buffer_overruns = lacks(known, "buffer-overruns") ? 1 : 0;
    out.was_paused = lacks(known, "paused");
    out.was_held = lacks(known, "held");
    return out;
}

Result<BcrRecording> of_brought(const RecordingFacts& facts,
                                const std::vector<call::Finding>& found,
                                const std::string& sidecar_text, const BcrHouse& house) {
    const auto known = call::know(found);
    if (!known.started)
        return refuse(Code::refused, Blame::owner,
                      "nobody knows when " + facts.id +
                          " was, which BCR's files always tell; say it in the window, and export "
                          "it then");
    Sidecar sidecar;
    if (!sidecar_text.empty())
        if (auto read = importing::read_sidecar(sidecar_text, house.zone))
            sidecar = *std::move(read);

    BcrRecording out;
    out.ending = archive::usual_ending(facts, archive::ExportFormat::original);
    out.sound.format = archive::ExportFormat::original;
    out.is_when_unsure = known.is_when_unsure;
    out.name.started = *known.started;
    out.name.offset_s = offset_of(found, *known.started, house);
    if (known.direction != call::Direction::unknown)
        out.name.direction = call::name_of(known.direction);
    out.name.sim_slot = sidecar.sim_slot;
    out.name.has_several_sims =
        importing::read_file_name(facts.brought->name).extras.contains("sim");
    out.name.numbers = known.numbers;
    out.name.contact_names = known.names;
    if (still_says_all(sidecar, known) && !house.was_zone_said) {
        out.json = sidecar_text;
        return out;
    }
    BcrFacts json;
    json.started = out.name.started;
    json.offset_s = out.name.offset_s;
    if (!out.name.direction.empty())
        json.direction = out.name.direction;
    if (!sidecar.app.empty())
        json.package_name = sidecar.app;
    json.sim_slot = sidecar.sim_slot;
    say_people({known.numbers, known.names}, json);
    json.format = format_of(facts);
    json.recording = sound_of_brought(facts, known, sidecar);
    out.json = importing::write_bcr_json(json);
    return out;
}

// ---- What we recorded.

// Which party is ours, when one of them is and no other.
std::optional<std::size_t> own_party(const RecordingFacts& facts, const BcrHouse& house) {
    const auto one_form = [](const std::string& number) {
        return listener::canonical_number(number, listener::usual_country);
    };
    std::optional<std::size_t> own;
    for (std::size_t i = 0; i < facts.call.parties.size(); ++i) {
        const auto number = one_form(facts.call.parties[i].number);
        const bool is_own = !number.empty() &&
                            std::any_of(house.own_numbers.begin(), house.own_numbers.end(),
                                        [&](const auto& one) { return one_form(one) == number; });
        if (is_own && own)
            return std::nullopt;
        if (is_own)
            own = i;
    }
    return own;
}

// BCR's files have one channel, or two: the left one its own side, the right one all others. Whose
// side is whose is not made up: then all are heard on one.
std::vector<std::vector<std::uint32_t>> channels_for(const RecordingFacts& facts,
                                                     std::optional<std::size_t> own) {
    const std::uint32_t channels = facts.audio->channels;
    std::vector<std::uint32_t> left;
    std::vector<std::uint32_t> right;
    bool is_apart = own.has_value();
    for (const auto& track : facts.tracks) {
        if (track.number > channels)
            continue;
        is_apart = is_apart && !track.is_mixed;
        (own && track.party == *own ? left : right).push_back(track.number - 1);
    }
    if (is_apart && !left.empty() && !right.empty()) {
        const bool is_so = channels == 2 && left.front() == 0;
        return is_so ? std::vector<std::vector<std::uint32_t>>{}
                     : std::vector<std::vector<std::uint32_t>>{left, right};
    }
    if (channels == 1)
        return {};
    std::vector<std::uint32_t> all(channels);
    for (std::uint32_t i = 0; i < channels; ++i)
        all[i] = i;
    return {all};
}

bool happened(const RecordingFacts& facts, std::string_view what) {
    return std::any_of(facts.call.events.begin(), facts.call.events.end(),
                       [what](const auto& event) { return event.what == what; });
}

void say_parties(const RecordingFacts& facts, std::optional<std::size_t> own, BcrRecording& out,
                 BcrFacts& json) {
    for (std::size_t i = 0; i < facts.call.parties.size(); ++i) {
        if (own == i)
            continue;
        const auto& party = facts.call.parties[i];
        const auto number = importing::tidy_number(party.number);
        const bool is_said = number.empty() && party.name.empty();
        auto name = importing::clean_text(is_said ? party.number : party.name);
        if (importing::is_withheld(name))
            name.clear();
        if (number.empty() && name.empty())
            continue;
        if (!number.empty())
            out.name.numbers.push_back(number);
        if (!name.empty())
            out.name.caller_names.push_back(name);
        add_call(json, number, std::move(name), false);
    }
}

Result<BcrRecording> of_our_own(const RecordingFacts& facts, const BcrHouse& house) {
    if (!facts.audio)
        return refuse(Code::not_found, Blame::owner, facts.id + " has no sound");
    const auto own = own_party(facts, house);
    BcrRecording out;
    BcrFacts json;
    out.ending = "flac";
    out.sound.format = archive::ExportFormat::flac;
    out.sound.mix = channels_for(facts, own);
    out.name.started = facts.started;
    out.name.offset_s = house.zone.offset_s_at(facts.started);
    json.started = out.name.started;
    json.offset_s = out.name.offset_s;
    const std::string role = own ? facts.call.parties[*own].role : "";
    if (role == "caller" || role == "callee") {
        out.name.direction = role == "caller" ? "out" : "in";
        json.direction = out.name.direction;
    }
    say_parties(facts, own, out, json);
    const auto& audio = *facts.audio;
    const auto channels = out.sound.mix.empty() ? audio.channels : out.sound.mix.size();
    json.recording =
        BcrFacts::Recording{.frames = static_cast<std::int64_t>(audio.frames),
                            .sample_rate = audio.rate_hz,
                            .channels = static_cast<std::int64_t>(channels),
                            .wall_s = static_cast<double>(facts.duration.count()) / 1e9,
                            .buffer_overruns = 0,
                            .was_paused = happened(facts, "recording-paused"),
                            .was_held = happened(facts, "held")};
    out.json = importing::write_bcr_json(json);
    return out;
}

}  // namespace

Result<BcrRecording> bcr_recording(const RecordingFacts& facts,
                                   const std::vector<call::Finding>& found,
                                   const std::string& sidecar, const BcrHouse& house) {
    auto out = facts.brought ? of_brought(facts, found, sidecar, house) : of_our_own(facts, house);
    if (out)
        out->name.zone_name = house.zone_name;
    return out;
}

}  // namespace nk::app
