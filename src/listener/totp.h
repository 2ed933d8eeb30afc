#pragma once
// Codes of an authenticator (TOTP, RFC 6238): six digits that are others every thirty seconds, by
// HMAC-SHA-1, as every authenticator makes them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

namespace nk::listener {

inline constexpr std::size_t totp_secret_bytes = 20;  // RFC 4226 4

std::string totp_code(Bytes secret, std::int64_t step);
// The step that the code is of: this one, the one before or the one after (5.2), and later than
// `last`, for no code counts twice. Nullopt for any other code. Blanks in it do not matter.
std::optional<std::int64_t> totp_step(Bytes secret, std::string_view code, WallTime now,
                                      std::int64_t last);
// otpauth://totp/..., as authenticators read it from a QR code.
std::string totp_uri(Bytes secret, std::string_view account);

}  // namespace nk::listener
