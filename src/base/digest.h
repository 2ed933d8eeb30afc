#pragma once
// SHA-256 and SHA-512 (FIPS 180-4), whole or piece by piece.

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"

namespace nk {

enum class DigestKind { sha256, sha512 };

class Digest {
public:
    explicit Digest(DigestKind kind);
    ~Digest();
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    void add(Bytes bytes);
    // The digest in lower-case hexadecimal; the object is spent after it.
    std::string hex();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

std::string sha256_hex(Bytes bytes);

}  // namespace nk
