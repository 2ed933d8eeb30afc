#include "listener/call_details.h"

#include <nlohmann/json.hpp>

#include "archive/notes.h"
#include "archive/reading.h"
#include "base/digest.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/desks/talks.h"
#include "listener/detail/call_json.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using recording::RecordingFacts;

std::int64_t ms_of(std::uint64_t samples, std::uint32_t rate_hz) {
    return rate_hz == 0 ? 0 : static_cast<std::int64_t>(samples * 1'000 / rate_hz);
}

std::int64_t signed_ms_of(std::int64_t samples, std::uint32_t rate_hz) {
    return rate_hz == 0 ? 0 : samples * 1'000 / static_cast<std::int64_t>(rate_hz);
}

Json json_of_track(const recording::TrackFacts& track, std::uint32_t rate_hz) {
    Json json;
    json["track"] = track.number;
    json["party"] = track.party;
    json["is_mixed"] = track.is_mixed;
    json["codec"] = as_utf8(track.codec);
    const auto& counts = track.packets;
    json["packets"] = {{"received", counts.received},
                       {"lost", counts.lost},
                       {"late", counts.late},
                       {"duplicate", counts.duplicate},
                       {"dropped_by_us", counts.dropped_by_us},
                       {"undecodable", counts.undecodable},
                       {"withheld", counts.withheld}};
    json["gaps"] = Json::array();
    for (const auto& gap : track.gaps)
        json["gaps"].push_back({{"cause", name_of(gap.cause)},
                                {"from_ms", ms_of(gap.from, rate_hz)},
                                {"to_ms", ms_of(gap.from + gap.length, rate_hz)},
                                {"packets", gap.packets}});
    return json;
}

void add_happenings(Json& json, const RecordingFacts& facts, std::uint32_t rate_hz) {
    json["drops"] = Json::array();
    for (const auto& drop : facts.drops)
        json["drops"].push_back({{"from_ms", signed_ms_of(drop.from, rate_hz)},
                                 {"to_ms", signed_ms_of(drop.to, rate_hz)},
                                 {"packets", drop.packets},
                                 {"track", drop.track ? Json(*drop.track) : Json()}});
    json["events"] = Json::array();
    for (const auto& event : facts.call.events)
        json["events"].push_back({{"at_ms", event.at_ms},
                                  {"what", event.what},
                                  {"party", event.party ? Json(*event.party) : Json()},
                                  {"detail", as_utf8(event.detail)}});
    json["key_presses"] = Json::array();
    for (const auto& press : facts.call.key_presses)
        json["key_presses"].push_back({{"at_ms", press.at_ms},
                                       {"duration_ms", press.duration_ms},
                                       {"key", press.key},
                                       {"party", press.party}});
    json["oddities"] = Json::array();
    for (const auto& oddity : facts.call.oddities)
        json["oddities"].push_back(
            {{"name", oddity.name}, {"count", oddity.count}, {"first_ms", oddity.first_ms}});
}

Json hold_json(const archive::Hold& hold) {
    Json json{{"by", as_utf8(hold.set.by_name)},
              {"at", rfc3339(hold.set.at)},
              {"reason", as_utf8(hold.reason)},
              {"released_by", Json::array()}};
    for (const auto& voice : hold.released)
        json["released_by"].push_back(as_utf8(voice.by_name));
    return json;
}

// What was found of one that was brought, the sealed first, and of whom people said it.
Json brought_json(const RecordingFacts& facts, const archive::Notes& notes) {
    const auto& brought = *facts.brought;
    Json json{{"name", as_utf8(brought.name)},
              {"place", as_utf8(brought.place)},
              {"container", as_utf8(brought.container)},
              {"fault", as_utf8(brought.fault)}};
    const auto findings = call::with_later(facts.findings, notes.findings);
    const auto known = call::know(findings);
    json["recorder"] = as_utf8(known.recorder);
    json["unsure"] = Json::array();
    if (known.is_when_unsure)
        json["unsure"].push_back("when");
    if (known.is_who_unsure)
        json["unsure"].push_back("who");
    json["findings"] = Json::array();
    for (const auto& finding : findings) {
        json["findings"].push_back({{"fact", name_of(finding.fact)},
                                    {"value", as_utf8(finding.value)},
                                    {"source", name_of(finding.source)},
                                    {"sureness", name_of(finding.sureness)}});
        if (!finding.remark.empty())
            json["findings"].back()["remark"] = as_utf8(finding.remark);
    }
    json["doubles"] = Json::array();
    for (const auto& name : notes.doubles)
        json["doubles"].push_back(as_utf8(name));
    return json;
}

// The parties may stand in another order by now: the tracks are of the same people.
std::vector<std::size_t> places_now(const RecordingFacts& facts, const CallRow& row) {
    std::vector<std::size_t> places(facts.call.parties.size());
    for (std::size_t i = 0; i < places.size(); ++i)
        places[i] = i < row.parties.size() ? i : 0;
    if (!facts.brought || places.size() < 2 || row.parties.size() < 2)
        return places;
    const auto sealed = call::heard_by(call::know(facts.findings), "");
    const std::size_t own = row.parties[1].is_own ? 1 : 0;
    places[std::min(sealed.own, places.size() - 1)] = own;
    places[std::min(sealed.other, places.size() - 1)] = 1 - own;
    return places;
}

void add_talk(Json& json, const Talk& talk) {
    if (!talk.parts.empty())
        json["conversation"] = talk.parts;
    if (talk.offers.empty())
        return;
    json["continues"] = Json::array();
    for (const auto& one : talk.offers)
        json["continues"].push_back({{"call", one.id},
                                     {"started", rfc3339(one.started)},
                                     {"gap_ms", to_ms(one.gap)},
                                     {"is_before", one.is_before}});
}

Result<std::string> details_of(Counter& counter, const Ask& ask, const CallRow& row) {
    const auto& house = counter.house();
    const auto& archive = counter.options().archive;
    NK_TAKE(const auto facts, archive::read_facts(house.disk, archive, row.id));
    NK_TAKE(const auto notes, archive::read_notes(house.disk, archive, row.id));
    Json json = json_of(row);
    const auto places = places_now(facts, row);
    for (std::size_t i = 0; i < places.size(); ++i)
        if (places[i] < json["parties"].size())
            json["parties"][places[i]]["role"] = facts.call.parties[i].role;
    json["basis"] = name_of(facts.basis);
    json["ending"] = name_of(facts.call.ending);
    const std::uint32_t rate_hz = facts.audio ? facts.audio->rate_hz : 0;
    json["rate_hz"] = rate_hz;
    json["tracks"] = Json::array();
    for (const auto& track : facts.tracks) {
        json["tracks"].push_back(json_of_track(track, rate_hz));
        json["tracks"].back()["party"] = places[track.party];
    }
    if (facts.brought) {
        json["brought"] = brought_json(facts, notes);
        add_talk(json, talk_of(counter, ask, row, notes));
    }
    add_happenings(json, facts, rate_hz);
    if (facts.audio)
        json["sha256"] = facts.audio->sha256;
    json["may"] = Json::array();
    for (const auto action : purpose::all_actions)
        if (house.calls.may(ask.viewer, action, row.id).is_allowed)
            json["may"].push_back(name_of(action));
    json["albums"] = house.calls.albums_of(ask.viewer, row.id);
    if (notes.hold)
        json["hold"] = hold_json(*notes.hold);
    json["note_list"] = Json::array();
    for (const auto& note : notes.notes)
        json["note_list"].push_back(json_of(note, ask.account->id));
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void answer_with_call(Counter& counter, const Asked& ask) {
    const auto row = counter.call_for(ask, purpose::Action::see);
    if (!row)
        return;
    auto body = details_of(counter, *ask, *row);
    if (!body)
        return ask->answer(counter.refused(body.error()));
    const auto etag = "\"" + sha256_hex(as_bytes(*body)).substr(0, 32) + "\"";
    HttpReply reply{.content_type = "application/json", .body = std::move(*body)};
    reply.headers = {{"ETag", etag}, {"Cache-Control", "private, no-cache"}};
    if (ask->request.header("if-none-match") == etag) {
        reply.status = 304;
        reply.body.clear();
    }
    ask->answer(std::move(reply));
}

}  // namespace nk::listener
