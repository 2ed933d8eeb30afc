#pragma once
// Who listens to the calls. Owned by call/, implemented by recording/: the calls do not know that
// they are recorded. Everything is told in the order in which it happened, from one strand.

#include <cstdint>
#include <span>

#include "base/time.h"
#include "call/call.h"

namespace nk::call {

class Ear {
public:
    virtual ~Ear() = default;
    // One packet of a track. `packet.payload` is only good during this call.
    virtual void hears(Call& call, Track& track, const MediaPacket& packet) = 0;
    // A packet of a track came while the recording is paused: it is to be counted, not kept.
    virtual void withholds(Call& /*call*/, Track& /*track*/, MonoTime /*arrival*/) {}
    // So many packets of a track were dropped by this machine between these two moments.
    virtual void misses(Call& /*call*/, Track& /*track*/, std::uint64_t /*packets*/,
                        MonoTime /*from*/, MonoTime /*to*/) {}
    // Packets of these calls are likely to come next: a hint, to fetch what they will need.
    virtual void expects(std::span<const Call* const> /*calls*/) {}
    // The track's formats, hold or security changed by signalling at `now`.
    virtual void learns(Call& call, Track& track, MonoTime now) = 0;
    // Signalling of this call was seen: its story may have grown.
    virtual void tells(Call& call, MonoTime now) = 0;
    // The call is over and forgotten after this. Calls that were never answered and had no media
    // are told too.
    virtual void ends(Call& call, MonoTime now) = 0;
    // Time went on; told about every 100 ms of the traffic's time.
    virtual void passes(MonoTime now) = 0;
};

}  // namespace nk::call
