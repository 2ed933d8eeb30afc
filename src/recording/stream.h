#pragma once
// One SSRC of a track: puts its packets in order, finds each its place in time, and has it decoded.
//
// The rules of placing, in the order they apply (docs/LIFE-OF-A-CALL.md tells why):
//  1. The first packets wait limits::origin_wait; the one that was delayed least fixes where the
//  stream begins.
//  2. From then on the RTP time stamp says where a packet goes, exactly.
//  3. A missing number is waited for limits::reorder_wait, then it is lost.
//  4. When the clock on the wall and the time stamps part by more than the network can explain, the
//  packets that
//     follow decide: if they catch up it was the network and rule 2 stands; if they stay apart the
//     sender paused (or leapt), and the stream goes on at the wall's time.
//  5. What was placed is never moved, and nothing is placed before what was already written
//  (`floor`).
//  6. Silence before a packet ends when the packet comes, whatever its time stamp says: no
//  recording is longer than the call and the sound in it.
//  7. A sender whose clock is slow gets a few milliseconds of silence now and then; for one whose
//  clock is fast the others get them, so that the sides stay beside each other and nothing is cut.

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "call/media.h"
#include "recording/drift.h"
#include "recording/drops.h"
#include "recording/ledger.h"
#include "recording/sequence.h"
#include "recording/sound_queue.h"
#include "recording/ticks.h"
#include "recording/time_line.h"
#include "sound/codec.h"

namespace nk::recording {

// One meaning of a payload type on a track.
struct Use {
    call::Format format;
    std::uint8_t payload_type = 0;
    std::uint32_t rate_hz = 0;  // 0: we cannot decode it
    std::uint64_t packets = 0;
};

// What a stream needs of the track it belongs to.
class StreamHome {
public:
    virtual ~StreamHome() = default;
    virtual Ledger& ledger() = 0;
    virtual Use& use(std::size_t index) = 0;
    virtual sound::DecoderMaker& decoders() = 0;
    virtual void note(std::string_view oddity, MonoTime at) = 0;
    virtual void keep_payload(const call::MediaPacket& packet) = 0;
    virtual void press(std::uint32_t ssrc, std::int64_t timestamp, Ticks at, Bytes event,
                       std::uint32_t clock_hz) = 0;
    // True once when the signalling held this party since it was asked last.
    virtual bool take_hold() = 0;
    // Why so many packets are missing between two that arrived then.
    virtual std::vector<Missing> why_missing(std::uint64_t packets, MonoTime before,
                                             MonoTime after) = 0;
    // Everything before this was written to the file.
    [[nodiscard]] virtual Ticks floor() const = 0;
};

// True when the payload has the shape of a telephone-event (RFC 4733 2.3).
bool looks_like_key(Bytes payload);

class Stream {
public:
    Stream(StreamHome& home, std::uint32_t ssrc, TimeLine& line);

    enum class Taken : std::uint8_t {
        yes,
        restarted,  // the sender began anew; this stream is over, and the packet before and this
                    // one open the next
    };
    Taken take(const call::MediaPacket& packet, std::size_t use);
    // Time passed: what waited long enough is decided.
    void advance(MonoTime now);
    // Nothing more will come.
    void finish();

    // Nothing will be placed before this any more; no value when this stream holds nobody up.
    [[nodiscard]] std::optional<Ticks> settled(MonoTime now) const;
    SoundQueue& queue() { return queue_; }
    [[nodiscard]] std::uint32_t ssrc() const { return ssrc_; }
    [[nodiscard]] MonoTime last_arrival() const { return last_arrival_; }
    // A packet kept with its bytes.
    struct Kept {
        call::MediaPacket packet;
        std::vector<std::uint8_t> payload;
        std::size_t use = 0;
    };
    // After Taken::restarted: the packet before, which belongs to the next stream and is counted
    // there.
    std::optional<Kept> give_suspect();

private:
    struct Held {
        std::int64_t number = 0;
        std::int64_t timestamp = 0;
        MonoTime arrival;
        std::size_t use = 0;
        std::uint8_t payload_type = 0;
        bool marker = false;
        call::Protection protection = call::Protection::none;
        bool after_hold = false;
        std::uint16_t size = 0;
        std::array<std::uint8_t, 176> small;  // G.711 at 20 ms and everything smaller
        std::vector<std::uint8_t> large;
        [[nodiscard]] Bytes payload() const {
            return large.empty() ? Bytes(small.data(), size) : Bytes(large);
        }
    };
    // A packet as the placing sees it: held or fresh.
    struct View {
        std::int64_t number;
        std::int64_t timestamp;
        MonoTime arrival;
        std::size_t use;
        std::uint8_t payload_type;
        bool marker;
        call::Protection protection;
        bool after_hold;  // the first to arrive since the signalling held the party
        Bytes payload;
    };

    void hold(const View& view);
    static View view_of(const Held& held);
    [[nodiscard]] bool may_open(MonoTime now) const;
    void open();
    void guess_format();
    [[nodiscard]] bool fits(const sound::Codec& codec) const;
    [[nodiscard]] bool looks_encrypted() const;
    void drain(MonoTime now, bool finishing);
    enum class Doubt : std::uint8_t { none, wait, keep, shift, mend };
    [[nodiscard]] Doubt doubt(const View& view, MonoTime now, bool finishing, Ticks& shift) const;
    [[nodiscard]] Ticks deviation(const View& view) const;
    [[nodiscard]] Ticks position(std::int64_t timestamp) const;
    void release(const View& view);
    void miss(std::uint64_t packets, MonoTime after);
    void follow_stretch();
    void follow_drift(const View& view);
    void follow_clock(const View& view, std::uint32_t clock_hz);
    void place_sound(const View& view, Use& use);
    void place_unreadable(const View& view, Use& use, Ticks at);
    void keep(const View& view);
    [[nodiscard]] bool is_locked(const View& view) const;
    sound::Decoder* decoder_of(std::size_t use_index, Use& use);
    GapCause cause_before();
    void cover(Ticks from, Ticks to);

    StreamHome& home_;
    std::uint32_t ssrc_;
    TimeLine& line_;
    Ticks stretch_seen_;
    DriftWatch drift_;
    Sequence sequence_;
    std::deque<Held> held_;  // by number
    std::optional<Kept> suspect_;
    SoundQueue queue_;
    std::vector<std::unique_ptr<sound::Decoder>> decoders_;  // by use
    std::vector<bool> no_decoder_;

    bool open_ = false;
    bool unreadable_ = false;  // encrypted: only what a key opened is decoded
    MonoTime first_arrival_{};
    MonoTime last_arrival_{};
    std::int64_t next_ = 0;  // the number to be released next
    std::int64_t anchor_timestamp_ = 0;
    Ticks anchor_ = 0;
    std::uint32_t clock_hz_ = 0;
    Ticks end_ = 0;                 // of what was placed
    Ticks lead_ = 0;                // how far ahead of the wall this stream is known to run
    std::int64_t last_step_ = 160;  // time stamp ticks between the last two sound packets
    std::int64_t last_timestamp_ = 0;
    std::int64_t last_number_ = 0;  // of the last sound packet
    Ticks passed_ = 0;              // what was released reaches this far, sound or not

    MonoTime released_at_{};               // when the packet released last had come
    std::vector<Missing> missing_before_;  // since the last sound
    bool held_before_ = false;
    bool shifted_before_ = false;
    bool drifted_before_ = false;
    bool keys_before_ = false;
};

}  // namespace nk::recording
