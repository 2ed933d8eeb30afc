#include "listener/window.h"

#include <algorithm>
#include <array>
#include <utility>

#include "archive/layout.h"
#include "archive/notes.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "listener/form.h"
#include "listener/problem.h"

namespace nk::listener {

namespace {

constexpr std::string_view api = "/api/v1/";
}  // namespace

Window::Window(Key, const House& house, WindowOptions options)
    : Counter(house, std::move(options)),
      keeping_(*this),
      albums_(*this),
      photos_(*this),
      tokens_(*this),
      factors_(*this, [this](const Asked& ask, const Account& account,
                             std::string_view what) { begin_session(ask, account, what); }),
      live_(*this, house.live, house.decoders),
      events_(*this, live_),
      webhooks_(*this, house.courier),
      jobs_(*this, keeping_, events_),
      imports_(*this, events_, house.bringer),
      hooks_(*this, imports_),
      name_templates_(*this, house.bringer),
      talks_(*this) {
    add_routes();
}

Window::~Window() {
    live_.end_all();
    hearings_.end_old(
        house().clock.now(), [this](const auto& event) { return write_down(event); }, true);
}

Result<std::unique_ptr<Window>> Window::open(const House& house, WindowOptions options) {
    auto window = std::make_unique<Window>(Key(), house, std::move(options));
    NK_TRY(window->read_accounts());
    if (window->accounts().empty())
        window->set_up_code_ = window->secret(20);
    window->follow_people();
    window->keeping_.read_rules();
    window->albums_.read();
    NK_TRY(window->webhooks_.read());
    window->imports_.read();
    window->on_all_anew();
    return window;
}

// Notes that cannot be read keep nobody from hearing what they are about.
void Window::on_all_anew() {
    std::vector<std::string> problems;
    std::vector<std::pair<std::string, archive::Notes>> cut_off;
    const auto read = archive::for_all_notes(
        house().disk, options().archive,
        [&](std::string_view id, const archive::Notes& notes) {
            house().calls.mark(id, marked_by(house().disk, options().archive, id, notes));
            if (notes.removed && !house().calls.has(id))
                cut_off.emplace_back(id, notes);
        },
        problems);
    if (!read)
        problems.push_back(read.error().what);
    for (const auto& problem : problems)
        house().warn(problem);
    for (const auto& [id, notes] : cut_off)
        keeping_.end_erasing(id, notes);
}

void Window::on_new_recording(std::string_view id) {
    on_recording(id);
    imports_.preparing().add(id);
    happened("recording.made", id);
}

void Window::on_changed(std::string_view id) {
    on_recording(id);
    happened("recording.changed", id);
}

void Window::add_routes() {
    using enum Access;
    using enum Scope;
    RouteBook book(routes_, *this);
    book.add("GET", "status", open_to_all, read, &Window::get_status);
    book.add("POST", "setup", open_to_all, read, &Window::set_up);
    book.add("GET", "session", signed_in, read, &Window::get_session);
    book.add("POST", "session", open_to_all, read, &Window::sign_in);
    book.add("DELETE", "session", in_person, read, &Window::sign_out);
    book.add("PATCH", "me", in_person, read, &Window::change_me);
    book.add("GET", "accounts", signed_in, Scope::house, &Window::list_accounts);
    book.add("POST", "accounts", in_person, Scope::house, &Window::add_account);
    book.add("PATCH", "accounts/*", in_person, Scope::house, &Window::change_account);
    book.add("GET", "calls", signed_in, read, &Window::list_calls);
    book.add("GET", "calls/*", signed_in, read, &Window::get_call);
    book.add("PATCH", "calls/*", signed_in, write, &Window::change_call);
    book.add("GET", "calls/*/audio", signed_in, hear, &Window::get_audio);
    book.add("GET", "calls/*/peaks", signed_in, hear, &Window::get_peaks);
    book.add("POST", "calls/*/notes", signed_in, write, &Window::add_note);
    book.add("PATCH", "calls/*/notes/*", signed_in, write, &Window::change_note);
    book.add("DELETE", "calls/*/notes/*", signed_in, write, &Window::remove_note);
    book.add("GET", "calls/*/links", signed_in, write, &Window::list_links);
    book.add("POST", "calls/*/links", signed_in, write, &Window::add_link);
    book.add("DELETE", "links/*", signed_in, write, &Window::revoke_link);
    book.add("GET", "shared/*", open_to_all, hear, &Window::get_shared);
    book.add("GET", "shared/*/audio", open_to_all, hear, &Window::get_shared_audio);
    book.add("GET", "shared/*/peaks", open_to_all, hear, &Window::get_shared_peaks);
    book.add("GET", "people", signed_in, read, &Window::list_people);
    book.add("POST", "people", signed_in, write, &Window::add_person);
    book.add("PUT", "people/*", signed_in, write, &Window::change_person);
    book.add("DELETE", "people/*", signed_in, write, &Window::remove_person);
    book.add("GET", "tags", signed_in, read, &Window::list_tags);
    book.add("GET", "log", signed_in, Scope::house, &Window::read_log);
    keeping_.add_routes(routes_);
    albums_.add_routes(routes_);
    photos_.add_routes(routes_);
    tokens_.add_routes(routes_);
    factors_.add_routes(routes_);
    live_.add_routes(routes_);
    events_.add_routes(routes_);
    webhooks_.add_routes(routes_);
    jobs_.add_routes(routes_);
    imports_.add_routes(routes_);
    hooks_.add_routes(routes_);
    name_templates_.add_routes(routes_);
    talks_.add_routes(routes_);
}

namespace {

bool fits(std::string_view pattern, const std::vector<std::string>& parts) {
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

}  // namespace

std::size_t body_bytes_max(const HttpRequest& request) {
    const auto path = request.path();
    if (request.method == "PUT" && path.starts_with("/api/v1/people/") && path.ends_with("/photo"))
        return limits::photo_bytes_max;
    if (request.method == "POST" && path == "/api/v1/jobs")
        return limits::job_body_bytes_max;
    if (request.method == "PATCH" && path.starts_with("/api/v1/imports/"))
        return limits::import_piece_bytes_max;
    return limits::http_body_bytes_max;
}

std::size_t Window::body_limit(const HttpRequest& request) {
    return std::max(hooks_.body_bytes_max(request), body_bytes_max(request));
}

void Window::handle(const HttpRequest& request, HttpAnswer answer) {
    const auto path = request.path();
    auto parts = path.starts_with(api) ? parts_of(path.substr(api.size() - 1)) : std::nullopt;
    if (!parts)
        return answer(not_found());
    const auto method = request.method == "HEAD" ? std::string_view("GET") : request.method;
    std::string others;
    for (const auto& route : routes_) {
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
        return enter(ask, route);
    }
    if (others.empty())
        return answer(not_found());
    auto reply = problem(405, "method", "There is " + others + " here.");
    reply.headers.push_back({"Allow", others});
    answer(std::move(reply));
}

void Window::enter(const Asked& ask, const Route& route) {
    if (auto refusal = identify(*ask, route.access, route.scope))
        return ask->answer(std::move(*refusal));
    route.handler(ask);
}

void Window::tick_live() {
    live_.tick();
    events_.tick();
    jobs_.tick();
    imports_.preparing().tick();
}

void Window::tick() {
    const auto now = house().clock.now();
    hearings_.end_old(now, [this](const auto& event) { return write_down(event); });
    follow_people();
    keeping_.tick();
    webhooks_.tick();
    imports_.tick();
    if (now - last_look_ >= seconds(5)) {
        last_look_ = now;
        live_.look_again();
    }
    if (now - last_tick_ < minutes(1))
        return;
    last_tick_ = now;
    std::erase_if(tickets_, [&](const auto& one) { return one.second.ends <= now; });
    if (const auto forgotten = house().state.forget_old(house().clock.wall()); !forgotten)
        house().warn(forgotten.error().what);
}

}  // namespace nk::listener
