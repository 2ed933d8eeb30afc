#pragma once
// Which malformed requests are refused, and which are used as far as they go.
//
// Recording clients are badly brought up: a third of those whose messages could be had break SIP's
// grammar in their Contact, Route or P-Asserted-Identity. Refusing them would lose the call, so
// that a request is refused only when it cannot be told what it is, whom it is from or where its
// answer goes (RFC 3261 8.2, RFC 4475 3.1.2); every other fault is an oddity of the call.

#include <optional>
#include <string_view>

#include "wire/sip.h"

namespace nk::siprec {

// How the fault of a message begins whose body is shorter than it says (wire/sip.h).
inline constexpr std::string_view fault_of_a_cut_body = "fewer bytes in the body";

struct Judgement {
    int status = 400;
    std::string_view why;  // one of the message's faults, or a sentence of ours
};
// Nullopt when the request may be used.
std::optional<Judgement> judge(const wire::SipMessage& request);

}  // namespace nk::siprec
