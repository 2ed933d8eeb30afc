#include "listener/passkey.h"

#include <algorithm>
#include <memory>
#include <optional>

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <nlohmann/json.hpp>

#include "base/digest.h"

namespace nk::listener {

namespace {

constexpr std::size_t authenticator_data_min = 37;  // 6.1: hash, flags, count
constexpr std::uint8_t user_present = 1;
constexpr std::uint8_t user_verified = 4;

tl::unexpected<Error> wrong(const char* why) {
    return refuse(Code::malformed, Blame::peer, why);
}

std::vector<std::uint8_t> sha256(Bytes bytes) {
    Digest digest(DigestKind::sha256);
    digest.add(bytes);
    return digest.bytes();
}

// 5.8.1
Result<void> check_client_data(Bytes bytes, std::string_view type, const PasskeyAsked& asked) {
    const auto json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
    const auto text = [&](const char* name) {
        const auto at = json.find(name);
        return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
    };
    if (!json.is_object() || text("type") != type)
        return wrong("the passkey was asked for something else");
    if (text("challenge") != asked.challenge)
        return wrong("the passkey answers another question");
    const auto origin = text("origin");
    const bool is_local = relying_party(asked.host) == "localhost";
    if (origin != "https://" + asked.host && !(is_local && origin == "http://" + asked.host))
        return wrong("the passkey was asked by another page");
    const auto crossed = json.find("crossOrigin");
    if (crossed != json.end() && *crossed != false)
        return wrong("the passkey was asked from inside another page");
    return {};
}

Result<void> check_authenticator_data(Bytes data, const PasskeyAsked& asked) {
    if (data.size() < authenticator_data_min)
        return wrong("the passkey's data is too short");
    const auto hash = sha256(as_bytes(relying_party(asked.host)));
    if (!std::equal(hash.begin(), hash.end(), data.begin()))
        return wrong("the passkey belongs to another house");
    if ((data[32] & user_present) == 0 || (data[32] & user_verified) == 0)
        return wrong("the passkey did not ask who uses it");
    return {};
}

// Arrays in arrays in arrays are no attestation; whoever reads them goes as deep as they do.
bool is_deep(Bytes cbor) {
    constexpr std::size_t depth_max = 64;
    std::size_t run = 0;
    for (const auto byte : cbor) {
        const auto major = byte >> 5U;  // RFC 8949 3.1: 4 an array, 5 a map, 6 a tag
        run = major >= 4 && major <= 6 ? run + 1 : 0;
        if (run > depth_max)
            return true;
    }
    return false;
}

// The authenticator's data in an attestation object (6.5.4).
std::optional<std::vector<std::uint8_t>> authenticator_data_in(Bytes attestation) {
    if (is_deep(attestation))
        return std::nullopt;
    nlohmann::json json;
    try {  // of a map that claims to be longer than memory it throws, whatever it was told
        json = nlohmann::json::from_cbor(attestation.begin(), attestation.end(), true, false);
    } catch (const nlohmann::json::exception&) {
        return std::nullopt;
    }
    const auto at = json.is_object() ? json.find("authData") : json.end();
    if (!json.is_object() || at == json.end() || !at->is_binary())
        return std::nullopt;
    const auto& bytes = at->get_binary();
    return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
}

struct CredentialDeleter {
    void operator()(fido_cred_t* one) const { fido_cred_free(&one); }
};
struct AssertionDeleter {
    void operator()(fido_assert_t* one) const { fido_assert_free(&one); }
};

std::vector<std::uint8_t> bytes_at(const unsigned char* at, std::size_t size) {
    return at == nullptr ? std::vector<std::uint8_t>() : std::vector<std::uint8_t>(at, at + size);
}

// Nullopt when it is of another algorithm.
std::optional<NewPasskey> credential_in(Bytes data, int algorithm) {
    const std::unique_ptr<fido_cred_t, CredentialDeleter> credential(fido_cred_new());
    if (!credential || fido_cred_set_type(credential.get(), algorithm) != FIDO_OK ||
        fido_cred_set_authdata_raw(credential.get(), data.data(), data.size()) != FIDO_OK)
        return std::nullopt;
    NewPasskey out{
        bytes_at(fido_cred_id_ptr(credential.get()), fido_cred_id_len(credential.get())), algorithm,
        bytes_at(fido_cred_pubkey_ptr(credential.get()), fido_cred_pubkey_len(credential.get())),
        fido_cred_sigcount(credential.get())};
    return out.credential.empty() || out.public_key.empty() ? std::nullopt : std::optional(out);
}

template <class Key, class Verify>
bool verifies(Key* made, int (*read)(Key*, const void*, std::size_t), void (*free)(Key**),
              Bytes public_key, const Verify& verify) {
    if (made == nullptr)
        return false;
    const bool is_right =
        read(made, public_key.data(), public_key.size()) == FIDO_OK && verify(made) == FIDO_OK;
    free(&made);
    return is_right;
}

bool is_signed(const fido_assert_t* assertion, int algorithm, Bytes key) {
    const auto verify = [&](const void* made) {
        return fido_assert_verify(assertion, 0, algorithm, made);
    };
    switch (algorithm) {
        case COSE_ES256:
            return verifies(es256_pk_new(), es256_pk_from_ptr, es256_pk_free, key, verify);
        case COSE_EDDSA:
            return verifies(eddsa_pk_new(), eddsa_pk_from_ptr, eddsa_pk_free, key, verify);
        case COSE_RS256:
            return verifies(rs256_pk_new(), rs256_pk_from_ptr, rs256_pk_free, key, verify);
        default:
            return false;
    }
}

}  // namespace

std::string relying_party(std::string_view host) {
    if (host.starts_with('['))
        return {};
    const auto name = host.substr(0, host.find(':'));
    const bool is_numbers = name.find_first_not_of("0123456789.") == std::string_view::npos;
    return is_numbers ? std::string() : std::string(name);
}

// Attestation is not asked for: who made the authenticator is nothing to us.
Result<NewPasskey> read_new_passkey(Bytes client_data, Bytes attestation,
                                    const PasskeyAsked& asked) {
    NK_TRY(check_client_data(client_data, "webauthn.create", asked));
    const auto data = authenticator_data_in(attestation);
    if (!data)
        return wrong("the passkey's attestation cannot be read");
    NK_TRY(check_authenticator_data(*data, asked));
    for (const int algorithm : {COSE_ES256, COSE_EDDSA, COSE_RS256})
        if (auto found = credential_in(*data, algorithm))
            return *std::move(found);
    return wrong("the passkey's key is of a kind that is not known here");
}

Result<std::uint32_t> check_assertion(const Assertion& assertion, int algorithm, Bytes public_key,
                                      const PasskeyAsked& asked) {
    NK_TRY(check_client_data(assertion.client_data, "webauthn.get", asked));
    NK_TRY(check_authenticator_data(assertion.authenticator_data, asked));
    const auto party = relying_party(asked.host);
    const auto hash = sha256(assertion.client_data);
    const std::unique_ptr<fido_assert_t, AssertionDeleter> made(fido_assert_new());
    const auto& data = assertion.authenticator_data;
    const auto& signature = assertion.signature;
    if (!made || fido_assert_set_clientdata_hash(made.get(), hash.data(), hash.size()) != FIDO_OK ||
        fido_assert_set_rp(made.get(), party.c_str()) != FIDO_OK ||
        fido_assert_set_count(made.get(), 1) != FIDO_OK ||
        fido_assert_set_authdata_raw(made.get(), 0, data.data(), data.size()) != FIDO_OK ||
        fido_assert_set_up(made.get(), FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_uv(made.get(), FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_sig(made.get(), 0, signature.data(), signature.size()) != FIDO_OK)
        return wrong("the passkey's answer cannot be read");
    if (!is_signed(made.get(), algorithm, public_key))
        return wrong("the passkey's signature is not right");
    return fido_assert_sigcount(made.get(), 0);
}

}  // namespace nk::listener
