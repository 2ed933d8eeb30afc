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
#include "archive/compare.h"
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
    return archive::Catalogue::open_to_read(archive::catalogue_path(archive),
                                            disk.is_writable(archive));
}

// What the catalogue knows of the recording's conversation; nothing when it cannot be asked.
std::optional<archive::Conversation> conversation_of(Disk& disk, const std::string& archive,
                                                     const std::string& id) {
    const auto catalogue = existing_catalogue(disk, archive);
    if (!catalogue)
        return std::nullopt;
    return (*catalogue)->conversation_of(id).value_or(std::nullopt);
}

// Where the catalogue cannot be used and none can be made: the recordings themselves, one by one.
Result<std::unique_ptr<archive::Catalogue>> passing_catalogue(Disk& disk,
                                                              const std::string& archive,
                                                              const Error& why) {
    archive::Rebuilt report;
    NK_TAKE(auto catalogue, archive::index_recordings(disk, archive, report));
    say("list", why.what + ", and " + archive + " cannot be written: this is from the recordings",
        exit_fine);
    for (const auto& sentence : report.unreadable)
        say("list", "left out: " + sentence, exit_fine);
    return catalogue;
}

Result<std::vector<archive::Entry>> entries(Disk& disk, const ListOptions& options) {
    NK_TRY(check_archive(disk, options.archive));
    if (!has_catalogue(disk, options.archive)) {
        NK_TAKE(const auto inventory, archive::take_inventory(disk, options.archive));
        if (inventory.ids.empty())
            return std::vector<archive::Entry>{};
    }
    const auto found_in = [&](const Result<std::unique_ptr<archive::Catalogue>>& catalogue) {
        return catalogue ? (*catalogue)->list(options.filter)
                         : tl::unexpected<Error>(catalogue.error());
    };
    auto found = found_in(existing_catalogue(disk, options.archive));
    if (!found && !disk.is_writable(options.archive))
        return found_in(passing_catalogue(disk, options.archive, found.error()));
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

// What to look at: the ids that were named, or all there is.
Result<archive::Inventory> chosen(Disk& disk, const VerifyOptions& options) {
    NK_TRY(check_archive(disk, options.archive));
    if (options.all)
        return archive::take_inventory(disk, options.archive);
    archive::Inventory found;
    for (const auto& part : options.ids) {
        NK_TAKE(auto id, archive::find_recording(disk, options.archive, part));
        found.ids.push_back(std::move(id));
    }
    return found;
}

// Where the catalogue and the recordings differ: a verdict for each id.
Result<std::vector<archive::Verdict>> differences(Disk& disk, const std::string& archive,
                                                  const std::vector<std::string>& ids) {
    const bool is_writable = disk.is_writable(archive);
    if (!has_catalogue(disk, archive) && is_writable)
        return archive::compare_catalogue(disk, archive, nullptr, ids);
    const auto catalogue = existing_catalogue(disk, archive);
    if (catalogue)
        return archive::compare_catalogue(disk, archive, catalogue->get(), ids);
    if (is_writable || catalogue.error().code == Code::malformed)
        return refuse(catalogue.error().code, catalogue.error().blame,
                      catalogue.error().what + "; naklank rebuild makes the catalogue again");
    // A copy that cannot be written is no worse for an index that it lacks.
    say("verify", catalogue.error().what + ": only the recordings were checked", exit_fine);
    return std::vector<archive::Verdict>{};
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

    // Nothing is wrong with a recording for what lies beside it.
    void add_stranger(const std::string& path) {
        if (options_.json)
            strangers_.push_back(path);
        else if (!options_.quiet)
            say("verify", path + " is no recording and no part of the archive", exit_fine);
    }

    // It could not be compared with the recordings.
    void catalogue_is_wrong(const Error& error) {
        catalogue_ = error.what;
        say("verify", error);
    }

    int end(std::size_t checked) {
        if (options_.json)
            fmt::print("{}", json_text({{"checked", checked},
                                        {"wrong", wrong_},
                                        {"strangers", strangers_},
                                        {"catalogue", catalogue_}}));
        else if (!options_.quiet)
            fmt::print(
                "{} recording{} checked, {} read: {}\n", checked, checked == 1 ? "" : "s",
                size_text(bytes_),
                wrong_ids_.empty() ? "all as sealed" : fmt::format("{} wrong", wrong_ids_.size()));
        return wrong_ids_.empty() && catalogue_.is_null() ? exit_fine : exit_wrong_data;
    }

private:
    const VerifyOptions& options_;
    Json wrong_ = Json::array();
    Json strangers_ = Json::array();
    Json catalogue_ = nullptr;  // why it could not be compared
    std::set<std::string> wrong_ids_;
    std::uint64_t bytes_ = 0;
};

}  // namespace

int verify(const VerifyOptions& options) {
    host::RealDisk disk;
    const auto found = chosen(disk, options);
    if (!found)
        return say("verify", found.error());
    hint_at_journals("verify", disk, options.archive);
    VerifyReport report(options);
    for (const auto& id : found->ids)
        report.add(archive::verify_recording(disk, options.archive, id));
    if (options.all) {
        const auto different = differences(disk, options.archive, found->ids);
        if (!different)
            report.catalogue_is_wrong(different.error());
        for (const auto& verdict : different.value_or(std::vector<archive::Verdict>()))
            report.add(verdict);
        for (const auto& path : found->misplaced)
            report.add({archive::last_name(path), {archive::misplacement(path)}, 0});
        for (const auto& path : found->strangers)
            report.add_stranger(path);
        for (const auto& name : archive::list_unfinished(disk, options.archive))
            say("verify", name + " is not finished: being written now, or cut off by a crash",
                exit_fine);
    }
    return report.end(found->ids.size());
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
        return say("rebuild", done.error());
    if (options.json) {
        fmt::print("{}", json_text({{"recordings", done->recordings},
                                    {"unreadable", done->unreadable},
                                    {"misplaced", done->misplaced},
                                    {"strangers", done->strangers},
                                    {"unfinished", done->unfinished},
                                    {"gone", done->gone}}));
    } else {
        for (const auto& sentence : done->unreadable)
            say("rebuild", "left out: " + sentence, exit_fine);
        for (const auto& path : done->misplaced)
            say("rebuild", "left out: " + archive::misplacement(path), exit_fine);
        for (const auto& path : done->strangers)
            say("rebuild", path + " is no recording and no part of the archive", exit_fine);
        for (const auto& name : done->unfinished)
            say("rebuild", name + " is not finished: being written now, or cut off by a crash",
                exit_fine);
        name_the_gone(done->gone);
        fmt::print("The catalogue holds {} recording{}.\n", done->recordings,
                   done->recordings == 1 ? "" : "s");
    }
    return done->unreadable.empty() && done->misplaced.empty() ? exit_fine : exit_wrong_data;
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
