#pragma once
// TLS as it stands in the clear: records cut out of a side's bytes (RFC 5246 6.2, RFC 8446 5.1),
// handshake messages cut out of records, and what a reader with a key log needs of the two hellos.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace nk::wire {

enum class TlsType : std::uint8_t {
    change_cipher_spec = 20,
    alert = 21,
    handshake = 22,
    application_data = 23,
};

inline constexpr std::size_t tls_head_bytes = 5;
inline constexpr std::size_t tls_random_bytes = 32;
using TlsRandom = std::array<std::uint8_t, tls_random_bytes>;

inline constexpr std::uint16_t tls_1_2 = 0x0303;
inline constexpr std::uint16_t tls_1_3 = 0x0304;

struct TlsRecord {
    TlsType type = TlsType::alert;
    Bytes head;  // its five bytes
    Bytes body;
};

// Whether a side's first bytes are those of a handshake; of fewer than three as far as they go.
[[nodiscard]] bool looks_like_tls(Bytes bytes);
// Whether they are those of a record in a connection that began earlier.
[[nodiscard]] bool looks_like_sealed_tls(Bytes bytes);

// One side's bytes, in order, into records.
class TlsRecords {
public:
    // `order` says when these bytes came; it must not go down.
    void feed(Bytes bytes, std::uint64_t order = 0);
    // So many bytes were not captured; what is fed from now on stands behind them.
    void hole(std::size_t missing);
    // The next whole record, which stays until it is taken; the view holds until the next call of
    // feed or take. Nullopt when it is not whole yet, when a hole cut it, or when it is no record
    // of TLS.
    [[nodiscard]] std::optional<TlsRecord> next();
    // When the last byte of the next whole record came; the largest number when there is none.
    [[nodiscard]] std::uint64_t order_of_next() const;
    // Requires: next() or find() gave a record.
    void take();
    // All that can be read before a hole was taken. Requires: next() or find() gave nothing.
    [[nodiscard]] bool is_at_hole() const { return hole_at_.has_value(); }
    // Goes on behind it: how many bytes are lost, with those of the record that it cut.
    std::size_t pass_hole();
    // Behind a hole: the next bytes that may be a record. `passed_over` grows by those before them.
    [[nodiscard]] std::optional<TlsRecord> find(std::size_t& passed_over);
    // What find() gave was none: the search goes on one byte further.
    void pass_over() { ++used_; }
    void clear();
    [[nodiscard]] std::size_t size() const { return bytes_.size() - used_; }
    // With what is known of their coming.
    [[nodiscard]] std::size_t cost_bytes() const {
        return size() + arrivals_.size() * sizeof(Arrival);
    }
    [[nodiscard]] bool is_broken() const { return is_broken_; }

private:
    struct Arrival {
        std::size_t until = 0;  // an index into bytes_
        std::uint64_t order = 0;
    };
    [[nodiscard]] Bytes before_hole() const;

    std::vector<std::uint8_t> bytes_;
    std::size_t used_ = 0;
    std::deque<Arrival> arrivals_;
    std::optional<std::size_t> hole_at_;  // where it is among bytes_
    std::size_t missing_ = 0;             // there
    bool is_broken_ = false;
};

// Handshake messages out of the bodies of records (RFC 5246 7.4, RFC 8446 4). Only of hellos the
// body is kept.
struct TlsMessage {
    std::uint8_t type = 0;
    // Of a hello and a KeyUpdate; empty when it was longer than limits::tls_hello_bytes_max.
    std::vector<std::uint8_t> body;
};

class TlsMessages {
public:
    static constexpr std::uint8_t client_hello = 1;
    static constexpr std::uint8_t server_hello = 2;
    static constexpr std::uint8_t end_of_early_data = 5;
    static constexpr std::uint8_t finished = 20;
    static constexpr std::uint8_t key_update = 24;

    // Takes bytes until a message is whole; `bytes` is left with the rest. Nullopt: all taken.
    std::optional<TlsMessage> take(Bytes& bytes);
    // What is kept of a message that is not whole.
    [[nodiscard]] std::size_t size() const { return body_.size(); }

private:
    std::array<std::uint8_t, 4> head_{};
    std::size_t head_bytes_ = 0;
    std::size_t missing_ = 0;  // of the body
    std::vector<std::uint8_t> body_;
};

struct ClientHello {
    TlsRandom random{};
    bool has_early_data = false;  // RFC 8446 4.2.10
};

struct ServerHello {
    TlsRandom random{};
    std::uint16_t version = 0;  // the one that was chosen, of TLS 1.3 too
    std::uint16_t suite = 0;
    bool is_retry = false;  // HelloRetryRequest, RFC 8446 4.1.3
    bool is_compressed = false;
    bool encrypts_then_macs = false;  // RFC 7366
};

// Of a message's body; nullopt when it breaks its grammar.
std::optional<ClientHello> parse_client_hello(Bytes body);
std::optional<ServerHello> parse_server_hello(Bytes body);

}  // namespace nk::wire
