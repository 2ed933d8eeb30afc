#pragma once
// The tap's memory of UDP flows: one record per pair of endpoints, found with one hash look-up per
// packet.
//
// A flow remembers whose media it carries until the media table says that one of its ends changed
// hands.

#include <cstdint>
#include <memory>
#include <vector>

#include "base/prefetch.h"
#include "base/time.h"
#include "call/media_table.h"
#include "intake/tap/stray.h"
#include "wire/address.h"

namespace nk::tap {

// Two lines of the cache, and each packet needs both.
struct alignas(2 * cache_line_bytes) Flow {
    wire::Endpoint source;
    wire::Endpoint destination;
    bool was_of_call = false;  // its media belonged to a call that signalling named
    bool is_peer_to_peer =
        false;  // STUN or DTLS was seen: media of something that is no telephone call of ours
    call::PortRecord* source_record = nullptr;
    call::PortRecord* destination_record = nullptr;
    std::uint32_t source_generation = 0;
    std::uint32_t destination_generation = 0;
    call::Call* call = nullptr;
    call::Track* track = nullptr;
    std::uint64_t bare_call =
        0;  // the number of a call without signalling that this flow belongs to
    std::size_t bare_party = 0;
    MonoTime last{};
    std::unique_ptr<Stray> stray;

    // Neither of its ends has changed hands since it was last asked whose media this is, so that
    // `call` and `track` are good. Requires: it has its records.
    [[nodiscard]] bool is_up_to_date() const {
        return source_generation == source_record->generation &&
               destination_generation == destination_record->generation;
    }
};
static_assert(sizeof(Flow) == 2 * cache_line_bytes);

class Flows {
public:
    // The flow of that pair; made when it is new. Null when there are too many.
    Flow* at(const wire::Endpoint& source, const wire::Endpoint& destination);
    Flow* find(const wire::Endpoint& source, const wire::Endpoint& destination);
    // That pair will be looked for: fetches its slot. What guess() needs.
    [[nodiscard]] std::uint64_t expect(const wire::Endpoint& source,
                                       const wire::Endpoint& destination) const;
    // The flow that is likely the one that expect() was told of; null when it is not known.
    [[nodiscard]] const Flow* guess(std::uint64_t hash) const;
    // Forgets flows that were silent since `before`; `forget` is told first.
    template <class Forget>
    void sweep(MonoTime before, Forget forget) {
        std::vector<std::unique_ptr<Flow>> kept;
        for (auto& flow : flows_) {
            if (flow->last < before)
                forget(*flow);
            else
                kept.push_back(std::move(flow));
        }
        flows_ = std::move(kept);
        rebuild();
    }
    template <class Visit>
    void each(Visit visit) {
        for (auto& flow : flows_)
            visit(*flow);
    }
    [[nodiscard]] std::size_t size() const { return flows_.size(); }

private:
    struct Slot {
        std::uint64_t hash = 0;
        Flow* flow = nullptr;
    };
    static std::uint64_t hash_of(const wire::Endpoint& source, const wire::Endpoint& destination);
    Slot& slot_of(std::uint64_t hash, const wire::Endpoint& source,
                  const wire::Endpoint& destination);
    void rebuild();

    std::vector<std::unique_ptr<Flow>> flows_;
    std::vector<Slot> slots_;  // open addressing, a power of two, at most half full
};

}  // namespace nk::tap
