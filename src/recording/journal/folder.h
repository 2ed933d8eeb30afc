#pragma once
// The folder of a journal's run: what its files are called, and how they go. What somebody else has
// put there is not ours to take away.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"

namespace nk::recording::journal {

std::string segment_name(std::uint32_t number);
// No value when it is not named as a segment.
std::optional<std::uint32_t> segment_number(std::string_view name);
// Named as one, and a plain file.
bool is_segment(const FolderEntry& entry);
inline constexpr const char* lock_name = "lock";
inline constexpr const char* seed_name = "seed";
// All calls of the run are recordings, and its files are being taken away: some may be gone. It is
// the seed under another name: a file that somebody else calls so says nothing.
inline constexpr const char* done_name = "done";
// The run was put aside once (journal/aside.h).
inline constexpr const char* aside_name = "aside";

// What lies in a run's folder.
struct FolderOfRun {
    bool has_own = false;                // a file of the journal's
    bool has_segments = false;           // those of calls
    bool is_done = false;                // and nothing in it is needed any more
    bool is_marked = false;              // as put aside once
    std::vector<std::string> strangers;  // paths of all else
};
Result<FolderOfRun> look_into(Disk& disk, const std::string& folder);

// Takes the run's own files away, and the folder when nothing else lies in it. Requires: it is
// locked, and all of its calls are recordings. May be stopped at any step and done again.
Result<void> remove_run(Disk& disk, const std::string& folder);

}  // namespace nk::recording::journal
