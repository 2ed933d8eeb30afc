#include "base/disk.h"

namespace nk {

Result<void> File::write_all(std::span<const Bytes> pieces) {
    std::vector<std::uint8_t> joined;
    for (const auto piece : pieces)
        joined.insert(joined.end(), piece.begin(), piece.end());
    return write(joined);
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
