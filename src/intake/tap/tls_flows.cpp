#include "intake/tap/tls_flows.h"

#include <utility>

#include "base/limits.h"

namespace nk::tap {

namespace {

bool is_before(const wire::Endpoint& a, const wire::Endpoint& b) {
    return std::pair(a.ip.bytes, a.port) < std::pair(b.ip.bytes, b.port);
}

}  // namespace

std::size_t TlsFlows::EndsHash::operator()(const Ends& ends) const {
    return wire::EndpointHash{}(ends.low) * 31 + wire::EndpointHash{}(ends.high);
}

TlsFlows::Ends TlsFlows::ends_of(const wire::TcpPiece& piece) {
    if (is_before(piece.destination, piece.source))
        return {piece.destination, piece.source};
    return {piece.source, piece.destination};
}

bool TlsFlows::is_tls(const wire::TcpPiece& first) const {
    if (first.kind == wire::TcpPiece::Kind::data && wire::looks_like_tls(first.bytes))
        return true;
    // The beginning of this side is missing, but the other one speaks TLS.
    return first.kind != wire::TcpPiece::Kind::end && by_ends_.contains(ends_of(first));
}

// A new connection between the same ends takes the place of the one before.
TlsFlows::Connection& TlsFlows::connection_of(const wire::TcpPiece& piece, int side) {
    const Ends ends = ends_of(piece);
    auto found = by_ends_.find(ends);
    if (found != by_ends_.end()) {
        Connection& known = *found->second;
        if (known.flow[side] == 0)
            known.flow[side] = piece.flow;
        if (known.flow[side] == piece.flow) {
            connections_.splice(connections_.end(), connections_, found->second);
            return known;
        }
        forget(found->second);
    } else if (connections_.size() >= limits::tls_connections_max) {
        forget(connections_.begin());
    }
    ++counts_.connections;
    Connection& fresh = connections_.emplace_back(ends, *keys_);
    by_ends_[ends] = std::prev(connections_.end());
    fresh.flow[side] = piece.flow;
    return fresh;
}

void TlsFlows::take(const wire::TcpPiece& piece, MonoTime now, const OnSip& on_sip) {
    const int side = is_before(piece.destination, piece.source) ? 1 : 0;
    if (piece.kind == wire::TcpPiece::Kind::end) {
        const auto found = by_ends_.find(ends_of(piece));
        if (found == by_ends_.end() || found->second->flow[side] != piece.flow)
            return;
        found->second->is_over[side] = true;
        if (found->second->is_over[1 - side])
            forget(found->second);
        return;
    }
    Connection& connection = connection_of(piece, side);
    if (piece.kind == wire::TcpPiece::Kind::hole)
        connection.reader.hole();
    else if (piece.kind == wire::TcpPiece::Kind::data)
        connection.reader.feed(side, piece.bytes, now, [&](int from, Bytes plain) {
            auto& sip = connection.sip[from];
            if (sip.is_hopeless())
                return;
            sip.feed(plain);
            while (const auto message = sip.next())
                on_sip(*message);
        });
    waiting_bytes_ -= std::exchange(connection.waiting_bytes, connection.reader.waiting_bytes());
    waiting_bytes_ += connection.waiting_bytes;
    while (waiting_bytes_ > limits::tls_waiting_bytes_of_all_max)
        forget(connections_.begin());
}

void TlsFlows::finish() {
    while (!connections_.empty())
        forget(connections_.begin());
}

void TlsFlows::forget(Connections::iterator connection) {
    connection->reader.end();
    switch (connection->reader.trouble()) {
        case wire::TlsTrouble::none:
            break;
        case wire::TlsTrouble::no_key:
            ++counts_.without_key;
            break;
        case wire::TlsTrouble::hole:
            ++counts_.with_hole;
            break;
        case wire::TlsTrouble::unsupported:
        case wire::TlsTrouble::not_genuine:
            ++counts_.unreadable;
            break;
    }
    waiting_bytes_ -= connection->waiting_bytes;
    by_ends_.erase(connection->ends);
    connections_.erase(connection);
}

}  // namespace nk::tap
