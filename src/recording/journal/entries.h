#pragma once
// What stands in a block of sound: packets as they arrived, and between them what the signalling
// said about the track that they are of. A track is described before its first packet and again
// whenever its description changed.

#include <cstdint>
#include <memory>
#include <string>

#include "call/media.h"
#include "recording/journal/block.h"

namespace nk::recording::journal {

inline constexpr std::size_t entry_head_bytes = 24;

// Of a secured track the whole packet is put down: its header is authenticated with its payload.
inline Bytes kept_bytes(const call::Track& track, const call::MediaPacket& packet) {
    return track.secured && !packet.whole.empty() ? packet.whole : packet.payload;
}
// Requires: block.room() >= entry_head_bytes + kept_bytes(), and those below 64 KiB.
void add_packet(Block& block, const call::Track& track, const call::MediaPacket& packet,
                MonoTime zero);

// The bytes of an entry that describes a track.
std::vector<std::uint8_t> track_entry(const call::Track& track, MonoTime at, MonoTime zero);

// So many packets of that track, or of nobody knows whose, were dropped by us, or withheld, between
// these two moments.
struct Dropped {
    static constexpr std::uint8_t any_track = 0xff;
    std::uint8_t track = any_track;
    std::uint64_t packets = 0;
    MonoTime from;
    MonoTime to;
    bool is_withheld = false;
};
inline constexpr std::size_t dropped_entry_bytes = entry_head_bytes + 16;
void add_dropped(Block& block, const Dropped& dropped, MonoTime zero);

// Who reads a block's entries again, in the order in which they were written.
class EntryReader {
public:
    virtual ~EntryReader() = default;
    virtual void on_track(call::Track track, MonoTime at) = 0;
    // `packet.payload` and `packet.whole` are only good during this call; `whole` is empty unless
    // the track was secured.
    virtual void on_packet(std::size_t track, const call::MediaPacket& packet) = 0;
    virtual void on_dropped(const Dropped& dropped) = 0;
};
// False when the body breaks its format; what stood before that was read.
bool read_entries(Bytes body, MonoTime zero, EntryReader& reader);

}  // namespace nk::recording::journal
