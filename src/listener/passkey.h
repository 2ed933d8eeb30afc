#pragma once
// What a browser brings of a passkey (WebAuthn level 2, 7.1 and 7.2), checked. The signatures are
// libfido2's to check.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace nk::listener {

// What we asked it for, and where.
struct PasskeyAsked {
    std::string challenge;  // base64url, as it was given
    std::string host;       // of the page: example.com:8443
};

struct NewPasskey {
    std::vector<std::uint8_t> credential;  // its id
    int algorithm = 0;                     // COSE: -7, -8, -257
    std::vector<std::uint8_t> public_key;
    std::uint32_t count = 0;
};

// The name that passkeys are bound to: the page's host without its port. Empty for an address of
// numbers, which can have none.
std::string relying_party(std::string_view host);

// Of the answer to navigator.credentials.create().
Result<NewPasskey> read_new_passkey(Bytes client_data, Bytes attestation,
                                    const PasskeyAsked& asked);

struct Assertion {
    Bytes client_data;
    Bytes authenticator_data;
    Bytes signature;
};
// Of the answer to navigator.credentials.get(): the count of signatures that it tells. It was there
// and knew its owner (user verification).
Result<std::uint32_t> check_assertion(const Assertion& assertion, int algorithm, Bytes public_key,
                                      const PasskeyAsked& asked);

}  // namespace nk::listener
