#include "host/real_disk.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/check.h"
#include "host/descriptor.h"

namespace nk::host {

namespace {

constexpr mode_t file_mode = 0640;
constexpr mode_t folder_mode = 0750;
constexpr mode_t private_folder_mode = 0700;
constexpr std::size_t pieces_at_once = 64;
constexpr int lock_tries_max = 10'000;                // while others look whether it is held
constexpr auto lock_wait = std::chrono::seconds(60);  // wait_for_lock()
constexpr auto lock_wait_step = std::chrono::milliseconds(5);
constexpr auto lock_probe_wait = std::chrono::microseconds(100);

Code code_of(int why) {
    switch (why) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return Code::disk_full;
        case ENOENT:
        case ENOTDIR:
            return Code::not_found;
        case EEXIST:
        case ENOTEMPTY:
            return Code::exists;
        case EACCES:
        case EPERM:
        case EROFS:
            return Code::refused;
        default:
            return Code::io;
    }
}

tl::unexpected<Error> failed(const std::string& what, int why) {
    const Code code = code_of(why);
    const std::string reason = why == ENOSPC   ? "the disk is full"
                               : why == EDQUOT ? "the quota of disk space is used up"
                               : why == EFBIG  ? "it would become larger than files may be here"
                                               : std::string(strerrordesc_np(why));
    return refuse(code, Blame::machine, what + ": " + reason);
}

// Runs a system call again for as long as a signal interrupts it.
template <class Call>
auto retried(Call call) {
    auto answer = call();
    while (answer < 0 && errno == EINTR)
        answer = call();
    return answer;
}

class RealFile : public File {
public:
    RealFile(Descriptor descriptor, std::string path)
        : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

    Result<void> write(Bytes bytes) override {
        NK_TRY(put(end_, bytes));
        end_ += bytes.size();
        return {};
    }
    Result<void> write_all(std::span<const Bytes> pieces) override {
        std::uint64_t at = end_;
        while (!pieces.empty()) {
            std::array<iovec, pieces_at_once> list{};
            const std::size_t count = std::min(pieces.size(), list.size());
            std::size_t wanted = 0;
            for (std::size_t i = 0; i < count; ++i) {
                list[i] = {const_cast<std::uint8_t*>(pieces[i].data()), pieces[i].size()};
                wanted += pieces[i].size();
            }
            const ssize_t done = retried([&] {
                return pwritev(descriptor_.number(), list.data(), static_cast<int>(count),
                               static_cast<off_t>(at));
            });
            if (done < 0)
                return failed("cannot write " + path_, errno);
            if (static_cast<std::size_t>(done) == wanted) {
                at += wanted;
                pieces = pieces.subspan(count);
                continue;
            }
            // A short write: the rest of the piece it stopped in, then on with the next.
            auto left = static_cast<std::size_t>(done);
            at += left;
            while (left >= pieces.front().size()) {
                left -= pieces.front().size();
                pieces = pieces.subspan(1);
            }
            NK_TRY(put(at, pieces.front().subspan(left)));
            at += pieces.front().size() - left;
            pieces = pieces.subspan(1);
        }
        end_ = at;
        return {};
    }
    Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
        NK_CHECK(offset <= end_ && bytes.size() <= end_ - offset);
        return put(offset, bytes);
    }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
        std::size_t done = 0;
        while (done < out.size()) {
            const ssize_t got = retried([&] {
                return pread(descriptor_.number(), out.data() + done, out.size() - done,
                             static_cast<off_t>(offset + done));
            });
            if (got < 0)
                return failed("cannot read " + path_, errno);
            if (got == 0)
                break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }
    Result<std::uint64_t> size() override {
        struct stat about{};
        if (fstat(descriptor_.number(), &about) != 0)
            return failed("cannot see the size of " + path_, errno);
        return static_cast<std::uint64_t>(about.st_size);
    }
    void begin_sync() override {
        (void)sync_file_range(descriptor_.number(), 0, 0, SYNC_FILE_RANGE_WRITE);
    }
    Result<void> sync() override {
        if (retried([&] { return fdatasync(descriptor_.number()); }) != 0)
            return failed("cannot bring " + path_ + " safely to the disk", errno);
        return {};
    }

private:
    Result<void> put(std::uint64_t offset, Bytes bytes) {
        while (!bytes.empty()) {
            const ssize_t done = retried([&] {
                return pwrite(descriptor_.number(), bytes.data(), bytes.size(),
                              static_cast<off_t>(offset));
            });
            if (done < 0)
                return failed("cannot write " + path_, errno);
            offset += static_cast<std::uint64_t>(done);
            bytes = bytes.subspan(static_cast<std::size_t>(done));
        }
        return {};
    }

    Descriptor descriptor_;
    std::string path_;
    std::uint64_t end_ = 0;  // what write() has put there
};

// flock(2): the kernel lets go when the process ends, however it ends.
class RealLock : public FileLock {
public:
    explicit RealLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

private:
    Descriptor descriptor_;
};

}  // namespace

Result<std::unique_ptr<FileLock>> RealDisk::lock(const std::string& path) {
    Descriptor file(
        // A link there may lead out of the archive.
        retried([&] {
            return ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, file_mode);
        }));
    if (!file.is_open())
        return failed("cannot open " + path, errno);
    for (int tries = 0; tries < lock_tries_max; ++tries) {
        if (retried([&] { return flock(file.number(), LOCK_EX | LOCK_NB); }) == 0)
            return std::make_unique<RealLock>(std::move(file));
        if (errno != EWOULDBLOCK)
            return failed("cannot lock " + path, errno);
        // Who holds a lock holds it alone; who shares it only looks, in is_held(), for a moment.
        if (retried([&] { return flock(file.number(), LOCK_SH | LOCK_NB); }) != 0)
            break;
        (void)flock(file.number(), LOCK_UN);
        std::this_thread::sleep_for(lock_probe_wait);
    }
    return refuse(Code::busy, Blame::machine, path + " is in use by another program");
}

Result<std::unique_ptr<FileLock>> RealDisk::wait_for_lock(const std::string& path) {
    const auto until = std::chrono::steady_clock::now() + lock_wait;
    for (;;) {
        auto held = lock(path);
        if (held || held.error().code != Code::busy || std::chrono::steady_clock::now() > until)
            return held;
        std::this_thread::sleep_for(lock_wait_step);
    }
}

Result<bool> RealDisk::is_held(const std::string& path) {
    const Descriptor file(retried(
        [&] { return ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK); }));
    if (!file.is_open())
        return failed("cannot open " + path, errno);
    if (retried([&] { return flock(file.number(), LOCK_SH | LOCK_NB); }) == 0)
        return false;
    if (errno == EWOULDBLOCK)
        return true;
    return failed("cannot see whether " + path + " is locked", errno);
}

Result<std::unique_ptr<File>> RealDisk::create(const std::string& path) {
    Descriptor file(retried(
        [&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, file_mode); }));
    if (!file.is_open())
        return failed("cannot make " + path, errno);
    return std::make_unique<RealFile>(std::move(file), path);
}

Result<std::unique_ptr<File>> RealDisk::open(const std::string& path) {
    // Without O_NONBLOCK a pipe that lies where a file should would be waited for.
    Descriptor file(
        retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
    if (!file.is_open())
        return failed("cannot open " + path, errno);
    struct stat about{};
    if (fstat(file.number(), &about) != 0 || (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)))
        return refuse(Code::refused, Blame::machine, path + " is no file");
    return std::make_unique<RealFile>(std::move(file), path);
}

Result<std::unique_ptr<File>> RealDisk::open_plain(const std::string& path) {
    Descriptor file(retried(
        [&] { return ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK); }));
    if (!file.is_open())
        return failed("cannot open " + path, errno);
    struct stat about{};
    if (fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode))
        return refuse(Code::refused, Blame::machine, path + " is no file");
    return std::make_unique<RealFile>(std::move(file), path);
}

Result<void> RealDisk::make_private_folder(const std::string& path) {
    if (const auto slash = path.rfind('/'); slash != std::string::npos && slash > 0)
        NK_TRY(make_folders(path.substr(0, slash)));
    if (mkdir(path.c_str(), private_folder_mode) == 0)
        return {};
    const int why = errno;
    struct stat about{};
    if (stat(path.c_str(), &about) != 0 || !S_ISDIR(about.st_mode))
        return failed("cannot make the folder " + path, why);
    if (chmod(path.c_str(), private_folder_mode) != 0)
        return failed("cannot make the folder " + path + " private", errno);
    return {};
}

Result<void> RealDisk::make_folders(const std::string& path) {
    for (std::size_t at = 0; at != std::string::npos;) {
        at = path.find('/', at + 1);
        const std::string part = path.substr(0, at);
        if (mkdir(part.c_str(), folder_mode) == 0)
            continue;
        const int why = errno;
        struct stat about{};
        if (stat(part.c_str(), &about) == 0 && S_ISDIR(about.st_mode))
            continue;  // it was there, whatever mkdir thinks of making it again
        return failed("cannot make the folder " + part, why);
    }
    return {};
}

Result<void> RealDisk::rename(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0)
        return failed("cannot rename " + from + " to " + to, errno);
    return {};
}

Result<void> RealDisk::remove_tree(const std::string& path) {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error)
        return failed("cannot remove " + path, error.value());
    return {};
}

Result<void> RealDisk::remove_empty_folder(const std::string& path) {
    if (rmdir(path.c_str()) == 0 || errno == ENOENT)
        return {};
    if (errno == ENOTEMPTY || errno == EEXIST)
        return refuse(Code::exists, Blame::machine, path + ": something lies in it");
    return failed("cannot remove " + path, errno);
}

Result<void> RealDisk::sync_folder(const std::string& path) {
    const Descriptor folder(
        retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (!folder.is_open() || retried([&] { return fsync(folder.number()); }) != 0)
        return failed("cannot bring the folder " + path + " safely to the disk", errno);
    return {};
}

Result<bool> RealDisk::sync_everything(const std::string& path) {
    const Descriptor folder(
        retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (!folder.is_open() || retried([&] { return syncfs(folder.number()); }) != 0)
        return failed("cannot bring what was written safely to the disk of " + path, errno);
    return true;
}

Result<FileState> RealDisk::state(const std::string& path) {
    struct stat about{};
    if (lstat(path.c_str(), &about) != 0)
        return failed("cannot look at " + path, errno);
    return FileState{
        .bytes = static_cast<std::uint64_t>(about.st_size),
        .modified = WallTime{about.st_mtim.tv_sec * 1'000'000'000 + about.st_mtim.tv_nsec},
        .is_folder = S_ISDIR(about.st_mode),
        .is_plain = S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)};
}

Result<std::vector<FolderEntry>> RealDisk::list(const std::string& path) {
    std::vector<FolderEntry> out;
    std::error_code error;
    std::filesystem::directory_iterator at(path, error);
    for (const std::filesystem::directory_iterator end; !error && at != end; at.increment(error)) {
        std::error_code vanished;  // between listing and looking: it is no folder then
        const auto kind = at->symlink_status(vanished).type();
        out.push_back({.name = at->path().filename().string(),
                       .is_folder = at->is_directory(vanished),
                       .is_plain = kind == std::filesystem::file_type::regular ||
                                   kind == std::filesystem::file_type::directory});
    }
    if (error)
        return failed("cannot list " + path, error.value());
    std::sort(out.begin(), out.end(),
              [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
    return out;
}

bool RealDisk::exists(const std::string& path) {
    struct stat about{};
    return lstat(path.c_str(), &about) == 0;
}

bool RealDisk::is_link(const std::string& path) {
    struct stat about{};
    return lstat(path.c_str(), &about) == 0 && S_ISLNK(about.st_mode);
}

bool RealDisk::is_writable(const std::string& folder) {
    return faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

}  // namespace nk::host
