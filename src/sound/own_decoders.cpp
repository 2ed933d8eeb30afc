// The decoders that run in this process: tables, a few lines of arithmetic, and libopus.

#include <algorithm>

#include "sound/codec.h"
#include "sound/detail/dvi4.h"
#include "sound/detail/opus_decoder.h"
#include "sound/g711.h"

namespace nk::sound {

namespace {

class G711 : public Decoder {
public:
    G711(const G711Table& table, std::uint32_t rate_hz) : table_(table), rate_hz_(rate_hz) {}

    Result<void> decode(Bytes payload, Samples& out) override {
        const std::size_t before = out.size();
        out.resize(before + payload.size());
        std::transform(payload.begin(), payload.end(),
                       out.begin() + static_cast<std::ptrdiff_t>(before),
                       [this](std::uint8_t code) { return table_[code]; });
        return {};
    }
    [[nodiscard]] std::uint32_t rate_hz() const override { return rate_hz_; }

private:
    const G711Table& table_;
    std::uint32_t rate_hz_;
};

// RFC 3551 4.5.11: big-endian, channels interleaved. Several channels become their mean.
class L16 : public Decoder {
public:
    L16(std::uint32_t rate_hz, std::uint32_t channels) : rate_hz_(rate_hz), channels_(channels) {}

    Result<void> decode(Bytes payload, Samples& out) override {
        const std::size_t frame_bytes = 2 * std::size_t{channels_};
        if (payload.size() % frame_bytes != 0)
            return refuse(Code::malformed, Blame::peer, "L16 payload ends within a sample");
        for (std::size_t at = 0; at < payload.size(); at += frame_bytes) {
            std::int32_t sum = 0;
            for (std::size_t i = 0; i < frame_bytes; i += 2)
                sum += static_cast<std::int16_t>(be16(payload.data() + at + i));
            out.push_back(static_cast<std::int16_t>(sum / static_cast<std::int32_t>(channels_)));
        }
        return {};
    }
    [[nodiscard]] std::uint32_t rate_hz() const override { return rate_hz_; }

private:
    std::uint32_t rate_hz_;
    std::uint32_t channels_;
};

}  // namespace

Result<std::unique_ptr<Decoder>> OwnDecoders::make(const Codec& codec) {
    constexpr std::uint32_t l16_channels_max = 8;
    const auto rate_hz = sample_rate_hz(codec);
    const auto unsupported = [&] {
        return refuse(Code::unsupported, Blame::peer, "no decoder for " + codec.name + " here");
    };
    if (rate_hz == 0)
        return unsupported();
    if (codec.name == "PCMU")
        return std::make_unique<G711>(ulaw_table, rate_hz);
    if (codec.name == "PCMA")
        return std::make_unique<G711>(alaw_table, rate_hz);
    if (codec.name == "L16" && codec.channels <= l16_channels_max)
        return std::make_unique<L16>(rate_hz, std::max(codec.channels, 1U));
    if (codec.name == "DVI4")
        return detail::make_dvi4_decoder(rate_hz);
    if (codec.name == "opus")
        return detail::make_opus_decoder();
    return unsupported();
}

}  // namespace nk::sound
