#include "app/commands.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "app/aside.h"
#include "app/json.h"
#include "app/left_runs.h"
#include "app/page.h"
#include "app/table.h"
#include "app/text.h"
#include "archive/layout.h"
#include "archive/reading.h"
#include "archive/rebuild.h"
#include "archive/verify.h"
#include "host/real_disk.h"

namespace nk::app {

namespace {

int say(std::string_view command, const std::string& sentence, int exit_code) {
    say_aside("naklank {}: {}\n", command, terminal_text(sentence));
    return exit_code;
}

// Whose fault it was decides: a wrong option is 2, damaged data 1.
int say(std::string_view command, const Error& error) {
    return say(command, error.what, error.blame == Blame::owner ? exit_unusable : exit_wrong_data);
}

Result<void> check_archive(Disk& disk, const std::string& archive) {
    if (disk.exists(archive))
        return {};
    return refuse(Code::not_found, Blame::owner,
                  "there is no archive at " + archive + " yet; naklank record makes one");
}

// An empty file is no catalogue, unless all of it is in the log beside it.
bool has_catalogue(Disk& disk, const std::string& archive) {
    const std::string path = archive::catalogue_path(archive);
    const auto file = disk.open(path);
    const auto size = file ? (*file)->size() : tl::unexpected(file.error());
    return disk.exists(path) && (!size || *size > 0 || disk.exists(path + "-wal"));
}

// The catalogue, but only when there is one: reading makes none.
Result<std::unique_ptr<archive::Catalogue>> existing_catalogue(Disk& disk,
                                                               const std::string& archive) {
    if (!has_catalogue(disk, archive))
        return refuse(Code::not_found, Blame::machine, "there is no catalogue in " + archive);
    return archive::Catalogue::open(archive::catalogue_path(archive));
}

// What the catalogue knows of the recording's conversation; nothing when it cannot be asked.
std::optional<archive::Conversation> conversation_of(Disk& disk, const std::string& archive,
                                                     const std::string& id) {
    const auto catalogue = existing_catalogue(disk, archive);
    if (!catalogue)
        return std::nullopt;
    return (*catalogue)->conversation_of(id).value_or(std::nullopt);
}

Result<std::vector<archive::Entry>> entries(Disk& disk, const ListOptions& options) {
    NK_TRY(check_archive(disk, options.archive));
    if (!has_catalogue(disk, options.archive)) {
        NK_TAKE(const auto inventory, archive::take_inventory(disk, options.archive));
        if (inventory.ids.empty())
            return std::vector<archive::Entry>{};
    }
    auto catalogue = existing_catalogue(disk, options.archive);
    auto found =
        catalogue ? (*catalogue)->list(options.filter) : tl::unexpected<Error>(catalogue.error());
    if (!found)
        return refuse(found.error().code, Blame::machine,
                      found.error().what + "; naklank rebuild makes the catalogue again");
    return found;
}

bool is_narrowed(const archive::Filter& filter) {
    return filter.since || filter.until || !filter.number.empty();
}

// Calls that are neither in the archive nor lost.
void hint_at_journals(std::string_view command, Disk& disk, const std::string& archive) {
    if (const auto left = archive::list_left_journals(disk, archive).size(); left > 0)
        say(command, left_runs_text(left), exit_fine);
}

}  // namespace

int list(const ListOptions& options) {
    host::RealDisk disk;
    const auto found = entries(disk, options);
    hint_at_journals("list", disk, options.archive);
    if (!found)
        return say("list", found.error());
    if (options.json) {
        std::size_t count = 0;
        for (const auto& entry : *found)
            fmt::print("{}",
                       json_array_piece(describe(entry.facts, options.archive, entry.conversation),
                                        count++));
        fmt::print("{}", json_array_end(count));
    } else if (found->empty()) {
        say_aside("No recordings{} in {}.\n", is_narrowed(options.filter) ? " like that" : "",
                  terminal_text(options.archive));
    } else {
        print_recordings(*found);
    }
    return exit_fine;
}

int show(const ShowOptions& options) {
    host::RealDisk disk;
    if (const auto there = check_archive(disk, options.archive); !there)
        return say("show", there.error());
    const auto id = archive::find_recording(disk, options.archive, options.id);
    if (!id)
        return say("show", id.error());
    const auto facts = archive::read_facts(disk, options.archive, *id);
    if (!facts)
        return say("show", facts.error().what, exit_wrong_data);
    const auto conversation = conversation_of(disk, options.archive, *id);
    if (options.json)
        fmt::print("{}", json_text(describe_in_detail(*facts, options.archive, conversation)));
    else
        fmt::print("{}", recording_page(*facts, options.archive, conversation, look_of_output()));
    return exit_fine;
}

namespace {

// Every id to look at: those named, or all there are.
Result<std::vector<std::string>> chosen_ids(Disk& disk, const VerifyOptions& options) {
    NK_TRY(check_archive(disk, options.archive));
    if (options.all) {
        NK_TAKE(auto inventory, archive::take_inventory(disk, options.archive));
        return std::move(inventory.ids);
    }
    std::vector<std::string> ids;
    for (const auto& part : options.ids) {
        NK_TAKE(auto id, archive::find_recording(disk, options.archive, part));
        ids.push_back(std::move(id));
    }
    return ids;
}

// Where the catalogue and the folders differ: one verdict for each id.
Result<std::vector<archive::Verdict>> compare_catalogue(Disk& disk, const std::string& archive,
                                                        const std::vector<std::string>& ids) {
    std::set<std::string> listed;
    if (has_catalogue(disk, archive)) {
        NK_TAKE(const auto catalogue, existing_catalogue(disk, archive));
        NK_TAKE(const auto rows, catalogue->ids());
        listed.insert(rows.begin(), rows.end());
    }
    std::vector<archive::Verdict> verdicts;
    for (const auto& id : ids)
        if (listed.erase(id) == 0)
            verdicts.push_back({id, {"it is not in the catalogue; naklank rebuild enters it"}, 0});
    for (const auto& id : listed)  // a recorder may have made some since the ids were looked for
        if (!disk.exists(archive::recording_folder(archive, id)))
            verdicts.push_back({id, {"it is in the catalogue, but its folder is gone"}, 0});
    return verdicts;
}

class VerifyReport {
public:
    explicit VerifyReport(const VerifyOptions& options) : options_(options) {}

    void add(const archive::Verdict& verdict) {
        bytes_ += verdict.bytes;
        if (verdict.problems.empty())
            return;
        wrong_ids_.insert(verdict.id);
        if (options_.json)
            wrong_.push_back({{"id", verdict.id}, {"problems", verdict.problems}});
        else
            for (const auto& problem : verdict.problems)
                fmt::print("{}: {}\n", verdict.id, terminal_text(problem));
    }

    int end(std::size_t checked) {
        if (options_.json)
            fmt::print("{}", json_text({{"checked", checked}, {"wrong", wrong_}}));
        else if (!options_.quiet)
            fmt::print(
                "{} recording{} checked, {} read: {}\n", checked, checked == 1 ? "" : "s",
                size_text(bytes_),
                wrong_ids_.empty() ? "all as sealed" : fmt::format("{} wrong", wrong_ids_.size()));
        return wrong_ids_.empty() ? exit_fine : exit_wrong_data;
    }

private:
    const VerifyOptions& options_;
    Json wrong_ = Json::array();
    std::set<std::string> wrong_ids_;
    std::uint64_t bytes_ = 0;
};

}  // namespace

int verify(const VerifyOptions& options) {
    host::RealDisk disk;
    const auto ids = chosen_ids(disk, options);
    if (!ids)
        return say("verify", ids.error());
    hint_at_journals("verify", disk, options.archive);
    VerifyReport report(options);
    for (const auto& id : *ids)
        report.add(archive::verify_recording(disk, options.archive, id));
    if (options.all) {
        const auto differences = compare_catalogue(disk, options.archive, *ids);
        if (!differences)
            return say("verify",
                       differences.error().what + "; naklank rebuild makes the catalogue again",
                       exit_wrong_data);
        for (const auto& verdict : *differences)
            report.add(verdict);
        for (const auto& name : archive::list_unfinished(disk, options.archive))
            say("verify", name + " is not finished: being written now, or cut off by a crash",
                exit_fine);
    }
    return report.end(ids->size());
}

namespace {

// A folder moved away may take thousands of recordings along.
void name_the_gone(const std::vector<std::string>& ids) {
    constexpr std::size_t named_max = 20;
    for (std::size_t i = 0; i < std::min(ids.size(), named_max); ++i)
        say("rebuild", ids[i] + " was in the catalogue, but its folder is gone", exit_fine);
    if (ids.size() > named_max)
        say("rebuild", fmt::format("and {} more are gone", ids.size() - named_max), exit_fine);
}

}  // namespace

int rebuild(const RebuildOptions& options) {
    host::RealDisk disk;
    if (const auto there = check_archive(disk, options.archive); !there)
        return say("rebuild", there.error());
    const auto done = archive::rebuild(disk, options.archive);
    if (!done)
        return say("rebuild", done.error().what, exit_wrong_data);
    if (options.json) {
        fmt::print("{}", json_text({{"recordings", done->recordings},
                                    {"unreadable", done->unreadable},
                                    {"strangers", done->strangers},
                                    {"unfinished", done->unfinished},
                                    {"gone", done->gone}}));
    } else {
        for (const auto& sentence : done->unreadable)
            say("rebuild", "left out: " + sentence, exit_fine);
        for (const auto& name : done->strangers)
            say("rebuild", name + " is no recording", exit_fine);
        for (const auto& name : done->unfinished)
            say("rebuild", name + " is not finished: being written now, or cut off by a crash",
                exit_fine);
        name_the_gone(done->gone);
        fmt::print("The catalogue holds {} recording{}.\n", done->recordings,
                   done->recordings == 1 ? "" : "s");
    }
    return done->unreadable.empty() ? exit_fine : exit_wrong_data;
}

int complete_ids(const std::string& archive, const std::string& prefix) {
    host::RealDisk disk;
    const auto inventory = archive::take_inventory(disk, archive);
    if (!inventory)
        return exit_fine;
    std::string begin;
    std::string end;
    for (const auto& id : inventory->ids) {
        const auto last = std::string_view(id).substr(id.rfind('-') + 1);
        if (id.starts_with(prefix))
            begin += id + "\n";
        else if (last.starts_with(prefix))
            end += std::string(last) + "\n";
    }
    fmt::print("{}", begin.empty() ? end : begin);
    return exit_fine;
}

}  // namespace nk::app
