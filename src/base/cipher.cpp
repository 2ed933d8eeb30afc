#include "base/cipher.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace nk {

namespace {

const EVP_MD* algorithm_of(MacKind kind) {
    switch (kind) {
        case MacKind::sha1:
            return EVP_sha1();
        case MacKind::sha256:
            return EVP_sha256();
        case MacKind::sha384:
            return EVP_sha384();
    }
    return nullptr;
}

const EVP_CIPHER* algorithm_of(CipherKind kind) {
    switch (kind) {
        case CipherKind::aes_128_gcm:
            return EVP_aes_128_gcm();
        case CipherKind::aes_256_gcm:
            return EVP_aes_256_gcm();
        case CipherKind::chacha20_poly1305:
            return EVP_chacha20_poly1305();
        case CipherKind::aes_128_cbc:
            return EVP_aes_128_cbc();
        case CipherKind::aes_256_cbc:
            return EVP_aes_256_cbc();
    }
    return nullptr;
}

}  // namespace

std::size_t mac_bytes(MacKind kind) {
    return static_cast<std::size_t>(EVP_MD_get_size(algorithm_of(kind)));
}

std::vector<std::uint8_t> hmac(MacKind kind, Bytes key, Bytes text) {
    static constexpr std::uint8_t none = 0;  // a null key would mean the key of the call before
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned int size = 0;
    const auto* done =
        HMAC(algorithm_of(kind), key.empty() ? &none : key.data(), static_cast<int>(key.size()),
             text.data(), text.size(), raw.data(), &size);
    NK_CHECK(done != nullptr);
    return {raw.begin(), raw.begin() + size};
}

std::size_t key_bytes(CipherKind kind) {
    switch (kind) {
        case CipherKind::aes_128_gcm:
        case CipherKind::aes_128_cbc:
            return 16;
        case CipherKind::aes_256_gcm:
        case CipherKind::chacha20_poly1305:
        case CipherKind::aes_256_cbc:
            return 32;
    }
    return 0;
}

bool is_aead(CipherKind kind) {
    return kind != CipherKind::aes_128_cbc && kind != CipherKind::aes_256_cbc;
}

struct Decryptor::Impl {
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { EVP_CIPHER_CTX_free(context); }  // wipes the key
};

Decryptor::Decryptor(CipherKind kind, Bytes key) : impl_(std::make_unique<Impl>()) {
    NK_CHECK(impl_->context != nullptr);
    NK_CHECK(key.size() == key_bytes(kind));
    NK_CHECK(EVP_DecryptInit_ex(impl_->context, algorithm_of(kind), nullptr, key.data(), nullptr) ==
             1);
    NK_CHECK(EVP_CIPHER_CTX_set_padding(impl_->context, 0) == 1);
}
Decryptor::~Decryptor() = default;
Decryptor::Decryptor(Decryptor&&) noexcept = default;
Decryptor& Decryptor::operator=(Decryptor&&) noexcept = default;

bool Decryptor::open(Bytes nonce, Bytes extra, Bytes sealed, std::vector<std::uint8_t>& out) {
    NK_CHECK(nonce.size() == aead_nonce_bytes);
    out.clear();
    if (sealed.size() < aead_tag_bytes)
        return false;
    const Bytes text = sealed.first(sealed.size() - aead_tag_bytes);
    std::array<std::uint8_t, aead_tag_bytes> tag{};
    std::copy(sealed.end() - aead_tag_bytes, sealed.end(), tag.begin());
    out.resize(text.size() + 1);  // never empty: a null `out` would mean further `extra`
    int size = 0;
    int last = 0;
    EVP_CIPHER_CTX* context = impl_->context;
    const bool is_genuine =
        EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()) == 1 &&
        EVP_DecryptUpdate(context, nullptr, &size, extra.data(), static_cast<int>(extra.size())) ==
            1 &&
        EVP_DecryptUpdate(context, out.data(), &size, text.data(), static_cast<int>(text.size())) ==
            1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()),
                            tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context, out.data() + size, &last) == 1;
    out.resize(is_genuine ? text.size() : 0);
    return is_genuine;
}

bool Decryptor::decrypt_blocks(Bytes vector, Bytes blocks, std::vector<std::uint8_t>& out) {
    NK_CHECK(vector.size() == cbc_block_bytes);
    out.clear();
    if (blocks.empty() || blocks.size() % cbc_block_bytes != 0)
        return false;
    out.resize(blocks.size());
    int size = 0;
    NK_CHECK(EVP_DecryptInit_ex(impl_->context, nullptr, nullptr, nullptr, vector.data()) == 1);
    NK_CHECK(EVP_DecryptUpdate(impl_->context, out.data(), &size, blocks.data(),
                               static_cast<int>(blocks.size())) == 1);
    return static_cast<std::size_t>(size) == blocks.size();
}

}  // namespace nk
