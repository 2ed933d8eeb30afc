#include "intake/siprec/reception.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nk::siprec {

void Reception::on_report(const wire::SenderReport& report, MonoTime now) {
    if (!begun_ || report.ssrc != ssrc_)
        return;
    report_ntp_ = static_cast<std::uint32_t>(report.ntp >> 16U);
    report_at_ = now;
}

void Reception::on_packet(std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t timestamp,
                          std::uint32_t clock_hz, MonoTime arrival) {
    const auto arrived = arrival.ns / 1'000 * clock_hz / 1'000'000;  // in the sender's units
    const auto transit = arrived - static_cast<std::int64_t>(timestamp);
    if (!begun_ || ssrc != ssrc_) {
        *this = Reception();
        begun_ = true;
        ssrc_ = ssrc;
        first_ = highest_ = sequence;
        transit_ = transit;
    }
    const auto ahead = static_cast<std::int16_t>(sequence - static_cast<std::uint16_t>(highest_));
    if (ahead > 0)
        highest_ += static_cast<std::uint64_t>(ahead);
    ++received_;
    const auto apart = static_cast<std::int32_t>(transit - std::exchange(transit_, transit));
    jitter_ += (std::abs(static_cast<double>(apart)) - jitter_) / 16.0;
}

std::optional<wire::ReceptionReport> Reception::report(MonoTime now) {
    if (received_ == received_before_)
        return std::nullopt;
    const std::uint64_t expected = highest_ - first_ + 1;
    const auto expected_now = static_cast<std::int64_t>(expected - expected_before_);
    const auto received_now = static_cast<std::int64_t>(received_ - received_before_);
    const std::int64_t lost_now = std::max<std::int64_t>(expected_now - received_now, 0);
    expected_before_ = expected;
    received_before_ = received_;
    constexpr std::int64_t lost_most = 0x7f'ffff;  // 24 bits with a sign
    wire::ReceptionReport out;
    out.ssrc = ssrc_;
    out.fraction_lost =
        expected_now <= 0
            ? std::uint8_t{0}
            : static_cast<std::uint8_t>(std::min<std::int64_t>(lost_now * 256 / expected_now, 255));
    out.packets_lost = static_cast<std::int32_t>(
        std::clamp(static_cast<std::int64_t>(expected) - static_cast<std::int64_t>(received_),
                   -lost_most, lost_most));
    out.highest_sequence = static_cast<std::uint32_t>(highest_);
    out.jitter = static_cast<std::uint32_t>(std::min(jitter_, 4e9));
    if (report_at_) {
        out.last_report = report_ntp_;
        out.since_last_report =
            static_cast<std::uint32_t>((now - *report_at_).count() * 65'536 / 1'000'000'000);
    }
    return out;
}

}  // namespace nk::siprec
