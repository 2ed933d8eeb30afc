#pragma once
// MD5 (RFC 1321) of several texts at once, in the lanes of vector registers: each of its steps
// needs the one before, so that a processor takes as long for one text as for eight.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"

namespace nk {

using Md5 = std::array<std::uint8_t, 16>;

// What a Digest of that kind came to; it is spent after it.
Md5 md5_of(Digest& digest);

inline constexpr std::size_t md5_lanes = 8;

// The MD5 of each text, in their order; quickest when they are about equally long.
std::vector<Md5> md5_of_each(std::span<const Bytes> texts);

}  // namespace nk
