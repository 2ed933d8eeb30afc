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

int TlsFlows::side_of(const wire::TcpPiece& piece) {
    return is_before(piece.destination, piece.source) ? 1 : 0;
}

// A new connection between the same ends takes the place of the one before.
bool TlsFlows::begin(const wire::TcpPiece& first) {
    const bool is_data = first.kind == wire::TcpPiece::Kind::data;
    const bool is_hello = is_data && wire::looks_like_tls(first.bytes);
    const Ends ends = ends_of(first);
    const int side = side_of(first);
    if (const auto found = by_ends_.find(ends); found != by_ends_.end()) {
        Connection& known = *found->second;
        // Its beginning may be missing, but the other side speaks TLS.
        if (known.flow[side] == 0 && first.kind != wire::TcpPiece::Kind::end) {
            known.flow[side] = first.flow;
            return true;
        }
    }
    if (!is_hello && !(is_data && wire::looks_like_sealed_tls(first.bytes)))
        return false;
    if (const auto found = by_ends_.find(ends); found != by_ends_.end())
        forget(found->second);
    else if (by_ends_.size() >= limits::tls_connections_max)
        make_room();
    ++counts_.connections;
    Connections& unknown = with(Use::unknown);
    unknown.emplace_back(ends, *keys_).flow[side] = first.flow;
    by_ends_[ends] = std::prev(unknown.end());
    return true;
}

void TlsFlows::make_room() {
    for (auto& connections : connections_) {
        if (connections.empty())
            continue;
        forget(connections.begin());
        return;
    }
}

wire::TlsReader::Say TlsFlows::say_to(Connection& connection, const OnSip& on_sip) {
    return [&connection, &on_sip](int side, Bytes plain, bool is_behind_hole) {
        auto& sip = connection.sip[static_cast<std::size_t>(side)];
        if (sip.is_hopeless())
            return;
        if (is_behind_hole)
            sip.hole();
        sip.feed(plain);
        while (const auto message = sip.next()) {
            connection.use = Use::sip;
            on_sip(*message);
        }
    };
}

void TlsFlows::take(const wire::TcpPiece& piece, MonoTime now, const OnSip& on_sip) {
    const int side = side_of(piece);
    const auto found = by_ends_.find(ends_of(piece));
    if (found == by_ends_.end() || found->second->flow[side] != piece.flow)
        return;  // it was forgotten
    const auto connection = found->second;
    if (piece.kind == wire::TcpPiece::Kind::end) {
        connection->is_over[side] = true;
        if (connection->is_over[1 - side])
            forget(connection);
        return;
    }
    if (piece.kind == wire::TcpPiece::Kind::hole)
        connection->reader.hole(side, piece.missing, now, say_to(*connection, on_sip));
    else if (piece.kind == wire::TcpPiece::Kind::data)
        connection->reader.feed(side, piece.bytes, now, say_to(*connection, on_sip));
    if (connection->reader.is_over())
        connection->use = Use::over;
    with(connection->use).splice(with(connection->use).end(), with(connection->listed), connection);
    connection->listed = connection->use;
    settle(connection);
}

// Counts what waits; beyond the limit those make room that wait longest, unless they carry SIP.
void TlsFlows::settle(Connections::iterator connection) {
    waiting_bytes_ -= std::exchange(connection->waiting_bytes, connection->reader.waiting_bytes());
    waiting_bytes_ += connection->waiting_bytes;
    for (const Use use : {Use::unknown, Use::sip})
        for (auto it = with(use).begin();
             it != with(use).end() && waiting_bytes_ > limits::tls_waiting_bytes_of_all_max;) {
            const auto oldest = it++;
            if (oldest->waiting_bytes > 0)
                forget(oldest);
        }
}

void TlsFlows::look_again(MonoTime now, const OnSip& on_sip) {
    for (const Use use : {Use::unknown, Use::sip})
        for (auto& connection : with(use)) {
            if (connection.waiting_bytes == 0)
                continue;
            connection.reader.look_again(now, say_to(connection, on_sip));
            waiting_bytes_ -=
                std::exchange(connection.waiting_bytes, connection.reader.waiting_bytes());
            waiting_bytes_ += connection.waiting_bytes;
        }
}

void TlsFlows::finish(MonoTime now, const OnSip& on_sip) {
    look_again(now, on_sip);
    for (auto& connections : connections_)
        while (!connections.empty())
            forget(connections.begin());
}

void TlsFlows::forget(Connections::iterator connection) {
    connection->reader.end();
    switch (connection->reader.trouble()) {
        case wire::TlsTrouble::none:
            break;
        case wire::TlsTrouble::no_key:
            ++counts_.without_key;
            break;
        case wire::TlsTrouble::no_beginning:
            ++counts_.without_beginning;
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
    with(connection->listed).erase(connection);
}

}  // namespace nk::tap
