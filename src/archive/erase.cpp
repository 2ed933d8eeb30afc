#include "archive/erase.h"

#include "archive/layout.h"

namespace nk::archive {

// Its notes go last: as long as they are there and say that it was removed, it is known that this
// is to be ended. What is cut off leaves a folder without its vCon, which is no recording.
Result<void> erase_recording(Disk& disk, Catalogue& catalogue, const std::string& root,
                             const std::string& id, const Act& deleted) {
    NK_TRY(write_deletion(disk, root, id, deleted));
    NK_TRY(catalogue.remove(id));
    if (is_in_its_day(disk, root, id)) {
        const auto folder = recording_folder(root, id);
        NK_TRY(disk.remove_tree(folder + "/" + std::string(vcon_file)));
        NK_TRY(disk.sync_folder(folder));
        NK_TRY(disk.remove_tree(folder));
        NK_TRY(disk.sync_folder(day_folder(root, id)));
    }
    return remove_notes(disk, root, id);
}

}  // namespace nk::archive
