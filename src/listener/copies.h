#pragma once
// What is made of a brought original so that it can be heard and drawn: peaks, and a copy in FLAC
// where no browser plays it, or a part of it is wanted. Both can be made again at any time:
//
//   <state>/copies/<id>.flac, <state>/peaks/<id>
//
// How much copies take is limited: those that were made longest ago go first.

#include <string>
#include <string_view>

#include "base/disk.h"
#include "base/media.h"
#include "base/result.h"
#include "recording/facts.h"

namespace nk::listener {

std::string copy_path(const std::string& state, std::string_view id);

struct CopyWish {
    std::string original;  // its path
    std::string name;      // what it is called
    std::string peaks;     // where they go; empty: none are wanted
    std::string copy;      // where it goes; empty: none is wanted
};
// Of that recording in that archive. Requires: archive::is_original(facts).
CopyWish copy_wish(const std::string& archive, const std::string& state,
                   const recording::RecordingFacts& facts, bool wants_copy);
// Decodes it once. Both are there whole or not at all.
Result<void> make_copy(Disk& disk, Media& media, const CopyWish& wish);

// Takes away the oldest until all together have no more bytes than that.
Result<void> limit_copies(Disk& disk, const std::string& state, std::uint64_t bytes_max);

}  // namespace nk::listener
