#include "recording/sequence.h"

#include <cstdlib>

namespace nk::recording {

namespace {
constexpr std::int64_t dropout_max = 3'000;  // RFC 3550 A.1 MAX_DROPOUT
constexpr std::int64_t first_number =
    1 << 16;  // room below for packets that come before the first one
constexpr std::int64_t first_timestamp = std::int64_t{1} << 40;
}  // namespace

Sequence::Seen Sequence::accept(Verdict verdict, std::int64_t number, std::int64_t timestamp) {
    auto& mark = marks_[static_cast<std::size_t>(number) % window];
    mark = {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(timestamp)};
    has_suspect_ = false;
    return {verdict, number, timestamp};
}

Sequence::Seen Sequence::suspect(std::uint16_t number, std::uint32_t timestamp) {
    const bool follows = has_suspect_ &&
                         number == static_cast<std::uint16_t>(suspect_number_ + 1) &&
                         timestamp - suspect_timestamp_ < (1U << 20);
    has_suspect_ = true;
    suspect_number_ = number;
    suspect_timestamp_ = timestamp;
    return {follows ? Verdict::restart : Verdict::suspect, number, timestamp};
}

// A hole in the numbers is believed when it is short, or when the time stamps and the clock on the
// wall agree that as much time passed.
bool Sequence::is_plausible_jump(std::int64_t numbers, std::int64_t ticks, Nanos wall,
                                 std::uint32_t clock_hz) const {
    if (clock_hz == 0)
        return numbers <= dropout_max;
    const double media_s = static_cast<double>(ticks) / clock_hz;
    const double wall_s = static_cast<double>(wall.count()) / 1e9;
    const bool agrees = std::abs(media_s - wall_s) < 2.0 + 0.1 * wall_s;
    return agrees || numbers <= dropout_max;
}

Sequence::Seen Sequence::see(std::uint16_t number, std::uint32_t timestamp, MonoTime arrival,
                             std::uint32_t clock_hz) {
    if (!begun_) {
        begun_ = true;
        highest_ = first_number + number;
        highest_timestamp_ = first_timestamp + timestamp;
        highest_arrival_ = arrival;
        return accept(Verdict::next, highest_, highest_timestamp_);
    }
    const auto step = static_cast<std::int16_t>(number - static_cast<std::uint16_t>(highest_));
    const auto ticks =
        static_cast<std::int32_t>(timestamp - static_cast<std::uint32_t>(highest_timestamp_));
    const std::int64_t extended = highest_ + step;
    if (step > 0) {
        if (!is_plausible_jump(step, ticks, arrival - highest_arrival_, clock_hz))
            return suspect(number, timestamp);
        highest_ = extended;
        highest_timestamp_ += ticks;
        highest_arrival_ = arrival;
        return accept(Verdict::next, highest_, highest_timestamp_);
    }
    if (-step >= static_cast<std::int64_t>(window) || extended < 0)
        return suspect(number, timestamp);
    const auto& mark = marks_[static_cast<std::size_t>(extended) % window];
    if (mark.number == static_cast<std::uint32_t>(extended))
        return mark.timestamp == timestamp
                   ? Seen{Verdict::duplicate, extended, highest_timestamp_ + ticks}
                   : suspect(number, timestamp);
    // A latecomer's time stamp lies before the newest one's, unless both are of one frame or of one
    // key press.
    if (ticks > 0)
        return suspect(number, timestamp);
    return accept(Verdict::late, extended, highest_timestamp_ + ticks);
}

}  // namespace nk::recording
