#include "intake/siprec/transactions.h"

#include <algorithm>
#include <functional>

#include "base/check.h"
#include "base/limits.h"
#include "intake/siprec/transaction_keys.h"
#include "wire/sip_via.h"

namespace nk::siprec {

namespace {

constexpr std::string_view invite_method = "INVITE";

// The To tag of a response that nothing is remembered of: the same for each repeat of its request
// (RFC 3261 8.2.7).
std::string stateless_tag(std::string_view key) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string tag;
    for (std::uint64_t hash = wire::mix(std::hash<std::string_view>{}(key)); hash > 0; hash >>= 4)
        tag += digits[hash & 15U];
    return tag;
}

}  // namespace

void Transactions::take(const wire::SipMessage& message, const Peer& peer, MonoTime now) {
    if (!message.is_request)
        take_response(message, now);
    else if (message.method == "ACK")
        take_ack(message, now);
    else
        take_request(message, peer, now);
}

void Transactions::take_request(const wire::SipMessage& request, const Peer& peer, MonoTime now) {
    const auto via = wire::parse_via(request.header("Via"));
    std::string key = server_key(request, request.method);
    if (!via || key.empty()) {
        ++counts_.strays;
        return;
    }
    if (const auto known = find(key); known != table_.end())
        return repeat(known->first, known->second);
    Peer reply_to = peer;
    if (!peer.is_reliable)
        reply_to.remote = wire::response_target(*via, peer.remote, false);
    const bool is_cancel = request.method == "CANCEL";
    // RFC 3261 8.2.2.2. Each way that a merged request came may be cancelled.
    const bool can_merge = !is_cancel && request.to_tag().empty();
    std::string merged = can_merge ? merge_key(request) : std::string{};
    if (can_merge && index_.contains(merged)) {
        ++counts_.merged;
        return answer_once(request, peer, {.status = 482});
    }
    const bool is_beginner = request.to_tag().empty();
    if (is_beginner ? is_full_for_beginner(peer.remote.ip) : is_full()) {
        ++counts_.refused;
        return answer_once(request, peer, {.status = 503, .headers = {{"Retry-After", "5"}}});
    }
    ++counts_.requests;
    const bool is_invite = request.method == invite_method;
    const auto share = is_beginner ? shares_.try_emplace(peer.remote.ip).first : shares_.end();
    const auto at = add(is_invite ? Kind::invite : Kind::other, reply_to, share, std::move(key));
    const TransactionId id = at->first;
    Transaction& added = at->second;
    if (can_merge)
        add_key(at, std::move(merged));
    if (is_invite) {
        keep(added, wire::compose_response(request, peer.remote, {.status = 100}));
        added.repeat_at = now + trying_after;
    }
    added.ends_at = now + limits::sip_answer_wait;
    schedule(id, added);
    if (!is_cancel)
        return listener_.on_request(id, request, peer, now);
    const auto invite = find(server_key(request, invite_method));
    listener_.on_cancel(id, invite == table_.end() ? std::nullopt : std::optional(invite->first),
                        request, peer, now);
}

// RFC 3261 17.2.1, 17.2.2: the last response answers a repeated request, when there is one. An
// INVITE that was accepted repeats its 2xx by the clock alone (RFC 6026 7.1).
void Transactions::repeat(TransactionId id, Transaction& known) {
    ++counts_.repeats;
    if (known.kind == Kind::invite && known.state == State::trying) {
        known.state = State::proceeding;
        known.repeat_at = never;
        schedule(id, known);
    }
    if (known.state == State::proceeding || known.state == State::completed)
        out_.send(known.peer, known.bytes);
}

void Transactions::take_ack(const wire::SipMessage& ack, MonoTime now) {
    auto at = find(server_key(ack, invite_method));
    if (at == table_.end())
        at = find(accepted_key(ack));
    if (at == table_.end()) {
        ++counts_.strays;
        return;
    }
    const TransactionId id = at->first;
    Transaction& invite = at->second;
    if (invite.state == State::completed) {
        if (invite.peer.is_reliable)
            return erase(at);
        invite.state = State::confirmed;
        invite.repeat_at = never;
        invite.ends_at = now + t4;  // timer I
        schedule(id, invite);
    } else if (invite.state == State::accepted && !invite.is_acknowledged) {
        // RFC 6026 7.1: the transaction stays, to absorb repeats of the INVITE.
        invite.is_acknowledged = true;
        invite.repeat_at = never;
        schedule(id, invite);
        listener_.on_ack(id, ack, now);
    }
}

void Transactions::take_response(const wire::SipMessage& response, MonoTime now) {
    const auto at = find(client_key(response));
    if (at == table_.end()) {
        ++counts_.strays;
        return;
    }
    const TransactionId id = at->first;
    Transaction& ours = at->second;
    if (ours.state == State::completed)
        return;
    if (response.status < 200) {
        ours.state = State::proceeding;
    } else if (ours.peer.is_reliable) {
        erase(at);
    } else {
        ours.state = State::completed;
        ours.repeat_at = never;
        ours.ends_at = now + t4;  // timer K
        schedule(id, ours);
    }
    listener_.on_response(id, response, now);
}

bool Transactions::reply(TransactionId id, std::string_view response, MonoTime now) {
    const auto at = table_.find(id);
    if (at == table_.end() || at->second.kind == Kind::ours || at->second.state > State::proceeding)
        return false;
    const auto read = wire::parse_sip(as_bytes(response));
    if (!read || read->is_request)
        return false;
    Transaction& transaction = at->second;
    out_.send(transaction.peer, response);
    keep(transaction, response);
    transaction.repeat_at = never;
    if (read->status >= 200) {
        answer_finally(at, *read, now);
        return true;
    }
    transaction.state = State::proceeding;
    transaction.ends_at = now + limits::sip_answer_wait;
    schedule(id, transaction);
    return true;
}

void Transactions::answer_finally(Table::iterator at, const wire::SipMessage& response,
                                  MonoTime now) {
    Transaction& transaction = at->second;
    const bool is_invite = transaction.kind == Kind::invite;
    if (!is_invite && transaction.peer.is_reliable)
        return erase(at);  // timer J is zero
    const bool is_accepted = is_invite && response.status < 300;
    transaction.state = is_accepted ? State::accepted : State::completed;
    transaction.ends_at = now + transaction_timeout;
    // A 2xx is repeated over TCP too, because only its first hop is known to be that (13.3.1.4).
    if (is_accepted || (is_invite && !transaction.peer.is_reliable)) {
        transaction.interval = t1;
        transaction.repeat_at = now + t1;
    }
    if (is_accepted)
        add_key(at, accepted_key(response));
    schedule(at->first, transaction);
}

std::optional<TransactionId> Transactions::request(std::string_view bytes, const Peer& to,
                                                   MonoTime now) {
    const auto read = wire::parse_sip(as_bytes(bytes));
    if (!read || !read->is_request || is_full())
        return std::nullopt;
    std::string key = client_key(*read);
    if (key.empty() || index_.contains(key))
        return std::nullopt;
    const auto at = add(Kind::ours, to, shares_.end(), std::move(key));
    const TransactionId id = at->first;
    Transaction& ours = at->second;
    keep(ours, bytes);
    ours.ends_at = now + transaction_timeout;  // timer F
    if (!to.is_reliable) {
        ours.interval = t1;
        ours.repeat_at = now + t1;  // timer E
    }
    schedule(id, ours);
    if (!out_.send(to, bytes) && to.is_reliable) {
        erase(at);
        return std::nullopt;
    }
    return id;
}

bool Transactions::knows(const wire::SipMessage& request) const {
    const auto key = server_key(request, request.method);
    return !key.empty() && index_.contains(key);
}

void Transactions::answer_once(const wire::SipMessage& request, const Peer& peer,
                               wire::SipReply reply) {
    const auto via = wire::parse_via(request.header("Via"));
    if (!via) {
        ++counts_.strays;
        return;
    }
    Peer reply_to = peer;
    if (!peer.is_reliable)
        reply_to.remote = wire::response_target(*via, peer.remote, false);
    const std::string tag = stateless_tag(server_key(request, request.method));
    reply.to_tag = tag;
    out_.send(reply_to, wire::compose_response(request, peer.remote, reply));
}

void Transactions::tick(MonoTime now) {
    while (!due_.empty() && due_.begin()->first <= now)
        fire(table_.find(due_.begin()->second), now);
}

std::optional<MonoTime> Transactions::next_due() const {
    return due_.empty() ? std::nullopt : std::optional(due_.begin()->first);
}

void Transactions::fire(Table::iterator at, MonoTime now) {
    Transaction& transaction = at->second;
    if (transaction.ends_at <= now)
        return end(at, now);
    if (transaction.kind == Kind::invite && transaction.state == State::trying) {
        transaction.state = State::proceeding;
        transaction.repeat_at = never;
    } else {
        const bool is_slow = transaction.state == State::proceeding;  // 17.1.2.2
        transaction.interval = is_slow ? t2 : std::min(2 * transaction.interval, t2);
        transaction.repeat_at = now + transaction.interval;
    }
    schedule(at->first, transaction);
    out_.send(transaction.peer, transaction.bytes);
}

void Transactions::end(Table::iterator at, MonoTime now) {
    const TransactionId id = at->first;
    const Kind kind = at->second.kind;
    const State state = at->second.state;
    const bool is_open = state == State::trying || state == State::proceeding;
    const bool is_acknowledged = at->second.is_acknowledged || state == State::confirmed;
    erase(at);
    if (kind == Kind::ours && is_open)
        listener_.on_unanswered(id, now);
    else if (is_open)
        ++counts_.unanswered;
    else if (kind == Kind::invite && !is_acknowledged)
        listener_.on_unacknowledged(id, now);
}

bool Transactions::is_full() const {
    return table_.size() >= limits_.transactions_max || kept_bytes_ >= limits_.bytes_max;
}

bool Transactions::is_full_for_beginner(const wire::IpAddress& address) const {
    if (table_.size() >= limits_.beginners_max() || kept_bytes_ >= limits_.beginners_bytes_max())
        return true;
    const auto share = shares_.find(address);
    return share != shares_.end() && (share->second.transactions >= limits_.beginners_max() / 2 ||
                                      share->second.bytes >= limits_.beginners_bytes_max() / 2);
}

Transactions::Table::iterator Transactions::find(const std::string& key) {
    const auto known = index_.find(key);
    return known == index_.end() ? table_.end() : table_.find(known->second);
}

Transactions::Table::iterator Transactions::add(Kind kind, const Peer& peer, Shares::iterator share,
                                                std::string key) {
    const auto at = table_.try_emplace(++last_id_).first;
    at->second.kind = kind;
    at->second.peer = peer;
    at->second.share = share;
    if (share != shares_.end())
        ++share->second.transactions;
    add_key(at, std::move(key));
    return at;
}

// Where two have the same key the first one keeps it.
void Transactions::add_key(Table::iterator at, std::string key) {
    const auto [entry, is_new] = index_.try_emplace(std::move(key), at->first);
    if (!is_new)
        return;
    const auto free = std::find(at->second.keys.begin(), at->second.keys.end(), nullptr);
    NK_CHECK(free != at->second.keys.end());
    *free = &entry->first;
    weigh(at->second, entry->first.size(), 0);
}

void Transactions::keep(Transaction& transaction, std::string_view bytes) {
    weigh(transaction, bytes.size(), transaction.bytes.size());
    transaction.bytes = bytes;
}

void Transactions::weigh(const Transaction& transaction, std::size_t more, std::size_t less) {
    kept_bytes_ += more;
    kept_bytes_ -= less;
    if (transaction.share == shares_.end())
        return;
    transaction.share->second.bytes += more;
    transaction.share->second.bytes -= less;
}

void Transactions::schedule(TransactionId id, Transaction& transaction) {
    const MonoTime due = std::min(transaction.repeat_at, transaction.ends_at);
    if (due == transaction.due)
        return;
    due_.erase({transaction.due, id});
    due_.insert({due, id});
    transaction.due = due;
}

void Transactions::erase(Table::iterator at) {
    due_.erase({at->second.due, at->first});
    for (const std::string* key : at->second.keys) {
        if (key == nullptr)
            continue;
        weigh(at->second, 0, key->size());
        index_.erase(index_.find(*key));
    }
    weigh(at->second, 0, at->second.bytes.size());
    if (const auto share = at->second.share;
        share != shares_.end() && --share->second.transactions == 0)
        shares_.erase(share);
    table_.erase(at);
}

}  // namespace nk::siprec
