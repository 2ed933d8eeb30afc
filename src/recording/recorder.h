#pragma once
// The receiving half: listens to all calls and writes what they say into the journal, as it came.
// Nothing is decoded here and nothing waits for the disk. When a call is over it is handed on, to
// be sealed (recording/sealer.h).

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "call/ear.h"
#include "recording/journal/entries.h"
#include "recording/seal_job.h"
#include "recording/shelf.h"

namespace nk::recording {

struct RecorderOptions {
    purpose::Purpose purpose = purpose::Purpose::wording;
    purpose::Basis basis = purpose::Basis::capture_file;
    purpose::Door door = purpose::Door::tap;
    // Packets come whether or not there is room for them, and nobody waits.
    bool is_live = false;
};

struct RecorderCounts {
    std::uint64_t calls = 0;
    std::uint64_t begun_late = 0;     // those that there was no room for when they began
    std::uint64_t dropped_by_us = 0;  // packets of calls, for the same reason
};

class Recorder : public call::Ear {
public:
    using Over = std::function<void(SealJob)>;
    Recorder(journal::Journal& journal, std::shared_ptr<SealSource> source, Shelf& shelf,
             const Clock& clock, const RecorderOptions& options, Over over);
    ~Recorder() override;

    void hears(call::Call& call, call::Track& track, const call::MediaPacket& packet) override;
    void withholds(call::Call& call, call::Track& track, MonoTime arrival) override;
    void misses(call::Call& call, call::Track& track, std::uint64_t packets, MonoTime from,
                MonoTime to) override;
    void expects(std::span<const call::Call* const> calls) override;
    void learns(call::Call& call, call::Track& track, MonoTime now) override;
    void tells(call::Call& call, MonoTime now) override;
    void ends(call::Call& call, MonoTime now) override;
    void passes(MonoTime now) override;
    // So many packets of this machine's traffic were dropped by us between these two moments; which
    // calls' they were is not known, so that each call of that time says so.
    void dropped(std::uint64_t packets, MonoTime from, MonoTime to);
    // Whether a call that begins now is recorded from its first packet on.
    [[nodiscard]] bool has_room() const;
    [[nodiscard]] const RecorderCounts& counts() const { return counts_; }

private:
    struct OpenCall;
    OpenCall* open(call::Call& call, MonoTime now, bool is_ending = false);
    [[nodiscard]] OpenCall* find(const call::Call& call) const;
    bool make_room(OpenCall& open, std::size_t bytes, MonoTime now);
    bool describe(OpenCall& open, const call::Track& track, MonoTime now);
    void write_dropped(OpenCall& open);
    void write_withheld(OpenCall& open, std::size_t track);
    [[nodiscard]] std::uint64_t drops_end() const { return drops_gone_ + drops_.size(); }
    bool tell_drops(OpenCall& open, MonoTime now);
    void forget_oldest_drop();
    void flush(OpenCall& open);
    void put(OpenCall& open, journal::BlockKind kind, Bytes body);

    journal::Journal& journal_;
    std::shared_ptr<SealSource> source_;
    Shelf& shelf_;
    const Clock& clock_;
    RecorderOptions options_;
    Over over_;
    std::vector<std::unique_ptr<OpenCall>> by_slot_;
    // A call that there is no room for just now.
    struct Late {
        MonoTime since{};
        std::array<journal::Dropped, limits::tracks_per_call_max> dropped{};
        std::array<journal::Dropped, limits::tracks_per_call_max> withheld{};
    };
    std::unordered_map<std::size_t, Late> late_;  // by slot
    MonoTime last_look_{};
    std::deque<journal::Dropped> drops_;  // of any call; they are counted from the run's beginning
    std::uint64_t drops_gone_ = 0;        // so many are no longer among them
    std::uint64_t drops_told_ = 0;        // these may have been told to a call, and change no more
    RecorderCounts counts_;
};

}  // namespace nk::recording
