#include "recording/recorder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "base/prefetch.h"
#include "recording/journal/entries.h"

namespace nk::recording {

using journal::Block;
using journal::BlockKind;

// What each packet needs of it comes first, in one line of the cache.
struct alignas(cache_line_bytes) Recorder::OpenCall {
    Block chunk;  // packets that wait to become a block
    MonoTime chunk_began{};
    MonoTime zero;                 // head.zero
    std::uint64_t drops_told = 0;  // of Recorder::drops_
    std::uint32_t described = 0;   // tracks, one bit each
    bool story_grew = false;
    std::uint8_t withheld_tracks = 0;  // whose `withheld` is not yet written, one bit each
    bool has_dropped = false;
    bool may_have_drops = false;  // in the journal

    MonoTime described_since{};
    std::uint64_t number = 0;
    const call::Call* call = nullptr;
    journal::CallHead head;
    std::vector<journal::Place> places;
    std::array<journal::Dropped, limits::tracks_per_call_max> dropped{};  // not yet written
    std::array<journal::Dropped, limits::tracks_per_call_max> withheld{};
};

namespace {

// A block that rots takes the description of a track along, and what comes before the next one is
// nobody's then.
constexpr Nanos describe_every = seconds(10);

// What one block of such entries holds.
constexpr std::size_t dropped_block_bytes =
    limits::tracks_per_call_max * journal::dropped_entry_bytes;

void count(journal::Dropped& dropped, const call::Track& track, MonoTime from, MonoTime to,
           std::uint64_t packets = 1) {
    dropped.track = static_cast<std::uint8_t>(track.index);
    dropped.from = dropped.packets == 0 ? from : std::min(dropped.from, from);
    dropped.to = dropped.packets == 0 ? to : std::max(dropped.to, to);
    dropped.packets += packets;
}
static_assert(limits::tracks_per_call_max <= 8, "withheld_tracks has a bit for each");

}  // namespace

Recorder::Recorder(journal::Journal& journal, std::shared_ptr<SealSource> source, Shelf& shelf,
                   const Clock& clock, const RecorderOptions& options, Over over)
    : journal_(journal),
      source_(std::move(source)),
      shelf_(shelf),
      clock_(clock),
      options_(options),
      over_(std::move(over)) {}

Recorder::~Recorder() = default;

Recorder::OpenCall* Recorder::find(const call::Call& call) const {
    return call.slot < by_slot_.size() ? by_slot_[call.slot].get() : nullptr;
}

bool Recorder::has_room() const {
    return journal_.pending_bytes() <= limits::journal_pending_bytes_max / 2;
}

// A new call waits before a running one suffers, and begins when there is room: with a gap. One
// that ends meanwhile has the little room that it takes to say so.
Recorder::OpenCall* Recorder::open(call::Call& call, MonoTime now, bool is_ending) {
    if (auto* known = find(call)) [[likely]]
        return known;
    if (call.slot >= by_slot_.size())
        by_slot_.resize(call.slot + 1);
    const auto late = late_.find(call.slot);
    if (options_.is_live && !is_ending && !has_room()) {
        if (late == late_.end()) {
            late_.emplace(call.slot, Late{now, {}, {}});
            ++counts_.begun_late;
        }
        return nullptr;
    }
    auto made = std::make_unique<OpenCall>();
    made->number = call.number;
    made->call = &call;
    if (late != late_.end()) {
        now = std::min(now, late->second.since);
        made->dropped = late->second.dropped;
        made->has_dropped = true;
        made->withheld = late->second.withheld;
        for (std::size_t track = 0; track < made->withheld.size(); ++track)
            if (made->withheld[track].packets > 0)
                made->withheld_tracks |= static_cast<std::uint8_t>(1U << track);
        late_.erase(late);
    }
    const auto name = shelf_.name(call.wall_of(now));
    made->head = {name.id,          name.uuid,      now,          call.wall_of(now),
                  options_.purpose, options_.basis, options_.door};
    made->zero = made->head.zero;
    put(*made, BlockKind::call, journal::pack(made->head));
    put(*made, BlockKind::story, journal::pack(static_cast<const call::Story&>(call)));
    // What was dropped before it came, but not before it began: it has waited in the ring.
    made->drops_told = drops_end();
    while (made->drops_told > drops_gone_ &&
           drops_[made->drops_told - drops_gone_ - 1].to >= std::min(now, call.began))
        --made->drops_told;
    ++counts_.calls;
    by_slot_[call.slot] = std::move(made);
    return by_slot_[call.slot].get();
}

void Recorder::put(OpenCall& open, BlockKind kind, Bytes body) {
    open.places.push_back(journal_.append(kind, open.number, body));
}

void Recorder::flush(OpenCall& open) {
    if (open.chunk.is_empty())
        return;
    open.places.push_back(
        journal_.append(BlockKind::sound, open.number, std::exchange(open.chunk, Block())));
}

// Room in the call's chunk for an entry of that size; false when the disk is so far behind that
// there is none.
bool Recorder::make_room(OpenCall& open, std::size_t bytes, MonoTime now) {
    if (open.chunk.room() >= bytes) [[likely]]
        return true;
    flush(open);
    if (options_.is_live && journal_.is_full())
        return false;
    open.chunk = bytes <= limits::journal_chunk_bytes ? journal_.block(limits::journal_chunk_bytes)
                                                      : Block(bytes);
    open.chunk_began = now;
    if (now - open.described_since >= describe_every) {
        open.described_since = now;
        open.described = 0;
    }
    if (open.has_dropped)
        write_dropped(open);
    return true;
}

void Recorder::write_dropped(OpenCall& open) {
    open.has_dropped = false;
    Block block(dropped_block_bytes);
    for (auto& dropped : open.dropped)
        if (dropped.packets > 0) {
            add_dropped(block, dropped, open.head.zero);
            dropped.packets = 0;
        }
    if (block.is_empty())
        return;
    open.may_have_drops = true;
    open.places.push_back(journal_.append(BlockKind::sound, open.number, std::move(block)));
}

bool Recorder::describe(OpenCall& open, const call::Track& track, MonoTime now) {
    const auto entry = journal::track_entry(track, now, open.head.zero);
    if (!make_room(open, entry.size(), now))
        return false;
    open.chunk.add(entry);
    open.described |= 1U << track.index;
    return true;
}

void Recorder::hears(call::Call& call, call::Track& track, const call::MediaPacket& packet) {
    OpenCall* open = this->open(call, packet.arrival);
    if (open == nullptr) {
        count(late_[call.slot].dropped[track.index], track, packet.arrival, packet.arrival);
        ++counts_.dropped_by_us;
        return;
    }
    if (open->drops_told < drops_end() &&
        packet.arrival >= drops_[std::max(open->drops_told, drops_gone_) - drops_gone_].from)
        [[unlikely]]
        tell_drops(*open, packet.arrival);  // the journal may be torn right behind this packet
    if ((open->withheld_tracks >> track.index & 1U) != 0) [[unlikely]]
        write_withheld(*open, track.index);
    const bool is_described = (open->described >> track.index & 1U) != 0;
    const std::size_t bytes = journal::entry_head_bytes + journal::kept_bytes(track, packet).size();
    if ((!is_described && !describe(*open, track, packet.arrival)) ||
        !make_room(*open, bytes, packet.arrival)) {
        count(open->dropped[track.index], track, packet.arrival, packet.arrival);
        open->has_dropped = true;
        ++counts_.dropped_by_us;
        return;
    }
    add_packet(open->chunk, track, packet, open->zero);
    if (packet.arrival - open->chunk_began >= limits::journal_chunk_wait)
        flush(*open);
}

void Recorder::withholds(call::Call& call, call::Track& track, MonoTime arrival) {
    OpenCall* open = this->open(call, arrival);
    auto& withheld =
        open == nullptr ? late_[call.slot].withheld[track.index] : open->withheld[track.index];
    withheld.is_withheld = true;
    count(withheld, track, arrival, arrival);
    if (open != nullptr)
        open->withheld_tracks |= static_cast<std::uint8_t>(1U << track.index);
}

void Recorder::misses(call::Call& call, call::Track& track, std::uint64_t packets, MonoTime from,
                      MonoTime to) {
    OpenCall* open = this->open(call, to);
    counts_.dropped_by_us += packets;
    if (open == nullptr)
        return count(late_[call.slot].dropped[track.index], track, std::min(from, to), to, packets);
    count(open->dropped[track.index], track, std::min(from, to), to, packets);
    open->has_dropped = true;
}

void Recorder::write_withheld(OpenCall& open, std::size_t track) {
    open.withheld_tracks &= static_cast<std::uint8_t>(~(1U << track));
    open.may_have_drops = true;
    Block block(journal::dropped_entry_bytes);
    add_dropped(block, open.withheld[track], open.head.zero);
    open.withheld[track].packets = 0;
    open.places.push_back(journal_.append(BlockKind::sound, open.number, std::move(block)));
}

// A packet of narrow-band speech is 172 bytes there.
void Recorder::expects(std::span<const call::Call* const> calls) {
    constexpr std::size_t usual_entry_bytes = 192;
    for (const auto* call : calls)
        if (const auto* open = find(*call))
            prefetch(open);
    for (const auto* call : calls)
        if (const auto* open = find(*call); open != nullptr && open->chunk.room() > 0)
            prefetch_to_write(open->chunk.end(), usual_entry_bytes);
}

void Recorder::learns(call::Call& call, call::Track& track, MonoTime now) {
    OpenCall* open = find(call);
    if (open != nullptr && (open->described >> track.index & 1U) != 0 &&
        !describe(*open, track, now))
        open->described &= ~(1U << track.index);  // before its next packet, then
}

// A live call that was answered leaves its trace, whether or not a packet of it comes before this
// process is killed.
void Recorder::tells(call::Call& call, MonoTime) {
    if (OpenCall* known = find(call))
        known->story_grew = true;
    else if (options_.is_live && call.is_call() && has_room())
        open(call, call.began);
}

// What is on the way to the journal gets there even when its call has fallen silent, and so does
// how much was withheld; a story that grew is put down beside it.
void Recorder::passes(MonoTime now) {
    if (now - last_look_ < limits::journal_chunk_wait / 2)
        return;
    last_look_ = now;
    bool any = false;
    for (const auto& open : by_slot_) {
        if (!open)
            continue;
        any = true;
        tell_drops(*open, now);
        if (!open->chunk.is_empty() && now - open->chunk_began >= limits::journal_chunk_wait)
            flush(*open);
        for (std::size_t track = 0; open->withheld_tracks >> track != 0; ++track)
            if ((open->withheld_tracks >> track & 1U) != 0)
                write_withheld(*open, track);
        if (std::exchange(open->story_grew, false))
            put(*open, BlockKind::story,
                journal::pack(static_cast<const call::Story&>(*open->call)));
    }
    drops_told_ = drops_end();
    if (any)
        journal_.append(BlockKind::alive, 0, journal::pack(journal::Alive{now, clock_.wall()}));
}

void Recorder::ends(call::Call& call, MonoTime now) {
    OpenCall* open = find(call);
    if (open == nullptr &&
        call.is_call())  // else nobody answered, or one stray reply is all there is
        open = this->open(call, call.media_packets > 0 ? now : call.began, true);
    late_.erase(call.slot);
    if (open == nullptr)
        return;
    if (!tell_drops(*open, now)) {
        open->chunk = Block((drops_end() - open->drops_told) * journal::dropped_entry_bytes);
        tell_drops(*open, now);
    }
    flush(*open);
    if (open->has_dropped)
        write_dropped(*open);
    for (std::size_t track = 0; track < open->withheld.size(); ++track)
        if (open->withheld[track].packets > 0)
            write_withheld(*open, track);
    const call::Story& story = call;
    put(*open, BlockKind::ended, journal::pack(story));
    SealJob job{source_, open->number, std::move(open->head), story, std::move(open->places),
                false};
    job.may_have_drops = open->may_have_drops;
    by_slot_[call.slot].reset();
    over_(std::move(job));
}

void Recorder::dropped(std::uint64_t packets, MonoTime from, MonoTime to) {
    from = std::min(from, to);
    if (drops_end() > drops_told_ && from - drops_.back().to <= limits::drops_seam) {
        auto& last = drops_.back();
        last.packets += packets;
        last.from = std::min(last.from, from);
        last.to = std::max(last.to, to);
        return;
    }
    drops_.push_back({journal::Dropped::any_track, packets, from, to});
    if (drops_.size() <= limits::drops_remembered_max)
        return;
    forget_oldest_drop();
}

// Whoever was not told of it yet is told now: it has had no packet since.
void Recorder::forget_oldest_drop() {
    for (const auto& open : by_slot_) {
        if (!open || open->drops_told > drops_gone_)
            continue;
        flush(*open);
        Block block(journal::dropped_entry_bytes);
        add_dropped(block, drops_.front(), open->head.zero);
        open->places.push_back(journal_.append(BlockKind::sound, open->number, std::move(block)));
        open->drops_told = drops_gone_ + 1;
        open->may_have_drops = true;
    }
    drops_.pop_front();
    ++drops_gone_;
    drops_told_ = std::max(drops_told_, drops_gone_);
}

// Puts down what it was not told yet; false when there is no room for it now.
bool Recorder::tell_drops(OpenCall& open, MonoTime now) {
    open.drops_told = std::max(open.drops_told, drops_gone_);
    for (; open.drops_told < drops_end(); ++open.drops_told) {
        if (!make_room(open, journal::dropped_entry_bytes, now))
            return false;
        add_dropped(open.chunk, drops_[open.drops_told - drops_gone_], open.head.zero);
        open.may_have_drops = true;
    }
    drops_told_ = drops_end();
    return true;
}

}  // namespace nk::recording
