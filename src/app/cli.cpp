#include "app/cli.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/aside.h"
#include "app/cli_checks.h"
#include "app/commands.h"
#include "app/completion.h"
#include "app/config_file.h"
#include "app/doctor.h"
#include "app/export/bcr_export.h"
#include "app/import/import_command.h"
#include "app/near_name.h"
#include "app/record.h"
#include "app/recover.h"
#include "app/serve.h"
#include "app/text.h"

namespace nk::app {

namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

// --archive, else NAKLANK_ARCHIVE, else the user's data folder (XDG Base Directory). Absolute and
// without a slash at its end, or empty when there is no home either.
std::string resolved_archive(const std::string& option) {
    fs::path path = option;
    if (path.empty())
        path = environment("NAKLANK_ARCHIVE");
    if (path.empty() && !environment("XDG_DATA_HOME").empty())
        path = fs::path(environment("XDG_DATA_HOME")) / "naklank";
    if (path.empty() && !environment("HOME").empty())
        path = fs::path(environment("HOME")) / ".local/share/naklank";
    if (path.empty())
        return {};
    std::string text = fs::absolute(path).lexically_normal().string();
    while (text.size() > 1 && text.back() == '/')
        text.pop_back();
    return text;
}

constexpr const char* purpose_help =
    "why the recordings are kept: wording, training, agreement, memory or keepsake. Those for "
    "training go after 90 days, unless the window's rules say otherwise; the others stay";

// What every command of one archive knows.
struct Common {
    std::string archive;
    bool json = false;
};

class CommandLine {
public:
    CommandLine() {
        app_.require_subcommand(0, 1);
        app_.failure_message(
            [this](const CLI::App*, const CLI::Error& error) { return complaint(error); });
        app_.set_version_flag("--version", "naklank " NK_VERSION);
        app_.footer(
            "Examples:\n"
            "  naklank record --read calls.pcap        every call of a capture\n"
            "  naklank import ~/Recordings             what a telephone recorded\n"
            "  naklank list --since 2026-11-23         what was recorded since\n"
            "  naklank show k3v9qd                     one recording, by the end of its id in "
            "list\n"
            "  naklank export k3v9qd --track caller    one voice alone, as a WAV file\n"
            "  naklank verify --all                    is everything as it was sealed?\n"
            "\n"
            "The archive is --archive DIR, else $NAKLANK_ARCHIVE, else\n"
            "$XDG_DATA_HOME/naklank, else ~/.local/share/naklank. naklank help COMMAND tells a\n"
            "command's options; see also naklank(1).\n"
            "Exit codes: 0 fine, 1 something is wrong with the data, 2 wrong usage or unreadable.");
        add_record();
        add_serve();
        add_doctor();
        add_list();
        add_show();
        add_verify();
        add_export();
        add_rebuild();
        add_recover();
        add_import();
        add_small();
    }

    int run(std::vector<const char*> arguments) {
        if (arguments.size() > 1 && is_help(arguments[1]))
            as_help_option(arguments);
        if (arguments.size() > 1 && !is_command(arguments[1])) {  // also where --help follows
            say_aside("{}", no_command(arguments[1]));
            return exit_unusable;
        }
        try {
            app_.parse(static_cast<int>(arguments.size()), arguments.data());
        } catch (const CLI::ParseError& stop) {  // --help and --version come this way too
            return app_.exit(stop) == 0 ? exit_fine : exit_unusable;
        }
        if (!action_) {
            say_aside("{}", app_.help());
            return exit_unusable;
        }
        return action_();
    }

private:
    static bool is_help(const char* argument) { return std::string_view(argument) == "help"; }
    // An option in its place is the parser's matter.
    bool is_command(const std::string& word) {
        const auto is_named = [&](CLI::App* command) { return command->check_name(word); };
        return word.starts_with('-') || !app_.get_subcommands(is_named).empty();
    }
    // `help` and `help COMMAND` are `--help` and `COMMAND --help`.
    static void as_help_option(std::vector<const char*>& arguments) {
        while (arguments.size() > 1 && is_help(arguments[1]))
            arguments.erase(arguments.begin() + 1);
        arguments.push_back("--help");
    }
    std::string no_command(const std::string& word) {
        const auto near = near_name(word, names_in(app_));
        return fmt::format(
            "naklank: there is no command \"{}\"\n{}naklank --help tells what there is.\n",
            terminal_text(word), near.empty() ? "" : "Is it " + near + "?\n");
    }
    // Of words that fit nothing: what is wrong with the first of them.
    std::string stray_words(const CLI::App& command, const std::vector<std::string>& words) {
        const bool is_option = words.front().starts_with('-');
        if (is_option && &command != &app_ && !app_.remaining(false).empty())
            return fmt::format("{0} stands behind the command: naklank {1} {0}", words.front(),
                               command.get_name());
        if (is_option)
            return "there is no option " + words.front();
        return fmt::format("it takes no \"{}\"", fmt::join(words, "\", \""));
    }
    // What is wrong with the line, what may have been meant, and where help is.
    std::string complaint(const CLI::Error& error) {
        const auto* command =
            app_.get_subcommands().empty() ? &app_ : app_.get_subcommands().front();
        const std::string name = command == &app_ ? "naklank" : "naklank " + command->get_name();
        const auto words = app_.remaining(true);
        const bool is_stray = dynamic_cast<const CLI::ExtrasError*>(&error) && !words.empty();
        std::string out = name + ": " +
                          terminal_text(is_stray ? stray_words(*command, words) : error.what()) +
                          "\n";
        const auto known = names_in(*command);
        for (const auto& word : words)
            if (const auto near = near_name(word, known); !near.empty() && near != word)
                out += "Is it " + near + "?\n";
        // A capture's bare name is the likeliest word that fits no option of record.
        if (app_.got_subcommand("record") &&
            std::ranges::any_of(words, [](const auto& word) { return !word.starts_with('-'); }))
            out += "A capture is read with --read FILE, one at a time.\n";
        return out + name + " --help tells what there is.\n";
    }
    static std::vector<std::string> names_in(const CLI::App& command) {
        std::vector<std::string> out;
        for (const auto* option : command.get_options())
            for (const auto& name : option->get_lnames())
                out.push_back("--" + name);
        for (const auto* below : command.get_subcommands({}))
            out.push_back(below->get_name());
        return out;
    }
    CLI::App* add(const char* name, const char* what) {
        auto* command = app_.add_subcommand(name, what);
        command->add_option("--archive", common_.archive, "the archive's folder")
            ->type_name("DIR")
            ->check(is_said());
        return command;
    }
    CLI::App* add_with_json(const char* name, const char* what) {
        auto* command = add(name, what);
        command->add_flag("--json", common_.json, "print JSON (docs/JSON.md)");
        return command;
    }
    // Runs the command when the line is read, with the archive resolved.
    void on(CLI::App* command, std::function<int(const std::string& archive)> act) {
        command->callback([this, command, act = std::move(act)] {
            apply_config(*command, config_);
            action_ = [this, act] {
                const std::string archive = resolved_archive(common_.archive);
                std::error_code unknown;  // which the command itself meets
                if (archive.empty())
                    say_aside("naklank: no archive: give --archive DIR\n");
                else if (fs::exists(archive, unknown) && !fs::is_directory(archive, unknown))
                    say_aside("naklank: {} is no folder: an archive is one\n",
                              terminal_text(archive));
                else
                    return act(archive);
                return exit_unusable;
            };
        });
    }

    void add_record();
    void add_serve();
    void add_doctor();
    void add_list();
    void add_show();
    void add_verify();
    void add_export();
    void add_bcr_options(CLI::App* command, CLI::Option* bcr, CLI::Option* ids);
    int export_bcr();
    void add_rebuild();
    void add_recover();
    void add_import();
    void add_small();

    CLI::App app_{
        "Naklank records telephone calls and keeps them so that they can be found, checked "
        "and heard again.",
        "naklank"};
    Common common_;
    std::string config_;
    std::function<int()> action_;
    RecordOptions record_;
    ServeOptions serve_;
    DoctorOptions doctor_;
    ListOptions list_;
    std::string since_, until_;
    ShowOptions show_;
    VerifyOptions verify_;
    ExportCommand export_;
    BcrExportOptions bcr_;
    bool is_bcr_ = false;
    ImportOptions import_;
    std::string format_;
    std::string shell_;
    std::string prefix_;
};

void CommandLine::add_record() {
    auto* command = add_with_json("record", "Record every call of a capture or a mirror port");
    auto* read = command->add_option("--read", record_.read_path,
                                     "a pcap or pcapng file, - for standard input");
    read->type_name("FILE")->check(is_said());
    auto* live = command->add_option("--interface", record_.interface_name,
                                     "a network interface that sees the calls");
    live->type_name("IF")->check(is_said())->excludes(read);
    command->add_option("--filter", record_.filter, "only packets that match, as for tcpdump")
        ->type_name("BPF")
        ->check(is_said())
        ->needs(live);
    command
        ->add_option("--tls-keylog", record_.tls_keylog,
                     "reads SIP in TLS with the keys of this SSLKEYLOGFILE; one that grows is "
                     "followed while an interface is recorded")
        ->type_name("FILE")
        ->check(is_said());
    command
        ->add_option_function<std::string>(
            "--basis", [this](const std::string& basis) { record_.basis = basis; },
            "by what right: own-line or company")
        ->type_name("BASIS")
        ->needs(live);
    command->add_option("--purpose", record_.purpose, purpose_help)
        ->type_name("PURPOSE")
        ->check(is_purpose())
        ->capture_default_str();
    command->add_flag("--quiet", record_.quiet, "no progress and no table");
    command->add_flag("--stages", record_.stages)->group("");  // for benchmarks, not in the help
    command->footer(
        "Live capture needs --basis: recording other people's calls without authority is a crime.\n"
        "Examples:\n"
        "  naklank record --read calls.pcapng\n"
        "  zstd -dc calls.pcap.zst | naklank record --read - --json\n"
        "  naklank record --interface eth1 --basis company --purpose training\n"
        "  naklank record --read tls.pcap --tls-keylog keys.log");
    on(command, [this, read, live](const std::string& archive) {
        if (read->empty() && live->empty()) {
            say_aside("naklank record: give --read FILE or --interface IF\n");
            return exit_unusable;
        }
        record_.archive = archive;
        record_.json = common_.json;
        return record(record_);
    });
}

// What serve and doctor both take.
void add_service_options(CLI::App* command, ServeOptions& into) {
    const auto text = [&](const char* name, std::string& value, const char* help,
                          const char* type) {
        return command->add_option(name, value, help)->type_name(type)->check(is_said());
    };
    command
        ->add_option("--siprec", into.siprec,
                     "where recording clients call in: udp:ADDRESS:PORT, tcp:... or tls:..., "
                     "several by commas")
        ->type_name("LISTEN")
        ->check(is_said());
    command
        ->add_option("--allow", into.allow,
                     "addresses that may have calls recorded: 192.0.2.20 or 10.0.0.0/8, several by "
                     "commas")
        ->type_name("RANGE")
        ->check(is_said());
    text("--users-file", into.users_file,
         "clients must know a password: name:password, a line each", "FILE");
    text("--media-address", into.media_address,
         "the address clients send media to, when it is not the one they call", "ADDRESS");
    text("--sip-address", into.sip_address,
         "the address clients send SIP to, when it is not the one they call", "ADDRESS[:PORT]");
    text("--ports", into.ports, "the UDP ports for media", "FIRST-LAST")->capture_default_str();
    command->add_option("--calls-max", into.calls_max, "more calls at once are refused with 503")
        ->type_name("COUNT")
        ->check(is_count())
        ->capture_default_str();
    text("--tls-certificate", into.tls_certificate,
         "for tls: and the window, in PEM; the window makes one of its own without", "FILE");
    text("--tls-key", into.tls_key, "its key, in PEM", "FILE");
    text("--tls-clients", into.tls_clients,
         "only clients with a certificate by one of these authorities, in PEM", "FILE");
    text("--http", into.http,
         "the window through which people hear their calls, and metrics; over TLS unless it is "
         "loopback. 127.0.0.1:8060 without --siprec; with --siprec there is none unless it is said",
         "ADDRESS:PORT");
    text("--state", into.state,
         "where accounts and the custody log lie; .state in the archive when it is not said",
         "DIR");
    text("--site", into.site, "where the window's pages lie, when not beside the program", "DIR");
    text("--token-file", into.token_file, "whoever knows its first line may pause and resume",
         "FILE");
    command
        ->add_option("--watch", into.watch,
                     "what comes into this folder is brought when it has lain still for 10 s; its "
                     "files stay. =NUMBER: of the telephone that records into it. Once for each")
        ->type_name("DIR[=NUMBER]")
        ->check(is_said());
    command->add_option("--watch-purpose", into.watch_purpose, purpose_help)
        ->type_name("PURPOSE")
        ->check(is_purpose())
        ->capture_default_str();
    text("--watch-zone", into.watch_zone,
         "of times that name none: Europe/Amsterdam; the machine's own when it is not said",
         "ZONE");
    command
        ->add_option("--silence-seconds", into.silence_seconds,
                     "without media for so long, a client is asked whether its call goes on")
        ->type_name("SECONDS")
        ->check(is_count())
        ->capture_default_str();
    command
        ->add_option("--drain-seconds", into.drain_seconds,
                     "so long running calls go on when the service is stopped")
        ->type_name("SECONDS")
        ->capture_default_str();
    command
        ->add_option_function<std::string>(
            "--basis", [&into](const std::string& basis) { into.basis = basis; },
            "by what right: own-line or company")
        ->type_name("BASIS");
    command->add_option("--purpose", into.purpose, purpose_help)
        ->type_name("PURPOSE")
        ->check(is_purpose())
        ->capture_default_str();
}

void CommandLine::add_serve() {
    auto* command = add_with_json(
        "serve", "Let people hear their calls, and record what PBXs and border controllers send");
    add_service_options(command, serve_);
    add_config(*command, config_);
    command->footer(
        "Without --siprec nothing is recorded, and the window is opened on 127.0.0.1:8060. With\n"
        "--siprec it is opened where --http says, and not at all without --http.\n"
        "Examples:\n"
        "  naklank serve\n"
        "  naklank serve --siprec udp:0.0.0.0:5060,tcp:0.0.0.0:5060 --allow 192.0.2.20 \\\n"
        "      --basis company --http 127.0.0.1:8060\n"
        "  naklank serve --config /etc/naklank/serve.toml");
    on(command, [this](const std::string& archive) {
        serve_.archive = archive;
        serve_.json = common_.json;
        serve_.notify_socket = environment("NOTIFY_SOCKET");
        return serve(serve_);
    });
}

void CommandLine::add_doctor() {
    auto* command = add_with_json("doctor", "Is this machine fit to record?");
    command
        ->add_option("--interface", doctor_.interface_name,
                     "a network interface that record would listen on")
        ->type_name("IF")
        ->check(is_said());
    add_service_options(command, doctor_.serve);
    add_config(*command, config_);
    command->footer(
        "Takes the options of serve, and looks whether they can be had here: give it the same\n"
        "file. Without --siprec, --http, --site or a certificate it looks at the machine and the\n"
        "archive alone.\n"
        "Examples:\n"
        "  naklank doctor\n"
        "  naklank doctor --http 0.0.0.0:8443\n"
        "  naklank doctor --config /etc/naklank/serve.toml\n"
        "  naklank doctor --interface eth1");
    on(command, [this](const std::string& archive) {
        doctor_.serve.archive = archive;
        doctor_.json = common_.json;
        return doctor(doctor_);
    });
}

void CommandLine::add_list() {
    auto* command = add_with_json("list", "List the recordings, oldest first");
    command->add_option("--since", since_, "started at or after")
        ->type_name("TIME")
        ->check(is_moment());
    command->add_option("--until", until_, "started before")->type_name("TIME")->check(is_moment());
    command->add_option("--number", list_.number, "of a party: all of it or a part")
        ->type_name("NUMBER")
        ->check(is_said())
        ->check(is_number());
    command->add_flag("--unsure", list_.unsure,
                      "only what was brought and of which the day or the other is not sure");
    command->add_option("--limit", list_.filter.newest, "only the newest so many")
        ->type_name("COUNT")
        ->check(is_count());
    command->footer(
        "A TIME is a day (2026-11-23), a minute ('2026-11-23 14:00') in this machine's zone, or\n"
        "$TZ, or an RFC 3339 time with its offset (2026-11-23T14:00:00+01:00). A number is found "
        "as\n"
        "it is dialled in the Netherlands, too: 020-1234567 finds +31201234567. A part of one is "
        "enough.\n"
        "Examples:\n"
        "  naklank list --number 0881112233 --limit 10\n"
        "  naklank list --since '2026-11-23 09:00' --json");
    on(command, [this](const std::string& archive) {
        list_.archive = archive;
        list_.json = common_.json;
        list_.filter.since = moment_in(since_);
        list_.filter.until = moment_in(until_);
        return list(list_);
    });
}

void CommandLine::add_show() {
    auto* command = add_with_json("show", "Show one recording: facts, tracks, what was odd");
    command->add_option("ID", show_.id, "its id, or how that begins or ends")
        ->required()
        ->check(is_said());
    command->footer(
        "Examples:\n"
        "  naklank show k3v9qd                     by the end of its id in list\n"
        "  naklank show 20260302T090001Z --json");
    on(command, [this](const std::string& archive) {
        show_.archive = archive;
        show_.json = common_.json;
        return show(show_);
    });
}

void CommandLine::add_verify() {
    auto* command = add_with_json("verify", "Check that recordings are as they were sealed");
    auto* ids = command->add_option("ID", verify_.ids, "ids, or how they begin or end");
    ids->check(is_said());
    auto* all = command->add_flag("--all", verify_.all, "every recording, and the catalogue");
    all->excludes(ids);
    command->add_flag("--quiet", verify_.quiet, "name only what is wrong");
    command->footer(
        "Exit status 1 says that something is not as it was sealed.\n"
        "Examples:\n"
        "  naklank verify k3v9qd\n"
        "  naklank verify --all --quiet");
    on(command, [this](const std::string& archive) {
        if (verify_.ids.empty() && !verify_.all) {
            say_aside("naklank verify: give an id, or --all\n");
            return exit_unusable;
        }
        verify_.archive = archive;
        verify_.json = common_.json;
        return verify(verify_);
    });
}

void CommandLine::add_export() {
    auto* command = add_with_json("export", "Write recordings for use elsewhere");
    auto* ids = command->add_option("ID", export_.ids, "ids, or how they begin or end");
    ids->check(is_said());
    command
        ->add_option("--format", format_,
                     "wav, flac, original (as it was brought), json or s16le (bare samples); else "
                     "original of what was brought, and wav of what was recorded here")
        ->type_name("FORMAT")
        ->check(is_format());
    command
        ->add_option("--track", export_.what.track,
                     "one party's samples alone, at its own rate: 1, 2, caller, callee")
        ->type_name("TRACK")
        ->check(is_said());
    command->add_flag("--trim", export_.what.trim,
                      "without the silence before the first and after the last packet");
    command
        ->add_option("-o,--output", export_.output,
                     "a file or a folder, - for standard output; else this folder")
        ->type_name("PATH")
        ->check(is_said());
    command->add_flag("--force", export_.force, "write over a file that exists");
    auto* bcr = command->add_flag("--bcr", is_bcr_,
                                  "as BCR, the recorder for Android, has them: its names, its JSON "
                                  "beside each, into the folder that -o names");
    add_bcr_options(command, bcr, ids);
    command->footer(
        "Examples:\n"
        "  naklank export k3v9qd -o call.wav\n"
        "  naklank export 3et774                   what was brought, byte for byte\n"
        "  naklank export --bcr --all -o Calls     all of them, for other programs\n"
        "  naklank export k3v9qd --track callee --trim --format s16le -o - | sha256sum");
    on(command, [this](const std::string& archive) {
        if (export_.ids.empty() && !bcr_.all) {
            say_aside("naklank export: give an id, or --bcr and --all\n");
            return exit_unusable;
        }
        export_.archive = archive;
        export_.json = common_.json;
        export_.format = archive::export_format_named(format_);
        return is_bcr_ ? export_bcr() : export_recordings(export_);
    });
}

void CommandLine::add_bcr_options(CLI::App* command, CLI::Option* bcr, CLI::Option* ids) {
    auto* all = command->add_flag("--all", bcr_.all, "with --bcr: every recording, or of these:");
    all->excludes(ids)->needs(bcr);
    command->add_option("--since", since_, "started at or after")
        ->type_name("TIME")
        ->check(is_moment())
        ->needs(all);
    command->add_option("--until", until_, "started before")
        ->type_name("TIME")
        ->check(is_moment())
        ->needs(all);
    command->add_option("--number", bcr_.number, "of a party: all of it or a part")
        ->type_name("NUMBER")
        ->check(is_said())
        ->check(is_number())
        ->needs(all);
    command
        ->add_option("--template", bcr_.name_template,
                     "with --bcr: of the names, as BCR writes it; else BCR's own")
        ->type_name("TEXT")
        ->check(is_said())
        ->needs(bcr);
    command
        ->add_option("--own-number", bcr_.own_numbers,
                     "with --bcr: of a telephone of ours, several by commas; who is the other then "
                     "is known of calls that were recorded here")
        ->type_name("NUMBER")
        ->delimiter(',')
        ->check(is_said())
        ->check(is_number())
        ->needs(bcr);
    command
        ->add_option("--zone", bcr_.zone,
                     "with --bcr: of all times, as Europe/Amsterdam; else each as it was found, "
                     "and this machine's")
        ->type_name("ZONE")
        ->check(is_said())
        ->needs(bcr);
}

int CommandLine::export_bcr() {
    if (!format_.empty() || !export_.what.track.empty() || export_.what.trim) {
        say_aside(
            "naklank export: --bcr gives all of the sound as it is: leave --format, --track and "
            "--trim out\n");
        return exit_unusable;
    }
    if (export_.output.empty() || export_.output == "-") {
        say_aside("naklank export: --bcr writes into a folder: give it with -o\n");
        return exit_unusable;
    }
    bcr_.archive = export_.archive;
    bcr_.ids = export_.ids;
    bcr_.folder = export_.output;
    while (bcr_.folder.size() > 1 && bcr_.folder.back() == '/')
        bcr_.folder.pop_back();
    bcr_.filter.since = moment_in(since_);
    bcr_.filter.until = moment_in(until_);
    bcr_.force = export_.force;
    bcr_.json = export_.json;
    return export_as_bcr(bcr_);
}

void CommandLine::add_rebuild() {
    auto* command =
        add_with_json("rebuild", "Make the catalogue again from the recordings' own files");
    command->footer(
        "The catalogue is what list reads. Recorders may run meanwhile, and nothing is lost.\n"
        "Examples:\n"
        "  naklank rebuild\n"
        "  naklank rebuild --archive /var/lib/naklank --json");
    on(command, [this](const std::string& archive) { return rebuild({archive, common_.json}); });
}

void CommandLine::add_recover() {
    auto* command =
        add_with_json("recover", "Finish the calls that a recorder left when it was cut off");
    command->footer(
        "naklank record does the same when it begins; this does it alone. Calls that were still\n"
        "running are kept up to the last second before the recorder stopped, and say so.\n"
        "A journal that cannot be read whole is then kept in .journal/set-aside/ of the archive, "
        "and\n"
        "nobody but you removes it. Mended and moved back to .journal/ it is tried again: a call "
        "of\n"
        "which more can be read then gets a further recording.");
    on(command, [this](const std::string& archive) { return recover({archive, common_.json}); });
}

void CommandLine::add_import() {
    auto* command =
        add_with_json("import", "Bring recordings that you have: of telephones, voicemail, tapes");
    command
        ->add_option("PATH", import_.paths,
                     "files, folders, zip or tar archives; - for a list on standard input")
        ->required()
        ->check(is_said());
    command
        ->add_option("--purpose", import_.purpose,
                     "wording, training, agreement, memory or keepsake")
        ->capture_default_str();
    command
        ->add_option("--basis", import_.basis,
                     "by what right they were recorded: own-line or company; else the files' "
                     "owner knows")
        ->check(is_said());
    command
        ->add_option("--own-number", import_.own_number,
                     "of the telephone that recorded them: whose account has it owns the calls")
        ->type_name("NUMBER")
        ->check(is_said());
    command
        ->add_option("--zone", import_.zone,
                     "of times that name none, as Europe/Amsterdam; else this machine's")
        ->type_name("ZONE")
        ->check(is_said());
    command
        ->add_option("--template", import_.name_templates,
                     "how the files are called, as BCR writes it: {date}_{phone_number}; once for "
                     "each")
        ->type_name("TEMPLATE")
        ->allow_extra_args(false)
        ->check(is_said());
    command->add_flag("--dry-run", import_.dry_run, "say what would be found, and keep nothing");
    command->add_flag("--quiet", import_.quiet, "no progress, and no word on what is no sound");
    command->footer(
        "The files stay where they are and as they are; the archive gets their bytes. Who, when\n"
        "and in which direction is read from what the recorder laid beside them, their folders,\n"
        "names and tags; what is not known is not guessed. Bringing the same again adds only\n"
        "what it did not know, and doubles nothing.\n"
        "Examples:\n"
        "  naklank import /media/phone/Recordings\n"
        "  naklank import takeout.zip --purpose memory --own-number +31201234567\n"
        "  find . -name '*.amr' | naklank import - --dry-run --json");
    on(command, [this](const std::string& archive) {
        import_.archive = archive;
        import_.json = common_.json;
        return import_files(import_);
    });
}

void CommandLine::add_small() {
    auto* version = app_.add_subcommand("version", "Print the version");
    version->footer("naklank --version does the same.");
    version->callback([this] {
        action_ = [] {
            fmt::print("naklank " NK_VERSION "\n");
            return exit_fine;
        };
    });
    auto* completion = app_.add_subcommand("completion", "Print a shell's completion script");
    completion->add_option("SHELL", shell_, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion->footer(
        "make install puts them in their places; without it:\n"
        "Examples:\n"
        "  source <(naklank completion bash)\n"
        "  naklank completion zsh > ~/.zfunc/_naklank\n"
        "  naklank completion fish > ~/.config/fish/completions/naklank.fish");
    completion->callback([this] {
        action_ = [this] {
            fmt::print("{}", *completion_script(shell_));
            return exit_fine;
        };
    });
    auto* complete = add("__complete", "");
    complete->group("");  // hidden: for the completion scripts
    complete->add_option("PREFIX", prefix_);
    on(complete, [this](const std::string& archive) { return complete_ids(archive, prefix_); });
}

}  // namespace

int run(int argc, const char* const* argv) {
    try {
        const int exit_code = CommandLine().run({argv, argv + argc});
        // What was to be printed and could not be is no success.
        if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
            return exit_code;
        say_aside(
            "naklank: standard output could not be written: the disk is full, or "
            "nobody reads it\n");
        return exit_code == exit_fine ? exit_wrong_data : exit_code;
    } catch (const std::exception& error) {  // out of memory, or a library's; ours are Results
        say_aside("naklank: {}\n", error.what());
        return exit_wrong_data;
    }
}

}  // namespace nk::app
