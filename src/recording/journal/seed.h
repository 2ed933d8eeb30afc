#pragma once
// The number drawn by chance that all checksums of a run begin with: it stands in a file of its own
// and in the heads of all segments.

#include <cstdint>
#include <optional>
#include <string>

#include "base/disk.h"
#include "base/result.h"
#include "recording/journal/block.h"

namespace nk::recording::journal {

// No value when the file does not begin with the head of a segment.
Result<std::optional<SegmentHead>> head_of(File& file);

// A head that rotted costs no block: the file `seed` or another segment's head has the number, too.
std::optional<std::uint64_t> seed_of_run(Disk& disk, const std::string& folder);

// Whether that file of the folder is the run's own word of its seed, and no segment there has
// another.
bool holds_seed(Disk& disk, const std::string& folder, const std::string& name);

}  // namespace nk::recording::journal
