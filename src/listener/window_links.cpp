// Hearing a recording without an account: a link for one recipient, to be heard and not taken
// along, for a while, with a word if its maker likes, and gone when they take it back.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "archive/layout.h"
#include "archive/reading.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/detail/call_json.h"
#include "listener/form.h"
#include "listener/password.h"
#include "listener/problem.h"
#include "listener/window.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view page = "/deel/";
constexpr std::int64_t days_usual = 14;

Json json_of(const Link& link, const std::string& by, WallTime now, bool is_open) {
    Json json;
    json["id"] = link.id;
    json["call"] = link.recording;
    json["recipient"] = link.recipient;
    json["by"] = by;
    json["made_at"] = rfc3339(link.made);
    json["ends_at"] = rfc3339(link.ends);
    if (link.revoked)
        json["revoked_at"] = rfc3339(*link.revoked);
    json["has_word"] = !link.word.empty();
    json["is_open"] = is_open && link.is_open(now);
    json["times_opened"] = link.opened;
    if (link.first_opened)
        json["first_opened_at"] = rfc3339(*link.first_opened);
    if (link.last_opened)
        json["last_opened_at"] = rfc3339(*link.last_opened);
    return json;
}

HttpReply closed_link() {
    return problem(404, "link-closed",
                   "This link opens nothing: it is over, was taken back, or never was one.");
}

}  // namespace

// Whoever made it must still be one who may.
bool Window::may_be_shared(const Link& link) const {
    const auto* maker = account_by_id(link.by);
    return maker != nullptr && !maker->is_disabled &&
           house().calls.may(viewer_of(*maker), purpose::Action::share, link.recording).is_allowed;
}

void Window::list_links(const Asked& ask) {
    const auto row = call_for(ask, purpose::Action::share);
    if (!row)
        return;
    const auto links = house().state.links_of(row->id);
    if (!links)
        return ask->answer(refused(links.error()));
    Json json;
    json["links"] = Json::array();
    for (const auto& link : *links) {
        const auto* maker = account_by_id(link.by);
        json["links"].push_back(json_of(link, maker == nullptr ? "" : maker->name,
                                        house().clock.wall(), may_be_shared(link)));
    }
    ask->answer({.content_type = "application/json", .body = json.dump()});
}

void Window::add_link(const Asked& ask) {
    const auto row = call_for(ask, purpose::Action::share);
    if (!row)
        return;
    Form form(ask->request);
    Link link;
    link.id = short_id("l");
    link.recording = row->id;
    link.by = ask->account->id;
    link.recipient = form.text("recipient", {1, 200});
    const auto days = form.maybe_whole("days", 1, 365).value_or(days_usual);
    const auto word = form.maybe_text("word", {0, 200}).value_or("");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    link.made = house().clock.wall();
    link.ends = link.made + hours(24 * days);
    auto keep = [this, ask, link](std::string hash) mutable {
        link.word = std::move(hash);
        const auto opens = secret(limits::secret_bytes);
        if (!tell(*ask, {.what = "shared",
                         .recording = link.recording,
                         .detail = link.id + ": " + link.recipient}))
            return;
        if (const auto added = house().state.add_link(opens, link); !added)
            return ask->answer(refused(added.error()));
        Json json;
        json["link"] = json_of(link, ask->account->name, link.made, true);
        json["url"] = std::string(page) + opens;
        ask->answer({.status = 201, .content_type = "application/json", .body = json.dump()});
    };
    if (word.empty())
        return keep("");
    work(ask, [this, ask, word, keep]() mutable {
        auto hash = hash_password(word);
        return std::function<void()>([this, ask, hash, keep]() mutable {
            if (!hash)
                return ask->answer(refused(hash.error()));
            keep(*hash);
        });
    });
}

void Window::revoke_link(const Asked& ask) {
    const auto link = house().state.link(ask->parts[1]);
    if (!link)
        return ask->answer(refused(link.error()));
    if (!*link)
        return ask->answer(not_found());
    const auto decision =
        house().calls.may(ask->viewer, purpose::Action::share, (*link)->recording);
    // Whoever made it takes it back, whatever else they may by now.
    if (!decision.is_allowed && (*link)->by != ask->account->id)
        return deny(ask, (*link)->recording, purpose::Action::share, decision.reason);
    if (!tell(*ask, {.what = "link-revoked",
                     .recording = (*link)->recording,
                     .detail = (*link)->id + ": " + (*link)->recipient}))
        return;
    if (const auto revoked = house().state.revoke_link((*link)->id, house().clock.wall()); !revoked)
        return ask->answer(refused(revoked.error()));
    std::erase_if(tickets_, [&](const auto& one) { return one.second.link == (*link)->id; });
    ask->answer({.status = 204});
}

// Nullopt, and the ask is answered, when the path's secret opens nothing.
std::optional<Link> Window::link_for(const Asked& ask) {
    const auto link = house().state.link_by_secret(ask->parts[1]);
    if (!link) {
        ask->answer(refused(link.error()));
        return std::nullopt;
    }
    if (!*link || !(*link)->is_open(house().clock.wall()) || !may_be_shared(**link)) {
        ask->answer(closed_link());
        return std::nullopt;
    }
    return *link;
}

void Window::get_shared(const Asked& ask) {
    const auto link = link_for(ask);
    if (!link)
        return;
    if (link->word.empty())
        return open_link(ask, *link);
    const auto word = percent_decoded(ask->request.header("x-naklank-word").value_or(""), false);
    if (!word || word->empty())
        return ask->answer(problem(401, "word-wanted", "This link has a word; say it."));
    const std::string key = "link " + link->id;
    if (!may_try(ask, key))
        return;
    work(ask, [this, ask, link = *link, word = *word, key] {
        const bool fits = fits_password(word, link.word);
        return std::function<void()>([this, ask, link, fits, key] {
            if (!fits)
                return ask->answer(problem(401, "wrong-word", "That is not the word."));
            throttle().succeed(key);
            open_link(ask, link);
        });
    });
}

void Window::open_link(const Asked& ask, const Link& link) {
    const auto* maker = account_by_id(link.by);
    const auto row = maker == nullptr ? std::nullopt
                                      : house().calls.find(viewer_of(*maker), link.recording,
                                                           house().clock.wall());
    if (!row)
        return ask->answer(closed_link());
    if (!tell(*ask, {.what = "link-opened", .who = "link:" + link.id, .recording = link.recording}))
        return;
    const auto now = house().clock.wall();
    if (const auto noted = house().state.note_opening(link.id, now); !noted)
        return ask->answer(refused(noted.error()));
    const auto ticket = secret(limits::secret_bytes);
    if (tickets_.size() >= limits::tickets_max)
        tickets_.erase(std::min_element(
            tickets_.begin(), tickets_.end(),
            [](const auto& a, const auto& b) { return a.second.ends < b.second.ends; }));
    tickets_[ticket] = {link.id, house().clock.now() + limits::ticket_lasts};
    Json json;
    json["started"] = rfc3339(row->started);
    json["duration_ms"] = to_ms(row->duration);
    json["by"] = maker->name;
    json["recipient"] = link.recipient;
    json["ends_at"] = rfc3339(link.ends);
    json["ticket"] = ticket;
    json["parties"] = Json::array();
    for (const auto& party : row->parties)  // not their numbers
        json["parties"].push_back(
            {{"number", ""}, {"name", as_utf8(party.name)}, {"color", party.color}});
    json["tracks"] = Json::array();
    if (const auto facts = archive::read_facts(house().disk, options().archive, link.recording))
        for (const auto& track : facts->tracks)
            json["tracks"].push_back(
                {{"track", track.number}, {"party", track.party}, {"is_mixed", track.is_mixed}});
    ask->answer({.content_type = "application/json", .body = json.dump()});
}

// Of the path's secret, whose ticket that is; else the ask is answered.
std::optional<Link> Window::link_by_ticket(const Asked& ask, const std::string& ticket) {
    auto link = link_for(ask);
    if (!link)
        return std::nullopt;
    const auto known = tickets_.find(ticket);
    if (known == tickets_.end() || known->second.link != link->id ||
        known->second.ends <= house().clock.now()) {
        ask->answer(problem(401, "word-wanted", "Open the link again."));
        return std::nullopt;
    }
    return link;
}

void Window::get_shared_audio(const Asked& ask) {
    Query query(ask->request.query());
    const auto ticket = query.text("ticket", 200);
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    SoundWanted wanted;
    wanted.is_for_stranger = true;
    if (const auto link = link_by_ticket(ask, ticket))
        send_sound(ask, link->recording, wanted, "link:" + link->id);
}

void Window::get_shared_peaks(const Asked& ask) {
    Query query(ask->request.query());
    const auto ticket = query.text("ticket", 200);
    const auto points = query.whole("points", 1, 8'000).value_or(2'000);
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    if (const auto link = link_by_ticket(ask, ticket))
        send_peaks(ask, link->recording, {}, {}, static_cast<std::size_t>(points));
}

}  // namespace nk::listener
