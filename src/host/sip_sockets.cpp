#include "host/sip_sockets.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <boost/asio/ssl/context.hpp>

#include "host/datagram_socket.h"
#include "host/loop_inner.h"
#include "host/real_clock.h"
#include "host/sip_connection.h"
#include "host/socket_address.h"
#include "host/stream_listener.h"
#include "host/tls_context.h"

namespace nk::host {

using boost::asio::ip::tcp;

namespace {

std::string name_of(SipTransport transport) {
    switch (transport) {
        case SipTransport::udp:
            return "SIP over UDP";
        case SipTransport::tcp:
            return "SIP over TCP";
        case SipTransport::tls:
            return "SIP over TLS";
    }
    return {};
}

Endpoint address_of(const Endpoint& remote) {
    return {remote.ip, 0};
}

}  // namespace

class SipSockets::Inner : public SipConnection::Owner {
public:
    Inner(Loop& loop, SipHandler& handler, const SipSocketOptions& options)
        : loop_(loop),
          handler_(handler),
          files_(options.tls),
          limits_(options.limits),
          is_welcome_(options.is_welcome) {}
    ~Inner() override {
        for (const auto& [flow, socket] : datagrams_)
            socket->close();
        for (const auto& [flow, connection] : connections_)
            connection->close();
    }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    Result<void> listen(const SipListen& one) {
        if (one.transport == SipTransport::udp)
            return listen_for_datagrams(one);
        if (one.transport == SipTransport::tls && !tls_)
            NK_TRY(reload());
        NK_TAKE(auto listener,
                StreamListener::open(
                    loop_, name_of(one.transport), one.at,
                    [this, transport = one.transport](tcp::socket socket, const Endpoint& remote) {
                        take(transport, std::move(socket), remote);
                    }));
        bound_.push_back({one.transport, listener.endpoint(), 0});
        listeners_.push_back(std::move(listener));
        return {};
    }
    void start() {
        const Nanos shortest = std::min({limits_.handshake_wait, limits_.idle, Nanos(seconds(4))});
        timer_ = loop_.every(std::max(shortest / 4, Nanos(milliseconds(1))), [this] { look(); });
    }
    bool send(const SipPath& path, Bytes bytes) {
        bool is_sent = false;
        if (const auto socket = datagrams_.find(path.flow); socket != datagrams_.end())
            is_sent = socket->second->send(path.remote, path.local, bytes);
        else if (const auto one = connections_.find(path.flow); one != connections_.end())
            is_sent = one->second->send(bytes);
        counts_.unsent += is_sent ? 0 : 1;
        return is_sent;
    }
    void vouch(std::uint64_t flow) {
        if (const auto found = connections_.find(flow); found != connections_.end())
            found->second->vouch();
    }
    void close(std::uint64_t flow) {
        const auto found = connections_.find(flow);
        if (found == connections_.end())
            return;
        const auto connection = found->second;
        connection->close();
        forget(*connection);
    }
    Result<void> reload() {
        if (!files_)
            return refuse(Code::malformed, Blame::owner,
                          "SIP over TLS needs a certificate and its key");
        NK_TAKE(tls_, make_server_tls(*files_));
        return {};
    }
    [[nodiscard]] const std::vector<SipBound>& bound() const { return bound_; }
    [[nodiscard]] std::size_t connections() const { return connections_.size(); }
    [[nodiscard]] SipSocketCounts counts() const {
        auto out = counts_;
        for (const auto& listener : listeners_)
            out.accept_pauses += listener.pauses();
        return out;
    }

private:
    Result<void> listen_for_datagrams(const SipListen& one) {
        const auto flow = ++flows_;
        NK_TAKE(auto socket,
                DatagramSocket::open(
                    loop_, name_of(one.transport), one.at,
                    [this, flow](const Endpoint& remote, const Endpoint& local, Bytes bytes) {
                        ++counts_.datagrams;
                        handler_.on_datagram({flow, SipTransport::udp, remote, local}, bytes);
                    }));
        bound_.push_back({one.transport, socket->endpoint(), flow});
        datagrams_.emplace(flow, std::move(socket));
        return {};
    }

    void take(SipTransport transport, tcp::socket socket, const Endpoint& remote) {
        if (is_welcome_ && !is_welcome_(remote.ip)) {
            ++counts_.refused;
            return;
        }
        const auto of_address = per_address_.find(address_of(remote));
        const bool is_full = connections_.size() >= limits_.connections;
        if (is_full || (of_address != per_address_.end() &&
                        of_address->second >= limits_.connections_per_address)) {
            ++counts_.refused;
            handler_.on_trouble(remote,
                                {Code::limit, is_full ? Blame::machine : Blame::peer,
                                 "a connection from " + remote.text() + " is refused: there are " +
                                     (is_full ? std::to_string(limits_.connections)
                                              : std::to_string(limits_.connections_per_address) +
                                                    " from that address") +
                                     " already"});
            return;
        }
        const SipPath path{++flows_, transport, remote, bound_endpoint(socket.native_handle())};
        const auto connection = std::make_shared<SipConnection>(
            *this, path, std::move(socket), transport == SipTransport::tls ? tls_ : nullptr,
            limits_);
        ++counts_.connections;
        ++per_address_[address_of(remote)];
        connections_.emplace(path.flow, connection);
        connection->start(RealClock().now());
    }
    void forget(const SipConnection& connection) {
        const auto of_address = per_address_.find(address_of(connection.path().remote));
        if (--of_address->second == 0)
            per_address_.erase(of_address);
        connections_.erase(connection.path().flow);
    }
    void look() {
        const MonoTime now = RealClock().now();
        std::vector<std::shared_ptr<SipConnection>> all;
        all.reserve(connections_.size());
        for (const auto& [flow, connection] : connections_)
            all.push_back(connection);
        for (const auto& connection : all)
            connection->look_at(now);
    }

    void on_piece(SipConnection& connection, Bytes piece) override {
        handler_.on_stream(connection.path(), piece);
    }
    void on_end(SipConnection& connection, SipConnection::End end,
                const std::string& why) override {
        using End = SipConnection::End;
        counts_.handshakes_failed += end == End::no_handshake ? 1 : 0;
        counts_.not_read += end == End::not_read ? 1 : 0;
        counts_.idle += end == End::idle ? 1 : 0;
        forget(connection);
        const auto& [flow, transport, remote, local] = connection.path();
        if (connection.was_heard())
            handler_.on_closed(flow);
        if (end == End::no_handshake)
            handler_.on_trouble(remote,
                                {Code::refused, Blame::peer,
                                 "the TLS handshake with " + remote.text() + " failed: " + why});
        else if (end != End::by_peer)
            handler_.on_trouble(remote,
                                {end == End::failed ? Code::io : Code::limit, Blame::peer,
                                 "the connection with " + remote.text() + " is closed: " + why});
    }

    Loop& loop_;
    SipHandler& handler_;
    std::optional<TlsFiles> files_;
    SipSocketLimits limits_;
    std::function<bool(const IpAddress&)> is_welcome_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
    std::uint64_t flows_ = 0;
    std::vector<SipBound> bound_;
    std::vector<StreamListener> listeners_;
    std::unordered_map<std::uint64_t, std::shared_ptr<DatagramSocket>> datagrams_;
    std::unordered_map<std::uint64_t, std::shared_ptr<SipConnection>> connections_;
    std::unordered_map<Endpoint, std::size_t, EndpointHash> per_address_;
    SipSocketCounts counts_;
    Loop::Timer timer_;
};

Result<std::unique_ptr<SipSockets>> SipSockets::open(Loop& loop, SipHandler& handler,
                                                     const SipSocketOptions& options) {
    auto inner = std::make_unique<Inner>(loop, handler, options);
    for (const auto& one : options.listen)
        NK_TRY(inner->listen(one));
    inner->start();
    return std::make_unique<SipSockets>(Key{}, std::move(inner));
}

SipSockets::SipSockets(Key, std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}

SipSockets::~SipSockets() = default;

const std::vector<SipBound>& SipSockets::bound() const {
    return inner_->bound();
}

bool SipSockets::send(const SipPath& path, Bytes bytes) {
    return inner_->send(path, bytes);
}

void SipSockets::vouch(std::uint64_t flow) {
    inner_->vouch(flow);
}

void SipSockets::close(std::uint64_t flow) {
    inner_->close(flow);
}

Result<void> SipSockets::reload() {
    return inner_->reload();
}

std::size_t SipSockets::connections() const {
    return inner_->connections();
}

SipSocketCounts SipSockets::counts() const {
    return inner_->counts();
}

}  // namespace nk::host
