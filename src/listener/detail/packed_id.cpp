#include "listener/detail/packed_id.h"

#include "base/rfc3339.h"

namespace nk::listener {

namespace {

// Crockford's base32 in lower case, as ids have it (docs/FORMAT.md).
constexpr std::string_view base32 = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t letters = 6;
constexpr std::size_t stamp_size = 16;  // 20261123T142301Z

}  // namespace

std::optional<std::uint64_t> pack_id(std::string_view id) {
    if (id.size() != stamp_size + 1 + letters || id[stamp_size] != '-')
        return std::nullopt;
    const auto digits = [&](std::size_t at, std::size_t count) { return id.substr(at, count); };
    std::string time;
    time.append(digits(0, 4)).append("-").append(digits(4, 2)).append("-").append(digits(6, 3));
    time.append(digits(9, 2)).append(":").append(digits(11, 2)).append(":").append(digits(13, 3));
    const auto at = wall_time_in(time);
    if (!at || at->ns < 0)
        return std::nullopt;
    std::uint64_t packed = static_cast<std::uint64_t>(at->ns) / 1'000'000'000;
    for (const char c : id.substr(stamp_size + 1)) {
        const auto value = base32.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        packed = packed << 5U | value;
    }
    return packed;
}

std::string unpack_id(std::uint64_t packed) {
    const std::uint64_t bits = packed & ((1ULL << (5 * letters)) - 1);
    const auto second = static_cast<std::int64_t>(packed >> (5 * letters));
    std::string id = compact_stamp(WallTime{second * 1'000'000'000}) + "-";
    for (std::size_t i = letters; i-- > 0;)
        id += base32[bits >> (5 * i) & 31U];
    return id;
}

}  // namespace nk::listener
