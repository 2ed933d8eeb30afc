// A set keeps one buffer and the stretches of it that are filled; it is whole when the first
// stretch reaches from zero to the end that the last fragment named.

#include "wire/fragments.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"

namespace nk::wire {

namespace {

// What a stretch costs beside its bytes: a node of the map.
constexpr std::size_t stretch_bytes = 64;

struct Placed {
    bool brought_new = false;
    bool met_old = false;
    bool contradicted = false;
};

// Copies `bytes` to `at` where nothing is yet, and compares them where something is.
Placed fill(std::vector<std::uint8_t>& buffer, const std::map<std::size_t, std::size_t>& present,
            std::size_t at, Bytes bytes) {
    Placed out;
    const std::size_t end = at + bytes.size();
    buffer.resize(std::max(buffer.size(), end));
    auto next = present.upper_bound(at);
    if (next != present.begin() && std::prev(next)->second > at)
        --next;
    while (at < end) {
        const bool is_old = next != present.end() && next->first <= at;
        const std::size_t until = std::min(end, is_old                  ? next->second
                                                : next == present.end() ? end
                                                                        : next->first);
        const Bytes part = bytes.last(end - at).first(until - at);
        if (is_old) {
            out.met_old = true;
            if (!std::equal(part.begin(), part.end(), buffer.begin() + std::ptrdiff_t(at)))
                out.contradicted = true;
            ++next;
        } else {
            out.brought_new = true;
            std::copy(part.begin(), part.end(), buffer.begin() + std::ptrdiff_t(at));
        }
        at = until;
    }
    return out;
}

void join(std::map<std::size_t, std::size_t>& present, std::size_t first, std::size_t end) {
    auto it = present.upper_bound(first);
    if (it != present.begin() && std::prev(it)->second >= first) {
        --it;
        first = it->first;
    }
    while (it != present.end() && it->first <= end) {
        end = std::max(end, it->second);
        it = present.erase(it);
    }
    present.emplace(first, end);
}

}  // namespace

std::size_t FragmentTable::KeyHash::operator()(const Key& key) const {
    const std::uint64_t source = hash_of(Endpoint{.ip = key.source, .port = key.protocol});
    const std::uint64_t destination = hash_of(Endpoint{.ip = key.destination, .port = 0});
    return mix(source + destination * 0x9e3779b97f4a7c15ULL + key.id);
}

bool FragmentTable::Set::is_whole() const {
    return total && (*total == 0 || (!present.empty() && present.begin()->first == 0 &&
                                     present.begin()->second >= *total));
}

bool FragmentTable::Set::repeats(const Frame& frame) const {
    const std::size_t at = frame.fragment->offset;
    const std::size_t end = at + frame.payload.size();
    return end <= *total && (frame.fragment->more || end == *total) &&
           std::equal(frame.payload.begin(), frame.payload.end(),
                      bytes.begin() + std::ptrdiff_t(at));
}

std::size_t FragmentTable::Set::cost() const {
    return bytes.size() + present.size() * stretch_bytes;
}

std::optional<JoinedPayload> FragmentTable::add(const Frame& frame, MonoTime now) {
    NK_CHECK(frame.fragment);
    expire(now);
    const std::size_t end = frame.fragment->offset + frame.payload.size();
    if (end > limits::fragment_bytes_max || frame.cut_short) {
        ++counts_.refused;
        return std::nullopt;
    }
    Set* set = set_for(frame, now);
    if (set == nullptr)
        return std::nullopt;
    held_bytes_ -= set->cost();
    place(*set, frame);
    held_bytes_ += set->cost();
    if (!set->is_whole())
        return std::nullopt;
    set->done = now;
    ++counts_.joined;
    return JoinedPayload{.source = set->key.source,
                         .destination = set->key.destination,
                         .protocol = set->protocol,
                         .payload = Bytes(set->bytes).first(*set->total),
                         .overlapped = set->overlapped};
}

// The set that the fragment belongs to; nullptr when it repeats one that was joined already.
FragmentTable::Set* FragmentTable::set_for(const Frame& frame, MonoTime now) {
    const bool is_v4 = frame.source.ip.is_v4();
    const Key key{
        .source = frame.source.ip,
        .destination = frame.destination.ip,
        .id = frame.fragment->id,
        .protocol = is_v4 ? frame.fragment->protocol : std::uint8_t{0},
    };
    if (const auto known = by_key_.find(key); known != by_key_.end()) {
        Set& set = *known->second;
        if (!set.done)
            return &set;
        if (now - *set.done <= limits::fragment_repeat_wait && set.repeats(frame)) {
            ++counts_.duplicates;
            return nullptr;
        }
        drop(known->second);  // the sender uses the id again
    }
    while (sets_.size() >= limits::fragment_sets_max ||
           held_bytes_ >= limits::fragment_table_bytes_max)
        drop(sets_.begin());
    Set fresh;
    fresh.key = key;
    fresh.born = now;
    sets_.push_back(std::move(fresh));
    by_key_.emplace(key, std::prev(sets_.end()));
    return &sets_.back();
}

void FragmentTable::place(Set& set, const Frame& frame) {
    const FragmentInfo& info = *frame.fragment;
    if (info.offset == 0 || set.present.empty())  // RFC 8200 4.5: the first fragment's word counts
        set.protocol = info.protocol;
    const Bytes bytes = frame.payload;
    Placed placed;
    const std::size_t end = info.offset + bytes.size();
    if (!info.more && !set.total)
        set.total = end;
    if (set.total && (end > *set.total || (!info.more && end != *set.total)))
        placed.contradicted = true;  // the end that came first stands
    if (!bytes.empty()) {
        const Placed filled = fill(set.bytes, set.present, info.offset, bytes);
        placed.brought_new = filled.brought_new;
        placed.met_old = filled.met_old;
        placed.contradicted = placed.contradicted || filled.contradicted;
        join(set.present, info.offset, end);
    }
    if (placed.contradicted || (placed.met_old && placed.brought_new)) {
        set.overlapped = true;
        ++counts_.overlaps;
    } else if (placed.met_old) {
        ++counts_.duplicates;
    }
}

void FragmentTable::expire(MonoTime now) {
    while (!sets_.empty() && now - sets_.front().born > limits::fragment_wait)
        drop(sets_.begin());
}

void FragmentTable::drop(Sets::iterator set) {
    if (!set->done)
        ++counts_.given_up;
    held_bytes_ -= set->cost();
    by_key_.erase(set->key);
    sets_.erase(set);
}

}  // namespace nk::wire
