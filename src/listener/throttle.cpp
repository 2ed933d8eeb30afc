#include "listener/throttle.h"

#include <algorithm>

#include "base/limits.h"

namespace nk::listener {

Nanos Throttle::wait_after(std::uint32_t failures) {
    if (failures < limits::sign_in_free_tries)
        return Nanos(0);
    const auto doublings = std::min<std::uint32_t>(failures - limits::sign_in_free_tries, 20);
    return std::min<Nanos>(seconds(std::int64_t{1} << doublings), limits::sign_in_wait_max);
}

Nanos Throttle::wait(const std::string& key, MonoTime now) const {
    const auto known = failures_.find(key);
    if (known == failures_.end())
        return Nanos(0);
    return std::max(Nanos(0), known->second.last + wait_after(known->second.count) - now);
}

void Throttle::fail(const std::string& key, MonoTime now) {
    if (!failures_.contains(key) && failures_.size() >= limits::sign_in_keys_max)
        forget_old(now);
    auto& failures = failures_[key];
    ++failures.count;
    failures.last = now;
}

void Throttle::succeed(const std::string& key) {
    failures_.erase(key);
}

// Those that may try again anyway; and when all must wait, the one that has waited for longest.
void Throttle::forget_old(MonoTime now) {
    std::erase_if(failures_, [&](const auto& one) {
        return now - one.second.last > limits::sign_in_wait_max;
    });
    if (failures_.size() < limits::sign_in_keys_max)
        return;
    failures_.erase(std::min_element(
        failures_.begin(), failures_.end(),
        [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
}

}  // namespace nk::listener
