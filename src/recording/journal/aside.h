#pragma once
// Runs that could not be read whole are put aside: kept, whole, until a person takes them away. A
// mark in the run, made before any call of it is sealed, says so, and of how many blocks each
// recording was made. With it the run is known again: it is never removed, and a call of which more
// can be read than its recording was made of is told from the others.

#include <cstdint>
#include <map>
#include <string>

#include "base/disk.h"
#include "base/result.h"

namespace nk::recording::journal {

// Under the journals' root: the runs that were put aside, under their own names. Nobody reads them
// there; one that is moved back beside the others is tried again.
inline constexpr const char* set_aside_name = "set-aside";

// Of the calls of which a recording was made from a run that had its mark, by their numbers: from
// how many blocks. It says so before the recording appears, and so of one that never did, too.
using BlocksRead = std::map<std::uint64_t, std::uint64_t>;

// The file `aside` of a run, which is there.
struct AsideMark {
    bool is_whole = false;
    bool is_torn = false;  // ours, and not written to its end
    BlocksRead blocks;     // when it is whole
};
// When it is whole it is on the disk: the one who wrote it may have been stopped before it was.
Result<AsideMark> read_mark(Disk& disk, const std::string& folder);
// The mark of a run, which is there when this returns: that of an earlier time, or a new one, in
// place of a torn one, too. Code::exists when something else has its name.
Result<AsideMark> ensure_mark(Disk& disk, const std::string& folder);
// Puts another in place of a whole one, in one step. Requires: the mark is whole.
Result<void> change_mark(Disk& disk, const std::string& folder, const BlocksRead& blocks);

// Where a run is to be put aside: under its own name, or that with a number when it is there.
// Refused when the place for such runs is a link or no folder.
Result<std::string> place_aside(Disk& disk, const std::string& folder);
// Wherever it stops, the run is where it was or where it is to be.
Result<void> put_aside(Disk& disk, const std::string& folder, const std::string& to);

}  // namespace nk::recording::journal
