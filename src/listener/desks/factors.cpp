#include "listener/desks/factors.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/base_encoding.h"
#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "listener/detail/json_reply.h"
#include "listener/fold.h"
#include "listener/form.h"
#include "listener/passkey.h"
#include "listener/password.h"
#include "listener/problem.h"
#include "listener/stores/factors.h"
#include "listener/totp.h"

namespace nk::listener {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t recovery_codes = 10;

HttpReply wrong_password_here() {
    return problem(403, "wrong-password", "That is not your password.");
}

// Read over the phone or off a paper: in whatever case, with or without blanks and dashes.
std::string plain_code(std::string_view code) {
    std::string out;
    for (const char c : code)
        if (c != ' ' && c != '-')
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

Json json_of(const Passkey& passkey) {
    Json json;
    json["id"] = passkey.id;
    json["name"] = as_utf8(passkey.name);
    json["made_at"] = rfc3339(passkey.made);
    if (passkey.used)
        json["used_at"] = rfc3339(*passkey.used);
    return json;
}

std::vector<std::uint8_t> bytes_of(Form& form, const char* name, std::size_t most) {
    auto bytes = from_base64url(form.text(name, {1, most}));
    if (!bytes)
        form.complain(name, "is to be base64url");
    return std::move(bytes).value_or(std::vector<std::uint8_t>());
}

HttpReply no_name() {
    return problem(409, "no-name",
                   "Passkeys belong to a name; open the window by one, not by an address.");
}

HttpReply secret_reply(const Json& json) {
    auto reply = json_reply(json);
    reply.headers.push_back({"Cache-Control", "no-store"});
    return reply;
}

}  // namespace

void FactorDesk::add_routes(std::vector<Route>& routes) {
    using enum Access;
    RouteBook book(routes, *this);
    const auto add = [&](const char* method, const char* pattern, Access access, auto handler) {
        book.add(method, pattern, access, Scope::house, handler);
    };
    add("POST", "me/authenticator", in_person, &FactorDesk::begin_authenticator);
    add("PUT", "me/authenticator", in_person, &FactorDesk::confirm_authenticator);
    add("DELETE", "me/authenticator", in_person, &FactorDesk::remove_authenticator);
    add("GET", "me/passkeys", in_person, &FactorDesk::list_passkeys);
    add("POST", "me/passkeys", in_person, &FactorDesk::add_passkey);
    add("POST", "me/passkeys/options", in_person, &FactorDesk::begin_passkey);
    add("DELETE", "me/passkeys/*", in_person, &FactorDesk::remove_passkey);
    add("POST", "session/passkey/options", open_to_all, &FactorDesk::begin_sign_in);
    add("POST", "session/passkey", open_to_all, &FactorDesk::sign_in);
}

void FactorDesk::with_password(const Asked& ask, const std::string& password,
                               std::function<void()> then) {
    const std::string key = "name " + fold(ask->account->name);
    if (!counter_.may_try(ask, key))
        return;
    counter_.work(ask, [this, ask, password, key, hash = ask->account->password, then] {
        const bool fits = fits_password(password, hash);
        return std::function<void()>([this, ask, fits, key, then] {
            if (!fits)
                return ask->answer(wrong_password_here());
            counter_.throttle().succeed(key);
            then();
        });
    });
}

void FactorDesk::begin_authenticator(const Asked& ask) {
    Form form(ask->request);
    const auto password = form.text("password", {1, 1'000});
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    if (ask->account->has_authenticator)
        return ask->answer(problem(409, "has-authenticator", "You have one already."));
    with_password(ask, password, [this, ask] {
        Authenticator made;
        made.secret.resize(totp_secret_bytes);
        counter_.house().random.fill(made.secret);
        FactorStore store(counter_.house().state.connection());
        if (const auto put = store.put(ask->account->id, made); !put)
            return ask->answer(counter_.refused(put.error()));
        Json json;
        json["secret"] = base32(made.secret);
        json["uri"] = totp_uri(made.secret, ask->account->name);
        ask->answer(secret_reply(json));
    });
}

std::vector<std::string> FactorDesk::new_recovery_codes() {
    std::vector<std::string> codes;
    for (std::size_t i = 0; i < recovery_codes; ++i)
        codes.push_back(counter_.secret(7).substr(0, 10));
    return codes;
}

void FactorDesk::confirm_authenticator(const Asked& ask) {
    Form form(ask->request);
    const auto code = form.text("code", {1, 20});
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    FactorStore store(counter_.house().state.connection());
    auto made = store.authenticator(ask->account->id);
    if (!made)
        return ask->answer(counter_.refused(made.error()));
    if (!*made || (*made)->is_confirmed)
        return ask->answer(
            problem(409, "not-begun", "There is no secret to confirm: begin again."));
    const auto step = totp_step((*made)->secret, code, counter_.wall(), (*made)->last_step);
    if (!step)
        return ask->answer(problem(422, "fields", "Some fields cannot be taken.",
                                   {{"code", "is not that of now"}}));
    if (!counter_.tell(*ask, {.what = "authenticator-set"}))
        return;
    const auto codes = new_recovery_codes();
    (*made)->is_confirmed = true;
    (*made)->last_step = *step;
    auto kept = store.set_recovery_codes(ask->account->id, codes);
    if (kept)
        kept = store.put(ask->account->id, **made);
    if (kept)
        kept = counter_.read_accounts();
    if (!kept)
        return ask->answer(counter_.refused(kept.error()));
    Json json;
    json["recovery_codes"] = Json::array();
    for (const auto& one : codes)
        json["recovery_codes"].push_back(one.substr(0, 5) + "-" + one.substr(5));
    ask->answer(secret_reply(json));
}

void FactorDesk::remove_authenticator(const Asked& ask) {
    const auto password =
        percent_decoded(ask->request.header("x-naklank-password").value_or(""), false);
    if (!password)
        return ask->answer(wrong_password_here());
    with_password(ask, *password, [this, ask] {
        if (!counter_.tell(*ask, {.what = "authenticator-removed"}))
            return;
        FactorStore store(counter_.house().state.connection());
        auto gone = store.remove_authenticator(ask->account->id);
        if (gone)
            gone = counter_.read_accounts();
        ask->answer(gone ? HttpReply{.status = 204} : counter_.refused(gone.error()));
    });
}

Result<bool> FactorDesk::fits_code(const Account& account, const std::string& code) {
    FactorStore store(counter_.house().state.connection());
    NK_TAKE(auto made, store.authenticator(account.id));
    if (!made)
        return false;
    if (const auto step = totp_step(made->secret, code, counter_.wall(), made->last_step)) {
        made->last_step = *step;
        NK_TRY(store.put(account.id, *made));
        return true;
    }
    return store.use_recovery_code(account.id, plain_code(code));
}

std::string FactorDesk::new_challenge(const std::string& account, const std::string& whose) {
    const auto now = counter_.now();
    std::erase_if(challenges_, [&](const auto& one) { return one.second.ends <= now; });
    // Who asks and asks takes the place of their own, and of nobody else's.
    const auto is_theirs = [&](const auto& one) { return one.second.whose == whose; };
    if (std::count_if(challenges_.begin(), challenges_.end(), is_theirs) >=
            limits::challenges_of_one_max ||
        challenges_.size() >= limits::challenges_max) {
        const auto oldest = std::find_if(challenges_.begin(), challenges_.end(), is_theirs);
        challenges_.erase(oldest == challenges_.end() ? challenges_.begin() : oldest);
    }
    std::vector<std::uint8_t> chance(32);
    counter_.house().random.fill(chance);
    auto challenge = base64url(chance);
    challenges_[challenge] = {account, whose, now + limits::challenge_lasts};
    return challenge;
}

// Each is answered once.
bool FactorDesk::take_challenge(const std::string& challenge, const std::string& account) {
    const auto known = challenges_.find(challenge);
    if (known == challenges_.end())
        return false;
    const bool is_good = known->second.account == account && known->second.ends > counter_.now();
    challenges_.erase(known);
    return is_good;
}

void FactorDesk::list_passkeys(const Asked& ask) {
    FactorStore store(counter_.house().state.connection());
    const auto passkeys = store.passkeys(ask->account->id);
    if (!passkeys)
        return ask->answer(counter_.refused(passkeys.error()));
    Json json;
    json["passkeys"] = Json::array();
    for (const auto& passkey : *passkeys)
        json["passkeys"].push_back(json_of(passkey));
    ask->answer(json_reply(json));
}

void FactorDesk::begin_passkey(const Asked& ask) {
    Form form(ask->request);
    const auto password = form.text("password", {1, 1'000});
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    const auto party = relying_party(ask->request.header("host").value_or(""));
    if (party.empty())
        return ask->answer(no_name());
    with_password(ask, password, [this, ask, party] {
        FactorStore store(counter_.house().state.connection());
        const auto known = store.passkeys(ask->account->id);
        if (!known)
            return ask->answer(counter_.refused(known.error()));
        if (known->size() >= limits::passkeys_of_an_account_max)
            return ask->answer(problem(422, "limit", "You have as many passkeys as you may have."));
        Json key;
        key["challenge"] = new_challenge(ask->account->id, ask->account->id);
        key["rp"] = {{"id", party}, {"name", "Naklank"}};
        key["user"] = {{"id", base64url(as_bytes(ask->account->id))},
                       {"name", as_utf8(ask->account->name)},
                       {"displayName", as_utf8(ask->account->name)}};
        key["pubKeyCredParams"] = Json::array();
        for (const int algorithm : {-7, -8, -257})
            key["pubKeyCredParams"].push_back({{"type", "public-key"}, {"alg", algorithm}});
        key["authenticatorSelection"] = {{"residentKey", "required"},
                                         {"requireResidentKey", true},
                                         {"userVerification", "required"}};
        key["attestation"] = "none";
        key["timeout"] = to_ms(limits::challenge_lasts);
        key["excludeCredentials"] = Json::array();
        for (const auto& one : *known)
            key["excludeCredentials"].push_back(
                {{"type", "public-key"}, {"id", base64url(one.credential)}});
        ask->answer(json_reply({{"publicKey", key}}));
    });
}

namespace {

// The challenge that the client's data names: what we look it up by.
std::string challenge_in(Bytes client_data) {
    const auto json = nlohmann::json::parse(client_data.begin(), client_data.end(), nullptr, false);
    const auto at = json.is_object() ? json.find("challenge") : json.end();
    return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace

void FactorDesk::add_passkey(const Asked& ask) {
    Form form(ask->request);
    const auto name = form.text("name", {1, 100});
    std::vector<std::uint8_t> client_data;
    std::vector<std::uint8_t> attestation;
    form.object("credential", [&](Form& part) {
        client_data = bytes_of(part, "client_data", 4'000);
        attestation = bytes_of(part, "attestation", 10'000);
    });
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    const auto challenge = challenge_in(client_data);
    const auto refused = [&](std::string_view why) {
        ask->answer(problem(422, "passkey-refused", why));
    };
    if (!take_challenge(challenge, ask->account->id))
        return refused("The question was not ours, or too long ago; begin again.");
    const auto made =
        read_new_passkey(client_data, attestation,
                         {challenge, std::string(ask->request.header("host").value_or(""))});
    if (!made)
        return refused(made.error().what);
    FactorStore store(counter_.house().state.connection());
    const auto known = store.passkey(made->credential);
    if (!known)
        return ask->answer(counter_.refused(known.error()));
    if (*known)
        return ask->answer(problem(409, "passkey-known", "This passkey is known already."));
    if (!counter_.tell(*ask, {.what = "passkey-added"}))
        return;
    const Passkey passkey{counter_.short_id("k"),
                          ask->account->id,
                          name,
                          made->credential,
                          made->algorithm,
                          made->public_key,
                          made->count,
                          counter_.wall(),
                          {}};
    if (const auto added = store.add(passkey); !added)
        return ask->answer(counter_.refused(added.error()));
    ask->answer(json_reply(json_of(passkey), 201));
}

void FactorDesk::remove_passkey(const Asked& ask) {
    FactorStore store(counter_.house().state.connection());
    const auto known = store.passkeys(ask->account->id);
    if (!known)
        return ask->answer(counter_.refused(known.error()));
    if (std::none_of(known->begin(), known->end(),
                     [&](const auto& one) { return one.id == ask->parts[2]; }))
        return ask->answer(not_found());
    if (!counter_.tell(*ask, {.what = "passkey-removed", .detail = ask->parts[2]}))
        return;
    const auto gone = store.remove_passkey(ask->account->id, ask->parts[2]);
    if (!gone)
        return ask->answer(counter_.refused(gone.error()));
    ask->answer(*gone ? HttpReply{.status = 204} : not_found());
}

void FactorDesk::begin_sign_in(const Asked& ask) {
    const auto party = relying_party(ask->request.header("host").value_or(""));
    if (party.empty())
        return ask->answer(no_name());
    Json key;
    key["challenge"] = new_challenge("", ask->request.remote.ip.text());
    key["rpId"] = party;
    key["userVerification"] = "required";
    key["timeout"] = to_ms(limits::challenge_lasts);
    key["allowCredentials"] = Json::array();
    ask->answer(json_reply({{"publicKey", key}}));
}

void FactorDesk::sign_in(const Asked& ask) {
    Form form(ask->request);
    const auto id = bytes_of(form, "id", 1'500);
    const auto client_data = bytes_of(form, "client_data", 4'000);
    const auto data = bytes_of(form, "authenticator_data", 2'000);
    const auto signature = bytes_of(form, "signature", 2'000);
    if (auto refusal = form.refusal())
        return ask->answer(std::move(*refusal));
    const std::string by_address = "address " + ask->request.remote.ip.text();
    if (!counter_.may_try(ask, by_address))
        return;
    FactorStore store(counter_.house().state.connection());
    const auto passkey = store.passkey(id);
    if (!passkey)
        return ask->answer(counter_.refused(passkey.error()));
    const auto challenge = challenge_in(client_data);
    const bool is_asked = take_challenge(challenge, "");
    const auto* account = *passkey ? counter_.account_by_id((*passkey)->account) : nullptr;
    const auto refuse_them = [&] {
        if (counter_.tell(*ask, {.what = "sign-in-refused",
                                 .who = account == nullptr ? "nobody" : account->id,
                                 .detail = "passkey"}))
            ask->answer(problem(401, "wrong-passkey", "This passkey opens nothing here."));
    };
    if (account == nullptr || account->is_disabled || !is_asked)
        return refuse_them();
    const auto count = check_assertion(
        {client_data, data, signature}, (*passkey)->algorithm, (*passkey)->public_key,
        {challenge, std::string(ask->request.header("host").value_or(""))});
    // 6.1.1: a count that does not grow is told by a copy. Many count nothing, and say 0.
    const bool is_copy =
        count && (*count != 0 || (*passkey)->count != 0) && *count <= (*passkey)->count;
    if (!count || is_copy)
        return refuse_them();
    if (const auto used = store.use((*passkey)->id, *count, counter_.wall()); !used)
        return ask->answer(counter_.refused(used.error()));
    counter_.throttle().succeed(by_address);
    sign_in_(ask, *account, "signed-in");
}

}  // namespace nk::listener
