#pragma once
// Keys and certificates that are made here, and the files of them, for tests of TLS.

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "host/tls_files.h"

namespace nk::host::testing_identity {

struct Free {
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
    void operator()(SSL* p) const { SSL_free(p); }
    void operator()(std::FILE* p) const { std::fclose(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

struct Identity {
    Owned<EVP_PKEY> key;
    Owned<X509> certificate;
};

// Signed by `by`, or by itself.
inline Identity make_identity(const char* name, const Identity* by = nullptr) {
    Identity out{Owned<EVP_PKEY>(EVP_EC_gen("P-256")), Owned<X509>(X509_new())};
    X509* x = out.certificate.get();
    X509_set_version(x, 2);
    static std::atomic<long> serial = 1;
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), -3'600);
    X509_gmtime_adj(X509_getm_notAfter(x), 3'600);
    X509_set_pubkey(x, out.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    const X509* issuer = by != nullptr ? by->certificate.get() : x;
    X509_set_issuer_name(x, X509_get_subject_name(issuer));
    if (by == nullptr) {
        X509_EXTENSION* is_authority =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
        X509_add_ext(x, is_authority, -1);
        X509_EXTENSION_free(is_authority);
    }
    X509_sign(x, by != nullptr ? by->key.get() : out.key.get(), EVP_sha256());
    return out;
}

// A folder that goes with its test.
class IdentityFolder {
public:
    IdentityFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "naklank-tls-XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~IdentityFolder() { std::filesystem::remove_all(folder_); }
    IdentityFolder(const IdentityFolder&) = delete;
    IdentityFolder& operator=(const IdentityFolder&) = delete;

    // NAME.key and NAME.crt; gives the path of the second.
    std::string write(const Identity& who, const std::string& name, bool is_locked = false) const {
        const auto key = path(name + ".key");
        const auto certificate = path(name + ".crt");
        unsigned char word[] = "word";
        PEM_write_PrivateKey(Owned<std::FILE>(std::fopen(key.c_str(), "w")).get(), who.key.get(),
                             is_locked ? EVP_aes_128_cbc() : nullptr, is_locked ? word : nullptr,
                             is_locked ? 4 : 0, nullptr, nullptr);
        PEM_write_X509(Owned<std::FILE>(std::fopen(certificate.c_str(), "w")).get(),
                       who.certificate.get());
        return certificate;
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return (folder_ / name).string();
    }
    [[nodiscard]] TlsFiles files(const std::string& name) const {
        return {path(name + ".crt"), path(name + ".key"), ""};
    }

private:
    std::filesystem::path folder_;
};

}  // namespace nk::host::testing_identity
