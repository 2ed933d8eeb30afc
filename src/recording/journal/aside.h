#pragma once
// Runs that could not be read whole are put aside: kept, whole, until a person takes them away. A
// mark in the run says how much of each call could be read then. With it the run is known again
// when it is moved back: it is never removed, and a call of which more can be read than its
// recording was made from is told from the others.

#include <cstdint>
#include <map>
#include <string>

#include "base/disk.h"
#include "base/result.h"

namespace nk::recording::journal {

// Under the journals' root: the runs that were put aside, under their own names. Nobody reads them
// there; one that is moved back beside the others is tried again.
inline constexpr const char* set_aside_name = "set-aside";

// Of each call, by its number: the blocks that could be read.
using BlocksRead = std::map<std::uint64_t, std::uint64_t>;

// The file `aside` of a run, which is there.
struct AsideMark {
    bool is_whole = false;
    bool is_torn = false;  // ours, and not written to its end
    BlocksRead blocks;     // when it is whole
};
Result<AsideMark> read_mark(Disk& disk, const std::string& folder);
// In place of a torn one, too. Code::exists when something else has its name.
Result<void> write_mark(Disk& disk, const std::string& folder, const BlocksRead& blocks);

// Where a run is to be put aside: under its own name, or that with a number when it is there.
// Refused when the place for such runs is a link or no folder.
Result<std::string> place_aside(Disk& disk, const std::string& folder);
// Wherever it stops, the run is where it was or where it is to be.
Result<void> put_aside(Disk& disk, const std::string& folder, const std::string& to);

}  // namespace nk::recording::journal
