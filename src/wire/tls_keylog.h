#pragma once
// A key log as browsers, OpenSSL and Wireshark share it: the SSLKEYLOGFILE format of NSS.
// A line is "LABEL ClientRandom Secret", the latter two in hexadecimal; others are passed over.
//
// What stands in it opens calls: nothing here prints it or puts it into an error.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "wire/tls.h"

namespace nk::wire {

using TlsSecret = std::vector<std::uint8_t>;

// What the log says of one connection; empty where it says nothing.
struct TlsSecrets {
    TlsSecret master;            // CLIENT_RANDOM: TLS 1.2 and before
    TlsSecret client_early;      // CLIENT_EARLY_TRAFFIC_SECRET: early data of TLS 1.3
    TlsSecret client_handshake;  // CLIENT_HANDSHAKE_TRAFFIC_SECRET and so on: TLS 1.3
    TlsSecret server_handshake;
    TlsSecret client_traffic;
    TlsSecret server_traffic;
};

// Where the secrets come from: a log that may grow while it is read.
class TlsKeys {
public:
    virtual ~TlsKeys() = default;
    // Null when nothing is known of that ClientRandom (yet); holds until look_again.
    [[nodiscard]] virtual const TlsSecrets* find(const TlsRandom& client) const = 0;
    // Something was missing: may look whether there is more by now.
    virtual void look_again(MonoTime now) = 0;
};

class TlsKeyLog {
public:
    // Text of the log, where the piece before it ended; a line may be cut anywhere.
    void add(std::string_view text);
    // The log has ended; its last line may lack an end.
    void end();
    [[nodiscard]] const TlsSecrets* find(const TlsRandom& client) const;
    // At most limits::tls_key_log_clients_max; beyond it those are forgotten that came first.
    [[nodiscard]] std::size_t clients() const { return by_client_.size(); }

private:
    void add_line(std::string_view line);

    std::map<TlsRandom, TlsSecrets> by_client_;
    std::deque<TlsRandom> in_order_;
    std::string line_;  // its beginning
    bool is_too_long_ = false;
};

}  // namespace nk::wire
