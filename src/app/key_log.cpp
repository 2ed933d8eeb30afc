#include "app/key_log.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/limits.h"

namespace nk::app {

namespace {

constexpr std::size_t last_read_bytes_max = 64;

}  // namespace

Result<std::unique_ptr<KeyLogFile>> KeyLogFile::open(Disk& disk, const std::string& path,
                                                     bool may_grow) {
    auto log = std::make_unique<KeyLogFile>(disk, path, may_grow);
    if (auto read = log->read_on(); !read) {
        if (may_grow && read.error().code == Code::not_found)
            return refuse(Code::not_found, Blame::owner,
                          path +
                              " is not there; it must be, empty if need be, because it is "
                              "followed as it grows: make it with touch and chmod 0600");
        return tl::unexpected(std::move(read.error()));
    }
    if (!may_grow)
        log->log_.end();
    return log;
}

bool KeyLogFile::is_open_to_others(const std::string& path) {
    std::error_code trouble;
    const auto allowed = std::filesystem::status(path, trouble).permissions();
    return !trouble &&
           (allowed & std::filesystem::perms::others_read) != std::filesystem::perms::none;
}

void KeyLogFile::look_again(MonoTime now) {
    if (!may_grow_ || now - looked_ < limits::tls_key_log_every)
        return;
    looked_ = now;
    (void)read_on();  // what it said before still holds
}

// Whether the file is still the one that was read so far.
Result<bool> KeyLogFile::goes_on(File& file, std::uint64_t bytes) {
    if (bytes < read_bytes_)
        return false;
    std::array<std::uint8_t, last_read_bytes_max> part{};
    const auto known = std::span(part).first(last_read_.size());
    NK_TAKE(const std::size_t count, file.read_at(read_bytes_ - known.size(), known));
    return as_text(Bytes(part).first(count)) == last_read_;
}

Result<void> KeyLogFile::read_on() {
    NK_TAKE(const auto file, disk_->open(path_));
    NK_TAKE(const std::uint64_t bytes, file->size());
    NK_TAKE(const bool goes_on_here, goes_on(*file, bytes));
    if (!goes_on_here) {
        log_.end();
        read_bytes_ = 0;
        last_read_.clear();
    }
    if (bytes - read_bytes_ > limits::tls_key_log_bytes_max) {
        if (!may_grow_)
            return refuse(Code::limit, Blame::owner, path_ + " is too large for a log of keys");
        log_.end();
        read_bytes_ = bytes - limits::tls_key_log_bytes_max;
    }
    std::array<std::uint8_t, 16 * 1024> part{};
    while (read_bytes_ < bytes) {
        const auto room = std::min<std::uint64_t>(part.size(), bytes - read_bytes_);
        NK_TAKE(const std::size_t count,
                file->read_at(read_bytes_, std::span(part).first(std::size_t(room))));
        if (count == 0)
            break;
        read_bytes_ += count;
        const auto text = as_text(Bytes(part).first(count));
        log_.add(text);
        last_read_ += text;
        last_read_.erase(0, last_read_.size() - std::min(last_read_.size(), last_read_bytes_max));
    }
    return {};
}

}  // namespace nk::app
