#pragma once
// The ledger of one track: what became of every packet, and why each stretch without sound has
// none.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/limits.h"
#include "recording/facts.h"
#include "recording/ticks.h"

namespace nk::recording {

class Ledger {
public:
    PacketCounts counts;

    // [from, to) is accounted for: by sound, or by packets we could not read. What lies between the
    // end of what was accounted for before and `from` is a gap of that cause.
    void cover(Ticks from, Ticks to, GapCause cause_before, std::uint64_t packets_before) {
        if (!begun_) {
            begun_ = true;
            first_ = from;
            covered_ = from;
        }
        if (from > covered_)
            gap(covered_, from, cause_before, packets_before);
        covered_ = to > covered_ ? to : covered_;
    }
    // A stretch inside what is covered that has no sound all the same.
    void gap(Ticks from, Ticks to, GapCause cause, std::uint64_t packets) {
        if (!gaps_.empty() && gaps_.back().cause == cause && gaps_.back().to == from) {
            gaps_.back().to = to;
            gaps_.back().packets += packets;
        } else if (gaps_.size() < limits::gaps_per_track_max) {
            gaps_.push_back({from, to, cause, packets});
        } else {
            ++left_out_;
        }
    }
    void heard(Ticks from, Ticks to) {
        if (!sounded_) {
            sounded_ = true;
            sound_from_ = from;
        }
        sound_from_ = from < sound_from_ ? from : sound_from_;
        sound_to_ = to > sound_to_ ? to : sound_to_;
    }

    [[nodiscard]] bool begun() const { return begun_; }
    [[nodiscard]] Ticks first() const { return first_; }
    [[nodiscard]] Ticks covered() const { return covered_; }

    // Writes gaps and sound bounds as samples of a file that begins at `zero`, ends at `end` and
    // has `rate_hz`.
    void write(TrackFacts& facts, Ticks zero, Ticks end, std::uint32_t rate_hz) const {
        const Ticks per_sample = ticks_per_second / rate_hz;
        const auto at = [&](Ticks t) {
            return static_cast<std::uint64_t>(t <= zero ? 0 : (t - zero) / per_sample);
        };
        const auto put = [&](Ticks from, Ticks to, GapCause cause, std::uint64_t packets) {
            if (at(to) > at(from))
                facts.gaps.push_back({at(from), at(to) - at(from), cause, packets});
        };
        facts.packets = counts;
        facts.gaps_left_out = left_out_;
        if (begun_)
            put(zero, first_, GapCause::not_begun, 0);
        for (const auto& g : gaps_)
            put(g.from, g.to, g.cause, g.packets);
        if (begun_)
            put(covered_, end, GapCause::ended, 0);
        if (sounded_) {
            facts.sound_from = at(sound_from_);
            facts.sound_to = at(sound_to_);
        }
    }

private:
    struct Stretch {
        Ticks from;
        Ticks to;
        GapCause cause;
        std::uint64_t packets;
    };
    std::vector<Stretch> gaps_;
    std::uint64_t left_out_ = 0;
    bool begun_ = false;
    bool sounded_ = false;
    Ticks first_ = 0;
    Ticks covered_ = 0;
    Ticks sound_from_ = 0;
    Ticks sound_to_ = 0;
};

}  // namespace nk::recording
