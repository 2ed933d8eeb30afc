#include "recording/stream.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "base/limits.h"

namespace nk::recording {

namespace {

constexpr Ticks ms(std::int64_t n) {
    return n * (ticks_per_second / 1000);
}

// Beyond this the network alone no longer explains why packets come later (or earlier) than they
// should.
constexpr Ticks behind_max = ms(250);
constexpr Ticks ahead_max = ms(200);
// Nor does it spread the opening packets by more.
constexpr Ticks jitter_max = ms(1'000);
// So much of what follows is looked at before a doubt is decided; a backlog that is still draining
// gets longer.
constexpr Nanos doubt_wait = milliseconds(200);
// Two stretches closer than this are one.
constexpr Ticks seam = ms(60);
// A spread of delays below this is a steady network.
constexpr Ticks steady = ms(5);
constexpr std::size_t opening_packets = 4;
constexpr Nanos opening_max = milliseconds(500);

}  // namespace

Stream::Stream(StreamHome& home, std::uint32_t ssrc, TimeLine& line)
    : home_(home), ssrc_(ssrc), line_(line), stretch_seen_(line.stretched) {}

std::optional<Stream::Kept> Stream::give_suspect() {
    if (suspect_)
        --home_.ledger().counts.received;
    return std::exchange(suspect_, std::nullopt);
}

Stream::View Stream::view_of(const Held& held) {
    return {held.number, held.timestamp,  held.arrival,    held.use,      held.payload_type,
            held.marker, held.protection, held.after_hold, held.payload()};
}

void Stream::hold(const View& view) {
    Held held;
    held.number = view.number;
    held.timestamp = view.timestamp;
    held.arrival = view.arrival;
    held.use = view.use;
    held.payload_type = view.payload_type;
    held.marker = view.marker;
    held.protection = view.protection;
    held.after_hold = view.after_hold;
    if (view.payload.size() <= held.small.size()) {
        held.size = static_cast<std::uint16_t>(view.payload.size());
        if (held.size > 0)
            std::memcpy(held.small.data(), view.payload.data(), held.size);
    } else {
        held.large.assign(view.payload.begin(), view.payload.end());
    }
    auto at = held_.end();
    while (at != held_.begin() && std::prev(at)->number > held.number)
        --at;
    held_.insert(at, std::move(held));
}

Stream::Taken Stream::take(const call::MediaPacket& packet, std::size_t use) {
    const auto& format = home_.use(use).format;
    const auto seen =
        sequence_.see(packet.sequence, packet.timestamp, packet.arrival, format.codec.clock_hz);
    auto& counts = home_.ledger().counts;
    if (seen.verdict == Sequence::Verdict::restart)
        return Taken::restarted;
    ++counts.received;
    if (seen.verdict == Sequence::Verdict::suspect) {
        if (suspect_)
            ++counts.dropped_by_us;  // the one before it was nobody's
        suspect_.emplace(Kept{packet, {packet.payload.begin(), packet.payload.end()}, use});
        suspect_->packet.payload = suspect_->payload;
        return Taken::yes;
    }
    if (seen.verdict == Sequence::Verdict::duplicate) {
        ++counts.duplicate;
        return Taken::yes;
    }
    if (seen.verdict == Sequence::Verdict::late)
        ++counts.late;
    follow_stretch();
    if (first_arrival_ == MonoTime{})
        first_arrival_ = packet.arrival;
    last_arrival_ = packet.arrival;
    ++home_.use(use).packets;
    const View view{seen.number,         seen.timestamp, packet.arrival,    use,
                    packet.payload_type, packet.marker,  packet.protection, home_.take_hold(),
                    packet.payload};
    if (open_ && view.number < next_) {
        // It was given up as lost, and what follows is already decoded: it reached us, and we could
        // not keep it.
        if (counts.lost > 0)
            --counts.lost;
        ++counts.dropped_by_us;
        home_.note("too-late", packet.arrival);
        return Taken::yes;
    }
    Ticks shift = 0;
    if (open_ && held_.empty() && view.number == next_ &&
        doubt(view, packet.arrival, false, shift) == Doubt::none) {
        release(view);
        return Taken::yes;
    }
    hold(view);
    advance(packet.arrival);
    return Taken::yes;
}

void Stream::advance(MonoTime now) {
    if (!open_) {
        if (held_.empty() || !may_open(now))
            return;
        open();
    }
    drain(now, false);
}

void Stream::finish() {
    if (suspect_) {
        ++home_.ledger().counts.dropped_by_us;
        suspect_.reset();
    }
    if (!open_ && !held_.empty())
        open();
    if (open_)
        drain(last_arrival_, true);
}

// A steady network shows the least delay at once; a jittery one is watched for longer.
bool Stream::may_open(MonoTime now) const {
    const Nanos waited = now - first_arrival_;
    if (waited >= limits::origin_wait_max || held_.size() >= limits::held_packets_max)
        return true;
    if (waited < limits::origin_wait || (held_.size() < opening_packets && waited < opening_max))
        return false;
    const std::uint32_t clock_hz = home_.use(held_.front().use).format.codec.clock_hz;
    if (clock_hz == 0)
        return true;
    Ticks least = std::numeric_limits<Ticks>::max();
    Ticks most = std::numeric_limits<Ticks>::min();
    for (const auto& held : held_) {
        const Ticks sent =
            (held.timestamp - held_.front().timestamp) * (ticks_per_second / clock_hz);
        const Ticks delay = to_ticks(held.arrival - first_arrival_) - sent;
        least = std::min(least, delay);
        most = std::max(most, delay);
    }
    return most - least < steady || most - least > jitter_max;
}

// Rule 1.
void Stream::open() {
    guess_format();
    const auto& first = held_.front();
    clock_hz_ = std::max<std::uint32_t>(1, home_.use(first.use).format.codec.clock_hz);
    anchor_timestamp_ = first.timestamp;
    // A stamp that says the first was on its way for longer is wrong, or leapt.
    Ticks earliest = line_.at(first.arrival);
    const Ticks least = earliest - jitter_max;
    for (const auto& held : held_) {
        if (home_.use(held.use).format.codec.clock_hz != clock_hz_)
            continue;
        const Ticks sent = (held.timestamp - anchor_timestamp_) * (ticks_per_second / clock_hz_);
        const Ticks began = line_.at(held.arrival) - sent;
        if (began >= least)
            earliest = std::min(earliest, began);
    }
    anchor_ = std::max(on_grid(earliest), home_.floor());
    // A stream that goes on where another of this track stopped begins right there.
    const auto& ledger = home_.ledger();
    if (ledger.begun() && anchor_ < ledger.covered() && ledger.covered() - anchor_ < seam)
        anchor_ = ledger.covered();
    end_ = anchor_;
    next_ = first.number;
    last_timestamp_ = first.timestamp;
    last_number_ = first.number;
    passed_ = anchor_;
    unreadable_ = looks_encrypted();
    if (unreadable_)
        home_.note("media-encrypted", first.arrival);
    open_ = true;
    drift_.restart();
}

void Stream::drain(MonoTime now, bool finishing) {
    while (!held_.empty()) {
        View view = view_of(held_.front());
        const bool hole = view.number > next_;
        const bool waited = finishing || now - view.arrival >= limits::reorder_wait ||
                            held_.size() >= limits::held_packets_max;
        if (hole && !waited)
            return;
        Ticks shift = 0;
        switch (doubt(view, now, finishing, shift)) {
            case Doubt::none:
            case Doubt::keep:
                break;
            case Doubt::wait:
                return;
            case Doubt::mend:
                view.timestamp = last_timestamp_ + (view.number - last_number_) * last_step_;
                home_.note("timestamp-mended", view.arrival);
                break;
            case Doubt::shift:
                anchor_ += shift;
                drift_.restart();
                if (shift > 0) {
                    shifted_before_ = true;
                    home_.note("sender-paused", view.arrival);
                } else {
                    home_.note("timestamps-leapt", view.arrival);
                }
                break;
        }
        release(view);
        held_.pop_front();
    }
}

Ticks Stream::position(std::int64_t timestamp) const {
    return anchor_ + (timestamp - anchor_timestamp_) * (ticks_per_second / clock_hz_);
}

// How much later than its place the packet came.
Ticks Stream::deviation(const View& view) const {
    return line_.at(view.arrival) - position(view.timestamp);
}

// Rule 4.
Stream::Doubt Stream::doubt(const View& view, MonoTime now, bool finishing, Ticks& shift) const {
    if (home_.use(view.use).format.codec.clock_hz != clock_hz_)
        return Doubt::none;
    const Ticks here = deviation(view);
    if (here <= behind_max && here >= -ahead_max - lead_)
        return Doubt::none;
    const Nanos waited = now - view.arrival;
    if (!finishing && waited < doubt_wait && held_.size() < limits::held_packets_max)
        return Doubt::wait;
    Ticks least = here;
    Ticks most = here;
    Nanos span{0};
    for (const auto& held : held_) {
        if (home_.use(held.use).format.codec.clock_hz != clock_hz_)
            continue;
        const Ticks d = deviation(view_of(held));
        least = std::min(least, d);
        most = std::max(most, d);
        span = std::max(span, held.arrival - view.arrival);
    }
    if (here < 0) {
        if (most > -ahead_max - lead_)
            return Doubt::mend;  // those that follow are in time: this one's stamp is wrong
        shift = on_grid(std::max(most, end_ - position(view.timestamp)));
        return shift < 0 ? Doubt::shift : Doubt::keep;
    }
    if (least <
        behind_max / 2)  // they catch up: the network was slow, or this one's stamp fell back
        return position(view.timestamp) < end_ ? Doubt::mend : Doubt::keep;
    const bool draining = here - least > to_ticks(span) / 4;
    if (draining && !finishing && waited < limits::reorder_wait &&
        held_.size() < limits::held_packets_max)
        return Doubt::wait;
    shift = on_grid(least);
    return Doubt::shift;
}

// Telephone-events or another codec may count at another rate within one SSRC; the stream goes on
// from where it is.
void Stream::follow_clock(const View& view, std::uint32_t clock_hz) {
    if (clock_hz == clock_hz_ || clock_hz == 0)
        return;
    const Ticks arrived = on_grid(line_.at(view.arrival));
    const bool near = arrived - end_ < seam + ms(100);
    anchor_ = near ? end_ : std::max(arrived, end_);
    anchor_timestamp_ = view.timestamp;
    clock_hz_ = clock_hz;
    lead_ = 0;
    drift_.restart();
}

void Stream::release(const View& view) {
    if (view.number > next_)
        miss(static_cast<std::uint64_t>(view.number - next_), view.arrival);
    next_ = view.number + 1;
    held_before_ = held_before_ || view.after_hold;
    released_at_ = view.arrival;
    if (home_.use(view.use).format.codec.clock_hz == clock_hz_)
        passed_ = std::max(passed_, position(view.timestamp));
    Use& use = home_.use(view.use);
    const bool is_key_press = use.format.kind == call::PayloadKind::telephone_event;
    if (is_locked(view) && (is_key_press || use.format.kind == call::PayloadKind::comfort_noise)) {
        keep(view);
        return;
    }
    if (use.format.kind == call::PayloadKind::unknown && looks_like_key(view.payload)) {
        use.format = {call::PayloadKind::telephone_event,
                      {"telephone-event", clock_hz_, 1, "0-16"}};
        home_.note("codec-guessed", view.arrival);
    }
    switch (use.format.kind) {
        case call::PayloadKind::telephone_event: {
            keys_before_ = true;
            const bool same_clock = use.format.codec.clock_hz == clock_hz_;
            const Ticks arrived = line_.at(view.arrival);
            const Ticks longest_stall = to_ticks(limits::hold_back);
            const Ticks at = same_clock ? std::clamp(position(view.timestamp),
                                                     arrived - longest_stall, arrived + ahead_max)
                                        : arrived;
            home_.press(ssrc_, view.timestamp, at, view.payload,
                        std::max<std::uint32_t>(1, use.format.codec.clock_hz));

            return;
        }
        case call::PayloadKind::comfort_noise:
            return;
        case call::PayloadKind::unknown:
        case call::PayloadKind::sound:
            break;
    }
    follow_clock(view, use.format.codec.clock_hz);
    place_sound(view, use);
}

void Stream::miss(std::uint64_t packets, MonoTime after) {
    auto& counts = home_.ledger().counts;
    for (const auto& run : home_.why_missing(packets, released_at_, after)) {
        switch (run.reason) {
            case Reason::network:
                counts.lost += run.packets;
                break;
            case Reason::ours:
                counts.received += run.packets;
                counts.dropped_by_us += run.packets;
                break;
            case Reason::withheld:
                counts.received += run.packets;
                counts.withheld += run.packets;
                break;
        }
        if (missing_before_.empty() || missing_before_.back().reason != run.reason)
            missing_before_.push_back({0, run.reason});
        missing_before_.back().packets += run.packets;
    }
}

namespace {

GapCause cause_of(Reason reason) {
    switch (reason) {
        case Reason::ours:
            return GapCause::dropped_by_us;
        case Reason::withheld:
            return GapCause::withheld;
        case Reason::network:
            break;
    }
    return GapCause::loss;
}

}  // namespace

// When no packet is missing.
GapCause Stream::cause_before() {
    if (shifted_before_)
        return GapCause::paused;
    if (drifted_before_)
        return GapCause::clock_drift;
    if (held_before_)
        return GapCause::hold;
    return keys_before_ ? GapCause::key_press : GapCause::silence;
}

// [from, to) has sound or a packet we cannot read; what lay between it and the one before has its
// cause.
void Stream::cover(Ticks from, Ticks to) {
    auto& ledger = home_.ledger();
    const GapCause cause = cause_before();
    std::uint64_t missing = 0;
    for (const auto& run : missing_before_)
        missing += run.packets;
    if (missing == 0)
        ledger.cover(from, to, cause, 0);
    // Where packets are missing for two reasons, each has its share of the gap, in their order.
    const Ticks begin = ledger.begun() ? std::min(ledger.covered(), from) : from;
    std::uint64_t told = 0;
    for (const auto& run : missing_before_) {
        told += run.packets;
        const Ticks length = (from - begin) / grid;
        const Ticks until = told == missing ? from
                                            : begin + length * static_cast<Ticks>(told) /
                                                          static_cast<Ticks>(missing) * grid;
        ledger.cover(until, told == missing ? to : until, cause_of(run.reason), run.packets);
    }
    end_ = to;
    missing_before_.clear();
    held_before_ = false;
    shifted_before_ = false;
    drifted_before_ = false;
    keys_before_ = false;
}

// Rule 7. Others' stretching is followed first, so that it is not taken for a drift of one's own.
void Stream::follow_stretch() {
    const Ticks by = line_.stretched - std::exchange(stretch_seen_, line_.stretched);
    if (by == 0 || !open_)
        return;
    anchor_ += by;
    drifted_before_ = true;
}

void Stream::follow_drift(const View& view) {
    if (line_.tracks < 2)
        return;  // nobody to stay beside
    const Ticks drift = drift_.see(view.arrival, deviation(view));
    if (drift == 0)
        return;
    home_.note("clock-drift", view.arrival);
    if (drift > 0) {
        const Ticks by = on_grid(drift);
        anchor_ += by;
        drift_.move(-by);
        drifted_before_ = true;
    } else {
        const Ticks by = on_grid(-drift);
        line_.stretched += by;
        stretch_seen_ = line_.stretched;
        drift_.move(by);
    }
}

// Rules 2 and 5.
void Stream::place_sound(const View& view, Use& use) {
    follow_drift(view);
    if (view.timestamp > last_timestamp_)
        last_step_ = std::min<std::int64_t>(view.timestamp - last_timestamp_, clock_hz_);
    last_timestamp_ = view.timestamp;
    last_number_ = view.number;
    const Ticks arrived = line_.at(view.arrival);
    // Whatever a stamp says, mended or not: silence before a packet ends when the packet comes.
    const Ticks latest = std::max(end_, on_grid(arrived + ahead_max + lead_));
    const Ticks wanted = std::min(position(view.timestamp), latest);
    const Ticks at = std::max({wanted, end_, home_.floor()});
    // It cannot be placed earlier, and asking again for each packet helps nobody.
    if (wanted - arrived > ahead_max + lead_)
        lead_ = wanted - arrived;
    auto* decoder = is_locked(view) ? nullptr : decoder_of(view.use, use);
    if (decoder == nullptr) {
        place_unreadable(view, use, at);
        return;
    }
    sound::Samples& room = queue_.room_at(at, use.rate_hz);
    const std::size_t before = room.size();
    if (!decoder->decode(view.payload, room)) {
        room.resize(before);
        place_unreadable(view, use, at);
        return;
    }
    const Ticks per_sample = ticks_per_second / use.rate_hz;
    if (at > wanted) {  // what would lie under sound that is already there is cut off
        const std::size_t got = room.size() - before;
        const auto under = std::min(got, static_cast<std::size_t>((at - wanted) / per_sample));
        room.erase(room.begin() + static_cast<std::ptrdiff_t>(before),
                   room.begin() + static_cast<std::ptrdiff_t>(before + under));
        if (under > 0)
            home_.note(wanted < home_.floor() ? "too-late" : "samples-overlap", view.arrival);
        if (under > 0 && under == got && wanted < home_.floor()) {
            ++home_.ledger().counts.dropped_by_us;
            return;
        }
    }
    const Ticks end = at + static_cast<Ticks>(room.size() - before) * per_sample;
    if (end > at) {
        cover(at, end);
        home_.ledger().heard(at, end);
    }
}

void Stream::place_unreadable(const View& view, Use& use, Ticks at) {
    auto& ledger = home_.ledger();
    const auto stated = sound::payload_ticks(use.format.codec, view.payload);
    // A clock that the signalling made up must not make hours of a packet.
    const std::int64_t ticks = std::min<std::int64_t>(
        stated != 0 && !unreadable_ ? stated : last_step_, limits::unreadable_s_max * clock_hz_);
    // It ends where its time stamp says, or where the wall is: many packets of one stamp are one
    // frame, and what only may have sounded never makes a recording longer than the call.
    const Ticks now = line_.at(view.arrival) + jitter_max;
    const Ticks stated_end = position(view.timestamp) + ticks * (ticks_per_second / clock_hz_);
    const Ticks end = std::max(at, std::min(stated_end, now));
    const Ticks from = ledger.begun() ? std::max(at, ledger.covered()) : at;
    cover(at, end);
    ledger.gap(from, std::max(from, end), GapCause::undecodable, 1);
    keep(view);
}

bool Stream::is_locked(const View& view) const {
    return view.protection == call::Protection::locked ||
           (unreadable_ && view.protection == call::Protection::none);
}

// It is not heard; its payload is there for who can read it.
void Stream::keep(const View& view) {
    ++home_.ledger().counts.undecodable;
    if (view.protection == call::Protection::locked)
        home_.note("media-encrypted", view.arrival);
    else if (!unreadable_)
        home_.note("undecodable-codec", view.arrival);
    call::MediaPacket packet;
    packet.arrival = view.arrival;
    packet.payload_type = view.payload_type;
    packet.marker = view.marker;
    packet.sequence = static_cast<std::uint16_t>(view.number);
    packet.timestamp = static_cast<std::uint32_t>(view.timestamp);
    packet.ssrc = ssrc_;
    packet.payload = view.payload;
    home_.keep_payload(packet);
}

sound::Decoder* Stream::decoder_of(std::size_t use_index, Use& use) {
    if (use.rate_hz == 0)
        return nullptr;
    if (use_index >= decoders_.size()) {
        decoders_.resize(use_index + 1);
        no_decoder_.resize(use_index + 1, false);
    }
    if (!decoders_[use_index] && !no_decoder_[use_index]) {
        auto made = home_.decoders().make(use.format.codec);
        if (made && is_exact((*made)->rate_hz())) {
            use.rate_hz = (*made)->rate_hz();
            decoders_[use_index] = std::move(*made);
        } else {
            no_decoder_[use_index] = true;
        }
    }
    return decoders_[use_index].get();
}

std::optional<Ticks> Stream::settled(MonoTime now) const {
    if (now - last_arrival_ >= limits::hold_back)
        return std::nullopt;
    if (!open_)
        return held_.empty() ? std::nullopt
                             : std::optional(line_.at(first_arrival_ - limits::origin_wait));
    return std::max(end_, passed_);
}

}  // namespace nk::recording
