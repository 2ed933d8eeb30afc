// A block of one channel becomes the cheapest of: one constant, a fixed predictor's residual in
// Rice codes, the samples as they are. G.711 leaves the lowest two or three bits of every sample
// zero ("wasted bits", 9.2.2), and half of a call is one party's quiet line, so both are looked for
// first. Loops over samples are kept plain enough for the compiler to make vectors of them.

#include "sound/detail/flac_frames.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/bytes.h"
#include "base/check.h"
#include "base/cpu_clones.h"
#include "sound/detail/flac_bits.h"
#include "sound/detail/flac_crc.h"

namespace nk::sound::detail {

namespace {

constexpr unsigned sample_bits = 16;
constexpr std::size_t orders = 5;  // of the fixed predictors, 0..4 (RFC 9639 9.2.5)
constexpr unsigned partition_order_max = 3;
constexpr std::size_t partitions_max = std::size_t{1} << partition_order_max;
constexpr unsigned rice_max = 14;  // 15 is an escape (9.2.7.1)
constexpr std::size_t head_bytes_max = 16;

enum SubframeType : std::uint8_t { constant = 0, verbatim = 1, fixed = 8 };  // 9.2.1

// A channel's block, with its wasted bits taken off.
struct Block {
    std::span<const std::int32_t> samples;
    unsigned wasted = 0;
    [[nodiscard]] unsigned bits() const { return sample_bits - wasted; }
};

// How a residual is cut and coded.
struct Rice {
    unsigned partition_order = 0;
    std::array<std::uint8_t, partitions_max> parameters{};
    std::uint64_t bits = 0;  // about
};

// 9.1.1: 0 where the code needs the number itself, after the header.
unsigned block_code(std::size_t frames) {
    switch (frames) {
        case 192:
            return 1;
        case 576:
            return 2;
        case 1'152:
            return 3;
        case 2'304:
            return 4;
        case 4'608:
            return 5;
        case 256:
        case 512:
        case 1'024:
        case 2'048:
        case 4'096:
            return static_cast<unsigned>(std::countr_zero(frames));
        default:
            return 7;  // 16 bits follow
    }
}

struct RateCode {
    unsigned code = 0;  // 9.1.2; 0 is "as the stream info says"
    std::uint32_t follows = 0;
};
RateCode rate_code(std::uint32_t rate_hz) {
    static constexpr std::array<std::uint32_t, 12> known{
        0, 88'200, 176'400, 192'000, 8'000, 16'000, 22'050, 24'000, 32'000, 44'100, 48'000, 96'000};
    const auto* it = std::find(known.begin() + 1, known.end(), rate_hz);
    if (it != known.end())
        return {static_cast<unsigned>(it - known.begin()), 0};
    if (rate_hz <= 0xffff)
        return {13, rate_hz};
    if (rate_hz % 10 == 0 && rate_hz / 10 <= 0xffff)
        return {14, rate_hz / 10};
    return {};
}

// 9.1.5: as UTF-8 would code it, but up to 36 bits.
std::uint8_t* put_coded_number(std::uint8_t* out, std::uint64_t number) {
    if (number < 0x80) {
        *out++ = static_cast<std::uint8_t>(number);
        return out;
    }
    unsigned more = 1;
    while (number >= std::uint64_t{1} << (6 * more + 6 - more))
        ++more;
    *out++ = static_cast<std::uint8_t>(0xff00U >> (more + 1) | number >> (6 * more));
    while (more-- > 0)
        *out++ = static_cast<std::uint8_t>(0x80U | (number >> (6 * more) & 0x3fU));
    return out;
}

std::uint32_t zigzag(std::int32_t value) {
    return static_cast<std::uint32_t>(value) << 1U ^ static_cast<std::uint32_t>(value >> 31U);
}

// The order whose residual is smallest; the first four samples, which not all orders predict, do
// not count.
NK_CPU_CLONES std::size_t best_order(std::span<const std::int32_t> x) {
    if (x.size() <= orders)
        return 0;
    std::array<std::uint32_t, orders> sums{};
    const auto size_of = [](std::int32_t v) { return static_cast<std::uint32_t>(v < 0 ? -v : v); };
    std::uint32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0;
    for (std::size_t i = 4; i < x.size(); ++i) {
        const std::int32_t a = x[i - 4], b = x[i - 3], c = x[i - 2], d = x[i - 1], e = x[i];
        const std::int32_t d1 = e - d, c1 = d - c, b1 = c - b, a1 = b - a;
        const std::int32_t d2 = d1 - c1, c2 = c1 - b1, b2 = b1 - a1;
        const std::int32_t d3 = d2 - c2, c3 = c2 - b2;
        s0 += size_of(e);
        s1 += size_of(d1);
        s2 += size_of(d2);
        s3 += size_of(d3);
        s4 += size_of(d3 - c3);
    }
    sums = {s0, s1, s2, s3, s4};
    return static_cast<std::size_t>(std::min_element(sums.begin(), sums.end()) - sums.begin());
}

// out[i] for i >= order is the residual of x[i]; what is before it is 0. 9.2.5
NK_CPU_CLONES void predict(std::span<const std::int32_t> x, std::size_t order, std::uint32_t* out) {
    std::fill_n(out, order, 0);
    const std::size_t n = x.size();
    switch (order) {
        case 0:
            for (std::size_t i = 0; i < n; ++i)
                out[i] = zigzag(x[i]);
            break;
        case 1:
            for (std::size_t i = 1; i < n; ++i)
                out[i] = zigzag(x[i] - x[i - 1]);
            break;
        case 2:
            for (std::size_t i = 2; i < n; ++i)
                out[i] = zigzag(x[i] - 2 * x[i - 1] + x[i - 2]);
            break;
        case 3:
            for (std::size_t i = 3; i < n; ++i)
                out[i] = zigzag(x[i] - 3 * x[i - 1] + 3 * x[i - 2] - x[i - 3]);
            break;
        default:
            for (std::size_t i = 4; i < n; ++i)
                out[i] = zigzag(x[i] - 4 * x[i - 1] + 6 * x[i - 2] - 4 * x[i - 3] + x[i - 4]);
    }
}

struct RiceCost {
    unsigned parameter = 0;
    std::uint64_t bits = 0;
};
// Of `count` numbers that add up to `sum`; cut off below the parameter, each loses half on average.
RiceCost rice_cost(std::uint64_t sum, std::uint64_t count) {
    const auto about = count == 0 ? 0U : static_cast<unsigned>(std::bit_width(sum / count));
    RiceCost best{0, ~std::uint64_t{0}};
    for (unsigned k = about > 1 ? std::min(about - 2, rice_max) : 0; k <= std::min(about, rice_max);
         ++k) {
        const std::uint64_t cut = count * ((std::uint64_t{1} << k) - 1) / 2;
        const std::uint64_t bits = count * (k + 1) + ((sum > cut ? sum - cut : 0) >> k);
        if (bits < best.bits)
            best = {k, bits};
    }
    return best;
}

// The best number of partitions: their sums are taken once, finely, and added up two by two.
Rice best_rice(std::span<const std::uint32_t> residual, std::size_t order) {
    const std::size_t n = residual.size();
    unsigned finest = 0;
    while (finest < partition_order_max && n % (std::size_t{2} << finest) == 0 &&
           n >> (finest + 1) > order)
        ++finest;
    std::array<std::uint64_t, partitions_max> sums{};
    const std::size_t length = n >> finest;
    for (std::size_t p = 0; p < std::size_t{1} << finest; ++p) {
        std::uint32_t sum = 0;  // 4,608 residuals of 20 bits at most
        for (const std::uint32_t value : residual.subspan(p * length, length))
            sum += value;
        sums[p] = sum;
    }
    Rice best;
    best.bits = ~std::uint64_t{0};
    for (unsigned cut = finest;; --cut) {
        Rice rice{cut, {}, 0};
        for (std::size_t p = 0; p < std::size_t{1} << cut; ++p) {
            const auto cost = rice_cost(sums[p], (n >> cut) - (p == 0 ? order : 0));
            rice.parameters[p] = static_cast<std::uint8_t>(cost.parameter);
            rice.bits += cost.bits + 4;
        }
        if (rice.bits < best.bits)
            best = rice;
        if (cut == 0)
            return best;
        for (std::size_t p = 0; p < std::size_t{1} << (cut - 1); ++p)
            sums[p] = sums[2 * p] + sums[2 * p + 1];
    }
}

// A Rice code: the high part in zeros and a one, the low part as it is.
struct Code {
    std::uint64_t value;
    unsigned length;
};
Code rice_code(std::uint32_t value, unsigned parameter) {
    const std::uint32_t low = value & ((1U << parameter) - 1);
    return {std::uint64_t{1U << parameter | low}, (value >> parameter) + parameter + 1};
}

void put_long(FlacBits& bits, const Code& code, unsigned parameter) {
    bits.put_zeros(code.length - parameter - 1);
    bits.put(code.value, parameter + 1);
}

NK_CPU_CLONES void put_partition(FlacBits& bits, std::span<const std::uint32_t> values,
                                 unsigned parameter) {
    std::size_t i = 0;
    for (; i + 1 < values.size(); i += 2) {
        const Code a = rice_code(values[i], parameter);
        const Code b = rice_code(values[i + 1], parameter);
        if (a.length + b.length <= FlacBits::put_max) [[likely]] {
            bits.put(a.value << b.length | b.value, a.length + b.length);
        } else {
            put_long(bits, a, parameter);
            put_long(bits, b, parameter);
        }
    }
    if (i < values.size())
        put_long(bits, rice_code(values[i], parameter), parameter);
}

void put_subframe_head(FlacBits& bits, unsigned type, unsigned wasted) {
    bits.put(type << 1U | (wasted > 0 ? 1U : 0U), 8);
    if (wasted > 0)
        bits.put(1, wasted);
}

void put_verbatim(FlacBits& bits, const Block& block) {
    put_subframe_head(bits, verbatim, block.wasted);
    for (const std::int32_t sample : block.samples)
        bits.put_signed(sample, block.bits());
}

void put_fixed(FlacBits& bits, const Block& block, std::size_t order, const Rice& rice,
               std::span<const std::uint32_t> residual) {
    put_subframe_head(bits, fixed + static_cast<unsigned>(order), block.wasted);
    for (const std::int32_t sample : block.samples.first(order))
        bits.put_signed(sample, block.bits());
    bits.put(rice.partition_order, 6);  // in 2 bits the kind of coding, 0, and in 4 the order
    const std::size_t length = residual.size() >> rice.partition_order;
    for (std::size_t p = 0; p < std::size_t{1} << rice.partition_order; ++p) {
        bits.put(rice.parameters[p], 4);
        const std::size_t skip = p == 0 ? order : 0;
        put_partition(bits, residual.subspan(p * length + skip, length - skip), rice.parameters[p]);
    }
}

// Takes one channel out of the interleaved samples; gives all its bits, and those that differ from
// the first sample's.
struct Bits {
    std::uint32_t any = 0;
    std::uint32_t differ = 0;
};
NK_CPU_CLONES Bits take_channel(const std::int16_t* from, std::size_t step,
                                std::span<std::int32_t> out) {
    Bits bits;
    const std::int32_t first = *from;
    if (step == 2) {  // the usual number, for which a compiler knows how
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = from[2 * i];
    } else {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = from[step * i];
    }
    for (const std::int32_t sample : out) {
        bits.any |= static_cast<std::uint32_t>(sample);
        bits.differ |= static_cast<std::uint32_t>(sample ^ first);
    }
    return bits;
}

}  // namespace

FlacFrames::FlacFrames(std::uint32_t rate_hz, std::uint32_t channels, std::uint32_t block_frames)
    : rate_hz_(rate_hz),
      channels_(channels),
      samples_(block_frames),
      residual_(block_frames),
      // A residual is coded only when it should take less than the samples would, and what it takes
      // is at most half a bit a sample more than it should: four bytes a sample are plenty.
      frame_(head_bytes_max + std::size_t{channels} * (block_frames * 4 + 64) + 16) {
    NK_CHECK(channels >= 1 && channels <= 8 && block_frames >= 16 &&
             block_frames <= block_frames_max);
}

// 9.1
std::uint8_t* FlacFrames::put_head(std::uint8_t* out, std::size_t frames) const {
    const std::uint8_t* begin = out;
    const auto rate = rate_code(rate_hz_);
    const unsigned block = block_code(frames);
    put_be16(out, 0xfff8);  // the sync code; blocks of one size
    out[2] = static_cast<std::uint8_t>(block << 4U | rate.code);
    out[3] = static_cast<std::uint8_t>((channels_ - 1) << 4U | 4U << 1U);  // 16 bits a sample
    out = put_coded_number(out + 4, number_);
    if (block == 7) {
        put_be16(out, static_cast<std::uint16_t>(frames - 1));
        out += 2;
    }
    if (rate.follows != 0) {
        put_be16(out, static_cast<std::uint16_t>(rate.follows));
        out += 2;
    }
    *out = flac_crc8({begin, out});
    return out + 1;
}

std::span<const std::uint8_t> FlacFrames::encode(std::span<const std::int16_t> interleaved) {
    const std::size_t frames = interleaved.size() / channels_;
    NK_CHECK(frames >= 1 && frames <= samples_.size());
    FlacBits bits(put_head(frame_.data(), frames));
    for (std::size_t c = 0; c < channels_; ++c) {
        const std::span samples(samples_.data(), frames);
        const Bits used = take_channel(interleaved.data() + c, channels_, samples);
        if (used.differ == 0) {
            put_subframe_head(bits, constant, 0);
            bits.put_signed(samples[0], sample_bits);
            continue;
        }
        Block block{samples, static_cast<unsigned>(std::countr_zero(used.any))};
        if (block.wasted > 0)
            for (std::int32_t& sample : samples)
                sample >>= block.wasted;
        const std::size_t order = best_order(block.samples);
        predict(block.samples, order, residual_.data());
        const std::span<const std::uint32_t> residual(residual_.data(), frames);
        const Rice rice = best_rice(residual, order);
        if (rice.bits + order * block.bits() < frames * block.bits())
            put_fixed(bits, block, order, rice, residual);
        else
            put_verbatim(bits, block);
    }
    std::uint8_t* end = bits.align();
    put_be16(end, flac_crc16({frame_.data(), end}));
    ++number_;
    return {frame_.data(), end + 2};
}

}  // namespace nk::sound::detail
