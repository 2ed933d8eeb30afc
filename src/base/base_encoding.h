#pragma once
// Bytes as letters: base32 and base64 (RFC 4648).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace nk {

std::string base32(Bytes bytes);     // 6, without padding
std::string base64(Bytes bytes);     // 4, with padding
std::string base64url(Bytes bytes);  // 5, without padding
// Nullopt for what is none: other letters, padding, bits that are left over.
std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

}  // namespace nk
