#pragma once
// Where a recording goes. Owned by recording/, implemented by archive/: first a place to write
// while the call runs, then one atomic step that makes the finished recording appear, whole or not
// at all.

#include <memory>
#include <string>

#include "base/disk.h"
#include "base/result.h"
#include "recording/facts.h"

namespace nk::recording {

// A folder that readers do not see yet.
class Desk {
public:
    virtual ~Desk() = default;
    virtual Result<std::unique_ptr<File>> create(const std::string& name) = 0;
    virtual Result<std::unique_ptr<File>> open(const std::string& name) = 0;
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    virtual Result<void> remove(const std::string& name) = 0;
    // Writes call.vcon.json, syncs, and makes the folder appear under its final name and in the
    // catalogue. facts.id and facts.uuid are given by the archive and set in `facts`. On an error
    // nothing appears.
    virtual Result<void> publish(RecordingFacts& facts) = 0;
    // Takes everything away, as if it had never been. Also what the destructor does without
    // publish.
    virtual void discard() = 0;
};

class Shelf {
public:
    virtual ~Shelf() = default;
    // A new desk for a call that began at `started`.
    virtual Result<std::unique_ptr<Desk>> begin(WallTime started) = 0;
};

}  // namespace nk::recording
