#pragma once
// --tls-keylog: the file with the keys of TLS connections, read when it is opened and, when it may
// grow, again at most once a limits::tls_key_log_every. Then another file may stand in its place,
// or it may have begun anew; what it said before still holds. What stands in it is never printed.

#include <memory>
#include <string>
#include <utility>

#include "base/disk.h"
#include "wire/tls_keylog.h"

namespace nk::app {

class KeyLogFile final : public wire::TlsKeys {
public:
    // Reads the log; refused when there is none. `disk` must outlive this. Refused too: one beyond
    // limits::tls_key_log_bytes_max, unless it may grow; then its end is what counts.
    static Result<std::unique_ptr<KeyLogFile>> open(Disk& disk, const std::string& path,
                                                    bool may_grow);
    KeyLogFile(Disk& disk, std::string path, bool may_grow)
        : disk_(&disk), path_(std::move(path)), may_grow_(may_grow) {}
    // Whether anybody on this machine may read it.
    static bool is_open_to_others(const std::string& path);

    [[nodiscard]] const wire::TlsSecrets* find(const wire::TlsRandom& client) const override {
        return log_.find(client);
    }
    void look_again(MonoTime now) override;

private:
    Result<void> read_on();
    Result<bool> goes_on(File& file, std::uint64_t bytes);

    Disk* disk_;
    std::string path_;
    bool may_grow_;
    wire::TlsKeyLog log_;
    std::uint64_t read_bytes_ = 0;
    std::string last_read_;  // the end of it
    MonoTime looked_{};
};

}  // namespace nk::app
