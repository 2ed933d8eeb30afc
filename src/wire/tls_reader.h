#pragma once
// One TLS connection, read with the secrets of a key log: the bytes of both sides in, what they
// said to each other out.
//
// The sides come as they were captured, one ahead of the other; what cannot be read before the
// other side's hello or before the log has its line waits, up to limits::tls_waiting_bytes_max.
// What is missing or not genuine ends the reading, never more than that. Early data (0-RTT) is
// passed over. One strand.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"
#include "wire/tls.h"
#include "wire/tls_cipher.h"
#include "wire/tls_keylog.h"

namespace nk::wire {

// Why a connection is not read to its end.
enum class TlsTrouble : std::uint8_t {
    none,
    no_key,       // the log knows nothing of it, as far as it goes
    hole,         // bytes were not captured
    unsupported,  // a version or cipher suite that is not read
    not_genuine,  // records or hellos that break the protocol, or a key that does not fit
};

class TlsReader {
public:
    explicit TlsReader(TlsKeys& keys) : keys_(&keys) {}

    // Side 0 and side 1; which of them is the client their hellos say.
    using Say = std::function<void(int side, Bytes plain)>;
    void feed(int side, Bytes bytes, MonoTime now, const Say& say);
    void hole();
    // No more will come: what waits for a key will not get one.
    void end();

    [[nodiscard]] TlsTrouble trouble() const { return trouble_; }
    [[nodiscard]] bool is_over() const { return trouble_ != TlsTrouble::none; }
    // Of both sides.
    [[nodiscard]] std::size_t waiting_bytes() const;

private:
    enum class Phase : std::uint8_t { clear, handshake, traffic };
    struct Side {
        TlsRecords records;
        TlsMessages messages;
        Phase phase = Phase::clear;
        std::optional<TlsOpener> opener;
        std::size_t passed_over = 0;
    };

    bool step(int side, MonoTime now, const Say& say);
    bool read_clear(int side, const TlsRecord& record, MonoTime now);
    bool read_sealed(int side, const TlsRecord& record, const Say& say);
    void read_clear_messages(int side, Bytes bytes);
    void read_sealed_messages(int side, Bytes bytes);
    void on_server_hello(int side, Bytes body);
    bool begin_sealed(int side, MonoTime now);
    const TlsSecrets* secrets(MonoTime now);
    void stop(TlsTrouble why);

    TlsKeys* keys_;
    std::array<Side, 2> sides_;
    std::optional<ClientHello> client_;
    std::optional<ServerHello> server_;
    const TlsSuite* suite_ = nullptr;
    TlsSecrets secrets_;
    int client_side_ = -1;
    TlsTrouble trouble_ = TlsTrouble::none;
};

}  // namespace nk::wire
