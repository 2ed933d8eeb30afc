#include "listener/hearings.h"

#include <algorithm>

#include "base/limits.h"

namespace nk::listener {

bool Hearings::begin(const custody::Event& hearing, MonoTime now, const Tell& tell) {
    const auto key = key_of(hearing.what, hearing.who, hearing.recording);
    if (const auto known = hearings_.find(key); known != hearings_.end()) {
        known->second.last = now;
        return true;
    }
    if (hearings_.size() >= limits::hearings_max)  // the one that was quiet for longest is told now
        if (const auto oldest = std::min_element(
                hearings_.begin(), hearings_.end(),
                [](const auto& a, const auto& b) { return a.second.last < b.second.last; });
            oldest != hearings_.end()) {
            finish(oldest->second, tell);
            hearings_.erase(oldest);
        }
    if (!tell(hearing))
        return false;
    hearings_.emplace(key, Hearing{hearing, 0, 0, false, now});
    return true;
}

void Hearings::sent(const std::string& who, const std::string& recording, std::int64_t from_ms,
                    std::int64_t to_ms, MonoTime now) {
    const auto known = hearings_.find(key_of("hearing", who, recording));
    if (known == hearings_.end())
        return;
    auto& hearing = known->second;
    hearing.from_ms = hearing.was_sent ? std::min(hearing.from_ms, from_ms) : from_ms;
    hearing.to_ms = hearing.was_sent ? std::max(hearing.to_ms, to_ms) : to_ms;
    hearing.was_sent = true;
    hearing.last = now;
}

void Hearings::finish(Hearing& hearing, const Tell& tell) {
    if (!hearing.was_sent)
        return;
    auto event = hearing.event;
    event.what = "heard";
    event.from_ms = hearing.from_ms;
    event.to_ms = hearing.to_ms;
    (void)tell(event);  // that it began is in the log whatever happens now
}

void Hearings::end_old(MonoTime now, const Tell& tell, bool all) {
    for (auto at = hearings_.begin(); at != hearings_.end();)
        if (all || now - at->second.last >= limits::hearing_quiet) {
            finish(at->second, tell);
            at = hearings_.erase(at);
        } else {
            ++at;
        }
}

}  // namespace nk::listener
