#include "wire/tls_reader.h"

#include "base/limits.h"

namespace nk::wire {

namespace {

bool is_enough(const TlsSecrets* secrets, bool is_1_3, const TlsSuite& suite) {
    if (secrets == nullptr)
        return false;
    if (!is_1_3)
        return secrets->master.size() == 48;  // RFC 5246 8.1
    const std::size_t bytes = mac_bytes(suite.hash);
    return secrets->client_handshake.size() == bytes && secrets->server_handshake.size() == bytes &&
           secrets->client_traffic.size() == bytes && secrets->server_traffic.size() == bytes;
}

}  // namespace

std::size_t TlsReader::waiting_bytes() const {
    return sides_[0].records.size() + sides_[1].records.size();
}

void TlsReader::stop(TlsTrouble why) {
    if (!is_over())
        trouble_ = why;
    for (auto& side : sides_) {
        side.records.clear();
        side.opener.reset();
    }
    secrets_ = {};
}

void TlsReader::hole() {
    stop(TlsTrouble::hole);
}

void TlsReader::end() {
    // Without a server's hello nobody ever said anything that could be read.
    if (!is_over() && suite_ != nullptr && secrets_.master.empty() &&
        secrets_.client_traffic.empty())
        stop(TlsTrouble::no_key);
}

void TlsReader::feed(int side, Bytes bytes, MonoTime now, const Say& say) {
    if (is_over())
        return;
    sides_[side].records.feed(bytes);
    // What one side says may be what the other waited for.
    while (!is_over() && (step(side, now, say) || step(1 - side, now, say))) {
    }
    if (is_over())
        return;
    if (sides_[0].records.is_broken() || sides_[1].records.is_broken())
        stop(TlsTrouble::not_genuine);
    else if (sides_[side].records.size() > limits::tls_waiting_bytes_max)
        stop(suite_ != nullptr ? TlsTrouble::no_key : TlsTrouble::hole);
}

// Reads one record; false when there is none, or when it has to wait.
bool TlsReader::step(int side, MonoTime now, const Say& say) {
    Side& from = sides_[side];
    const auto record = from.records.next();
    if (!record)
        return false;
    const bool is_read = from.phase == Phase::clear ? read_clear(side, *record, now)
                                                    : read_sealed(side, *record, say);
    if (is_read && !is_over())
        from.records.take();
    return is_read;
}

// True when the record was read and may be taken. A record that begins the sealed ones stays.
bool TlsReader::read_clear(int side, const TlsRecord& record, MonoTime now) {
    if (record.type == TlsType::handshake) {
        read_clear_messages(side, record.body);
        return true;
    }
    if (record.type == TlsType::alert)
        return true;
    if (suite_ == nullptr) {
        // In the middle of a retry it says nothing (RFC 8446 D.4); else it waits for the hello.
        return record.type == TlsType::change_cipher_spec && server_ && server_->is_retry;
    }
    const bool is_change = record.type == TlsType::change_cipher_spec;
    if (suite_->is_1_3 && is_change)
        return true;
    if (!suite_->is_1_3 && !is_change) {
        stop(TlsTrouble::not_genuine);
        return false;
    }
    if (!begin_sealed(side, now))
        return false;
    // Of TLS 1.3 this record is the first sealed one already.
    return is_change || read_sealed(side, record, nullptr);
}

void TlsReader::read_clear_messages(int side, Bytes bytes) {
    while (!is_over()) {
        const auto message = sides_[side].messages.take(bytes);
        if (!message)
            return;
        if (message->type == TlsMessages::client_hello) {
            client_ = parse_client_hello(message->body);
            client_side_ = side;
            if (!client_)
                stop(TlsTrouble::not_genuine);
        } else if (message->type == TlsMessages::server_hello) {
            on_server_hello(side, message->body);
        }
    }
}

void TlsReader::on_server_hello(int side, Bytes body) {
    server_ = parse_server_hello(body);
    if (!server_ || client_side_ == side || suite_ != nullptr) {
        stop(TlsTrouble::not_genuine);
        return;
    }
    if (server_->is_retry)
        return;
    suite_ = tls_suite(server_->suite);
    const bool is_1_3 = server_->version == tls_1_3;
    if ((!is_1_3 && server_->version != tls_1_2) || server_->is_compressed || suite_ == nullptr ||
        suite_->is_1_3 != is_1_3)
        stop(TlsTrouble::unsupported);
}

const TlsSecrets* TlsReader::secrets(MonoTime now) {
    const auto* found = keys_->find(client_->random);
    if (is_enough(found, suite_->is_1_3, *suite_))
        return found;
    keys_->look_again(now);
    found = keys_->find(client_->random);
    return is_enough(found, suite_->is_1_3, *suite_) ? found : nullptr;
}

// False when the key or a hello is not there yet.
bool TlsReader::begin_sealed(int side, MonoTime now) {
    if (!client_)
        return false;
    if (const auto* found = secrets(now))
        secrets_ = *found;
    else
        return false;
    const bool of_client = side == client_side_;
    Side& from = sides_[side];
    if (suite_->is_1_3) {
        from.opener.emplace(*suite_,
                            of_client ? secrets_.client_handshake : secrets_.server_handshake);
        from.phase = Phase::handshake;
    } else {
        from.opener.emplace(*suite_, secrets_.master, client_->random, *server_, of_client);
        from.phase = Phase::traffic;
    }
    return true;
}

bool TlsReader::read_sealed(int side, const TlsRecord& record, const Say& say) {
    Side& from = sides_[side];
    if (suite_->is_1_3 && record.type == TlsType::change_cipher_spec)
        return true;  // RFC 8446 D.4
    const auto plain = from.opener->open(record);
    if (!plain) {
        const bool may_be_early = from.phase == Phase::handshake && side == client_side_ &&
                                  client_->has_early_data &&
                                  ++from.passed_over <= limits::tls_early_records_max;
        if (!may_be_early)
            stop(TlsTrouble::not_genuine);
        return may_be_early;
    }
    if (plain->type == TlsType::application_data && from.phase == Phase::traffic && say)
        say(side, plain->bytes);
    else if (plain->type == TlsType::handshake && suite_->is_1_3)
        read_sealed_messages(side, plain->bytes);
    else if (plain->type == TlsType::change_cipher_spec)
        stop(TlsTrouble::unsupported);  // new keys within a connection of TLS 1.2
    return true;
}

void TlsReader::read_sealed_messages(int side, Bytes bytes) {
    Side& from = sides_[side];
    // `bytes` are the opener's own: a new one must not come before they are read.
    std::optional<TlsOpener> next;
    while (const auto message = from.messages.take(bytes)) {
        if (from.phase == Phase::handshake && message->type == TlsMessages::finished) {
            next.emplace(*suite_,
                         side == client_side_ ? secrets_.client_traffic : secrets_.server_traffic);
            from.phase = Phase::traffic;
        } else if (from.phase == Phase::traffic && message->type == TlsMessages::key_update) {
            next = from.opener->updated();
        }
    }
    if (next)
        from.opener = std::move(next);
}

}  // namespace nk::wire
