#pragma once
// XXH3 with 64 bits: tells a block that was written whole from one that was torn or rotted. It is
// no proof against intent; base/digest.h is for that.

#include <cstdint>

#include "base/bytes.h"

namespace nk {

// Who does not know `seed` cannot make bytes that fit.
std::uint64_t checksum(Bytes bytes, std::uint64_t seed);

}  // namespace nk
