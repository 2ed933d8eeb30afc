#pragma once
// Symmetric ciphers and keyed hashes, to read what somebody else encrypted. Nothing here encrypts,
// and nothing here tells its keys to anybody.

#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"

namespace nk {

enum class MacKind : std::uint8_t { sha1, sha256, sha384 };

[[nodiscard]] std::size_t mac_bytes(MacKind kind);

// HMAC (RFC 2104) of `text`.
std::vector<std::uint8_t> hmac(MacKind kind, Bytes key, Bytes text);

enum class CipherKind : std::uint8_t {
    aes_128_gcm,
    aes_256_gcm,
    chacha20_poly1305,  // RFC 8439
    aes_128_cbc,
    aes_256_cbc,
};

inline constexpr std::size_t aead_nonce_bytes = 12;
inline constexpr std::size_t aead_tag_bytes = 16;
inline constexpr std::size_t cbc_block_bytes = 16;

[[nodiscard]] std::size_t key_bytes(CipherKind kind);
[[nodiscard]] bool is_aead(CipherKind kind);

// One key, any number of messages.
class Decryptor {
public:
    // Requires: key.size() == key_bytes(kind).
    Decryptor(CipherKind kind, Bytes key);
    ~Decryptor();
    Decryptor(Decryptor&&) noexcept;
    Decryptor& operator=(Decryptor&&) noexcept;
    Decryptor(const Decryptor&) = delete;
    Decryptor& operator=(const Decryptor&) = delete;

    // AEAD (RFC 5116): `sealed` ends with the tag. False when the tag does not fit; `out` then
    // holds nothing. Requires: an AEAD cipher, and nonce.size() == aead_nonce_bytes.
    bool open(Bytes nonce, Bytes extra, Bytes sealed, std::vector<std::uint8_t>& out);
    // Whole blocks, padding and all; false when they are not whole. Requires: a CBC cipher, and
    // vector.size() == cbc_block_bytes.
    bool decrypt_blocks(Bytes vector, Bytes blocks, std::vector<std::uint8_t>& out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace nk
