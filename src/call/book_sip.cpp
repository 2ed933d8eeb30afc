// The signalling half of the book: which call a message belongs to, and what it changes.

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "call/book.h"
#include "call/from_sip.h"

namespace nk::call {

namespace {

constexpr std::size_t caller = 0;
constexpr std::size_t callee = 1;

bool is_dialog_method(std::string_view method) {
    return method == "INVITE" || method == "ACK" || method == "BYE" || method == "CANCEL" ||
           method == "PRACK" || method == "UPDATE" || method == "INFO" || method == "REFER" ||
           method == "NOTIFY" || method == "OPTIONS" || method == "MESSAGE";
}

bool carries_sdp(const wire::SipMessage& message) {
    return !message.body.empty() && !message.header("Content-Type").empty();
}

// Where that line's sender receives; none when it is refused (port 0), held the old way, or named
// by a host name.
std::optional<wire::Endpoint> media_address(const wire::SdpMedia& media) {
    if (media.port == 0 || !media.address || media.address->is_unspecified())
        return std::nullopt;
    return wire::Endpoint{*media.address, media.port};
}

}  // namespace

// RFC 3261 12: a dialog is Call-ID, local tag and remote tag; which of the two is local depends on
// who speaks.
Call* Book::find(const wire::SipMessage& message) const {
    const std::string call_id(message.call_id());
    const auto from = message.from_tag();
    const auto to = message.to_tag();
    const auto [first, last] = by_call_id_.equal_range(call_id);
    Call* by_caller = nullptr;
    for (auto it = first; it != last; ++it) {
        Call& call = *it->second;
        if (call.caller_tag == from) {
            if (to.empty() || call.callee_tags.empty() || call.callee_tags.contains(to))
                return &call;
            by_caller = &call;  // a new branch of a fork
        }
        if (!to.empty() && call.caller_tag == to &&
            (call.callee_tags.contains(from) || call.callee_tags.empty()))
            return &call;
    }
    return by_caller;
}

// A call may be seen from its INVITE, from a reply that overtook it, or from the middle.
Call* Book::open(const wire::SipMessage& message, MonoTime now, WallTime wall) {
    const bool first_invite =
        message.method == "INVITE" && (!message.is_request || message.to_tag().empty());
    const bool mid_dialog = (message.method == "INVITE" || message.method == "UPDATE") &&
                            carries_sdp(message) && (message.is_request || message.status < 300);
    if (!first_invite && !mid_dialog)
        return nullptr;
    if (!message.is_request && (message.status >= 300 || message.status == 100))
        return nullptr;
    if (by_call_id_.count(std::string(message.call_id())) >= limits::calls_per_call_id_max) {
        ++counts_.refused_calls;
        return nullptr;
    }
    Call* call = make(now, wall);
    if (call == nullptr)
        return nullptr;
    call->has_signalling = true;
    call->sip_call_id = std::string(message.call_id());
    call->caller_tag = std::string(message.from_tag());
    if (!message.to_tag().empty())
        call->callee_tags.insert(std::string(message.to_tag()));
    if (message.is_request && !message.to_tag().empty()) {
        call->answered = now;  // its beginning was not seen, but it stands
        call->answered_tag = std::string(message.to_tag());
        call->talking_tags.insert(call->answered_tag);
        call->note("began-before-the-capture", now);
    }
    by_call_id_.emplace(call->sip_call_id, call);
    return call;
}

void Book::on_sip(const wire::SipMessage& message, MonoTime now, WallTime wall) {
    ++counts_.sip_messages;
    if (!message.faults.empty())
        ++counts_.sip_faulty;
    if (message.call_id().empty() || !is_dialog_method(message.method))
        return;
    Call* call = find(message);
    if (call == nullptr)
        call = open(message, now, wall);
    if (call == nullptr)
        return;
    call->last_sign = now;
    if (!message.faults.empty())
        call->note("sip-malformed", now);
    // The sender of a request is its From; of a response, whose To it is.
    const bool from_is_caller = message.from_tag() == call->caller_tag;
    const std::size_t sender = from_is_caller == message.is_request ? caller : callee;
    const auto branch = from_is_caller ? message.to_tag() : message.from_tag();
    if (!branch.empty() && branch != call->caller_tag) {
        if (call->callee_tags.size() < limits::branches_per_call_max)
            call->callee_tags.insert(std::string(branch));
        else
            call->note("branches-left-out", now);
    }
    add_conversation_keys(*call, message);
    if (message.is_request)
        on_request(*call, message, sender, now);
    else
        on_response(*call, message, sender, now);
    ear_.tells(*call, now);
}

void Book::on_request(Call& call, const wire::SipMessage& message, std::size_t sender,
                      MonoTime now) {
    const auto method = message.method;
    if (method == "INVITE" && message.to_tag().empty()) {
        learn_parties(call, message);
        if (!call.invited) {
            call.invited = now;
            call.tell(now, "invited", caller);
        }
        if (call.over && !call.answered)
            call.over.reset();  // tried again after a challenge
    }
    if (method == "BYE") {
        // Of several branches that answered, the caller keeps one and says BYE to the others (RFC
        // 3261 13.2.2.4).
        const auto branch = sender == caller ? message.to_tag() : message.from_tag();
        if (const auto known = call.talking_tags.find(branch); known != call.talking_tags.end())
            call.talking_tags.erase(known);
        if (!call.over && call.talking_tags.empty()) {
            call.over = now;
            call.ending = Ending::bye;
        }
        return;
    }
    if (method == "CANCEL") {
        if (!call.over && !call.answered) {
            call.over = now;
            call.ending = Ending::cancelled;
        }
        return;
    }
    if (method == "INFO")
        on_info(call, message, sender, now);
    if (method == "REFER" && message.cseq() != call.refer_seen[sender]) {
        call.refer_seen[sender] = message.cseq();
        call.tell(now, "transferred", sender, std::string(message.header("Refer-To")));
    }
    if (method == "INVITE" || method == "ACK" || method == "PRACK" || method == "UPDATE")
        learn_media(call, message, sender, now);
}

void Book::on_response(Call& call, const wire::SipMessage& message, std::size_t sender,
                       MonoTime now) {
    const int status = message.status;
    const bool of_invite = message.method == "INVITE";
    if (of_invite && sender == callee && !call.answered && status >= 180 && status < 190) {
        if (!call.rung)
            call.tell(now, "ringing", callee);
        call.rung = true;
        if (call.over && call.ending == Ending::refused)
            call.over.reset();  // one branch is busy, another one rings
    }
    if (of_invite && sender == callee && status >= 200)
        on_final(call, message, now);
    if (call.offer && call.offer->sender != sender && call.offer->cseq == message.cseq() &&
        status >= 200) {
        const auto offer = std::exchange(call.offer, std::nullopt);
        if (status < 300)
            apply(call, offer->sdp, offer->sender, now);
        else
            call.sdp_seen[offer->sender] = 0;  // refused: it may be made again
    }
    if (status >= 180 && status < 300 &&
        (of_invite || message.method == "UPDATE" || message.method == "PRACK"))
        learn_media(call, message, sender, now);
}

void Book::on_final(Call& call, const wire::SipMessage& message, MonoTime now) {
    if (call.parties[caller].uri.empty())
        learn_parties(call, message);
    const std::string branch(message.to_tag());
    if (message.status < 300) {
        call.final_status = message.status;
        if (call.talking_tags.size() < limits::branches_per_call_max)
            call.talking_tags.insert(branch);
        if (!call.answered) {
            call.answered = now;
            call.answered_tag = branch;
            call.tell(now, "answered", callee);
        }
        if (call.over && call.ending != Ending::bye)
            call.over.reset();  // answered after all: the CANCEL came too late, or another branch
                                // took it
        return;
    }
    if (call.answered)
        return;  // a refused re-INVITE changes nothing (RFC 3261 14.1)
    call.final_status = message.status;
    if (call.refused_tags.size() < limits::branches_per_call_max)
        call.refused_tags.insert(branch);
    const bool another_rings =
        std::any_of(call.callee_tags.begin(), call.callee_tags.end(),
                    [&](const auto& tag) { return !call.refused_tags.contains(tag); });
    if (!call.over && !another_rings) {
        call.over = now;
        call.ending = message.status == 487 ? Ending::cancelled : Ending::refused;
    }
}

void Book::on_info(Call& call, const wire::SipMessage& message, std::size_t sender, MonoTime now) {
    const auto pressed = pressed_in(message);
    if (!pressed || message.cseq() == call.info_seen[sender])
        return;
    call.info_seen[sender] = message.cseq();
    call.press(now, sender, pressed->key, pressed->duration_ms);
}

void Book::learn_parties(Call& call, const wire::SipMessage& message) {
    read_party(call.parties[caller], message.header("From"));
    read_party(call.parties[callee], message.header("To"));
    // RFC 3325 9.1: what the network vouches for beats what the caller says of himself.
    if (const auto asserted = message.header("P-Asserted-Identity");
        !asserted.empty() && message.is_request) {
        Party vouched;
        read_party(vouched, asserted);
        if (!vouched.number.empty()) {
            call.parties[caller].number = vouched.number;
            if (!vouched.name.empty())
                call.parties[caller].name = vouched.name;
        }
    }
    if (!message.header("X-Cisco-Recording-Participant").empty() ||
        message.header("Require").find("siprec") != std::string_view::npos)
        call.is_recording_leg = true;
}

void Book::learn_media(Call& call, const wire::SipMessage& message, std::size_t sender,
                       MonoTime now) {
    if (!carries_sdp(message))
        return;
    for (const auto& part : wire::body_parts(message.header("Content-Type"), message.body)) {
        if (part.content_type != "application/sdp")
            continue;
        // The same description again (a retransmission, the same message seen on two legs) says
        // nothing new, and must not take back a port that another call was given meanwhile.
        const std::size_t fingerprint = std::hash<std::string_view>{}(as_text(part.body));
        if (call.over || call.sdp_seen[sender] == fingerprint)
            return;
        call.sdp_seen[sender] = fingerprint;
        auto sdp = wire::parse_sdp(part.body);
        if (!sdp) {
            call.note("sdp-malformed", now);
            continue;
        }
        if (!sdp->faults.empty())
            call.note("sdp-malformed", now);
        const bool waits = call.answered && message.is_request &&
                           (message.method == "INVITE" || message.method == "UPDATE");
        if (waits) {
            claim_ports(call, *sdp, sender);  // its sender may listen there at once
            call.offer.emplace(Call::Offer{message.cseq(), sender, std::move(*sdp)});
        } else {
            apply(call, *sdp, sender, now);
        }
        return;
    }
}

void Book::claim_ports(Call& call, const wire::Sdp& sdp, std::size_t sender) {
    for (std::size_t i = 0; i < sdp.media.size() && i < call.lines.size(); ++i)
        if (const auto here = media_address(sdp.media[i]); here && media_.find(*here) == nullptr)
            media_.claim(*here, call, sender, i, sdp.media[i].type == "audio");
}

void Book::apply(Call& call, const wire::Sdp& sdp, std::size_t sender, MonoTime now) {
    for (std::size_t i = 0; i < sdp.media.size(); ++i) {
        const auto& media = sdp.media[i];
        if (i >= call.lines.size())
            call.lines.push_back({media.type, {}});
        auto& side = call.lines[i].sides[sender];
        if (!side)
            side.emplace();
        call.lines[i].type = media.type;
        side->refused = media.port == 0;
        side->direction = media.direction;
        side->label = media.label;
        side->secured = media.is_secured();
        call.learn_crypto(i, sender, media.crypto);
        if (!media.formats.empty())
            side->formats = media.formats;
        // RFC 3264 8.4, and the older way of holding: 0.0.0.0 says "send me nothing", not "I
        // moved".
        if (media.address && media.address->is_unspecified())
            side->direction = wire::Direction::inactive;
        const auto here = media_address(media);
        if (!here)
            continue;
        if (side->receives_at && *side->receives_at != *here)
            call.tell(now, "moved", sender, here->text());
        side->receives_at = here;
        media_.claim(*here, call, sender, i, media.type == "audio");
    }
    mark_recording_leg(call);
    refresh(call, now);
}

// A copy made for a recorder: several audio lines, all sent by one side and none by the other. Its
// lines are the two parties of the conversation, not two microphones of one.
void Book::mark_recording_leg(Call& call) {
    std::size_t one_way = 0;
    std::size_t audio = 0;
    for (const auto& line : call.lines) {
        if (line.type != "audio" || !line.sides[caller])
            continue;
        ++audio;
        if (line.sides[caller]->direction == wire::Direction::sendonly)
            ++one_way;
    }
    if (audio >= 2 && one_way == audio)
        call.is_recording_leg = true;
}

void Book::refresh(Call& call, MonoTime now) {
    if (!call.refresh_tracks(now))
        return;
    for (const auto& track : call.tracks)
        ear_.learns(call, *track, now);
}

}  // namespace nk::call
