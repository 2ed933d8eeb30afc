#pragma once
// Who tries passwords has to wait: after some failures a second, then twice as long each time. By
// name and by address, each for itself. Pure but for the times that it is told.

#include <cstdint>
#include <string>
#include <unordered_map>

#include "base/time.h"

namespace nk::listener {

class Throttle {
public:
    // How long `key` has to wait yet; 0 when it may try.
    [[nodiscard]] Nanos wait(const std::string& key, MonoTime now) const;
    void fail(const std::string& key, MonoTime now);
    void succeed(const std::string& key);

private:
    struct Failures {
        std::uint32_t count = 0;
        MonoTime last;
    };
    static Nanos wait_after(std::uint32_t failures);
    void forget_old(MonoTime now);
    std::unordered_map<std::string, Failures> failures_;
};

}  // namespace nk::listener
