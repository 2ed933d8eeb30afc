#pragma once
// Opus (RFC 6716, RFC 7587) by libopus: always 48 kHz, always one channel.

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "sound/codec.h"

namespace nk::sound::detail {

// A stream with two channels is mixed down by libopus itself.
Result<std::unique_ptr<Decoder>> make_opus_decoder();

// How long a packet lasts, in samples at 48 kHz; 0 when it is no Opus packet.
std::uint32_t opus_ticks(Bytes payload);

// Whether the frame sizes inside add up (RFC 6716 3.4).
bool looks_like_opus(Bytes payload);

// Nothing but frames of no more than one octet: the sender's DTX (RFC 6716 3.4, RFC 7587 3.1.3).
bool is_opus_dtx(Bytes payload);

}  // namespace nk::sound::detail
