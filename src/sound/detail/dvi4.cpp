#include "sound/detail/dvi4.h"

#include <algorithm>
#include <array>

namespace nk::sound::detail {

namespace {

constexpr std::size_t header_bytes = 4;
constexpr int index_max = 88;

// The step sizes of the IMA Digital Audio Focus and Technical Working Groups' recommendation.
constexpr std::array<int, index_max + 1> steps{
    7,     8,     9,     10,    11,    12,    13,    14,    16,    17,    19,   21,    23,
    25,    28,    31,    34,    37,    41,    45,    50,    55,    60,    66,   73,    80,
    88,    97,    107,   118,   130,   143,   157,   173,   190,   209,   230,  253,   279,
    307,   337,   371,   408,   449,   494,   544,   598,   658,   724,   796,  876,   963,
    1060,  1166,  1282,  1411,  1552,  1707,  1878,  2066,  2272,  2499,  2749, 3024,  3327,
    3660,  4026,  4428,  4871,  5358,  5894,  6484,  7132,  7845,  8630,  9493, 10442, 11487,
    12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767};

constexpr std::array<int, 8> index_change{-1, -1, -1, -1, 2, 4, 6, 8};

struct State {
    int sample;
    int index;
};

std::int16_t next_sample(State& state, unsigned code) {
    const int step = steps[static_cast<std::size_t>(state.index)];
    int difference = step >> 3;
    difference += (code & 4U) != 0 ? step : 0;
    difference += (code & 2U) != 0 ? step >> 1 : 0;
    difference += (code & 1U) != 0 ? step >> 2 : 0;
    state.sample += (code & 8U) != 0 ? -difference : difference;
    state.sample = std::clamp(state.sample, -32'768, 32'767);
    state.index = std::clamp(state.index + index_change[code & 7U], 0, index_max);
    return static_cast<std::int16_t>(state.sample);
}

// Every payload starts from the state in its own header: nothing is carried over.
class Dvi4 : public Decoder {
public:
    explicit Dvi4(std::uint32_t rate_hz) : rate_hz_(rate_hz) {}

    Result<void> decode(Bytes payload, Samples& out) override {
        if (payload.size() < header_bytes)
            return refuse(Code::cut_off, Blame::peer, "DVI4 payload shorter than its header");
        State state{static_cast<std::int16_t>(be16(payload.data())), payload[2]};
        if (state.index > index_max)
            return refuse(Code::malformed, Blame::peer, "DVI4 step index beyond the table");
        for (const auto octet : payload.subspan(header_bytes)) {
            out.push_back(next_sample(state, octet >> 4U));  // the earlier sample is the high one
            out.push_back(next_sample(state, octet & 15U));
        }
        return {};
    }
    [[nodiscard]] std::uint32_t rate_hz() const override { return rate_hz_; }

private:
    std::uint32_t rate_hz_;
};

}  // namespace

std::unique_ptr<Decoder> make_dvi4_decoder(std::uint32_t rate_hz) {
    return std::make_unique<Dvi4>(rate_hz);
}

}  // namespace nk::sound::detail
