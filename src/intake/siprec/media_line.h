#pragma once
// One media line of a recording session: what the client offered for it, where it is received, from
// whom, and onto which track it goes.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "call/call.h"
#include "intake/siprec/media_source.h"
#include "intake/siprec/pause.h"
#include "intake/siprec/reception.h"
#include "wire/sdp.h"
#include "wire/sdp_compose.h"

namespace nk::siprec {

struct MediaLine {
    std::uint16_t port = 0;  // ours; 0: refused, and nothing is received
    std::string label;
    bool is_audio = false;
    bool sends = false;  // the client says that it sends (RFC 3264 5.1)
    Pause paused;        // by a=record:paused (RFC 7866 9.1)
    Pause inactive;      // by a=inactive: the client says that nothing is to be sent
    std::vector<wire::SdpFormat> formats;
    bool is_secured = false;
    std::vector<wire::SdpCrypto> offered;   // its a=crypto lines
    call::SrtpKeys keys;                    // of all it ever offered, the chosen ones first
    std::optional<wire::SdpCrypto> answer;  // with our key
    std::optional<wire::Endpoint> rtcp_at;  // where its sender wants reports
    bool is_muxed = false;                  // RTP and RTCP on one port (RFC 5761)
    MediaSource source;
    Reception reception;
    // The format of the packet before, which is nearly always the next one's: looked up once.
    std::uint8_t heard_type = 0;
    std::uint32_t heard_clock_hz = 0;  // 0: not looked up
    call::Track* track = nullptr;
    call::Track* track_before = nullptr;  // what came before `track_since` goes onto it
    MonoTime track_since{};
    bool is_guess = true;  // nothing but its place says whose track it is
};

// Takes in what an offer says about the line. `known` are the addresses that the session was told.
void take_offer(MediaLine& line, const wire::SdpMedia& media, const wire::IpAddress& signalling,
                const std::vector<wire::IpAddress>& known);
// What arrives from now on goes onto that track.
void put_track(MediaLine& line, call::Track& track, MonoTime now);
// Onto which track a packet goes that arrived then, though it may be read later; null: none.
call::Track* track_at(const MediaLine& line, MonoTime arrival);
// The first of the offered a=crypto lines that we can use; null when there is none.
const wire::SdpCrypto* usable_crypto(const wire::SdpMedia& media);
// Whether it is sound over RTP with nothing in it that we have no key for.
bool is_acceptable(const wire::SdpMedia& media);

}  // namespace nk::siprec
