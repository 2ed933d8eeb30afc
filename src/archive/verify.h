#pragma once
// Is a recording still what was sealed? Every file is read and hashed again, the sound is decoded
// to its last sample, and nothing may be missing, changed or added.

#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"

namespace nk::archive {

struct Verdict {
    std::string id;
    std::vector<std::string> problems;  // one sentence each; empty when all is well
    std::uint64_t bytes = 0;            // read and hashed
};

// Problems are the answer, not an error: it always gives a verdict. Requires: is_id(id).
Verdict verify_recording(Disk& disk, const std::string& root, std::string_view id);

}  // namespace nk::archive
