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
constexpr std::size_t bodies_at_once_max = 8;
constexpr Nanos body_wait_max = minutes(15);  // the server's own for a body of that size

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

// A name that an import looks at: nothing hidden, and not that of a list or a sidecar.
std::string as_sound(std::string name) {
    name.erase(0, name.find_last_of("/\\") + 1);
    name.erase(0, std::min(name.find_first_not_of("._"), name.size()));
    for (const std::string_view other : {".json", ".html", ".xml", ".vcf"})
        if (name.ends_with(other))
            name += ".audio";
    return name.empty() ? "recording" : name;
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
    if (!token || !*token)
        return limits::http_body_bytes_max;
    // Each lies in memory: nobody fills it with many at once.
    const auto now = counter_.now();
    while (!granted_.empty() && now - granted_.front() > body_wait_max)
        granted_.pop_front();
    if (granted_.size() >= bodies_at_once_max)
        return limits::http_body_bytes_max;
    granted_.push_back(now);
    return limits::hook_body_bytes_max;
}

// Its fields as its maker's example of a receiver has them: Source, Secret, FileName, File, Date in
// seconds, Duration in milliseconds, Note.
void HookDesk::acr_phone(const Asked& ask) {
    if (!granted_.empty())
        granted_.pop_front();
    Query query(ask->request.query());
    const auto purpose = query.text("purpose", 20);
    const auto named = purpose::purpose_named(purpose.empty() ? "wording" : purpose);
    if (!named)
        query.complain("purpose", "is none that there is");
    SentByProgram sent;
    sent.zone = query.text("zone", 60);
    if (auto refusal = query.refusal())
        return ask->answer(std::move(*refusal));
    const auto wrong = [&] {
        ask->answer(problem(401, "wrong-secret",
                            "The Secret is not the access key that this address names."));
    };
    TokenStore tokens(counter_.house().state.connection());
    if (const auto token = tokens.by_id(ask->parts[2]); !token || !*token)
        return wrong();
    const auto type = ask->request.header("content-type").value_or("");
    const auto parts = wire::parse_form_data(type, as_bytes(ask->request.body));
    if (!parts)
        return ask->answer(problem(parts.error().code == Code::unsupported ? 415 : 400, "form",
                                   parts.error().what));
    if (auto refusal = counter_.enter_by_token(*ask, text_named(*parts, "secret"), Scope::write);
        refusal && refusal->status != 401)
        return ask->answer(std::move(*refusal));
    if (ask->token.empty() || ask->token != ask->parts[2])
        return wrong();
    const auto* file = part_named(*parts, "file");
    if (file == nullptr || file->body.empty())
        return ask->answer(problem(422, "file", "There is no File in it."));
    sent.name = text_named(*parts, "filename");
    if (sent.name.empty())
        sent.name = file->file_name;
    sent.name = as_sound(sent.name);
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
