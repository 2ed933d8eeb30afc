#include "wire/tls_reader.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace nk::wire {

namespace {

// The smallest record of a suite that is read: a head, a byte and its tag.
constexpr std::size_t smallest_record_bytes = tls_head_bytes + 1 + aead_tag_bytes;
// A record must begin within so many bytes.
constexpr std::size_t seeking_bytes_max = 2 * (tls_head_bytes + limits::tls_record_bytes_max);

bool is_enough(const TlsSecrets* secrets, const TlsSuite& suite) {
    if (secrets == nullptr)
        return false;
    if (!suite.is_1_3)
        return secrets->master.size() == 48;  // RFC 5246 8.1
    const std::size_t bytes = mac_bytes(suite.hash);
    return secrets->client_handshake.size() == bytes && secrets->server_handshake.size() == bytes &&
           secrets->client_traffic.size() == bytes && secrets->server_traffic.size() == bytes;
}

}  // namespace

std::size_t TlsReader::waiting_bytes() const {
    std::size_t bytes = 0;
    for (const auto& side : sides_)
        bytes += side.records.cost_bytes() + side.messages.size() + side.early_said.size();
    return bytes;
}

void TlsReader::stop(TlsTrouble why) {
    if (!is_over())
        trouble_ = why;
    for (auto& side : sides_) {
        side.records.clear();
        side.opener.reset();
        side.next.reset();
        side.early.reset();
        side.early_said = {};
    }
    secrets_ = {};
}

void TlsReader::end() {
    if (is_over())
        return;
    const bool has_hole = std::ranges::any_of(sides_, &Side::had_hole);
    const auto is_stuck = [](Side& side) {
        return side.is_seeking || side.records.is_at_hole() || side.records.next().has_value();
    };
    if (suite_ == nullptr || !client_) {
        // A client that nobody answered said nothing that could be read.
        if (has_hole || suite_ != nullptr || std::ranges::any_of(sides_, is_stuck))
            stop(TlsTrouble::no_beginning);
    } else if (!has_secrets_) {
        stop(TlsTrouble::no_key);
    } else if (std::ranges::any_of(sides_, is_stuck)) {
        stop(has_hole ? TlsTrouble::hole : TlsTrouble::no_key);
    }
}

void TlsReader::feed(int side, Bytes bytes, MonoTime now, const Say& say) {
    if (is_over())
        return;
    if (std::exchange(fed_last_, side) != side)
        ++order_;
    sides_[side].records.feed(bytes, order_);
    read_on(now, say);
}

void TlsReader::hole(int side, std::size_t missing, MonoTime now, const Say& say) {
    if (is_over())
        return;
    sides_[side].records.hole(missing);
    sides_[side].had_hole = true;
    read_on(now, say);
}

void TlsReader::look_again(MonoTime now, const Say& say) {
    if (!is_over())
        read_on(now, say);
}

void TlsReader::read_on(MonoTime now, const Say& say) {
    bool goes_on = true;
    while (goes_on && !is_over()) {
        const int first =
            sides_[0].records.order_of_next() <= sides_[1].records.order_of_next() ? 0 : 1;
        // What one side says may be what the other waited for.
        goes_on = step(first, now, say) || (!is_over() && step(1 - first, now, say));
    }
    if (is_over())
        return;
    if (sides_[0].records.is_broken() || sides_[1].records.is_broken())
        stop(TlsTrouble::not_genuine);
    else if (std::ranges::any_of(sides_, [](const Side& of) {
                 return of.records.cost_bytes() + of.early_said.size() >
                        limits::tls_waiting_bytes_max;
             }))
        stop(suite_ != nullptr && client_ ? TlsTrouble::no_key : TlsTrouble::no_beginning);
}

// Reads one record; false when there is none, or when it has to wait.
bool TlsReader::step(int side, MonoTime now, const Say& say) {
    Side& from = sides_[side];
    if (from.is_seeking)
        return seek(side, say);
    const auto record = from.records.next();
    if (!record)
        return from.records.is_at_hole() && begin_seeking(side, now);
    const bool is_read = from.phase == Phase::clear ? read_clear(side, *record, now, say)
                                                    : read_sealed(side, *record, now, say);
    if (is_read && !is_over())
        from.records.take();
    return is_read;
}

// In the clear

// True when the record was read and may be taken.
bool TlsReader::read_clear(int side, const TlsRecord& record, MonoTime now, const Say& say) {
    if (record.type == TlsType::handshake) {
        read_clear_messages(side, record.body);
        return true;
    }
    if (record.type == TlsType::alert)
        return true;
    if (suite_ == nullptr)
        return read_clear_without_suite(side, record);
    const bool is_change = record.type == TlsType::change_cipher_spec;
    if (suite_->is_1_3 && is_change)
        return true;  // RFC 8446 D.4
    if (!suite_->is_1_3 && !is_change) {
        stop(TlsTrouble::not_genuine);
        return false;
    }
    if (!begin_sealed(side, now))
        return false;
    // Of TLS 1.3 this record is the first sealed one already.
    return is_change || read_sealed(side, record, now, say);
}

// In the middle of a retry (RFC 8446 4.1.4) the client's change of cipher says nothing (D.4), and
// early data is not taken (4.2.10). Else it waits for the server's hello.
bool TlsReader::read_clear_without_suite(int side, const TlsRecord& record) {
    if (record.type == TlsType::application_data && !client_ && !server_) {
        stop(TlsTrouble::no_beginning);
        return false;
    }
    if (!server_ || !server_->is_retry)
        return false;
    if (record.type == TlsType::change_cipher_spec)
        return true;
    if (client_ && client_->has_early_data && side == client_side_ &&
        ++sides_[side].passed_over <= limits::tls_early_records_max)
        return true;
    stop(TlsTrouble::not_genuine);
    return false;
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
    if (!server_ || client_side_ == side || suite_ != nullptr)
        stop(TlsTrouble::not_genuine);
    else if (!server_->is_retry)
        choose_suite();
}

void TlsReader::choose_suite() {
    suite_ = tls_suite(server_->suite);
    const bool is_1_3 = server_->version == tls_1_3;
    if ((!is_1_3 && server_->version != tls_1_2) || server_->is_compressed || suite_ == nullptr ||
        suite_->is_1_3 != is_1_3)
        stop(TlsTrouble::unsupported);
}

// Keys

// False when the log does not have them (yet).
bool TlsReader::find_secrets(MonoTime now) {
    if (!client_)
        return false;
    const auto* found = keys_->find(client_->random);
    if (!is_enough(found, *suite_)) {
        keys_->look_again(now);
        found = keys_->find(client_->random);
    }
    if (!is_enough(found, *suite_))
        return false;
    secrets_ = *found;
    has_secrets_ = true;
    return true;
}

const TlsSecret& TlsReader::traffic_secret(int side) const {
    return side == client_side_ ? secrets_.client_traffic : secrets_.server_traffic;
}

// False when the key or a hello is not there yet.
bool TlsReader::begin_sealed(int side, MonoTime now) {
    Side& from = sides_[side];
    if (!suite_->is_1_3) {
        if (!from.next && !make_next(now))
            return false;
        from.opener = std::exchange(from.next, std::nullopt);
        from.phase = Phase::traffic;
        return true;
    }
    if (!find_secrets(now))
        return false;
    const bool of_client = side == client_side_;
    from.opener.emplace(*suite_, of_client ? secrets_.client_handshake : secrets_.server_handshake);
    if (of_client && client_->has_early_data &&
        secrets_.client_early.size() == mac_bytes(suite_->hash))
        from.early.emplace(*suite_, secrets_.client_early);
    from.phase = Phase::handshake;
    return true;
}

// TLS 1.2: what both sides' records are read with from their next change of cipher on.
bool TlsReader::make_next(MonoTime now) {
    if (next_client_ && next_server_) {
        client_ = std::exchange(next_client_, std::nullopt);
        server_ = std::exchange(next_server_, std::nullopt);
        has_secrets_ = false;
        choose_suite();
        if (!is_over() && suite_->is_1_3)
            stop(TlsTrouble::not_genuine);
        if (is_over())
            return false;
    } else if (sides_[0].phase != Phase::clear && sides_[1].phase != Phase::clear && has_secrets_) {
        return false;  // a change of cipher whose hellos did not come yet
    }
    if (!find_secrets(now))
        return false;
    for (int side = 0; side < 2; ++side)
        sides_[side].next.emplace(*suite_, secrets_.master, client_->random, *server_,
                                  side == client_side_);
    return true;
}

// Sealed

bool TlsReader::read_sealed(int side, const TlsRecord& record, MonoTime now, const Say& say) {
    Side& from = sides_[side];
    const bool is_change = record.type == TlsType::change_cipher_spec;
    // RFC 8446 D.4; a client that could not go on said so before it had keys (6.2).
    if (suite_->is_1_3 && (is_change || record.type == TlsType::alert))
        return true;
    if (is_change && !from.next && !make_next(now))
        return false;
    if (from.early && read_early(from, record, say))
        return true;
    const auto plain = from.opener->open(record);
    if (!plain) {
        const bool may_be_early = from.phase == Phase::handshake && side == client_side_ &&
                                  client_->has_early_data &&
                                  ++from.passed_over <= limits::tls_early_records_max;
        if (!may_be_early)
            stop(TlsTrouble::not_genuine);
        return may_be_early;
    }
    from.early.reset();  // it was not taken, or it is over
    from.early_said = {};
    read_plain(side, *plain, say);
    return true;
}

// True when the record is of early data. It is said when its end is: a client whose early data was
// not taken goes on without (RFC 8446 4.2.10), and says it again later.
bool TlsReader::read_early(Side& from, const TlsRecord& record, const Say& say) {
    const auto plain = from.early->open(record);
    if (!plain)
        return false;
    if (plain->type == TlsType::application_data) {
        from.early_said.insert(from.early_said.end(), plain->bytes.begin(), plain->bytes.end());
        return true;
    }
    Bytes rest = plain->bytes;
    const auto message = from.messages.take(rest);
    if (plain->type == TlsType::handshake && message &&
        message->type == TlsMessages::end_of_early_data) {
        const auto said = std::exchange(from.early_said, {});
        from.early.reset();
        say_plain(client_side_, said, say);
    }
    return true;
}

void TlsReader::say_plain(int side, Bytes plain, const Say& say) {
    if (!plain.empty())
        say(side, plain, std::exchange(sides_[side].is_behind_hole, false));
}

void TlsReader::read_plain(int side, const TlsOpener::Plain& plain, const Say& say) {
    Side& from = sides_[side];
    if (plain.type == TlsType::application_data && from.phase == Phase::traffic)
        say_plain(side, plain.bytes, say);
    else if (plain.type == TlsType::handshake && suite_->is_1_3)
        read_messages_1_3(side, plain.bytes);
    else if (plain.type == TlsType::handshake)
        read_messages_1_2(side, plain.bytes);
    else if (plain.type == TlsType::change_cipher_spec && from.next)
        from.opener = std::exchange(from.next, std::nullopt);
}

void TlsReader::read_messages_1_3(int side, Bytes bytes) {
    Side& from = sides_[side];
    // `bytes` are the opener's own: a new one must not come before they are read.
    std::optional<TlsOpener> next;
    while (const auto message = from.messages.take(bytes)) {
        if (from.phase == Phase::handshake && message->type == TlsMessages::finished) {
            next.emplace(*suite_, traffic_secret(side));
            from.phase = Phase::traffic;
        } else if (from.phase == Phase::traffic && message->type == TlsMessages::key_update) {
            next = from.opener->updated();
        }
    }
    if (next)
        from.opener = std::move(next);
}

// New hellos in a connection that is sealed already: a renegotiation.
void TlsReader::read_messages_1_2(int side, Bytes bytes) {
    while (const auto message = sides_[side].messages.take(bytes)) {
        if (message->type == TlsMessages::client_hello && side == client_side_)
            next_client_ = parse_client_hello(message->body);
        else if (message->type == TlsMessages::server_hello && side != client_side_)
            next_server_ = parse_server_hello(message->body);
    }
}

// Behind a hole

// The hole may have swallowed the rest of the handshake, but not the hellos: with them and a key,
// what follows can be found. False when it has to wait for these.
bool TlsReader::begin_seeking(int side, MonoTime now) {
    Side& from = sides_[side];
    if (from.phase != Phase::traffic) {
        if (suite_ == nullptr || (!has_secrets_ && !find_secrets(now)))
            return false;
        if (suite_->is_1_3) {
            from.opener.emplace(*suite_, traffic_secret(side));
        } else if (!begin_sealed(side, now)) {
            return false;
        }
        from.phase = Phase::traffic;
    }
    from.early.reset();
    from.early_said = {};
    from.messages = {};
    from.lost_bytes = from.records.pass_hole();
    from.sought_bytes = 0;
    from.tries = 0;
    from.tried_bytes = 0;
    from.is_seeking = true;
    from.is_behind_hole = true;
    return true;
}

bool TlsReader::seek(int side, const Say& say) {
    Side& from = sides_[side];
    std::size_t passed_over = 0;
    while (const auto record = from.records.find(passed_over)) {
        from.sought_bytes += passed_over;
        from.lost_bytes += std::exchange(passed_over, 0);
        if (try_behind_hole(side, *record, say)) {
            from.records.take();
            return true;
        }
        if (++from.tries >= limits::tls_tries_behind_hole_max ||
            from.tried_bytes >= limits::tls_tried_bytes_max) {
            stop(TlsTrouble::hole);
            return false;
        }
        from.records.pass_over();
        ++from.lost_bytes;
    }
    from.sought_bytes += passed_over;
    from.lost_bytes += passed_over;
    if (from.sought_bytes > seeking_bytes_max)
        stop(TlsTrouble::hole);
    if (is_over() || !from.records.is_at_hole())
        return false;
    from.sought_bytes = 0;
    from.lost_bytes += from.records.pass_hole();
    return true;
}

bool TlsReader::try_behind_hole(int side, const TlsRecord& record, const Say& say) {
    Side& from = sides_[side];
    const std::size_t bytes = tls_head_bytes + record.body.size();
    const std::size_t lost_max =
        std::min({from.lost_bytes / smallest_record_bytes + 1, limits::tls_lost_records_max,
                  (limits::tls_tried_bytes_max - from.tried_bytes) / bytes});
    from.tried_bytes += std::min(limits::tls_tried_bytes_max - from.tried_bytes,
                                 (lost_max + 1) * bytes * (suite_->is_1_3 ? 2 : 1));
    auto plain = from.opener->open_after_hole(record, lost_max);
    if (!plain && suite_->is_1_3) {  // a KeyUpdate may be among what is lost
        auto updated = from.opener->updated();
        if (!updated.open_after_hole(record, lost_max))
            return false;
        from.opener = from.opener->updated();
        plain = from.opener->open_after_hole(record, lost_max);
    }
    if (!plain)
        return false;
    from.is_seeking = false;
    read_plain(side, *plain, say);
    return true;
}

}  // namespace nk::wire
