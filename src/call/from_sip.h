#pragma once
// What any one SIP message says about a call, whichever door it came by.

#include <optional>
#include <string>
#include <string_view>

#include "call/story.h"
#include "wire/sip.h"

namespace nk::call {

// Name, number and URI of a name-addr or addr-spec, as in From or P-Asserted-Identity; nothing
// changes when it cannot be read.
void read_party(Party& party, std::string_view address);

// Adds what names the conversation across several calls: RFC 7989's Session-ID, whose UUIDs stay
// the same through back-to-back agents, and Cisco-Guid, an older name for the same wish.
void add_conversation_keys(Story& story, const wire::SipMessage& message);

struct SignalledKey {
    std::string key;
    double duration_ms = 0;
};
// A key pressed that travels in an INFO body ("Signal=5", "Duration=160"), as many gateways send
// them.
std::optional<SignalledKey> pressed_in(const wire::SipMessage& info);

}  // namespace nk::call
