#pragma once
// RTCP compound packets (RFC 3550 6): what a recorder wants of them, which is the clock of each
// sender, its name, and its goodbye.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace nk::wire {

struct SenderReport {
    std::uint32_t ssrc = 0;
    std::uint64_t ntp = 0;  // 32.32 fixed point since 1900 (RFC 3550 4)
    std::uint32_t rtp_timestamp = 0;
    std::uint32_t packets = 0;
    std::uint32_t octets = 0;
};

struct Rtcp {
    std::vector<SenderReport> reports;
    std::vector<std::uint32_t> byes;
    std::vector<std::pair<std::uint32_t, std::string>> cnames;
};

// Nullopt when the first header is not RTCP's; later damage ends the walk and keeps what came
// before.
std::optional<Rtcp> parse_rtcp(Bytes bytes);

}  // namespace nk::wire
