// Who numbers belong to.

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/rfc3339.h"
#include "listener/fold.h"
#include "listener/form.h"
#include "listener/people_file.h"
#include "listener/problem.h"
#include "listener/window.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using purpose::Role;

Person read(Form& form, std::string id) {
    Person person;
    person.id = std::move(id);
    person.name = form.text("name", {1, 200});
    auto numbers = form.maybe_texts("numbers", 100, {1, 100});
    if (!numbers && !form.has("numbers"))
        form.complain("numbers", "is missing");
    person.numbers = std::move(numbers).value_or(std::vector<std::string>());
    if (const auto color = form.maybe_whole("color", 0, 11))
        person.color = static_cast<std::uint8_t>(*color);
    return person;
}

}  // namespace

std::string Window::person_json(const Person& person, const CallList::Tally& tally) const {
    Json json;
    json["id"] = person.id;
    json["name"] = person.name;
    json["numbers"] = person.numbers;
    json["color"] =
        person.color
            ? *person.color
            : house().calls.color_of(person.numbers.empty() ? person.name : person.numbers.front());
    if (!person.photo.empty())
        json["photo"] = "/api/v1/people/" + person.id + "/photo?v=" + person.photo.substr(0, 16);
    json["calls"] = tally.calls;
    if (tally.calls > 0)
        json["last"] = rfc3339(tally.last);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void Window::list_people(const Asked& ask) {
    const auto& people = house().calls.people();
    const auto tallies = house().calls.count_by_person(ask->viewer);
    const bool sees_all = ask->account->roles.has(Role::owner);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < people.size(); ++i)
        if (sees_all || tallies[i].calls > 0)
            order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return fold(people[a].name) < fold(people[b].name);
    });
    std::string body = "{\"people\":[";
    for (std::size_t i = 0; i < order.size(); ++i)
        body.append(i == 0 ? "" : ",").append(person_json(people[order[i]], tallies[order[i]]));
    ask->answer({.content_type = "application/json", .body = body + "]}"});
}

void Window::add_person(const Asked& ask) {
    if (!may_name(*ask->account))
        return ask->answer(not_allowed("not-for-this-role"));
    Form form(ask->request);
    auto person = read(form, short_id("p"));
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    const auto turn = turn_of_people(ask);
    if (!turn)
        return;
    auto people = house().calls.people();
    if (people.size() >= limits::people_max)
        return ask->answer(problem(422, "limit", "There are as many people as there may be."));
    people.push_back(person);
    keep_people(ask, std::move(people), person.id, 201, "person-added");
}

void Window::change_person(const Asked& ask) {
    if (!may_name(*ask->account))
        return ask->answer(not_allowed("not-for-this-role"));
    const auto turn = turn_of_people(ask);
    if (!turn)
        return;
    auto people = house().calls.people();
    const auto at = std::find_if(people.begin(), people.end(),
                                 [&](const auto& one) { return one.id == ask->parts[1]; });
    if (at == people.end() || !knows_person(*ask, at->id))
        return ask->answer(not_found());
    Form form(ask->request);
    auto photo = at->photo;
    *at = read(form, at->id);
    at->photo = std::move(photo);
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    keep_people(ask, std::move(people), ask->parts[1], 200, "person-changed");
}

void Window::remove_person(const Asked& ask) {
    if (!may_name(*ask->account))
        return ask->answer(not_allowed("not-for-this-role"));
    const auto turn = turn_of_people(ask);
    if (!turn)
        return;
    if (!knows_person(*ask, ask->parts[1]))
        return ask->answer(not_found());
    auto people = house().calls.people();
    const auto before = people.size();
    std::erase_if(people, [&](const auto& one) { return one.id == ask->parts[1]; });
    if (people.size() == before)
        return ask->answer(not_found());
    keep_people(ask, std::move(people), ask->parts[1], 204, "person-removed");
}

// A number is one person's. Whoever calls this has the turn.
void Window::keep_people(const Asked& ask, std::vector<Person> people, const std::string& id,
                         int status, std::string_view what) {
    std::set<std::string> numbers;
    for (const auto& person : people)
        for (const auto& number : person.numbers)
            if (!numbers.insert(canonical_number(number, house().calls.country())).second)
                return ask->answer(problem(409, "number-taken", "A number is one person's.",
                                           {{"numbers", number + " is another person's"}}));
    if (!tell(*ask, {.what = std::string(what), .detail = id}))
        return;
    if (const auto written = people_file().write(std::move(people)); !written)
        return ask->answer(refused(written.error()));
    if (status == 204) {
        const auto gone = archive::remove_photo(house().disk, options().archive, id);
        return ask->answer(gone ? HttpReply{.status = 204} : refused(gone.error()));
    }
    const auto tallies = house().calls.count_by_person(ask->viewer);
    const auto& kept = house().calls.people();
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (kept[i].id == id)
            return ask->answer({.status = status,
                                .content_type = "application/json",
                                .body = person_json(kept[i], tallies[i])});
    ask->answer(not_found());
}

}  // namespace nk::listener
