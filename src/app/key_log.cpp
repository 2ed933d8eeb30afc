#include "app/key_log.h"

#include <array>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/limits.h"

namespace nk::app {

Result<std::unique_ptr<KeyLogFile>> KeyLogFile::open(Disk& disk, const std::string& path,
                                                     bool may_grow) {
    NK_TAKE(auto file, disk.open(path));
    auto log = std::make_unique<KeyLogFile>(std::move(file), may_grow);
    NK_TRY(log->read_on());
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

Result<void> KeyLogFile::read_on() {
    std::array<std::uint8_t, 16 * 1024> part{};
    while (read_bytes_ < limits::tls_key_log_bytes_max) {
        NK_TAKE(const std::size_t count, file_->read_at(read_bytes_, part));
        if (count == 0)
            break;
        read_bytes_ += count;
        log_.add(as_text(Bytes(part).first(count)));
    }
    return {};
}

}  // namespace nk::app
