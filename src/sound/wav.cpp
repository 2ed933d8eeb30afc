#include "sound/wav.h"

#include <limits>
#include <string_view>

namespace nk::sound {

namespace {

constexpr std::uint32_t riff_overhead = 36;  // "WAVE" and both chunks' heads, without the samples
constexpr std::uint32_t ds64_bytes = 28;

class Writer {
public:
    void name(std::string_view four) { out_.insert(out_.end(), four.begin(), four.end()); }
    void le16(std::uint32_t v) { le(v, 2); }
    void le32(std::uint32_t v) { le(v, 4); }
    void le64(std::uint64_t v) { le(v, 8); }
    std::vector<std::uint8_t> take() { return std::move(out_); }

private:
    void le(std::uint64_t v, unsigned bytes) {
        for (unsigned i = 0; i < bytes; ++i)
            out_.push_back(static_cast<std::uint8_t>(v >> (8 * i)));
    }
    std::vector<std::uint8_t> out_;
};

}  // namespace

std::vector<std::uint8_t> wav_head(std::uint32_t rate_hz, std::uint32_t channels,
                                   std::uint64_t frames) {
    constexpr std::uint32_t see_ds64 = 0xffff'ffff;
    constexpr std::uint32_t sample_bytes = 2;
    const std::uint64_t data_bytes = frames * channels * sample_bytes;
    const bool large = data_bytes > see_ds64 - riff_overhead - 1;
    Writer w;
    w.name(large ? "RF64" : "RIFF");
    w.le32(large ? see_ds64 : static_cast<std::uint32_t>(data_bytes) + riff_overhead);
    w.name("WAVE");
    if (large) {
        w.name("ds64");
        w.le32(ds64_bytes);
        w.le64(data_bytes + riff_overhead + ds64_bytes + 8);
        w.le64(data_bytes);
        w.le64(frames);
        w.le32(0);  // no table of further sizes
    }
    w.name("fmt ");
    w.le32(16);
    w.le16(1);  // PCM
    w.le16(channels);
    w.le32(rate_hz);
    w.le32(rate_hz * channels * sample_bytes);
    w.le16(channels * sample_bytes);
    w.le16(8 * sample_bytes);
    w.name("data");
    w.le32(large ? see_ds64 : static_cast<std::uint32_t>(data_bytes));
    return w.take();
}

}  // namespace nk::sound
