#include "host/certificate.h"

#include <algorithm>
#include <ctime>
#include <memory>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace nk::host {

namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};

// A WallTime ends in 2262; what holds longer holds until then.
WallTime wall_time_of(const ASN1_TIME* time) {
    std::tm parts{};
    constexpr std::int64_t second_max = 9'000'000'000;
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    const std::int64_t second = timegm(&parts);
    return {std::min(std::max<std::int64_t>(second, 0), second_max) * 1'000'000'000};
}

}  // namespace

Result<CertificateTimes> certificate_times(const std::string& path) {
    const std::unique_ptr<BIO, Free> file(BIO_new_file(path.c_str(), "r"));
    const std::unique_ptr<X509, Free> certificate(
        file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr);
    ERR_clear_error();
    if (!certificate)
        return refuse(Code::malformed, Blame::owner,
                      "the TLS certificate " + path + " cannot be read");
    return CertificateTimes{wall_time_of(X509_get0_notBefore(certificate.get())),
                            wall_time_of(X509_get0_notAfter(certificate.get()))};
}

}  // namespace nk::host
