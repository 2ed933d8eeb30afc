#pragma once
// What is known about a call apart from its sound: who, when, how it went, what was odd.
// Plain data; the call room fills it, later rooms write it down and show it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace nk::call {

// Parties stand in a fixed order: 0 is the caller, 1 the called party, further ones as they joined.
struct Party {
    std::string role;    // "caller", "callee", "party-3" ...
    std::string number;  // the user part of its URI, as signalled; empty when unknown
    std::string name;    // its display name; empty when none
    std::string uri;
    bool operator==(const Party&) const = default;
};

enum class Ending {
    bye,            // a BYE, or a final refusal after early media
    cancelled,      // the caller gave up before an answer
    refused,        // a final answer of 300 or more
    timed_out,      // neither SIP nor media for limits::call_silent_max
    capture_ended,  // the capture stopped while the call went on
    recorder_stopped,
};

// Something wrong but survivable that the traffic did, or a limit that bit. Evidence: kept with the
// call.
struct Oddity {
    std::string name;  // one of docs/LANGUAGE.md's, e.g. "bye-missing"
    std::uint64_t count = 0;
    std::int64_t first_ms = 0;  // since the recording's start
    bool operator==(const Oddity&) const = default;
};

struct KeyPress {  // RFC 4733
    std::size_t party = 0;
    std::string key;   // "0".."9" "*" "#" "A".."D" "flash", or the event's number
    double at_ms = 0;  // since the recording's start
    double duration_ms = 0;
    bool operator==(const KeyPress&) const = default;
};

struct Event {
    std::int64_t at_ms = 0;  // since the recording's start; negative before the sound begins
    std::string what;  // "invited" "ringing" "early-media" "answered" "held" "resumed" "moved"
                       // "codec-changed" "ended"
    std::optional<std::size_t> party;
    std::string detail;
    bool operator==(const Event&) const = default;
};

struct CallFacts {
    std::vector<Party> parties;
    bool has_signalling = false;  // false: media that no SIP named
    bool answered = false;
    Ending ending = Ending::capture_ended;
    int final_status = 0;  // the last final SIP status of the first INVITE
    std::string sip_call_id;
    std::string sip_from_tag;
    std::string sip_to_tag;
    // Names by which other recordings can be told to be of the same conversation: "session-id:...",
    // "cisco-guid:..."
    std::vector<std::string> conversation_keys;
    bool is_recording_leg =
        false;  // the call itself is a copy made for a recorder (e.g. Cisco-style forked media)
    std::optional<WallTime> invited;
    std::optional<WallTime> answered_at;
    std::optional<WallTime> ended_at;
    std::vector<Event> events;
    std::vector<KeyPress> key_presses;
    std::vector<Oddity> oddities;
    bool operator==(const CallFacts&) const = default;
};

std::string_view name_of(Ending ending);
std::optional<Ending> ending_named(std::string_view name);

}  // namespace nk::call
