#include "recording/journal/seed.h"

#include <array>

#include "recording/journal/folder.h"

namespace nk::recording::journal {

namespace {

std::optional<SegmentHead> head_at(Disk& disk, const std::string& path) {
    const auto file = disk.open_plain(path);
    const auto head = file ? head_of(**file) : tl::unexpected(file.error());
    return head ? *head : std::nullopt;
}

}  // namespace

Result<std::optional<SegmentHead>> head_of(File& file) {
    std::array<std::uint8_t, segment_head_bytes> raw{};
    NK_TAKE(const auto got, file.read_at(0, raw));
    return got == raw.size() ? read_segment_head(raw.data()) : std::nullopt;
}

std::optional<std::uint64_t> seed_of_run(Disk& disk, const std::string& folder) {
    if (const auto word = head_at(disk, folder + "/" + seed_name))
        return word->seed;
    const auto entries = disk.list(folder);
    if (!entries)
        return std::nullopt;
    for (const auto& entry : *entries)
        if (is_segment(entry))
            if (const auto head = head_at(disk, folder + "/" + entry.name))
                return head->seed;
    return std::nullopt;
}

bool holds_seed(Disk& disk, const std::string& folder, const std::string& name) {
    const auto word = head_at(disk, folder + "/" + name);
    const auto entries = disk.list(folder);
    if (!word || word->number != 0 || !entries)
        return false;
    for (const auto& entry : *entries) {
        const auto head = is_segment(entry) ? head_at(disk, folder + "/" + entry.name) : word;
        if (head && head->seed != word->seed)
            return false;
    }
    return true;
}

}  // namespace nk::recording::journal
