#pragma once
// From a secret of the key log to the plain text of records: TLS 1.2 (RFC 5246, with AES-GCM of
// RFC 5288, ChaCha20-Poly1305 of RFC 7905, AES-CBC and encrypt-then-MAC of RFC 7366) and TLS 1.3
// (RFC 8446).

#include <cstdint>
#include <optional>
#include <vector>

#include "base/cipher.h"
#include "wire/tls.h"
#include "wire/tls_keylog.h"

namespace nk::wire {

struct TlsSuite {
    std::uint16_t number = 0;
    CipherKind cipher = CipherKind::aes_128_gcm;
    MacKind hash = MacKind::sha256;  // of the key derivation
    std::optional<MacKind> mac;      // of CBC records
    bool is_1_3 = false;
};

// Nullptr for suites that are not read.
const TlsSuite* tls_suite(std::uint16_t number);

// What one side's records are read with, until its keys change.
class TlsOpener {
public:
    // TLS 1.3: one traffic secret (RFC 8446 7.3).
    TlsOpener(const TlsSuite& suite, const TlsSecret& traffic_secret);
    // TLS 1.2: the keys of one side out of the master secret (RFC 5246 6.3).
    TlsOpener(const TlsSuite& suite, const TlsSecret& master, const TlsRandom& client,
              const ServerHello& server, bool of_client);

    struct Plain {
        TlsType type = TlsType::alert;
        Bytes bytes;  // hold until the next call
    };
    // Nullopt when the record is not genuine; then it does not count as one of the sequence.
    std::optional<Plain> open(const TlsRecord& record);
    // The same when up to `lost_max` records before it were not captured.
    std::optional<Plain> open_after_hole(const TlsRecord& record, std::size_t lost_max);
    // TLS 1.3: the keys after a KeyUpdate (RFC 8446 7.2).
    [[nodiscard]] TlsOpener updated() const;

private:
    bool open_1_3(const TlsRecord& record, TlsType& type);
    bool open_aead(const TlsRecord& record);
    bool open_cbc(const TlsRecord& record);
    bool take_off_padding();
    [[nodiscard]] bool has_mac(const TlsRecord& record, Bytes text, Bytes mac) const;

    const TlsSuite* suite_;
    TlsSecret secret_;  // TLS 1.3
    std::vector<std::uint8_t> mac_key_;
    std::vector<std::uint8_t> vector_;
    bool encrypts_then_macs_ = false;
    std::optional<Decryptor> decryptor_;
    std::uint64_t sequence_ = 0;
    std::vector<std::uint8_t> plain_;
};

// RFC 8446 7.1, with an empty context.
std::vector<std::uint8_t> hkdf_expand_label(MacKind hash, Bytes secret, std::string_view label,
                                            std::size_t bytes);
// RFC 5246 5.
std::vector<std::uint8_t> tls_1_2_prf(MacKind hash, Bytes secret, std::string_view label,
                                      Bytes seed, std::size_t bytes);

}  // namespace nk::wire
