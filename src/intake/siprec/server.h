#pragma once
// The SIPREC door: a recording server (SRS, RFC 7866) that session border controllers and PBXs send
// copies of their calls to.
//
// Sans-IO: SIP messages and packets come in with where they came from and when; what is to be sent
// goes out by Out and MediaPorts. One strand.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "intake/siprec/digest_guard.h"
#include "intake/siprec/session.h"
#include "intake/siprec/session_timer.h"
#include "intake/siprec/transactions.h"
#include "wire/sip_compose.h"

namespace nk::siprec {

struct ServerOptions {
    std::size_t calls_max = 10'000;          // beyond it: 503
    Nanos silence = limits::siprec_silence;  // without media: is the client there?
    // Who may have calls recorded here, by the address SIP comes from.
    std::function<bool(const wire::IpAddress&)> is_allowed;
    // Whoever opens a session must know one of these passwords; empty: nobody is asked.
    DigestGuard::Users users;
    // Whether a call that begins now can be recorded; empty: always. Else 503.
    std::function<bool()> has_room;
    // Whether what is recorded gets to the disk; empty: always. Else OPTIONS is answered with 503.
    std::function<bool()> is_disk_well;
    // A call was answered, and is recorded from now on, under that SIP Call-ID; empty: nobody asks.
    std::function<void(std::string_view)> has_begun;
    // Where we tell clients to send SIP to, a host with or without a port; empty: where it came to.
    std::string sip_at;
    // Where media is to be sent; nullopt: where the client's SIP reached us.
    std::optional<wire::IpAddress> media_at;
    std::uint16_t first_port = 20'000;
    std::uint16_t last_port = 59'999;
};

struct ServerCounts {
    std::uint64_t sip_messages = 0;
    std::uint64_t sip_unreadable = 0;
    std::uint64_t calls = 0;        // that were answered
    std::uint64_t refused = 0;      // for want of room
    std::uint64_t not_allowed = 0;  // by address, or for want of a password
    std::uint64_t rejected = 0;     // that could not be recorded
    std::uint64_t media = 0;        // RTP packets handed to a call
    std::uint64_t reports = 0;      // RTCP
    std::uint64_t strangers = 0;    // packets from somebody else
    std::uint64_t dropped_by_us = 0;
    std::uint64_t other = 0;  // to our ports, and no RTP
};

class Server : private Listener {
public:
    Server(call::Ear& ear, Out& out, MediaPorts& sockets, Random& random, const Clock& clock,
           ServerOptions options);
    ~Server() override;

    // One whole SIP message, as a datagram or cut from a stream.
    void on_sip(Bytes message, const Peer& peer, MonoTime now);
    // The head of a message whose body is larger than limits::sip_message_bytes_max leaves.
    void on_large_sip(Bytes head, const Peer& peer, MonoTime now);
    // A packet to one of the ports that were opened: `port` is the RTP one of the pair.
    void on_media(std::uint16_t port, const wire::Endpoint& from, Bytes packet, MonoTime arrival);
    // The kernel dropped so many RTP packets that came to that port between these two moments.
    void on_drop(std::uint16_t port, std::uint64_t packets, MonoTime from, MonoTime to);
    // Does what is due. To be called several times a second, and with every step of time.
    void tick(MonoTime now);

    // No new calls from now on; those that run go on.
    void drain() { is_draining_ = true; }
    [[nodiscard]] bool is_draining() const { return is_draining_; }
    // Every call ends here, and its client is told.
    void finish(MonoTime now);

    // Every recording session of that SIP Call-ID; false when there is none.
    bool pause(std::string_view call_id, MonoTime now);
    bool resume(std::string_view call_id, MonoTime now);

    [[nodiscard]] std::size_t in_progress() const { return dialogs_.size(); }
    [[nodiscard]] const ServerCounts& counts() const { return counts_; }
    [[nodiscard]] const TransactionCounts& transactions() const { return transactions_.counts(); }
    [[nodiscard]] const PortPool& ports() const { return ports_; }

private:
    struct Dialog {
        std::string tag;  // ours, and its key
        wire::SipDialog sip;
        std::string remote_tag;
        bool is_sips = false;  // asked for by a sips: URI
        Peer peer;             // of its last request
        TransactionId invite = 0;
        std::unique_ptr<Session> session;
        std::vector<std::uint16_t> indexed;  // its ports in by_port_
        std::uint32_t remote_cseq = 0;
        std::uint32_t local_cseq = 0;
        std::optional<MonoTime> closing;  // over by signalling; what is on its way is still heard
        call::Ending ending = call::Ending::bye;
        SessionTimer timer;
        MonoTime refreshed;
        MonoTime heard;                   // its last request or answer
        MonoTime probed;                  // when silent media was last asked about
        MonoTime may_ask_at;              // not before: a request of ours was refused
        bool is_asked_at_target = false;  // and not where its requests come from
        std::optional<TransactionId> asked;
    };

    void on_request(TransactionId id, const wire::SipMessage& request, const Peer& peer,
                    MonoTime now) override;
    void on_cancel(TransactionId id, std::optional<TransactionId> invite,
                   const wire::SipMessage& cancel, const Peer& peer, MonoTime now) override;
    void on_ack(TransactionId invite, const wire::SipMessage& ack, MonoTime now) override;
    void on_response(TransactionId id, const wire::SipMessage& response, MonoTime now) override;
    void on_unanswered(TransactionId id, MonoTime now) override;
    void on_unacknowledged(TransactionId invite, MonoTime now) override;

    struct Refusal {
        int status = 0;
        std::string_view why{};
        std::vector<wire::SipHeader> headers{};
    };
    // Whether the request may come any further; otherwise it has its answer, without a memory of
    // it.
    bool is_let_in(const wire::SipMessage& request, const Peer& peer, MonoTime now);
    [[nodiscard]] std::string_view why_full() const;
    void on_new_invite(TransactionId id, const wire::SipMessage& invite, const Peer& peer,
                       MonoTime now);
    void in_dialog(Dialog& dialog, TransactionId id, const wire::SipMessage& request,
                   const Peer& peer, MonoTime now);
    void refresh(Dialog& dialog, TransactionId id, const wire::SipMessage& request, MonoTime now);
    static std::optional<Refusal> refusal_of(const TimerAsked& asked);
    static Refusal refusal_of(const Session::Outcome& outcome);
    std::vector<wire::SipHeader> session_headers(const Dialog& dialog, bool in_request,
                                                 std::vector<std::string>& kept) const;
    void reply(TransactionId id, const wire::SipMessage& request, const Peer& peer,
               wire::SipReply reply, MonoTime now);
    void refuse(TransactionId id, const wire::SipMessage& request, const Peer& peer,
                const Refusal& refusal, MonoTime now);
    bool send_in_dialog(Dialog& dialog, std::string_view method, MonoTime now);
    void ask_whether_it_is_there(Dialog& dialog, Nanos silent, MonoTime now);
    void give_up(Dialog& dialog, MonoTime now);
    void close(Dialog& dialog, call::Ending ending, MonoTime now);
    void end(Dialog& dialog, MonoTime now);
    void index_ports(Dialog& dialog);
    void forget_ports(const Dialog& dialog);
    void look_at(Dialog& dialog, MonoTime now);
    using Waiting = std::unordered_map<TransactionId, std::string>;  // whose dialog, by our tag
    Dialog* take(Waiting& waiting, TransactionId id);
    Dialog* find(const wire::SipMessage& message);
    std::vector<Dialog*> running(std::string_view call_id);
    std::string token(std::size_t bytes);

    call::Numbers numbers_;
    PortPool ports_;
    Common common_;
    Random& random_;
    ServerOptions options_;
    std::optional<DigestGuard> guard_;
    Transactions transactions_;
    std::unordered_map<std::string, std::unique_ptr<Dialog>> dialogs_;  // by our tag
    Waiting asked_;    // requests of ours without an answer
    Waiting invites_;  // INVITEs without an ACK
    struct Heard {
        Session* session = nullptr;
        std::size_t line = 0;
    };
    std::vector<Heard> by_port_;  // by port / 2
    call::Ear& ear_;
    MonoTime last_look_{};
    bool is_draining_ = false;
    ServerCounts counts_;
};

}  // namespace nk::siprec
