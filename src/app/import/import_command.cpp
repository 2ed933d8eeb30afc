#include "app/import/import_command.h"

#include <cstdio>
#include <iostream>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "app/aside.h"
#include "app/catalogue_advice.h"
#include "app/commands.h"
#include "app/import/gathering.h"
#include "app/import/importer.h"
#include "app/import/local_zone.h"
#include "app/import/walk.h"
#include "app/import/words.h"
#include "app/json.h"
#include "app/open_archive.h"
#include "app/progress.h"
#include "app/run.h"
#include "app/text.h"
#include "archive/layout.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "host/media_helper.h"
#include "host/real_clock.h"
#include "host/real_disk.h"
#include "host/signals.h"

namespace nk::app {

namespace {

constexpr std::size_t line_bytes_max = 64 * 1024;

int say_import(const Error& error) {
    return say("import", error);
}

// A path a line, as `find` gives them.
std::vector<std::string> paths_on_standard_input() {
    std::vector<std::string> paths;
    std::string line;
    while (std::getline(std::cin, line))
        if (!line.empty() && line.size() <= line_bytes_max)
            paths.push_back(line);
    return paths;
}

Result<BroughtFor> brought_for(const ImportOptions& options) {
    BroughtFor why;
    const auto purpose = purpose::purpose_named(options.purpose);
    if (!purpose)
        return refuse(Code::refused, Blame::owner,
                      "--purpose is wording, training, agreement, memory or keepsake, not \"" +
                          options.purpose + "\"");
    why.purpose = *purpose;
    if (!options.basis.empty()) {
        NK_TAKE(why.basis, purpose::may_capture_live(options.basis));
    }
    why.own_number = options.own_number;
    return why;
}

Json json_of(const Outcome& outcome) {
    const auto& known = outcome.known;
    Json json{{"path", as_utf8(outcome.source.path)},
              {"name", as_utf8(outcome.source.name)},
              {"place", as_utf8(outcome.source.place)},
              {"became", name_of(outcome.became)}};
    json["id"] = outcome.id.empty() ? Json(nullptr) : Json(outcome.id);
    json["sha256"] = outcome.sha256.empty() ? Json(nullptr) : Json(outcome.sha256);
    json["why"] = as_utf8(outcome.why);
    if (outcome.became == Became::left || outcome.became == Became::failed)
        return json;
    json["started"] = known.started ? Json(rfc3339(*known.started)) : Json(nullptr);
    json["direction"] = name_of(known.direction);
    json["numbers"] = known.numbers;
    json["names"] = Json::array();
    for (const auto& name : known.names)
        json["names"].push_back(as_utf8(name));
    json["kind"] = known.is_message ? "message" : "call";
    json["recorder"] = known.recorder;
    json["unsure"] = Json::array();
    if (known.is_when_unsure)
        json["unsure"].push_back("when");
    if (known.is_who_unsure)
        json["unsure"].push_back("who");
    return json;
}

class Import {
public:
    Import(const ImportOptions& options, BroughtFor why, host::TimeZone zone, std::string helper)
        : options_(options),
          why_(std::move(why)),
          zone_(std::move(zone)),
          media_(std::move(helper)),
          gathering_(zone_),
          progress_(clock_, !options.quiet && !options.json) {}

    int run();

private:
    Result<void> open();
    void walk();
    void bring();
    void look_only();
    void tell(const Outcome& outcome);
    int end();

    const ImportOptions& options_;
    BroughtFor why_;
    LocalZone zone_;
    host::RealDisk disk_;
    host::RealClock clock_;
    host::RealRandom random_;
    host::MediaHelper media_;
    host::StopFlag stop_;
    Gathering gathering_;
    Progress progress_;
    std::unique_ptr<archive::Catalogue> catalogue_;
    std::unique_ptr<archive::Bringing> bringing_;
    Found found_;
    ImportReport report_;
    std::size_t told_ = 0;
    bool was_stopped_ = false;
};

Result<void> Import::open() {
    NK_TRY(disk_.make_folders(options_.archive));
    NK_TAKE(bringing_, archive::Bringing::begin(disk_, clock_, random_, options_.archive));
    // Of two that make a catalogue at once SQLite refuses one, and does not let it wait.
    NK_TAKE(const auto turn, bringing_->turn());
    auto catalogue = archive::Catalogue::open(archive::catalogue_path(options_.archive));
    if (!catalogue)
        return refuse(catalogue.error().code, catalogue.error().blame,
                      with_advice_to_recorders(catalogue.error()));
    catalogue_ = *std::move(catalogue);
    return {};
}

void Import::walk() {
    std::vector<std::string> paths;
    for (const auto& path : options_.paths) {
        if (path != "-") {
            paths.push_back(path);
            continue;
        }
        const auto more = paths_on_standard_input();
        paths.insert(paths.end(), more.begin(), more.end());
    }
    Walk walk(disk_, media_, bringing_->scratch(), {}, [this](std::uint64_t files) {
        progress_.show_text(fmt::format("{} files looked at", files));
    });
    for (const auto& path : paths)
        if (!stop_.is_raised())
            walk.look(path);
    found_ = walk.take();
    for (const auto& sentence : found_.wrong)
        report_.add_wrong(sentence);
    gathering_.learn(found_.sounds);
}

void Import::bring() {
    archive::Vault vault(disk_, clock_, random_, options_.archive, catalogue_.get());
    Importer importer(
        disk_, media_, vault, *bringing_, *catalogue_, options_.archive, why_,
        [this](const Taken& taken) { return gathering_.findings_of(taken); },
        [this](const Outcome& outcome) { tell(outcome); });
    const auto began = clock_.now();
    std::size_t done = 0;
    for (const auto& file : found_.sounds) {
        if (stop_.is_raised()) {
            was_stopped_ = true;
            break;
        }
        importer.bring(file);
        ++done;
        progress_.show_work(done, found_.sounds.size(), clock_.now() - began);
    }
    importer.finish();
    while (vault.catch_up()) {
    }
    if (const auto& trouble = vault.catalogue_trouble())
        report_.add_wrong(catalogue_text(*trouble));
}

// What would be found, and nothing is kept.
void Import::look_only() {
    for (const auto& file : found_.sounds) {
        std::string sidecar;
        if (!file.beside.empty())
            if (const auto bytes = read_whole(disk_, file.beside, 1024 * 1024))
                sidecar = as_text(*bytes);
        auto found = gathering_.found(file, sidecar);
        Outcome outcome{file, Became::recording, "", "", "", {}};
        const auto facts = media_.look(file.path, file.name);
        if (facts) {
            for (const auto& [key, value] : facts->tags)
                found.tags.push_back({key, value});
            found.length = Nanos(static_cast<std::int64_t>(static_cast<double>(facts->frames) /
                                                           facts->rate_hz * 1e9));
            outcome.why = facts->fault;
        } else {
            outcome.why = facts.error().what;
        }
        outcome.known = call::know(importing::gather(found, gathering_.zone()).findings);
        tell(outcome);
        if (stop_.is_raised())
            return;
    }
}

void Import::tell(const Outcome& outcome) {
    report_.add(outcome);
    if (options_.json) {
        fmt::print("{}", json_array_piece(json_of(outcome), told_++));
        return;
    }
    if (options_.quiet || outcome.became != Became::failed)
        return;
    progress_.clear();
    say("import", outcome.source.name + ": " + outcome.why, exit_fine);
}

int Import::end() {
    progress_.clear();
    if (options_.json)
        fmt::print("{}", json_array_end(told_));
    for (const auto& sentence : report_.wrong())
        say("import", sentence, exit_fine);
    if (!options_.json) {
        if (!options_.quiet)
            for (const auto& file : found_.others)
                say_aside("naklank import: {} is no sound, and stays where it is\n",
                          terminal_text(file.name));
        fmt::print("{}{}\n", options_.dry_run ? "Nothing was kept. " : "",
                   terminal_text(report_.summary()));
        if (was_stopped_)
            fmt::print(
                "It was stopped: what is not told of here was not brought. Begin again, and "
                "what is there is known.\n");
    }
    return report_.failed() > 0 || !report_.wrong().empty() || was_stopped_ ? exit_wrong_data
                                                                            : exit_fine;
}

int Import::run() {
    if (const auto opened = open(); !opened)
        return say_import(opened.error());
    walk();
    for (const auto& file : found_.others)
        tell({file, Became::left, "", "", "it is no sound", {}});
    if (options_.dry_run)
        look_only();
    else
        bring();
    return end();
}

}  // namespace

int import_files(const ImportOptions& options) {
    const auto why = brought_for(options);
    if (!why)
        return say_import(why.error());
    auto zone = host::TimeZone::named(options.zone);
    if (!zone)
        return say_import(zone.error());
    const auto helper = host::find_helper("naklank-media");
    if (!helper)
        return say_import(helper.error());
    return Import(options, *why, *std::move(zone), *helper).run();
}

}  // namespace nk::app
