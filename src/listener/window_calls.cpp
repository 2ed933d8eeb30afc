// Recordings: lists of them, and all that is known of one.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "archive/notes.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/call_details.h"
#include "listener/detail/call_json.h"
#include "listener/form.h"
#include "listener/problem.h"
#include "listener/window.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;

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
    out.album = query.text("album", 40);
    std::optional<Only> only;
    named("only", only_named, only);
    out.only = only.value_or(Only::all);
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

// What somebody says of a call that was brought: "" for what nobody knows.
void read_said(Form& form, CallChange& change) {
    const auto say = [&](call::Fact fact, const std::vector<std::string>& values) {
        change.said_of.push_back(fact);
        for (const auto& value : values)
            change.said.push_back({fact, value, call::Source::person, call::Sureness::sure, ""});
    };
    if (const auto started = form.maybe_text("started", {10, 40})) {
        const auto at = wall_time_in(*started);
        const bool is_one = at && at->ns > 0;
        if (!is_one)
            form.complain("started", "is to be a time like 2021-05-03T14:05:00+02:00");
        else
            say(call::Fact::started, {*started});
    }
    if (const auto direction = form.maybe_text("direction", {1, 20})) {
        if (!call::direction_named(*direction))
            form.complain("direction", "is to be in, out, conference or unknown");
        else
            say(call::Fact::direction, {*direction});
    }
    if (const auto kind = form.maybe_text("kind", {1, 20})) {
        if (*kind != "call" && *kind != "message")
            form.complain("kind", "is to be call or message");
        else
            say(call::Fact::kind, {*kind});
    }
    constexpr std::size_t people_max = 15;
    for (const auto& [name, fact] :
         {std::pair("numbers", call::Fact::number), std::pair("names", call::Fact::name)})
        if (const auto values = form.maybe_texts(name, people_max, {0, 100}))
            say(fact, values->empty() ? std::vector<std::string>{""} : *values);
}

}  // namespace

void Window::list_calls(const Asked& ask) {
    Query query(ask->request.query());
    auto wanted = read_query(query);
    wanted.now = wall();
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    const auto page = house().calls.page(ask->viewer, wanted);
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

void Window::get_call(const Asked& ask) {
    answer_with_call(*this, ask);
}

void Window::change_call(const Asked& ask) {
    const auto row = call_for(ask, purpose::Action::see);
    if (!row)
        return;
    Form form(ask->request);
    CallChange change;
    if (const auto name = form.maybe_text("purpose", {1, 20})) {
        change.purpose = purpose::purpose_named(*name);
        if (!change.purpose)
            form.complain("purpose", "is none that there is");
    }
    change.tags = form.maybe_texts("tags", limits::tags_of_a_call_max, {1, 100});
    change.add_tag = form.maybe_text("add_tag", {1, 100});
    change.remove_tag = form.maybe_text("remove_tag", {1, 100});
    change.is_kept = form.maybe_truth("is_kept");
    if (form.has("found"))
        form.object("found", [&](Form& said) { read_said(said, change); });
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    const bool edits = change.purpose || change.tags || change.add_tag || change.remove_tag ||
                       !change.said_of.empty();
    if ((edits && !check(ask, row->id, purpose::Action::edit)) ||
        (change.is_kept && !check(ask, row->id, purpose::Action::keep)))
        return;
    if (auto refusal = listener::change_call(*this, *ask, row->id, change))
        return ask->answer(std::move(*refusal));
    // With another purpose it may be out of their sight.
    get_call(ask);
}

void Window::list_tags(const Asked& ask) {
    Json json;
    json["tags"] = Json::array();
    for (const auto& [tag, calls] : house().calls.count_by_tag(ask->viewer))
        json["tags"].push_back({{"tag", tag}, {"calls", calls}});
    ask->answer({.content_type = "application/json", .body = json.dump()});
}

}  // namespace nk::listener
