#pragma once
// A file that somebody brings: where its bytes are, and what it was called where it came from.

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace nk::app {

struct BroughtFile {
    std::string path;   // of its bytes, on this machine
    std::string name;   // as it is called
    std::string place;  // the folders above it, as far as they were brought along; or the archive
    std::optional<WallTime> modified;
    std::string beside;  // path of what lies beside it and speaks of it: a sidecar; empty: nothing
    std::string origin{};  // the path that was named, or the watched file, that it came of
    // It was unpacked for us, and goes when it is read.
    bool is_ours = false;
};

}  // namespace nk::app
