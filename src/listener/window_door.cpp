// Coming in: set-up, signing in and out, and what somebody sets for themselves.

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/same_text.h"
#include "listener/detail/account_json.h"
#include "listener/fold.h"
#include "listener/form.h"
#include "listener/password.h"
#include "listener/problem.h"
#include "listener/window.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;

constexpr TextLimits name_limits{1, 100};
constexpr TextLimits password_limits{10, 1'000};
constexpr TextLimits number_limits{1, 100};
constexpr std::size_t numbers_max = 50;

HttpReply wrong_password() {
    return problem(401, "wrong-password", "The name or the password is not right.");
}

std::string cookie(const HttpRequest& request, std::string_view secret, Nanos age) {
    // RFC 6265bis 4.1.3: a name with that prefix is taken from a secure page of this host alone.
    std::string out = request.is_secure ? "__Host-naklank=" : "naklank=";
    out.append(secret).append("; Path=/; HttpOnly; SameSite=Strict; Max-Age=");
    out += std::to_string(age / seconds(1));
    return request.is_secure ? out + "; Secure" : out;
}

}  // namespace

std::string Window::session_json(const Account& account) const {
    Json json;
    json["account"] = json_of(account);
    json["for_whom"] = house().state.setting("for_whom").value_or("home");
    json["may"] = Json::array();
    using purpose::Role;
    const std::pair<const char*, purpose::Roles> house_rights[] = {
        {"accounts", {Role::owner, Role::admin}},
        {"whole_log", {Role::owner, Role::auditor}},
        {"retention", {Role::owner}},
        {"webhooks", {Role::owner, Role::admin}},
        {"check", {Role::owner, Role::auditor, Role::admin}},
        {"library", {Role::owner, Role::manager, Role::trainer}},
        {"album", {Role::owner, Role::family}}};
    for (const auto& [what, roles] : house_rights)
        if (account.roles.has_one_of(roles))
            json["may"].push_back(what);
    return json.dump();
}

void Window::get_status(const Asked& ask) {
    Json json;
    json["version"] = options().version;
    json["is_set_up"] = !accounts().empty();
    json["language"] = "nl";
    if (const auto language = house().state.setting("language"); language && !language->empty())
        json["language"] = *language;
    if (accounts().empty())
        json["archive"] = options().archive;
    ask->answer({.content_type = "application/json", .body = json.dump()});
}

void Window::set_up(const Asked& ask) {
    if (!accounts().empty())
        return ask->answer(problem(409, "set-up-already",
                                   "This house is set up; an owner of it can add accounts."));
    const std::string who = "set up " + ask->request.remote.ip.text();
    if (throttle().wait(who, house().clock.now()) > Nanos(0))
        return ask->answer(problem(429, "too-many-tries", "Wait a little before the next try."));
    Form form(ask->request);
    const auto code = form.text("code", {1, 100});
    const auto for_whom = form.text("for_whom", {1, 20});
    const auto language = form.text("language", {2, 2});
    Account account;
    account.name = form.text("name", name_limits);
    const auto password = form.text("password", password_limits);
    account.numbers = form.maybe_texts("numbers", numbers_max, number_limits)
                          .value_or(std::vector<std::string>());
    if (for_whom != "home" && for_whom != "company")
        form.complain("for_whom", "is to be home or company");
    if (language != "nl" && language != "en")
        form.complain("language", "is to be nl or en");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    if (!equal_in_constant_time(code, set_up_code_)) {
        throttle().fail(who, house().clock.now());
        return ask->answer(problem(403, "wrong-code",
                                   "The code is not the one that the recorder printed when it was "
                                   "started last."));
    }
    using purpose::Role;
    account.id = short_id("a");
    account.language = language;
    account.roles = for_whom == "home" ? purpose::Roles{Role::owner, Role::admin}
                                       : purpose::Roles{Role::owner, Role::admin, Role::manager};
    account.face = for_whom == "home" ? "calm" : "full";
    work(ask, [this, ask, account, for_whom, password] {
        auto hash = hash_password(password);
        return std::function<void()>([this, ask, account, for_whom, hash]() mutable {
            if (!hash)
                return ask->answer(refused(hash.error()));
            if (!accounts().empty())  // somebody was faster
                return ask->answer(problem(409, "set-up-already", "This house is set up."));
            account.password = *hash;
            if (!tell(*ask, {.what = "set-up", .who = account.id, .detail = for_whom}))
                return;
            auto put = house().state.put(account);
            if (put)
                if (auto set = house().state.set("for_whom", for_whom); !set)
                    put = tl::unexpected(set.error());
            if (put)
                if (auto set = house().state.set("language", account.language); !set)
                    put = tl::unexpected(set.error());
            if (put)
                if (auto read = read_accounts(); !read)
                    put = tl::unexpected(read.error());
            if (!put)
                return ask->answer(refused(put.error()));
            set_up_code_.clear();
            begin_session(ask, *put, "signed-in");
        });
    });
}

void Window::get_session(const Asked& ask) {
    ask->answer({.content_type = "application/json", .body = session_json(*ask->account)});
}

// A name that nobody has takes as long as a wrong password, and is told no otherwise.
void Window::sign_in(const Asked& ask) {
    Form form(ask->request);
    const auto name = form.text("name", {1, 100});
    const auto password = form.text("password", {1, 1'000});
    const auto code = form.maybe_text("code", {0, 20}).value_or("");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    const auto now = house().clock.now();
    const std::string by_name = "name " + fold(name);
    const std::string by_address = "address " + ask->request.remote.ip.text();
    if (const auto wait = std::max(throttle().wait(by_name, now), throttle().wait(by_address, now));
        wait > Nanos(0)) {
        auto reply = problem(429, "too-many-tries", "Too many tries; wait a little.");
        reply.headers.push_back({"Retry-After", std::to_string(wait / seconds(1) + 1)});
        return ask->answer(std::move(reply));
    }
    auto found = house().state.account_named(name);
    if (!found)
        return ask->answer(refused(found.error()));
    // Counted before it is known: many at once have no more tries than one after the other.
    throttle().fail(by_name, now);
    throttle().fail(by_address, now);
    const auto account = *found;
    work(ask, [this, ask, account, password, code, by_name, by_address] {
        const bool fits =
            fits_password(password, account ? account->password : nobodys_hash()) && account;
        return std::function<void()>([this, ask, account, fits, code, by_name, by_address] {
            // As it was when the password was looked at, and not changed meanwhile.
            const auto* now_known = account ? account_by_id(account->id) : nullptr;
            const bool is_as_it_was =
                now_known != nullptr && now_known->password == account->password;
            if (!fits || !is_as_it_was || now_known->is_disabled) {
                if (tell(*ask,
                         {.what = "sign-in-refused", .who = account ? account->id : "nobody"}))
                    ask->answer(wrong_password());
                return;
            }
            if (account->has_authenticator && !is_second_factor(ask, *account, code))
                return;
            throttle().succeed(by_name);
            throttle().succeed(by_address);
            begin_session(ask, *account, "signed-in");
        });
    });
}

// False, and the ask is answered, when it is missing or wrong. A wrong one counts as a wrong
// password does.
bool Window::is_second_factor(const Asked& ask, const Account& account, const std::string& code) {
    const auto fits = code.empty() ? Result<bool>(false) : factors_.fits_code(account, code);
    if (!fits) {
        ask->answer(refused(fits.error()));
        return false;
    }
    if (!*fits &&
        (code.empty() ||
         tell(*ask, {.what = "sign-in-refused", .who = account.id, .detail = "second factor"})))
        ask->answer(problem(401, "second-factor-wanted",
                            code.empty() ? "Say the code of your authenticator, too."
                                         : "That code is not the one of now."));
    return *fits;
}

void Window::begin_session(const Asked& ask, const Account& account, std::string_view what) {
    const auto session = secret(limits::secret_bytes);
    const auto now = house().clock.wall();
    if (!tell(*ask, {.what = std::string(what), .who = account.id}))
        return;
    if (const auto begun = house().state.begin_session(
            session, {account.id, now, now, ask->request.remote.ip.text()});
        !begun)
        return ask->answer(refused(begun.error()));
    HttpReply reply{
        .status = 201, .content_type = "application/json", .body = session_json(account)};
    reply.headers.push_back({"Set-Cookie", cookie(ask->request, session, limits::session_longest)});
    ask->answer(std::move(reply));
}

void Window::sign_out(const Asked& ask) {
    if (const auto ended = house().state.end_session(ask->secret); !ended)
        return ask->answer(refused(ended.error()));
    if (!tell(*ask, {.what = "signed-out"}))
        return;
    HttpReply reply{.status = 204};
    reply.headers.push_back({"Set-Cookie", cookie(ask->request, "", Nanos(0))});
    ask->answer(std::move(reply));
}

void Window::change_me(const Asked& ask) {
    Form form(ask->request);
    Account account = *ask->account;
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
    const auto password = form.maybe_text("password", password_limits);
    const auto old = form.maybe_text("old_password", {0, 1'000});
    if (password && !old)
        form.complain("old_password", "is wanted to change it");
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    if (!password)
        return keep_account(ask, account, 200, "account-changed");
    const std::string by_name = "name " + fold(account.name);
    if (!may_try(ask, by_name))
        return;
    work(ask, [this, ask, account, password, old, by_name] {
        const bool fits = fits_password(*old, account.password);
        auto hash = fits ? hash_password(*password) : Result<std::string>("");
        return std::function<void()>([this, ask, account, fits, hash, by_name]() mutable {
            if (!fits)
                return ask->answer(problem(422, "fields", "Some fields cannot be taken.",
                                           {{"old_password", "is not right"}}));
            if (!hash)
                return ask->answer(refused(hash.error()));
            throttle().succeed(by_name);
            const auto* now_known = account_by_id(account.id);
            if (now_known == nullptr)
                return ask->answer(not_signed_in());
            account = *now_known;  // somebody may have changed it meanwhile
            account.password = *hash;
            // Whoever else is signed in with the old one is not any more.
            if (const auto ended = house().state.end_sessions_of(account.id, ask->secret); !ended)
                return ask->answer(refused(ended.error()));
            keep_account(ask, account, 200, "password-changed");
        });
    });
}

}  // namespace nk::listener
