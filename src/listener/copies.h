#pragma once
// What is made of a brought original so that it can be heard and drawn: peaks, and a copy where no
// browser plays it: in FLAC, also where a part of it is wanted, or of its own packets in a new Ogg
// file, which is a tenth of that or less. All can be made again at any time:
//
//   <state>/copies/<id>.flac, <state>/copies/<id>.ogg, <state>/peaks/<id>
//
// How much copies take is limited: those that were made longest ago go first.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/media.h"
#include "base/result.h"
#include "recording/facts.h"

namespace nk::listener {

enum class CopyKind { flac, ogg };
std::string copy_path(const std::string& state, std::string_view id,
                      CopyKind kind = CopyKind::flac);
// Which copy browsers want to hear of it; absent: they play the original.
std::optional<CopyKind> copy_for_browsers(const recording::RecordingFacts& facts);
// All that may have been made of it.
std::vector<std::string> paths_of_what_is_made(const std::string& state, std::string_view id);

struct CopyWish {
    std::string original;  // its path
    std::string name;      // what it is called
    std::string peaks;     // where they go; empty: none are wanted
    std::string copy;      // where it goes; empty: none is wanted
    CopyKind kind = CopyKind::flac;
};
// Of that recording in that archive. Requires: archive::is_original(facts).
CopyWish copy_wish(const std::string& archive, const std::string& state,
                   const recording::RecordingFacts& facts, std::optional<CopyKind> copy);
// Decodes it once. Each is there whole or not at all.
Result<void> make_copy(Disk& disk, Media& media, const CopyWish& wish);

// Takes away the oldest until all together have no more bytes than that.
Result<void> limit_copies(Disk& disk, const std::string& state, std::uint64_t bytes_max);

}  // namespace nk::listener
