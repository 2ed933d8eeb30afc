#pragma once
// Judging a SIP message that has been read: does it follow RFC 3261's grammar and rules? Reading is
// lenient (sip.h); this is the strict half, and all it does is fill `faults`.
//
// The strict readers return what is wrong as one phrase, empty when nothing is. They look at one
// value after unfolding, so white space in it is blanks only. Not for other rooms.

#include <string_view>

#include "wire/sip.h"

namespace nk::wire {

// Up to limits::faults_max, each once.
void add_fault(SipMessage& message, std::string_view fault);

// Everything about the header fields and the start line that parse_sip did not need to read it.
void judge(SipMessage& message);

namespace strict {

std::string_view fault_in_uri(std::string_view uri);
enum class Brackets : bool { optional, required };
// A name-addr or addr-spec with header parameters (RFC 3261 20, 25.1).
std::string_view fault_in_address(std::string_view value, Brackets brackets);
std::string_view fault_in_via(std::string_view element);
std::string_view fault_in_call_id(std::string_view value);
std::string_view fault_in_date(std::string_view value);

}  // namespace strict
}  // namespace nk::wire
