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
constexpr auto shortest_timer_s =
    std::chrono::duration_cast<std::chrono::seconds>(limits::session_timer_min).count();

std::string_view first_word(std::string_view value) {
    return value.substr(0, value.find_first_of("; \t"));
}

bool has_parameter(std::string_view value, std::string_view parameter) {
    const auto at = value.find(parameter);
    return at != std::string_view::npos && at > 0;
}

std::optional<std::uint32_t> seconds_in(std::string_view value) {
    std::uint32_t seconds = 0;
    const auto word = first_word(value);
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), seconds);
    if (error != std::errc() || end != word.data() + word.size())
        return std::nullopt;
    return seconds;
}

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

std::string_view transport_of(const Peer& peer) {
    return peer.is_reliable ? "TCP" : "UDP";
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
    transactions_.take(*parsed, peer, now);
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

Server::Dialog* Server::find_by_call_id(std::string_view call_id) {
    for (const auto& [tag, dialog] : dialogs_)
        if (dialog->sip.call_id == call_id)
            return dialog.get();
    return nullptr;
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

// What keeps a request from being looked at any further.
std::optional<Server::Refusal> Server::fault_of(const wire::SipMessage& request, const Peer& peer) {
    if (options_.is_allowed && !options_.is_allowed(peer.remote.ip)) {
        ++counts_.not_allowed;
        return Refusal{403, "This address may not have calls recorded here"};
    }
    if (const auto judgement = judge(request))
        return Refusal{judgement->status, judgement->why};
    return std::nullopt;
}

void Server::on_request(TransactionId id, const wire::SipMessage& request, const Peer& peer,
                        MonoTime now) {
    if (const auto fault = fault_of(request, peer))
        return refuse(id, request, peer, *fault, now);
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
    if (request.method == "OPTIONS")
        return reply(id, request, peer,
                     {.status = is_draining_ ? 503 : 200,
                      .headers = {{"Allow", allowed_methods},
                                  {"Accept", accepted_types},
                                  {"Supported", our_extensions}}},
                     now);
    if (request.method == "BYE" || request.method == "UPDATE" || request.method == "INFO" ||
        request.method == "PRACK")
        return refuse(id, request, peer, {481}, now);
    refuse(id, request, peer, {405, {}, {{"Allow", allowed_methods}}}, now);
}

// Otherwise it is challenged.
bool Server::is_known(TransactionId id, const wire::SipMessage& invite, const Peer& peer,
                      MonoTime now) {
    if (!guard_)
        return true;
    const auto verdict = guard_->look_at(invite, now);
    if (verdict == DigestGuard::Verdict::known)
        return true;
    ++counts_.not_allowed;
    const auto challenges = guard_->challenges(verdict, now);
    Refusal refusal{401};
    for (const auto& challenge : challenges)
        refusal.headers.push_back({"WWW-Authenticate", challenge});
    refuse(id, invite, peer, refusal, now);
    return false;
}

void Server::on_new_invite(TransactionId id, const wire::SipMessage& invite, const Peer& peer,
                           MonoTime now) {
    if (!is_known(id, invite, peer, now))
        return;
    if (is_draining_ || dialogs_.size() >= options_.calls_max) {
        ++counts_.refused;
        return refuse(id, invite, peer,
                      {503,
                       is_draining_ ? "The recorder is stopping" : "The recorder is full",
                       {{"Retry-After", "10"}}},
                      now);
    }
    auto made = std::make_unique<Dialog>();
    do
        made->tag = token(16);
    while (dialogs_.contains(made->tag));
    made->sip = wire::dialog_as_called(invite, made->tag);
    made->remote_tag = std::string(invite.from_tag());
    made->peer = peer;
    made->invite = id;
    made->remote_cseq = invite.cseq();
    made->refreshed = made->probed = now;
    if (const auto refusal = take_timer(*made, invite, now))
        return refuse(id, invite, peer, *refusal, now);
    made->session = std::make_unique<Session>(common_, invite, now);
    const auto outcome = made->session->on_offer(invite, peer.remote.ip,
                                                 options_.media_at.value_or(peer.local.ip), now);
    if (outcome.status != 200) {
        ++(outcome.status == 503 ? counts_.refused : counts_.rejected);
        const bool may_retry = outcome.status == 503;
        return refuse(id, invite, peer,
                      {outcome.status, outcome.why,
                       may_retry ? std::vector<wire::SipHeader>{{"Retry-After", "10"}}
                                 : std::vector<wire::SipHeader>()},
                      now);
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

// RFC 4028 9: the client refreshes unless it asks us to.
std::optional<Server::Refusal> Server::take_timer(Dialog& dialog, const wire::SipMessage& request,
                                                  MonoTime now) const {
    const auto value = request.header("Session-Expires");
    dialog.refreshed = now;
    if (value.empty()) {
        dialog.expires = Nanos{0};
        return std::nullopt;
    }
    const auto wanted = seconds_in(value);
    if (!wanted)
        return Refusal{400, "Session-Expires cannot be read"};
    if (*wanted < shortest_timer_s) {
        static const std::string shortest = std::to_string(shortest_timer_s);
        return Refusal{422, {}, {{"Min-SE", shortest}}};
    }
    dialog.expires = seconds(*wanted);
    dialog.we_refresh = has_parameter(value, "refresher=uas");
    return std::nullopt;
}

std::vector<wire::SipHeader> Server::session_headers(const Dialog& dialog, bool in_request,
                                                     std::vector<std::string>& kept) const {
    kept.reserve(2);
    const auto& local = dialog.peer.local;
    const std::string transport =
        dialog.peer.is_reliable ? (dialog.peer.is_secure ? ";transport=tls" : ";transport=tcp")
                                : "";
    kept.push_back("<sip:naklank@" + local.text() + transport + ">;+sip.srs");
    std::vector<wire::SipHeader> headers{{"Contact", kept[0]},
                                         {"Allow", allowed_methods},
                                         {"Accept", accepted_types},
                                         {"Supported", our_extensions}};
    if (dialog.expires > Nanos{0}) {
        // RFC 4028 4: the roles are those of this request, and not of the INVITE.
        kept.push_back(std::to_string(dialog.expires / seconds(1)) +
                       ";refresher=" + (dialog.we_refresh != in_request ? "uas" : "uac"));
        headers.push_back({"Session-Expires", kept[1]});
        if (!in_request)
            headers.push_back({"Require", "timer"});
    }
    return headers;
}

void Server::in_dialog(Dialog& dialog, TransactionId id, const wire::SipMessage& request,
                       const Peer& peer, MonoTime now) {
    dialog.peer = peer;
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
    if (method == "OPTIONS" || method == "PRACK" || method == "NOTIFY")
        return reply(
            id, request, peer,
            {.status = 200, .headers = {{"Allow", allowed_methods}, {"Accept", accepted_types}}},
            now);
    refuse(id, request, peer, {405, {}, {{"Allow", allowed_methods}}}, now);
}

void Server::refresh(Dialog& dialog, TransactionId id, const wire::SipMessage& request,
                     MonoTime now) {
    const auto before = dialog.expires;
    if (const auto refusal = take_timer(dialog, request, now)) {
        dialog.expires = before;
        return refuse(id, request, dialog.peer, *refusal, now);
    }
    const auto outcome = dialog.session->on_offer(
        request, dialog.peer.remote.ip, options_.media_at.value_or(dialog.peer.local.ip), now);
    if (outcome.status != 200)
        return refuse(id, request, dialog.peer, {outcome.status, outcome.why}, now);
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
    // Every INVITE is answered at once, so that a CANCEL always comes too late (RFC 3261 9.2).
    transactions_.reply(
        id, wire::compose_response(cancel, peer.remote, {.status = invite ? 200 : 481}), now);
}

// Whose transaction that is, or was: it is forgotten. Null when nobody waits for it any more.
Server::Dialog* Server::take(Waiting& waiting, TransactionId id) {
    const auto it = waiting.find(id);
    if (it == waiting.end())
        return nullptr;
    const auto found = dialogs_.find(it->second);
    waiting.erase(it);
    return found == dialogs_.end() ? nullptr : found->second.get();
}

void Server::on_ack(TransactionId invite, const wire::SipMessage& ack, MonoTime now) {
    Dialog* dialog = take(invites_, invite);
    if (dialog == nullptr || dialog->invite != invite)
        return;
    dialog->session->on_ack(ack, dialog->peer.remote.ip, now);
    forget_ports(*dialog);
    index_ports(*dialog);
}

// RFC 3261 13.3.1.4: without its ACK the session is to be ended. But what is being recorded is kept
// as long as media comes: an ACK that goes astray is no reason to lose a call.
void Server::on_unacknowledged(TransactionId invite, MonoTime now) {
    Dialog* dialog = take(invites_, invite);
    if (dialog == nullptr)
        return;
    dialog->session->note("ack-missing", now);
    if (dialog->invite == invite)
        dialog->session->on_no_ack();
    if (now - dialog->session->last_media() < options_.silence)
        return;
    send_in_dialog(*dialog, "BYE", now);
    close(*dialog, call::Ending::timed_out, now);
}

void Server::send_in_dialog(Dialog& dialog, std::string_view method, MonoTime now) {
    const std::string branch = "z9hG4bK" + token(16);
    const std::string sent_by = dialog.peer.local.text();
    std::vector<std::string> kept;
    std::vector<wire::SipHeader> headers;
    if (method == "UPDATE")
        headers = session_headers(dialog, true, kept);
    const auto bytes = wire::compose_request(
        dialog.sip, {.method = method,
                     .cseq = ++dialog.local_cseq,
                     .transport = dialog.peer.is_secure ? "TLS" : transport_of(dialog.peer),
                     .sent_by = sent_by,
                     .branch = branch,
                     .headers = headers});
    dialog.asked = transactions_.request(bytes, dialog.peer, now);
    if (dialog.asked && method != "BYE")
        asked_.emplace(*dialog.asked, dialog.tag);
}

void Server::on_response(TransactionId id, const wire::SipMessage& response, MonoTime now) {
    if (response.status < 200)
        return;
    Dialog* dialog = take(asked_, id);
    if (dialog == nullptr)
        return;
    dialog->asked.reset();
    if (response.status == 481 || response.status == 408) {  // 12.2.1.2: the dialog is gone there
        dialog->session->note("bye-missing", now);
        return close(*dialog, call::Ending::timed_out, now);
    }
    dialog->probed = now;
    if (response.method == "UPDATE" && response.status < 300)
        dialog->refreshed = now;
}

void Server::on_unanswered(TransactionId id, MonoTime now) {
    Dialog* dialog = take(asked_, id);
    if (dialog == nullptr)
        return;
    dialog->asked.reset();
    dialog->probed = now;
    if (now - dialog->session->last_media() < options_.silence)
        return;  // its media goes on: it is there
    dialog->session->note("bye-missing", now);
    close(*dialog, call::Ending::timed_out, now);
}

void Server::close(Dialog& dialog, call::Ending ending, MonoTime now) {
    if (dialog.closing)
        return;
    dialog.closing = now;
    dialog.ending = ending;
}

void Server::forget_ports(const Dialog& dialog) {
    for (const auto port : dialog.indexed)
        by_port_[port / 2] = {};
}

void Server::end(Dialog& dialog, MonoTime now) {
    // What came in time is heard, however busy we were.
    for (const auto port : dialog.indexed)
        common_.sockets.read(port);
    forget_ports(dialog);
    dialog.session->end(dialog.ending, now);
    invites_.erase(dialog.invite);
    if (dialog.asked)
        asked_.erase(*dialog.asked);
}

// Session timers, silence, and calls that are over.
void Server::look_at(Dialog& dialog, MonoTime now) {
    dialog.session->tick(now);
    const Nanos silent = now - dialog.session->last_media();
    if (dialog.expires > Nanos{0}) {
        const Nanos since = now - dialog.refreshed;
        if (dialog.we_refresh && since >= dialog.expires / 2 && !dialog.asked)
            send_in_dialog(dialog, "UPDATE", now);
        if (since >= dialog.expires && silent >= options_.silence) {  // RFC 4028 10
            dialog.session->note("bye-missing", now);
            send_in_dialog(dialog, "BYE", now);
            return close(dialog, call::Ending::timed_out, now);
        }
    }
    const Nanos unasked = std::min(silent, now - dialog.probed);
    if (unasked >= options_.silence && !dialog.asked)
        send_in_dialog(dialog, "OPTIONS", now);
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
    Dialog* dialog = find_by_call_id(call_id);
    if (dialog != nullptr)
        dialog->session->pause(now);
    return dialog != nullptr;
}

bool Server::resume(std::string_view call_id, MonoTime now) {
    Dialog* dialog = find_by_call_id(call_id);
    if (dialog != nullptr)
        dialog->session->resume(now);
    return dialog != nullptr;
}

}  // namespace nk::siprec
