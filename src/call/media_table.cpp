#include "call/media_table.h"

#include <algorithm>

#include "base/limits.h"
#include "call/call.h"

namespace nk::call {

PortRecord* MediaTable::find(const wire::Endpoint& endpoint) {
    const auto it = records_.find(endpoint);
    return it == records_.end() ? nullptr : &it->second;
}

void MediaTable::claim(const wire::Endpoint& endpoint, Call& call, std::size_t party,
                       std::size_t line, bool is_audio) {
    if (call.claimed.size() >= limits::endpoints_per_call_max ||
        (records_.size() >= limits::endpoints_max && find(endpoint) == nullptr)) {
        call.note("ports-left-out", call.last_sign);
        return;
    }
    auto& record = records_[endpoint];
    if (record.call == &call && record.party == party && record.line == line &&
        record.is_audio == is_audio)
        return;
    if (record.call != nullptr && record.call != &call) {
        // Two dialogs of one conversation may name the same endpoint (a back-to-back agent that
        // leaves the media alone), or a port is used again after a lost BYE. Either way the newer
        // one hears the media.
        const std::string key =
            "shared-media:" + std::to_string(record.call->began_wall.ns) + ":" + endpoint.text();
        if (!record.call->over) {
            record.call->add_key(key);
            call.add_key(key);
        }
    }
    record.call = &call;
    record.party = party;
    record.line = line;
    record.is_audio = is_audio;
    ++record.generation;
    if (std::find(call.claimed.begin(), call.claimed.end(), endpoint) == call.claimed.end())
        call.claimed.push_back(endpoint);
}

void MediaTable::release(Call& call, MonoTime now) {
    for (const auto& endpoint : call.claimed) {
        auto* record = find(endpoint);
        if (record == nullptr || record->call != &call)
            continue;
        record->call = nullptr;
        record->released = now;
        ++record->generation;
    }
    call.claimed.clear();
}

void MediaTable::sweep(MonoTime now) {
    std::erase_if(records_, [now](const auto& entry) {
        const PortRecord& r = entry.second;
        return r.call == nullptr && r.flows == 0 &&
               (r.released.ns < 0 || now - r.released > minutes(1));
    });
}

}  // namespace nk::call
