#include "base/disk.h"

namespace nk {

Result<void> File::write_all(std::span<const Bytes> pieces) {
    std::vector<std::uint8_t> joined;
    for (const auto piece : pieces)
        joined.insert(joined.end(), piece.begin(), piece.end());
    return write(joined);
}

Result<void> make_lasting_folders(Disk& disk, const std::string& path) {
    const auto parent_of = [](const std::string& folder) -> std::string {
        const auto end = folder.find_last_not_of('/');
        const auto slash = end == std::string::npos ? end : folder.rfind('/', end);
        return slash == std::string::npos ? "." : slash == 0 ? "/" : folder.substr(0, slash);
    };
    std::vector<std::string> keepers;  // folders that get a new name
    for (std::string folder = path; !disk.exists(folder); folder = parent_of(folder))
        keepers.push_back(parent_of(folder));
    NK_TRY(disk.make_folders(path));
    for (const auto& keeper : keepers)
        NK_TRY(disk.sync_folder(keeper));
    return {};
}

Result<std::vector<std::uint8_t>> read_whole(Disk& disk, const std::string& path,
                                             std::uint64_t bytes_max) {
    NK_TAKE(const auto file, disk.open(path));
    NK_TAKE(const auto size, file->size());
    if (size > bytes_max)
        return refuse(Code::limit, Blame::peer, path + " is larger than it can be");
    std::vector<std::uint8_t> all(size);
    NK_TAKE(const auto got, file->read_at(0, all));
    all.resize(got);
    return all;
}

}  // namespace nk
