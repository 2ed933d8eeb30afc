#pragma once
// One conversation can pass several points where it is recorded: two legs of a PBX, a mirror before
// and behind a border controller, a copy sent to a recorder. Each gives a recording; together they
// are a conversation, and one of them is the best copy to listen to.

#include <cstdint>
#include <string>
#include <vector>

namespace nk::archive {

struct Conversation {
    std::string id;                    // the smallest id among its recordings
    std::string best;                  // the best copy's id
    std::vector<std::string> members;  // all ids, sorted; at least two
    bool operator==(const Conversation&) const = default;
};

// What decides which copy is the best.
struct Copy {
    std::string id;
    bool is_recording_leg = false;
    unsigned tracks_with_sound = 0;
    std::uint64_t received = 0;
    std::uint64_t lost = 0;
};

// An ordinary leg before one made for a recorder, then most tracks with sound, then most packets
// received, then fewest lost, then the smallest id.
inline bool is_better(const Copy& a, const Copy& b) {
    if (a.is_recording_leg != b.is_recording_leg)
        return b.is_recording_leg;
    if (a.tracks_with_sound != b.tracks_with_sound)
        return a.tracks_with_sound > b.tracks_with_sound;
    if (a.received != b.received)
        return a.received > b.received;
    if (a.lost != b.lost)
        return a.lost < b.lost;
    return a.id < b.id;
}

}  // namespace nk::archive
