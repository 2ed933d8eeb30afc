#pragma once
// Media that no signalling named, while it is undecided what it is.
//
// It becomes a call without signalling when its packets prove themselves: in sequence, with time
// stamps that fit their payload (static types, where that can be checked to the sample) or that
// keep a steady clock for a good while (dynamic types, where nothing else can be known). Until then
// the packets are kept, so that nothing is lost when the SDP that names them comes late.

#include <cstdint>
#include <vector>

#include "call/media.h"
#include "wire/rtp.h"

namespace nk::tap {

class Stray {
public:
    struct Kept {
        call::MediaPacket packet;
        WallTime wall;
        std::vector<std::uint8_t> whole;  // the packet as it came
    };
    // `rtp` was read from `whole`.
    void add(const wire::Rtp& rtp, Bytes whole, MonoTime arrival, WallTime wall);
    // Beyond reasonable doubt RTP of a codec of telephony.
    [[nodiscard]] bool is_proven() const;
    // Hands out what was kept, oldest first, with payloads that live as long as the result.
    std::vector<Kept> give();
    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

private:
    void judge(const Kept& last, const Kept& now);

    std::vector<Kept> kept_;
    std::uint64_t packets_ = 0;
    std::uint64_t left_out_ = 0;      // beyond limits::stray_packets_per_flow_max
    std::uint32_t exact_steps_ = 0;   // steps of the time stamp that equal the payload's length
    std::uint32_t steady_steps_ = 0;  // steps in sequence with a plausible clock
    std::uint32_t wrong_steps_ = 0;
    std::uint32_t key_packets_ = 0;  // that look like telephone-events
    bool is_static_ = false;
};

}  // namespace nk::tap
