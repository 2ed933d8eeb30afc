#pragma once
// SIP transactions (RFC 3261 17, RFC 6026): each request reaches the listener once, however often
// it comes, and each answer and each request of ours is sent until the other side has it or its
// time is up.
//
// Sans-IO: messages and times come in, messages go out, and whoever owns the clock calls tick() at
// next_due(). One strand; the listener may call back from within its functions. The table is
// bounded by limits::sip_transactions_max and _bytes_max; beyond them requests are answered with
// 503 and forgotten. Of what is there for requests that may begin something, one address has half
// at most: a client that floods leaves room for the others.
//
// | timer | value | over UDP only | what it does |
// |-------|-------|---------------|--------------|
// | E     | T1, doubled to T2; T2 once there was a 1xx | yes | sends our request again |
// | F     | 64 T1 |     | gives our request up: on_unanswered |
// | G     | T1, doubled to T2 | for 300-699 | sends an INVITE's final response again |
// | H, L  | 64 T1 |     | ends an answered INVITE: on_unacknowledged, when it is |
// | I     | T4    | yes | absorbs repeated ACKs for 300-699 |
// | J     | 64 T1 | yes | answers repeats of other requests |
// | K     | T4    | yes | absorbs repeated responses to ours |

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/limits.h"
#include "base/time.h"
#include "wire/address.h"
#include "wire/sip.h"
#include "wire/sip_compose.h"

namespace nk::siprec {

// RFC 3261 17.1.1.1, table 4
inline constexpr Nanos t1 = milliseconds(500);
inline constexpr Nanos t2 = seconds(4);
inline constexpr Nanos t4 = seconds(5);
inline constexpr Nanos transaction_timeout = 64 * t1;
inline constexpr Nanos trying_after = milliseconds(200);  // 17.2.1

// Where a message came from, or goes to.
struct Peer {
    std::uint64_t flow = 0;  // the socket or connection, as the host counts them
    wire::Endpoint remote;
    wire::Endpoint local;
    bool is_reliable = false;  // TCP, TLS
    bool is_secure = false;    // TLS
};

class Out {
public:
    virtual ~Out() = default;
    // False when it is known not to have left, as when the connection is closed.
    virtual bool send(const Peer& to, std::string_view bytes) = 0;
};

using TransactionId = std::uint64_t;  // never used twice

class Listener {
public:
    virtual ~Listener() = default;
    // A new request, to be answered with reply(): anything but ACK and CANCEL.
    virtual void on_request(TransactionId id, const wire::SipMessage& request, const Peer& peer,
                            MonoTime now) = 0;
    // A new CANCEL, to be answered with 200 when `invite` is known and else with 481 (9.2). The
    // INVITE is then to be answered with 487; reply() refuses that when it has its final answer.
    virtual void on_cancel(TransactionId id, std::optional<TransactionId> invite,
                           const wire::SipMessage& cancel, const Peer& peer, MonoTime now) = 0;
    // The ACK for a 2xx; the first one only.
    virtual void on_ack(TransactionId invite, const wire::SipMessage& ack, MonoTime now) = 0;
    // A response to a request of ours; final ones once.
    virtual void on_response(TransactionId id, const wire::SipMessage& response, MonoTime now) = 0;
    // A request of ours had no final response in 64 T1 (17.1.2.2): as if it were 408.
    virtual void on_unanswered(TransactionId id, MonoTime now) = 0;
    // The final response to an INVITE was not acknowledged in 64 T1. After a 2xx the dialog is to
    // be ended with BYE (13.3.1.4).
    virtual void on_unacknowledged(TransactionId invite, MonoTime now) = 0;
};

struct TransactionCounts {
    std::uint64_t requests = 0;    // that were new
    std::uint64_t repeats = 0;     // of requests, absorbed here
    std::uint64_t merged = 0;      // that came twice by different ways, answered with 482
    std::uint64_t refused = 0;     // beyond the limits, answered with 503
    std::uint64_t strays = 0;      // of no transaction, or without a Via: dropped
    std::uint64_t unanswered = 0;  // that the listener did not answer in limits::sip_answer_wait
};

// Of the whole table.
struct TransactionLimits {
    std::size_t transactions_max = limits::sip_transactions_max;
    std::size_t bytes_max = limits::sip_transactions_bytes_max;
    // For requests that may begin something: a tenth is kept for what runs already.
    [[nodiscard]] std::size_t beginners_max() const {
        return transactions_max - transactions_max / 10;
    }
    [[nodiscard]] std::size_t beginners_bytes_max() const { return bytes_max - bytes_max / 10; }
};

class Transactions {
public:
    // Both must outlive it. `out` must not call back.
    Transactions(Out& out, Listener& listener, TransactionLimits limits = {})
        : out_(out), listener_(listener), limits_(limits) {}

    void take(const wire::SipMessage& message, const Peer& peer, MonoTime now);

    // Sends a response to a request that is not finally answered yet, and sends it again as needed.
    // False, and nothing is sent, when the request has its final answer, is no longer known, or the
    // bytes are no response that could be read.
    bool reply(TransactionId id, std::string_view response, MonoTime now);

    // Whether that request was taken before, and this is a repeat of it.
    [[nodiscard]] bool knows(const wire::SipMessage& request) const;
    // Answers a request that no memory is to be spent on (8.2.7): each repeat of it is answered
    // anew, and its ACK will be a stray. Without a Via nothing is sent.
    void answer_once(const wire::SipMessage& request, const Peer& peer, wire::SipReply reply);

    // Sends a request of ours other than INVITE and ACK, with a branch in its Via that is new.
    // Nullopt when it cannot be sent, has none or cannot be read, or beyond the limits.
    std::optional<TransactionId> request(std::string_view bytes, const Peer& to, MonoTime now);

    // Does what is due by now. Late calls are no harm; a repeat is sent once and not made up for.
    void tick(MonoTime now);
    // When tick() has something to do; nullopt when it has nothing.
    [[nodiscard]] std::optional<MonoTime> next_due() const;

    [[nodiscard]] std::size_t size() const { return table_.size(); }
    [[nodiscard]] std::size_t bytes() const { return kept_bytes_; }
    [[nodiscard]] const TransactionCounts& counts() const { return counts_; }

private:
    static constexpr MonoTime never{std::numeric_limits<std::int64_t>::max()};
    enum class Kind : std::uint8_t { invite, other, ours };
    enum class State : std::uint8_t {
        trying,      // 17.2.1, 17.2.2, 17.1.2; for an INVITE before its 100 is sent
        proceeding,  // there was a 1xx
        accepted,    // an INVITE with its 2xx (RFC 6026 7.1)
        completed,   // with another final response
        confirmed,   // an INVITE whose 300-699 was acknowledged
    };
    struct Share {
        std::size_t transactions = 0;
        std::size_t bytes = 0;
    };
    using Shares = std::map<wire::IpAddress, Share>;
    struct Transaction {
        Kind kind = Kind::other;
        State state = State::trying;
        bool is_acknowledged = false;  // in state accepted
        Shares::iterator share;        // of its sender; shares_.end() when it began nothing
        Peer peer;                     // where to send
        std::string bytes;             // what to send again, or the 100 to come
        Nanos interval{};              // since the last time it was sent
        MonoTime repeat_at = never;
        MonoTime ends_at = never;
        MonoTime due = never;                      // as it stands in due_
        std::array<const std::string*, 3> keys{};  // of index_
    };
    using Table = std::unordered_map<TransactionId, Transaction>;

    void take_request(const wire::SipMessage& request, const Peer& peer, MonoTime now);
    void take_ack(const wire::SipMessage& ack, MonoTime now);
    void take_response(const wire::SipMessage& response, MonoTime now);
    void repeat(TransactionId id, Transaction& known);
    void answer_finally(Table::iterator at, const wire::SipMessage& response, MonoTime now);
    void fire(Table::iterator at, MonoTime now);
    void end(Table::iterator at, MonoTime now);

    [[nodiscard]] bool is_full() const;
    // The same for a request that may begin something.
    [[nodiscard]] bool is_full_for_beginner(const wire::IpAddress& address) const;
    Table::iterator find(const std::string& key);
    Table::iterator add(Kind kind, const Peer& peer, Shares::iterator share, std::string key);
    void add_key(Table::iterator at, std::string key);
    void keep(Transaction& transaction, std::string_view bytes);
    void weigh(const Transaction& transaction, std::size_t more, std::size_t less);
    void schedule(TransactionId id, Transaction& transaction);
    void erase(Table::iterator at);

    Out& out_;
    Listener& listener_;
    TransactionLimits limits_;
    Table table_;
    std::unordered_map<std::string, TransactionId> index_;
    Shares shares_;  // of those whose requests may begin something
    std::set<std::pair<MonoTime, TransactionId>> due_;  // one entry for each transaction
    TransactionId last_id_ = 0;
    std::size_t kept_bytes_ = 0;
    TransactionCounts counts_;
};

}  // namespace nk::siprec
