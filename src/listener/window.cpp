#include "listener/window.h"

#include <algorithm>
#include <array>
#include <utility>

#include "archive/house_files.h"
#include "archive/layout.h"
#include "archive/notes.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "listener/form.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

constexpr std::string_view api = "/api/v1/";
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

}  // namespace

Window::Window(Key, const House& house, WindowOptions options)
    : house_(house), options_(std::move(options)) {}

Window::~Window() {
    hearings_.end_old(
        house_.clock.now(), [this](const auto& event) { return write_down(event); }, true);
}

Result<std::unique_ptr<Window>> Window::open(const House& house, WindowOptions options) {
    auto window = std::make_unique<Window>(Key(), house, std::move(options));
    NK_TRY(window->read_accounts());
    if (window->accounts_.empty())
        window->set_up_code_ = window->secret(20);
    NK_TAKE(auto known, archive::read_people(house.disk, window->options_.archive));
    std::vector<Person> people;
    for (auto& one : known)
        people.push_back(
            {std::move(one.id), std::move(one.name), std::move(one.numbers), one.color});
    house.calls.set_people(std::move(people));
    window->on_all_anew();
    return window;
}

// Notes that cannot be read keep nobody from hearing what they are about.
void Window::on_all_anew() {
    std::vector<std::string> problems;
    const auto read = archive::for_all_notes(
        house_.disk, options_.archive,
        [&](std::string_view id, const archive::Notes& notes) {
            house_.calls.mark(id, {notes.purpose, notes.is_kept,
                                   static_cast<std::uint16_t>(notes.notes.size()), notes.tags});
        },
        problems);
    if (!read)
        problems.push_back(read.error().what);
    for (const auto& problem : problems)
        house_.warn(problem);
}

void Window::on_recording(std::string_view id) {
    const auto notes = archive::read_notes(house_.disk, options_.archive, id);
    if (notes)
        house_.calls.mark(id, {notes->purpose, notes->is_kept,
                               static_cast<std::uint16_t>(notes->notes.size()), notes->tags});
    else
        house_.warn(notes.error().what);
}

const std::vector<Window::Route>& Window::routes() {
    static const std::vector<Route> routes{
        {"GET", "status", Access::open, &Window::get_status},
        {"POST", "setup", Access::open, &Window::set_up},
        {"GET", "session", Access::signed_in, &Window::get_session},
        {"POST", "session", Access::open, &Window::sign_in},
        {"DELETE", "session", Access::signed_in, &Window::sign_out},
        {"PATCH", "me", Access::signed_in, &Window::change_me},
        {"GET", "accounts", Access::signed_in, &Window::list_accounts},
        {"POST", "accounts", Access::signed_in, &Window::add_account},
        {"PATCH", "accounts/*", Access::signed_in, &Window::change_account},
        {"GET", "calls", Access::signed_in, &Window::list_calls},
        {"GET", "calls/*", Access::signed_in, &Window::get_call},
        {"PATCH", "calls/*", Access::signed_in, &Window::change_call},
        {"GET", "calls/*/audio", Access::signed_in, &Window::get_audio},
        {"GET", "calls/*/peaks", Access::signed_in, &Window::get_peaks},
        {"POST", "calls/*/notes", Access::signed_in, &Window::add_note},
        {"PATCH", "calls/*/notes/*", Access::signed_in, &Window::change_note},
        {"DELETE", "calls/*/notes/*", Access::signed_in, &Window::remove_note},
        {"GET", "calls/*/links", Access::signed_in, &Window::list_links},
        {"POST", "calls/*/links", Access::signed_in, &Window::add_link},
        {"DELETE", "links/*", Access::signed_in, &Window::revoke_link},
        {"GET", "shared/*", Access::open, &Window::get_shared},
        {"GET", "shared/*/audio", Access::open, &Window::get_shared_audio},
        {"GET", "shared/*/peaks", Access::open, &Window::get_shared_peaks},
        {"GET", "people", Access::signed_in, &Window::list_people},
        {"POST", "people", Access::signed_in, &Window::add_person},
        {"PUT", "people/*", Access::signed_in, &Window::change_person},
        {"DELETE", "people/*", Access::signed_in, &Window::remove_person},
        {"GET", "tags", Access::signed_in, &Window::list_tags},
        {"GET", "log", Access::signed_in, &Window::read_log},
    };
    return routes;
}

bool Window::fits(std::string_view pattern, const std::vector<std::string>& parts) {
    for (const auto& part : parts) {
        if (pattern.empty())
            return false;
        const auto end = std::min(pattern.find('/'), pattern.size());
        const auto wanted = pattern.substr(0, end);
        if (wanted == "*" ? part.empty() : wanted != part)
            return false;
        pattern.remove_prefix(std::min(end + 1, pattern.size()));
    }
    return pattern.empty();
}

void Window::handle(const HttpRequest& request, HttpAnswer answer) {
    const auto path = request.path();
    auto parts = path.starts_with(api) ? parts_of(path.substr(api.size() - 1)) : std::nullopt;
    if (!parts)
        return answer(not_found());
    const auto method = request.method == "HEAD" ? std::string_view("GET") : request.method;
    std::string others;
    for (const auto& route : routes()) {
        if (!fits(route.pattern, *parts))
            continue;
        if (route.method != method) {
            others.append(others.empty() ? "" : ", ").append(route.method);
            continue;
        }
        auto ask = std::make_shared<Ask>();
        ask->request = request;
        ask->parts = std::move(*parts);
        ask->answer = std::move(answer);
        return enter(ask, route.access, route.handler);
    }
    if (others.empty())
        return answer(not_found());
    auto reply = problem(405, "method", "There is " + others + " here.");
    reply.headers.push_back({"Allow", others});
    answer(std::move(reply));
}

void Window::enter(const Asked& ask, Access access, Handler handler) {
    if (auto refusal = identify(*ask, access))
        return ask->answer(std::move(*refusal));
    (this->*handler)(ask);
}

// Who asks, and whether they may come any further.
std::optional<HttpReply> Window::identify(Ask& ask, Access access) {
    if (changes_something(ask.request.method) && !is_from_our_pages(ask.request))
        return problem(403, "not-from-the-window",
                       "What changes something carries the header X-Naklank-Window: 1, and comes "
                       "from our own pages.");
    ask.secret = std::string(cookie_in(ask.request));
    if (ask.secret.empty())
        return access == Access::open ? std::nullopt : std::optional(not_signed_in());
    const auto now = house_.clock.wall();
    const auto session = house_.state.session(ask.secret, now);
    if (!session)
        return refused(session.error());
    const auto* account = *session ? account_by_id((*session)->account) : nullptr;
    if (account == nullptr || account->is_disabled)
        return access == Access::open ? std::nullopt : std::optional(not_signed_in());
    ask.account = *account;
    ask.viewer = viewer_of(*account);
    if (now - (*session)->used > limits::session_noted_every)
        if (const auto used = house_.state.use_session(ask.secret, now); !used)
            house_.warn(used.error().what);
    return std::nullopt;
}

Result<void> Window::read_accounts() {
    NK_TAKE(accounts_, house_.state.accounts());
    std::vector<CallList::Claim> claims;
    for (const auto& account : accounts_)
        claims.push_back({account.index, account.numbers});
    house_.calls.set_claims(claims);
    return {};
}

Viewer Window::viewer_of(const Account& account) const {
    Viewer viewer{account.roles, account.index, {}};
    for (const auto& other : accounts_)
        if (!other.team.empty() && std::find(account.leads.begin(), account.leads.end(),
                                             other.team) != account.leads.end())
            viewer.team.push_back(other.index);
    return viewer;
}

const Account* Window::account_by_id(std::string_view id) const {
    const auto at = std::find_if(accounts_.begin(), accounts_.end(),
                                 [id](const auto& account) { return account.id == id; });
    return at == accounts_.end() ? nullptr : &*at;
}

// Letters that nobody takes for another, five bits each.
std::string Window::secret(std::size_t bytes) {
    constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
    std::vector<std::uint8_t> chance(bytes * 8 / 5 + 1);
    house_.random.fill(chance);
    std::string out;
    for (const auto byte : chance)
        out += letters[byte & 31U];
    return out;
}

std::string Window::short_id(std::string_view kind) {
    return std::string(kind) + "-" + secret(5).substr(0, 8);
}

HttpReply Window::refused(const Error& error) {
    if (error.blame != Blame::peer)
        house_.warn(error.what);
    return problem_of(error);
}

bool Window::write_down(const custody::Event& event) {
    const auto told = house_.log.append(event);
    if (!told)
        house_.warn("the custody log: " + told.error().what);
    return told.has_value();
}

bool Window::tell(const Ask& ask, custody::Event event) {
    if (event.who.empty())
        event.who = ask.account ? ask.account->id : "nobody";
    event.from = ask.request.remote.ip.text();
    if (write_down(event))
        return true;
    ask.answer(problem(503, "not-written-down",
                       "This could not be written down just now, and nothing is heard or changed "
                       "that is not. The recorder's log says why."));
    return false;
}

// What somebody may not see is not there for them; what they see and may not do is refused. Both
// are in the log, each once a minute: a page that asks again and again does not fill it.
void Window::deny(const Asked& ask, std::string_view recording, purpose::Action action,
                  purpose::Reason reason) {
    const auto now = house_.clock.now();
    const std::string what = std::string(name_of(action)) + ": " + std::string(name_of(reason));
    const auto key =
        (ask->account ? ask->account->id : "nobody") + " " + std::string(recording) + " " + what;
    std::erase_if(denials_,
                  [&](const auto& one) { return now - one.second > limits::denial_told_every; });
    if (denials_.size() < limits::denials_remembered_max && denials_.try_emplace(key, now).second &&
        !tell(*ask, {.what = "denied", .recording = std::string(recording), .detail = what}))
        return;
    const bool is_seen = house_.calls.may(ask->viewer, purpose::Action::see, recording).is_allowed;
    ask->answer(is_seen ? not_allowed(name_of(reason)) : not_found());
}

std::optional<CallRow> Window::call_for(const Asked& ask, purpose::Action action) {
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

void Window::tick() {
    const auto now = house_.clock.now();
    hearings_.end_old(now, [this](const auto& event) { return write_down(event); });
    if (now - last_tick_ < minutes(1))
        return;
    last_tick_ = now;
    std::erase_if(tickets_, [&](const auto& one) { return one.second.ends <= now; });
    if (const auto forgotten = house_.state.forget_old(house_.clock.wall()); !forgotten)
        house_.warn(forgotten.error().what);
}

}  // namespace nk::listener
