#pragma once
// RTCP compound packets (RFC 3550 6): what a recorder wants of them, which is the clock of each
// sender, its name, and its goodbye; and what it says itself, which is how well it hears.

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

// How one source is heard (RFC 3550 6.4.1; how its values are found is in A.3 and A.8).
struct ReceptionReport {
    std::uint32_t ssrc = 0;
    std::uint8_t fraction_lost = 0;       // of 256, since the last report
    std::int32_t packets_lost = 0;        // since the beginning; duplicates can make it negative
    std::uint32_t highest_sequence = 0;   // with the count of its cycles in the upper half
    std::uint32_t jitter = 0;             // in units of the source's RTP clock
    std::uint32_t last_report = 0;        // the middle half of its last sender report's NTP time
    std::uint32_t since_last_report = 0;  // in 1/65536 s; both 0 when there was none
};

struct ReceiverReport {
    std::uint32_t ssrc = 0;  // ours
    std::vector<ReceptionReport> sources;
    std::string cname;  // ours; no more than 255 bytes of it are written
};

// A compound packet of receiver reports, 31 sources each, and a source description with our CNAME
// (RFC 3550 6.1, 6.4.2, 6.5). Without sources it has an empty report, as 6.1 wants it.
std::vector<std::uint8_t> compose_receiver_report(const ReceiverReport& report);

}  // namespace nk::wire
