#pragma once
// What makes two SIP messages parts of the same transaction, each as a text to look up. Texts of
// different functions never meet. Pure.

#include <string>
#include <string_view>

#include "wire/sip.h"

namespace nk::siprec {

// Of a request that came in (RFC 3261 17.2.3): branch and sent-by of its top Via and `method`,
// which is its own, or INVITE to find what an ACK or a CANCEL (9.2) is about. A branch without the
// cookie "z9hG4bK" is RFC 2543's, and nothing to go by: then it is the whole Via with the
// Request-URI, From tag, Call-ID and CSeq. (The To tag is left out there: an ACK has one that its
// INVITE had not, and nothing else tells two requests apart by it alone.) Empty without a Via.
std::string server_key(const wire::SipMessage& request, std::string_view method);

// Of a request of ours, from itself or from its response (17.1.3). Empty without a branch.
std::string client_key(const wire::SipMessage& message);

// Of a request outside dialogs, whichever way it came (8.2.2.2).
std::string merge_key(const wire::SipMessage& request);

// Of an INVITE's 2xx and of the ACK for it, which is a transaction of its own (13.2.2.4, 17.1.1.3).
std::string accepted_key(const wire::SipMessage& message);

}  // namespace nk::siprec
