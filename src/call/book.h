#pragma once
// The book of calls in progress: SIP goes in, media packets find their call, and an Ear is told.
//
// A passive observer's view (no transactions are answered): messages may come twice, late, in the
// wrong order, from the middle of a dialog or of one leg only. A call is known by its Call-ID and
// the caller's tag; every to-tag is a branch of it (RFC 3261 12, 19.3). Media is known by the
// endpoints that SDP named.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "call/call.h"
#include "call/ear.h"
#include "call/media_table.h"
#include "call/numbers.h"
#include "wire/address.h"
#include "wire/sip.h"

namespace nk::call {

struct BookCounts {
    std::uint64_t calls = 0;     // that were answered or carried media
    std::uint64_t attempts = 0;  // that ended without an answer and without media
    std::uint64_t sip_messages = 0;
    std::uint64_t sip_faulty = 0;
    std::uint64_t refused_calls = 0;  // beyond limits::calls_max
};

// Where a media packet belongs.
struct Route {
    Call* call = nullptr;
    Track* track = nullptr;
    bool from_unnamed_port = false;  // its source is not what the sender's SDP named
    bool is_other_media = false;     // a call's, but no sound: a fax image, a picture
};

class Book {
public:
    explicit Book(Ear& ear);
    ~Book();
    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;

    void on_sip(const wire::SipMessage& message, MonoTime now, WallTime wall);

    // Who sends on a flow from `source` to `destination`; no call when nobody's SDP knows either
    // end.
    Route route(const PortRecord& source, const PortRecord& destination) const;
    // Media of these calls comes next: a hint.
    void expect(std::span<const Call* const> calls) const;
    void on_media(Call& call, Track& track, const MediaPacket& packet);

    // A call without signalling, for media that no SDP named (intake decides when it is one). Its
    // flows are the caller's to remember, by the call's number. Null when there are too many calls.
    Call* begin_bare(const wire::Endpoint& first_sender, const wire::Endpoint& first_receiver,
                     MonoTime now, WallTime wall);
    // A call in progress by its number; null when it has ended.
    Call* find(std::uint64_t number) const;
    // Signalling has named what was a call without signalling: that one ends here and `by` goes on
    // with its media.
    void take_over(std::uint64_t bare, Call& by, MonoTime now);
    // The media of that line is encrypted from now on, by keys exchanged beside the media
    // (DTLS-SRTP, ZRTP).
    void on_keyed(Call& call, std::size_t line, MonoTime now);
    // The capture's clock leapt; every call in progress should say so.
    void on_clock_leap(MonoTime now);

    // Ends what is over, tells the Ear that time passes. Call it with every step of the traffic's
    // time.
    void tick(MonoTime now);
    // The traffic stops here: every call in progress ends so.
    void finish(Ending ending, MonoTime now);

    MediaTable& media() { return media_; }
    [[nodiscard]] const BookCounts& counts() const { return counts_; }
    [[nodiscard]] std::size_t in_progress() const { return calls_.size(); }

private:
    Call* find(const wire::SipMessage& message) const;
    Call* open(const wire::SipMessage& message, MonoTime now, WallTime wall);
    Call* make(MonoTime now, WallTime wall);
    void on_request(Call& call, const wire::SipMessage& message, std::size_t sender, MonoTime now);
    void on_response(Call& call, const wire::SipMessage& message, std::size_t sender, MonoTime now);
    void on_final(Call& call, const wire::SipMessage& message, MonoTime now);
    void on_info(Call& call, const wire::SipMessage& message, std::size_t sender, MonoTime now);
    void learn_parties(Call& call, const wire::SipMessage& message);
    void learn_media(Call& call, const wire::SipMessage& message, std::size_t sender, MonoTime now);
    void apply(Call& call, const wire::Sdp& sdp, std::size_t sender, MonoTime now);
    void claim_ports(Call& call, const wire::Sdp& sdp, std::size_t sender);
    static void mark_recording_leg(Call& call);
    void refresh(Call& call, MonoTime now);
    void end(Call& call, MonoTime now);
    [[nodiscard]] bool is_due(const Call& call, MonoTime now) const;

    Ear& ear_;
    MediaTable media_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Call>> calls_;
    std::unordered_multimap<std::string, Call*> by_call_id_;
    Numbers numbers_;
    MonoTime last_tick_{};
    MonoTime last_look_{};
    BookCounts counts_;
};

}  // namespace nk::call
