#pragma once
// Reading one recording of the archive back from its folder.

#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "recording/facts.h"

namespace nk::archive {

// The facts in the recording's call.vcon.json. The error's sentence names the file. Facts of
// another recording than the one asked for are Code::malformed. Requires: is_id(id).
Result<recording::RecordingFacts> read_facts(Disk& disk, const std::string& root,
                                             std::string_view id);

// The same, whoever's they are.
Result<recording::RecordingFacts> read_facts_of_any(Disk& disk, const std::string& root,
                                                    std::string_view id);

struct Found {
    std::string id;
    std::vector<std::string> unlistable;  // sentences: folders where there may be others
};
// The one recording whose id begins or ends with `part`, found by the folders' names.
// Code::not_found when there is none, Code::refused when there are several.
Result<Found> find_recording(Disk& disk, const std::string& root, std::string_view part);

}  // namespace nk::archive
