#pragma once
// DVI4 (RFC 3551 4.5.1): IMA's ADPCM with the packing of RTP.
//
// A decoder of our own because libavcodec has no right one: its IMA variants that carry a whole
// predictor multiply where IMA's text (and the senders) add truncated shifts, so they drift off by
// a few steps within each packet.

#include <cstdint>
#include <memory>

#include "sound/codec.h"

namespace nk::sound::detail {

std::unique_ptr<Decoder> make_dvi4_decoder(std::uint32_t rate_hz);

}  // namespace nk::sound::detail
