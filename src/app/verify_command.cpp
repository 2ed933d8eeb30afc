// `naklank verify`: the recordings that were named, or all there is in the archive, and its
// catalogue.

#include <memory>
#include <set>

#include <fmt/format.h>

#include "app/catalogue_advice.h"
#include "app/commands.h"
#include "app/json.h"
#include "app/left_runs.h"
#include "app/open_archive.h"
#include "app/text.h"
#include "archive/compare.h"
#include "archive/layout.h"
#include "archive/reading.h"
#include "archive/verify.h"
#include "host/real_clock.h"
#include "host/real_disk.h"

namespace nk::app {

namespace {

// What to look at: the ids that were named, or all there is.
Result<archive::Inventory> chosen(Disk& disk, const VerifyOptions& options) {
    NK_TRY(check_archive(disk, options.archive));
    if (options.all)
        return archive::take_inventory(disk, options.archive);
    archive::Inventory found;
    for (const auto& part : options.ids) {
        NK_TAKE(auto id, recording_named("verify", disk, options.archive, part));
        found.ids.push_back(std::move(id));
    }
    return found;
}

// A recorder enters a recording a moment after its folder appeared, or later, while another program
// has the catalogue.
constexpr Nanos row_wait = seconds(2);
constexpr Nanos row_look_every = milliseconds(100);

archive::MayCome while_recording(Disk& disk, const std::string& archive) {
    return [&disk, archive, waited = Nanos{}]() mutable {
        if (waited >= row_wait || !archive::is_being_recorded(disk, archive))
            return false;
        host::wait_for(row_look_every);
        waited += row_look_every;
        return true;
    };
}

// Where the catalogue and the recordings differ: a verdict for each id.
Result<std::vector<archive::Verdict>> differences(Disk& disk, const std::string& archive,
                                                  const std::vector<std::string>& ids) {
    const bool is_writable = disk.is_writable(archive);
    if (!has_catalogue(disk, archive) && is_writable)
        return archive::compare_catalogue(disk, archive, nullptr, ids,
                                          while_recording(disk, archive));
    const auto catalogue = existing_catalogue(disk, archive);
    if (catalogue)
        return archive::compare_catalogue(disk, archive, catalogue->get(), ids,
                                          while_recording(disk, archive));
    if (is_writable || catalogue.error().code == Code::malformed)
        return tl::unexpected<Error>(catalogue.error());
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

    // What is in that folder nobody has looked at.
    void add_unlistable(const std::string& sentence) {
        unlistable_.push_back(sentence);
        say("verify", sentence, exit_fine);
    }

    // Nor is anything wrong with the archive for it.
    void add_set_aside(const std::vector<std::string>& paths) {
        set_aside_ = paths;
        const auto text = set_aside_text(paths);
        if (!text.empty() && !options_.json && !options_.quiet)
            say("verify", text, exit_fine);
    }

    // It could not be compared with the recordings.
    void catalogue_is_wrong(const Error& error) {
        catalogue_ = with_advice(error);
        say("verify", with_advice(error), exit_wrong_data);
    }

    int end(std::size_t checked) {
        if (options_.json)
            fmt::print("{}", json_text({{"checked", checked},
                                        {"wrong", wrong_},
                                        {"strangers", strangers_},
                                        {"unlistable", unlistable_},
                                        {"set_aside", set_aside_},
                                        {"catalogue", catalogue_}}));
        else if (!options_.quiet)
            fmt::print(
                "{} recording{} checked, {} read: {}\n", checked, checked == 1 ? "" : "s",
                size_text(bytes_),
                wrong_ids_.empty() ? "all as sealed" : fmt::format("{} wrong", wrong_ids_.size()));
        return wrong_ids_.empty() && unlistable_.empty() && catalogue_.is_null() ? exit_fine
                                                                                 : exit_wrong_data;
    }

private:
    const VerifyOptions& options_;
    Json wrong_ = Json::array();
    Json strangers_ = Json::array();
    Json set_aside_ = Json::array();
    Json unlistable_ = Json::array();
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
        for (const auto& sentence : found->unlistable)
            report.add_unlistable(sentence);
        report.add_set_aside(archive::list_set_aside(disk, options.archive));
        for (const auto& name : archive::list_unfinished(disk, options.archive))
            say("verify", name + " is not finished: being written now, or cut off by a crash",
                exit_fine);
    }
    return report.end(found->ids.size());
}

}  // namespace nk::app
