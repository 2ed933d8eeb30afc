#include "intake/siprec/port_pool.h"

#include <limits>

namespace nk::siprec {

PortPool::PortPool(std::uint16_t first, std::uint16_t last, Nanos rest) : rest_(rest) {
    constexpr MonoTime always{std::numeric_limits<std::int64_t>::min()};
    for (std::uint32_t port = first + (first & 1U); port + 1 <= last; port += 2)
        resting_.push_back({static_cast<std::uint16_t>(port), always});
    size_ = resting_.size();
}

std::optional<std::uint16_t> PortPool::take(MonoTime now) {
    if (resting_.empty() || resting_.front().until > now)
        return std::nullopt;
    const auto port = resting_.front().port;
    resting_.pop_front();
    return port;
}

void PortPool::give_back(std::uint16_t port, MonoTime now) {
    resting_.push_back({port, now + rest_});
}

}  // namespace nk::siprec
