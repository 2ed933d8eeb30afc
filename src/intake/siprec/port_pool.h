#pragma once
// Which UDP ports media is received on: even ones for RTP, with RTCP on the next (RFC 3550 11).
//
// A port that was given back rests for a while: packets of the session before are still on their
// way, and its client may go on sending. Of those that are free the one that rested longest is
// taken.

#include <cstdint>
#include <deque>
#include <optional>

#include "base/time.h"

namespace nk::siprec {

class PortPool {
public:
    // Ports from `first` to `last`, both included, of which pairs are made.
    PortPool(std::uint16_t first, std::uint16_t last, Nanos rest);
    // The RTP port of a pair; nullopt when none is free.
    std::optional<std::uint16_t> take(MonoTime now);
    void give_back(std::uint16_t port, MonoTime now);
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t in_use() const { return size_ - resting_.size(); }

private:
    struct Resting {
        std::uint16_t port = 0;
        MonoTime until;
    };
    std::deque<Resting> resting_;  // the one that rested longest in front
    std::size_t size_ = 0;
    Nanos rest_;
};

}  // namespace nk::siprec
