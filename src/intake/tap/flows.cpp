#include "intake/tap/flows.h"

#include "base/limits.h"

namespace nk::tap {

std::uint64_t Flows::hash_of(const wire::Endpoint& source, const wire::Endpoint& destination) {
    return wire::hash_of(source) * 3 + wire::hash_of(destination) + 1;
}

// Requires: slots_ is not empty and has a free slot.
Flows::Slot& Flows::slot_of(std::uint64_t hash, const wire::Endpoint& source,
                            const wire::Endpoint& destination) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = static_cast<std::size_t>(hash) & mask;
    while (slots_[i].flow != nullptr &&
           !(slots_[i].hash == hash && slots_[i].flow->source == source &&
             slots_[i].flow->destination == destination))
        i = (i + 1) & mask;
    return slots_[i];
}

void Flows::rebuild() {
    std::size_t size = 64;
    while (size < flows_.size() * 2 + 2)
        size *= 2;
    slots_.assign(size, {});
    for (const auto& flow : flows_) {
        const auto hash = hash_of(flow->source, flow->destination);
        slot_of(hash, flow->source, flow->destination) = {hash, flow.get()};
    }
}

std::uint64_t Flows::expect(const wire::Endpoint& source, const wire::Endpoint& destination) const {
    const auto hash = hash_of(source, destination);
    if (!slots_.empty())
        prefetch(&slots_[static_cast<std::size_t>(hash) & (slots_.size() - 1)]);
    return hash;
}

const Flow* Flows::guess(std::uint64_t hash) const {
    if (slots_.empty())
        return nullptr;
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = static_cast<std::size_t>(hash) & mask;
    while (slots_[i].flow != nullptr && slots_[i].hash != hash)
        i = (i + 1) & mask;
    return slots_[i].flow;
}

Flow* Flows::find(const wire::Endpoint& source, const wire::Endpoint& destination) {
    return slots_.empty() ? nullptr
                          : slot_of(hash_of(source, destination), source, destination).flow;
}

Flow* Flows::at(const wire::Endpoint& source, const wire::Endpoint& destination) {
    if (slots_.empty())
        rebuild();
    const auto hash = hash_of(source, destination);
    if (Flow* known = slot_of(hash, source, destination).flow)
        return known;
    if (flows_.size() >= limits::flows_max)
        return nullptr;
    flows_.push_back(std::make_unique<Flow>());
    Flow* made = flows_.back().get();
    made->source = source;
    made->destination = destination;
    if (flows_.size() * 2 > slots_.size())
        rebuild();
    else
        slot_of(hash, source, destination) = {hash, made};
    return made;
}

}  // namespace nk::tap
