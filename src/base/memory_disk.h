#pragma once
// A Disk in memory, for tests. It can be told to fail at its n-th operation, which makes the fault
// staircase: run a story with n = 1, 2, 3 ... until it passes, and look each time at what is left.
//
// Every verb that can fail is one operation, of the disk and of its files alike. A write that fails
// leaves the first half of its bytes behind, as a disk does that fills up. A failing rename, create
// or removal changes nothing. A sync that fails forgets what it should have written, as Linux does:
// the next one says all is well and does not write it either.
//
// It can also lose its power: then what was never synced is gone, bytes by their file's sync() and
// names by their folder's sync_folder(). A name is as old as its folder's last sync; what was
// renamed or removed since is back under its old one.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/disk.h"

namespace nk {

class MemoryDisk : public Disk {
public:
    MemoryDisk();
    ~MemoryDisk() override;

    Result<std::unique_ptr<File>> create(const std::string& path) override;
    Result<std::unique_ptr<File>> open(const std::string& path) override;
    Result<std::unique_ptr<File>> open_plain(const std::string& path) override;
    Result<void> make_folders(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove_tree(const std::string& path) override;
    Result<void> remove_empty_folder(const std::string& path) override;
    Result<void> sync_folder(const std::string& path) override;
    Result<std::vector<FolderEntry>> list(const std::string& path) override;
    Result<FileState> state(const std::string& path) override;  // no times
    bool exists(const std::string& path) override;
    bool is_link(const std::string& path) override;
    Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;
    Result<bool> is_held(const std::string& path) override;

    enum class Failing { once, from_then_on };
    // The n-th operation from now fails (1 is the next) with this code; 0 ends all failing.
    void fail_at(std::uint64_t n, Code code = Code::disk_full, Failing how = Failing::from_then_on);
    [[nodiscard]] std::uint64_t operations() const;  // since the beginning
    [[nodiscard]] bool has_failed() const;           // since fail_at

    // Everything that was not synced is gone. Files and locks of before must be closed first.
    void cut_power();

    // For a test to look at and to spoil; nullopt when there is no such file.
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> contents(const std::string& path) const;
    void put(const std::string& path, std::vector<std::uint8_t> bytes);
    // From now on no read of that file comes past these bytes; what is put there anew is readable.
    void make_unreadable(const std::string& path, std::uint64_t from, std::uint64_t bytes);
    // From now on that path is told to be a link, to what lies there.
    void call_a_link(const std::string& path);
    [[nodiscard]] std::vector<std::string> files() const;  // every file's path, sorted

private:
    struct Fuse;
    struct Body;
    class MemoryFile;
    class MemoryLock;
    Result<void> need_parent(const std::string& path) const;

    std::shared_ptr<Fuse> fuse_;
    using Nodes = std::map<std::string, std::shared_ptr<Body>>;  // a null body is a folder
    Nodes nodes_;
    std::set<std::string> links_;
    Nodes settled_;  // the names that their folders remember after a power cut
};

}  // namespace nk
