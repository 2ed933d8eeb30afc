#pragma once
// What earlier runs left in their journals: calls that were over and not yet sealed, and calls that
// were cut off when the recorder stopped. Both become jobs for the sealer; a call that was cut off
// says until when it was listened to, and when that was found.

#include <string>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "recording/seal_job.h"

namespace nk::recording {

struct Recovered {
    std::vector<SealJob> jobs;
    std::uint64_t calls = 0;           // jobs that there were
    std::uint64_t cut_off = 0;         // of them: calls that were still running
    std::vector<std::string> in_use;   // journals of recorders that are running
    std::vector<std::string> damaged;  // sentences; what they name is lost or kept aside
    std::vector<std::string> torn;     // of what was being written when the recorder was stopped
    // Folders of runs that could not be read whole and were put aside by an earlier recovery.
    std::vector<std::string> set_aside;
    // Paths in runs' folders that are not of a journal; they stay there when the run goes.
    std::vector<std::string> strangers;
};

// Under the journals' root: the runs that could not be read whole, under their own names. Nobody
// reads them or takes them away; a run that is moved back beside the others is tried again.
inline constexpr const char* set_aside_name = "set-aside";

// Looks into every journal under `root` that no running recorder holds. A journal is locked for as
// long as one of its jobs lives, and goes when the last of its calls is sealed; one that could not
// be read whole is put aside then. `resumed` is now.
Result<Recovered> recover(Disk& disk, const std::string& root, WallTime resumed);

}  // namespace nk::recording
