#pragma once
// The sockets that SIP comes by: UDP, TCP and TLS, on any number of addresses.
//
// Bytes as they come: cutting a stream into messages is the caller's, and so is giving up on a
// message that never ends. All on the loop's strand. A reply goes out by the connection its request
// came by; when that is gone it is not sent (no connection is ever made from here).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "host/loop.h"
#include "host/tls_files.h"

namespace nk::host {

enum class SipTransport : std::uint8_t { udp, tcp, tls };

struct SipListen {
    SipTransport transport = SipTransport::udp;
    // ::, for all of this machine's addresses, IPv4 too; 0.0.0.0 for those of IPv4.
    Endpoint at;  // port 0: any free one
};

// By what way bytes came, and go back.
struct SipPath {
    std::uint64_t flow = 0;  // a UDP socket, or a connection; never used for another one
    SipTransport transport = SipTransport::udp;
    Endpoint remote;
    Endpoint local;  // a real address, also when the socket has all of them
};

struct SipBound {
    SipTransport transport = SipTransport::udp;
    Endpoint at;             // with the real port
    std::uint64_t flow = 0;  // of UDP; 0 of the others
};

// May send and close, but not end the sockets.
class SipHandler {
public:
    virtual ~SipHandler() = default;
    virtual void on_datagram(const SipPath& path, Bytes datagram) = 0;
    virtual void on_stream(const SipPath& path, Bytes piece) = 0;
    // A connection that on_stream told of is gone, by the peer's doing or a limit; once. Never from
    // within send() or close().
    virtual void on_closed(std::uint64_t flow) = 0;
    // A connection that was not taken, or that ended otherwise than by its peer's wish.
    virtual void on_trouble(const Endpoint& remote, const Error& why) = 0;
};

struct SipSocketLimits {
    std::size_t connections = limits::sip_connections_max;
    std::size_t connections_per_address = limits::sip_connections_per_address_max;
    std::size_t output_bytes = limits::sip_output_bytes_max;
    Nanos handshake_wait = limits::tls_handshake_wait;
    Nanos idle = limits::sip_idle_max;
    Nanos first_message_wait = limits::sip_first_message_wait;  // until vouch()
};

struct SipSocketOptions {
    std::vector<SipListen> listen;
    std::optional<TlsFiles> tls;  // needed when one of `listen` is
    SipSocketLimits limits{};
    // Whose connections are taken, by address; empty: everybody's. The others are closed at once,
    // and only counted, so that they cost nobody a place.
    std::function<bool(const IpAddress&)> is_welcome{};
};

struct SipSocketCounts {
    std::uint64_t datagrams = 0;
    std::uint64_t connections = 0;        // that were taken
    std::uint64_t refused = 0;            // beyond a limit, or not welcome
    std::uint64_t handshakes_failed = 0;  // or not ended in time
    std::uint64_t not_read = 0;           // closed: the peer did not read
    std::uint64_t idle = 0;               // closed: nobody said anything
    std::uint64_t unsent = 0;             // datagrams the kernel did not take, replies too late
    std::uint64_t accept_pauses = 0;      // without descriptors or memory
};

class SipSockets {
public:
    // All of `listen` or none. Both must outlive it.
    static Result<std::unique_ptr<SipSockets>> open(Loop& loop, SipHandler& handler,
                                                    const SipSocketOptions& options);
    ~SipSockets();  // closes everything and tells nobody
    SipSockets(const SipSockets&) = delete;
    SipSockets& operator=(const SipSockets&) = delete;

    // In the order of `listen`.
    [[nodiscard]] const std::vector<SipBound>& bound() const;

    // Never waits. On UDP to `path.remote`, from `path.local` when that is specified; on a
    // connection into its queue, which has a limit: who does not read is closed. False when it is
    // known not to arrive.
    bool send(const SipPath& path, Bytes bytes);
    // That connection sent a whole message: one that does not is closed after a while.
    void vouch(std::uint64_t flow);
    // Ends a connection, without on_closed; nothing for UDP and for those that are gone.
    void close(std::uint64_t flow);

    // Reads the TLS files again, for the connections from now on. When they cannot be used
    // everything stays as it was.
    Result<void> reload();

    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] SipSocketCounts counts() const;

private:
    class Inner;
    struct Key {};  // only open has it

public:
    SipSockets(Key key, std::unique_ptr<Inner> inner);

private:
    std::unique_ptr<Inner> inner_;
};

}  // namespace nk::host
