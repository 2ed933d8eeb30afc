#pragma once
// SHA-256 and SHA-512 (FIPS 180-4), whole or piece by piece; MD5 (RFC 1321) only because FLAC has
// it.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace nk {

enum class DigestKind { sha256, sha512, md5 };

class Digest {
public:
    explicit Digest(DigestKind kind);
    ~Digest();
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    void add(Bytes bytes);
    // The digest; the object is spent after it.
    std::vector<std::uint8_t> bytes();
    // The same in lower-case hexadecimal.
    std::string hex();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

std::string sha256_hex(Bytes bytes);

}  // namespace nk
