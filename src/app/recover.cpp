#include "app/recover.h"

#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/aside.h"
#include "app/catalogue_advice.h"
#include "app/commands.h"
#include "app/decoders.h"
#include "app/json.h"
#include "app/left_runs.h"
#include "app/progress.h"
#include "app/record_report.h"
#include "app/table.h"
#include "app/text.h"
#include "archive/catalogue.h"
#include "archive/layout.h"
#include "archive/vault.h"
#include "host/real_clock.h"
#include "host/real_disk.h"
#include "recording/recovery.h"
#include "recording/sealer.h"

namespace nk::app {

namespace {

struct Outcome {
    std::vector<archive::Entry> sealed;
    std::vector<std::string> wrong;    // sentences
    std::vector<std::string> further;  // sentences: of calls that had a recording
};

void say(const std::string& sentence) {
    say_aside("naklank recover: {}\n", terminal_text(sentence));
}

Outcome seal_all(recording::Recovered& found, recording::Sealer& sealer, Progress& progress) {
    Outcome outcome;
    outcome.wrong = found.damaged;
    for (auto& job : std::exchange(found.jobs, {}))
        sealer.push(std::move(job));
    while (sealer.step()) {
        for (auto& sealed : sealer.take()) {
            if (sealed.facts && !sealed.beside.empty())
                outcome.further.push_back(further_text(sealed.facts->id, sealed.beside));
            if (sealed.facts)
                outcome.sealed.push_back({*std::move(sealed.facts), std::nullopt});
            else
                outcome.wrong.push_back(fmt::format("the call of {} could not be kept: {}",
                                                    local_time_text(sealed.story.began_wall),
                                                    sealed.facts.error().what));
        }
        progress.show(static_cast<double>(outcome.sealed.size()) / static_cast<double>(found.calls),
                      0, outcome.sealed.size());
    }
    progress.clear();
    return outcome;
}

void print(const RecoverOptions& options, const recording::Recovered& found,
           const Outcome& outcome) {
    if (options.json) {
        Json json{{"recordings", Json::array()},  {"cut_off", found.cut_off},
                  {"in_use", found.in_use},       {"torn", found.torn},
                  {"set_aside", found.set_aside}, {"strangers", found.strangers},
                  {"kept", found.kept},           {"further", outcome.further},
                  {"wrong", outcome.wrong}};
        for (const auto& entry : outcome.sealed)
            json["recordings"].push_back(describe(entry.facts, options.archive, std::nullopt));
        fmt::print("{}", json_text(json));
        return;
    }
    if (!outcome.sealed.empty())
        print_recordings(outcome.sealed, options.archive);
    for (const auto& sentence : outcome.wrong)
        say(sentence);
    for (const auto& sentence : found.torn)
        say(sentence + " when the recorder was stopped");
    for (const auto* told : {&outcome.further, &found.kept})
        for (const auto& sentence : *told)
            say(sentence);
    for (const auto& folder : found.in_use)
        say(folder + " belongs to a recorder that is running, and was left alone");
    for (const auto& path : found.strangers)
        say(stranger_text(path));
    if (const auto text = set_aside_text(found.set_aside); !text.empty())
        say(text);
    if (found.calls == 0 && outcome.wrong.empty())
        fmt::print("Nothing was left to be finished.\n");
}

}  // namespace

int recover(const RecoverOptions& options) {
    host::RealDisk disk;
    if (!disk.exists(options.archive)) {
        say("there is no archive at " + options.archive + " yet; naklank record makes one");
        return exit_unusable;
    }
    const host::RealClock clock;
    host::RealRandom random;
    auto catalogue = archive::Catalogue::open(archive::catalogue_path(options.archive));
    archive::Vault vault(disk, clock, random, options.archive,
                         catalogue ? catalogue->get() : nullptr);
    AllDecoders decoders;
    recording::Sealer sealer(vault, decoders, clock, {});
    Progress progress(clock, !options.json);
    auto found = recording::recover(disk, archive::journal_root(options.archive), clock.wall());
    if (!found) {
        say(found.error().what);
        return exit_unusable;
    }
    auto outcome = seal_all(*found, sealer, progress);
    if (!catalogue && found->calls > 0)
        outcome.wrong.push_back("the catalogue cannot be written: " +
                                with_advice_to_recorders(catalogue.error()));
    while (vault.catch_up()) {
    }
    if (const auto& trouble = vault.catalogue_trouble())
        outcome.wrong.push_back(catalogue_text(*trouble));
    print(options, *found, outcome);
    return outcome.wrong.empty() ? exit_fine : exit_wrong_data;
}

}  // namespace nk::app
