#pragma once
// People between the archive's file and the list. Other processes write the file, too: it is read
// again when it has changed, and whoever changes it holds its turn meanwhile.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "archive/house_files.h"
#include "base/disk.h"
#include "listener/call_list.h"
#include "listener/state.h"

namespace nk::listener {

// A name is seen by all who see the number: not everybody's to give.
bool may_name(const Account& account);

class PeopleFile {
public:
    // The disk and the list outlive it.
    PeopleFile(Disk& disk, std::string root, CallList& calls)
        : disk_(disk), root_(std::move(root)), calls_(calls) {}

    // Reads it when it was written since. An error, once for each writing, when it cannot be read;
    // then the names of before stay, and it is not written over.
    Result<void> follow();
    // Held while people are changed: begins with what the file says now.
    Result<std::unique_ptr<FileLock>> turn();
    // In that turn.
    Result<void> write(std::vector<Person> people);
    [[nodiscard]] bool is_readable() const { return is_readable_; }

private:
    Disk& disk_;
    std::string root_;
    CallList& calls_;
    std::optional<FileState> written_;
    bool is_readable_ = true;
    bool was_read_ = false;
};

}  // namespace nk::listener
