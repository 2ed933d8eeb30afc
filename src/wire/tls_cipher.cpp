#include "wire/tls_cipher.h"

#include <algorithm>

namespace nk::wire {

namespace {

using Buffer = std::vector<std::uint8_t>;

constexpr auto gcm_128 = CipherKind::aes_128_gcm;
constexpr auto gcm_256 = CipherKind::aes_256_gcm;
constexpr auto chacha = CipherKind::chacha20_poly1305;
constexpr auto cbc_128 = CipherKind::aes_128_cbc;
constexpr auto cbc_256 = CipherKind::aes_256_cbc;
constexpr auto sha1 = MacKind::sha1;
constexpr auto sha256 = MacKind::sha256;
constexpr auto sha384 = MacKind::sha384;

// The registry of IANA, "TLS Cipher Suites". How the keys were agreed upon does not matter here.
constexpr TlsSuite suites[] = {
    {0x1301, gcm_128, sha256, {}, true},      {0x1302, gcm_256, sha384, {}, true},
    {0x1303, chacha, sha256, {}, true},       {0x009c, gcm_128, sha256, {}, false},
    {0x009d, gcm_256, sha384, {}, false},     {0x009e, gcm_128, sha256, {}, false},
    {0x009f, gcm_256, sha384, {}, false},     {0x00a8, gcm_128, sha256, {}, false},
    {0x00a9, gcm_256, sha384, {}, false},     {0xc02b, gcm_128, sha256, {}, false},
    {0xc02c, gcm_256, sha384, {}, false},     {0xc02f, gcm_128, sha256, {}, false},
    {0xc030, gcm_256, sha384, {}, false},     {0xcca8, chacha, sha256, {}, false},
    {0xcca9, chacha, sha256, {}, false},      {0xccaa, chacha, sha256, {}, false},
    {0x002f, cbc_128, sha256, sha1, false},   {0x0033, cbc_128, sha256, sha1, false},
    {0x0035, cbc_256, sha256, sha1, false},   {0x0039, cbc_256, sha256, sha1, false},
    {0xc009, cbc_128, sha256, sha1, false},   {0xc00a, cbc_256, sha256, sha1, false},
    {0xc013, cbc_128, sha256, sha1, false},   {0xc014, cbc_256, sha256, sha1, false},
    {0x003c, cbc_128, sha256, sha256, false}, {0x003d, cbc_256, sha256, sha256, false},
    {0x0067, cbc_128, sha256, sha256, false}, {0x006b, cbc_256, sha256, sha256, false},
    {0xc023, cbc_128, sha256, sha256, false}, {0xc027, cbc_128, sha256, sha256, false},
    {0xc024, cbc_256, sha384, sha384, false}, {0xc028, cbc_256, sha384, sha384, false},
};

void append(Buffer& out, Bytes bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_number(Buffer& out, std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out.push_back(static_cast<std::uint8_t>(value >> shift));
}

// RFC 8446 5.3, RFC 7905 2.
Buffer mixed_nonce(const Buffer& vector, std::uint64_t sequence) {
    Buffer nonce = vector;
    for (std::size_t i = 0; i < 8; ++i)
        nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(sequence >> (8 * i));
    return nonce;
}

// What TLS 1.2 protects beside the text (RFC 5246 6.2.3.1 and 6.2.3.3).
Buffer protected_head(std::uint64_t sequence, const TlsRecord& record, std::size_t text_bytes) {
    Buffer out;
    append_number(out, sequence, 8);
    append(out, record.head.first(3));
    append_number(out, text_bytes, 2);
    return out;
}

}  // namespace

const TlsSuite* tls_suite(std::uint16_t number) {
    const auto* found = std::find_if(std::begin(suites), std::end(suites),
                                     [=](const TlsSuite& s) { return s.number == number; });
    return found == std::end(suites) ? nullptr : found;
}

std::vector<std::uint8_t> hkdf_expand_label(MacKind hash, Bytes secret, std::string_view label,
                                            std::size_t bytes) {
    Buffer info;
    append_number(info, bytes, 2);
    append_number(info, label.size() + 6, 1);
    append(info, as_bytes("tls13 "));
    append(info, as_bytes(label));
    info.push_back(0);
    Buffer out;
    Buffer block;
    for (std::uint8_t round = 1; out.size() < bytes; ++round) {  // RFC 5869 2.3
        append(block, info);
        block.push_back(round);
        block = hmac(hash, secret, block);
        append(out, block);
    }
    out.resize(bytes);
    return out;
}

std::vector<std::uint8_t> tls_1_2_prf(MacKind hash, Bytes secret, std::string_view label,
                                      Bytes seed, std::size_t bytes) {
    Buffer named_seed;
    append(named_seed, as_bytes(label));
    append(named_seed, seed);
    Buffer out;
    Buffer a = named_seed;
    while (out.size() < bytes) {
        a = hmac(hash, secret, a);
        Buffer block = a;
        append(block, named_seed);
        append(out, hmac(hash, secret, block));
    }
    out.resize(bytes);
    return out;
}

TlsOpener::TlsOpener(const TlsSuite& suite, const TlsSecret& traffic_secret)
    : suite_(&suite),
      secret_(traffic_secret),
      vector_(hkdf_expand_label(suite.hash, secret_, "iv", aead_nonce_bytes)) {
    decryptor_.emplace(suite.cipher,
                       hkdf_expand_label(suite.hash, secret_, "key", key_bytes(suite.cipher)));
}

TlsOpener::TlsOpener(const TlsSuite& suite, const TlsSecret& master, const TlsRandom& client,
                     const ServerHello& server, bool of_client)
    : suite_(&suite), encrypts_then_macs_(server.encrypts_then_macs) {
    const std::size_t mac_size = suite.mac ? mac_bytes(*suite.mac) : 0;
    const std::size_t key_size = key_bytes(suite.cipher);
    // RFC 5288 3; RFC 7905 2; a CBC record brings its own.
    const std::size_t vector_size = suite.mac ? 0 : (suite.cipher == chacha ? aead_nonce_bytes : 4);
    Buffer seed(server.random.begin(), server.random.end());
    append(seed, client);
    const Buffer block = tls_1_2_prf(suite.hash, master, "key expansion", seed,
                                     2 * (mac_size + key_size + vector_size));
    // MAC keys, keys and vectors, the client's before the server's each.
    const auto part = [&](std::size_t at, std::size_t size) {
        return Bytes(block).subspan(at + (of_client ? 0 : size), size);
    };
    append(mac_key_, part(0, mac_size));
    decryptor_.emplace(suite.cipher, part(2 * mac_size, key_size));
    append(vector_, part(2 * (mac_size + key_size), vector_size));
}

TlsOpener TlsOpener::updated() const {
    return {*suite_,
            hkdf_expand_label(suite_->hash, secret_, "traffic upd", mac_bytes(suite_->hash))};
}

std::optional<TlsOpener::Plain> TlsOpener::open(const TlsRecord& record) {
    TlsType type = record.type;
    bool is_genuine = false;
    if (suite_->is_1_3)
        is_genuine = open_1_3(record, type);
    else
        is_genuine = suite_->mac ? open_cbc(record) : open_aead(record);
    if (!is_genuine)
        return std::nullopt;
    ++sequence_;
    return Plain{type, plain_};
}

std::optional<TlsOpener::Plain> TlsOpener::open_after_hole(const TlsRecord& record,
                                                           std::size_t lost_max) {
    const std::uint64_t first = sequence_;
    for (std::size_t lost = 0; lost <= lost_max; ++lost) {
        sequence_ = first + lost;
        if (auto plain = open(record))
            return plain;
    }
    sequence_ = first;
    return std::nullopt;
}

bool TlsOpener::open_1_3(const TlsRecord& record, TlsType& type) {
    if (record.type != TlsType::application_data ||
        !decryptor_->open(mixed_nonce(vector_, sequence_), record.head, record.body, plain_))
        return false;
    while (!plain_.empty() && plain_.back() == 0)  // RFC 8446 5.4
        plain_.pop_back();
    if (plain_.empty())
        return false;
    type = static_cast<TlsType>(plain_.back());
    plain_.pop_back();
    return true;
}

bool TlsOpener::open_aead(const TlsRecord& record) {
    const std::size_t own_nonce = aead_nonce_bytes - vector_.size();
    if (record.body.size() < own_nonce + aead_tag_bytes)
        return false;
    Buffer nonce = vector_;
    append(nonce, record.body.first(own_nonce));
    if (own_nonce == 0)
        nonce = mixed_nonce(vector_, sequence_);
    const Bytes sealed = record.body.subspan(own_nonce);
    return decryptor_->open(
        nonce, protected_head(sequence_, record, sealed.size() - aead_tag_bytes), sealed, plain_);
}

bool TlsOpener::has_mac(const TlsRecord& record, Bytes text, Bytes mac) const {
    Buffer covered = protected_head(sequence_, record, text.size());
    append(covered, text);
    return std::ranges::equal(hmac(*suite_->mac, mac_key_, covered), mac);
}

// RFC 5246 6.2.3.2: the last byte says how many before it there are, and they all say it.
bool TlsOpener::take_off_padding() {
    if (plain_.empty())
        return false;
    const std::size_t padding = plain_.back() + std::size_t{1};
    if (padding > plain_.size() ||
        !std::all_of(plain_.end() - static_cast<std::ptrdiff_t>(padding), plain_.end(),
                     [this](std::uint8_t byte) { return byte == plain_.back(); }))
        return false;
    plain_.resize(plain_.size() - padding);
    return true;
}

bool TlsOpener::open_cbc(const TlsRecord& record) {
    const std::size_t mac_size = mac_bytes(*suite_->mac);
    Bytes body = record.body;
    if (body.size() < cbc_block_bytes + mac_size)
        return false;
    if (encrypts_then_macs_) {
        const Bytes mac = body.last(mac_size);
        body = body.first(body.size() - mac_size);
        if (!has_mac(record, body, mac))
            return false;
    }
    if (!decryptor_->decrypt_blocks(body.first(cbc_block_bytes), body.subspan(cbc_block_bytes),
                                    plain_) ||
        !take_off_padding())
        return false;
    if (encrypts_then_macs_)
        return true;
    if (plain_.size() < mac_size)
        return false;
    const Buffer mac(plain_.end() - static_cast<std::ptrdiff_t>(mac_size), plain_.end());
    plain_.resize(plain_.size() - mac_size);
    return has_mac(record, plain_, mac);
}

}  // namespace nk::wire
