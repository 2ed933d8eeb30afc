#pragma once
// IP addresses and transport addresses as plain values. IPv4 is held IPv4-mapped (RFC
// 4291 2.5.5.2), so that one type serves both and comparing is comparing bytes.

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace nk {

struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const IpAddress&) const = default;

    static IpAddress v4(const std::uint8_t* four);
    static IpAddress v6(const std::uint8_t* sixteen);
    [[nodiscard]] bool is_v4() const;
    // 0.0.0.0 or ::, which SDP uses for "send me nothing" (RFC 2543 B.5) or "not known yet".
    [[nodiscard]] bool is_unspecified() const;
    [[nodiscard]] bool is_loopback() const;  // 127.0.0.0/8 or ::1
    [[nodiscard]] std::string text() const;
};

struct Endpoint {
    IpAddress ip;
    std::uint16_t port = 0;
    auto operator<=>(const Endpoint&) const = default;
    [[nodiscard]] std::string text() const;  // 192.0.2.1:5060, [2001:db8::1]:5060
};

// Reads dotted IPv4 or RFC 4291 IPv6 text, with or without brackets; never a host name.
std::optional<IpAddress> parse_ip(std::string_view text);

// A well-mixed hash of an endpoint or a pair of them, for tables in the receive path.
inline std::uint64_t mix(std::uint64_t h) {
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93ULL;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93ULL;
    h ^= h >> 32;
    return h;
}
inline std::uint64_t hash_of(const Endpoint& e) {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::memcpy(&a, e.ip.bytes.data(), 8);
    std::memcpy(&b, e.ip.bytes.data() + 8, 8);
    return mix(a * 0x9e3779b97f4a7c15ULL + b + (std::uint64_t{e.port} << 48));
}
struct EndpointHash {
    std::size_t operator()(const Endpoint& e) const { return hash_of(e); }
};

}  // namespace nk
