#include "listener/desks/photos.h"

#include <algorithm>

#include "archive/house_files.h"
#include "base/digest.h"
#include "base/limits.h"
#include "listener/form.h"
#include "listener/people_file.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

// Empty for what is no picture that browsers show without running anything in it.
std::string_view kind_of(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xD8\xFF"))
        return "image/jpeg";
    if (bytes.starts_with("\x89PNG\r\n\x1A\n"))
        return "image/png";
    if (bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP")
        return "image/webp";
    return {};
}

}  // namespace

void PhotoDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("GET", "people/*/photo", Access::signed_in, Scope::read, &PhotoDesk::get);
    book.add("PUT", "people/*/photo", Access::signed_in, Scope::write, &PhotoDesk::set);
    book.add("DELETE", "people/*/photo", Access::signed_in, Scope::write, &PhotoDesk::remove);
}

void PhotoDesk::get(const Asked& ask) {
    Query query(ask->request.query());
    (void)query.text("v", 64);  // another address for another picture
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    if (!counter_.knows_person(*ask, ask->parts[1]))
        return ask->answer(not_found());
    const auto picture =
        archive::read_photo(counter_.house().disk, counter_.options().archive, ask->parts[1]);
    const auto kind = picture ? kind_of(as_text(*picture)) : std::string_view();
    if (kind.empty())
        return ask->answer(not_found());
    HttpReply reply{.content_type = std::string(kind), .body = std::string(as_text(*picture))};
    reply.headers = {{"Cache-Control", "private, max-age=31536000, immutable"},
                     {"X-Content-Type-Options", "nosniff"},
                     {"Content-Security-Policy", "default-src 'none'; sandbox"}};
    ask->answer(std::move(reply));
}

// False, and the ask is answered, when it could not be.
bool PhotoDesk::keep(const Asked& ask, const std::string& person, std::string photo) {
    const auto turn = counter_.turn_of_people(ask);
    if (!turn)
        return false;
    auto people = counter_.house().calls.people();
    for (auto& one : people)
        if (one.id == person)
            one.photo = std::move(photo);
    if (const auto written = counter_.people_file().write(std::move(people)); !written) {
        ask->answer(counter_.refused(written.error()));
        return false;
    }
    return true;
}

void PhotoDesk::set(const Asked& ask) {
    if (!may_name(*ask->account))
        return ask->answer(not_allowed("not-for-this-role"));
    if (!counter_.knows_person(*ask, ask->parts[1]))
        return ask->answer(not_found());
    const auto& body = ask->request.body;
    if (body.size() > limits::photo_bytes_max)
        return ask->answer(problem(413, "too-large", "A picture may have 1 MB."));
    if (kind_of(body).empty())
        return ask->answer(problem(415, "no-picture", "It is no JPEG, PNG or WebP."));
    if (!counter_.tell(*ask, {.what = "person-changed", .detail = ask->parts[1]}))
        return;
    if (const auto written = archive::write_photo(counter_.house().disk, counter_.options().archive,
                                                  ask->parts[1], as_bytes(body));
        !written)
        return ask->answer(counter_.refused(written.error()));
    if (keep(ask, ask->parts[1], sha256_hex(as_bytes(body))))
        ask->answer({.status = 204});
}

void PhotoDesk::remove(const Asked& ask) {
    if (!may_name(*ask->account))
        return ask->answer(not_allowed("not-for-this-role"));
    if (!counter_.knows_person(*ask, ask->parts[1]))
        return ask->answer(not_found());
    if (!counter_.tell(*ask, {.what = "person-changed", .detail = ask->parts[1]}))
        return;
    if (!keep(ask, ask->parts[1], ""))
        return;
    if (const auto gone =
            archive::remove_photo(counter_.house().disk, counter_.options().archive, ask->parts[1]);
        !gone)
        return ask->answer(counter_.refused(gone.error()));
    ask->answer({.status = 204});
}

}  // namespace nk::listener
