#pragma once
// What a recorder must find: a party's counts as the ledger names them, and the digest of its
// track, every delivered packet at its place and silence where one was lost.

#include <array>
#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/bytes.h"
#include "base/digest.h"

namespace nk::generate {

class PartyTruth {
public:
    explicit PartyTruth(bool with_sound) : with_sound_(with_sound) {}

    // In the order of sending: what was said from `at_ns` to `until_ns`.
    void sent(std::int64_t at_ns, std::int64_t until_ns, bool is_delivered, Bytes s16le);
    // The sender is silent for some frames and does not count them.
    void silent(std::uint64_t bytes) { silence_bytes_ += sent_ > 0 ? bytes : 0; }
    // A new SSRC: what was lost just before cannot be known, by anybody.
    void new_stream();
    // In the order of arrival.
    void arrived(std::size_t stream, std::uint64_t frame, bool is_copy);
    // The whole capture holds every packet twice.
    void twice();

    [[nodiscard]] std::int64_t first_ns() const { return first_ns_; }
    // Spends the digest.
    nlohmann::json to_json();

private:
    void add_silence();

    bool with_sound_;
    Digest digest_{DigestKind::sha256};
    std::uint64_t samples_bytes_ = 0;
    std::uint64_t silence_bytes_ = 0;
    std::uint64_t lost_open_ = 0;  // lost since the last delivered packet
    bool stream_has_begun_ = false;
    std::uint64_t sent_ = 0;
    std::uint64_t delivered_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t late_ = 0;
    std::uint64_t duplicate_ = 0;
    std::uint64_t arrived_ = 0;
    std::int64_t first_ns_ = -1;
    std::int64_t until_ns_ = -1;  // the end of the last one delivered
    std::array<std::int64_t, 2> highest_{-1, -1};
};

}  // namespace nk::generate
