#pragma once
// What a folder and the disk it lies on are like. The measuring writes into a file that never has a
// name, where the file system can do that, and is gone either way.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.h"
#include "base/time.h"

namespace nk::host {

struct FolderState {
    bool is_folder = false;
    bool is_ours = false;          // belongs to the user we are
    unsigned mode = 0;             // its permissions
    std::uint64_t bytes_free = 0;  // to us
    std::uint64_t bytes = 0;       // of its disk
};
// Absent when nothing is there.
std::optional<FolderState> folder_state(const std::string& path);
// `path`, or the nearest folder above it that is there.
std::string nearest_folder(const std::string& path);

struct DiskSpeed {
    std::vector<Nanos> syncs;     // of small writes, each made lasting by fdatasync(2); sorted
    double bytes_per_second = 0;  // written one after the other and made lasting
};
// For about so long.
Result<DiskSpeed> measure_disk(const std::string& folder, Nanos how_long);

}  // namespace nk::host
