#include "app/doctor.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/aside.h"
#include "app/catalogue_advice.h"
#include "app/commands.h"
#include "app/decoders.h"
#include "app/doctor_rules.h"
#include "app/json.h"
#include "app/left_runs.h"
#include "app/serve_plan.h"
#include "app/site.h"
#include "app/terminal.h"
#include "app/text.h"
#include "app/window_tls.h"
#include "archive/catalogue.h"
#include "archive/layout.h"
#include "base/http.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "host/certificate.h"
#include "host/disk_probe.h"
#include "host/http_server.h"
#include "host/live_capture.h"
#include "host/loop.h"
#include "host/machine.h"
#include "host/media_sockets.h"
#include "host/process_limits.h"
#include "host/real_clock.h"
#include "host/real_disk.h"
#include "host/sip_sockets.h"

namespace nk::app {

namespace {

constexpr Nanos measured_for = seconds(1);

// Binding is all that is asked of the sockets.
class NoHandler : public host::SipHandler {
    void on_datagram(const host::SipPath& /*path*/, Bytes /*datagram*/) override {}
    void on_stream(const host::SipPath& /*path*/, Bytes /*piece*/) override {}
    void on_closed(std::uint64_t /*flow*/) override {}
    void on_trouble(const Endpoint& /*remote*/, const Error& /*why*/) override {}
};

class Doctor {
public:
    explicit Doctor(const DoctorOptions& options) : options_(options) {}
    void look_at_machine();
    void look_at_archive();
    void look_at_decoders();
    void look_at_interface();
    void look_at_service(const ServePlan& plan);
    [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }

private:
    void add(Finding finding) { findings_.push_back(std::move(finding)); }
    void add(std::string subject, Verdict verdict, std::string sentence) {
        add({std::move(subject), verdict, std::move(sentence)});
    }
    [[nodiscard]] Folder folder(const std::string& path);
    void look_at_disk(const std::string& folder);
    void look_at_journals();
    void look_at_catalogue();
    void look_at_ports(const ServePlan& plan);
    void look_at_listeners(const ServePlan& plan);
    void look_at_window(const ServePlan& plan);
    void look_at_certificates(const ServePlan& plan);
    void look_at_secrets();
    // How many there may be at once; absent where no clients call in.
    [[nodiscard]] std::optional<std::size_t> calls_max() const {
        return options_.serve.siprec.empty() ? std::nullopt
                                             : std::optional(options_.serve.calls_max);
    }
    [[nodiscard]] std::size_t calls() const { return calls_max().value_or(1); }
    [[nodiscard]] const std::string& archive() const { return options_.serve.archive; }

    const DoctorOptions& options_;
    host::RealDisk disk_;
    host::RealClock clock_;
    std::vector<Finding> findings_;
};

void Doctor::look_at_machine() {
    const auto state = host::clock_state();
    add(judge_clock(state ? std::optional(state->is_synchronised) : std::nullopt, clock_.wall()));
    add(judge_processors(host::processors()));
    add(judge_memory(host::memory_available_bytes(), calls()));
    add(judge_files(host::file_limit_max(), calls()));
}

Folder Doctor::folder(const std::string& path) {
    const auto state = host::folder_state(path);
    return {.path = path,
            .is_there = state.has_value(),
            .is_folder = state && state->is_folder,
            .is_writable = state && disk_.is_writable(path),
            .is_ours = state && state->is_ours,
            .mode = state ? state->mode : 0U};
}

void Doctor::look_at_archive() {
    const auto above = host::nearest_folder(archive());
    const auto archive_folder = folder(archive());
    add(judge_archive(archive_folder, above, disk_.is_writable(above)));
    if (archive_folder.is_there && archive_folder.is_folder) {
        look_at_journals();
        look_at_catalogue();
    }
    look_at_disk(above);
}

void Doctor::look_at_disk(const std::string& folder) {
    if (const auto state = host::folder_state(folder))
        add(judge_space(state->bytes_free, state->bytes, calls_max()));
    if (!disk_.is_writable(folder))
        return;  // which was said
    const auto speed = host::measure_disk(folder, measured_for);
    if (!speed)
        return add("disk speed", Verdict::wrong, speed.error().what);
    add(judge_syncs(speed->syncs));
    add(judge_writing(speed->bytes_per_second, calls()));
}

void Doctor::look_at_journals() {
    const auto root = archive::journal_root(archive());
    std::vector<Folder> runs;
    if (const auto entries = disk_.list(root))
        for (const auto& entry : *entries)
            if (entry.is_folder && entry.is_plain && entry.name != "set-aside")
                runs.push_back(folder(root + "/" + entry.name));
    if (const auto entries = disk_.list(root + "/set-aside"))
        for (const auto& entry : *entries)
            if (entry.is_folder && entry.is_plain)
                runs.push_back(folder(root + "/set-aside/" + entry.name));
    add(judge_journals(runs));
    if (const auto left = archive::list_left_journals(disk_, archive()).size(); left > 0)
        add("left journals", Verdict::warning, left_runs_text(left));
}

void Doctor::look_at_catalogue() {
    const auto path = archive::catalogue_path(archive());
    if (!disk_.exists(path))
        return add("catalogue", Verdict::ok, "there is none yet");
    const auto opened = archive::Catalogue::open_to_read(path, disk_.is_writable(archive()));
    archive::Filter one;
    one.newest = 1;
    const auto read = opened ? (*opened)->list(one) : tl::unexpected<Error>(opened.error());
    if (!read)
        return add("catalogue", Verdict::wrong, with_advice(read.error()));
    if (!read->unreadable.empty())
        return add("catalogue", Verdict::wrong,
                   "its row of " + read->unreadable.front() +
                       " cannot be read; naklank rebuild makes it again");
    add("catalogue", Verdict::ok, "it opens and can be read");
}

// The helper is started as a recording would start it, by a codec that it decodes.
void Doctor::look_at_decoders() {
    const auto program = host::find_helper();
    if (!program)
        return add("decode helper", Verdict::wrong,
                   program.error().what + ": install it, or most codecs stay undecoded");
    AllDecoders decoders;
    sound::Codec codec;
    codec.name = "G729";
    const auto decoder = decoders.make(codec);
    if (!decoder)
        return add("decode helper", Verdict::wrong,
                   *program + " does not start: " + decoder.error().what);
    add("decode helper", Verdict::ok, *program + " starts");
}

void Doctor::look_at_interface() {
    if (options_.interface_name.empty())
        return;
    const auto source = host::open_live({.interface = options_.interface_name, .filter = {}});
    if (source)
        return add("interface", Verdict::ok, options_.interface_name + " can be captured from");
    add("interface", Verdict::wrong, source.error().what);
}

void Doctor::look_at_ports(const ServePlan& plan) {
    MediaPorts ports{.first = plan.siprec.server.first_port,
                     .last = plan.siprec.server.last_port,
                     .taken = host::udp_ports_in_use(),
                     .given_out = {},
                     .reserved = {}};
    if (const auto range = host::local_port_range())
        ports.given_out = MediaPorts::Range{range->first, range->last};
    for (const auto& range : host::reserved_local_ports())
        ports.reserved.push_back({range.first, range.last});
    add(judge_media_ports(ports, calls()));
    host::MediaSockets sockets(plan.siprec.media_bind, clock_);
    const auto opened = sockets.open(0);
    if (!opened && opened.error().code != Code::busy)
        add("media address", Verdict::wrong, opened.error().what);
    const auto wanted = static_cast<std::uint64_t>(
        std::max(limits::sip_receive_buffer_bytes, limits::media_receive_buffer_bytes));
    add(judge_buffer(host::granted_receive_buffer(static_cast<int>(wanted)), wanted));
}

Finding judge_opened(std::string subject, const Result<void>& opened) {
    if (opened)
        return {std::move(subject), Verdict::ok, "it is free and can be listened on"};
    const bool is_taken = opened.error().code == Code::busy;
    return {std::move(subject), Verdict::wrong,
            opened.error().what +
                (is_taken ? ": stop the program that has it (ss -ltunp shows which); while "
                            "naklank serve runs, that is it"
                          : "")};
}

// One after the other, so that each has its sentence.
void Doctor::look_at_listeners(const ServePlan& plan) {
    host::Loop loop;
    NoHandler handler;
    for (const auto& listen : plan.siprec.sip.listen) {
        auto alone = plan.siprec.sip;
        alone.listen = {listen};
        constexpr std::string_view names[] = {"udp", "tcp", "tls"};
        add(judge_opened("siprec " +
                             std::string(names[static_cast<std::size_t>(listen.transport)]) + ":" +
                             listen.at.text(),
                         host::SipSockets::open(loop, handler, alone).map([](const auto&) {})));
    }
}

Result<void> try_http(const host::HttpOptions& options) {
    host::Loop loop;
    return host::HttpServer::open(
               loop, options,
               [](const HttpRequest& /*request*/, const HttpAnswer& then) { then({}); })
        .map([](const auto&) {});
}

void Doctor::look_at_window(const ServePlan& plan) {
    if (!plan.http)
        return add("window", Verdict::ok,
                   "none will be opened: people hear their calls when --http says where, such as "
                   "127.0.0.1:8060");
    add(judge_opened("http " + plan.http->text(), try_http({.at = *plan.http})));
    const auto site = Site::read(plan.site);
    if (site)
        add(judge_site(plan.site, site->has_pages()));
    else
        add("pages", Verdict::wrong, site.error().what);
    for (const auto& one : plan.watched) {
        const auto listed = host::RealDisk().list(one.folder);
        add(judge_watched(one.folder, listed ? "" : listed.error().what));
    }
}

// Those of clients that call in, and the window's, which makes one of its own where none is named.
void Doctor::look_at_certificates(const ServePlan& plan) {
    const bool is_sealed = plan.http && !plan.http->ip.is_loopback();
    const bool is_named = !plan.tls.certificate.empty();
    if (is_sealed) {
        const auto files = is_named ? plan.tls : own_tls(plan.state);
        const bool is_there = is_named || disk_.exists(files.certificate);
        const Endpoint any{*parse_ip("127.0.0.1"), 0};
        if (const auto fits = is_there ? try_http({.at = any, .tls = files}) : Result<void>{};
            !fits)
            return add("certificate", Verdict::wrong, fits.error().what);
        if (!is_named)
            return add("certificate", Verdict::ok,
                       "the window makes one of its own, " + files.certificate +
                           ", whose fingerprint is in the log");
    }
    if (!is_named || (!is_sealed && !plan.siprec.sip.tls))
        return;
    if (const auto times = host::certificate_times(plan.tls.certificate))
        add(judge_certificate(plan.tls.certificate, times->from, times->to, clock_.wall()));
    else
        add("certificate", Verdict::wrong, times.error().what);
}

void Doctor::look_at_secrets() {
    for (const auto* path :
         {&options_.serve.tls_key, &options_.serve.token_file, &options_.serve.users_file})
        if (!path->empty()) {
            const auto state = host::folder_state(*path);
            add(judge_secret(*path, state ? std::optional(state->mode) : std::nullopt));
        }
}

void Doctor::look_at_service(const ServePlan& plan) {
    look_at_listeners(plan);
    look_at_window(plan);
    if (!plan.siprec.sip.listen.empty())
        look_at_ports(plan);
    look_at_secrets();
    look_at_certificates(plan);
}

Verdict worst_of(const std::vector<Finding>& findings) {
    Verdict worst = Verdict::ok;
    for (const auto& finding : findings)
        worst = std::max(worst, finding.verdict);
    return worst;
}

void print_json(const std::vector<Finding>& findings) {
    nlohmann::ordered_json checks = nlohmann::ordered_json::array();
    for (const auto& finding : findings)
        checks.push_back({{"subject", as_utf8(finding.subject)},
                          {"verdict", name_of(finding.verdict)},
                          {"sentence", as_utf8(finding.sentence)}});
    fmt::print(
        "{}", json_text({{"verdict", name_of(worst_of(findings))}, {"checks", std::move(checks)}}));
}

void print_lines(const std::vector<Finding>& findings) {
    const Look look = look_of_output();
    std::size_t wide = 0;
    for (const auto& finding : findings)
        wide = std::max(wide, finding.subject.size());
    for (const auto& finding : findings) {
        const auto colour = finding.verdict == Verdict::ok        ? Colour::green
                            : finding.verdict == Verdict::warning ? Colour::yellow
                                                                  : Colour::red;
        fmt::print("{} {:<{}}  {}\n",
                   look.paint(fmt::format("{:<8}", name_of(finding.verdict)), colour),
                   finding.subject, wide, terminal_text(finding.sentence));
    }
}

}  // namespace

int doctor(const DoctorOptions& options) {
    std::optional<ServePlan> planned;
    const auto& said = options.serve;
    if (!said.siprec.empty() || !said.http.empty() || !said.site.empty() ||
        !said.tls_certificate.empty() || !said.tls_key.empty()) {
        auto serve = options.serve;
        if (!serve.basis)
            serve.basis = "company";  // nothing is recorded
        auto made = plan(serve);
        if (!made) {
            say_aside("naklank doctor: {}\n", terminal_text(made.error().what));
            return exit_unusable;
        }
        planned = std::move(*made);
    }
    host::raise_file_limit();
    Doctor doctor(options);
    doctor.look_at_machine();
    doctor.look_at_archive();
    doctor.look_at_decoders();
    doctor.look_at_interface();
    if (planned)
        doctor.look_at_service(*planned);
    if (options.json)
        print_json(doctor.findings());
    else
        print_lines(doctor.findings());
    return worst_of(doctor.findings()) == Verdict::wrong ? exit_wrong_data : exit_fine;
}

}  // namespace nk::app
