#pragma once
// What the call room hands on about media: packets that belong to a call, already knowing whose
// they are.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "sound/codec.h"
#include "wire/sdp.h"
#include "wire/sdp_crypto.h"

namespace nk::call {

// What a payload type means on a track.
enum class PayloadKind : std::uint8_t {
    unknown,  // no SDP named it and it is no static type
    sound,
    telephone_event,  // RFC 4733
    comfort_noise,    // RFC 3389
};

struct Format {
    PayloadKind kind = PayloadKind::unknown;
    sound::Codec codec;
};

// The 128 payload types of one direction of a media line. Published whole and never changed, so
// that packets may point at it for as long as they live.
using FormatMap = std::array<Format, 128>;

// The static audio types of RFC 3551 alone.
std::shared_ptr<const FormatMap> static_formats();
// Those that a description names; they take the place of what stood there.
void add_formats(FormatMap& map, const std::vector<wire::SdpFormat>& formats);

using wire::SrtpKey;
using SrtpKeys = std::vector<SrtpKey>;
// Adds those that are not yet there, up to `most` in all.
void add_keys(SrtpKeys& out, const SrtpKeys& keys, std::size_t most);

// Whether somebody who has no key can read a payload.
enum class Protection : std::uint8_t {
    none,
    locked,    // encrypted
    unlocked,  // it was, and its authentication fitted
};

// Its fields run against the order in which RTP and the journal have them, so that no compiler
// copies two at a time what was just written one by one: a processor waits then until all that was
// written before has reached its cache.
struct MediaPacket {
    MonoTime arrival;
    std::uint32_t ssrc = 0;
    std::uint32_t timestamp = 0;
    std::uint16_t sequence = 0;
    bool marker = false;
    std::uint8_t payload_type = 0;
    Bytes payload;
    // The packet as it came, header and all: who has a key needs every byte of it.
    Bytes whole{};
    Protection protection = Protection::none;
};

// One party's sound on one media line of a call. `index` counts the tracks of the call.
struct Track {
    std::size_t index = 0;
    std::size_t party = 0;
    std::size_t line = 0;
    bool secured = false;   // the signalling says the media is encrypted
    bool may_send = true;   // false: on hold by signalling
    bool is_mixed = false;  // all parties are heard on it together; `party` is the first of them
    std::string label;
    std::shared_ptr<const FormatMap> formats;
    // What its packets may be encrypted with, the likely ones first. Published whole and never
    // changed; null when the signalling gave no key that we can use.
    std::shared_ptr<const SrtpKeys> keys;
};

}  // namespace nk::call
