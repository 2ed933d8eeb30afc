#include "recording/drops.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace nk::recording {

namespace {

// Rounds towards the past, also before the file's beginning.
std::int64_t in_samples(Ticks ticks, std::uint32_t rate_hz) {
    const Ticks per_sample = ticks_per_second / rate_hz;
    return ticks >= 0 ? ticks / per_sample : -((-ticks + per_sample - 1) / per_sample);
}

bool touches(const Drop& drop, MonoTime begin, MonoTime end) {
    return drop.to >= begin && drop.from <= end;
}

Reason reason_of(const Drop& drop) {
    return drop.is_withheld ? Reason::withheld : Reason::ours;
}

std::optional<std::uint32_t> number_of(const Drop& drop, const Drops::Numbers& numbers) {
    return drop.track && *drop.track < numbers.size() ? numbers[*drop.track] : std::nullopt;
}

}  // namespace

// A piece of the same pause, which ends a little before that one begins.
Drops::Known* Drops::near_piece(const Drop& drop, std::size_t at) {
    constexpr std::size_t tries_max = 2 * limits::tracks_per_call_max;
    for (std::size_t i = at; drop.is_withheld && i > 0 && i + tries_max > at; --i) {
        Known& known = all_[i - 1];
        if (known.drop.is_withheld && known.drop.track == drop.track)
            return drop.from - known.drop.to <= limits::withheld_seam ? &known : nullptr;
    }
    return nullptr;
}

void Drops::add(const Drop& drop) {
    const auto at = std::upper_bound(all_.begin(), all_.end(), drop.from,
                                     [](MonoTime t, const Known& k) { return t < k.drop.from; });
    if (Known* known = near_piece(drop, static_cast<std::size_t>(at - all_.begin()))) {
        known->drop.to = std::max(known->drop.to, drop.to);
        known->drop.packets += drop.packets;
        known->left += drop.packets;
        longest_ = std::max(longest_, known->drop.to - known->drop.from);
        return;
    }
    if (all_.size() >= limits::drops_per_call_max) {
        ++left_out_;
        return;
    }
    placed_ = std::min(placed_, static_cast<std::size_t>(at - all_.begin()));
    longest_ = std::max(longest_, drop.to - drop.from);
    all_.insert(at, {drop, drop.packets, 0, 0});
}

// Of the track itself before one of nobody knows which: the one is certain, the other is likely.
Drops::Known* Drops::one_within(std::size_t track, std::size_t first, MonoTime from, MonoTime to) {
    Known* likely = nullptr;
    for (std::size_t i = first; i < all_.size() && all_[i].drop.from <= to; ++i) {
        Known& one = all_[i];
        if (one.left == 0 || one.drop.to < from)
            continue;
        if (one.drop.track == track)
            return &one;
        if (!one.drop.track && likely == nullptr)
            likely = &one;
    }
    return likely;
}

// What was dropped of the track itself is missing from it for certain, wherever in the gap it was
// dropped: a sender that fell silent right after it leaves one long gap.
void Drops::claim_own(std::size_t track, std::size_t first, MonoTime low, MonoTime high,
                      std::vector<Reason>& reasons) {
    const Nanos step = (high - low) / static_cast<std::int64_t>(reasons.size() + 1);
    for (std::size_t i = first; i < all_.size() && all_[i].drop.from <= high; ++i) {
        Known& one = all_[i];
        if (one.left == 0 || one.drop.track != track || one.drop.to < low)
            continue;
        const auto near =
            step.count() == 0
                ? 0
                : static_cast<std::size_t>(std::max(one.drop.from - low, Nanos(0)) / step);
        const std::size_t begin = std::min(near, reasons.size() - 1);
        for (std::size_t k = begin; k < reasons.size() && one.left > 0; ++k)
            if (reasons[k] == Reason::network) {
                reasons[k] = reason_of(one.drop);
                --one.left;
            }
        for (std::size_t k = begin; k-- > 0 && one.left > 0;)
            if (reasons[k] == Reason::network) {
                reasons[k] = reason_of(one.drop);
                --one.left;
            }
    }
}

// The missing ones are taken to have been on their way evenly spread between the two that arrived,
// each a step early or late: a single one is anywhere between them.
std::vector<Missing> Drops::why_missing(std::size_t track, std::uint64_t packets, MonoTime before,
                                        MonoTime after) {
    const MonoTime low = std::min(before, after);
    const MonoTime high = std::max(before, after);
    const auto begin = static_cast<std::size_t>(
        std::lower_bound(all_.begin(), all_.end(), low - longest_,
                         [](const Known& k, MonoTime t) { return k.drop.from < t; }) -
        all_.begin());
    if (packets == 0 || begin == all_.size() || all_[begin].drop.from > high)
        return {{packets, Reason::network}};
    std::vector<Reason> reasons(packets, Reason::network);
    const Nanos step((high - low).count() / static_cast<std::int64_t>(packets + 1));
    std::size_t first = begin;
    for (std::uint64_t k = 0; k < packets; ++k) {
        const MonoTime from = low + step * static_cast<std::int64_t>(k);
        const MonoTime to = k + 1 == packets ? high : from + 2 * step;
        while (first < all_.size() && all_[first].drop.from < from - longest_)
            ++first;
        if (Known* one = one_within(track, first, from, to)) {
            --one->left;
            reasons[k] = reason_of(one->drop);
        }
    }
    claim_own(track, begin, low, high, reasons);
    std::vector<Missing> runs;
    for (const Reason reason : reasons) {
        if (runs.empty() || runs.back().reason != reason)
            runs.push_back({0, reason});
        ++runs.back().packets;
    }
    return runs;
}

std::uint64_t Drops::take_rest(std::size_t track, Reason reason) {
    std::uint64_t rest = 0;
    for (auto& one : all_)
        if (one.drop.track == track && reason_of(one.drop) == reason)
            rest += std::exchange(one.left, 0);
    return rest;
}

bool Drops::was_withheld(std::size_t track, Ticks at) const {
    return std::any_of(all_.begin(), all_.end(), [&](const Known& known) {
        return known.drop.is_withheld && known.drop.track == track && known.from <= at &&
               at <= known.to;
    });
}

void Drops::place(MonoTime until, const TimeLine& line) {
    for (; placed_ < all_.size() && all_[placed_].drop.to <= until; ++placed_) {
        auto& one = all_[placed_];
        one.from = line.at(one.drop.from);
        one.to = line.at(one.drop.to);
    }
}

void Drops::write(RecordingFacts& facts, MonoTime begin, MonoTime end, Ticks zero,
                  std::uint32_t rate_hz, const Numbers& numbers) const {
    for (const auto& one : all_)
        if (touches(one.drop, begin, end) && !one.drop.is_withheld)
            facts.drops.push_back({in_samples(one.from - zero, rate_hz),
                                   in_samples(one.to - zero, rate_hz), one.drop.packets,
                                   number_of(one.drop, numbers)});
    facts.drops_left_out = left_out_;
}

std::optional<Drop> Drops::of_nobody(MonoTime begin, MonoTime end, const Numbers& numbers) const {
    std::optional<Drop> sum;
    for (const auto& one : all_) {
        if (!touches(one.drop, begin, end) || one.drop.is_withheld || number_of(one.drop, numbers))
            continue;
        if (!sum)
            sum = Drop{std::max(one.drop.from, begin), one.drop.to, 0, {}};
        sum->packets += one.drop.packets;
    }
    return sum;
}

}  // namespace nk::recording
