#pragma once
// Session descriptions (RFC 8866) as far as a recorder needs them: which media, where to, in which
// format, which way.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "wire/address.h"
#include "wire/sdp_crypto.h"

namespace nk::wire {

enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

// a=record (RFC 7866 9.1): whether who writes this is recording the medium.
enum class RecordState : std::uint8_t { on, off, paused };

// One a=rtpmap with its a=fmtp; static payload types (RFC 3551 table 4) are filled in when no
// rtpmap names them.
struct SdpFormat {
    std::uint8_t payload_type = 0;
    std::string encoding;  // as written: "PCMA", "opus"
    std::uint32_t clock_hz = 0;
    std::uint32_t channels = 1;
    std::string fmtp;
};

struct SdpMedia {
    std::string type;        // "audio", "video", "image"
    std::uint16_t port = 0;  // 0: refused (RFC 3264 6)
    std::string protocol;    // "RTP/AVP", "udptl" ...
    std::optional<IpAddress>
        address;  // of its c= line, or the session's; nullopt when a host name or absent
    std::optional<Endpoint> rtcp;  // a=rtcp (RFC 3605)
    bool rtcp_mux = false;
    Direction direction = Direction::sendrecv;
    std::string label;  // a=label (RFC 4574)
    std::vector<SdpFormat> formats;
    std::vector<SdpCrypto> crypto;
    bool has_fingerprint = false;  // a=fingerprint: DTLS-SRTP (RFC 5763)
    bool has_zrtp = false;         // a=zrtp-hash: able to, which is not yet secured
    bool has_key_mgmt = false;     // a=key-mgmt: MIKEY (RFC 4567)
    std::uint32_t ptime_ms = 0;
    std::string format_list;            // the m= line's formats as written, of any protocol
    std::optional<RecordState> record;  // a=record, its own or the session's

    [[nodiscard]] bool is_secured() const;  // SAVP in the protocol, or keys or fingerprints
};

struct Sdp {
    std::string origin;  // the o= line's value: who made it and which version
    std::string timing;  // the first t= line's value
    std::vector<SdpMedia> media;
    std::vector<std::string> faults;
};

// Refuses only what has no v= or m= line at all, or breaks a limit; other damage is listed in
// faults.
Result<Sdp> parse_sdp(Bytes bytes);

// The static payload types of RFC 3551 table 4 and 5 (audio ones); nullopt for dynamic and
// unassigned ones.
std::optional<SdpFormat> static_format(std::uint8_t payload_type);

}  // namespace nk::wire
