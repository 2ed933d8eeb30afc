#include "base/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace nk {

namespace {

std::vector<std::uint8_t> hmac(const EVP_MD* kind, Bytes key, Bytes message) {
    std::vector<std::uint8_t> out(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    static constexpr std::uint8_t nothing = 0;  // OpenSSL takes a null key for none at all
    const auto* made = HMAC(kind, key.empty() ? &nothing : key.data(), static_cast<int>(key.size()),
                            message.data(), message.size(), out.data(), &size);
    NK_CHECK(made != nullptr);
    out.resize(size);
    return out;
}

}  // namespace

std::vector<std::uint8_t> hmac_sha1(Bytes key, Bytes message) {
    return hmac(EVP_sha1(), key, message);
}

std::vector<std::uint8_t> hmac_sha256(Bytes key, Bytes message) {
    return hmac(EVP_sha256(), key, message);
}

}  // namespace nk
