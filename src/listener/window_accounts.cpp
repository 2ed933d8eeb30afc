// Accounts, for who owns or administers the house.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "listener/detail/account_json.h"
#include "listener/form.h"
#include "listener/password.h"
#include "listener/problem.h"
#include "listener/stores/factors.h"
#include "listener/stores/tokens.h"
#include "listener/window.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;
using purpose::Role;
using purpose::Roles;

bool administers(const Account& account) {
    return account.roles.has(Role::owner) || account.roles.has(Role::admin);
}

// What an administrator may not make of anybody: whoever could hear by that.
bool is_above(const Account& asker, Roles roles) {
    return !asker.roles.has(Role::owner) && roles != Roles{Role::admin};
}

struct Wanted {
    std::optional<std::string> name;
    std::optional<std::string> password;
    std::optional<Roles> roles;
};

// Takes over what the form says, all but the password.
Wanted read(Form& form, Account& account) {
    Wanted wanted;
    wanted.name = form.maybe_text("name", {1, 100});
    if (wanted.name)
        account.name = *wanted.name;
    wanted.password = form.maybe_text("password", {10, 1'000});
    if (const auto names = form.maybe_texts("roles", purpose::all_roles.size(), {1, 20})) {
        Roles roles;
        for (const auto& name : *names)
            if (const auto role = purpose::role_named(name))
                roles.add(*role);
            else
                form.complain("roles", "has one that is none");
        if (names->empty())
            form.complain("roles", "is to have one at least");
        wanted.roles = account.roles = roles;
    }
    if (const auto language = form.maybe_text("language", {2, 2})) {
        if (*language != "nl" && *language != "en")
            form.complain("language", "is to be nl or en");
        account.language = *language;
    }
    if (const auto face = form.maybe_text("face", {1, 20})) {
        if (*face != "calm" && *face != "full")
            form.complain("face", "is to be calm or full");
        account.face = *face;
    }
    if (auto numbers = form.maybe_texts("numbers", 50, {1, 100}))
        account.numbers = std::move(*numbers);
    if (auto team = form.maybe_text("team", {0, 100}))
        account.team = std::move(*team);
    if (auto leads = form.maybe_texts("leads", 50, {1, 100}))
        account.leads = std::move(*leads);
    return wanted;
}

}  // namespace

void Window::list_accounts(const Asked& ask) {
    if (!administers(*ask->account))
        return ask->answer(not_allowed("not-for-this-role"));
    Json json;
    json["accounts"] = Json::array();
    for (const auto& account : accounts())
        json["accounts"].push_back(json_of(account));
    ask->answer({.content_type = "application/json", .body = json.dump()});
}

void Window::add_account(const Asked& ask) {
    if (!administers(*ask->account))
        return ask->answer(not_allowed("not-for-this-role"));
    if (accounts().size() >= limits::accounts_max)
        return ask->answer(problem(422, "limit", "There are as many accounts as there may be."));
    Form form(ask->request);
    Account account;
    account.id = short_id("a");
    account.language = house().state.setting("language").value_or("nl");
    const auto wanted = read(form, account);
    for (const char* name : {"name", "password", "roles"})
        if (!form.has(name))
            form.complain(name, "is missing");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    if (is_above(*ask->account, account.roles))
        return ask->answer(problem(403, "not-for-this-role",
                                   "An administrator makes administrators; an owner everybody."));
    work(ask, [this, ask, account, wanted] {
        auto hash = hash_password(*wanted.password);
        return std::function<void()>([this, ask, account, hash]() mutable {
            if (!hash)
                return ask->answer(refused(hash.error()));
            account.password = *hash;
            keep_account(ask, account, 201, "account-added");
        });
    });
}

// Without one the house could never be changed again.
bool Window::is_last_who_administers(const Account& account) const {
    return std::none_of(accounts().begin(), accounts().end(), [&](const auto& other) {
        return other.id != account.id && !other.is_disabled && other.roles.has(Role::owner);
    });
}

void Window::change_account(const Asked& ask) {
    if (!administers(*ask->account))
        return ask->answer(not_allowed("not-for-this-role"));
    const auto* known = account_by_id(ask->parts[1]);
    if (known == nullptr)
        return ask->answer(not_found());
    const Account before = *known;
    Account account = before;
    Form form(ask->request);
    const auto wanted = read(form, account);
    if (const auto is_disabled = form.maybe_truth("is_disabled"))
        account.is_disabled = *is_disabled;
    const bool loses_factor = form.maybe_truth("remove_authenticator").value_or(false);
    const bool ends_ownership =
        before.roles.has(Role::owner) && (!account.roles.has(Role::owner) || account.is_disabled);
    if (ends_ownership && is_last_who_administers(before))
        form.complain(account.is_disabled ? "is_disabled" : "roles",
                      "there must be one owner who can sign in");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    // Numbers, teams and passwords open recordings, too: those of others are an owner's to give.
    const bool is_own = before.id == ask->account->id;
    if (is_above(*ask->account, before.roles) || is_above(*ask->account, account.roles) ||
        (is_own && !ask->account->roles.has(Role::owner) && account.numbers != before.numbers))
        return ask->answer(problem(403, "not-for-this-role",
                                   "An administrator changes administrators; an owner everybody."));
    if (loses_factor) {
        if (!tell(*ask, {.what = "authenticator-removed", .detail = account.id}))
            return;
        FactorStore factors(house().state.connection());
        if (const auto gone = factors.remove_authenticator(account.id); !gone)
            return ask->answer(refused(gone.error()));
    }
    if (!wanted.password)
        return keep_account(ask, account, 200, "account-changed");
    work(ask, [this, ask, account, before, ends_ownership, wanted] {
        auto hash = hash_password(*wanted.password);
        return std::function<void()>([this, ask, account, before, ends_ownership, hash]() mutable {
            if (!hash)
                return ask->answer(refused(hash.error()));
            const auto* now_known = account_by_id(before.id);
            const auto* asker = account_by_id(ask->account->id);
            if (now_known == nullptr || *now_known != before || asker == nullptr ||
                *asker != *ask->account || (ends_ownership && is_last_who_administers(before)))
                return ask->answer(problem(409, "changed-meanwhile",
                                           "Somebody changed it meanwhile; look again."));
            account.password = *hash;
            // Whatever else opened it may be in the wrong hands, too.
            auto ended = house().state.end_sessions_of(account.id);
            if (ended)
                ended = TokenStore(house().state.connection()).remove_of(account.id);
            if (ended)
                ended = FactorStore(house().state.connection()).remove_passkeys(account.id);
            if (!ended)
                return ask->answer(refused(ended.error()));
            keep_account(ask, account, 200, "account-changed");
        });
    });
}

void Window::keep_account(const Asked& ask, const Account& account, int status,
                          std::string_view what) {
    const auto same_name = house().state.account_named(account.name);
    if (!same_name)
        return ask->answer(refused(same_name.error()));
    if (*same_name && (*same_name)->id != account.id)
        return ask->answer(problem(409, "name-taken", "Another account has that name.",
                                   {{"name", "is another account's"}}));
    std::string roles;
    for (const auto role : purpose::all_roles)
        if (account.roles.has(role))
            roles.append(roles.empty() ? "" : ", ").append(name_of(role));
    if (!tell(*ask, {.what = std::string(what), .detail = account.id + ": " + roles}))
        return;
    const auto put = house().state.put(account);
    if (!put)
        return ask->answer(refused(put.error()));
    if (account.is_disabled)
        if (const auto ended = house().state.end_sessions_of(account.id); !ended)
            return ask->answer(refused(ended.error()));
    if (const auto read = read_accounts(); !read)
        return ask->answer(refused(read.error()));
    ask->answer(
        {.status = status, .content_type = "application/json", .body = json_of(*put).dump()});
}

}  // namespace nk::listener
