#include "app/siprec_door.h"

#include <utility>

namespace nk::app {

namespace {

// Each port is read in every third sweep: with three packets at hand a read costs hardly more than
// with one, and who calls meanwhile waits for a third of them all.
constexpr std::size_t sweep_parts = 3;

siprec::Peer peer_of(const host::SipPath& path) {
    return {.flow = path.flow,
            .remote = path.remote,
            .local = path.local,
            .is_reliable = path.transport != host::SipTransport::udp,
            .is_secure = path.transport == host::SipTransport::tls};
}

host::SipPath path_of(const siprec::Peer& peer) {
    return {.flow = peer.flow,
            .transport = peer.is_secure     ? host::SipTransport::tls
                         : peer.is_reliable ? host::SipTransport::tcp
                                            : host::SipTransport::udp,
            .remote = peer.remote,
            .local = peer.local};
}

}  // namespace

SiprecDoor::SiprecDoor(Key /*key*/, const Clock& clock, const SiprecOptions& options, Warn warn)
    : clock_(clock),
      arrivals_(clock),
      complaints_(warn),
      strangers_(std::move(warn)),
      media_(options.media_bind, clock) {}

SiprecDoor::~SiprecDoor() = default;

Result<std::unique_ptr<SiprecDoor>> SiprecDoor::open(host::Loop& loop, call::Ear& ear,
                                                     Random& random, const Clock& clock,
                                                     const SiprecOptions& options, Warn warn) {
    auto door = std::make_unique<SiprecDoor>(Key(), clock, options, std::move(warn));
    auto server = options.server;
    auto sip = options.sip;
    server.is_allowed = door->naming_strangers(server.is_allowed, "what it asks for gets 403");
    sip.is_welcome = door->naming_strangers(sip.is_welcome, "its connection is closed");
    siprec::Out& out = *door;
    siprec::MediaPorts& ports = *door;
    door->server_ =
        std::make_unique<siprec::Server>(ear, out, ports, random, clock, std::move(server));
    NK_TAKE(door->sip_, host::SipSockets::open(loop, *door, sip));
    return door;
}

SiprecDoor::Knows SiprecDoor::naming_strangers(Knows knows, std::string becomes) {
    if (!knows)
        return {};
    return [this, knows = std::move(knows), becomes = std::move(becomes)](const IpAddress& from) {
        if (knows(from))
            return true;
        strangers_.add_once(from.text() + " is not in --allow: " + becomes, clock_.now());
        return false;
    };
}

void SiprecDoor::on_datagram(const host::SipPath& path, Bytes datagram) {
    server_->on_sip(datagram, peer_of(path), clock_.now());
}

void SiprecDoor::on_stream(const host::SipPath& path, Bytes piece) {
    auto& stream = streams_.try_emplace(path.flow, wire::SipStream::Of::connection).first->second;
    stream.feed(piece);
    while (const auto message = stream.next()) {
        sip_->vouch(path.flow);
        if (stream.is_head_alone())
            server_->on_large_sip(*message, peer_of(path), clock_.now());
        else
            server_->on_sip(*message, peer_of(path), clock_.now());
    }
    if (stream.is_hopeless()) {
        complaints_.add(
            path.remote.text() +
                " sent what is no SIP message, or one without an end: its connection is closed",
            clock_.now());
        sip_->close(path.flow);
        streams_.erase(path.flow);
    }
}

void SiprecDoor::on_closed(std::uint64_t flow) {
    streams_.erase(flow);
}

void SiprecDoor::on_trouble(const Endpoint& remote, const Error& why) {
    complaints_.add(remote.text() + ": " + why.what, clock_.now());
}

void SiprecDoor::on_packet(const host::MediaPacket& packet) {
    server_->on_media(packet.rtp_port, packet.from, packet.bytes,
                      arrivals_.of(packet.arrival, packet.empty));
}

void SiprecDoor::on_drop(const host::MediaDrop& drop) {
    if (drop.is_rtp)
        server_->on_drop(drop.rtp_port, drop.packets, arrivals_.of(drop.from, drop.empty),
                         arrivals_.of(drop.to, drop.empty));
}

bool SiprecDoor::send(const siprec::Peer& to, std::string_view bytes) {
    return sip_->send(path_of(to), as_bytes(bytes));
}

bool SiprecDoor::open(std::uint16_t port) {
    return media_.open(port).has_value();
}

void SiprecDoor::close(std::uint16_t port) {
    media_.close(port);
}

void SiprecDoor::read(std::uint16_t port) {
    arrivals_.look();
    media_.sweep_port(port, *this);
}

void SiprecDoor::send_rtcp(std::uint16_t port, const Endpoint& to, Bytes packet, bool is_muxed) {
    media_.send_rtcp(port, to, packet, is_muxed);
}

void SiprecDoor::sweep() {
    sweep(sweep_parts);
}

void SiprecDoor::sweep(std::size_t parts) {
    arrivals_.look();
    const MonoTime now = arrivals_.now();
    media_.sweep(*this, parts);
    server_->tick(now);
    complaints_.look(now);
    strangers_.look(now);
    const auto refused = server_->counts().refused;
    if (refused > refused_told_ && !server_->is_draining())
        complaints_.add("answered 503, for there is no room, calls: " +
                            std::to_string(refused - std::exchange(refused_told_, refused)),
                        now);
}

void SiprecDoor::finish() {
    sweep(1);  // what has arrived is heard
    server_->finish(clock_.now());
}

}  // namespace nk::app
