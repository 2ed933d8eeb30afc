#include "archive/rebuild.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>

#include "archive/catalogue.h"
#include "archive/layout.h"
#include "archive/reading.h"

namespace nk::archive {

namespace {

// Enters every recording that is not in `seen` yet.
Result<void> enter_all(Disk& disk, const std::string& root, Catalogue& catalogue,
                       std::set<std::string>& seen, Rebuilt& report) {
    NK_TAKE(auto inventory, take_inventory(disk, root));
    for (const auto& id : inventory.ids) {
        if (!seen.insert(id).second)
            continue;
        const auto facts = read_facts(disk, root, id);
        if (!facts) {
            report.unreadable.push_back(facts.error().what);
            continue;
        }
        if (facts->id != id) {
            report.unreadable.push_back(recording_folder(root, id) + " holds recording " +
                                        facts->id + ", which is not its name");
            continue;
        }
        NK_TRY(catalogue.insert(*facts));
        ++report.recordings;
    }
    report.strangers = std::move(inventory.strangers);
    return {};
}

Result<void> remove_database(Disk& disk, const std::string& path) {
    for (const char* part : {"", "-wal", "-shm"})
        NK_TRY(disk.remove_tree(path + part));
    return {};
}

}  // namespace

Result<Rebuilt> rebuild(Disk& disk, const std::string& root) {
    const std::string path = catalogue_path(root);
    const std::string fresh_path = path + ".rebuild";
    Rebuilt report;
    std::set<std::string> seen;
    NK_TRY(remove_database(disk, fresh_path));
    NK_TAKE(auto fresh, Catalogue::open(fresh_path));
    NK_TRY(enter_all(disk, root, *fresh, seen, report));
    report.unfinished = list_unfinished(disk, root);

    // A catalogue that still works may be open in a recorder right now, so it keeps its file and
    // takes over the rows. One that is broken or of another version gives way to the new file.
    if (const auto old = Catalogue::open(path)) {
        fresh.reset();
        const auto listed = (*old)->ids().value_or(std::vector<std::string>{});
        NK_TRY((*old)->replace_by(fresh_path, [&](Catalogue& catalogue) {
            return enter_all(disk, root, catalogue, seen, report);
        }));
        std::ranges::copy_if(listed, std::back_inserter(report.gone),
                             [&](const std::string& id) { return !seen.contains(id); });
        NK_TRY(remove_database(disk, fresh_path));
        return report;
    }
    fresh.reset();  // writes its log into its file
    NK_TRY(remove_database(disk, path));
    NK_TRY(disk.rename(fresh_path, path));
    NK_TRY(disk.sync_folder(root));
    return report;
}

}  // namespace nk::archive
