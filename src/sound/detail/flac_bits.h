#pragma once
// Bits in FLAC's order, the highest first, onto memory that is large enough.

#include <bit>
#include <cstdint>
#include <cstring>

namespace nk::sound::detail {

class FlacBits {
public:
    static constexpr unsigned put_max = 56;

    // Requires: `out` has room for all that is put, and eight bytes more.
    explicit FlacBits(std::uint8_t* out) : out_(out) {}

    // The low `count` bits of a value that has no others. Requires: 1 <= count <= put_max.
    // Stores eight bytes each time and then moves on by the full ones: no branch.
    void put(std::uint64_t value, unsigned count) {
        bits_ |= value << (64 - used_ - count);
        used_ += count;
        const std::uint64_t big_endian = __builtin_bswap64(bits_);
        std::memcpy(out_, &big_endian, sizeof big_endian);
        out_ += used_ >> 3U;
        bits_ <<= used_ & 56U;
        used_ &= 7U;
    }
    // The same of a negative number, as two's complement.
    void put_signed(std::int32_t value, unsigned count) {
        put(static_cast<std::uint32_t>(value) & ((std::uint64_t{1} << count) - 1), count);
    }
    void put_zeros(unsigned count) {
        for (; count > put_max; count -= put_max)
            put(0, put_max);
        if (count > 0)
            put(0, count);
    }
    // Fills up to a whole byte; gives where the next one goes.
    std::uint8_t* align() {
        if (used_ > 0)
            put(0, 8 - used_);
        return out_;
    }

private:
    static_assert(std::endian::native == std::endian::little);
    std::uint8_t* out_;
    std::uint64_t bits_ = 0;  // those not in a full byte yet, at the top
    unsigned used_ = 0;       // how many of them, 0..7
};

}  // namespace nk::sound::detail
