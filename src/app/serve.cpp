#include "app/serve.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "app/aside.h"
#include "app/live_ear.h"
#include "app/metrics.h"
#include "app/run.h"
#include "app/serve_plan.h"
#include "app/serve_report.h"
#include "app/siprec_door.h"
#include "app/window_door.h"
#include "app/window_tls.h"
#include "base/http.h"
#include "base/limits.h"
#include "base/same_text.h"
#include "host/file_watch.h"
#include "host/loop.h"
#include "host/notify.h"
#include "host/process_limits.h"
#include "host/real_clock.h"
#include "host/self_signed.h"
#include "host/signals.h"

namespace nk::app {

namespace {

constexpr int all_well = 0;
constexpr int something_wrong = 1;
constexpr int unusable = 2;
constexpr const char* prometheus = "text/plain; version=0.0.4; charset=utf-8";

int say(const Error& error) {
    say_aside("naklank serve: {}\n", error.what);
    return unusable;
}

std::string_view name_of(host::SipTransport transport) {
    switch (transport) {
        case host::SipTransport::tcp:
            return "tcp";
        case host::SipTransport::tls:
            return "tls";
        case host::SipTransport::udp:
            break;
    }
    return "udp";
}

// How a browser on another machine than this one gets to the link that sets the window up.
std::string how_from_elsewhere(const Endpoint& at) {
    if (at.ip.is_unspecified())
        return "put the name of this server in the place of localhost";
    if (!at.ip.is_loopback())
        return {};
    return fmt::format("ssh -L {0}:{1} THIS-SERVER, and then the link", at.port, at.text());
}

// What the window asks of who records, posted to the receiving strand.
class LiveLine : public listener::LiveSource {
public:
    LiveLine(host::Loop& loop, LiveEar& ear) : loop_(loop), ear_(ear) {}
    void watch_levels(bool is_on) override {
        loop_.post([this, is_on] { ear_.watch_levels(is_on); });
    }
    void listen(std::uint64_t call, bool is_on) override {
        loop_.post([this, call, is_on] { ear_.listen(call, is_on); });
    }

private:
    host::Loop& loop_;
    LiveEar& ear_;
};

// The service while it runs.
class Service {
public:
    Service(const ServeOptions& options, const ServePlan& plan, const Clock& clock, Run& run,
            ServeReport& report)
        : options_(options),
          plan_(plan),
          clock_(clock),
          run_(run),
          report_(report),
          certificate_({options.tls_certificate, options.tls_key, options.tls_clients}) {}

    Result<void> open(host::Loop& loop, Random& random);
    // Until somebody stops it; then for as long as calls run and there is patience.
    void work(host::Loop& loop, const host::StopFlag& stop);

private:
    HttpReply answer(const HttpRequest& request);
    HttpReply pause(const HttpRequest& request, bool on);
    [[nodiscard]] bool is_over(const host::StopFlag& stop);
    [[nodiscard]] std::size_t in_progress() const;
    void renew_certificate();
    Result<void> open_siprec(host::Loop& loop, Random& random);
    Result<void> open_window(host::Loop& loop);

    const ServeOptions& options_;
    const ServePlan& plan_;
    const Clock& clock_;
    Run& run_;
    ServeReport& report_;
    void join_live();

    std::optional<LiveEar> ear_;
    std::optional<LiveLine> line_;
    std::unique_ptr<SiprecDoor> door_;
    std::unique_ptr<WindowDoor> window_;  // its strand posts to our loop, and ends before it
    host::FileWatch certificate_;
    std::optional<MonoTime> stopped_;
    int signals_seen_ = 0;
};

Result<void> Service::open(host::Loop& loop, Random& random) {
    if (!plan_.siprec.sip.listen.empty())
        NK_TRY(open_siprec(loop, random));
    if (plan_.http)
        NK_TRY(open_window(loop));
    else
        report_.log("info", "no-window", {{"how", "--http 127.0.0.1:8060 opens one"}});
    join_live();
    return {};
}

Result<void> Service::open_siprec(host::Loop& loop, Random& random) {
    auto siprec = plan_.siprec;
    siprec.server.has_room = [this] { return run_.recorder().has_room(); };
    siprec.server.is_disk_well = [this] { return !run_.is_in_trouble(); };
    ear_.emplace(run_.recorder(), plan_.recorder.purpose);
    line_.emplace(loop, *ear_);
    siprec.server.has_begun = [this](std::string_view call_id) {
        report_.log("info", "call", {{"call_id", std::string(call_id)}});
    };
    NK_TAKE(door_,
            SiprecDoor::open(loop, *ear_, random, clock_, siprec,
                             [this](const std::string& sentence) { report_.warn(sentence); }));
    for (const auto& bound : door_->bound())
        report_.log("info", "listening",
                    {{"siprec", std::string(name_of(bound.transport)) + ":" + bound.at.text()}});
    return {};
}

// The window has a strand of its own; what it wants of ours is posted to us, and back.
Result<void> Service::open_window(host::Loop& loop) {
    NK_TAKE(const auto tls, window_tls(plan_, clock_));
    WindowDoor::Outside outside;
    outside.others = [this, &loop](const HttpRequest& request, HttpAnswer then) {
        if (!request.remote.ip.is_loopback())
            return then({.status = 404, .body = "This is told on this machine alone.\n"});
        loop.post([this, request, then] {
            window_->post([then, reply = std::make_shared<HttpReply>(answer(request))] {
                then(std::move(*reply));
            });
        });
    };
    outside.warn = [this, &loop](const std::string& sentence) {
        loop.post([this, sentence] { report_.warn(sentence); });
    };
    outside.wants_set_up = [this, &loop](const std::string& file) {
        loop.post([this, file] {
            ServeReport::Fields fields{{"link_in", file}};
            if (const auto how = how_from_elsewhere(window_->endpoint()); !how.empty())
                fields.emplace_back("from_elsewhere", how);
            report_.log("info", "not-set-up", fields);
        });
    };
    outside.watched = [this, &loop](const WatchNews& news) {
        loop.post([this, news] { report_.watched(news); });
    };
    outside.live = line_ ? &*line_ : nullptr;
    NK_TAKE(window_, WindowDoor::open({.at = *plan_.http,
                                       .tls = tls,
                                       .archive = options_.archive,
                                       .state = plan_.state,
                                       .site = plan_.site,
                                       .name = plan_.http_name,
                                       .watched = plan_.watched,
                                       .version = NK_VERSION},
                                      std::move(outside)));
    ServeReport::Fields fields{{"http", window_->endpoint().text()}};
    if (tls)
        fields.emplace_back("sha256", host::fingerprint_of(tls->certificate).value_or("unknown"));
    report_.log("info", "listening", fields);
    for (const auto& one : plan_.watched)
        report_.log("info", "watching", {{"folder", one.folder}});
    return {};
}

// What runs is told to the window, on its strand.
void Service::join_live() {
    if (!ear_ || !window_)
        return;
    ear_->tell(
        {[this](listener::LiveCall call) {
             window_->post([this, call = std::move(call)] { window_->on_call(call); });
         },
         [this](std::uint64_t call) { window_->post([this, call] { window_->on_end(call); }); },
         [this](std::vector<listener::LivePacket> packets, auto done) {
             window_->post([this, packets = std::move(packets), done] {
                 window_->on_packets(packets);
                 ++*done;
             });
         }});
}

HttpReply Service::answer(const HttpRequest& request) {
    constexpr std::string_view known[] = {"GET", "HEAD", "POST"};
    if (std::ranges::find(known, request.method) == std::end(known))
        return {501, "text/plain; charset=utf-8", "There is GET, HEAD and POST.\n"};
    const auto path = request.path();
    if (path == "/metrics")
        return {200, prometheus, metrics_text(run_, door_.get(), options_.archive)};
    if (path == "/healthz")
        return {200, "text/plain; charset=utf-8", "ok\n"};
    if (path == "/readyz") {
        if (stopped_)
            return {503, "text/plain; charset=utf-8", "stopping\n"};
        if (run_.is_in_trouble())
            return {503, "text/plain; charset=utf-8", "the disk does not take the journal\n"};
        return {200, "text/plain; charset=utf-8", "ready\n"};
    }
    if (path == "/pause" || path == "/resume")
        return pause(request, path == "/pause");
    return {404, "text/plain; charset=utf-8",
            "There is /metrics, /healthz, /readyz, /pause and /resume.\n"};
}

HttpReply Service::pause(const HttpRequest& request, bool on) {
    constexpr const char* plain = "text/plain; charset=utf-8";
    if (request.method != "POST")
        return {405, plain, "POST the Call-ID of the recording session as the body.\n"};
    const auto said = request.header("authorization").value_or("");
    if (plan_.token.empty() || !equal_in_constant_time(said, "Bearer " + plan_.token))
        return {403, plain,
                "Pausing needs \"Authorization: Bearer\" and the token of "
                "--token-file.\n"};
    constexpr std::string_view blanks = " \t\r\n";
    std::string_view call_id = request.body;
    call_id.remove_prefix(std::min(call_id.find_first_not_of(blanks), call_id.size()));
    call_id = call_id.substr(0, call_id.find_last_not_of(blanks) + 1);
    if (!door_)
        return {404, plain, "No calls are recorded here.\n"};
    auto& server = door_->server();
    const bool is_known =
        on ? server.pause(call_id, clock_.now()) : server.resume(call_id, clock_.now());
    if (!is_known)
        return {404, plain, "No recording session with that Call-ID is running.\n"};
    report_.log("info", on ? "paused" : "resumed", {{"call_id", std::string(call_id)}});
    return {200, plain, on ? "paused\n" : "resumed\n"};
}

std::size_t Service::in_progress() const {
    return door_ ? door_->server().in_progress() : 0;
}

// The first signal: nobody new is taken, and those that run go on for a while. A second one, when
// it comes a second later or after: no more waiting.
bool Service::is_over(const host::StopFlag& stop) {
    if (!stop.is_raised())
        return false;
    const MonoTime now = clock_.now();
    if (!stopped_) {
        stopped_ = now;
        signals_seen_ = stop.times();
        if (door_)
            door_->server().drain();
        host::notify(options_.notify_socket, "STOPPING=1");
        report_.log("info", "stopping",
                    {{"calls", std::to_string(in_progress())},
                     {"seconds", std::to_string(options_.drain_seconds)}});
    }
    if (now - *stopped_ < seconds(1))
        signals_seen_ = stop.times();
    return in_progress() == 0 || stop.times() > signals_seen_ ||
           now - *stopped_ >= seconds(static_cast<std::int64_t>(options_.drain_seconds));
}

// While one of the files is new and another is not yet, they do not fit, and the old ones stay.
void Service::renew_certificate() {
    if (!certificate_.has_changed())
        return;
    if (window_)
        window_->reload();
    const auto renewed = door_ ? door_->reload() : Result<void>{};
    if (!renewed)
        report_.warn("the changed certificate is not taken, the one before stays: " +
                     renewed.error().what);
    else
        report_.log("info", "certificate-renewed", {});
}

void Service::work(host::Loop& loop, const host::StopFlag& stop) {
    const auto sweep =
        loop.every(door_ ? Nanos(limits::media_sweep_every) : Nanos(seconds(1)), [this] {
            if (door_)
                door_->sweep();
        });
    const auto look = loop.every(milliseconds(250), [this] { (void)run_.look_around(); });
    const auto live = loop.every(milliseconds(40), [this] {
        if (ear_)
            ear_->flush();
    });
    const auto alive = loop.every(seconds(5), [this] {
        host::notify(options_.notify_socket, "WATCHDOG=1");
        renew_certificate();
    });
    host::notify(options_.notify_socket, "READY=1");
    report_.log("info", "ready", {{"archive", options_.archive}});
    loop.run([&] { return is_over(stop); });
    if (door_)
        door_->finish();
    if (ear_)
        ear_->tell({});
    // What the clients are told gets a moment to leave.
    loop.run_until(clock_.now() + milliseconds(200));
}

}  // namespace

int serve(const ServeOptions& options) {
    const host::StopFlag stop;
    const auto planned = plan(options);
    if (!planned)
        return say(planned.error());
    host::raise_file_limit();
    host::keep_freed_memory();
    host::outlive_broken_pipes();
    const host::RealClock clock;
    host::RealRandom random;
    auto run = Run::begin(clock, random, {options.archive, planned->recorder, nullptr});
    if (!run) {
        say(run.error());
        return something_wrong;
    }
    ServeReport report(clock, options.json);
    (*run)->start(report);
    bool is_open = false;
    {
        host::Loop loop;
        Service service(options, *planned, clock, **run, report);
        if (const auto opened = service.open(loop, random); !opened) {
            say(opened.error());
        } else {
            is_open = true;
            service.work(loop, stop);
        }
    }
    const auto finished =
        (*run)->finish(stop, [&options] { host::notify(options.notify_socket, "WATCHDOG=1"); });
    (*run)->conclude();
    if (!is_open)
        return something_wrong;
    report.log("info", "stopped", {{"recordings", std::to_string((*run)->sealed())}});
    if (!finished)
        report.warn(finished.error().what);
    return !finished || (*run)->not_kept() > 0 ? something_wrong : all_well;
}

}  // namespace nk::app
