#pragma once
// Deletes a recording for good. Of it stays its file of notes, which says that it was deleted, when
// and by whom, so that a rebuild knows that nothing is missing and takes no copy up again unasked.

#include <string>

#include "archive/catalogue.h"
#include "archive/notes.h"
#include "base/disk.h"
#include "base/result.h"

namespace nk::archive {

// Done again after a crash, or over what was done before, it ends the same. Requires: is_id(id).
Result<void> erase_recording(Disk& disk, Catalogue& catalogue, const std::string& root,
                             const std::string& id, const Act& deleted);

}  // namespace nk::archive
