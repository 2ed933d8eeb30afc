#pragma once
// A caller's messages and a listener that keeps what it is told, for the tests of this door.

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "intake/siprec/transactions.h"
#include "wire/sip_compose.h"

namespace nk::siprec::testing {

struct Ask {
    std::string method = "INVITE";
    std::string branch = "z9hG4bK1";
    std::string sent_by = "192.0.2.2:5070";
    std::string to_tag{};
    std::string call_id = "c1";
    std::string cseq_method{};  // empty: method
    std::string via_rest{};

    [[nodiscard]] std::string text() const {
        return method + " sip:srs@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP " + sent_by +
               (branch.empty() ? "" : ";branch=" + branch) + via_rest +
               "\r\nFrom: <sip:sbc@example.com>;tag=f\r\nTo: <sip:srs@192.0.2.9>" +
               (to_tag.empty() ? "" : ";tag=" + to_tag) + "\r\nCall-ID: " + call_id +
               "\r\nCSeq: 7 " + (cseq_method.empty() ? method : cseq_method) +
               "\r\nContent-Length: 0\r\n\r\n";
    }
};

inline Peer peer_at(std::string_view ip, std::uint16_t port, bool is_reliable = false) {
    Peer peer;
    peer.remote = {*wire::parse_ip(ip), port};
    peer.is_reliable = is_reliable;
    return peer;
}

struct Sent {
    MonoTime at;
    Peer to;
    std::string bytes;
    [[nodiscard]] std::string first_line() const { return bytes.substr(0, bytes.find('\r')); }
};

// Transactions with a clock that is held, and everything that they said.
class World : public Out, public Listener {
public:
    explicit World(TransactionLimits limits = {}) : transactions(*this, *this, limits) {}

    void take(const std::string& text, const Peer& peer) {
        auto message = wire::parse_sip(as_bytes(text));
        if (message)
            transactions.take(*message, peer, now);
    }
    // Time goes on to `at`, and everything that is due is done when it is.
    void run_to(MonoTime at) {
        for (auto due = transactions.next_due(); due && *due <= at; due = transactions.next_due()) {
            now = std::max(now, *due);
            transactions.tick(now);
        }
        now = at;
    }
    void run(Nanos time) { run_to(now + time); }
    // The response to the request of that number, with our tag "ours".
    bool reply(TransactionId id, int status) {
        const auto& request = requests.at(id);
        const auto message = wire::parse_sip(as_bytes(request.first));
        return transactions.reply(id,
                                  wire::compose_response(*message, request.second.remote,
                                                         {.status = status, .to_tag = "ours"}),
                                  now);
    }
    // The times at which a message of that first line was sent, in milliseconds.
    [[nodiscard]] std::vector<std::int64_t> times_of(const std::string& first_line) const {
        std::vector<std::int64_t> times;
        for (const Sent& one : sent)
            if (one.first_line() == first_line)
                times.push_back(one.at.ns / 1'000'000);
        return times;
    }

    bool send(const Peer& to, std::string_view bytes) override {
        sent.push_back({now, to, std::string(bytes)});
        if (on_send)
            on_send(sent.back());
        return true;
    }
    void on_request(TransactionId id, const wire::SipMessage& request, const Peer& peer,
                    MonoTime /*now*/) override {
        keep(id, request, peer);
        heard.push_back(std::string(request.method));
        if (answer_at_once)
            reply(id, *answer_at_once);
    }
    void on_cancel(TransactionId id, std::optional<TransactionId> invite,
                   const wire::SipMessage& cancel, const Peer& peer, MonoTime /*now*/) override {
        keep(id, cancel, peer);
        heard.emplace_back(invite ? "CANCEL" : "CANCEL of nothing");
        reply(id, invite ? 200 : 481);
        if (invite)
            could_cancel = reply(*invite, 487);
    }
    void on_ack(TransactionId /*invite*/, const wire::SipMessage& /*ack*/,
                MonoTime /*now*/) override {
        heard.emplace_back("ACK");
    }
    void on_response(TransactionId /*id*/, const wire::SipMessage& response,
                     MonoTime /*now*/) override {
        heard.push_back(std::to_string(response.status));
    }
    void on_unanswered(TransactionId /*id*/, MonoTime /*now*/) override {
        heard.emplace_back("unanswered");
    }
    void on_unacknowledged(TransactionId /*invite*/, MonoTime /*now*/) override {
        heard.emplace_back("unacknowledged");
    }

    MonoTime now{};
    Transactions transactions;
    std::vector<Sent> sent;
    std::vector<std::string> heard;
    std::optional<int> answer_at_once;
    std::optional<bool> could_cancel;
    std::function<void(const Sent&)> on_send;

private:
    // A message looks into its bytes, so the request is kept as it would be read again.
    void keep(TransactionId id, const wire::SipMessage& request, const Peer& peer) {
        std::string text(request.method);
        text.append(" ").append(request.request_uri).append(" SIP/2.0\r\n");
        for (const auto& header : request.headers)
            text.append(header.name).append(": ").append(header.value).append("\r\n");
        requests.insert_or_assign(id, std::pair(text + "\r\n", peer));
    }
    std::unordered_map<TransactionId, std::pair<std::string, Peer>> requests;
};

}  // namespace nk::siprec::testing
