#pragma once
// What brands say in ways of their own, outside RFC 7865's model: the ids that name a conversation,
// and the parties of a recording session without metadata. Pure.

#include <string>
#include <vector>

#include "call/facts.h"
#include "wire/rs_metadata.h"
#include "wire/sip.h"

namespace nk::siprec {

// Conversation keys: Avaya's Universal Call Identifier, as the id of a session or in an extension
// of AudioCodes or Oracle, and the id of a Genesys call in one of AudioCodes.
std::vector<std::string> keys_in(const wire::RsMetadata& metadata);

// Genesys Media Server calls in without metadata: sip:record=ID@HOST;calluuid=U;dn=A;otherDN=B, or
// once for each party without otherDN. No parties when the Request-URI is not of that form.
struct RecordUri {
    std::vector<call::Party> parties;  // one or two
    std::vector<std::string> keys;
};
RecordUri read_record_uri(const wire::SipMessage& invite);

}  // namespace nk::siprec
