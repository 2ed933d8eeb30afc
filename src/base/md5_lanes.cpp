#include "base/md5_lanes.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/check.h"
#include "base/cpu_clones.h"

namespace nk {

namespace {

constexpr std::size_t block_bytes = 64;
constexpr std::size_t worth_it =
    3;  // all together, of the longest: below that, one by one is quicker

// One number of each lane. As an array it would be taken apart again by every compiler.
using Lanes = std::uint32_t __attribute__((vector_size(4 * md5_lanes)));

// RFC 1321 3.4: floor(2^32 * abs(sin(i + 1))).
constexpr std::array<std::uint32_t, 64> sines{
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr std::array<std::array<int, 4>, 4> turns{
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

struct State {
    Lanes a;
    Lanes b;
    Lanes c;
    Lanes d;
};

template <int round>
[[gnu::always_inline]] inline void mix(Lanes& sum, const State& s) {
    if constexpr (round == 0)
        sum += s.d ^ (s.b & (s.c ^ s.d));
    else if constexpr (round == 1)
        sum += s.c ^ (s.d & (s.b ^ s.c));
    else if constexpr (round == 2)
        sum += s.b ^ s.c ^ s.d;
    else
        sum += s.c ^ (s.b | ~s.d);
}

template <int round>
constexpr std::size_t word_of(int step) {
    constexpr std::array<int, 4> times{1, 5, 3, 7};
    constexpr std::array<int, 4> plus{0, 1, 5, 0};
    return static_cast<std::size_t>((times[round] * step + plus[round]) % 16);
}

template <int round>
[[gnu::always_inline]] inline void sixteen_steps(State& s, const std::array<Lanes, 16>& words) {
#pragma GCC unroll 16
    for (int step = 0; step < 16; ++step) {
        Lanes sum =
            s.a + words[word_of<round>(step)] + sines[static_cast<std::size_t>(16 * round + step)];
        mix<round>(sum, s);
        const int by = turns[round][static_cast<std::size_t>(step % 4)];
        const Lanes turned = (sum << by) | (sum >> (32 - by));
        s.a = s.d;
        s.d = s.c;
        s.c = s.b;
        s.b = s.b + turned;
    }
}

// Turns eight words of each lane into eight times one word of all lanes.
[[gnu::always_inline]] inline void transpose(Lanes* rows) {
    std::array<Lanes, 8> pairs;
    for (std::size_t i = 0; i < 8; i += 2) {
        pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    std::array<Lanes, 8> halves;
    for (std::size_t i = 0; i < 8; i += 4)
        for (std::size_t k = 0; k < 2; ++k) {
            halves[i + 2 * k] =
                __builtin_shufflevector(pairs[i + k], pairs[i + k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            halves[i + 2 * k + 1] =
                __builtin_shufflevector(pairs[i + k], pairs[i + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (std::size_t i = 0; i < 4; ++i) {
        rows[i] = __builtin_shufflevector(halves[i], halves[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        rows[i + 4] = __builtin_shufflevector(halves[i], halves[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

// So many blocks of each lane, which lie one behind the other.
NK_CPU_CLONES void add_blocks(State& state, const std::array<const std::uint8_t*, md5_lanes>& from,
                              std::size_t blocks) {
    State now = state;
    for (std::size_t block = 0; block < blocks; ++block) {
        std::array<Lanes, 16> words;
        for (std::size_t half = 0; half < 2; ++half) {
            for (std::size_t lane = 0; lane < md5_lanes; ++lane)
                std::memcpy(&words[8 * half + lane], from[lane] + block * block_bytes + 32 * half,
                            sizeof(Lanes));
            transpose(&words[8 * half]);
        }
        State s = now;
        sixteen_steps<0>(s, words);
        sixteen_steps<1>(s, words);
        sixteen_steps<2>(s, words);
        sixteen_steps<3>(s, words);
        now.a += s.a;
        now.b += s.b;
        now.c += s.c;
        now.d += s.d;
    }
    state = now;
}

// RFC 1321 3.1, 3.2: what comes behind the last whole block, one block or two.
struct Tail {
    std::array<std::uint8_t, 2 * block_bytes> bytes{};
    std::size_t blocks = 1;
    explicit Tail(Bytes text) {
        const Bytes rest = text.last(text.size() % block_bytes);
        std::copy(rest.begin(), rest.end(), bytes.begin());
        bytes[rest.size()] = 0x80;
        blocks = rest.size() + 9 <= block_bytes ? 1 : 2;
        const std::uint64_t bits = std::uint64_t{text.size()} * 8;
        std::memcpy(bytes.data() + blocks * block_bytes - 8, &bits, 8);
    }
};

// Up to as many texts as there are lanes. All lanes go on together: one whose text is over goes on
// with nothing that counts, once its state was taken.
class Together {
public:
    explicit Together(std::span<const Bytes> texts) : texts_(texts) {
        state_.a = Lanes{} + 0x67452301U;
        state_.b = Lanes{} + 0xefcdab89U;
        state_.c = Lanes{} + 0x98badcfeU;
        state_.d = Lanes{} + 0x10325476U;
        for (const Bytes text : texts)
            tails_.emplace_back(text);
    }
    void run(std::span<Md5> out) {
        for (std::size_t done = 0; done < texts_.size();) {
            const std::size_t blocks = next_pieces();
            add_blocks(state_, from_, blocks);
            for (std::size_t lane = 0; lane < texts_.size(); ++lane) {
                at_[lane] += blocks;
                if (at_[lane] == blocks_of(lane)) {
                    out[lane] = taken(lane);
                    ++done;
                }
            }
        }
    }

private:
    [[nodiscard]] std::size_t whole_blocks(std::size_t lane) const {
        return texts_[lane].size() / block_bytes;
    }
    [[nodiscard]] std::size_t blocks_of(std::size_t lane) const {
        return whole_blocks(lane) + tails_[lane].blocks;
    }
    // Where each lane goes on, and for how many blocks all of them lie in a row.
    std::size_t next_pieces() {
        std::size_t blocks = ~std::size_t{0};
        std::size_t any = 0;  // a lane that is not over
        for (std::size_t lane = 0; lane < texts_.size(); ++lane) {
            if (at_[lane] >= blocks_of(lane))
                continue;
            const bool is_tail = at_[lane] >= whole_blocks(lane);
            from_[lane] =
                is_tail ? tails_[lane].bytes.data() + (at_[lane] - whole_blocks(lane)) * block_bytes
                        : texts_[lane].data() + at_[lane] * block_bytes;
            blocks = std::min(blocks, (is_tail ? blocks_of(lane) : whole_blocks(lane)) - at_[lane]);
            any = lane;
        }
        for (std::size_t lane = 0; lane < md5_lanes; ++lane)
            if (lane >= texts_.size() || at_[lane] >= blocks_of(lane))
                from_[lane] = from_[any];
        return blocks;
    }
    [[nodiscard]] Md5 taken(std::size_t lane) const {
        Md5 out;
        const std::array<std::uint32_t, 4> words{state_.a[lane], state_.b[lane], state_.c[lane],
                                                 state_.d[lane]};
        std::memcpy(out.data(), words.data(), out.size());
        return out;
    }

    std::span<const Bytes> texts_;
    std::vector<Tail> tails_;
    State state_;
    std::array<std::size_t, md5_lanes> at_{};  // blocks that are done
    std::array<const std::uint8_t*, md5_lanes> from_{};
};

Md5 alone(Bytes text) {
    Digest digest(DigestKind::md5);
    digest.add(text);
    return md5_of(digest);
}

}  // namespace

Md5 md5_of(Digest& digest) {
    const auto bytes = digest.bytes();
    Md5 out{};
    NK_CHECK(bytes.size() == out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

std::vector<Md5> md5_of_each(std::span<const Bytes> texts) {
    std::vector<Md5> out(texts.size());
    // The long ones together, so that few lanes idle.
    std::vector<std::size_t> order(texts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return texts[a].size() > texts[b].size(); });
    for (std::size_t first = 0; first < order.size(); first += md5_lanes) {
        const std::size_t count = std::min(md5_lanes, order.size() - first);
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < count; ++i)
            bytes += texts[order[first + i]].size();
        if (bytes <= worth_it * texts[order[first]].size()) {
            for (std::size_t i = 0; i < count; ++i)
                out[order[first + i]] = alone(texts[order[first + i]]);
            continue;
        }
        std::array<Bytes, md5_lanes> some;
        std::array<Md5, md5_lanes> sums;
        for (std::size_t i = 0; i < count; ++i)
            some[i] = texts[order[first + i]];
        Together(std::span(some).first(count)).run(std::span(sums).first(count));
        for (std::size_t i = 0; i < count; ++i)
            out[order[first + i]] = sums[i];
    }
    return out;
}

}  // namespace nk
