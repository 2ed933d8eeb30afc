#pragma once
// Packets to 16-bit samples.

#include <functional>
#include <memory>
#include <span>

#include "base/media.h"
#include "input.h"

namespace nk::media {

class Decoder {
public:
    // At the sound's own rate, or within what the house keeps (48,000 Hz at the most) when `fit`.
    static Result<std::unique_ptr<Decoder>> make(const AVStream& sound, bool fit);
    virtual ~Decoder() = default;
    using Take = std::function<void(std::span<const std::int16_t> interleaved, std::int64_t pts)>;
    // Gives what has become ready. A packet that cannot be decoded is passed over; null: no more
    // come. `pts` is of the first sample, in samples at the decoder's rate, or AV_NOPTS_VALUE.
    virtual void feed(const AVPacket* packet, const Take& take) = 0;
    virtual void forget() = 0;  // what it has begun: after a leap
    [[nodiscard]] virtual MediaShape shape() const = 0;
    [[nodiscard]] virtual std::uint64_t passed_over() const = 0;  // packets
};

}  // namespace nk::media
