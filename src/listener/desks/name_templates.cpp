#include "listener/desks/name_templates.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "archive/house_files.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/detail/json_reply.h"
#include "listener/form.h"
#include "listener/people_file.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t templates_max = 20;
constexpr std::size_t names_max = 200;
constexpr TextLimits template_size{1, 1'000};

Json json_of(const std::vector<std::string>& texts) {
    Json json = Json::array();
    for (const auto& text : texts)
        json.push_back(as_utf8(text));
    return json;
}

Json json_of(const std::string& name, const std::optional<NameRead>& read) {
    Json json{{"name", as_utf8(name)}, {"is_read", read.has_value()}};
    if (!read)
        return json;
    if (const auto started = wall_time_in(read->started))
        json["started"] = rfc3339(*started);
    json["direction"] = read->direction.empty() ? "unknown" : read->direction;
    json["numbers"] = json_of(read->numbers);
    json["names"] = json_of(read->names);
    return json;
}

}  // namespace

void NameTemplateDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("GET", "name-templates", Access::signed_in, Scope::read, &NameTemplateDesk::list);
    book.add("PUT", "name-templates", Access::signed_in, Scope::write, &NameTemplateDesk::set);
    book.add("POST", "name-templates/preview", Access::signed_in, Scope::read,
             &NameTemplateDesk::preview);
}

bool NameTemplateDesk::may_bring(const Asked& ask) {
    if (bringer_ == nullptr)
        ask->answer(problem(503, "no-import", "Nothing can be brought here just now."));
    else if (!may_name(*ask->account))  // they hold for what everybody brings
        ask->answer(not_allowed("not-for-this-role"));
    else
        return true;
    return false;
}

void NameTemplateDesk::list(const Asked& ask) {
    const auto kept =
        archive::read_name_templates(counter_.house().disk, counter_.options().archive);
    if (!kept)
        return ask->answer(counter_.refused(kept.error()));
    ask->answer(json_reply({{"templates", json_of(*kept)}}));
}

void NameTemplateDesk::set(const Asked& ask) {
    if (!may_bring(ask))
        return;
    Form form(ask->request);
    const auto templates = form.maybe_texts("templates", templates_max, template_size);
    if (!templates && !form.has("templates"))
        form.complain("templates", "is missing");
    for (const auto& text : templates.value_or(std::vector<std::string>()))
        if (const auto read = bringer_->read_names(text, "", {}); !read.trouble.empty())
            form.complain("templates", text + ": " + read.trouble);
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    if (!counter_.tell(*ask, {.what = "names-taught",
                              .detail = std::to_string(templates->size()) + " templates"}))
        return;
    if (const auto kept = archive::write_name_templates(counter_.house().disk,
                                                        counter_.options().archive, *templates);
        !kept)
        return ask->answer(counter_.refused(kept.error()));
    ask->answer(json_reply({{"templates", json_of(*templates)}}));
}

void NameTemplateDesk::preview(const Asked& ask) {
    if (!may_bring(ask))
        return;
    Form form(ask->request);
    const auto text = form.text("template", template_size);
    const auto names = form.maybe_texts("names", names_max, {1, 1'000});
    if (!names && !form.has("names"))
        form.complain("names", "is missing");
    const auto zone = form.maybe_text("zone", {0, 60}).value_or("");
    if (const auto trouble = bringer_->trouble_with_zone(zone); !trouble.empty())
        form.complain("zone", trouble);
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    const auto read = bringer_->read_names(text, zone, *names);
    Json json;
    json["trouble"] = as_utf8(read.trouble);
    json["rows"] = Json::array();
    for (std::size_t i = 0; i < read.rows.size(); ++i)
        json["rows"].push_back(json_of((*names)[i], read.rows[i]));
    ask->answer(json_reply(json));
}

}  // namespace nk::listener
