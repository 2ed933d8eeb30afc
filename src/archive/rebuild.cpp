#include "archive/rebuild.h"

#include <array>
#include <memory>
#include <set>

#include "archive/catalogue.h"
#include "archive/layout.h"
#include "archive/notes.h"
#include "archive/salvage.h"
#include "archive/sealed.h"
#include "base/rfc3339.h"

namespace nk::archive {

namespace {

struct Entered {
    std::set<std::string> seen;  // ids
    Rebuilt report;
};

// Enters every recording that was not seen yet. What is not as it was written is entered as well,
// since a recording that is there must be found; its other files are for verify to read.
Result<void> enter_all(Disk& disk, const std::string& root, Catalogue& catalogue,
                       Entered& entered) {
    auto& [seen, report] = entered;
    NK_TAKE(auto inventory, take_inventory(disk, root));
    std::vector<std::string> unread;
    for (const auto& id : inventory.ids) {
        if (!seen.insert(id).second)
            continue;
        if (const auto deletion = read_deletion(disk, root, id); deletion && *deletion) {
            report.unreadable.push_back(
                id + ": it was deleted at " + rfc3339((*deletion)->at) +
                ", and its folder is there again; move that away, or remove its file under notes "
                "to have it back");
            continue;
        }
        const auto folder = recording_folder(root, id);
        auto vcon = inspect_vcon(disk, folder, id);
        if (vcon.may_be_fine) {
            unread.push_back(id + ": " + vcon.problems.back());
            continue;
        }
        if (!vcon.facts || vcon.facts->id != id) {
            report.unreadable.push_back(id + ": " + vcon.problems.back());
            continue;
        }
        NK_TRY(catalogue.insert(*vcon.facts));
        ++report.recordings;
        if (auto link = link_in_place_of(disk, folder); !link.empty())
            vcon.problems.push_back(std::move(link));
        for (const auto& problem : vcon.problems)
            report.doubtful.push_back(id + ": " + problem);
    }
    report.unlistable = std::move(inventory.unlistable);
    report.unlistable.insert(report.unlistable.end(), unread.begin(), unread.end());
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
        Code::refused, Blame::owner,
        unlistable.front() +
            ", so the catalogue stays as it was, with what it knows of the "
            "recordings in there: give this user leave to read it, and run naklank rebuild "
            "again");
}

// Only such a catalogue gives way to another file: its pages are damaged, its tables are not as
// they should be, it is of another version or a link. Any other trouble is not the file's own.
bool gives_way(const Error& error) {
    return error.code == Code::malformed || error.code == Code::broken ||
           error.code == Code::unsupported;
}

constexpr std::array parts{"", "-wal", "-shm", "-journal"};

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

// A catalogue that still works may be open in a recorder right now, so it keeps its file and takes
// over the rows of the one at `fresh_path`.
Result<void> take_over(Disk& disk, const std::string& root, const std::string& fresh_path,
                       Salvaged& known, Entered& entered) {
    NK_TAKE(const auto old, Catalogue::open(catalogue_path(root)));
    if (const auto listed = old->ids())
        known.ids.insert(listed->begin(), listed->end());
    else
        known = salvage_ids(catalogue_path(root));
    return old->replace_by(fresh_path, [&](Catalogue& catalogue) {
        return enter_every_one(disk, root, catalogue, entered);
    });
}

// The file at `fresh_path` takes the catalogue's place. A recorder that has the old one open sees
// that before it enters a recording; what it entered just before is found by looking again.
Result<void> put_in_place(Disk& disk, const std::string& root, const std::string& fresh_path,
                          Entered& entered) {
    const std::string path = catalogue_path(root);
    for (const char* part : parts)  // a log of the old file is none of the new one's
        if (*part != '\0')
            NK_TRY(disk.remove_tree(path + part));
    NK_TRY(disk.rename(fresh_path, path));
    NK_TRY(disk.sync_folder(root));
    NK_TAKE(const auto catalogue, Catalogue::open(path));
    return enter_all(disk, root, *catalogue, entered);
}

Rebuilt report_of(Entered entered, const Salvaged& known) {
    for (const auto& id : known.ids)
        if (!entered.seen.contains(id))
            entered.report.gone.push_back(id);
    entered.report.unread = known.trouble;
    return std::move(entered.report);
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
    fresh.reset();  // writes its log into its file

    const Entered before = entered;
    Salvaged known;
    const auto taken = take_over(disk, root, fresh_path, known, entered);
    if (!taken && !gives_way(taken.error())) {
        NK_TRY(remove_database(disk, fresh_path));
        return tl::unexpected<Error>(taken.error());
    }
    if (!taken) {
        entered = before;
        known = salvage_ids(path);
        NK_TRY(put_in_place(disk, root, fresh_path, entered));
    }
    NK_TRY(remove_database(disk, fresh_path));
    return report_of(std::move(entered), known);
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
