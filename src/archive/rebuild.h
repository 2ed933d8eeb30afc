#pragma once
// Makes the catalogue again from the recordings' own files. They are the truth; it is the index.

#include <string>
#include <vector>

#include "base/disk.h"
#include "base/result.h"

namespace nk::archive {

struct Rebuilt {
    std::uint64_t recordings = 0;
    std::vector<std::string> unreadable;  // one sentence each: recordings left out, and why
    std::vector<std::string> strangers;   // what lies among the day folders and is no recording
    std::vector<std::string> unfinished;  // names under .incoming
    std::vector<std::string> gone;        // ids of the old catalogue whose folders are no more
};

// Recorders may run meanwhile: what they publish is in the new catalogue. On an error the old
// catalogue is as it was.
Result<Rebuilt> rebuild(Disk& disk, const std::string& root);

}  // namespace nk::archive
