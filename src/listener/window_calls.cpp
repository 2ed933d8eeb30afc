// Recordings: lists of them, and all that is known of one.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "archive/notes.h"
#include "archive/reading.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/detail/call_json.h"
#include "listener/form.h"
#include "listener/problem.h"
#include "listener/window.h"

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

CallQuery read_query(Query& query) {
    CallQuery out;
    out.after = query.text("cursor", 200);
    out.limit = static_cast<std::size_t>(query.whole("limit", 1, 200).value_or(50));
    out.text = query.text("q", 200);
    out.from = query.time("from");
    out.to = query.time("to");
    out.person = query.text("person", 40);
    out.number = query.text("number", 100);
    out.tag = query.text("tag", 100);
    const auto named = [&](const char* name, auto read, auto& into) {
        const auto text = query.text(name, 20);
        if (text.empty())
            return;
        into = read(text);
        if (!into)
            query.complain(name, "is none that there is");
    };
    named("direction", direction_named, out.direction);
    named("door", purpose::door_named, out.door);
    named("purpose", purpose::purpose_named, out.purpose);
    constexpr std::int64_t a_month = 31LL * 24 * 3'600 * 1'000;
    if (const auto ms = query.whole("min_ms", 0, a_month))
        out.shortest = milliseconds(*ms);
    if (const auto ms = query.whole("max_ms", 0, a_month))
        out.longest = milliseconds(*ms);
    std::optional<Sort> sort;
    named("sort", sort_named, sort);
    out.sort = sort.value_or(Sort::newest);
    out.wants_total = query.truth("count");
    return out;
}

}  // namespace

void Window::list_calls(const Asked& ask) {
    Query query(ask->request.query());
    const auto wanted = read_query(query);
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    const auto page = house_.calls.page(ask->viewer, wanted);
    Json json;
    json["calls"] = Json::array();
    for (const auto& row : page.rows)
        json["calls"].push_back(json_of(row));
    if (!page.next.empty())
        json["next"] = page.next;
    if (page.total)
        json["total"] = *page.total;
    ask->answer({.content_type = "application/json", .body = json.dump()});
}

Result<std::string> Window::details_of(const Ask& ask, const CallRow& row) {
    NK_TAKE(const auto facts, archive::read_facts(house_.disk, options_.archive, row.id));
    NK_TAKE(const auto notes, archive::read_notes(house_.disk, options_.archive, row.id));
    Json json = json_of(row);
    for (std::size_t i = 0; i < json["parties"].size() && i < facts.call.parties.size(); ++i)
        json["parties"][i]["role"] = facts.call.parties[i].role;
    json["basis"] = name_of(facts.basis);
    json["ending"] = name_of(facts.call.ending);
    const std::uint32_t rate_hz = facts.audio ? facts.audio->rate_hz : 0;
    json["rate_hz"] = rate_hz;
    json["tracks"] = Json::array();
    for (const auto& track : facts.tracks)
        json["tracks"].push_back(json_of_track(track, rate_hz));
    add_happenings(json, facts, rate_hz);
    if (facts.audio)
        json["sha256"] = facts.audio->sha256;
    json["may"] = Json::array();
    for (const auto action : purpose::all_actions)
        if (house_.calls.may(ask.viewer, action, row.id).is_allowed)
            json["may"].push_back(name_of(action));
    json["note_list"] = Json::array();
    for (const auto& note : notes.notes)
        json["note_list"].push_back(json_of(note, ask.account->id));
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void Window::get_call(const Asked& ask) {
    const auto row = call_for(ask, purpose::Action::see);
    if (!row)
        return;
    auto body = details_of(*ask, *row);
    if (!body)
        return ask->answer(refused(body.error()));
    const auto etag = "\"" + sha256_hex(as_bytes(*body)).substr(0, 32) + "\"";
    HttpReply reply{.content_type = "application/json", .body = std::move(*body)};
    reply.headers = {{"ETag", etag}, {"Cache-Control", "private, no-cache"}};
    if (ask->request.header("if-none-match") == etag) {
        reply.status = 304;
        reply.body.clear();
    }
    ask->answer(std::move(reply));
}

void Window::change_call(const Asked& ask) {
    const auto row = call_for(ask, purpose::Action::see);
    if (!row)
        return;
    auto notes = archive::read_notes(house_.disk, options_.archive, row->id);
    if (!notes)
        return ask->answer(refused(notes.error()));
    Form form(ask->request);
    std::optional<purpose::Purpose> why;
    if (const auto name = form.maybe_text("purpose", {1, 20})) {
        why = purpose::purpose_named(*name);
        if (!why)
            form.complain("purpose", "is none that there is");
    }
    const auto tags = form.maybe_texts("tags", 50, {1, 100});
    const auto is_kept = form.maybe_truth("is_kept");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    const auto check = [&](purpose::Action action) {
        const auto decision = house_.calls.may(ask->viewer, action, row->id);
        if (!decision.is_allowed)
            deny(ask, row->id, action, decision.reason);
        return decision.is_allowed;
    };
    if (((why || tags) && !check(purpose::Action::edit)) ||
        (is_kept && !check(purpose::Action::keep)))
        return;
    std::string changed;
    if (why) {
        notes->purpose = why;
        changed += "purpose " + std::string(name_of(*why)) + "; ";
    }
    if (tags) {
        notes->tags = *tags;
        changed += std::to_string(tags->size()) + " tags; ";
    }
    if (is_kept) {
        notes->is_kept = *is_kept;
        changed += *is_kept ? "kept; " : "no longer kept; ";
    }
    if (changed.empty())
        return get_call(ask);
    changed.resize(changed.size() - 2);
    if (!tell(*ask, {.what = "changed", .recording = row->id, .detail = changed}))
        return;
    if (const auto written = archive::write_notes(house_.disk, options_.archive, row->id, *notes);
        !written)
        return ask->answer(refused(written.error()));
    on_recording(row->id);
    // With another purpose it may be out of their sight.
    get_call(ask);
}

void Window::list_tags(const Asked& ask) {
    Json json;
    json["tags"] = Json::array();
    for (const auto& [tag, calls] : house_.calls.count_by_tag(ask->viewer))
        json["tags"].push_back({{"tag", tag}, {"calls", calls}});
    ask->answer({.content_type = "application/json", .body = json.dump()});
}

}  // namespace nk::listener
