#pragma once
// A server's side of TLS made from the operator's files, for host's own sources.

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include "base/result.h"
#include "host/tls_files.h"

namespace nk::host {

// TLS 1.2 and later. Errors name the file and say what is wrong with it.
Result<std::shared_ptr<boost::asio::ssl::context>> make_server_tls(const TlsFiles& files);

// Why a handshake failed, in words: with what was wrong with the peer's certificate, if that was
// it.
std::string handshake_failure(const boost::system::error_code& error, const SSL* ssl);

}  // namespace nk::host
