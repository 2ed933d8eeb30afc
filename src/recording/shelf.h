#pragma once
// Where a recording goes. Owned by recording/, implemented by archive/: a name when the call
// begins, a place to write when it is over, then one atomic step that makes the finished recording
// appear, whole or not at all.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

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
    // Writes call.vcon.json, the last of the files. facts.id and facts.uuid are given by the
    // archive and set in `facts`. What was written sets out for the disk.
    virtual Result<void> describe(RecordingFacts& facts) = 0;
    // Takes everything away, as if it had never been. Also what the destructor does when it was
    // not published.
    virtual void discard() = 0;
};

// A recording that is described and waits to appear.
struct Finished {
    std::unique_ptr<Desk> desk;
    RecordingFacts facts;
};

// By what a recording is known before and after it exists.
struct Name {
    std::string id;
    std::string uuid;
};

class Shelf {
public:
    virtual ~Shelf() = default;
    // A new name for a call that began at `started`. From any strand.
    virtual Name name(WallTime started) = 0;
    // A new desk for that recording; what an attempt before this one left on it is gone. When the
    // id has been taken by another recording meanwhile, this one gets another.
    virtual Result<std::unique_ptr<Desk>> begin(const Name& name) = 0;
    // Makes each appear under its final name and in the index, when it would survive a power cut;
    // they wait for the disk together, so many cost hardly more than one. The desks are this
    // shelf's. One result for each; of one with an error nothing appears.
    virtual std::vector<Result<void>> publish(std::span<Finished> all) = 0;
    // Whether the recording of that name has appeared; if so it is put into the index, which the
    // one who made it may not have come to.
    virtual Result<bool> has(const Name& name) = 0;
    // The name of a further recording of the call whose first one has this name: for the same
    // `which` the same each time, so that it is made once.
    virtual Name further_name(const Name& first, std::uint64_t which) = 0;
    // A quiet moment: some of what could not be put into the index is tried again. True when there
    // is more that might be put into it now.
    virtual bool catch_up() { return false; }
};

}  // namespace nk::recording
