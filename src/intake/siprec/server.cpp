#include "intake/siprec/server.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/limits.h"
#include "base/pack.h"
#include "base/same_text.h"
#include "intake/siprec/judgement.h"

namespace nk::siprec {

namespace {

constexpr std::string_view allowed_methods =
    "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO, PRACK";
constexpr std::string_view accepted_types =
    "application/sdp, application/rs-metadata+xml, application/rs-metadata, multipart/mixed";
constexpr std::string_view our_extensions = "siprec, timer";
constexpr std::array<std::string_view, 5> understood{"siprec", "timer", "100rel", "replaces",
                                                     "histinfo"};
// What we do not understand and the client insists on (RFC 3261 8.2.2.3).
std::string not_understood(const wire::SipMessage& request) {
    std::string out;
    for (const auto line : request.all("Require"))
        for (const auto tag : wire::split_list(line))
            if (std::none_of(understood.begin(), understood.end(),
                             [&](std::string_view known) { return equal_ci(known, tag); }))
                out.append(out.empty() ? "" : ", ").append(tag);
    return out;
}

bool has_metadata(const wire::SipMessage& message) {
    const auto type = message.header("Content-Type");
    return contains_ci(type, "rs-metadata") || contains_ci(type, "multipart");
}

}  // namespace

Server::Server(call::Ear& ear, Out& out, MediaPorts& sockets, Random& random, const Clock& clock,
               ServerOptions options)
    : ports_(options.first_port, options.last_port, limits::media_port_rest),
      common_{ear, numbers_, sockets, ports_, random, clock},
      random_(random),
      options_(std::move(options)),
      transactions_(out, *this),
      by_port_(32'768),
      ear_(ear) {
    if (!options_.users.empty())
        guard_.emplace(options_.users, "naklank", random);
}

Server::~Server() = default;

void Server::on_sip(Bytes message, const Peer& peer, MonoTime now) {
    ++counts_.sip_messages;
    const auto parsed = wire::parse_sip(message);
    if (!parsed) {
        ++counts_.sip_unreadable;
        return;
    }
    if (!parsed->is_request || is_let_in(*parsed, peer, now))
        transactions_.take(*parsed, peer, now);
}

void Server::on_large_sip(Bytes head, const Peer& peer, MonoTime now) {
    static const std::string why = "399 naklank \"A message may have " +
                                   std::to_string(limits::sip_message_bytes_max) + " bytes\"";
    ++counts_.sip_messages;
    auto parsed = wire::parse_sip(head);
    if (!parsed) {
        ++counts_.sip_unreadable;
        return;
    }
    // These say what they have to say without a body.
    const bool needs_no_body =
        !parsed->is_request || parsed->method == "BYE" || parsed->method == "ACK";
    if (needs_no_body) {
        std::erase_if(parsed->faults, [](std::string_view fault) {
            return fault.starts_with(fault_of_a_cut_body);
        });
        if (!parsed->is_request || is_let_in(*parsed, peer, now))
            transactions_.take(*parsed, peer, now);
        return;
    }
    if (!is_let_in(*parsed, peer, now))
        return;
    ++counts_.rejected;
    transactions_.answer_once(*parsed, peer, {.status = 513, .headers = {{"Warning", why}}});
}

// Strangers cost no memory, and are answered once for each request, or one could have us repeat
// what is sent to somebody else's address (RFC 3261 26.3.2.4).
bool Server::is_let_in(const wire::SipMessage& request, const Peer& peer, MonoTime now) {
    const bool is_ack = request.method == "ACK";
    if (options_.is_allowed && !options_.is_allowed(peer.remote.ip)) {
        ++counts_.not_allowed;
        if (!is_ack)
            transactions_.answer_once(
                request, peer,
                {.status = 403,
                 .headers = {{"Warning",
                              "399 naklank \"This address may not have calls recorded here\""}}});
        return false;
    }
    if (!guard_ || request.method != "INVITE" || !request.to_tag().empty() ||
        transactions_.knows(request))
        return true;
    const auto verdict = guard_->look_at(request, now);
    if (verdict == DigestGuard::Verdict::known)
        return true;
    if (!request.header("Authorization").empty() && verdict == DigestGuard::Verdict::unknown)
        ++counts_.not_allowed;
    const auto challenges = guard_->challenges(verdict, now);
    wire::SipReply reply{.status = 401};
    for (const auto& challenge : challenges)
        reply.headers.push_back({"WWW-Authenticate", challenge});
    transactions_.answer_once(request, peer, std::move(reply));
    return false;
}

void Server::on_media(std::uint16_t port, const wire::Endpoint& from, Bytes packet,
                      MonoTime arrival) {
    const auto& heard = by_port_[port / 2];
    if (heard.session == nullptr) {
        ++counts_.other;
        return;
    }
    switch (heard.session->on_packet(heard.line, from, packet, arrival)) {
        case Session::Heard::media:
            ++counts_.media;
            break;
        case Session::Heard::report:
            ++counts_.reports;
            break;
        case Session::Heard::stranger:
            ++counts_.strangers;
            break;
        case Session::Heard::other:
            ++counts_.other;
            break;
    }
}

void Server::on_drop(std::uint16_t port, std::uint64_t packets, MonoTime from, MonoTime to) {
    counts_.dropped_by_us += packets;
    if (const auto& heard = by_port_[port / 2]; heard.session != nullptr)
        heard.session->on_drop(heard.line, packets, from, to);
}

std::string Server::token(std::size_t bytes) {
    constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuv";
    std::vector<std::uint8_t> chance(bytes);
    random_.fill(chance);
    std::string out;
    for (const auto byte : chance)
        out += letters[byte & 31U];
    return out;
}

Server::Dialog* Server::find(const wire::SipMessage& message) {
    const auto it = dialogs_.find(std::string(message.to_tag()));
    if (it == dialogs_.end() || it->second->sip.call_id != message.call_id() ||
        it->second->remote_tag != message.from_tag())
        return nullptr;
    return it->second.get();
}

std::vector<Server::Dialog*> Server::running(std::string_view call_id) {
    std::vector<Dialog*> found;
    for (const auto& [tag, dialog] : dialogs_)
        if (!dialog->closing && dialog->sip.call_id == call_id)
            found.push_back(dialog.get());
    return found;
}

void Server::reply(TransactionId id, const wire::SipMessage& request, const Peer& peer,
                   wire::SipReply reply, MonoTime now) {
    transactions_.reply(id, wire::compose_response(request, peer.remote, reply), now);
}

void Server::refuse(TransactionId id, const wire::SipMessage& request, const Peer& peer,
                    const Refusal& refusal, MonoTime now) {
    const std::string tag = token(12);
    const std::string warning = "399 naklank \"" + std::string(refusal.why) + "\"";
    wire::SipReply out{.status = refusal.status, .to_tag = tag, .headers = refusal.headers};
    if (!refusal.why.empty())
        out.headers.push_back({"Warning", warning});
    reply(id, request, peer, std::move(out), now);
}

// Empty when another call can be taken.
std::string_view Server::why_full() const {
    if (is_draining_)
        return "The recorder is stopping";
    if (dialogs_.size() >= options_.calls_max)
        return "The recorder is full";
    if (options_.has_room && !options_.has_room())
        return "The recorder's disk does not keep up";
    return {};
}

void Server::on_request(TransactionId id, const wire::SipMessage& request, const Peer& peer,
                        MonoTime now) {
    if (const auto judgement = judge(request))
        return refuse(id, request, peer, {judgement->status, judgement->why}, now);
    if (const auto missing = not_understood(request); !missing.empty())
        return refuse(id, request, peer, {420, {}, {{"Unsupported", missing}}}, now);
    if (!request.to_tag().empty()) {
        if (Dialog* dialog = find(request))
            return in_dialog(*dialog, id, request, peer, now);
        // After a restart the dialogs are gone: 481 lets the client begin anew (RFC 3261 12.2.2).
        if (request.method != "OPTIONS")
            return refuse(id, request, peer, {481}, now);
    }
    if (request.method == "INVITE")
        return on_new_invite(id, request, peer, now);
    if (request.method == "OPTIONS") {  // 11.2: as an INVITE would be answered
        const std::string tag = token(12);
        // Who can choose goes elsewhere already while the disk takes nothing; a call that comes
        // here all the same is taken for as long as there is memory.
        const bool is_full =
            !why_full().empty() || (options_.is_disk_well && !options_.is_disk_well());
        wire::SipReply out{.status = is_full ? 503 : 200,
                           .to_tag = tag,
                           .headers = {{"Allow", allowed_methods},
                                       {"Accept", accepted_types},
                                       {"Supported", our_extensions}}};
        if (is_full)
            out.headers.push_back({"Retry-After", "10"});
        return reply(id, request, peer, std::move(out), now);
    }
    if (request.method == "BYE" || request.method == "UPDATE" || request.method == "INFO" ||
        request.method == "PRACK")
        return refuse(id, request, peer, {481}, now);
    refuse(id, request, peer, {405, {}, {{"Allow", allowed_methods}}}, now);
}

void Server::on_new_invite(TransactionId id, const wire::SipMessage& invite, const Peer& peer,
                           MonoTime now) {
    if (const auto why = why_full(); !why.empty()) {
        ++counts_.refused;
        return refuse(id, invite, peer, {503, why, {{"Retry-After", "10"}}}, now);
    }
    const auto timer = timer_asked_for(invite);
    if (const auto refusal = refusal_of(timer))
        return refuse(id, invite, peer, *refusal, now);
    auto made = std::make_unique<Dialog>();
    do
        made->tag = token(16);
    while (dialogs_.contains(made->tag));
    made->sip = wire::dialog_as_called(invite, made->tag);
    made->remote_tag = std::string(invite.from_tag());
    made->is_sips = equal_ci(invite.request_uri.substr(0, 5), "sips:");
    made->peer = peer;
    made->invite = id;
    made->remote_cseq = invite.cseq();
    made->refreshed = made->heard = made->probed = made->may_ask_at = now;
    made->timer = timer.timer;
    made->session = std::make_unique<Session>(common_, invite, now);
    const auto outcome = made->session->on_offer(invite, peer.remote.ip,
                                                 options_.media_at.value_or(peer.local.ip), now);
    if (outcome.status != 200) {
        ++(outcome.status == 503 ? counts_.refused : counts_.rejected);
        return refuse(id, invite, peer, refusal_of(outcome), now);
    }
    Dialog& dialog = *made;
    dialogs_.emplace(dialog.tag, std::move(made));
    invites_.emplace(id, dialog.tag);
    index_ports(dialog);
    std::vector<std::string> kept;
    const auto headers = session_headers(dialog, false, kept);
    reply(id, invite, peer,
          {.status = 200,
           .to_tag = dialog.tag,
           .headers = headers,
           .content_type = "application/sdp",
           .body = outcome.sdp},
          now);
    dialog.session->answered(dialog.tag, now);
    ++counts_.calls;
    if (options_.has_begun)
        options_.has_begun(dialog.sip.call_id);
}

void Server::index_ports(Dialog& dialog) {
    const auto& lines = dialog.session->lines();
    dialog.indexed.clear();
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (lines[i].port != 0) {
            by_port_[lines[i].port / 2] = {dialog.session.get(), i};
            dialog.indexed.push_back(lines[i].port);
        }
}

std::optional<Server::Refusal> Server::refusal_of(const TimerAsked& asked) {
    static const std::string shortest = std::to_string(session_timer_min_s());
    if (asked.fault == 422)
        return Refusal{422, {}, {{"Min-SE", shortest}}};
    if (asked.fault != 0)
        return Refusal{asked.fault, "Session-Expires cannot be read"};
    return std::nullopt;
}

Server::Refusal Server::refusal_of(const Session::Outcome& outcome) {
    Refusal refusal{outcome.status, outcome.why};
    if (outcome.status == 503)
        refusal.headers.push_back({"Retry-After", "10"});
    return refusal;
}

std::vector<wire::SipHeader> Server::session_headers(const Dialog& dialog, bool in_request,
                                                     std::vector<std::string>& kept) const {
    kept.reserve(2);
    const auto& local = dialog.peer.local;
    const std::string transport =
        dialog.peer.is_reliable ? (dialog.peer.is_secure ? ";transport=tls" : ";transport=tcp")
                                : "";
    // RFC 3261 12.1.1: a dialog that was asked for by sips: has such a Contact.
    const std::string scheme = dialog.is_sips ? "sips" : "sip";
    kept.push_back("<" + scheme + ":naklank@" +
                   (options_.sip_at.empty() ? local.text() : options_.sip_at) + transport +
                   ">;+sip.srs");
    std::vector<wire::SipHeader> headers{{"Contact", kept[0]},
                                         {"Allow", allowed_methods},
                                         {"Accept", accepted_types},
                                         {"Supported", our_extensions}};
    if (dialog.timer.expires > Nanos{0}) {
        kept.push_back(dialog.timer.header(in_request));
        headers.push_back({"Session-Expires", kept[1]});
        if (!in_request && dialog.timer.client_knows)
            headers.push_back({"Require", "timer"});
    }
    return headers;
}

void Server::in_dialog(Dialog& dialog, TransactionId id, const wire::SipMessage& request,
                       const Peer& peer, MonoTime now) {
    dialog.peer = peer;
    dialog.heard = dialog.probed = now;
    dialog.is_asked_at_target = false;
    const bool is_late = request.cseq() < dialog.remote_cseq;  // RFC 3261 12.2.2
    if (is_late && request.method != "BYE")  // a goodbye is one, whatever went before
        return refuse(id, request, peer, {500, "CSeq is lower than that of an earlier request"},
                      now);
    dialog.remote_cseq = std::max(dialog.remote_cseq, request.cseq());
    const auto method = request.method;
    if (dialog.closing && method != "BYE")
        return refuse(id, request, peer, {481}, now);
    if (method == "INVITE" || method == "UPDATE")
        return refresh(dialog, id, request, now);
    if (method == "BYE") {
        if (has_metadata(request))
            dialog.session->on_body(request, now);
        reply(id, request, peer, {.status = 200}, now);
        return close(dialog, call::Ending::bye, now);
    }
    if (method == "INFO" || method == "MESSAGE") {
        dialog.session->on_body(request, now);
        return reply(id, request, peer, {.status = 200}, now);
    }
    if (method == "PRACK")  // RFC 3262 3: no response of ours asks for one
        return refuse(id, request, peer, {481}, now);
    if (method == "OPTIONS" || method == "NOTIFY")
        return reply(
            id, request, peer,
            {.status = 200, .headers = {{"Allow", allowed_methods}, {"Accept", accepted_types}}},
            now);
    refuse(id, request, peer, {405, {}, {{"Allow", allowed_methods}}}, now);
}

void Server::refresh(Dialog& dialog, TransactionId id, const wire::SipMessage& request,
                     MonoTime now) {
    const auto timer = timer_asked_for(request);
    if (const auto refusal = refusal_of(timer))
        return refuse(id, request, dialog.peer, *refusal, now);
    const auto outcome = dialog.session->on_offer(
        request, dialog.peer.remote.ip, options_.media_at.value_or(dialog.peer.local.ip), now);
    if (outcome.status != 200)
        return refuse(id, request, dialog.peer, refusal_of(outcome), now);
    dialog.timer = timer.timer;  // RFC 4028 9: by a 2xx alone
    dialog.refreshed = now;
    wire::refresh_target(dialog.sip, request);
    forget_ports(dialog);
    index_ports(dialog);
    if (request.method == "INVITE") {
        dialog.invite = id;
        invites_.emplace(id, dialog.tag);
    }
    std::vector<std::string> kept;
    const auto headers = session_headers(dialog, false, kept);
    reply(id, request, dialog.peer,
          {.status = 200,
           .to_tag = dialog.tag,
           .headers = headers,
           .content_type = outcome.sdp.empty() ? "" : "application/sdp",
           .body = outcome.sdp},
          now);
}

void Server::on_cancel(TransactionId id, std::optional<TransactionId> invite,
                       const wire::SipMessage& cancel, const Peer& peer, MonoTime now) {
    // Every INVITE is answered at once, so that a CANCEL always comes too late (RFC 3261 9.2). The
    // tag is that of the INVITE's answer, when there is a dialog.
    const auto known = invite ? invites_.find(*invite) : invites_.end();
    const std::string tag = known == invites_.end() ? token(12) : known->second;
    reply(id, cancel, peer, {.status = invite ? 200 : 481, .to_tag = tag}, now);
}

void Server::tick(MonoTime now) {
    transactions_.tick(now);
    if (now - last_look_ < milliseconds(100))
        return;
    last_look_ = now;
    std::vector<std::string> over;
    for (const auto& [tag, dialog] : dialogs_) {
        if (dialog->closing && now - *dialog->closing >= limits::media_after_bye)
            over.push_back(tag);
        else if (!dialog->closing)
            look_at(*dialog, now);
    }
    for (const auto& tag : over) {
        end(*dialogs_[tag], now);
        dialogs_.erase(tag);
    }
    ear_.passes(now);
}

void Server::finish(MonoTime now) {
    is_draining_ = true;
    for (const auto& [tag, dialog] : dialogs_) {
        if (!dialog->closing) {
            send_in_dialog(*dialog, "BYE", now);
            dialog->ending = call::Ending::recorder_stopped;
        }
        end(*dialog, now);
    }
    dialogs_.clear();
}

bool Server::pause(std::string_view call_id, MonoTime now) {
    const auto all = running(call_id);
    for (auto* dialog : all)
        dialog->session->pause(now);
    return !all.empty();
}

bool Server::resume(std::string_view call_id, MonoTime now) {
    const auto all = running(call_id);
    for (auto* dialog : all)
        dialog->session->resume(now);
    return !all.empty();
}

}  // namespace nk::siprec
