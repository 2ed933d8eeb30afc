#pragma once
// Does the catalogue say what the recordings say? The recordings are the truth: of each one, the
// row there must be the row that a rebuild would write. Recorders may run meanwhile; what they
// publish while it is compared is no difference.

#include <functional>
#include <string>
#include <vector>

#include "archive/catalogue.h"
#include "archive/verify.h"
#include "base/disk.h"
#include "base/result.h"

namespace nk::archive {

// Whether rows may come that are not there yet. When so, it waits a moment before it says so.
using MayCome = std::function<bool()>;

// One verdict for each recording on which they differ. `ids` are the recordings that were found,
// sorted; without a catalogue (nullptr) none of them is in it. An error when the catalogue itself
// is damaged or cannot be read.
Result<std::vector<Verdict>> compare_catalogue(Disk& disk, const std::string& root,
                                               Catalogue* catalogue,
                                               const std::vector<std::string>& ids,
                                               const MayCome& may_come);

}  // namespace nk::archive
