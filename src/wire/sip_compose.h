#pragma once
// Writing SIP messages: responses to a request that was read, and requests within a dialog. Pure.
//
// Whatever values come in, from strangers or from us, the message that goes out has the header
// fields it is meant to have and no others: a line end within a value becomes a blank, a field
// whose name is no token is left out. Content-Length is always there (RFC 3261 18.3).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/address.h"
#include "wire/sip.h"
#include "wire/sip_via.h"

namespace nk::wire {

// The phrase that goes with a status code (RFC 3261 21 and the RFCs since); for an unknown code
// that of its class, x00.
std::string_view reason_of(int status);

struct SipReply {
    int status = 200;
    std::string_view reason{};         // empty: reason_of(status)
    std::string_view to_tag{};         // of our side of the dialog
    std::vector<SipHeader> headers{};  // beyond those that every response has
    std::string_view content_type{};   // of the body, when there is one
    std::string_view body{};
};

// The response to `request`, which came from `source` (RFC 3261 8.2.6): the Via fields in order,
// the top one with `received` and `rport` (18.2.1, RFC 3581 4), From, Call-ID, CSeq, To with our
// tag when it has none and the status is above 100, Record-Route when it can make a dialog (12.1.1)
// and Timestamp in a 100 (8.2.6.1). What the request lacks is absent from the response too.
std::string compose_response(const SipMessage& request, const Endpoint& source,
                             const SipReply& reply);

// Where the response to a request with that top Via goes that came from `source` (18.2.2, RFC 3581
// 4). Over UDP: to the source's address; to its port with `rport`, else to that of sent-by. Over
// TCP and TLS a response goes back on its request's connection, and to this endpoint only when that
// is gone. `maddr` is not honoured, though 18.2.2 would: it serves multicast, which we are never
// reached by, and would let a stranger aim our responses at a third party.
Endpoint response_target(const SipVia& via, const Endpoint& source, bool is_reliable);

// What of a dialog goes into its requests (RFC 3261 12).
struct SipDialog {
    std::string call_id;
    std::string local;                // our address with our tag: From
    std::string remote;               // theirs with theirs: To
    std::string remote_target;        // a URI: their Contact
    std::vector<std::string> routes;  // in the order of our requests: "<sip:proxy;lr>"
};

// The dialog that a 2xx with `to_tag` makes of an INVITE, as the called side sees it (12.1.1).
// Without a Contact, which a caller must not leave out, the target is his From.
SipDialog dialog_as_called(const SipMessage& invite, std::string_view to_tag);
// A target refresh request, such as a re-INVITE, may bring a new Contact (12.2.2).
void refresh_target(SipDialog& dialog, const SipMessage& request);

struct SipRequest {
    std::string_view method{};
    std::uint32_t cseq = 0;
    std::string_view transport{};  // "UDP", "TCP", "TLS"
    std::string_view sent_by{};    // host and port where responses come to
    std::string_view branch{};     // with the cookie "z9hG4bK" in front (8.1.1.7)
    std::vector<SipHeader> headers{};
    std::string_view content_type{};
    std::string_view body{};
};

// A request within the dialog (12.2.1.1): a first route with `lr` is a loose router, and the
// Request-URI is the remote target; without, it is a strict one and takes that place itself.
std::string compose_request(const SipDialog& dialog, const SipRequest& request);

// The URI of where such a request is sent to: the first route, or else the target (8.1.2).
std::string_view next_hop(const SipDialog& dialog);

}  // namespace nk::wire
