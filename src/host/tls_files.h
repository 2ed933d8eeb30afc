#pragma once
// Where a server's side of TLS comes from: PEM files of the operator's.

#include <string>

namespace nk::host {

struct TlsFiles {
    std::string certificate;  // ours, and the chain behind it
    std::string key;
    std::string client_authorities;  // when given, each client must have a certificate by one
};

}  // namespace nk::host
