// Reading a=crypto. What an unknown session parameter changes is not known either, so a line that
// insists on one has no usable keys.
#include "wire/sdp_crypto.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/limits.h"
#include "wire/sip_grammar.h"

namespace nk::wire {

namespace {

using grammar::equal_ci;
using grammar::trim;

struct Suite {
    SrtpSuite suite;
    std::string_view name;
    std::size_t key_bytes;  // 14 bytes of them are salt, 12 with GCM
    std::size_t tag_bytes;
};
constexpr std::array<Suite, 6> suites{
    {{SrtpSuite::aes_128_cm_sha1_80, "AES_CM_128_HMAC_SHA1_80", 16 + 14, 10},
     {SrtpSuite::aes_128_cm_sha1_32, "AES_CM_128_HMAC_SHA1_32", 16 + 14, 4},
     {SrtpSuite::aes_256_cm_sha1_80, "AES_256_CM_HMAC_SHA1_80", 32 + 14, 10},
     {SrtpSuite::aes_256_cm_sha1_32, "AES_256_CM_HMAC_SHA1_32", 32 + 14, 4},
     {SrtpSuite::aes_128_gcm, "AEAD_AES_128_GCM", 16 + 12, 16},
     {SrtpSuite::aes_256_gcm, "AEAD_AES_256_GCM", 32 + 12, 16}}};

const Suite& facts_of(SrtpSuite suite) {
    return suites[static_cast<std::size_t>(suite)];
}

std::string_view take_until(std::string_view& text, char end) {
    const std::size_t at = std::min(text.find(end), text.size());
    const std::string_view piece = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return piece;
}

std::string_view take_word(std::string_view& text) {
    text = trim(text);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// RFC 4648 4; the padding may be absent, as some senders have it.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
    const std::string_view digits = text.substr(0, text.find_last_not_of('=') + 1);
    std::vector<std::uint8_t> out;
    std::uint32_t bits = 0;
    int bit_count = 0;
    for (const char c : digits) {
        const auto value = base64_letters.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffff;
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            out.push_back(static_cast<std::uint8_t>(bits >> bit_count));
        }
    }
    return out;
}

std::string to_base64(const std::vector<std::uint8_t>& bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t j = i; j < i + 3; ++j)
            bits = bits << 8 | (j < bytes.size() ? bytes[j] : 0U);
        for (int shift = 18; shift >= 0; shift -= 6)
            out += base64_letters[bits >> shift & 63U];
    }
    for (std::size_t padding = (3 - bytes.size() % 3) % 3; padding > 0; --padding)
        out[out.size() - padding] = '=';
    return out;
}

// "1:4": the number, and in how many bytes packets carry it (RFC 4568 6.1).
std::optional<std::vector<std::uint8_t>> read_mki(std::string_view text) {
    auto value = grammar::number(take_until(text, ':'));
    const auto bytes = grammar::number(text);
    if (!value || *value == UINT64_MAX || !bytes || *bytes == 0 ||
        *bytes > limits::srtp_mki_bytes_max)
        return std::nullopt;
    std::vector<std::uint8_t> mki(static_cast<std::size_t>(*bytes));
    for (auto byte = mki.rbegin(); byte != mki.rend(); ++byte, *value >>= 8)
        *byte = static_cast<std::uint8_t>(*value);
    return *value == 0 ? std::optional(mki) : std::nullopt;
}

bool is_lifetime(std::string_view text) {
    return grammar::number(text.starts_with("2^") ? text.substr(2) : text).has_value();
}

// inline:<key||salt>["|" lifetime]["|" MKI ":" length] (RFC 4568 6.1)
std::optional<SrtpKey> read_key(SrtpSuite suite, std::string_view text) {
    constexpr std::string_view method = "inline:";
    if (!grammar::starts_with_ci(text, method))
        return std::nullopt;
    text.remove_prefix(method.size());
    auto key = from_base64(take_until(text, '|'));
    if (!key || key->size() != key_bytes_of(suite))
        return std::nullopt;
    SrtpKey out{suite, true, *std::move(key), {}};
    while (!text.empty()) {
        const std::string_view field = take_until(text, '|');
        if (field.find(':') == std::string_view::npos) {
            if (!is_lifetime(field))
                return std::nullopt;
            continue;
        }
        auto mki = read_mki(field);
        if (!mki)
            return std::nullopt;
        out.mki = *std::move(mki);
    }
    return out;
}

// RFC 4568 6.3. What concerns RTCP, error correction or the receiver's window changes nothing here.
enum class Effect : std::uint8_t { none, plain, unusable };
Effect effect_of(std::string_view parameter) {
    if (equal_ci(parameter, "UNENCRYPTED_SRTP"))
        return Effect::plain;
    for (const std::string_view harmless : {"UNENCRYPTED_SRTCP", "FEC_ORDER=", "FEC_KEY=", "WSH="})
        if (grammar::starts_with_ci(parameter, harmless))
            return Effect::none;
    // UNAUTHENTICATED_SRTP: nothing would tell a wrong key from a right one. KDR: nobody derives
    // keys anew in mid-stream.
    return parameter.starts_with('-') ? Effect::none : Effect::unusable;
}

}  // namespace

std::string_view name_of(SrtpSuite suite) {
    return facts_of(suite).name;
}

std::optional<SrtpSuite> suite_named(std::string_view name) {
    for (const Suite& known : suites)
        if (equal_ci(known.name, name))
            return known.suite;
    // What RFC 6188's suites were called while it was a draft, and still are by many devices.
    if (equal_ci(name, "AES_CM_256_HMAC_SHA1_80"))
        return SrtpSuite::aes_256_cm_sha1_80;
    if (equal_ci(name, "AES_CM_256_HMAC_SHA1_32"))
        return SrtpSuite::aes_256_cm_sha1_32;
    return std::nullopt;
}

std::size_t key_bytes_of(SrtpSuite suite) {
    return facts_of(suite).key_bytes;
}

std::size_t tag_bytes_of(SrtpSuite suite) {
    return facts_of(suite).tag_bytes;
}

// tag suite key-params [session-params] (RFC 4568 9.1)
std::optional<SdpCrypto> parse_crypto(std::string_view value) {
    const auto tag = grammar::number(take_word(value));
    const std::string_view suite_name = take_word(value);
    std::string_view keys = take_word(value);
    if (!tag || *tag > 999'999'999 || !grammar::starts_with_ci(keys, "inline:"))
        return std::nullopt;
    SdpCrypto line{static_cast<std::uint32_t>(*tag), std::string(suite_name), {}};
    const auto suite = suite_named(suite_name);
    if (!suite)
        return line;
    bool is_encrypted = true;
    for (auto word = take_word(value); !word.empty(); word = take_word(value)) {
        const Effect effect = effect_of(word);
        if (effect == Effect::unusable)
            return line;
        is_encrypted = is_encrypted && effect != Effect::plain;
        if (equal_ci(word, "UNENCRYPTED_SRTCP"))
            line.is_rtcp_encrypted = false;
    }
    while (!keys.empty() && line.keys.size() < limits::sdp_crypto_keys_max)
        if (auto key = read_key(*suite, take_until(keys, ';'))) {
            key->is_encrypted = is_encrypted;
            line.keys.push_back(*std::move(key));
        }
    return line;
}

std::string compose_crypto(const SdpCrypto& line) {
    std::string out = std::to_string(line.tag) + " " + line.suite + " ";
    for (const SrtpKey& key : line.keys) {
        out.append(&key == &line.keys.front() ? "inline:" : ";inline:").append(to_base64(key.key));
        if (key.mki.empty())
            continue;
        std::uint64_t mki = 0;
        for (const std::uint8_t byte : key.mki)
            mki = mki << 8 | byte;
        out.append("|" + std::to_string(mki) + ":" + std::to_string(key.mki.size()));
    }
    if (!line.is_rtcp_encrypted)
        out.append(" UNENCRYPTED_SRTCP");
    if (!line.keys.empty() && !line.keys.front().is_encrypted)
        out.append(" UNENCRYPTED_SRTP");
    return out;
}

}  // namespace nk::wire
