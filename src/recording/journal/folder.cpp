#include "recording/journal/folder.h"

#include <algorithm>
#include <charconv>

namespace nk::recording::journal {

namespace {

bool is_own(const FolderEntry& entry) {
    return !entry.is_folder && (entry.name == lock_name || entry.name == seed_name ||
                                entry.name == done_name || segment_number(entry.name));
}

}  // namespace

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

Result<FolderOfRun> look_into(Disk& disk, const std::string& folder) {
    NK_TAKE(const auto entries, disk.list(folder));
    FolderOfRun found;
    for (const auto& entry : entries) {
        if (is_own(entry))
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
        if (!entry.is_folder && segment_number(entry.name))
            segments.push_back(folder + "/" + entry.name);
    const std::string done = folder + "/" + done_name;
    // Without the first segments the others would look damaged. A disk that has no room for the
    // word gets some all the same.
    if (segments.size() > 1 && !disk.exists(done) && disk.create(done))
        (void)disk.sync_folder(folder);
    for (const auto& path : segments)
        NK_TRY(disk.remove_tree(path));
    for (const char* name : {seed_name, done_name, lock_name})  // the lock last: it is held
        if (const auto at = std::find_if(
                entries.begin(), entries.end(),
                [&](const FolderEntry& entry) { return entry.name == name && entry.is_folder; });
            at == entries.end())
            NK_TRY(disk.remove_tree(folder + "/" + name));
    auto removed = disk.remove_empty_folder(folder);
    if (!removed && removed.error().code == Code::exists)
        return {};  // strangers
    return removed;
}

}  // namespace nk::recording::journal
