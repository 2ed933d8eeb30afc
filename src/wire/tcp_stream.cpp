// Sequence numbers wrap every 4 GiB; a flow therefore counts its own 64-bit places and looks at
// sequence numbers only as a distance from the one it expects.

#include "wire/tcp_stream.h"

#include <algorithm>

#include "base/limits.h"

namespace nk::wire {

namespace {

// What an early segment costs beside its bytes.
constexpr std::size_t early_overhead_bytes = 64;

std::int64_t distance(std::uint32_t sequence, std::uint32_t expected) {
    return static_cast<std::int32_t>(sequence - expected);
}

bool is_far(std::int64_t distance) {
    return distance > std::int64_t{limits::tcp_window_bytes_max} ||
           distance < -std::int64_t{limits::tcp_window_bytes_max};
}

// The number of the first byte a segment carries: SYN takes one for itself.
std::uint32_t first_byte(const Frame& frame) {
    return frame.tcp_sequence + (frame.tcp_syn ? 1 : 0);
}

}  // namespace

std::size_t TcpTable::KeyHash::operator()(const Key& key) const {
    return mix(hash_of(key.source) + hash_of(key.destination) * 0x9e3779b97f4a7c15ULL);
}

std::span<const TcpPiece> TcpTable::add(const Frame& frame, MonoTime now) {
    begin_call();
    give_up_old_holes(now);
    Flow* flow = flow_for(frame);
    if (flow == nullptr || !restart_if_other(*flow, frame))
        return pieces_;
    if (frame.tcp_rst) {
        const std::int64_t ahead = distance(frame.tcp_sequence, flow->expected);
        if (ahead >= 0 && !is_far(ahead))  // RFC 5961 3: others may forge one
            close(*flow);
        return pieces_;
    }
    take(*flow, frame);
    settle(*flow, now);
    return pieces_;
}

std::span<const TcpPiece> TcpTable::expire(MonoTime now) {
    begin_call();
    give_up_old_holes(now);
    return pieces_;
}

std::span<const TcpPiece> TcpTable::finish() {
    begin_call();
    for (Flow& flow : flows_)
        close(flow);
    by_key_.clear();
    flows_.clear();
    return pieces_;
}

void TcpTable::begin_call() {
    pieces_.clear();
    spent_.clear();
}

// The frame's flow, moved to the young end of the list; nullptr when there is none and this frame
// begins none.
TcpTable::Flow* TcpTable::flow_for(const Frame& frame) {
    const Key key{.source = frame.source, .destination = frame.destination};
    if (const auto known = by_key_.find(key); known != by_key_.end()) {
        flows_.splice(flows_.end(), flows_, known->second);
        return &flows_.back();
    }
    if (frame.tcp_rst || (!frame.tcp_syn && frame.payload.empty()))
        return nullptr;
    if (flows_.size() >= limits::tcp_flows_max) {
        close(flows_.front());
        by_key_.erase(flows_.front().key);
        flows_.pop_front();
    }
    flows_.emplace_back();
    by_key_.emplace(key, std::prev(flows_.end()));
    Flow& flow = flows_.back();
    flow.key = key;
    open(flow, first_byte(frame));
    return &flow;
}

void TcpTable::open(Flow& flow, std::uint32_t sequence) {
    const Key key = flow.key;
    flow = Flow{};
    flow.key = key;
    flow.number = ++last_number_;
    flow.is_open = true;
    flow.first = flow.expected = sequence;
}

// Hands on what is held, holes and all, and ends the flow.
void TcpTable::close(Flow& flow) {
    while (flow.is_open && (!flow.early.empty() || (flow.fin && flow.position < *flow.fin)))
        give_up_hole(flow);
    if (flow.begun)
        emit(flow, TcpPiece::Kind::end, {});
    stop_waiting(flow);
    flow.is_open = flow.begun = false;
}

// Opens the flow anew when the frame can only be of another connection on the same ports. False
// when the frame is of one that has ended.
bool TcpTable::restart_if_other(Flow& flow, const Frame& frame) {
    const std::uint32_t sequence = first_byte(frame);
    const std::int64_t ahead = distance(sequence, flow.expected);
    bool is_other = false;
    if (frame.tcp_syn)
        is_other = sequence != flow.first;  // else the same SYN once more
    else if (!frame.payload.empty())
        is_other =
            is_far(ahead) || (!flow.is_open && ahead + std::int64_t(frame.payload.size()) > 0);
    if (is_other) {
        if (flow.is_open)
            close(flow);
        open(flow, sequence);
    }
    return flow.is_open;
}

void TcpTable::take(Flow& flow, const Frame& frame) {
    const std::int64_t ahead = distance(first_byte(frame), flow.expected);
    if (is_far(ahead))
        return;
    Bytes bytes = frame.payload;
    if (frame.tcp_fin && !flow.fin && ahead + std::int64_t(bytes.size()) >= 0 && !frame.cut_short)
        flow.fin = flow.position + std::uint64_t(ahead + std::int64_t(bytes.size()));
    if (ahead > 0) {
        if (bytes.empty())
            return;
        ++flow.segments_past_hole;
        hold(flow, flow.position + std::uint64_t(ahead), bytes, frame.cut_short);
        return;
    }
    const auto known = std::uint64_t(-ahead);
    if (known >= bytes.size())
        return;  // a copy, or a keep-alive
    bytes = bytes.subspan(known);
    emit(flow, TcpPiece::Kind::data, bytes);
    advance(flow, bytes.size());
    flow.was_cut = frame.cut_short;
    hand_on_early(flow);
    stop_waiting(flow);  // what is missing now, if anything, is another hole
}

// Keeps the parts of an early segment that are not held yet.
void TcpTable::hold(Flow& flow, std::uint64_t at, Bytes bytes, bool cut_short) {
    const std::uint64_t end = at + bytes.size();
    auto next = flow.early.upper_bound(at);
    if (next != flow.early.begin())
        at = std::max(at, std::prev(next)->first + std::prev(next)->second.bytes.size());
    while (at < end) {
        const std::uint64_t until = next == flow.early.end() ? end : std::min(end, next->first);
        if (at < until)
            hold_part(flow, at, bytes.last(end - at).first(until - at), cut_short && until == end);
        if (next == flow.early.end())
            return;
        at = std::max(at, next->first + next->second.bytes.size());
        ++next;
    }
}

void TcpTable::hold_part(Flow& flow, std::uint64_t at, Bytes bytes, bool cut_short) {
    flow.early.emplace(at, Early{.bytes = {bytes.begin(), bytes.end()}, .cut_short = cut_short});
    flow.early_bytes += bytes.size() + early_overhead_bytes;
    early_bytes_ += bytes.size() + early_overhead_bytes;
}

// Hands on what is held and has come into order.
void TcpTable::hand_on_early(Flow& flow) {
    while (!flow.early.empty() && flow.early.begin()->first <= flow.position) {
        auto node = flow.early.extract(flow.early.begin());
        Early& early = node.mapped();
        flow.early_bytes -= early.bytes.size() + early_overhead_bytes;
        early_bytes_ -= early.bytes.size() + early_overhead_bytes;
        flow.segments_past_hole = 0;
        const std::uint64_t known = flow.position - node.key();
        if (known >= early.bytes.size())
            continue;
        spent_.push_back(std::move(early.bytes));
        const Bytes bytes = Bytes(spent_.back()).subspan(known);
        emit(flow, TcpPiece::Kind::data, bytes);
        advance(flow, bytes.size());
        flow.was_cut = early.cut_short;
    }
}

// Decides, after a segment, whether the hole is still worth waiting for and whether the flow has
// come to its end.
void TcpTable::settle(Flow& flow, MonoTime now) {
    while (!flow.early.empty() &&
           (flow.was_cut || flow.segments_past_hole > limits::tcp_segments_past_hole_max ||
            flow.early_bytes > limits::tcp_out_of_order_bytes_max ||
            early_bytes_ > limits::tcp_table_bytes_max)) {
        give_up_hole(flow);
        flow.hole_since = now;
    }
    if (flow.fin && flow.position >= *flow.fin) {
        advance(flow, 1);  // FIN has a number of its own
        close(flow);
        return;
    }
    const bool has_hole = !flow.early.empty() || flow.fin;
    if (!has_hole) {
        stop_waiting(flow);
    } else if (!flow.waiting) {
        flow.hole_since = now;
        flow.waiting = waiting_.insert(waiting_.end(), &flow);
    }
}

void TcpTable::give_up_hole(Flow& flow) {
    const std::uint64_t until = flow.early.empty() ? *flow.fin : flow.early.begin()->first;
    if (until > flow.position) {
        emit(flow, TcpPiece::Kind::hole, {}, until - flow.position);
        advance(flow, until - flow.position);
    }
    flow.was_cut = false;
    flow.segments_past_hole = 0;
    hand_on_early(flow);
    stop_waiting(flow);
}

void TcpTable::give_up_old_holes(MonoTime now) {
    while (!waiting_.empty() && now - waiting_.front()->hole_since > limits::tcp_hole_wait) {
        Flow& flow = *waiting_.front();
        give_up_hole(flow);
        settle(flow, now);
    }
}

void TcpTable::stop_waiting(Flow& flow) {
    if (flow.waiting)
        waiting_.erase(*flow.waiting);
    flow.waiting.reset();
}

void TcpTable::advance(Flow& flow, std::uint64_t bytes) {
    flow.position += bytes;
    flow.expected += static_cast<std::uint32_t>(bytes);
}

void TcpTable::emit(Flow& flow, TcpPiece::Kind kind, Bytes bytes, std::uint64_t missing) {
    const auto push = [&](TcpPiece::Kind what, Bytes data, std::uint64_t gap) {
        pieces_.push_back({.kind = what,
                           .flow = flow.number,
                           .source = flow.key.source,
                           .destination = flow.key.destination,
                           .bytes = data,
                           .missing = static_cast<std::uint32_t>(gap)});
    };
    if (!flow.begun) {
        flow.begun = true;
        push(TcpPiece::Kind::begin, {}, 0);
    }
    push(kind, bytes, missing);
}

}  // namespace nk::wire
