#pragma once
// A call in progress: its story so far (call/story.h), and what is needed to go on: its dialog, its
// media lines, its tracks.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "call/media.h"
#include "call/story.h"
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
    std::vector<wire::SdpCrypto> crypto;  // of its last description; it sends with one of these
    SrtpKeys old_keys;                    // of those before, the newest first
};

// One media line of the session; `sides` by party.
struct Line {
    std::string type;
    std::array<std::optional<LineSide>, 2> sides;
    bool keyed = false;  // encrypted by keys exchanged beside the media
};

class Call : public Story {
public:
    Call(std::uint64_t number, MonoTime now, WallTime wall);

    const std::uint64_t number;  // of this run; never used twice
    std::size_t slot = 0;        // small and dense, used again after the call ended
    MonoTime last_media;

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
    bool rung = false;
    std::array<std::uint32_t, 2> info_seen{};  // CSeq of the last INFO of each party

    std::array<std::size_t, 2> sdp_seen{};  // of each party's last description
    std::vector<Line> lines;
    std::vector<std::unique_ptr<Track>> tracks;
    std::vector<wire::Endpoint> claimed;  // endpoints of the media table that name this call

    // The track of that party on that line; made when there is none yet, null when the call has too
    // many.
    Track* track(std::size_t party, std::size_t line);
    // Brings every track's formats, label, security and hold state up to date with the lines.
    // Returns true when any track changed.
    bool refresh_tracks(MonoTime now);

    // What a party says now about the keys of what it sends; those it had stay known, for packets
    // on their way and for answers yet to come.
    void learn_crypto(std::size_t line, std::size_t party, std::vector<wire::SdpCrypto> crypto);

private:
    void refresh_track(Track& track, MonoTime now, bool& changed);
};

}  // namespace nk::call
