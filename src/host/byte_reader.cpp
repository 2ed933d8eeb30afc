// Plain sources of bytes: a descriptor and a piece of memory.

#include "host/byte_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nk::host {

namespace {

class DescriptorReader : public ByteReader {
public:
    DescriptorReader(int descriptor, bool is_owned, std::string name)
        : descriptor_(descriptor), is_owned_(is_owned), name_(std::move(name)) {
        struct stat about{};
        if (fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode)) {
            is_file_ = true;
            size_ = static_cast<std::uint64_t>(about.st_size);
        }
    }
    ~DescriptorReader() override {
        if (is_owned_)
            close(descriptor_);
    }
    DescriptorReader(const DescriptorReader&) = delete;
    DescriptorReader& operator=(const DescriptorReader&) = delete;

    Result<std::size_t> read(std::span<std::uint8_t> out) override {
        for (;;) {
            const ssize_t got = ::read(descriptor_, out.data(), out.size());
            if (got >= 0) {
                done_ += static_cast<std::uint64_t>(got);
                return static_cast<std::size_t>(got);
            }
            if (errno != EINTR)
                return refuse(Code::io, Blame::machine,
                              name_ + " cannot be read on: " + strerrordesc_np(errno));
        }
    }
    bool is_ready(int wait_ms) override {
        pollfd ask{.fd = descriptor_, .events = POLLIN, .revents = 0};
        return is_file_ || poll(&ask, 1, wait_ms) > 0;
    }
    [[nodiscard]] double progress() const override {
        if (!is_file_ || size_ == 0)
            return -1;
        return std::min(1.0, static_cast<double>(done_) / static_cast<double>(size_));
    }
    [[nodiscard]] bool is_live() const override { return !is_file_; }

private:
    int descriptor_;
    bool is_owned_;
    std::string name_;
    bool is_file_ = false;
    std::uint64_t size_ = 0;
    std::uint64_t done_ = 0;
};

class MemoryReader : public ByteReader {
public:
    explicit MemoryReader(Bytes bytes) : bytes_(bytes) {}
    Result<std::size_t> read(std::span<std::uint8_t> out) override {
        const std::size_t take = std::min(out.size(), bytes_.size() - done_);
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(done_), take, out.begin());
        done_ += take;
        return take;
    }
    bool is_ready(int) override { return true; }
    [[nodiscard]] double progress() const override {
        return bytes_.empty() ? -1
                              : static_cast<double>(done_) / static_cast<double>(bytes_.size());
    }

private:
    Bytes bytes_;
    std::size_t done_ = 0;
};

}  // namespace

Result<std::unique_ptr<ByteReader>> open_bytes(const std::string& path) {
    if (path == "-")
        return std::make_unique<DescriptorReader>(STDIN_FILENO, false, "standard input");
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        const int why = errno;
        if (why == ENOENT || why == ENOTDIR)
            return refuse(Code::not_found, Blame::owner, path + ": there is no such file");
        return refuse(why == EACCES ? Code::refused : Code::io, Blame::owner,
                      path + " cannot be opened: " + strerrordesc_np(why));
    }
    auto reader = std::make_unique<DescriptorReader>(descriptor, true, path);
    struct stat about{};
    if (fstat(descriptor, &about) == 0 && S_ISDIR(about.st_mode))
        return refuse(Code::unsupported, Blame::owner, path + " is a folder, not a capture file");
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return reader;
}

std::unique_ptr<ByteReader> memory_bytes(Bytes bytes) {
    return std::make_unique<MemoryReader>(bytes);
}

}  // namespace nk::host
