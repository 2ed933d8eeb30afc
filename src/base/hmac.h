#pragma once
// HMAC (RFC 2104) with SHA-1, which RFC 6238's authenticators want, or SHA-256.

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace nk {

std::vector<std::uint8_t> hmac_sha1(Bytes key, Bytes message);
std::vector<std::uint8_t> hmac_sha256(Bytes key, Bytes message);

}  // namespace nk
