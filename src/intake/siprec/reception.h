#pragma once
// How well one sender is heard, as its receiver reports say (RFC 3550 A.1, A.3, A.8). For the
// reports alone: the ledger counts from the journal.

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "wire/rtcp.h"
#include "wire/rtp.h"

namespace nk::siprec {

class Reception {
public:
    // A sender report came from that source.
    void on_report(const wire::SenderReport& report, MonoTime now);
    void on_packet(std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t timestamp,
                   std::uint32_t clock_hz, MonoTime arrival);
    // What to say now; nullopt when nothing was heard since the last time.
    std::optional<wire::ReceptionReport> report(MonoTime now);

private:
    std::uint32_t ssrc_ = 0;
    bool begun_ = false;
    std::uint64_t highest_ = 0;  // extended sequence number
    std::uint64_t first_ = 0;
    std::uint64_t received_ = 0;
    std::uint64_t received_before_ = 0;  // at the last report
    std::uint64_t expected_before_ = 0;
    std::int64_t transit_ = 0;
    double jitter_ = 0;
    std::uint32_t report_ntp_ = 0;
    std::optional<MonoTime> report_at_;
};

}  // namespace nk::siprec
