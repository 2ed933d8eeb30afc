#pragma once
// The two check sums of a FLAC frame (RFC 9639 9.1.8 and 9.3).

#include <cstdint>

#include "base/bytes.h"

namespace nk::sound::detail {

// x^8 + x^2 + x + 1, of the frame's header.
std::uint8_t flac_crc8(Bytes bytes);
// x^16 + x^15 + x^2 + 1, of the whole frame.
std::uint16_t flac_crc16(Bytes bytes);

}  // namespace nk::sound::detail
