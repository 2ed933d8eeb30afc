#include "intake/tap/tap.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/limits.h"
#include "intake/tap/look_ahead.h"
#include "wire/rtp.h"

namespace nk::tap {

Tap::Tap(call::Book& book, Meter* meter, wire::TlsKeys* keys) : book_(book), meter_(meter) {
    if (keys != nullptr)
        tls_.emplace(*keys);
}

TapCounts Tap::counts() const {
    TapCounts all = counts_;
    all.clock_leaps = clock_.leaps();
    if (tls_)
        all.tls = tls_->counts();
    return all;
}

void Tap::take(const CapturedPacket& packet) {
    take(std::span(&packet, 1));
}

void Tap::take(std::span<const CapturedPacket> packets) {
    const InStage stage(meter_, Stage::parse);
    std::array<std::optional<wire::Frame>, limits::packets_at_once> frames;
    while (!packets.empty()) {
        const auto now = packets.first(std::min(packets.size(), frames.size()));
        packets = packets.subspan(now.size());
        for (std::size_t i = 0; i < now.size(); ++i)
            frames[i] = wire::parse_frame(now[i].link, now[i].bytes);
        if (now.size() > 1)
            look_ahead({frames.data(), now.size()}, flows_, book_);
        for (std::size_t i = 0; i < now.size(); ++i)
            take(now[i], frames[i]);
    }
}

void Tap::take(const CapturedPacket& packet, const std::optional<wire::Frame>& frame) {
    ++counts_.packets;
    last_wall_ = packet.time;
    const auto leaps = clock_.leaps();
    const MonoTime now = clock_.tell(packet.time);
    if (clock_.leaps() != leaps)
        book_.on_clock_leap(now);
    {
        const InStage ticking(meter_, Stage::track);
        book_.tick(clock_.now());
    }
    if (frame)
        on_frame(*frame, now, packet.time);
    else
        ++counts_.not_ip;
    house_keeping(clock_.now());
}

void Tap::idle(WallTime wall) {
    const MonoTime now = clock_.tell(wall);
    last_wall_ = wall;
    book_.tick(now);
    on_tcp(tcp_.expire(now), now, wall);
    fragments_.expire(now);
    house_keeping(now);
}

void Tap::finish(call::Ending ending) {
    const MonoTime now = clock_.now();
    on_tcp(tcp_.finish(), now, last_wall_);
    if (tls_)
        tls_->finish(now, [&](Bytes message) { on_sip(message, now, last_wall_); });
    flows_.each([&](Flow& flow) {
        if (flow.stray) {
            find_call(flow, now);
            if (flow.stray) {
                counts_.strays += flow.stray->packets();
                ++counts_.stray_flows;
            }
        }
    });
    book_.finish(ending, now);
}

void Tap::on_frame(const wire::Frame& frame, MonoTime now, WallTime wall) {
    if (frame.fragment) {
        on_fragment(frame, now, wall);
        return;
    }
    if (frame.cut_short)
        ++counts_.cut_short;
    if (frame.transport == wire::Transport::udp)
        on_udp(frame, now, wall);
    else if (frame.transport == wire::Transport::tcp)
        on_tcp(tcp_.add(frame, now), now, wall);
}

// What was joined may be a fragment itself, in a tunnel whose packets were too large.
void Tap::on_fragment(wire::Frame frame, MonoTime now, WallTime wall) {
    std::vector<std::uint8_t> part;
    for (std::size_t depth = 0; depth <= limits::tunnels_deep_max; ++depth) {
        const auto joined = fragments_.add(frame, now);
        if (!joined)
            return;
        const auto whole = wire::parse_transport(joined->source, joined->destination,
                                                 joined->protocol, joined->payload);
        if (!whole)
            return;
        if (!whole->fragment) {
            on_frame(*whole, now, wall);
            return;
        }
        // The table may let go of what it joined while it takes this.
        part.assign(whole->payload.begin(), whole->payload.end());
        frame = *whole;
        frame.payload = part;
    }
}

void Tap::on_udp(const wire::Frame& frame, MonoTime now, WallTime wall) {
    const auto kind = wire::kind_of(frame.payload);
    switch (kind) {
        case wire::Kind::rtp:
            if (Flow* flow = flow_of(frame, now))
                on_rtp(*flow, frame, now, wall);
            return;
        case wire::Kind::rtcp:
            ++counts_.rtcp;
            return;
        case wire::Kind::stun:
        case wire::Kind::dtls:
        case wire::Kind::zrtp:
            if (Flow* flow = flow_of(frame, now))
                on_keying(*flow, kind, frame.payload, now);
            return;
        case wire::Kind::text:
        case wire::Kind::other:
            if (wire::looks_like_sip(frame.payload))
                on_sip(frame.payload, now, wall);
            return;
    }
}

void Tap::on_tcp(std::span<const wire::TcpPiece> pieces, MonoTime now, WallTime wall) {
    for (const auto& piece : pieces) {
        auto& flow = tcp_flows_[piece.flow];
        if (flow.kind != TcpFlow::Kind::plain && on_tls(flow, piece, now, wall))
            continue;
        if (piece.kind == wire::TcpPiece::Kind::end) {
            tcp_flows_.erase(piece.flow);
            continue;
        }
        auto& stream = flow.sip;
        if (stream.is_hopeless())
            continue;
        if (piece.kind == wire::TcpPiece::Kind::hole)
            stream.hole();
        else
            stream.feed(piece.bytes);
        while (const auto message = stream.next())
            on_sip(*message, now, wall);
    }
}

// True when the piece was of a TLS connection, and is dealt with.
bool Tap::on_tls(TcpFlow& flow, const wire::TcpPiece& piece, MonoTime now, WallTime wall) {
    if (flow.kind == TcpFlow::Kind::unknown) {
        if (piece.kind == wire::TcpPiece::Kind::begin)
            return true;  // nothing was said yet
        flow.kind = tls_ && tls_->begin(piece) ? TcpFlow::Kind::tls : TcpFlow::Kind::plain;
    }
    if (flow.kind == TcpFlow::Kind::plain)
        return false;
    tls_->take(piece, now, [&](Bytes message) { on_sip(message, now, wall); });
    if (piece.kind == wire::TcpPiece::Kind::end)
        tcp_flows_.erase(piece.flow);
    return true;
}

void Tap::on_sip(Bytes bytes, MonoTime now, WallTime wall) {
    const auto message = wire::parse_sip(bytes);
    if (!message) {
        ++counts_.sip_refused;
        return;
    }
    ++counts_.sip;
    const InStage stage(meter_, Stage::track);
    book_.on_sip(*message, now, wall);
}

Flow* Tap::flow_of(const wire::Frame& frame, MonoTime now) {
    const InStage stage(meter_, Stage::track);
    Flow* flow = flows_.at(frame.source, frame.destination);
    if (flow ==
        nullptr) {  // the table is full: those that belong to nobody make room, once a second
        if (now - last_eviction_ >= seconds(1)) {
            last_eviction_ = now;
            flows_.sweep(now - seconds(1), [this](Flow& old) { forget(old); });
            flow = flows_.at(frame.source, frame.destination);
        }
        if (flow == nullptr) {
            ++counts_.flows_refused;
            return nullptr;
        }
    }
    if (flow->source_record == nullptr) {
        flow->source_record = &book_.media().at(frame.source);
        flow->destination_record = &book_.media().at(frame.destination);
        ++flow->source_record->flows;
        ++flow->destination_record->flows;
    }
    flow->last = now;
    return flow;
}

void Tap::find_call(Flow& flow, MonoTime now) {
    flow.source_generation = flow.source_record->generation;
    flow.destination_generation = flow.destination_record->generation;
    const auto route = book_.route(*flow.source_record, *flow.destination_record);
    flow.call = route.call;
    flow.track = route.track;
    if (route.call == nullptr)
        return;
    if (route.is_other_media) {
        if (flow.stray) {
            flow.stray.reset();
            --stray_flows_;
        }
        return;
    }
    flow.was_of_call = true;
    if (flow.bare_call != 0) {
        book_.take_over(flow.bare_call, *route.call, now);
        flow.bare_call = 0;
    }
    if (route.from_unnamed_port)
        route.call->note("media-from-unnamed-port", now);
    if (flow.stray)
        replay(flow);
}

// What came before the SDP that names it still belongs to the call.
void Tap::replay(Flow& flow) {
    const auto stray = std::move(flow.stray);
    --stray_flows_;
    for (auto& kept : stray->give()) {
        if (kept.packet.arrival + seconds(5) < flow.call->began) {
            ++counts_.strays;
            continue;
        }
        ++counts_.media;
        book_.on_media(*flow.call, *flow.track, kept.packet);
    }
}

void Tap::on_rtp(Flow& flow, const wire::Frame& frame, MonoTime now, WallTime wall) {
    if (!flow.is_up_to_date())
        find_call(flow, now);
    const bool is_secured = flow.track != nullptr && flow.track->secured;
    const auto rtp = wire::parse_rtp(frame.payload,
                                     is_secured ? wire::Padding::unknown : wire::Padding::removed);
    if (!rtp)
        return;
    if (flow.call == nullptr && flow.bare_call != 0) {
        flow.call = book_.find(flow.bare_call);
        flow.track = flow.call != nullptr ? flow.call->track(flow.bare_party, 0) : nullptr;
        if (flow.track == nullptr) {
            flow.call = nullptr;
            flow.bare_call = 0;
        }
    }
    if (flow.call != nullptr && flow.track == nullptr) {
        ++counts_.other_media;
        return;
    }
    if (flow.call == nullptr) {
        on_stray(flow, *rtp, frame.payload, now, wall);
        return;
    }
    ++counts_.media;
    const InStage stage(meter_, Stage::journal);
    book_.on_media(*flow.call, *flow.track,
                   {.arrival = now,
                    .ssrc = rtp->ssrc,
                    .timestamp = rtp->timestamp,
                    .sequence = rtp->sequence,
                    .marker = rtp->marker,
                    .payload_type = rtp->payload_type,
                    .payload = rtp->payload,
                    .whole = frame.payload});
    if (flow.bare_call != 0) {  // it may end at any moment, and nothing else would tell
        flow.call = nullptr;
        flow.track = nullptr;
    }
}

// STUN and DTLS beside media that no SIP named: a call of a browser or a messenger, not one we can
// tell. On a known call, DTLS or a finished ZRTP exchange means that its media is encrypted from
// here on.
void Tap::on_keying(Flow& flow, wire::Kind kind, Bytes payload, MonoTime now) {
    flow.is_peer_to_peer = flow.is_peer_to_peer || kind != wire::Kind::zrtp;
    if (kind == wire::Kind::stun)
        return;
    if (!flow.is_up_to_date())
        find_call(flow, now);
    if (flow.call == nullptr || flow.track == nullptr || flow.bare_call != 0)
        return;
    // RFC 6189 5.2: the message's type stands 16 bytes into the packet; Confirm2 is sent when both
    // have the keys.
    const bool keyed = kind == wire::Kind::dtls ||
                       (payload.size() >= 24 && as_text(payload.subspan(16, 8)) == "Confirm2") ||
                       (payload.size() >= 24 && as_text(payload.subspan(16, 8)) == "Conf2ACK");
    if (keyed)
        book_.on_keyed(*flow.call, flow.track->line, now);
}

void Tap::on_stray(Flow& flow, const wire::Rtp& rtp, Bytes whole, MonoTime now, WallTime wall) {
    // A sender that did not notice the end goes on for a moment; who still sends after that is
    // heard again.
    const auto ended = [now](const call::PortRecord& record) {
        return record.released.ns >= 0 && now - record.released < limits::media_after_call;
    };
    if (flow.was_of_call && (ended(*flow.source_record) || ended(*flow.destination_record))) {
        ++counts_.after_calls;
        return;
    }
    if (!flow.stray) {
        if (stray_flows_ >= limits::stray_flows_max) {
            ++counts_.strays;
            return;
        }
        flow.stray = std::make_unique<Stray>();
        ++stray_flows_;
    }
    flow.stray->add(rtp, whole, now, wall);
    const Flow* back = flows_.find(flow.destination, flow.source);
    if (flow.is_peer_to_peer || (back != nullptr && back->is_peer_to_peer))
        return;
    // The other direction of a call that is one already needs no proof of its own.
    const bool joins =
        back != nullptr && back->bare_call != 0 && book_.find(back->bare_call) != nullptr;
    if (flow.stray->is_proven() || (joins && flow.stray->packets() >= 2))
        begin_bare_call(flow);
}

void Tap::begin_bare_call(Flow& flow) {
    Flow* back = flows_.find(flow.destination, flow.source);
    call::Call* call =
        back != nullptr && back->bare_call != 0 ? book_.find(back->bare_call) : nullptr;
    auto kept = flow.stray->give();
    counts_.strays += flow.stray->left_out();
    flow.stray.reset();
    --stray_flows_;
    if (call != nullptr) {
        flow.bare_party = 1 - back->bare_party;
    } else {
        call = book_.begin_bare(flow.source, flow.destination, kept.front().packet.arrival,
                                kept.front().wall);
        flow.bare_party = 0;
    }
    if (call == nullptr)
        return;
    flow.bare_call = call->number;
    call::Track* track = call->track(flow.bare_party, 0);
    for (const auto& packet : kept) {
        ++counts_.media;
        book_.on_media(*call, *track, packet.packet);
    }
}

void Tap::forget(Flow& flow) {
    --flow.source_record->flows;
    --flow.destination_record->flows;
    if (flow.stray) {
        counts_.strays += flow.stray->packets();
        ++counts_.stray_flows;
        --stray_flows_;
    }
}

void Tap::house_keeping(MonoTime now) {
    if (tls_ && now - last_look_ >= limits::tls_key_log_every) {
        last_look_ = now;
        tls_->look_again(now, [&](Bytes message) { on_sip(message, now, last_wall_); });
    }
    if (now - last_sweep_ < minutes(1))
        return;
    last_sweep_ = now;
    flows_.sweep(now - minutes(10), [this](Flow& flow) { forget(flow); });
}

}  // namespace nk::tap
