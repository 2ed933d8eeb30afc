#pragma once
// What earlier runs left in their journals: calls that were over and not yet sealed, and calls that
// were cut off when the recorder stopped. Both become jobs for the sealer; a call that was cut off
// says until when it was listened to, and when that was found.

#include <string>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "recording/journal/aside.h"
#include "recording/seal_job.h"

namespace nk::recording {

struct Recovered {
    std::vector<SealJob> jobs;
    std::uint64_t calls = 0;           // jobs that there were
    std::uint64_t cut_off = 0;         // of them: calls that were still running
    std::vector<std::string> in_use;   // journals of recorders that are running
    std::vector<std::string> damaged;  // sentences; what they name is lost or kept aside
    std::vector<std::string> torn;     // of what was being written when the recorder was stopped
    // Sentences: of runs that were put aside before and could be read whole now.
    std::vector<std::string> kept;
    // Folders of runs that could not be read whole and were put aside by an earlier recovery.
    std::vector<std::string> set_aside;
    // Paths among the runs and in their folders that are not of a journal; they stay there.
    std::vector<std::string> strangers;
    bool is_left = false;  // before all runs were looked into
};

// Looks into every journal under `root` that no running recorder holds. A journal is locked for as
// long as one of its jobs lives, and goes when the last of its calls is sealed; one that could not
// be read whole, now or at an earlier time, is put aside then. It has a mark before any of its
// calls is sealed; where none can be made it stays as it is, and there are no jobs of it. `resumed`
// is now. `goes_on` is asked between blocks; when it says no, what is not read yet is left to the
// next recovery.
Result<Recovered> recover(Disk& disk, const std::string& root, WallTime resumed,
                          const journal::GoesOn& goes_on = journal::always);

}  // namespace nk::recording
