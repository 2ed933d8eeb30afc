#include "sound/detail/opus_decoder.h"

#include <algorithm>
#include <array>
#include <limits>

#include <opus/opus.h>

namespace nk::sound::detail {

namespace {

constexpr opus_int32 rate_hz_opus = 48'000;
constexpr std::size_t frames_max = 48;      // RFC 6716 3.2.5
constexpr std::size_t samples_max = 5'760;  // 120 ms, the longest packet there is
constexpr std::size_t packet_bytes_max = 65'535;

struct Destroy {
    void operator()(OpusDecoder* decoder) const { opus_decoder_destroy(decoder); }
};

class OpusStream : public Decoder {
public:
    explicit OpusStream(std::unique_ptr<OpusDecoder, Destroy> decoder)
        : decoder_(std::move(decoder)) {}

    Result<void> decode(Bytes payload, Samples& out) override {
        // libopus takes an empty packet for a lost one and would invent sound.
        if (payload.empty() || payload.size() > packet_bytes_max)
            return refuse(Code::malformed, Blame::peer, "not an Opus packet");
        const std::size_t before = out.size();
        out.resize(before + samples_max);
        const int got =
            opus_decode(decoder_.get(), payload.data(), static_cast<opus_int32>(payload.size()),
                        out.data() + before, static_cast<int>(samples_max), 0);
        out.resize(before + static_cast<std::size_t>(std::max(got, 0)));
        if (got < 0)
            return refuse(Code::malformed, Blame::peer, opus_strerror(got));
        return {};
    }
    [[nodiscard]] std::uint32_t rate_hz() const override { return rate_hz_opus; }

private:
    std::unique_ptr<OpusDecoder, Destroy> decoder_;
};

// The sizes of the packet's frames; the count is negative when they do not add up.
int parse(Bytes payload, std::array<opus_int16, frames_max>& sizes) {
    if (payload.empty() || payload.size() > packet_bytes_max)
        return -1;
    std::array<const unsigned char*, frames_max> frames{};
    unsigned char toc = 0;
    int payload_offset = 0;
    return opus_packet_parse(payload.data(), static_cast<opus_int32>(payload.size()), &toc,
                             frames.data(), sizes.data(), &payload_offset);
}

}  // namespace

Result<std::unique_ptr<Decoder>> make_opus_decoder() {
    int error = OPUS_OK;
    std::unique_ptr<OpusDecoder, Destroy> decoder(opus_decoder_create(rate_hz_opus, 1, &error));
    if (error != OPUS_OK)
        return refuse(Code::io, Blame::machine, std::string("libopus: ") + opus_strerror(error));
    return std::make_unique<OpusStream>(std::move(decoder));
}

std::uint32_t opus_ticks(Bytes payload) {
    if (!looks_like_opus(payload))
        return 0;
    const int samples = opus_packet_get_nb_samples(
        payload.data(), static_cast<opus_int32>(payload.size()), rate_hz_opus);
    return static_cast<std::uint32_t>(std::max(samples, 0));
}

bool looks_like_opus(Bytes payload) {
    std::array<opus_int16, frames_max> sizes{};
    return parse(payload, sizes) > 0;
}

bool is_opus_dtx(Bytes payload) {
    std::array<opus_int16, frames_max> sizes{};
    const int count = parse(payload, sizes);
    return count > 0 && std::all_of(sizes.begin(), sizes.begin() + count,
                                    [](opus_int16 size) { return size <= 1; });
}

}  // namespace nk::sound::detail
