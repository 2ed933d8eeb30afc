#include "listener/desks/albums.h"

#include <algorithm>
#include <numeric>

#include <nlohmann/json.hpp>

#include "archive/layout.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "listener/detail/json_reply.h"
#include "listener/fold.h"
#include "listener/form.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using purpose::Action;
using purpose::Purpose;
using purpose::Role;

constexpr purpose::Roles who_makes_albums{Role::owner, Role::family};
constexpr purpose::Roles who_makes_libraries{Role::owner, Role::manager, Role::trainer};

// Why a call is kept must be why the album is there: its members hear what lies in it.
bool fits(bool is_library, Purpose purpose) {
    return is_library ? purpose == Purpose::training
                      : purpose == Purpose::memory || purpose == Purpose::keepsake;
}

}  // namespace

void AlbumDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("GET", "albums", Access::signed_in, Scope::read, &AlbumDesk::list);
    book.add("POST", "albums", Access::signed_in, Scope::write, &AlbumDesk::add);
    book.add("PUT", "albums/*", Access::signed_in, Scope::write, &AlbumDesk::change);
    book.add("DELETE", "albums/*", Access::signed_in, Scope::write, &AlbumDesk::remove);
    book.add("PUT", "albums/*/calls/*", Access::signed_in, Scope::write, &AlbumDesk::put_in);
    book.add("DELETE", "albums/*/calls/*", Access::signed_in, Scope::write, &AlbumDesk::take_out);
}

// A file that cannot be read shuts nobody out, and is not written over.
void AlbumDesk::read() {
    const auto& house = counter_.house();
    auto read = archive::read_albums(house.disk, counter_.options().archive);
    is_readable_ = read.has_value();
    if (!read) {
        // What lies in them is not known, so that no rule may let anything go.
        house.warn(read.error().what +
                   "; until it can be, there are no albums, and no rule lets a "
                   "recording go");
        house.calls.set_rules(std::nullopt);
        return;
    }
    albums_ = *std::move(read);
    tell_list();
}

// By the numbers that the list has for accounts.
Album AlbumDesk::in_list(const archive::Album& album) const {
    auto out = door_of(album);
    out.calls = album.calls;
    return out;
}

// Who may come in, without what lies in it.
Album AlbumDesk::door_of(const archive::Album& album) const {
    Album out{album.id, album.is_library, {}, {}};
    const auto let_in = [&](const std::string& id) {
        if (const auto* account = counter_.account_by_id(id))
            out.members.push_back(account->index);
    };
    let_in(album.by);
    for (const auto& member : album.members)
        let_in(member);
    return out;
}

void AlbumDesk::tell_list() {
    std::vector<Album> all;
    for (const auto& album : albums_)
        all.push_back(in_list(album));
    counter_.house().calls.set_albums(all);
}

std::string AlbumDesk::json_of(const Ask& ask, const archive::Album& album) const {
    return json_of(ask, album, counter_.house().calls.count_by_album(ask.viewer));
}

std::string AlbumDesk::json_of(const Ask& ask, const archive::Album& album,
                               const std::vector<std::uint64_t>& counts) const {
    Json json;
    json["id"] = album.id;
    json["name"] = as_utf8(album.name);
    json["kind"] = album.is_library ? "library" : "album";
    json["is_mine"] = album.by == ask.account->id;
    json["members"] = album.members;
    json["calls"] = counts[static_cast<std::size_t>(&album - albums_.data())];
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void AlbumDesk::list(const Asked& ask) {
    std::vector<const archive::Album*> known;
    for (const auto& album : albums_)
        if (CallList::knows(ask->viewer, door_of(album)))
            known.push_back(&album);
    std::sort(known.begin(), known.end(),
              [](const auto* a, const auto* b) { return fold(a->name) < fold(b->name); });
    const auto counts = counter_.house().calls.count_by_album(ask->viewer);
    std::string body = "{\"albums\":[";
    for (std::size_t i = 0; i < known.size(); ++i)
        body.append(i == 0 ? "" : ",").append(json_of(*ask, *known[i], counts));
    ask->answer({.content_type = "application/json", .body = body + "]}"});
}

// False, and the ask is answered, when it cannot be.
bool AlbumDesk::is_filled_in(const Asked& ask, archive::Album& album) const {
    Form form(ask->request);
    album.name = form.text("name", {1, 100});
    const auto kind = form.text("kind", {1, 20});
    if (kind != "album" && kind != "library")
        form.complain("kind", "is to be album or library");
    album.is_library = kind == "library";
    album.members = form.maybe_texts("members", 200, {1, 40}).value_or(album.members);
    for (const auto& member : album.members)
        if (counter_.account_by_id(member) == nullptr)
            form.complain("members", "has an account that there is not");
    if (album.is_library && !album.members.empty())
        form.complain("members", "are of albums; a library is for all of the company");
    auto refusal = form.refusal();
    if (!refusal &&
        !ask->account->roles.has_one_of(album.is_library ? who_makes_libraries : who_makes_albums))
        refusal = not_allowed("not-for-this-role");
    if (refusal)
        ask->answer(std::move(*refusal));
    return !refusal;
}

archive::Album* AlbumDesk::known_to(const Ask& ask) {
    const auto at = std::find_if(albums_.begin(), albums_.end(),
                                 [&](const auto& album) { return album.id == ask.parts[1]; });
    const bool is_known = at != albums_.end() && CallList::knows(ask.viewer, door_of(*at));
    return is_known ? &*at : nullptr;
}

// Null, and the ask is answered, when there is none or it is another's.
archive::Album* AlbumDesk::of_ones_own(const Asked& ask) {
    auto* album = known_to(*ask);
    if (album == nullptr)
        ask->answer(not_found());
    else if (album->by != ask->account->id)
        ask->answer(not_allowed("not-yours"));
    else
        return album;
    return nullptr;
}

// False, and the ask is answered, when it could not be.
bool AlbumDesk::keep(const Asked& ask, std::vector<archive::Album> albums, custody::Event event) {
    const auto& house = counter_.house();
    if (!is_readable_) {
        ask->answer(problem(503, "machine",
                            "The file of albums cannot be read; the recorder's log says why."));
        return false;
    }
    if (!counter_.tell(*ask, std::move(event)))
        return false;
    if (const auto written = archive::write_albums(house.disk, counter_.options().archive, albums);
        !written) {
        ask->answer(counter_.refused(written.error()));
        return false;
    }
    albums_ = std::move(albums);
    tell_list();
    return true;
}

void AlbumDesk::add(const Asked& ask) {
    archive::Album album;
    album.id = counter_.short_id("al");
    album.by = ask->account->id;
    if (!is_filled_in(ask, album))
        return;
    if (albums_.size() >= limits::albums_max)
        return ask->answer(problem(422, "limit", "There are as many albums as there may be."));
    auto albums = albums_;
    albums.push_back(album);
    if (keep(ask, std::move(albums), {.what = "album-made", .detail = album.id}))
        ask->answer({.status = 201,
                     .content_type = "application/json",
                     .body = json_of(*ask, albums_.back())});
}

void AlbumDesk::change(const Asked& ask) {
    const auto* album = of_ones_own(ask);
    if (album == nullptr)
        return;
    const auto place = album - albums_.data();
    auto changed = *album;
    if (!is_filled_in(ask, changed))
        return;
    if (changed.is_library != album->is_library)
        return ask->answer(
            problem(422, "fields", "Some fields cannot be taken.", {{"kind", "stays what it is"}}));
    auto albums = albums_;
    albums[static_cast<std::size_t>(place)] = changed;
    if (keep(ask, std::move(albums), {.what = "album-changed", .detail = changed.id}))
        ask->answer({.content_type = "application/json",
                     .body = json_of(*ask, albums_[static_cast<std::size_t>(place)])});
}

void AlbumDesk::remove(const Asked& ask) {
    const auto* album = of_ones_own(ask);
    if (album == nullptr)
        return;
    auto albums = albums_;
    albums.erase(albums.begin() + (album - albums_.data()));
    if (keep(ask, std::move(albums), {.what = "album-removed", .detail = ask->parts[1]}))
        ask->answer({.status = 204});
}

// What somebody puts in is heard by others, so that it is theirs to share.
void AlbumDesk::put_in(const Asked& ask) {
    const auto* album = known_to(*ask);
    const auto& id = ask->parts[3];
    const auto& calls = counter_.house().calls;
    if (album == nullptr || !archive::is_id(id) || !calls.has(id))
        return ask->answer(not_found());
    const auto row = calls.find(ask->viewer, id, counter_.wall());
    if (!counter_.check(ask, id, Action::share))
        return;
    if (!row)
        return ask->answer(not_found());
    if (!fits(album->is_library, row->purpose))
        return ask->answer(problem(
            422, "wrong-purpose",
            album->is_library ? "In a library lie calls that are kept for training."
                              : "In an album lie calls that are kept as a memory or a keepsake; "
                                "change what this one is kept for first."));
    if (std::find(album->calls.begin(), album->calls.end(), id) != album->calls.end())
        return ask->answer({.status = 204});
    const auto filed =
        std::accumulate(albums_.begin(), albums_.end(), std::size_t{0},
                        [](std::size_t sum, const auto& one) { return sum + one.calls.size(); });
    if (album->calls.size() >= limits::calls_of_an_album_max ||
        filed >= limits::calls_of_all_albums_max)
        return ask->answer(problem(422, "limit", "This album has as many calls as it may have."));
    auto albums = albums_;
    albums[static_cast<std::size_t>(album - albums_.data())].calls.push_back(id);
    if (!keep(ask, std::move(albums),
              {.what = "put-in-album", .recording = id, .detail = ask->parts[1]}))
        return;
    counter_.happened("recording.changed", id);
    ask->answer({.status = 204});
}

void AlbumDesk::take_out(const Asked& ask) {
    const auto* album = known_to(*ask);
    const auto& id = ask->parts[3];
    if (album == nullptr ||
        std::find(album->calls.begin(), album->calls.end(), id) == album->calls.end())
        return ask->answer(not_found());
    if (album->by != ask->account->id && !counter_.check(ask, id, Action::share))
        return;
    auto albums = albums_;
    std::erase(albums[static_cast<std::size_t>(album - albums_.data())].calls, id);
    if (!keep(ask, std::move(albums),
              {.what = "taken-from-album", .recording = id, .detail = ask->parts[1]}))
        return;
    counter_.happened("recording.changed", id);
    ask->answer({.status = 204});
}

}  // namespace nk::listener
