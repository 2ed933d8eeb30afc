#include "listener/desks/tokens.h"

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/detail/json_reply.h"
#include "listener/form.h"
#include "listener/problem.h"
#include "listener/stores/tokens.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using purpose::Role;

constexpr std::string_view kind = "nk_";  // so that those who search for leaked secrets know it

bool administers(const Account& account) {
    return account.roles.has_one_of({Role::owner, Role::admin});
}

Json json_of(const Token& token, const std::string& by) {
    Json json;
    json["id"] = token.id;
    json["name"] = as_utf8(token.name);
    json["by"] = as_utf8(by);
    json["scopes"] = token.scopes;
    json["made_at"] = rfc3339(token.made);
    if (token.ends)
        json["ends_at"] = rfc3339(*token.ends);
    if (token.used)
        json["used_at"] = rfc3339(*token.used);
    return json;
}

}  // namespace

void TokenDesk::add_routes(std::vector<Route>& routes) {
    RouteBook book(routes, *this);
    book.add("GET", "tokens", Access::in_person, Scope::house, &TokenDesk::list);
    book.add("POST", "tokens", Access::in_person, Scope::house, &TokenDesk::add);
    book.add("DELETE", "tokens/*", Access::in_person, Scope::house, &TokenDesk::remove);
}

void TokenDesk::list(const Asked& ask) {
    TokenStore store(counter_.house().state.connection());
    const auto tokens = store.list(administers(*ask->account) ? "" : ask->account->id);
    if (!tokens)
        return ask->answer(counter_.refused(tokens.error()));
    Json json;
    json["tokens"] = Json::array();
    for (const auto& token : *tokens) {
        const auto* by = counter_.account_by_id(token.account);
        json["tokens"].push_back(json_of(token, by == nullptr ? "" : by->name));
    }
    ask->answer(json_reply(json));
}

void TokenDesk::add(const Asked& ask) {
    Form form(ask->request);
    Token token;
    token.id = counter_.short_id("t");
    token.name = form.text("name", {1, 100});
    token.account = ask->account->id;
    token.made = counter_.wall();
    if (auto scopes = form.maybe_texts("scopes", all_scopes.size(), {1, 20}))
        token.scopes = std::move(*scopes);
    for (const auto& scope : token.scopes)
        if (!scope_named(scope))
            form.complain("scopes", "are read, hear, write, remove and house");
    if (token.scopes.empty())
        form.complain("scopes", "are wanted: one at least");
    if (const auto days = form.maybe_whole("days", 1, 3'650))
        token.ends = token.made + hours(24) * *days;
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    TokenStore store(counter_.house().state.connection());
    const auto others = store.list(ask->account->id);
    if (!others)
        return ask->answer(counter_.refused(others.error()));
    if (others->size() >= limits::tokens_of_an_account_max)
        return ask->answer(problem(422, "limit", "You have as many tokens as you may have."));
    if (!counter_.tell(*ask, {.what = "token-made", .detail = token.id}))
        return;
    const auto secret = std::string(kind) + counter_.secret(limits::secret_bytes);
    if (const auto added = store.add(secret, token); !added)
        return ask->answer(counter_.refused(added.error()));
    Json json;
    json["token"] = json_of(token, ask->account->name);
    json["secret"] = secret;
    auto reply = json_reply(json, 201);
    reply.headers.push_back({"Cache-Control", "no-store"});
    ask->answer(std::move(reply));
}

void TokenDesk::remove(const Asked& ask) {
    TokenStore store(counter_.house().state.connection());
    const auto token = store.by_id(ask->parts[1]);
    if (!token)
        return ask->answer(counter_.refused(token.error()));
    const bool is_theirs =
        *token && ((*token)->account == ask->account->id || administers(*ask->account));
    if (!is_theirs)
        return ask->answer(not_found());
    if (!counter_.tell(*ask, {.what = "token-removed", .detail = ask->parts[1]}))
        return;
    if (const auto gone = store.remove(ask->parts[1]); !gone)
        return ask->answer(counter_.refused(gone.error()));
    ask->answer({.status = 204});
}

}  // namespace nk::listener
