#include "listener/desks/events.h"

#include <algorithm>

#include "listener/form.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

constexpr Nanos tick_every = milliseconds(200);
constexpr Nanos look_every = seconds(10);

std::string event(std::string_view what, std::string_view json) {
    std::string out = "event: ";
    out.append(what).append("\ndata: ").append(json).append("\n\n");
    return out;
}

std::string_view event_of(std::string_view happening) {
    if (happening == "recording.made" || happening == "recording.restored")
        return "recording";
    if (happening == "recording.removed" || happening == "recording.deleted")
        return "gone";
    return "changed";
}

}  // namespace

EventDesk::EventDesk(Counter& counter, LiveDesk& live) : counter_(counter), live_(live) {
    counter_.follow([this](const Happening& happening) { on_happening(happening); });
}

void EventDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("GET", "events", Access::signed_in, Scope::read, &EventDesk::read);
}

void EventDesk::read(const Asked& ask) {
    Query query(ask->request.query());
    const bool wants_levels = query.truth("levels");
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    if (wants_levels && !ask->has(Scope::hear))
        return ask->answer(
            problem(403, "insufficient-scope", "Levels want a token with the scope hear."));
    HttpReply reply;
    reply.headers.push_back({"Cache-Control", "no-store"});
    reply.headers.push_back({"X-Accel-Buffering", "no"});  // a proxy is not to keep them back
    reply.events = [this, account = ask->account->id, secret = ask->secret, token = ask->token,
                    wants_levels](const std::shared_ptr<HttpEvents>& out) {
        readers_.push_back({account, secret, token, wants_levels, 0, "", out});
        if (wants_levels)
            live_.watch_levels(true);
        send_live(readers_.back());
    };
    ask->answer(std::move(reply));
}

void EventDesk::on_happening(const Happening& happening) {
    const auto what = event_of(happening.what);
    const auto text = event(what, "{\"call\":\"" + happening.recording + "\"}");
    for (auto& reader : readers_) {
        const auto* account = counter_.account_by_id(reader.account);
        if (account == nullptr)
            continue;
        // What went into safekeeping is not seen by all who saw it before: they are told by what
        // they might do with it if it were back. It is an id, and nothing else.
        const auto viewer = counter_.viewer_of(*account);
        const auto& calls = counter_.house().calls;
        const bool may =
            what == "gone"
                ? calls.may_have_seen(viewer, happening.recording)
                : calls.may(viewer, purpose::Action::see, happening.recording).is_allowed;
        if (may)
            reader.out->send(text);
    }
}

void EventDesk::send_to(const std::string& account, std::string_view what,
                        const std::string& json) {
    for (auto& reader : readers_)
        if (reader.account == account)
            reader.out->send(event(what, json));
}

void EventDesk::send_live(Reader& reader) {
    const auto* account = counter_.account_by_id(reader.account);
    if (account == nullptr)
        return;
    reader.live_version = live_.version();
    auto list = live_.list_for(counter_.viewer_of(*account));
    if (list == reader.live)
        return;
    reader.live = std::move(list);
    reader.out->send(event("live", reader.live));
}

void EventDesk::tick() {
    const auto now = counter_.now();
    if (now - last_tick_ < tick_every)
        return;
    last_tick_ = now;
    const bool looks = now - last_look_ >= look_every;
    if (looks)
        last_look_ = now;
    std::erase_if(readers_, [&](Reader& reader) {
        if (looks && reader.out->is_open() &&
            !counter_.is_still_in(reader.account, reader.secret, reader.token)) {
            reader.out->send(event("bye", "{}"));
            return true;
        }
        return !reader.out->is_open();
    });
    const bool has_watchers = std::any_of(readers_.begin(), readers_.end(),
                                          [](const auto& one) { return one.wants_levels; });
    live_.watch_levels(has_watchers);
    live_.read_levels();
    for (auto& reader : readers_) {
        if (reader.live_version != live_.version())
            send_live(reader);
        const auto* account = counter_.account_by_id(reader.account);
        if (!reader.wants_levels || account == nullptr)
            continue;
        const auto levels = live_.levels_for(counter_.viewer_of(*account));
        if (!levels.empty())
            reader.out->send(event("levels", levels));
    }
}

}  // namespace nk::listener
