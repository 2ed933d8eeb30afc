#pragma once
// Which endpoint belongs to which call: the table that SDP fills and media packets are looked up
// in.
//
// A record stays where it is until swept, so a flow may keep a pointer to it and see by its
// generation whether anything changed since it last asked.

#include <cstdint>
#include <unordered_map>

#include "base/time.h"
#include "wire/address.h"

namespace nk::call {

class Call;

struct PortRecord {
    Call* call = nullptr;   // whose SDP named this endpoint; null when nobody's
    std::size_t party = 0;  // who receives here
    std::size_t line = 0;
    bool is_audio = true;  // false: its SDP says image, video ...; nothing there is a call's sound
    std::uint32_t generation = 1;
    std::uint32_t flows = 0;  // flows that point here
    MonoTime released{-1};    // when the last call that used it ended; -1: never used
};

class MediaTable {
public:
    // The record of that endpoint, made when there is none.
    PortRecord& at(const wire::Endpoint& endpoint) { return records_[endpoint]; }
    PortRecord* find(const wire::Endpoint& endpoint);
    void claim(const wire::Endpoint& endpoint, Call& call, std::size_t party, std::size_t line,
               bool is_audio);
    // Gives back what `call` still holds of its endpoints.
    void release(Call& call, MonoTime now);
    // Forgets records that nobody points at.
    void sweep(MonoTime now);
    [[nodiscard]] std::size_t size() const { return records_.size(); }

private:
    std::unordered_map<wire::Endpoint, PortRecord, wire::EndpointHash> records_;
};

}  // namespace nk::call
