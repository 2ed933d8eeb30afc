#pragma once
// What there is to be brought: files, folders, archives of files, in them and in each other.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "app/import/source.h"
#include "base/disk.h"
#include "base/media.h"

namespace nk::app {

// How much may come out of archives: a small one can hold more than a disk.
struct UnpackLimits {
    std::uint64_t files = 1'000'000;
    std::uint64_t bytes = 0;  // of all; 0: by the archive's own size
    std::uint64_t bytes_at_least = 256ULL * 1024 * 1024;
    std::uint64_t times = 50;  // an archive's size; sound does not become smaller than that
    int deep = 4;
};

struct Found {
    std::vector<BroughtFile> sounds;  // or what may be, in the order of their paths
    std::vector<BroughtFile> call_logs;
    std::vector<BroughtFile> contacts;
    std::vector<BroughtFile> others;  // to be named, and left
    // Sentences: what cannot be looked into, or was stopped by a limit.
    std::vector<std::string> wrong;
    // Of what was named: something in it could not be read now, and may be another time.
    std::set<std::string> unread;
};

// Which of the names in a folder may speak of a sound beside them, and the first of those that does
// of this one; empty: none.
using Names = std::unordered_set<std::string>;
Names speaking_among(const std::vector<FolderEntry>& entries);
std::string speaks_of(const std::string& sound, const Names& speaking);

class Walk {
public:
    // `scratch`: an empty folder, in which archives are unpacked. `looked` is told of each file,
    // and says whether to go on; may be null.
    Walk(Disk& disk, Media& media, std::string scratch, UnpackLimits limits,
         std::function<bool(std::uint64_t files)> looked);

    // A file, a folder and all that lies in it (no links, nothing hidden), or an archive.
    void look(const std::string& path);
    [[nodiscard]] Found take() { return std::move(found_); }

private:
    struct Place;
    void look_at(const std::string& path, const std::string& name, const Place& place);
    void look_into(const std::string& folder, const Place& place);
    void unpack(const std::string& path, const std::string& name, const Place& place);
    void sort_in(BroughtFile file, const Place& place);
    void cannot_read(const Error& error);

    Disk& disk_;
    Media& media_;
    std::string scratch_;
    UnpackLimits limits_;
    std::function<bool(std::uint64_t)> looked_;
    std::string origin_;
    bool is_stopped_ = false;
    Found found_;
    std::uint64_t files_ = 0;
    std::uint64_t unpacked_files_ = 0;
    std::uint64_t archives_ = 0;
    std::string last_folder_;  // of the path that was looked at last, and what lies in it
    std::shared_ptr<const Names> last_speaking_;
    std::map<std::string, std::optional<WallTime>> packed_;  // when, as their archives say
};

}  // namespace nk::app
