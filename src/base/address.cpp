#include "base/address.h"

#include <arpa/inet.h>

namespace nk {

namespace {
constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

IpAddress IpAddress::v4(const std::uint8_t* four) {
    IpAddress a;
    std::memcpy(a.bytes.data(), v4_prefix.data(), v4_prefix.size());
    std::memcpy(a.bytes.data() + 12, four, 4);
    return a;
}

IpAddress IpAddress::v6(const std::uint8_t* sixteen) {
    IpAddress a;
    std::memcpy(a.bytes.data(), sixteen, 16);
    return a;
}

bool IpAddress::is_v4() const {
    return std::memcmp(bytes.data(), v4_prefix.data(), v4_prefix.size()) == 0;
}

bool IpAddress::is_unspecified() const {
    static constexpr std::array<std::uint8_t, 16> zero{};
    return is_v4() ? std::memcmp(bytes.data() + 12, zero.data(), 4) == 0 : bytes == zero;
}

bool IpAddress::is_loopback() const {
    static constexpr std::array<std::uint8_t, 16> one{0, 0, 0, 0, 0, 0, 0, 0,
                                                      0, 0, 0, 0, 0, 0, 0, 1};
    return is_v4() ? bytes[12] == 127 : bytes == one;
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (is_v4())
        inet_ntop(AF_INET, bytes.data() + 12, out.data(), out.size());
    else
        inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
    return out.data();
}

std::string Endpoint::text() const {
    const std::string port_text = std::to_string(port);
    return ip.is_v4() ? ip.text() + ":" + port_text : "[" + ip.text() + "]:" + port_text;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    if (text.empty() || text.size() >= INET6_ADDRSTRLEN)
        return std::nullopt;
    const std::string terminated(text);
    std::array<std::uint8_t, 16> raw{};
    if (inet_pton(AF_INET, terminated.c_str(), raw.data()) == 1)
        return IpAddress::v4(raw.data());
    if (inet_pton(AF_INET6, terminated.c_str(), raw.data()) == 1)
        return IpAddress::v6(raw.data());
    return std::nullopt;
}

}  // namespace nk
