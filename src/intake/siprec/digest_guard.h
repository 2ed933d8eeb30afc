#pragma once
// Digest authentication of recording clients (RFC 7616, RFC 8760): they prove that they know a
// password, which is never sent.
//
// Nonces carry their own time and a seal of ours, so that nothing is remembered between a challenge
// and its answer. Within limits::nonce_age a nonce may be used again, also by who has listened in:
// what keeps others out on an open network is TLS.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/time.h"
#include "wire/sip.h"

namespace nk::siprec {

class DigestGuard {
public:
    using Users = std::map<std::string, std::string, std::less<>>;  // password by name
    DigestGuard(Users users, std::string realm, Random& random);

    enum class Verdict : std::uint8_t {
        known,    // a user with the right password
        stale,    // the same, with a nonce that is too old
        unknown,  // nobody, or somebody else
    };
    // Of the Authorization fields of the request for our realm.
    [[nodiscard]] Verdict look_at(const wire::SipMessage& request, MonoTime now) const;
    // The values of the WWW-Authenticate fields of a 401: SHA-256 first, then MD5 (RFC 8760 2.4).
    [[nodiscard]] std::vector<std::string> challenges(Verdict verdict, MonoTime now) const;

private:
    [[nodiscard]] std::string nonce(MonoTime now) const;
    [[nodiscard]] std::optional<Nanos> age_of(std::string_view nonce, MonoTime now) const;

    Users users_;
    std::string realm_;
    std::string secret_;
};

}  // namespace nk::siprec
