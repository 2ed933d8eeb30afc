#pragma once
// One TLS connection, read with the secrets of a key log: the bytes of both sides in, what they
// said to each other out.
//
// The sides come as they were captured, one ahead of the other; what cannot be read before the
// other side's hello or before the log has its line waits, up to limits::tls_waiting_bytes_max, and
// is then said in the order in which it came.
// Behind bytes that were not captured the reading goes on with the next record that is genuine
// under the known keys; where none is found, it ends. Nothing is ever said that was not genuine.
// One strand.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "wire/tls.h"
#include "wire/tls_cipher.h"
#include "wire/tls_keylog.h"

namespace nk::wire {

// Why a connection is not read to its end.
enum class TlsTrouble : std::uint8_t {
    none,
    no_key,        // the log knows nothing of it, as far as it goes
    hole,          // bytes were not captured, and what follows them could not be found
    no_beginning,  // its hellos were not captured
    unsupported,   // a version or cipher suite that is not read
    not_genuine,   // records or hellos that break the protocol, or a key that does not fit
};

class TlsReader {
public:
    explicit TlsReader(TlsKeys& keys) : keys_(&keys) {}

    // Side 0 and side 1; which of them is the client their hellos say. Behind a hole, what is said
    // does not join on to what was said before.
    using Say = std::function<void(int side, Bytes plain, bool is_behind_hole)>;
    void feed(int side, Bytes bytes, MonoTime now, const Say& say);
    // So many bytes of that side were not captured.
    void hole(int side, std::size_t missing, MonoTime now, const Say& say);
    // Reads what waited for its key, when the log has it by now.
    void look_again(MonoTime now, const Say& say);
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
        std::optional<TlsOpener> next;   // TLS 1.2: from its change of cipher on
        std::optional<TlsOpener> early;  // TLS 1.3: of early data (RFC 8446 2.3)
        // Until it is known that the server took it.
        std::vector<std::uint8_t> early_said;
        std::size_t passed_over = 0;  // records of early data that cannot be read
        bool had_hole = false;
        bool is_seeking = false;      // behind a hole
        bool is_behind_hole = false;  // and nothing was said since
        std::size_t lost_bytes = 0;
        std::size_t sought_bytes = 0;  // since the last hole
        std::size_t tries = 0;
        std::size_t tried_bytes = 0;  // once for each number that a record was tried with
    };

    void read_on(MonoTime now, const Say& say);
    bool step(int side, MonoTime now, const Say& say);
    bool read_clear(int side, const TlsRecord& record, MonoTime now, const Say& say);
    bool read_clear_without_suite(int side, const TlsRecord& record);
    void read_clear_messages(int side, Bytes bytes);
    void on_server_hello(int side, Bytes body);
    void choose_suite();

    bool read_sealed(int side, const TlsRecord& record, MonoTime now, const Say& say);
    bool read_early(Side& from, const TlsRecord& record, const Say& say);
    void read_plain(int side, const TlsOpener::Plain& plain, const Say& say);
    void read_messages_1_3(int side, Bytes bytes);
    void read_messages_1_2(int side, Bytes bytes);
    void say_plain(int side, Bytes plain, const Say& say);

    bool begin_seeking(int side, MonoTime now);
    bool seek(int side, const Say& say);
    bool try_behind_hole(int side, const TlsRecord& record, const Say& say);

    bool find_secrets(MonoTime now);
    bool begin_sealed(int side, MonoTime now);
    bool make_next(MonoTime now);
    [[nodiscard]] const TlsSecret& traffic_secret(int side) const;
    void stop(TlsTrouble why);

    TlsKeys* keys_;
    std::array<Side, 2> sides_;
    std::optional<ClientHello> client_;
    std::optional<ServerHello> server_;
    // Of a renegotiation (RFC 5246 7.4.1.1).
    std::optional<ClientHello> next_client_;
    std::optional<ServerHello> next_server_;
    const TlsSuite* suite_ = nullptr;
    TlsSecrets secrets_;
    bool has_secrets_ = false;
    int client_side_ = -1;
    int fed_last_ = -1;
    std::uint64_t order_ = 0;  // grows with each change of the side that is fed
    TlsTrouble trouble_ = TlsTrouble::none;
};

}  // namespace nk::wire
