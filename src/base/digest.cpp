#include "base/digest.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace nk {

struct Digest::Impl {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { EVP_MD_CTX_free(context); }
};

Digest::Digest(DigestKind kind) : impl_(std::make_unique<Impl>()) {
    NK_CHECK(impl_->context != nullptr);
    const EVP_MD* algorithm = kind == DigestKind::sha256   ? EVP_sha256()
                              : kind == DigestKind::sha512 ? EVP_sha512()
                                                           : EVP_md5();
    NK_CHECK(EVP_DigestInit_ex(impl_->context, algorithm, nullptr) == 1);
}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::add(Bytes bytes) {
    NK_CHECK(EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size()) == 1);
}

std::vector<std::uint8_t> Digest::bytes() {
    std::vector<std::uint8_t> raw(EVP_MAX_MD_SIZE);
    unsigned int size = 0;
    NK_CHECK(EVP_DigestFinal_ex(impl_->context, raw.data(), &size) == 1);
    raw.resize(size);
    return raw;
}

std::string Digest::hex() {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : bytes()) {
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
    }
    return out;
}

std::string sha256_hex(Bytes bytes) {
    Digest digest(DigestKind::sha256);
    digest.add(bytes);
    return digest.hex();
}

}  // namespace nk
