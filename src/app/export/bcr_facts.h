#pragma once
// A recording as BCR, the recorder for Android, would have it: what its name is made of, what its
// JSON says, and which sound goes out. What is not known stays unsaid. Pure.

#include <cstddef>
#include <string>
#include <vector>

#include "archive/export.h"
#include "base/result.h"
#include "call/finding.h"
#include "intake/import/name_template.h"
#include "intake/import/stamp.h"
#include "recording/facts.h"

namespace nk::app {

struct BcrHouse {
    const importing::Zone& zone;
    std::string zone_name{};
    bool was_zone_said = false;  // then all times are told in it; else each as it was found
    // Of our own telephones: with them it is known of a call that we recorded who is the other, and
    // which way it went.
    std::vector<std::string> own_numbers{};
};

struct BcrRecording {
    importing::NameFacts name;
    std::string json;
    std::string ending;            // of the sound's file, without the dot
    archive::ExportOptions sound;  // a copy of the file, or a FLAC with fewer channels
    bool is_when_unsure = false;
};

// `found` is all that is known by now of one that was brought, `sidecar` what its recorder had laid
// beside it, or empty. Code::not_found when there is no sound; Code::refused when nobody knows when
// it was, which BCR always says.
Result<BcrRecording> bcr_recording(const recording::RecordingFacts& facts,
                                   const std::vector<call::Finding>& found,
                                   const std::string& sidecar, const BcrHouse& house);

}  // namespace nk::app
