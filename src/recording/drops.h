#pragma once
// What this machine dropped while a call ran, with the intervals in which it did: the kernel, when
// its ring was full (whose packets they were is not known), and our own queue (of one track); and
// what it withheld, because the recording was paused.
//
// A missing number is ours when it should have come within such an interval, or when the drop is of
// its own track, and no more of them are than were dropped in it; withheld likewise; all others are
// the network's.
// What the kernel dropped is shared by a call's tracks; each call is judged alone.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "recording/facts.h"
#include "recording/ticks.h"
#include "recording/time_line.h"

namespace nk::recording {

// So many packets were dropped between these two moments; of a track, by its index, or of nobody
// knows which.
struct Drop {
    MonoTime from;
    MonoTime to;
    std::uint64_t packets = 0;
    std::optional<std::size_t> track;
    bool is_withheld = false;
};

// Packets that are missing one after the other, for one reason.
enum class Reason : std::uint8_t { network, ours, withheld };
struct Missing {
    std::uint64_t packets = 0;
    Reason reason = Reason::network;
};

class Drops {
public:
    // Requires: drop.from <= drop.to. What was withheld comes in many pieces, which are joined.
    void add(const Drop& drop);
    // Why so many packets of a track are missing between two that arrived then, in the order of
    // their numbers. What is ours is taken from what was dropped.
    std::vector<Missing> why_missing(std::size_t track, std::uint64_t packets, MonoTime before,
                                     MonoTime after);
    // What was dropped of that track, or withheld, and is not missed yet: packets before its first
    // or after its last. Takes it.
    std::uint64_t take_rest(std::size_t track, Reason reason);

    // Time has come so far: what was dropped until then gets its place on the line.
    void place(MonoTime until, const TimeLine& line);
    // Whether something of that track was withheld then. Requires: it was placed.
    [[nodiscard]] bool was_withheld(std::size_t track, Ticks at) const;
    // The number of each track that the recording has, by the track's index.
    using Numbers = std::vector<std::optional<std::uint32_t>>;
    // What was dropped and touches [begin, end], placed on the line, in samples of a file that
    // begins at `zero` and has `rate_hz`.
    void write(RecordingFacts& facts, MonoTime begin, MonoTime end, Ticks zero,
               std::uint32_t rate_hz, const Numbers& numbers) const;
    // What touches [begin, end] and is of nobody knows which track: how much, and since when.
    [[nodiscard]] std::optional<Drop> of_nobody(MonoTime begin, MonoTime end,
                                                const Numbers& numbers) const;

private:
    struct Known {
        Drop drop;
        std::uint64_t left = 0;  // not yet missed
        Ticks from = 0;          // placed
        Ticks to = 0;
    };
    Known* near_piece(const Drop& drop, std::size_t at);
    void claim_own(std::size_t track, std::size_t first, MonoTime low, MonoTime high,
                   std::vector<Reason>& reasons);
    Known* one_within(std::size_t track, std::size_t first, MonoTime from, MonoTime to);

    std::vector<Known> all_;  // by their beginning
    std::size_t placed_ = 0;  // so many of them were
    Nanos longest_{0};        // of them all
    std::uint64_t left_out_ = 0;
};

}  // namespace nk::recording
