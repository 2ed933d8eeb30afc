#include "host/disk_probe.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "host/descriptor.h"
#include "host/real_clock.h"

namespace nk::host {

namespace {

constexpr std::size_t small_bytes = 4'096;
constexpr std::size_t large_bytes = 4 * 1024 * 1024;
constexpr std::uint64_t measured_bytes_max = 256ULL * 1024 * 1024;
constexpr std::size_t syncs_max = 200;

tl::unexpected<Error> failed(const std::string& what, const std::string& folder) {
    const int why = errno;
    return refuse(why == ENOSPC || why == EDQUOT ? Code::disk_full : Code::io, Blame::machine,
                  what + " in " + folder + ": " + std::strerror(why));
}

Descriptor nameless_file(const std::string& folder) {
    Descriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file.is_open() || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
        return file;
    std::string name = folder + "/.naklank-doctor-XXXXXX";
    file = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
    if (file.is_open())
        ::unlink(name.c_str());
    return file;
}

bool write_all(int file, const std::vector<char>& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        const auto wrote = ::write(file, bytes.data() + done, bytes.size() - done);
        if (wrote < 0 && errno != EINTR)
            return false;
        done += wrote < 0 ? 0 : static_cast<std::size_t>(wrote);
    }
    return true;
}

}  // namespace

std::optional<FolderState> folder_state(const std::string& path) {
    struct stat about{};
    if (::stat(path.c_str(), &about) != 0)
        return std::nullopt;
    FolderState state{.is_folder = S_ISDIR(about.st_mode),
                      .is_ours = about.st_uid == ::geteuid(),
                      .mode = about.st_mode & 07777U};
    struct statvfs disk{};
    if (::statvfs(path.c_str(), &disk) == 0) {
        state.bytes_free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
        state.bytes = std::uint64_t{disk.f_blocks} * disk.f_frsize;
    }
    return state;
}

std::string nearest_folder(const std::string& path) {
    std::string at = path;
    while (at.size() > 1 && !folder_state(at)) {
        const auto slash = at.rfind('/');
        at = slash == std::string::npos || slash == 0 ? "/" : at.substr(0, slash);
    }
    return at;
}

Result<DiskSpeed> measure_disk(const std::string& folder, Nanos how_long) {
    const Descriptor file = nameless_file(folder);
    if (!file.is_open())
        return failed("no file can be made", folder);
    const RealClock clock;
    DiskSpeed speed;
    const std::vector<char> small(small_bytes, 'n');
    const MonoTime begin = clock.now();
    MonoTime now = begin;
    while (speed.syncs.empty() || (now - begin < how_long / 2 && speed.syncs.size() < syncs_max)) {
        const MonoTime before = clock.now();
        if (!write_all(file.number(), small) || ::fdatasync(file.number()) != 0)
            return failed("a file cannot be written and synced", folder);
        now = clock.now();
        speed.syncs.push_back(now - before);
    }
    std::sort(speed.syncs.begin(), speed.syncs.end());
    // Pieces as large as a journal of many calls makes them, each made lasting: a cache is no
    // speed.
    const std::vector<char> large(large_bytes, 'n');
    const MonoTime began = clock.now();
    std::uint64_t bytes = 0;
    do {
        if (!write_all(file.number(), large) || ::fdatasync(file.number()) != 0)
            return failed("a file cannot be written and synced", folder);
        bytes += large_bytes;
        now = clock.now();
    } while (now - began < how_long / 2 && bytes < measured_bytes_max);
    speed.bytes_per_second = static_cast<double>(bytes) * 1e9 /
                             static_cast<double>(std::max<std::int64_t>((now - began).count(), 1));
    return speed;
}

}  // namespace nk::host
