#pragma once
// Writing the answer to an offer (RFC 3264 6) as who only listens: each medium is received or
// refused. Pure; which media and formats are taken, to which ports and with which keys, is the
// caller's to say.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wire/address.h"
#include "wire/sdp.h"

namespace nk::wire {

// Recvonly for what the other side sends, inactive for what it does not (RFC 3264 6.1).
Direction answer_to(Direction offered);

struct SdpAnswerMedia {
    std::uint16_t port = 0;  // where we receive; 0: refused
    // Of those offered, the ones we take; none that is named here and not offered is written, and
    // a medium of which none is left is refused.
    std::vector<std::uint8_t> payload_types{};
    bool is_paused = false;       // inactive, whatever was offered
    bool rtcp_mux = false;        // written only when it was offered (RFC 5761 5.1.1)
    std::uint16_t rtcp_port = 0;  // when it is not port + 1 (RFC 3605); 0: it is
    // Tag and suite of the chosen line of the offer, with our key (RFC 4568 5.1.2).
    std::optional<SdpCrypto> crypto{};
    // What a recording-aware side of a conversation is told (RFC 7866 9.1). Not for the session in
    // which we are the recording server.
    std::optional<RecordState> record{};
};

struct SdpAnswer {
    std::uint64_t session_id = 0;  // the same for all answers of a session
    std::uint64_t version = 0;     // one more with every answer that differs (RFC 3264 8)
    IpAddress address;
    std::vector<SdpAnswerMedia> media;  // in the offer's order; those not there are refused
};

// One m= line for each of the offer's, in its order and with its protocol (RFC 3264 6): the formats
// with a=rtpmap and a=fmtp, a=label and a=ptime as offered. Lines end with CRLF.
std::string compose_answer(const Sdp& offer, const SdpAnswer& answer);

}  // namespace nk::wire
