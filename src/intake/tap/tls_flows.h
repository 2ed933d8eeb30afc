#pragma once
// The TLS connections among the TCP flows, and the SIP in them. A connection is two flows between
// the same ends; it is forgotten when both are over, or when the table needs the room.
//
// One strand.

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <unordered_map>

#include "base/time.h"
#include "wire/sip.h"
#include "wire/tcp_stream.h"
#include "wire/tls_reader.h"

namespace nk::tap {

struct TlsCounts {
    std::uint64_t connections = 0;
    std::uint64_t without_key = 0;
    std::uint64_t with_hole = 0;   // bytes were not captured, so the rest was not read
    std::uint64_t unreadable = 0;  // a version or cipher suite not read, or not genuine
};

class TlsFlows {
public:
    using OnSip = std::function<void(Bytes message)>;

    // `keys` must outlive this.
    explicit TlsFlows(wire::TlsKeys& keys) : keys_(&keys) {}

    // Whether this first piece of a flow makes it one of a TLS connection.
    [[nodiscard]] bool is_tls(const wire::TcpPiece& first) const;
    // A piece of such a flow, the end too.
    void take(const wire::TcpPiece& piece, MonoTime now, const OnSip& on_sip);
    // The capture is over.
    void finish();
    [[nodiscard]] TlsCounts counts() const { return counts_; }

private:
    struct Ends {
        wire::Endpoint low;
        wire::Endpoint high;
        bool operator==(const Ends&) const = default;
    };
    struct EndsHash {
        std::size_t operator()(const Ends& ends) const;
    };
    struct Connection {
        Connection(const Ends& its_ends, wire::TlsKeys& keys) : ends(its_ends), reader(keys) {}
        Ends ends;
        wire::TlsReader reader;
        std::array<wire::SipStream, 2> sip;
        std::array<std::uint64_t, 2> flow{};  // 0: none yet
        std::array<bool, 2> is_over{};
        std::size_t waiting_bytes = 0;
    };
    using Connections = std::list<Connection>;  // the one used longest ago comes first

    static Ends ends_of(const wire::TcpPiece& piece);
    Connection& connection_of(const wire::TcpPiece& piece, int side);
    void forget(Connections::iterator connection);

    wire::TlsKeys* keys_;
    Connections connections_;
    std::unordered_map<Ends, Connections::iterator, EndsHash> by_ends_;
    std::size_t waiting_bytes_ = 0;
    TlsCounts counts_;
};

}  // namespace nk::tap
