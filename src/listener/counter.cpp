#include "listener/counter.h"

#include <algorithm>
#include <utility>

#include "archive/layout.h"
#include "archive/reading.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/same_text.h"
#include "listener/problem.h"
#include "listener/stores/tokens.h"

namespace nk::listener {

namespace {

constexpr std::array<std::string_view, 5> scope_names{"read", "hear", "write", "remove", "house"};
constexpr std::string_view cookie_name = "naklank";
constexpr std::string_view secure_cookie_name = "__Host-naklank";

std::string_view cookie_in(const HttpRequest& request) {
    const auto name = request.is_secure ? secure_cookie_name : cookie_name;
    std::string_view rest = request.header("cookie").value_or("");
    while (!rest.empty()) {
        const auto end = std::min(rest.find(';'), rest.size());
        auto one = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        if (one.substr(0, one.find('=')) == name && one.size() > name.size())
            return one.substr(name.size() + 1);
    }
    return {};
}

bool changes_something(std::string_view method) {
    return method != "GET" && method != "HEAD";
}

// Another site can make a browser send our cookie along, but neither this header nor the truth
// about where it comes from.
bool is_from_our_pages(const HttpRequest& request) {
    const auto site = request.header("sec-fetch-site");
    return request.header("x-naklank-window") == "1" &&
           (!site || *site == "same-origin" || *site == "none");
}

// RFC 6750 2.1
std::string_view bearer_in(const HttpRequest& request) {
    constexpr std::string_view scheme = "Bearer ";
    const auto said = request.header("authorization").value_or("");
    return equal_ci(said.substr(0, scheme.size()), scheme) ? said.substr(scheme.size())
                                                           : std::string_view();
}

}  // namespace

std::string_view name_of(Scope scope) {
    return scope_names.at(static_cast<std::size_t>(scope));
}

std::optional<Scope> scope_named(std::string_view name) {
    const auto* at = std::find(scope_names.begin(), scope_names.end(), name);
    if (at == scope_names.end())
        return std::nullopt;
    return static_cast<Scope>(at - scope_names.begin());
}

Counter::Counter(const House& house, WindowOptions options)
    : house_(house),
      options_(std::move(options)),
      people_file_(house.disk, options_.archive, house.calls) {}

// Who asks, and whether they may come any further.
std::optional<HttpReply> Counter::identify(Ask& ask, Access access, Scope scope) {
    if (access == Access::says_who_in_its_body)
        return std::nullopt;
    if (const auto bearer = bearer_in(ask.request);
        !bearer.empty() && access != Access::open_to_all)
        return identify_by_token(ask, bearer, access, scope);
    if (changes_something(ask.request.method) && !is_from_our_pages(ask.request))
        return problem(403, "not-from-the-window",
                       "What changes something carries the header X-Naklank-Window: 1, and comes "
                       "from our own pages.");
    ask.secret = std::string(cookie_in(ask.request));
    if (ask.secret.empty())
        return access == Access::open_to_all ? std::nullopt : std::optional(not_signed_in());
    const auto now = house_.clock.wall();
    const auto session = house_.state.session(ask.secret, now);
    if (!session)
        return refused(session.error());
    const auto* account = *session ? account_by_id((*session)->account) : nullptr;
    if (account == nullptr || account->is_disabled)
        return access == Access::open_to_all ? std::nullopt : std::optional(not_signed_in());
    ask.account = *account;
    ask.viewer = viewer_of(*account);
    if (now - (*session)->used > limits::session_noted_every)
        if (const auto used = house_.state.use_session(ask.secret, now); !used)
            house_.warn(used.error().what);
    return std::nullopt;
}

// No other site's pages have it, so that nothing else has to prove where it comes from.
std::optional<HttpReply> Counter::identify_by_token(Ask& ask, std::string_view bearer,
                                                    Access access, Scope scope) {
    if (access == Access::in_person)
        return problem(403, "not-by-token", "This is for people who signed in themselves.");
    const auto now = house_.clock.wall();
    TokenStore tokens(house_.state.connection());
    const auto token = tokens.by_secret(bearer, now);
    if (!token)
        return refused(token.error());
    const auto* account = *token ? account_by_id((*token)->account) : nullptr;
    if (account == nullptr || account->is_disabled) {
        auto reply = not_signed_in();
        reply.headers.push_back({"WWW-Authenticate", "Bearer error=\"invalid_token\""});
        return reply;
    }
    const auto& scopes = (*token)->scopes;
    if (std::find(scopes.begin(), scopes.end(), name_of(scope)) == scopes.end())
        return problem(403, "insufficient-scope",
                       "This wants a token with the scope " + std::string(name_of(scope)) + ".");
    ask.account = *account;
    ask.viewer = viewer_of(*account);
    ask.token = (*token)->id;
    ask.scopes = scopes;
    const auto& used = (*token)->used;
    if (!used || now - *used > limits::session_noted_every)
        if (const auto noted = tokens.use(ask.token, now); !noted)
            house_.warn(noted.error().what);
    return std::nullopt;
}

Result<void> Counter::read_accounts() {
    NK_TAKE(accounts_, house_.state.accounts());
    std::vector<CallList::Claim> claims;
    for (const auto& account : accounts_)
        claims.push_back({account.index, account.numbers});
    house_.calls.set_claims(claims);
    return {};
}

Viewer Counter::viewer_of(const Account& account) const {
    Viewer viewer{account.roles, account.index, {}};
    for (const auto& other : accounts_)
        if (!other.team.empty() && std::find(account.leads.begin(), account.leads.end(),
                                             other.team) != account.leads.end())
            viewer.team.push_back(other.index);
    return viewer;
}

const Account* Counter::account_by_id(std::string_view id) const {
    const auto at = std::find_if(accounts_.begin(), accounts_.end(),
                                 [id](const auto& account) { return account.id == id; });
    return at == accounts_.end() ? nullptr : &*at;
}

// Letters that nobody takes for another, five bits each.
std::string Counter::secret(std::size_t bytes) {
    constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
    std::vector<std::uint8_t> chance(bytes * 8 / 5 + 1);
    house_.random.fill(chance);
    std::string out;
    for (const auto byte : chance)
        out += letters[byte & 31U];
    return out;
}

std::string Counter::short_id(std::string_view kind) {
    return std::string(kind) + "-" + secret(5).substr(0, 8);
}

HttpReply Counter::refused(const Error& error) {
    if (error.blame != Blame::peer)
        house_.warn(error.what);
    return problem_of(error);
}

bool Counter::write_down(const custody::Event& event) {
    const auto told = house_.log.append(event);
    if (!told)
        house_.warn("the custody log: " + told.error().what);
    return told.has_value();
}

bool Counter::tell(const Ask& ask, custody::Event event) {
    if (event.who.empty())
        event.who = ask.account ? ask.account->id : "nobody";
    event.from = came_from(ask);
    if (write_down(event))
        return true;
    ask.answer(not_written_down());
    return false;
}

// Each once a minute: a page that asks again and again does not fill the log.
bool Counter::write_denial(const Ask& ask, std::string_view recording, const std::string& what) {
    const auto now = house_.clock.now();
    const auto who = ask.account ? ask.account->id : std::string("nobody");
    std::erase_if(denials_,
                  [&](const auto& one) { return now - one.second > limits::denial_told_every; });
    const bool is_told =
        denials_.size() >= limits::denials_remembered_max ||
        !denials_.try_emplace(who + " " + std::string(recording) + " " + what, now).second;
    return is_told || write_down({.what = "denied",
                                  .who = who,
                                  .from = came_from(ask),
                                  .recording = std::string(recording),
                                  .detail = what});
}

// What somebody may not see is not there for them; what they see and may not do is refused.
void Counter::deny(const Asked& ask, std::string_view recording, purpose::Action action,
                   purpose::Reason reason) {
    if (!write_denial(*ask, recording,
                      std::string(name_of(action)) + ": " + std::string(name_of(reason))))
        return ask->answer(not_written_down());
    const bool is_seen = house_.calls.may(ask->viewer, purpose::Action::see, recording).is_allowed;
    ask->answer(is_seen ? not_allowed(name_of(reason)) : not_found());
}

bool Counter::is_still_in(const std::string& account, const std::string& secret,
                          const std::string& token) {
    const auto* known = account_by_id(account);
    if (known == nullptr || known->is_disabled)
        return false;
    if (token.empty()) {
        const auto session = house_.state.session(secret, wall());
        return session && *session;
    }
    TokenStore tokens(house_.state.connection());
    const auto found = tokens.by_id(token);
    return found && *found && (!(*found)->ends || *(*found)->ends > wall());
}

bool Ask::has(Scope scope) const {
    return token.empty() || std::find(scopes.begin(), scopes.end(), name_of(scope)) != scopes.end();
}

std::optional<CallRow> Counter::call_for(const Asked& ask, purpose::Action action) {
    const auto& id = ask->parts[1];
    if (!archive::is_id(id) || !house_.calls.has(id)) {
        ask->answer(not_found());
        return std::nullopt;
    }
    const auto decision = house_.calls.may(ask->viewer, action, id);
    auto row = house_.calls.find(ask->viewer, id, house_.clock.wall());
    if (decision.is_allowed && row)
        return row;
    deny(ask, id, action, decision.reason);
    return std::nullopt;
}

std::string came_from(const Ask& ask) {
    auto from = ask.request.remote.ip.text();
    return ask.token.empty() ? from : from + " " + ask.token;
}

void Counter::follow_people() {
    if (const auto followed = people_file_.follow(); !followed)
        house_.warn(followed.error().what + "; until it can be, nobody's name is changed");
}

std::unique_ptr<FileLock> Counter::turn_of_people(const Asked& ask) {
    auto turn = people_file_.turn();
    if (!turn) {
        ask->answer(turn.error().code == Code::busy
                        ? problem(503, "busy", "Somebody else changes people; try again.")
                        : refused(turn.error()));
        return nullptr;
    }
    if (people_file_.is_readable())
        return *std::move(turn);
    ask->answer(
        problem(503, "machine", "The file of people cannot be read; the recorder's log says why."));
    return nullptr;
}

bool Counter::knows_person(const Ask& ask, std::string_view id) const {
    const auto& people = house_.calls.people();
    const auto at =
        std::find_if(people.begin(), people.end(), [&](const auto& one) { return one.id == id; });
    if (at == people.end())
        return false;
    if (ask.account->roles.has(purpose::Role::owner))
        return true;
    CallQuery query;
    query.person = at->id;
    query.limit = 1;
    return !house_.calls.page(ask.viewer, query).rows.empty();
}

bool Counter::check(const Asked& ask, std::string_view recording, purpose::Action action) {
    const auto decision = house_.calls.may(ask->viewer, action, recording);
    if (!decision.is_allowed)
        deny(ask, recording, action, decision.reason);
    return decision.is_allowed;
}

bool Counter::may_try(const Asked& ask, const std::string& key) {
    const auto now = house_.clock.now();
    if (const auto wait = throttle_.wait(key, now); wait > Nanos(0)) {
        auto reply = problem(429, "too-many-tries", "Too many tries; wait a little.");
        reply.headers.push_back({"Retry-After", std::to_string(wait / seconds(1) + 1)});
        ask->answer(std::move(reply));
        return false;
    }
    // Counted before it is known: many at once have no more tries than one after the other.
    throttle_.fail(key, now);
    return true;
}

void Counter::work(const Asked& ask, std::function<std::function<void()>()> job) {
    if (!house_.work.post(std::move(job)))
        ask->answer(problem(503, "busy", "Too much is asked just now; try again."));
}

Marked marked_by(const archive::Notes& notes) {
    return {.purpose = notes.purpose,
            .is_kept = notes.is_kept,
            .notes = static_cast<std::uint16_t>(notes.notes.size()),
            .tags = notes.tags,
            .is_held = notes.hold.has_value(),
            .announced = notes.announced,
            .removed = notes.removed ? std::optional(notes.removed->at) : std::nullopt};
}

Marked marked_by(Disk& disk, const std::string& archive, std::string_view id,
                 const archive::Notes& notes) {
    auto marked = marked_by(notes);
    if (notes.findings.empty())
        return marked;
    if (const auto facts = archive::read_facts(disk, archive, id); facts && facts->brought) {
        const auto findings = call::with_later(facts->findings, notes.findings);
        marked.found = Marked::Found{call::know(findings), facts->brought->own_number};
    }
    return marked;
}

void Counter::on_recording(std::string_view id) {
    const auto notes = archive::read_notes(house_.disk, options_.archive, id);
    if (notes)
        house_.calls.mark(id, marked_by(house_.disk, options_.archive, id, *notes));
    else
        house_.warn(notes.error().what);
}

void Counter::happened(std::string_view what, std::string_view recording) {
    const Happening happening{what, std::string(recording)};
    for (const auto& follower : followers_)
        follower(happening);
}

void Counter::follow(std::function<void(const Happening&)> follower) {
    followers_.push_back(std::move(follower));
}

}  // namespace nk::listener
