#pragma once
// The archive's side of what is brought: places where a file is copied, hashed and looked at before
// anybody knows what it is called. Whoever brings has a folder of its own under .incoming, with a
// lock that goes with its process; what lies in one that nobody holds was cut off, and is taken
// away: it is still where it came from.
//
//   <root>/.incoming/import-<six letters>/lock
//   <root>/.incoming/import-<six letters>/<number>/original.m4a, sidecar.json, call.vcon.json

#include <cstdint>
#include <memory>
#include <string>

#include "archive/folder_desk.h"
#include "base/clock.h"
#include "base/disk.h"

namespace nk::archive {

class Bringing {
    struct Key {};

public:
    Bringing(Key, Disk& disk, const Clock& clock, Random& random, std::string root,
             std::string folder, std::unique_ptr<FileLock> lock);  // begin() makes it
    // Sweeps what others left, and makes a folder. The disk, the clock and chance outlive it.
    static Result<std::unique_ptr<Bringing>> begin(Disk& disk, const Clock& clock, Random& random,
                                                   const std::string& root);
    ~Bringing();
    Bringing(const Bringing&) = delete;
    Bringing& operator=(const Bringing&) = delete;

    // A folder for whatever is wanted meanwhile; it goes with the rest.
    [[nodiscard]] std::string scratch() const { return folder_ + "/scratch"; }
    // A place for one file; it has no name yet.
    Result<std::unique_ptr<FolderDesk>> place();
    // Gives it the name of a recording that began then, one that no other has.
    Result<void> name(FolderDesk& desk, WallTime started);
    // Only one at a time of all who bring to this archive holds it: from looking whether a file is
    // there to its appearing. Code::busy when another does and goes on doing so.
    Result<std::unique_ptr<FileLock>> turn();

private:
    Disk& disk_;
    const Clock& clock_;
    Random& random_;
    std::string root_;
    std::string folder_;
    std::unique_ptr<FileLock> lock_;
    std::uint64_t places_ = 0;
};

}  // namespace nk::archive
