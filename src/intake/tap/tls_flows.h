#pragma once
// The TLS connections among the TCP flows, and the SIP in them. A connection is two flows between
// the same ends; it is forgotten when both are over, or when the table needs the room. Then those
// go first of which nothing more will be read, and those that carried SIP last: what else speaks
// TLS on the line does not push them out.
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
    std::uint64_t without_beginning = 0;
    std::uint64_t with_hole = 0;   // bytes were not captured, and the rest could not be read
    std::uint64_t unreadable = 0;  // a version or cipher suite not read, or not genuine
};

class TlsFlows {
public:
    using OnSip = std::function<void(Bytes message)>;

    // `keys` must outlive this.
    explicit TlsFlows(wire::TlsKeys& keys) : keys_(&keys) {}

    // Whether this first piece of a flow makes it one of a TLS connection; its other pieces must
    // then be taken too.
    [[nodiscard]] bool begin(const wire::TcpPiece& first);
    // A piece of such a flow, the first and the end too.
    void take(const wire::TcpPiece& piece, MonoTime now, const OnSip& on_sip);
    // Reads what waited for its key, when the log has it by now.
    void look_again(MonoTime now, const OnSip& on_sip);
    // The capture is over.
    void finish(MonoTime now, const OnSip& on_sip);
    [[nodiscard]] TlsCounts counts() const { return counts_; }
    [[nodiscard]] std::size_t size() const { return by_ends_.size(); }

private:
    struct Ends {
        wire::Endpoint low;
        wire::Endpoint high;
        bool operator==(const Ends&) const = default;
    };
    struct EndsHash {
        std::size_t operator()(const Ends& ends) const;
    };
    // In the order in which they make room.
    enum class Use : std::uint8_t { over, unknown, sip };
    struct Connection {
        Connection(const Ends& its_ends, wire::TlsKeys& keys) : ends(its_ends), reader(keys) {}
        Ends ends;
        wire::TlsReader reader;
        std::array<wire::SipStream, 2> sip;
        std::array<std::uint64_t, 2> flow{};  // 0: none yet
        std::array<bool, 2> is_over{};
        std::size_t waiting_bytes = 0;
        Use use = Use::unknown;
        Use listed = Use::unknown;  // the list that it is in
    };
    using Connections = std::list<Connection>;  // the one used longest ago comes first

    static Ends ends_of(const wire::TcpPiece& piece);
    static int side_of(const wire::TcpPiece& piece);
    wire::TlsReader::Say say_to(Connection& connection, const OnSip& on_sip);
    void settle(Connections::iterator connection);
    void make_room();
    void forget(Connections::iterator connection);
    Connections& with(Use use) { return connections_[static_cast<std::size_t>(use)]; }

    wire::TlsKeys* keys_;
    std::array<Connections, 3> connections_;  // by their use
    std::unordered_map<Ends, Connections::iterator, EndsHash> by_ends_;
    std::size_t waiting_bytes_ = 0;
    TlsCounts counts_;
};

}  // namespace nk::tap
