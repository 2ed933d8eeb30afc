#pragma once
// One recording session (RFC 7866): the dialog a recording client opened with us, its media lines,
// and the call that is being recorded by it.
//
// It answers offers, follows the metadata, and hands packets to the Ear. The messages themselves
// are the server's (siprec/server.h).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "call/ear.h"
#include "call/from_sip.h"
#include "call/numbers.h"
#include "intake/siprec/media_line.h"
#include "intake/siprec/port_pool.h"
#include "intake/siprec/roster.h"
#include "wire/rtcp.h"
#include "wire/sip.h"

namespace nk::siprec {

// Where media is received. Owned by the door, implemented with the host's sockets.
class MediaPorts {
public:
    virtual ~MediaPorts() = default;
    // Opens that port and the next for RTP and RTCP; false when something else has it.
    virtual bool open(std::uint16_t port) = 0;
    virtual void close(std::uint16_t port) = 0;
    // Hands over what has arrived there and was not read yet.
    virtual void read(std::uint16_t port) = 0;
    // Sends from the port's RTCP half, or from the RTP one where both go by it (RFC 5761).
    virtual void send_rtcp(std::uint16_t port, const wire::Endpoint& to, Bytes packet,
                           bool is_muxed) = 0;
};

// What all sessions of a server share.
struct Common {
    call::Ear& ear;
    call::Numbers& numbers;
    MediaPorts& sockets;
    PortPool& ports;
    Random& random;
    const Clock& clock;  // for the wall's time alone
};

class Session {
public:
    Session(Common& common, const wire::SipMessage& invite, MonoTime now);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // What came of a message with or without an offer: the answer to put into the response, or the
    // status to refuse it with.
    struct Outcome {
        int status = 200;
        std::string sdp;
        std::string_view why;
    };
    // An INVITE, re-INVITE or UPDATE. `media_at` is the address media is to be sent to. A refusal
    // changes nothing.
    Outcome on_offer(const wire::SipMessage& message, const wire::IpAddress& signalling,
                     const wire::IpAddress& media_at, MonoTime now);
    // Metadata or key presses in any message of the dialog.
    void on_body(const wire::SipMessage& message, MonoTime now);
    // The ACK of the INVITE that came last: it answers the offer in our 200, when that had one (RFC
    // 3261 13.2.1). Until then no other offer is taken.
    void on_ack(const wire::SipMessage& ack, const wire::IpAddress& signalling, MonoTime now);
    // It never came.
    void on_no_ack() { awaits_answer_ = false; }
    // Packets that came to one of its lines.
    enum class Heard : std::uint8_t { media, report, stranger, other };
    Heard on_packet(std::size_t line, const wire::Endpoint& from, Bytes packet, MonoTime arrival);

    void on_drop(std::size_t line, std::uint64_t packets, MonoTime from, MonoTime to);

    // Asked for at this machine: nothing that arrives from now on is kept, until resume() or for
    // limits::pause_max. What arrived before and is read later is judged by when it arrived. What
    // the client pauses goes by itself.
    void pause(MonoTime now);
    void resume(MonoTime now);
    // Sends receiver reports, ends a pause that lasted too long.
    void tick(MonoTime now);

    // The dialog stands.
    void answered(std::string_view our_tag, MonoTime now);
    void note(std::string_view oddity, MonoTime now) { call_->note(oddity, now); }
    // Over: the call ends and its ports are given back.
    void end(call::Ending ending, MonoTime now);

    [[nodiscard]] const call::Call& call() const { return *call_; }
    [[nodiscard]] const std::vector<MediaLine>& lines() const { return lines_; }
    [[nodiscard]] MonoTime last_media() const { return call_->last_media; }
    [[nodiscard]] bool had_media() const { return call_->last_media > call_->began; }

private:
    struct Bodies {
        std::optional<wire::Sdp> offer;
        std::vector<Bytes> metadata;
        bool has_unreadable_sdp = false;
    };
    [[nodiscard]] bool is_withheld(const MediaLine& line, MonoTime arrival) const;
    void follow_pauses(const wire::Sdp& offer, MonoTime now);
    void end_forgotten_pauses(MonoTime now);
    void tell_pause(std::string_view what, const MediaLine* line, std::string_view by,
                    MonoTime now);
    void press(const call::SignalledKey& pressed, MonoTime now);
    void read_ports();
    static Bodies read_bodies(const wire::SipMessage& message);
    bool open_lines(const wire::Sdp& offer, MonoTime now);
    void apply(const wire::Sdp& offer, const wire::IpAddress& signalling, MonoTime now);
    void choose_keys(MediaLine& line, const wire::SdpMedia& media);
    [[nodiscard]] std::string compose(const wire::Sdp& offer, const wire::IpAddress& media_at);
    [[nodiscard]] std::string our_offer(const wire::IpAddress& media_at);
    void take_metadata(Bytes xml, MonoTime now);
    void learn_without_metadata(const wire::SipMessage& invite, MonoTime now);
    void learn_near_end(const wire::SipMessage& invite);
    void learn_record_uri(const wire::SipMessage& invite);
    void put_parties(MonoTime now, const std::vector<Move>& moves);
    void assign_tracks(MonoTime now);
    void assign(MediaLine& line, std::size_t place, MonoTime now);
    call::Track* track_for(std::size_t party, std::size_t line, bool is_mixed);
    void describe(MediaLine& line, call::Track& track, MonoTime now);
    void release_port(MediaLine& line, MonoTime now);

    Common& common_;
    std::unique_ptr<call::Call> call_;
    std::vector<MediaLine> lines_;
    wire::IpAddress client_;  // where its first message came from
    Roster roster_;
    bool has_metadata_ = false;
    std::size_t own_party_ = 0;  // of a call that copies one party alone: the one on its first line
    std::optional<wire::Sdp> offer_;  // the one that stands
    std::uint64_t session_id_ = 0;
    std::uint64_t version_ = 0;
    std::string last_answer_;
    bool awaits_answer_ = false;
    Pause paused_;                        // by somebody at this machine
    std::vector<wire::IpAddress> known_;  // where media was said to come from
    MonoTime last_report_{};
    std::uint32_t our_ssrc_ = 0;
};

}  // namespace nk::siprec
