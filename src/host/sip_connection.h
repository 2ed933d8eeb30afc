#pragma once
// One connection of SIP over TCP or TLS, for host's own sources.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "host/sip_sockets.h"

namespace nk::host {

class SipConnection : public std::enable_shared_from_this<SipConnection> {
public:
    enum class End : std::uint8_t { by_peer, failed, no_handshake, not_read, idle };
    // Both are the last thing that is done with what the connection has at that moment.
    class Owner {
    public:
        virtual ~Owner() = default;
        virtual void on_piece(SipConnection& connection, Bytes piece) = 0;
        // Once, and never from within send() or close().
        virtual void on_end(SipConnection& connection, End end, const std::string& why) = 0;
    };

    // Over TLS when there is a `tls`.
    SipConnection(Owner& owner, const SipPath& path, boost::asio::ip::tcp::socket socket,
                  std::shared_ptr<boost::asio::ssl::context> tls, const SipSocketLimits& limits);
    void start(MonoTime now);
    bool send(Bytes bytes);
    // Nothing is told from now on; what is not written yet is lost.
    void close();
    // Ends what took too long.
    void look_at(MonoTime now);

    [[nodiscard]] const SipPath& path() const { return path_; }
    [[nodiscard]] bool was_heard() const { return was_heard_; }
    // It said something worth its place: it may be silent for longer from now on.
    void vouch() { is_vouched_for_ = true; }

private:
    using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;
    void shake_hands(TlsStream& tls);
    void read();
    void write();
    void end(End how, const std::string& why);

    Owner* owner_;  // nullptr when it is over
    SipPath path_;
    boost::asio::ip::tcp::socket socket_;
    std::shared_ptr<boost::asio::ssl::context> context_;
    std::optional<TlsStream> tls_;
    SipSocketLimits limits_;
    std::array<std::uint8_t, 8'192> input_{};
    std::vector<std::uint8_t> writing_;
    std::vector<std::uint8_t> waiting_;
    MonoTime begun_;
    MonoTime used_;  // begun, or something was read or written
    bool is_open_ = false;
    bool is_ending_ = false;
    bool was_heard_ = false;
    bool is_vouched_for_ = false;
};

}  // namespace nk::host
