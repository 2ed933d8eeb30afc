#pragma once
// Passwords as they are kept: Argon2id (RFC 9106) with its salt and costs in the text.

#include <string>
#include <string_view>

#include "base/result.h"

namespace nk::listener {

// Takes about 50 ms and 64 MiB; an error is the machine's, which has not so much.
Result<std::string> hash_password(std::string_view password);
// As long for a wrong one as for the right one.
bool fits_password(std::string_view password, const std::string& hash);
// A hash that nothing fits, to take as long for a name that nobody has.
const std::string& nobodys_hash();

}  // namespace nk::listener
