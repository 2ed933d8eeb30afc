#include "base/base_encoding.h"

#include <array>

namespace nk {

namespace {

constexpr std::string_view letters32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view letters64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view letters64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(Bytes bytes, std::string_view letters, unsigned bits_a_letter) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned count = 0;
    const std::uint32_t mask = (1U << bits_a_letter) - 1;
    for (const auto byte : bytes) {
        bits = bits << 8U | byte;
        count += 8;
        while (count >= bits_a_letter) {
            count -= bits_a_letter;
            out += letters[bits >> count & mask];
        }
    }
    if (count > 0)
        out += letters[bits << (bits_a_letter - count) & mask];
    return out;
}

}  // namespace

std::string base32(Bytes bytes) {
    return encode(bytes, letters32, 5);
}

std::string base64(Bytes bytes) {
    auto out = encode(bytes, letters64, 6);
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

std::string base64url(Bytes bytes) {
    return encode(bytes, letters64url, 6);
}

std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text) {
    std::vector<std::uint8_t> out;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char letter : text) {
        const auto value = letters64url.find(letter);
        if (value == std::string_view::npos)
            return std::nullopt;
        bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xFFFFU;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out.push_back(static_cast<std::uint8_t>(bits >> count));
        }
    }
    if (count >= 6 || (bits & ((1U << count) - 1)) != 0)
        return std::nullopt;
    return out;
}

}  // namespace nk
