#pragma once
// Deletes a recording for good, with what people made of it. What stays is a file that says that it
// was deleted, when and by whom, so that a rebuild takes no copy up again unasked.

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
