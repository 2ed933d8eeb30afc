#include "wire/srtp.h"

#include <algorithm>
#include <utility>

#include <srtp2/srtp.h>

#include "base/limits.h"

namespace nk::wire {

namespace {

constexpr std::size_t rtp_header_bytes = 12;

bool is_library_ready() {
    static const bool is_ready = srtp_init() == srtp_err_status_ok;
    return is_ready;
}

srtp_crypto_policy_t policy_of(const SrtpKey& key) {
    srtp_crypto_policy_t policy{};
    switch (key.suite) {
        case SrtpSuite::aes_128_cm_sha1_80:
            srtp_crypto_policy_set_rtp_default(&policy);
            break;
        case SrtpSuite::aes_128_cm_sha1_32:
            srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy);
            break;
        case SrtpSuite::aes_256_cm_sha1_80:
            srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy);
            break;
        case SrtpSuite::aes_256_cm_sha1_32:
            srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32(&policy);
            break;
        case SrtpSuite::aes_128_gcm:
            srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy);
            break;
        case SrtpSuite::aes_256_gcm:
            srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy);
            break;
    }
    if (!key.is_encrypted)
        policy.sec_serv = sec_serv_auth;
    return policy;
}

// With GCM the tag is part of the ciphertext and the MKI follows it (RFC 7714 8.2, 9.1); else the
// MKI stands before the tag (RFC 3711 3.1).
std::size_t bytes_behind_mki(SrtpSuite suite) {
    const bool is_gcm = suite == SrtpSuite::aes_128_gcm || suite == SrtpSuite::aes_256_gcm;
    return is_gcm ? 0 : tag_bytes_of(suite);
}

// Copies the packet without its MKI, which nothing authenticates; false when it has another one.
bool copy_without_mki(Bytes packet, const SrtpKey& key, std::vector<std::uint8_t>& out) {
    const std::size_t behind = bytes_behind_mki(key.suite);
    if (packet.size() < rtp_header_bytes + key.mki.size() + tag_bytes_of(key.suite))
        return false;
    const Bytes tail = packet.last(behind);
    const Bytes mki = packet.subspan(packet.size() - behind - key.mki.size(), key.mki.size());
    if (!std::equal(mki.begin(), mki.end(), key.mki.begin(), key.mki.end()))
        return false;
    const Bytes head = packet.first(packet.size() - behind - mki.size());
    out.assign(head.begin(), head.end());
    out.insert(out.end(), tail.begin(), tail.end());
    return true;
}

}  // namespace

// A key, and where the numbers of one SSRC stand with it.
struct SrtpReceiver::Session {
    struct Close {
        void operator()(srtp_ctx_t* open) const { srtp_dealloc(open); }
    };
    SrtpKey key;
    std::uint32_t ssrc = 0;
    std::unique_ptr<srtp_ctx_t, Close> context;

    static std::unique_ptr<Session> begin(const SrtpKey& key, std::uint32_t ssrc) {
        auto session = std::make_unique<Session>(Session{key, ssrc, nullptr});
        srtp_policy_t policy{};
        policy.ssrc = {ssrc_specific, ssrc};
        policy.rtp = policy_of(key);
        policy.rtcp = policy.rtp;
        policy.key = session->key.key.data();
        policy.window_size = limits::srtp_window_packets;
        srtp_t made = nullptr;
        if (!is_library_ready() || key.key.size() != key_bytes_of(key.suite) ||
            srtp_create(&made, &policy) != srtp_err_status_ok)
            return nullptr;
        session->context.reset(made);
        return session;
    }
    [[nodiscard]] std::uint32_t rollovers() const {
        std::uint32_t value = 0;
        srtp_get_stream_roc(context.get(), ssrc, &value);
        return value;
    }
    // Only of one that never opened anything; 0 is where it begins.
    void set_rollovers(std::uint32_t value) { srtp_set_stream_roc(context.get(), ssrc, value); }
};

struct SrtpReceiver::Stream {
    std::uint32_t ssrc = 0;
    std::vector<std::unique_ptr<Session>> sessions;  // the one that opened the last is the first
    std::uint64_t failed_in_a_row = 0;
    const SrtpKey* searched = nullptr;  // the keys that were tried in vain
};

SrtpReceiver::SrtpReceiver() = default;
SrtpReceiver::~SrtpReceiver() = default;
SrtpReceiver::SrtpReceiver(SrtpReceiver&&) noexcept = default;
SrtpReceiver& SrtpReceiver::operator=(SrtpReceiver&&) noexcept = default;

SrtpReceiver::Stream& SrtpReceiver::stream_of(std::uint32_t ssrc) {
    const auto known = std::find_if(streams_.begin(), streams_.end(),
                                    [ssrc](const auto& s) { return s->ssrc == ssrc; });
    if (known != streams_.end()) {
        std::rotate(streams_.begin(), known, known + 1);
        return *streams_.front();
    }
    if (streams_.size() >= limits::streams_per_track_max)
        streams_.pop_back();
    auto made = std::make_unique<Stream>();
    made->ssrc = ssrc;
    streams_.insert(streams_.begin(), std::move(made));
    return *streams_.front();
}

std::optional<SrtpReceiver::Opened> SrtpReceiver::open_with(Session& session, Bytes packet) {
    if (!copy_without_mki(packet, session.key, room_))
        return std::nullopt;
    auto bytes = static_cast<int>(room_.size());
    if (srtp_unprotect(session.context.get(), room_.data(), &bytes) != srtp_err_status_ok)
        return std::nullopt;
    const auto rtp = parse_rtp(Bytes(room_).first(static_cast<std::size_t>(bytes)));
    return rtp ? std::optional(Opened{*rtp, session.key.suite}) : std::nullopt;
}

std::optional<SrtpReceiver::Opened> SrtpReceiver::open(Bytes packet,
                                                       std::span<const SrtpKey> keys) {
    if (keys.empty() || packet.size() > UINT16_MAX || !parse_rtp(packet, Padding::unknown))
        return std::nullopt;
    Stream& stream = stream_of(be32(packet.data() + 8));
    auto& sessions = stream.sessions;
    for (auto it = sessions.begin(); it != sessions.end(); ++it)
        if (auto opened = open_with(**it, packet)) {
            std::rotate(sessions.begin(), it, it + 1);
            stream.failed_in_a_row = 0;
            return opened;
        }
    if (stream.searched != keys.data())
        stream.failed_in_a_row = 0;
    const auto failed = stream.failed_in_a_row++;
    if (failed >= limits::srtp_searches_in_a_row_max &&
        failed % limits::srtp_searches_in_a_row_max != 0)
        return std::nullopt;
    stream.searched = keys.data();
    auto opened = search(stream, packet, keys);
    if (opened)
        stream.failed_in_a_row = 0;
    return opened;
}

// A sender new to us, a new key, a counter that we did not see grow, a number that came before (as
// a copy, or of a sender that began anew): a session of its own tells.
std::optional<SrtpReceiver::Opened> SrtpReceiver::search(Stream& stream, Bytes packet,
                                                         std::span<const SrtpKey> keys) {
    std::vector<std::uint32_t> counters;
    if (!stream.sessions.empty()) {
        const auto last = stream.sessions.front()->rollovers();
        counters = {last, last + 1, last - 1};
    }
    for (std::uint32_t i = 0; i <= limits::srtp_rollovers_max; ++i)
        counters.push_back(i);
    for (const SrtpKey& key : keys) {
        auto session = Session::begin(key, stream.ssrc);
        if (!session || !copy_without_mki(packet, key, room_))
            continue;
        for (const auto counter : counters) {
            session->set_rollovers(counter);
            auto opened = open_with(*session, packet);
            if (!opened)
                continue;
            if (stream.sessions.size() >= limits::srtp_sessions_per_stream_max)
                stream.sessions.pop_back();
            stream.sessions.insert(stream.sessions.begin(), std::move(session));
            return opened;
        }
    }
    return std::nullopt;
}

}  // namespace nk::wire
