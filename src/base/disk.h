#pragma once
// The disk as a room sees it: a handful of verbs, each of which can fail. host/ has the real one,
// base/memory_disk.h one in memory that can be told to fail at its n-th operation.
//
// Paths are plain strings with '/' between names. Every error carries the path and the reason.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace nk {

class File {
public:
    virtual ~File() = default;
    // Appends all of `bytes`, or fails.
    virtual Result<void> write(Bytes bytes) = 0;
    // Appends all of the pieces, one after the other, or fails; then some may have been written,
    // and the next write goes where this one began.
    virtual Result<void> write_all(std::span<const Bytes> pieces);
    // Overwrites bytes that were written before; never grows the file.
    virtual Result<void> write_at(std::uint64_t offset, Bytes bytes) = 0;
    // Reads up to out.size() bytes; fewer only at the end of the file.
    virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) = 0;
    virtual Result<std::uint64_t> size() = 0;
    // What was written sets out for the disk, and nobody waits for it. sync() says whether it came.
    virtual void begin_sync() {}
    // Returns when what was written would survive a power cut.
    virtual Result<void> sync() = 0;
};

// Held for as long as it lives; it goes with the process that holds it.
class FileLock {
public:
    virtual ~FileLock() = default;
};

struct FolderEntry {
    std::string name;
    bool is_folder;        // or a link to one
    bool is_plain = true;  // a file or a folder: no link, no pipe, no device
};

// What stands under a name; of a link, the link.
struct FileState {
    std::uint64_t bytes = 0;
    std::optional<WallTime> modified;
    bool is_folder = false;
    bool is_plain = false;  // a file or a folder
};

class Disk {
public:
    virtual ~Disk() = default;
    // Makes a new file, readable by its owner and group only; Code::exists when there is one
    // already.
    virtual Result<std::unique_ptr<File>> create(const std::string& path) = 0;
    virtual Result<std::unique_ptr<File>> open(const std::string& path) = 0;  // to read
    // The same of a file and nothing else: no link is followed and no pipe is waited for.
    virtual Result<std::unique_ptr<File>> open_plain(const std::string& path) = 0;
    virtual Result<void> make_folders(const std::string& path) = 0;  // like mkdir -p
    // The same; the last one is its owner's alone, whatever lies in it.
    virtual Result<void> make_private_folder(const std::string& path) { return make_folders(path); }
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    virtual Result<void> remove_tree(const std::string& path) = 0;  // no error when absent
    // The same of a folder; Code::exists when something lies in it.
    virtual Result<void> remove_empty_folder(const std::string& path) = 0;
    virtual Result<void> sync_folder(const std::string& path) = 0;
    // All that was written to the disk on which that folder lies would survive a power cut, in one
    // step; false when this disk has no such step, and nothing was done.
    virtual Result<bool> sync_everything(const std::string&) { return false; }
    virtual Result<std::vector<FolderEntry>> list(const std::string& path) = 0;  // sorted by name
    virtual Result<FileState> state(const std::string& path) = 0;
    virtual bool exists(const std::string& path) = 0;
    // Whether that name stands for a symbolic link, wherever it leads.
    virtual bool is_link(const std::string& path) = 0;
    // Whether files can be made in that folder: not on a read-only disk, nor without permission.
    virtual bool is_writable(const std::string& folder) { return exists(folder); }
    // Locks that file, which is made when it is not there; Code::busy when somebody holds it.
    virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;
    // The same, waiting for who holds it: a minute at most.
    virtual Result<std::unique_ptr<FileLock>> wait_for_lock(const std::string& path) {
        return lock(path);
    }
    // Whether somebody holds that lock; makes nothing, needs no more than leave to read, and is in
    // nobody's way who takes it meanwhile.
    virtual Result<bool> is_held(const std::string& path) = 0;
};

// As make_folders; and those of them that are new survive a power cut.
Result<void> make_lasting_folders(Disk& disk, const std::string& path);

// Reads a whole file; Code::limit when it is larger than `bytes_max`.
Result<std::vector<std::uint8_t>> read_whole(Disk& disk, const std::string& path,
                                             std::uint64_t bytes_max);

}  // namespace nk
