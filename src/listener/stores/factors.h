#pragma once
// What somebody signs in with besides a password: an authenticator's secret (TOTP), recovery codes,
// passkeys. The secret must be there as it is, for codes are made of it; recovery codes are there
// as their SHA-256.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sqlite.h"
#include "base/time.h"

namespace nk::listener {

struct Authenticator {
    std::vector<std::uint8_t> secret{};
    bool is_confirmed = false;   // a code of it was said
    std::int64_t last_step = 0;  // RFC 6238 5.2: no code counts twice
};

struct Passkey {
    std::string id{};
    std::string account{};
    std::string name{};
    std::vector<std::uint8_t> credential{};  // its id, by WebAuthn
    int algorithm = 0;                       // COSE: -7, -8, -257
    std::vector<std::uint8_t> public_key{};
    std::uint32_t count = 0;  // of signatures, as it told last
    WallTime made{};
    std::optional<WallTime> used{};
};

class FactorStore {
public:
    static const char* const schema;
    explicit FactorStore(Connection& db) : db_(db) {}

    Result<std::optional<Authenticator>> authenticator(std::string_view account);
    Result<void> put(std::string_view account, const Authenticator& authenticator);
    // With its recovery codes.
    Result<void> remove_authenticator(std::string_view account);
    Result<void> set_recovery_codes(std::string_view account,
                                    const std::vector<std::string>& codes);
    // True when it was one, which it is no longer.
    Result<bool> use_recovery_code(std::string_view account, std::string_view code);

    Result<std::vector<Passkey>> passkeys(std::string_view account);  // oldest first
    Result<std::optional<Passkey>> passkey(const std::vector<std::uint8_t>& credential);
    Result<void> add(const Passkey& passkey);
    Result<void> use(std::string_view id, std::uint32_t count, WallTime now);
    Result<void> remove_passkeys(std::string_view account);
    Result<bool> remove_passkey(std::string_view account, std::string_view id);

private:
    Connection& db_;
};

}  // namespace nk::listener
