#include "truth.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace nk::generate {

void PartyTruth::add_silence() {
    static constexpr std::array<std::uint8_t, 4096> zeros{};
    samples_bytes_ += silence_bytes_;
    while (silence_bytes_ > 0) {
        const std::size_t piece = std::min<std::size_t>(silence_bytes_, zeros.size());
        if (with_sound_)
            digest_.add(Bytes(zeros).first(piece));
        silence_bytes_ -= piece;
    }
}

void PartyTruth::sent(std::int64_t at_ns, std::int64_t until_ns, bool is_delivered, Bytes s16le) {
    ++sent_;
    if (!is_delivered) {
        lost_open_ += stream_has_begun_ ? 1 : 0;
        silence_bytes_ += delivered_ > 0 ? s16le.size() : 0;
        return;
    }
    if (first_ns_ < 0)
        first_ns_ = at_ns;
    until_ns_ = until_ns;
    if (delivered_ > 0)
        add_silence();
    silence_bytes_ = 0;
    lost_ += lost_open_;
    lost_open_ = 0;
    stream_has_begun_ = true;
    ++delivered_;
    samples_bytes_ += s16le.size();
    if (with_sound_)
        digest_.add(s16le);
}

void PartyTruth::new_stream() {
    lost_open_ = 0;
    stream_has_begun_ = false;
}

void PartyTruth::arrived(std::size_t stream, std::uint64_t frame, bool is_copy) {
    ++arrived_;
    const auto place = static_cast<std::int64_t>(frame);
    if (is_copy)
        ++duplicate_;
    else if (place < highest_[stream])
        ++late_;
    highest_[stream] = std::max(highest_[stream], place);
}

void PartyTruth::twice() {
    duplicate_ += arrived_;
    arrived_ *= 2;
}

nlohmann::json PartyTruth::to_json() {
    nlohmann::json out{
        {"sent", sent_},         {"delivered", delivered_}, {"received", arrived_},
        {"lost", lost_},         {"late", late_},           {"duplicate", duplicate_},
        {"first_ns", first_ns_}, {"until_ns", until_ns_},   {"samples", samples_bytes_ / 2}};
    if (with_sound_)
        out["s16le_sha256"] = digest_.hex();
    return out;
}

}  // namespace nk::generate
