#pragma once
// A call in progress: its parties, its dialog, its media lines, and the story so far.
//
// Times are MonoTime while the call runs; facts() counts them from the recording's first sample.
// Party 0 is the caller and party 1 the called one, whatever order they are seen in.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "call/facts.h"
#include "call/media.h"
#include "wire/address.h"
#include "wire/sdp.h"

namespace nk::call {

// What one party's SDP last said about one media line.
struct LineSide {
    std::optional<wire::Endpoint> receives_at;
    wire::Direction direction = wire::Direction::sendrecv;
    std::vector<wire::SdpFormat> formats;
    bool secured = false;
    bool refused = false;  // port 0
    std::string label;
};

// One media line of the session; `sides` by party.
struct Line {
    std::string type;
    std::array<std::optional<LineSide>, 2> sides;
    bool keyed = false;  // encrypted by keys exchanged beside the media
};

class Call {
public:
    Call(std::uint64_t number, MonoTime now, WallTime wall);

    const std::uint64_t number;  // of this run; never used twice
    std::size_t slot = 0;        // small and dense, used again after the call ended

    std::vector<Party> parties;
    std::string sip_call_id;
    std::string caller_tag;
    std::set<std::string, std::less<>> callee_tags;   // one per branch of a forked INVITE
    std::string answered_tag;                         // of the first branch that answered
    std::set<std::string, std::less<>> talking_tags;  // branches that answered and did not end
    std::set<std::string, std::less<>> refused_tags;  // branches that were refused
    // An offer inside a call changes nothing until it is accepted (RFC 3261 14.1).
    struct Offer {
        std::uint32_t cseq = 0;
        std::size_t sender = 0;
        wire::Sdp sdp;
    };
    std::optional<Offer> offer;
    std::array<std::uint32_t, 2> refer_seen{};
    bool has_signalling = false;
    bool is_recording_leg = false;
    bool rung = false;
    std::array<std::uint32_t, 2> info_seen{};  // CSeq of the last INFO of each party

    std::array<std::size_t, 2> sdp_seen{};  // of each party's last description
    std::vector<Line> lines;
    std::vector<std::unique_ptr<Track>> tracks;
    std::vector<wire::Endpoint> claimed;  // endpoints of the media table that name this call

    MonoTime began;  // first sign of it
    WallTime began_wall;
    MonoTime last_sign;  // last SIP or media of it
    MonoTime last_media;
    std::uint64_t media_packets = 0;
    std::optional<MonoTime> invited;
    std::optional<MonoTime> answered;
    std::optional<MonoTime> over;  // BYE, final refusal or CANCEL; it drains from then on
    Ending ending = Ending::capture_ended;
    int final_status = 0;

    // Notes an event of the story (bounded by limits::events_per_call_max).
    void tell(MonoTime at, std::string what, std::optional<std::size_t> party = {},
              std::string detail = {});
    // Notes an oddity, or counts it once more.
    void note(std::string_view oddity, MonoTime at, std::uint64_t count = 1);
    void press(MonoTime at, std::size_t party, std::string key, double duration_ms);
    void add_key(std::string conversation_key);

    // The track of that party on that line; made when there is none yet, null when the call has too
    // many.
    Track* track(std::size_t party, std::size_t line);
    // Brings every track's formats, label, security and hold state up to date with the lines.
    // Returns true when any track changed.
    bool refresh_tracks(MonoTime now);

    [[nodiscard]] WallTime wall_of(MonoTime t) const { return began_wall + (t - began); }
    [[nodiscard]] CallFacts facts(MonoTime zero) const;

private:
    void refresh_track(Track& track, MonoTime now, bool& changed);

    struct Told {
        MonoTime at;
        std::string what;
        std::optional<std::size_t> party;
        std::string detail;
    };
    struct Noted {
        std::string name;
        std::uint64_t count;
        MonoTime first;
    };
    struct Pressed {
        MonoTime at;
        std::size_t party;
        std::string key;
        double duration_ms;
    };
    std::vector<Told> story_;
    std::vector<Noted> noted_;
    std::vector<Pressed> pressed_;
    std::vector<std::string> keys_;
};

}  // namespace nk::call
