#include "host/self_signed.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "base/address.h"

namespace nk::host {

namespace {

template <class T, void (*free_it)(T*)>
struct Free {
    void operator()(T* it) const { free_it(it); }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509, X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION, X509_EXTENSION_free>>;

struct CloseFile {
    void operator()(std::FILE* file) const { (void)std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

tl::unexpected<Error> failed(const std::string& what) {
    ERR_clear_error();
    return refuse(Code::broken, Blame::ourselves, "OpenSSL does not " + what);
}

// In place of one that is there, and for its owner alone from the beginning.
Result<OpenFile> create(const std::string& path, mode_t mode) {
    (void)unlink(path.c_str());
    const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    OpenFile file(descriptor < 0 ? nullptr : fdopen(descriptor, "w"));
    if (!file)
        return refuse(Code::io, Blame::machine,
                      path + " cannot be written: " + strerrordesc_np(errno));
    return file;
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names)
        out.append(out.empty() ? "" : ",").append(parse_ip(name) ? "IP:" : "DNS:").append(name);
    return out;
}

}  // namespace

Result<void> make_self_signed(const std::string& certificate, const std::string& key,
                              const SelfSigned& about) {
    const Key pair(EVP_EC_gen("P-256"));
    const Certificate made(X509_new());
    if (!pair || !made || about.names.empty())
        return failed("make a key");
    std::array<unsigned char, 16> serial{};
    if (RAND_bytes(serial.data(), serial.size()) != 1)
        return failed("give a random number");
    serial[0] &= 0x7F;  // RFC 5280 4.1.2.2: positive
    const std::unique_ptr<BIGNUM, Free<BIGNUM, BN_free>> number(
        BN_bin2bn(serial.data(), serial.size(), nullptr));
    auto* name = X509_get_subject_name(made.get());
    const auto* common = reinterpret_cast<const unsigned char*>(about.names.front().c_str());
    const bool is_filled =
        X509_set_version(made.get(), 2) == 1 && number &&
        BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(made.get())) != nullptr &&
        ASN1_TIME_set(X509_getm_notBefore(made.get()), about.from.ns / 1'000'000'000) != nullptr &&
        ASN1_TIME_set(X509_getm_notAfter(made.get()), about.to.ns / 1'000'000'000) != nullptr &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, common, -1, -1, 0) == 1 &&
        X509_set_issuer_name(made.get(), name) == 1 &&
        X509_set_pubkey(made.get(), pair.get()) == 1 &&
        add_extension(made.get(), NID_subject_alt_name, alternative_names(about.names)) &&
        add_extension(made.get(), NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(made.get(), NID_ext_key_usage, "serverAuth");
    if (!is_filled || X509_sign(made.get(), pair.get(), EVP_sha256()) == 0)
        return failed("make a certificate");
    NK_TAKE(const auto key_file, create(key, 0600));
    if (PEM_write_PrivateKey(key_file.get(), pair.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
            1 ||
        std::fflush(key_file.get()) != 0)
        return refuse(Code::io, Blame::machine, key + " cannot be written");
    NK_TAKE(const auto file, create(certificate, 0644));
    if (PEM_write_X509(file.get(), made.get()) != 1 || std::fflush(file.get()) != 0)
        return refuse(Code::io, Blame::machine, certificate + " cannot be written");
    return {};
}

Result<std::string> fingerprint_of(const std::string& certificate) {
    const OpenFile file(std::fopen(certificate.c_str(), "re"));
    if (!file)
        return refuse(Code::not_found, Blame::owner,
                      certificate + " cannot be read: " + strerrordesc_np(errno));
    const Certificate read(PEM_read_X509(file.get(), nullptr, nullptr, nullptr));
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned size = 0;
    if (!read || X509_digest(read.get(), EVP_sha256(), sum.data(), &size) != 1) {
        ERR_clear_error();
        return refuse(Code::malformed, Blame::owner, certificate + " holds no certificate");
    }
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out.append(i == 0 ? "" : ":");
        out += digits[sum[i] >> 4U];
        out += digits[sum[i] & 15U];
    }
    return out;
}

}  // namespace nk::host
