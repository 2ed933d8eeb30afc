#pragma once
// Calls that run now, as the window is told of them by who records them; and what it asks of them.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "call/media.h"
#include "purpose/purpose.h"

namespace nk::listener {

struct LiveParty {
    std::string number;
    std::string name;
    bool operator==(const LiveParty&) const = default;
};

struct LiveCall {
    std::uint64_t number = 0;  // of the recorder's run
    std::string sip_call_id;
    WallTime started;
    purpose::Purpose purpose = purpose::Purpose::wording;
    bool is_answered = false;
    bool is_paused = false;
    std::vector<LiveParty> parties;
    bool operator==(const LiveCall&) const = default;
};

// A packet of one, copied.
struct LivePacket {
    std::uint64_t call = 0;
    std::size_t track = 0;
    std::size_t party = 0;
    bool is_mixed = false;
    std::uint32_t ssrc = 0;
    std::uint32_t timestamp = 0;
    std::uint16_t sequence = 0;
    std::uint8_t payload_type = 0;
    bool is_locked = false;  // `bytes` are the whole packet then, else its payload
    std::vector<std::uint8_t> bytes{};
    std::shared_ptr<const call::FormatMap> formats{};
    std::shared_ptr<const call::SrtpKeys> keys{};
};

// What the window wants to be told, asked of the strand that receives.
class LiveSource {
public:
    virtual ~LiveSource() = default;
    // A packet now and then of each call, to see who speaks.
    virtual void watch_levels(bool is_on) = 0;
    // All packets of that call.
    virtual void listen(std::uint64_t call, bool is_on) = 0;
};

}  // namespace nk::listener
