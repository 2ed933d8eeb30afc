#include "recording/journal/folder.h"

#include <algorithm>
#include <charconv>

#include "recording/journal/seed.h"

namespace nk::recording::journal {

std::string segment_name(std::uint32_t number) {
    std::string digits = std::to_string(number);
    return std::string(10 - std::min<std::size_t>(10, digits.size()), '0') + digits + ".journal";
}

std::optional<std::uint32_t> segment_number(std::string_view name) {
    std::uint32_t number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    return read.ec == std::errc() && name == segment_name(number) ? std::optional(number)
                                                                  : std::nullopt;
}

bool is_segment(const FolderEntry& entry) {
    return entry.is_plain && !entry.is_folder && segment_number(entry.name);
}

Result<FolderOfRun> look_into(Disk& disk, const std::string& folder) {
    NK_TAKE(const auto entries, disk.list(folder));
    FolderOfRun found;
    for (const auto& entry : entries) {
        const bool is_file = entry.is_plain && !entry.is_folder;
        const bool is_done =
            is_file && entry.name == done_name && holds_seed(disk, folder, done_name);
        const bool is_mark = is_file && entry.name == aside_name;
        const bool is_other = is_file && (entry.name == lock_name || entry.name == seed_name);
        found.has_segments = found.has_segments || is_segment(entry);
        found.is_done = found.is_done || is_done;
        found.is_marked = found.is_marked || is_mark;
        if (is_segment(entry) || is_done || is_mark || is_other)
            found.has_own = true;
        else
            found.strangers.push_back(folder + "/" + entry.name);
    }
    return found;
}

Result<void> remove_run(Disk& disk, const std::string& folder) {
    NK_TAKE(const auto entries, disk.list(folder));
    std::vector<std::string> segments;
    for (const auto& entry : entries)
        if (is_segment(entry))
            segments.push_back(folder + "/" + entry.name);
    const std::string done = folder + "/" + done_name;
    bool is_done = holds_seed(disk, folder, done_name);
    // Without the first segments the others would look damaged. A full disk has room for the word,
    // which is there already under the name of the seed.
    if (segments.size() > 1 && !disk.exists(done) && holds_seed(disk, folder, seed_name)) {
        is_done = disk.rename(folder + "/" + seed_name, done).has_value();
        (void)disk.sync_folder(folder);
    }
    for (const auto& path : segments)
        NK_TRY(disk.remove_tree(path));
    if (is_done)
        NK_TRY(disk.remove_tree(done));
    for (const char* name : {seed_name, lock_name})  // the lock last: it is held
        if (std::any_of(entries.begin(), entries.end(), [&](const FolderEntry& entry) {
                return entry.name == name && entry.is_plain && !entry.is_folder;
            }))
            NK_TRY(disk.remove_tree(folder + "/" + name));
    auto removed = disk.remove_empty_folder(folder);
    if (!removed && removed.error().code == Code::exists)
        return {};  // strangers
    return removed;
}

}  // namespace nk::recording::journal
