#include "archive/erase.h"

#include "archive/layout.h"

namespace nk::archive {

// What is cut off leaves a folder without its vCon, which is no recording, beside a file that says
// why.
Result<void> erase_recording(Disk& disk, Catalogue& catalogue, const std::string& root,
                             const std::string& id, const Act& deleted) {
    Notes left;
    left.deleted = deleted;
    NK_TRY(write_notes(disk, root, id, left));
    NK_TRY(catalogue.remove(id));
    if (!is_in_its_day(disk, root, id))
        return {};
    const auto folder = recording_folder(root, id);
    NK_TRY(disk.remove_tree(folder + "/" + std::string(vcon_file)));
    NK_TRY(disk.sync_folder(folder));
    NK_TRY(disk.remove_tree(folder));
    return disk.sync_folder(day_folder(root, id));
}

}  // namespace nk::archive
