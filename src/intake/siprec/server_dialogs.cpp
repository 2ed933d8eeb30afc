// What we ask a client in its dialog, what it answers, and when a dialog is over.

#include <algorithm>
#include <string>
#include <utility>

#include "base/limits.h"
#include "intake/siprec/server.h"

namespace nk::siprec {

namespace {

std::string_view transport_of(const Peer& peer) {
    return peer.is_reliable ? "TCP" : "UDP";
}

// Where its dialog says that it is to be asked; nullopt when that is a name.
std::optional<wire::Endpoint> target_of(const wire::SipDialog& dialog) {
    const auto uri = wire::parse_uri(wire::next_hop(dialog));
    const auto ip = uri ? wire::parse_ip(uri->host) : std::nullopt;
    if (!ip)
        return std::nullopt;
    return wire::Endpoint{*ip, uri->port == 0 ? std::uint16_t{5060} : uri->port};
}

}  // namespace

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
    if (dialog->session->had_media() && now - dialog->session->last_media() < options_.silence)
        return;
    send_in_dialog(*dialog, "BYE", now);
    close(*dialog, call::Ending::timed_out, now);
}

// False when it could not be sent.
bool Server::send_in_dialog(Dialog& dialog, std::string_view method, MonoTime now) {
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
    Peer to = dialog.peer;
    if (const auto target = target_of(dialog.sip); dialog.is_asked_at_target && target)
        to.remote = *target;
    dialog.asked = transactions_.request(bytes, to, now);
    if (dialog.asked && method != "BYE")
        asked_.emplace(*dialog.asked, dialog.tag);
    return dialog.asked.has_value();
}

void Server::on_response(TransactionId id, const wire::SipMessage& response, MonoTime now) {
    if (response.status < 200)
        return;
    Dialog* dialog = take(asked_, id);
    if (dialog == nullptr)
        return;
    dialog->asked.reset();
    dialog->heard = dialog->probed = now;
    const bool is_refresh = response.method == "UPDATE";
    if (response.status == 481 || (response.status == 408 && !is_refresh))
        return give_up(*dialog, now);  // 12.2.1.2: the dialog is gone there
    if (is_refresh && response.status < 300) {
        dialog->refreshed = now;
    } else if (is_refresh) {
        const auto wanted = seconds_in(response.header("Min-SE"));  // RFC 4028 7.4
        if (response.status == 422 && wanted && seconds(*wanted) > dialog->timer.expires)
            dialog->timer.expires = seconds(*wanted);
        const auto later = seconds_in(response.header("Retry-After"));
        dialog->may_ask_at =
            now + std::max(limits::refresh_retry_wait,
                           Nanos(seconds(std::min<std::uint32_t>(later.value_or(0), 3'600))));
    }
}

// Where its requests come from is where it is reached, through whatever address translation; only
// then its Contact, or its first route, is tried.
void Server::on_unanswered(TransactionId id, MonoTime now) {
    Dialog* dialog = take(asked_, id);
    if (dialog == nullptr)
        return;
    dialog->asked.reset();
    dialog->probed = now;
    if (now - std::max(dialog->session->last_media(), dialog->heard) < options_.silence)
        return;  // it is there
    const auto target = target_of(dialog->sip);
    const bool may_be_there = !dialog->peer.is_reliable && !dialog->is_asked_at_target && target &&
                              *target != dialog->peer.remote;
    if (!may_be_there)
        return give_up(*dialog, now);
    dialog->is_asked_at_target = true;
    send_in_dialog(*dialog, "OPTIONS", now);
}

void Server::give_up(Dialog& dialog, MonoTime now) {
    dialog.session->note("bye-missing", now);
    close(dialog, call::Ending::timed_out, now);
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
    if (dialog.timer.expires > Nanos{0}) {
        const Nanos since = now - dialog.refreshed;
        if (dialog.timer.we_refresh && since >= dialog.timer.expires / 2 && !dialog.asked &&
            now >= dialog.may_ask_at && !send_in_dialog(dialog, "UPDATE", now))
            dialog.may_ask_at = now + limits::refresh_retry_wait;
        if (since >= dialog.timer.expires && silent >= options_.silence) {  // RFC 4028 10
            send_in_dialog(dialog, "BYE", now);
            return give_up(dialog, now);
        }
    }
    if (std::min(silent, now - dialog.probed) >= options_.silence && !dialog.asked)
        ask_whether_it_is_there(dialog, silent, now);
}

// A client whose connection is closed cannot be asked, and may come back with another: a call that
// is held is silent, and its client lets an idle connection go.
void Server::ask_whether_it_is_there(Dialog& dialog, Nanos silent, MonoTime now) {
    if (send_in_dialog(dialog, "OPTIONS", now))
        return;
    dialog.probed = now;
    if (silent >= limits::siprec_out_of_reach_max || !dialog.session->had_media())
        give_up(dialog, now);
}

}  // namespace nk::siprec
