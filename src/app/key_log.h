#pragma once
// --tls-keylog: the file with the keys of TLS connections, read when it is opened and, when it may
// grow, again at most once a limits::tls_key_log_every. What stands in it is never printed.

#include <memory>
#include <string>
#include <utility>

#include "base/disk.h"
#include "wire/tls_keylog.h"

namespace nk::app {

class KeyLogFile final : public wire::TlsKeys {
public:
    static Result<std::unique_ptr<KeyLogFile>> open(Disk& disk, const std::string& path,
                                                    bool may_grow);
    KeyLogFile(std::unique_ptr<File> file, bool may_grow)
        : file_(std::move(file)), may_grow_(may_grow) {}
    static bool is_open_to_others(const std::string& path);

    [[nodiscard]] const wire::TlsSecrets* find(const wire::TlsRandom& client) const override {
        return log_.find(client);
    }
    void look_again(MonoTime now) override;

private:
    Result<void> read_on();

    std::unique_ptr<File> file_;
    bool may_grow_;
    wire::TlsKeyLog log_;
    std::uint64_t read_bytes_ = 0;
    MonoTime looked_{};
};

}  // namespace nk::app
