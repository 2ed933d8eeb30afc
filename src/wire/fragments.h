#pragma once
// Joins the fragments of IP packets (RFC 791 3.2, RFC 8200 4.5).
//
// Give it every Frame that has a `fragment`; it gives back the whole IP payload when the last piece
// has come, in any order. Where fragments overlap, the bytes that came first stand and the result
// says so. A copy of fragments that were joined a moment ago is recognised by its bytes and
// dropped, so that a packet captured twice does not leave half a packet behind.
//
// Memory is bounded by sets, by bytes and by time (limits::fragment_*); the oldest set goes first.
// One strand; no clock: the caller says what time it is, and time must not go back.

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "wire/frame.h"

namespace nk::wire {

// A whole IP payload, ready for parse_transport.
struct JoinedPayload {
    IpAddress source;
    IpAddress destination;
    std::uint8_t protocol = 0;
    Bytes payload;  // valid until the next call of the table
    bool overlapped = false;
};

struct FragmentCounts {
    std::uint64_t joined = 0;
    std::uint64_t duplicates = 0;  // fragments that brought nothing new
    std::uint64_t overlaps = 0;    // fragments whose bytes contradict earlier ones
    std::uint64_t refused = 0;     // fragments that run past the largest IP packet, or are cut off
    std::uint64_t given_up = 0;    // sets that were never whole: too late, or the table was full
};

class FragmentTable {
public:
    // Requires: frame.fragment.
    std::optional<JoinedPayload> add(const Frame& frame, MonoTime now);

    // Gives up the sets that have waited too long. `add` does it too.
    void expire(MonoTime now);

    [[nodiscard]] const FragmentCounts& counts() const { return counts_; }
    [[nodiscard]] std::size_t size() const { return sets_.size(); }

private:
    struct Key {
        IpAddress source;
        IpAddress destination;
        std::uint32_t id = 0;
        std::uint8_t protocol = 0;  // zero for IPv6, whose key it is not part of
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    struct Set {
        Key key;
        MonoTime born;
        std::vector<std::uint8_t> bytes;
        std::map<std::size_t, std::size_t> present;  // stretches of `bytes`: first -> past the last
        std::optional<std::size_t> total;
        std::optional<MonoTime> done;
        std::uint8_t protocol = 0;
        bool overlapped = false;

        [[nodiscard]] bool is_whole() const;
        [[nodiscard]] bool repeats(const Frame& frame) const;
        [[nodiscard]] std::size_t cost() const;
    };
    using Sets = std::list<Set>;  // oldest first

    Set* set_for(const Frame& frame, MonoTime now);
    void place(Set& set, const Frame& frame);
    void drop(Sets::iterator set);

    Sets sets_;
    std::unordered_map<Key, Sets::iterator, KeyHash> by_key_;
    std::size_t held_bytes_ = 0;
    FragmentCounts counts_;
};

}  // namespace nk::wire
