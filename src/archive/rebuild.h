#pragma once
// Makes the catalogue again from the recordings' own files. They are the truth; it is the index.

#include <memory>
#include <string>
#include <vector>

#include "archive/catalogue.h"
#include "base/disk.h"
#include "base/result.h"

namespace nk::archive {

struct Rebuilt {
    std::uint64_t recordings = 0;
    std::vector<std::string> unreadable;  // one sentence each: recordings left out, and why
    std::vector<std::string> doubtful;    // the same: entered, and not as they were written
    std::vector<std::string> misplaced;   // paths of recordings left out for where they lie
    std::vector<std::string> strangers;   // paths of what is no recording and no part of an archive
    std::vector<std::string> unlistable;  // sentences: folders that nobody could look into
    std::vector<std::string> unfinished;  // names under .incoming
    std::vector<std::string> gone;        // ids of the old catalogue whose folders are no more
    std::string unread;  // why there may be more of these: what could not be read of the old one
};

// Recorders may run meanwhile: what they publish is in the new catalogue. On an error the old
// catalogue is as it was; a folder that cannot be listed is one, since the catalogue would lose
// what is in it.
Result<Rebuilt> rebuild(Disk& disk, const std::string& root);

// The same, in a file of SQLite's own that goes with the catalogue, for an archive that cannot be
// written.
Result<std::unique_ptr<Catalogue>> index_recordings(Disk& disk, const std::string& root,
                                                    Rebuilt& report);

}  // namespace nk::archive
