#include "host/tls_context.h"

#include <array>
#include <cerrno>

#include <boost/asio/ssl/error.hpp>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509err.h>

#include "base/bytes.h"
#include "host/descriptor.h"
#include "host/socket_address.h"

namespace nk::host {

namespace {

namespace ssl = boost::asio::ssl;

// What OpenSSL has to say of its last failure.
std::string reason_of(unsigned long code) {
    const char* reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "OpenSSL gives no reason";
}

Result<void> check_readable(const std::string& what, const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.is_open())
        return {};
    const int why = errno;
    return refuse(why == ENOENT ? Code::not_found : Code::refused, Blame::owner,
                  "the " + what + " " + path + " cannot be read: " + strerrordesc_np(why));
}

tl::unexpected<Error> unusable(const std::string& what, const std::string& path) {
    const auto why = reason_of(ERR_peek_error());
    ERR_clear_error();
    return refuse(Code::malformed, Blame::owner,
                  "the " + what + " " + path + " cannot be used: " + why);
}

// Nobody is at the terminal to be asked for a pass phrase.
int no_pass_phrase(char*, int, int, void*) {
    return 0;
}

Result<void> use_certificate(SSL_CTX* context, const TlsFiles& files) {
    NK_TRY(check_readable("TLS certificate", files.certificate));
    NK_TRY(check_readable("TLS key", files.key));
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
        return unusable("TLS certificate", files.certificate);
    if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_check_private_key(context) == 1)
        return {};
    const auto code = ERR_peek_error();
    const bool is_x509 = ERR_GET_LIB(code) == ERR_LIB_X509;
    if (is_x509 && (ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH ||
                    ERR_GET_REASON(code) == X509_R_KEY_TYPE_MISMATCH)) {
        ERR_clear_error();
        return refuse(Code::malformed, Blame::owner,
                      "the TLS key " + files.key + " does not belong to the certificate " +
                          files.certificate);
    }
    return unusable("TLS key", files.key);
}

Result<void> ask_for_certificates(SSL_CTX* context, const std::string& authorities) {
    NK_TRY(check_readable("file of TLS client authorities", authorities));
    if (SSL_CTX_load_verify_file(context, authorities.c_str()) != 1)
        return unusable("file of TLS client authorities", authorities);
    STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(authorities.c_str());
    if (names == nullptr)
        return unusable("file of TLS client authorities", authorities);
    SSL_CTX_set_client_CA_list(context, names);  // which owns them from now on
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return {};
}

}  // namespace

Result<std::shared_ptr<ssl::context>> make_server_tls(const TlsFiles& files) {
    ERR_clear_error();
    auto out = std::make_shared<ssl::context>(ssl::context::tls_server);
    SSL_CTX* context = out->native_handle();
    constexpr auto name = std::string_view("naklank");
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_session_id_context(context, as_bytes(name).data(), name.size()) != 1)
        return refuse(Code::io, Blame::machine, "OpenSSL cannot be set up for TLS 1.2");
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_default_passwd_cb(context, no_pass_phrase);
    NK_TRY(use_certificate(context, files));
    if (!files.client_authorities.empty())
        NK_TRY(ask_for_certificates(context, files.client_authorities));
    ERR_clear_error();
    return out;
}

std::string handshake_failure(const boost::system::error_code& error, const SSL* ssl) {
    if (error.category() != boost::asio::error::get_ssl_category())
        return error.message();
    const auto code = static_cast<unsigned long>(error.value());
    const long verified = SSL_get_verify_result(ssl);
    if (ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK)
        return "its certificate is not accepted: " +
               std::string(X509_verify_cert_error_string(verified));
    return reason_of(code);
}

}  // namespace nk::host
