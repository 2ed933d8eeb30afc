#include "archive/rebuild.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <set>

#include "archive/catalogue.h"
#include "archive/layout.h"
#include "archive/reading.h"

namespace nk::archive {

namespace {

struct Entered {
    std::set<std::string> seen;  // ids
    Rebuilt report;
};

// Enters every recording that was not seen yet.
Result<void> enter_all(Disk& disk, const std::string& root, Catalogue& catalogue,
                       Entered& entered) {
    auto& [seen, report] = entered;
    NK_TAKE(auto inventory, take_inventory(disk, root));
    for (const auto& id : inventory.ids) {
        if (!seen.insert(id).second)
            continue;
        const auto facts = read_facts(disk, root, id);
        if (!facts) {
            report.unreadable.push_back(facts.error().what);
            continue;
        }
        NK_TRY(catalogue.insert(*facts));
        ++report.recordings;
    }
    report.unlistable = std::move(inventory.unlistable);
    report.misplaced = std::move(inventory.misplaced);
    report.strangers = std::move(inventory.strangers);
    return {};
}

// The same of all there are, or an error.
Result<void> enter_every_one(Disk& disk, const std::string& root, Catalogue& catalogue,
                             Entered& entered) {
    NK_TRY(enter_all(disk, root, catalogue, entered));
    const auto& unlistable = entered.report.unlistable;
    if (unlistable.empty())
        return {};
    return refuse(
        Code::refused, Blame::machine,
        unlistable.front() +
            ", so the catalogue stays as it was, with what it knows of the "
            "recordings in there: give this user leave to list it, and run naklank rebuild "
            "again");
}

// Pages that are damaged, or tables that are not as they should be.
bool is_broken(const Error& error) {
    return error.code == Code::malformed || error.code == Code::broken;
}

constexpr std::array parts{"", "-wal", "-shm"};

// What is no file is not ours to remove, with all that may lie in it.
Result<void> check_removable(Disk& disk, const std::string& path) {
    for (const char* part : parts)
        if (!disk.is_link(path + part) && disk.list(path + part))
            return refuse(Code::refused, Blame::owner,
                          path + part +
                              " is a folder, where the catalogue has a file: move it away, "
                              "and run naklank rebuild again");
    return {};
}

Result<void> remove_database(Disk& disk, const std::string& path) {
    NK_TRY(check_removable(disk, path));
    for (const char* part : parts)
        NK_TRY(disk.remove_tree(path + part));
    return {};
}

}  // namespace

Result<Rebuilt> rebuild(Disk& disk, const std::string& root) {
    const std::string path = catalogue_path(root);
    const std::string fresh_path = path + ".rebuild";
    Entered entered;
    if (!disk.is_writable(root))
        return refuse(Code::refused, Blame::owner,
                      root +
                          " cannot be written, so its catalogue stays as it is; list, show, "
                          "verify and export need none that is whole");
    NK_TRY(check_removable(disk, path));
    NK_TRY(remove_database(disk, fresh_path));
    NK_TAKE(auto fresh, Catalogue::open(fresh_path));
    NK_TRY(enter_every_one(disk, root, *fresh, entered));
    entered.report.unfinished = list_unfinished(disk, root);

    // A catalogue that still works may be open in a recorder right now, so it keeps its file and
    // takes over the rows. One that is broken or of another version gives way to the new file.
    const Entered before = entered;
    auto old = Catalogue::open(path);
    if (old) {
        fresh.reset();
        const auto listed = (*old)->ids().value_or(std::vector<std::string>{});
        const auto replaced = (*old)->replace_by(fresh_path, [&](Catalogue& catalogue) {
            return enter_every_one(disk, root, catalogue, entered);
        });
        if (replaced) {
            std::ranges::copy_if(listed, std::back_inserter(entered.report.gone),
                                 [&](const auto& id) { return !entered.seen.contains(id); });
            NK_TRY(remove_database(disk, fresh_path));
            return std::move(entered.report);
        }
        if (!is_broken(replaced.error()))
            return tl::unexpected<Error>(replaced.error());
        old->reset();
        entered = before;
        NK_TAKE(fresh, Catalogue::open(fresh_path));
        NK_TRY(enter_every_one(disk, root, *fresh, entered));
    }
    fresh.reset();  // writes its log into its file
    NK_TRY(remove_database(disk, path));
    NK_TRY(disk.rename(fresh_path, path));
    NK_TRY(disk.sync_folder(root));
    return std::move(entered.report);
}

Result<std::unique_ptr<Catalogue>> index_recordings(Disk& disk, const std::string& root,
                                                    Rebuilt& report) {
    Entered entered;
    NK_TAKE(auto catalogue, Catalogue::open(""));
    NK_TRY(enter_all(disk, root, *catalogue, entered));
    report = std::move(entered.report);
    return catalogue;
}

}  // namespace nk::archive
