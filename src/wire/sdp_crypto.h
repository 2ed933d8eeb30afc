#pragma once
// Keys of encrypted media as session descriptions carry them: a=crypto (RFC 4568), for the suites
// of RFC 4568, 6188 and 7714. The keys open what was said: they go into the journal, where the
// packets are, and nowhere else.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nk::wire {

enum class SrtpSuite : std::uint8_t {
    aes_128_cm_sha1_80,  // RFC 4568 6.2.1
    aes_128_cm_sha1_32,  // 6.2.2
    aes_256_cm_sha1_80,  // RFC 6188
    aes_256_cm_sha1_32,
    aes_128_gcm,  // RFC 7714
    aes_256_gcm,
};
inline constexpr SrtpSuite last_srtp_suite = SrtpSuite::aes_256_gcm;

// As IANA's registry of SRTP crypto suites has it: "AES_CM_128_HMAC_SHA1_80".
std::string_view name_of(SrtpSuite suite);
std::optional<SrtpSuite> suite_named(std::string_view name);
// Bytes of a master key with its master salt, and of the tag that ends a packet.
std::size_t key_bytes_of(SrtpSuite suite);
std::size_t tag_bytes_of(SrtpSuite suite);

// A master key with what is needed to use it.
struct SrtpKey {
    SrtpSuite suite = SrtpSuite::aes_128_cm_sha1_80;
    bool is_encrypted = true;       // false: packets are authenticated, and plain
    std::vector<std::uint8_t> key;  // and salt; key_bytes_of(suite) long
    std::vector<std::uint8_t> mki;  // as it stands in each packet; empty when none does
    bool operator==(const SrtpKey&) const = default;
};

// One a=crypto line.
struct SdpCrypto {
    std::uint32_t tag = 0;
    std::string suite;          // as written
    std::vector<SrtpKey> keys;  // none when we cannot use them
    bool is_rtcp_encrypted = true;
    bool operator==(const SdpCrypto&) const = default;
};

// What stands behind "a=crypto:". Nullopt when it breaks the grammar of RFC 4568 9.1; without keys
// when the suite, a session parameter or a key is none that we can use.
std::optional<SdpCrypto> parse_crypto(std::string_view value);

// The value of an a=crypto line: what parse_crypto reads, with its tag, its suite as written, its
// keys, and what of the session parameters both sides must agree on (RFC 4568 6.3, 9.1). Requires:
// a key.
std::string compose_crypto(const SdpCrypto& line);

}  // namespace nk::wire
