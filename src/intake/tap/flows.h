#pragma once
// The tap's memory of UDP flows: one record per pair of endpoints, found with one hash look-up per
// packet.
//
// A flow remembers whose media it carries until the media table says that one of its ends changed
// hands.

#include <cstdint>
#include <memory>
#include <vector>

#include "base/time.h"
#include "call/media_table.h"
#include "intake/tap/stray.h"
#include "wire/address.h"

namespace nk::tap {

struct Flow {
    wire::Endpoint source;
    wire::Endpoint destination;
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
    bool was_of_call = false;  // its media belonged to a call that signalling named
    bool is_peer_to_peer =
        false;  // STUN or DTLS was seen: media of something that is no telephone call of ours
    std::unique_ptr<Stray> stray;
};

class Flows {
public:
    // The flow of that pair; made when it is new. Null when there are too many.
    Flow* at(const wire::Endpoint& source, const wire::Endpoint& destination);
    Flow* find(const wire::Endpoint& source, const wire::Endpoint& destination);
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
