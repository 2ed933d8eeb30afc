#include "listener/password.h"

#include <array>

#include <sodium.h>

namespace nk::listener {

namespace {

// RFC 9106 4: less memory than its first choice, since a recorder runs beside it.
constexpr auto passes = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
constexpr auto memory_bytes = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;

bool is_ready() {
    static const bool is = sodium_init() >= 0;
    return is;
}

}  // namespace

Result<std::string> hash_password(std::string_view password) {
    std::array<char, crypto_pwhash_argon2id_STRBYTES> out{};
    if (!is_ready() || crypto_pwhash_argon2id_str(out.data(), password.data(), password.size(),
                                                  passes, memory_bytes) != 0)
        return refuse(Code::broken, Blame::machine, "there is no memory to hash a password");
    return std::string(out.data());
}

bool fits_password(std::string_view password, const std::string& hash) {
    return is_ready() &&
           crypto_pwhash_argon2id_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& nobodys_hash() {
    static const std::string hash = hash_password(std::string_view("\0nobody", 7)).value_or("");
    return hash;
}

}  // namespace nk::listener
