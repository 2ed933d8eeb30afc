#pragma once
// What the journal knows of a call besides its packets: how it began (CallHead), its story, and
// until when it was listened to (Alive).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "call/story.h"
#include "purpose/purpose.h"

namespace nk::recording::journal {

// Fixed when the call is opened; with its name it is found again in the archive, so that sealing
// can be repeated and makes no second recording.
struct CallHead {
    std::string id;
    std::string uuid;
    MonoTime zero;  // times in the call's blocks count from here
    WallTime zero_wall;
    purpose::Purpose purpose = purpose::Purpose::wording;
    purpose::Basis basis = purpose::Basis::capture_file;
    purpose::Door door = purpose::Door::tap;
    bool operator==(const CallHead&) const = default;
};

// The recorder was running when its traffic's time was `now` and the clock on the wall showed
// `wall`.
struct Alive {
    MonoTime now;
    WallTime wall;
};
std::vector<std::uint8_t> pack(const Alive& alive);
std::optional<Alive> unpack_alive(Bytes bytes);

std::vector<std::uint8_t> pack(const CallHead& head);
std::optional<CallHead> unpack_call_head(Bytes bytes);

std::vector<std::uint8_t> pack(const call::Story& story);
std::optional<call::Story> unpack_story(Bytes bytes);

}  // namespace nk::recording::journal
