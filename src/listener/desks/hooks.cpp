#include "listener/desks/hooks.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/same_text.h"
#include "base/utf8.h"
#include "listener/form.h"
#include "listener/problem.h"
#include "listener/stores/tokens.h"
#include "wire/form_data.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using Parts = std::vector<wire::FormPart>;

constexpr std::string_view acr_path = "/api/v1/hooks/acr-phone/";
constexpr std::size_t note_bytes_max = 10'000;

// The first of that name, in whatever case.
const wire::FormPart* part_named(const Parts& parts, std::string_view name) {
    const auto at = std::find_if(parts.begin(), parts.end(),
                                 [&](const auto& one) { return equal_ci(one.name, name); });
    return at == parts.end() ? nullptr : &*at;
}

std::string text_named(const Parts& parts, std::string_view name) {
    const auto* part = part_named(parts, name);
    return part == nullptr ? "" : as_utf8(as_text(part->body));
}

std::optional<std::int64_t> number_named(const Parts& parts, std::string_view name) {
    const auto text = text_named(parts, name);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    return is_whole && number > 0 ? std::optional(number) : std::nullopt;
}

}  // namespace

void HookDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("POST", "hooks/acr-phone/*", Access::says_who_in_its_body, Scope::write,
             &HookDesk::acr_phone);
}

std::size_t HookDesk::body_bytes_max(const HttpRequest& request) {
    const auto path = request.path();
    if (request.method != "POST" || !path.starts_with(acr_path))
        return 0;
    TokenStore tokens(counter_.house().state.connection());
    const auto token = tokens.by_id(path.substr(acr_path.size()));
    return token && *token ? limits::hook_body_bytes_max : limits::http_body_bytes_max;
}

// Its fields as its maker's example of a receiver has them: Source, Secret, FileName, File, Date in
// seconds, Duration in milliseconds, Note.
void HookDesk::acr_phone(const Asked& ask) {
    Query query(ask->request.query());
    const auto purpose = query.text("purpose", 20);
    const auto named = purpose::purpose_named(purpose.empty() ? "wording" : purpose);
    if (!named)
        query.complain("purpose", "is none that there is");
    SentByProgram sent;
    sent.zone = query.text("zone", 60);
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    const auto type = ask->request.header("content-type").value_or("");
    const auto parts = wire::parse_form_data(type, as_bytes(ask->request.body));
    if (!parts)
        return ask->answer(problem(parts.error().code == Code::unsupported ? 415 : 400, "form",
                                   parts.error().what));
    if (auto refusal = counter_.enter_by_token(*ask, text_named(*parts, "secret"), Scope::write))
        return ask->answer(std::move(*refusal));
    if (ask->token != ask->parts[2])
        return ask->answer(not_signed_in());
    const auto* file = part_named(*parts, "file");
    if (file == nullptr || file->body.empty())
        return ask->answer(problem(422, "file", "There is no File in it."));
    sent.name = text_named(*parts, "filename");
    if (sent.name.empty())
        sent.name = file->file_name;
    sent.sound = file->body;
    sent.purpose = *named;
    sent.note = std::string(cut_utf8(text_named(*parts, "note"), note_bytes_max));
    Json sidecar{{"sent_by", "acr-phone"}};
    if (const auto source = text_named(*parts, "source"); !source.empty())
        sidecar["source"] = source;
    if (const auto date = number_named(*parts, "date"))
        sidecar["started_s"] = *date;
    if (const auto duration = number_named(*parts, "duration"))
        sidecar["duration_ms"] = *duration;
    if (!sent.note.empty())
        sidecar["note"] = sent.note;
    sent.sidecar = sidecar.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    imports_.bring_one(ask, std::move(sent));
}

}  // namespace nk::listener
