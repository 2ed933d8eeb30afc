#pragma once
// TCP segments back into the bytes that each side sent (RFC 9293 3.4), one flow per direction.
//
// What comes in order is handed on at once, as views into the frame. What comes early is held, up
// to limits::tcp_*; copies and overlaps are trimmed. A hole that nobody fills is given up when the
// limits are reached: a `hole` piece says how many bytes are missing, and the stream goes on after
// it. A capture may begin in mid-connection: the first segment with data is then the start.
//
// One strand; no clock: the caller says what time it is, and time must not go back.

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "wire/frame.h"

namespace nk::wire {

struct TcpPiece {
    enum class Kind : std::uint8_t {
        begin,  // of a new flow, before its first data or hole
        data,
        hole,  // `missing` bytes were never captured
        end,   // no more will come: FIN, RST, a new connection, or the table needed the room
    };
    Kind kind = Kind::data;
    std::uint64_t flow = 0;  // a number that no other flow of this table has or had
    Endpoint source;
    Endpoint destination;
    Bytes bytes;
    std::uint32_t missing = 0;
};

class TcpTable {
public:
    // The pieces that this frame sets free, in the order of their stream; they may also be of other
    // flows whose wait is over. They hold until the next call, and no longer than the frame's
    // bytes. Requires: frame.transport is tcp.
    std::span<const TcpPiece> add(const Frame& frame, MonoTime now);

    // Gives up the holes that have waited too long. `add` does it too.
    std::span<const TcpPiece> expire(MonoTime now);

    // The capture is over: everything still held, and the end of every flow.
    std::span<const TcpPiece> finish();

    [[nodiscard]] std::size_t size() const { return flows_.size(); }

private:
    struct Key {
        Endpoint source;
        Endpoint destination;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    struct Early {
        std::vector<std::uint8_t> bytes;
        bool cut_short = false;
    };
    struct Flow;
    using Flows = std::list<Flow>;  // the one used longest ago comes first
    using Waiting = std::list<Flow*>;
    struct Flow {
        Key key;
        std::uint64_t number = 0;
        bool is_open = false;     // a closed flow is kept a while, so that copies do not reopen it
        bool begun = false;       // a piece of it was handed on
        bool was_cut = false;     // the capture cut the segment before `expected`
        std::uint32_t first = 0;  // the first byte's sequence number
        std::uint32_t expected = 0;            // the next byte's
        std::uint64_t position = 0;            // the next byte's place in the stream
        std::optional<std::uint64_t> fin;      // the place after the last byte
        std::map<std::uint64_t, Early> early;  // by place; they never overlap
        std::size_t early_bytes = 0;           // what `early` costs
        std::size_t segments_past_hole = 0;
        MonoTime hole_since;
        std::optional<Waiting::iterator> waiting;
    };

    Flow* flow_for(const Frame& frame);
    void open(Flow& flow, std::uint32_t sequence);
    void close(Flow& flow);
    bool restart_if_other(Flow& flow, const Frame& frame);
    void take(Flow& flow, const Frame& frame);
    void hold(Flow& flow, std::uint64_t at, Bytes bytes, bool cut_short);
    void hold_part(Flow& flow, std::uint64_t at, Bytes bytes, bool cut_short);
    void hand_on_early(Flow& flow);
    void settle(Flow& flow, MonoTime now);
    void give_up_hole(Flow& flow);
    void advance(Flow& flow, std::uint64_t bytes);
    void emit(Flow& flow, TcpPiece::Kind kind, Bytes bytes, std::uint64_t missing = 0);
    void give_up_old_holes(MonoTime now);
    void stop_waiting(Flow& flow);
    void begin_call();

    Flows flows_;
    std::unordered_map<Key, Flows::iterator, KeyHash> by_key_;
    Waiting waiting_;  // flows with a hole, the oldest hole first
    std::size_t early_bytes_ = 0;
    std::uint64_t last_number_ = 0;
    std::vector<TcpPiece> pieces_;
    std::vector<std::vector<std::uint8_t>> spent_;  // what pieces_ looks into
};

}  // namespace nk::wire
