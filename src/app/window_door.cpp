#include "app/window_door.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/erase.h"
#include "archive/layout.h"
#include "base/limits.h"
#include "listener/problem.h"

namespace nk::app {

namespace {

constexpr std::size_t rows_at_once = 5'000;  // then a request has its turn
constexpr Nanos follow_every = milliseconds(500);
constexpr Nanos live_every = milliseconds(40);
constexpr std::string_view set_up_page = "/opzetten?code=";

bool is_for_others(std::string_view path) {
    constexpr std::array<std::string_view, 5> paths{"/metrics", "/healthz", "/readyz", "/pause",
                                                    "/resume"};
    return std::find(paths.begin(), paths.end(), path) != paths.end();
}

}  // namespace

WindowDoor::WindowDoor(Key, const WindowDoorOptions& options, Outside outside)
    : options_(options), outside_(std::move(outside)) {}

Result<std::unique_ptr<WindowDoor>> WindowDoor::open(const WindowDoorOptions& options,
                                                     Outside outside) {
    auto door = std::make_unique<WindowDoor>(Key(), options, std::move(outside));
    auto& self = *door;
    NK_TAKE(self.site_, Site::read(options.site));
    NK_TRY(make_lasting_folders(self.disk_, options.state));
    NK_TRY(self.disk_.make_private_folder(options.state));
    NK_TAKE(self.state_, listener::State::open(options.state + "/state.sqlite"));
    NK_TAKE(self.log_, custody::Log::open(self.disk_, self.clock_, options.state + "/custody"));
    NK_TAKE(self.catalogue_, archive::Catalogue::open(archive::catalogue_path(options.archive)));
    for (const auto& one : options.watched)
        NK_TRY(make_lasting_folders(self.disk_, one.state));
    self.work_.emplace(self.loop_);
    if (const auto helper = host::find_helper("naklank-media"))
        self.bring_.emplace(self.loop_, options.archive, *helper, options.watched,
                            self.outside_.watched, [&self] { self.follow(); });
    else
        self.outside_.warn("nothing can be brought here, nor heard of what was: " +
                           helper.error().what);
    self.courier_.emplace(self.loop_);
    host::HttpOptions http{options.at, options.tls, {}};
    http.limits.body_limit = [&self](const HttpRequest& request) {
        return self.window_ ? self.window_->body_limit(request) : listener::body_bytes_max(request);
    };
    NK_TAKE(self.server_,
            host::HttpServer::open(self.loop_, http, [&self](const auto& request, auto answer) {
                self.handle(request, std::move(answer));
            }));
    self.loop_.post([&self] { self.follow(); });
    self.following_ = self.loop_.every(follow_every, [&self] { self.follow(); });
    self.ticking_ = self.loop_.every(seconds(1), [&self] { self.tick(); });
    self.beating_ = self.loop_.every(live_every, [&self] {
        if (self.window_)
            self.window_->tick_live();
    });
    self.strand_.emplace("nk-window",
                         [&self] { self.loop_.run_until(self.clock_.now() + milliseconds(200)); });
    return door;
}

// The strands first; then, on this one, what they used.
WindowDoor::~WindowDoor() {
    strand_.reset();
    work_.reset();
    bring_.reset();
    following_ = {};
    ticking_ = {};
    beating_ = {};
    window_.reset();
    courier_.reset();
    server_.reset();
}

void WindowDoor::reload() {
    loop_.post([this] {
        if (const auto renewed = server_->reload(); !renewed)
            outside_.warn("the changed certificate is not taken, the one before stays: " +
                          renewed.error().what);
    });
}

void WindowDoor::on_call(const listener::LiveCall& call) {
    running_[call.number] = call;
    if (window_)
        window_->live().on_call(call);
}

void WindowDoor::on_end(std::uint64_t call) {
    running_.erase(call);
    if (window_)
        window_->live().on_end(call);
}

void WindowDoor::on_packets(const std::vector<listener::LivePacket>& packets) {
    if (window_)
        window_->live().on_packets(packets);
}

void WindowDoor::handle(const HttpRequest& request, HttpAnswer answer) {
    if (is_for_others(request.path()))
        return outside_.others(request, std::move(answer));
    if (!request.path().starts_with("/api/"))
        return answer(site_.answer(request));
    if (!window_) {
        auto reply = listener::problem(503, "starting", "The list of recordings is being read.");
        reply.headers.push_back({"Retry-After", "1"});
        return answer(std::move(reply));
    }
    window_->handle(request, std::move(answer));
}

// A catalogue of another generation is read anew.
void WindowDoor::follow() {
    std::vector<archive::Brief> came;
    const auto is_another = catalogue_->follow(followed_, rows_at_once, came);
    if (!is_another) {
        if (!std::exchange(was_warned_, true))
            outside_.warn("the window cannot follow the catalogue: " + is_another.error().what);
        return;
    }
    was_warned_ = false;
    if (*is_another) {
        calls_.clear();
        is_read_anew_ = true;
    }
    for (const auto& one : came) {
        const bool is_known = calls_.has(one.id);
        calls_.put(one);
        if (!window_ || is_read_anew_)
            continue;  // all of them are looked at when they are there
        if (is_known)
            window_->on_changed(one.id);
        else
            window_->on_new_recording(one.id);
    }
    if (came.size() == rows_at_once) {
        loop_.post([this] { follow(); });
        return;
    }
    if (!window_)
        begin_window();
    else if (is_read_anew_)
        window_->on_all_anew();
    is_read_anew_ = false;
}

void WindowDoor::begin_window() {
    auto opened = listener::Window::open(
        {disk_, clock_, random_, *state_, *log_, calls_, *work_, outside_.warn,
         [this](const std::string& id, const archive::Act& deleted) {
             return archive::erase_recording(disk_, *catalogue_, options_.archive, id, deleted);
         },
         outside_.live, &decoders_, &*courier_, bring_ ? &*bring_ : nullptr},
        {options_.archive, options_.state, options_.version});
    if (!opened) {
        if (!std::exchange(was_warned_, true))
            outside_.warn("the window cannot open: " + opened.error().what);
        return;
    }
    window_ = std::move(*opened);
    for (const auto& [number, call] : running_)
        window_->live().on_call(call);
    if (const auto told = tell_how_to_set_up(); !told)
        outside_.warn(told.error().what);
}

void WindowDoor::tick() {
    if (!window_)
        return;
    window_->tick();
    // The link has done what it was for.
    if (has_link_ && window_->set_up_code().empty())
        has_link_ = !disk_.remove_tree(options_.state + "/set-up-link");
}

// In a file that only its owner reads, and not in a log: whoever has it becomes the owner.
Result<void> WindowDoor::tell_how_to_set_up() {
    const auto file = options_.state + "/set-up-link";
    NK_TRY(disk_.remove_tree(file));
    if (window_->set_up_code().empty())
        return {};
    NK_TAKE(const auto out, disk_.create(file));
    const auto at = endpoint();
    const auto name = at.ip.is_unspecified() ? std::string("localhost") : options_.name;
    const auto host = name.empty() ? at.text() : name + ":" + std::to_string(at.port);
    NK_TRY(out->write(as_bytes((options_.tls ? "https://" : "http://") + host +
                               std::string(set_up_page) + window_->set_up_code() + "\n")));
    has_link_ = true;
    outside_.wants_set_up(file);
    return {};
}

}  // namespace nk::app
