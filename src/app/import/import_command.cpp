#include "app/import/import_command.h"

#include <cstdio>
#include <iostream>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "app/aside.h"
#include "app/commands.h"
#include "app/import/delivery.h"
#include "app/import/local_zone.h"
#include "app/import/words.h"
#include "app/json.h"
#include "app/open_archive.h"
#include "app/progress.h"
#include "app/text.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "host/child_process.h"
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
          zone_(std::move(zone)),
          media_(std::move(helper)),
          delivery_({disk_, media_, clock_, random_, zone_},
                    {options.archive, std::move(why), true, true, options.name_templates},
                    [this](const Outcome& outcome) { tell(outcome); }),
          progress_(clock_, !options.quiet && !options.json) {}

    int run();

private:
    void look();
    void bring();
    void tell(const Outcome& outcome);
    int end();

    const ImportOptions& options_;
    LocalZone zone_;
    host::RealDisk disk_;
    host::RealClock clock_;
    host::RealRandom random_;
    host::MediaHelper media_;
    host::StopFlag stop_;
    Delivery delivery_;
    Progress progress_;
    ImportReport report_;
    std::size_t told_ = 0;
    bool was_stopped_ = false;
};

void Import::look() {
    std::vector<std::string> paths;
    for (const auto& path : options_.paths) {
        if (path != "-") {
            paths.push_back(path);
            continue;
        }
        const auto more = paths_on_standard_input();
        paths.insert(paths.end(), more.begin(), more.end());
    }
    delivery_.look(paths, [this](std::uint64_t files) {
        progress_.show_text(fmt::format("{} files looked at", files));
        return !stop_.is_raised();
    });
    const auto all = delivery_.found().sounds.size();
    const auto began = clock_.now();
    delivery_.understand([&](std::uint64_t done) {
        progress_.show_work(done, all, clock_.now() - began);
        return !stop_.is_raised();
    });
}

void Import::bring() {
    const auto all = delivery_.found().sounds.size();
    const auto began = clock_.now();
    while (!stop_.is_raised() &&
           (options_.dry_run ? delivery_.look_at_next() : delivery_.bring_next()))
        progress_.show_work(delivery_.done(), all, clock_.now() - began);
    was_stopped_ = stop_.is_raised();
    if (!options_.dry_run)
        delivery_.finish(was_stopped_, [this](std::uint64_t) { return !stop_.is_raised(); });
    for (const auto& sentence : delivery_.wrong())
        report_.add_wrong(sentence);
    report_.add_lists(delivery_.people(), delivery_.enriched());
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
            for (const auto& file : delivery_.found().others)
                say_aside("naklank import: {} is no sound, and stays where it is\n",
                          terminal_text(file.name));
        fmt::print("{}{}\n", options_.dry_run ? "Nothing was kept. " : "",
                   terminal_text(report_.summary()));
        if (options_.zone.empty() && report_.recordings() > 0)
            fmt::print(
                "Times that name no zone were read as this machine's; --zone reads them as "
                "another's, also when it is brought again.\n");
        if (was_stopped_)
            fmt::print(
                "It was stopped: what is not told of here was not brought. Begin again, and "
                "what is there is known.\n");
    }
    return report_.failed() > 0 || !report_.wrong().empty() || was_stopped_ ? exit_wrong_data
                                                                            : exit_fine;
}

int Import::run() {
    if (const auto opened = delivery_.open(); !opened)
        return say_import(opened.error());
    look();
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
