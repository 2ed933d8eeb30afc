#include "listener/desks/live.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using purpose::Action;

}  // namespace

LiveDesk::LiveDesk(Counter& counter, LiveSource* source, sound::DecoderMaker* decoders)
    : counter_(counter), source_(source), decoders_(decoders) {}

void LiveDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("GET", "live", Access::signed_in, Scope::read, &LiveDesk::list);
    book.add("GET", "live/*/audio", Access::signed_in, Scope::hear, &LiveDesk::listen);
}

void LiveDesk::on_call(const LiveCall& call) {
    auto& known = calls_[call.number];
    const bool is_another = known.call.parties != call.parties;
    if (known.id.empty())
        known.id = counter_.short_id("live");
    known.call = call;
    known.numbers.clear();
    for (const auto& party : call.parties)
        known.numbers.push_back(party.number);
    ++version_;
    if (is_another)
        look_again();
}

void LiveDesk::on_end(std::uint64_t call) {
    for (auto at = listeners_.begin(); at != listeners_.end();) {
        const auto here = at++;
        if (here->call == call)
            end(here);
    }
    calls_.erase(call);
    if (meter_)
        meter_->forget(call);
    ++version_;
}

void LiveDesk::on_packets(const std::vector<LivePacket>& packets) {
    for (const auto& packet : packets) {
        if (!calls_.contains(packet.call))
            continue;
        if (meter_)
            meter_->take(packet);
        for (auto& listener : listeners_)
            if (listener.call == packet.call)
                listener.player.take(packet);
    }
}

bool LiveDesk::may(const Viewer& viewer, Action action, const Known& known) const {
    return counter_.house()
        .calls.may_of_live(viewer, action, known.call.purpose, known.numbers)
        .is_allowed;
}

std::string LiveDesk::json_of(const Viewer& viewer, const Known& known) const {
    const auto& calls = counter_.house().calls;
    Json json;
    json["id"] = known.id;
    json["started"] = rfc3339(known.call.started);
    json["parties"] = Json::array();
    for (const auto& party : known.call.parties) {
        const auto* person = calls.person_of(party.number);
        Json one;
        one["number"] = as_utf8(party.number);
        one["name"] = as_utf8(person == nullptr ? party.name : person->name);
        if (person != nullptr)
            one["person"] = person->id;
        one["color"] = calls.color_of(party.number);
        json["parties"].push_back(std::move(one));
    }
    json["direction"] = name_of(calls.direction_of_live(known.numbers));
    json["purpose"] = name_of(known.call.purpose);
    json["answered"] = known.call.is_answered;
    json["is_paused"] = known.call.is_paused;
    json["may_listen"] = source_ != nullptr && may(viewer, Action::hear, known);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string LiveDesk::list_for(const Viewer& viewer) const {
    std::vector<const Known*> seen;
    for (const auto& [number, known] : calls_)
        if (may(viewer, Action::see, known))
            seen.push_back(&known);
    std::sort(seen.begin(), seen.end(),
              [](const auto* a, const auto* b) { return a->call.started > b->call.started; });
    std::string out = "{\"calls\":[";
    for (const auto* known : seen)
        out.append(known == seen.front() ? "" : ",").append(json_of(viewer, *known));
    return out + "]}";
}

// Who may not hear may see who is on the line, not who speaks.
std::string LiveDesk::levels_for(const Viewer& viewer) const {
    Json json;
    json["levels"] = Json::object();
    for (const auto& [number, known] : calls_)
        if (!known.levels.empty() && may(viewer, Action::hear, known))
            json["levels"][known.id] = known.levels;
    return json["levels"].empty() ? "" : json.dump();
}

void LiveDesk::watch_levels(bool is_on) {
    if (source_ == nullptr || is_on == (meter_ != nullptr))
        return;
    meter_ = is_on ? std::make_unique<LiveMeter>(*decoders_) : nullptr;
    source_->watch_levels(is_on);
}

void LiveDesk::read_levels() {
    if (meter_)
        for (auto& [number, known] : calls_)
            known.levels = meter_->pull(number);
}

void LiveDesk::list(const Asked& ask) {
    ask->answer({.content_type = "application/json", .body = list_for(ask->viewer)});
}

const LiveDesk::Known* LiveDesk::find(const std::string& id) const {
    const auto at = std::find_if(calls_.begin(), calls_.end(),
                                 [&](const auto& one) { return one.second.id == id; });
    return at == calls_.end() ? nullptr : &at->second;
}

void LiveDesk::listen(const Asked& ask) {
    const auto* known = find(ask->parts[1]);
    if (known == nullptr)
        return ask->answer(not_found());
    const bool is_seen = may(ask->viewer, Action::see, *known);
    const auto decision = counter_.house().calls.may_of_live(ask->viewer, Action::hear,
                                                             known->call.purpose, known->numbers);
    const auto about = known->call.sip_call_id.substr(0, 200);
    if (!decision.is_allowed) {
        if (!counter_.write_denial(*ask, "", "listen in: " + std::string(name_of(decision.reason))))
            return ask->answer(not_written_down());
        return ask->answer(is_seen ? not_allowed(name_of(decision.reason)) : not_found());
    }
    if (source_ == nullptr)
        return ask->answer(not_found());
    if (listeners_.size() >= limits::live_listeners_max)
        return ask->answer(problem(503, "busy", "Too many are listening in just now."));
    if (!counter_.tell(*ask, {.what = "listened-in", .detail = about}))
        return;
    HttpReply reply{.content_type = "audio/wav"};
    reply.headers.push_back({"Cache-Control", "no-store"});
    reply.events = [this, call = known->call.number, account = ask->account->id,
                    secret = ask->secret, token = ask->token,
                    from = came_from(*ask)](const std::shared_ptr<HttpEvents>& out) {
        if (!calls_.contains(call) || !out->send(LivePlayer::wav_head()))
            return;
        listeners_.push_back({call, account, secret, token, from, counter_.now(),
                              LivePlayer(*decoders_, counter_.now()), out});
        source_->listen(call, true);
    };
    ask->answer(std::move(reply));
}

void LiveDesk::tick() {
    const auto now = counter_.now();
    for (auto at = listeners_.begin(); at != listeners_.end();) {
        const auto here = at++;
        const auto sound = here->player.pull(now);
        if (!here->out->is_open() || (!sound.empty() && !here->out->send(sound)))
            end(here);
    }
}

void LiveDesk::look_again() {
    for (auto at = listeners_.begin(); at != listeners_.end();) {
        const auto here = at++;
        const auto* account = counter_.account_by_id(here->account);
        const auto known = calls_.find(here->call);
        if (!counter_.is_still_in(here->account, here->secret, here->token) ||
            known == calls_.end() ||
            !may(counter_.viewer_of(*account), Action::hear, known->second))
            end(here);
    }
}

void LiveDesk::end_all() {
    while (!listeners_.empty())
        end(listeners_.begin());
}

void LiveDesk::end(std::list<Listener>::iterator at) {
    const auto call = at->call;
    const auto known = calls_.find(call);
    (void)counter_.write_down(
        {.what = "listened-in-until",
         .who = at->account,
         .from = at->from,
         .detail =
             std::to_string((counter_.now() - at->since) / seconds(1)) + " s" +
             (known == calls_.end() ? ""
                                    : " of " + known->second.call.sip_call_id.substr(0, 200))});
    listeners_.erase(at);
    if (std::none_of(listeners_.begin(), listeners_.end(),
                     [&](const auto& other) { return other.call == call; }))
        source_->listen(call, false);
}

}  // namespace nk::listener
