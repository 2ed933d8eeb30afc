#pragma once
// A certificate of our own making, for who has none: the connection is sealed, and its fingerprint
// tells a visitor once that it is this machine.

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace nk::host {

struct SelfSigned {
    std::vector<std::string> names;  // DNS names and IP addresses, as visitors write them
    WallTime from;
    WallTime to;
};
// Writes a key (ECDSA, P-256), for its owner's eyes alone, and then its certificate, in PEM.
Result<void> make_self_signed(const std::string& certificate, const std::string& key,
                              const SelfSigned& about);
// SHA-256 of the first certificate in that file, as browsers show it: AB:CD:...
Result<std::string> fingerprint_of(const std::string& certificate);

}  // namespace nk::host
