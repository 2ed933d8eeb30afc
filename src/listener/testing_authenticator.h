#pragma once
// For tests only: an authenticator in some lines, with one P-256 key (WebAuthn level 2, 6.1, 6.5).

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "base/base_encoding.h"
#include "base/digest.h"

namespace nk::listener::testing {

class TestAuthenticator {
public:
    std::string host = "localhost:8060";
    std::string party = "localhost";
    std::string origin = "http://localhost:8060";
    std::uint8_t flags = 5;  // present, verified
    std::uint32_t count = 0;
    const std::vector<std::uint8_t> id{1, 2, 3, 4, 5, 6, 7, 8};

    [[nodiscard]] std::vector<std::uint8_t> client_data(const std::string& type,
                                                        const std::string& challenge) const {
        const auto text = nlohmann::json{
            {"type", type},
            {"challenge", challenge},
            {"origin", origin},
            {"crossOrigin",
             false}}.dump();
        return {text.begin(), text.end()};
    }
    [[nodiscard]] std::vector<std::uint8_t> data(bool with_key) const {
        auto out = sha256({reinterpret_cast<const std::uint8_t*>(party.data()), party.size()});
        out.push_back(static_cast<std::uint8_t>(flags | (with_key ? 0x40 : 0)));
        for (int shift = 24; shift >= 0; shift -= 8)
            out.push_back(static_cast<std::uint8_t>(count >> shift));
        if (with_key) {
            out.insert(out.end(), 16, 0);  // of no make
            out.push_back(0);
            out.push_back(static_cast<std::uint8_t>(id.size()));
            out.insert(out.end(), id.begin(), id.end());
            // COSE: a map of kty 2, alg -7, crv 1, x, y
            for (const int byte : {0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32})
                out.push_back(static_cast<std::uint8_t>(byte));
            const auto point = public_point();
            out.insert(out.end(), point.begin() + 1, point.begin() + 33);
            for (const int byte : {0x22, 0x58, 32})
                out.push_back(static_cast<std::uint8_t>(byte));
            out.insert(out.end(), point.begin() + 33, point.end());
        }
        return out;
    }
    [[nodiscard]] std::vector<std::uint8_t> attestation() const {
        return nlohmann::json::to_cbor({{"fmt", "none"},
                                        {"attStmt", nlohmann::json::object()},
                                        {"authData", nlohmann::json::binary(data(true))}});
    }
    [[nodiscard]] std::vector<std::uint8_t> sign(const std::vector<std::uint8_t>& data,
                                                 const std::vector<std::uint8_t>& client) const {
        auto message = data;
        const auto hash = sha256(client);
        message.insert(message.end(), hash.begin(), hash.end());
        const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                         EVP_MD_CTX_free);
        std::vector<std::uint8_t> out(128);
        std::size_t size = out.size();
        EXPECT_EQ(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()), 1);
        EXPECT_EQ(EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()),
                  1);
        out.resize(size);
        return out;
    }
    // The body of the request that signs in.
    [[nodiscard]] nlohmann::json signs_in(const std::string& challenge) const {
        const auto client = client_data("webauthn.get", challenge);
        const auto about = data(false);
        return {{"id", base64url(id)},
                {"client_data", base64url(client)},
                {"authenticator_data", base64url(about)},
                {"signature", base64url(sign(about, client))}};
    }
    [[nodiscard]] nlohmann::json is_added(const std::string& challenge) const {
        return {{"name", "Telefoon"},
                {"credential",
                 {{"client_data", base64url(client_data("webauthn.create", challenge))},
                  {"attestation", base64url(attestation())}}}};
    }

private:
    static std::vector<std::uint8_t> sha256(Bytes bytes) {
        Digest digest(DigestKind::sha256);
        digest.add(bytes);
        return digest.bytes();
    }
    [[nodiscard]] std::vector<std::uint8_t> public_point() const {
        std::vector<std::uint8_t> out(65);
        std::size_t size = 0;
        EXPECT_EQ(EVP_PKEY_get_octet_string_param(key_.get(), "pub", out.data(), out.size(), &size),
                  1);
        EXPECT_EQ(size, 65U);
        return out;
    }
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_{EVP_EC_gen("P-256"), EVP_PKEY_free};
};

}  // namespace nk::listener::testing
