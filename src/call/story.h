#pragma once
// The story of a call: who, when, how it went, what was odd. A plain value that can be copied, put
// away and taken up again; what a running call needs besides is in call/call.h.
//
// Times are MonoTime of the run that saw them; facts() counts them from the recording's first
// sample. Party 0 is the caller and party 1 the called one, whatever order they are seen in.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "call/facts.h"

namespace nk::call {

struct Story {
    struct Told {
        MonoTime at;
        std::string what;
        std::optional<std::size_t> party;
        std::string detail;
        bool operator==(const Told&) const = default;
    };
    struct Noted {
        std::string name;
        std::uint64_t count = 0;
        MonoTime first;
        bool operator==(const Noted&) const = default;
    };
    struct Pressed {
        MonoTime at;
        std::size_t party = 0;
        std::string key;
        double duration_ms = 0;
        bool operator==(const Pressed&) const = default;
    };

    // What somebody said about the call in a form of its own: a recording client's metadata.
    struct Document {
        MonoTime at;
        std::string media_type;
        std::string text;
        bool operator==(const Document&) const = default;
    };

    std::vector<Party> parties{{"caller", "", "", ""}, {"callee", "", "", ""}};
    bool has_signalling = false;
    bool is_recording_leg = false;
    std::string sip_call_id;
    std::string caller_tag;
    std::set<std::string, std::less<>> callee_tags;  // one per branch of a forked INVITE
    std::string answered_tag;                        // of the first branch that answered

    MonoTime began;  // first sign of it
    WallTime began_wall;
    MonoTime last_sign;  // last SIP or media of it
    std::uint64_t media_packets = 0;
    std::optional<MonoTime> invited;
    std::optional<MonoTime> answered;
    std::optional<MonoTime> over;  // BYE, final refusal or CANCEL; it drains from then on
    Ending ending = Ending::capture_ended;
    int final_status = 0;

    std::vector<Told> told;
    std::vector<Noted> noted;
    std::vector<Pressed> pressed;
    std::vector<std::string> keys;  // of the conversation
    std::vector<Document> documents;

    // Notes an event (bounded by limits::events_per_call_max).
    void tell(MonoTime at, std::string what, std::optional<std::size_t> party = {},
              std::string detail = {});
    // Notes an oddity, or counts it once more.
    void note(std::string_view oddity, MonoTime at, std::uint64_t count = 1);
    void press(MonoTime at, std::size_t party, std::string key, double duration_ms);
    void add_key(std::string conversation_key);
    // Keeps it, unless it is the last one once more or there are too many.
    void keep(MonoTime at, std::string_view media_type, std::string_view text);

    [[nodiscard]] WallTime wall_of(MonoTime t) const { return began_wall + (t - began); }
    // It was answered after an INVITE that we saw, or it carried media: an attempt is no call.
    [[nodiscard]] bool is_call() const { return (answered && invited) || media_packets > 0; }
    [[nodiscard]] CallFacts facts(MonoTime zero) const;
    bool operator==(const Story&) const = default;
};

}  // namespace nk::call
