#include "listener/totp.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/base_encoding.h"
#include "base/hmac.h"
#include "base/same_text.h"

namespace nk::listener {

namespace {

constexpr std::int64_t step_seconds = 30;

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

// RFC 4226 5.3
std::string totp_code(Bytes secret, std::int64_t step) {
    std::array<std::uint8_t, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
    const auto mac = hmac_sha1(secret, counter);
    const std::size_t at = mac.back() & 15U;
    const std::uint32_t number = (mac[at] & 0x7FU) << 24U | std::uint32_t{mac[at + 1]} << 16U |
                                 std::uint32_t{mac[at + 2]} << 8U | mac[at + 3];
    return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::int64_t> totp_step(Bytes secret, std::string_view code, WallTime now,
                                      std::int64_t last) {
    std::string digits(code);
    std::erase(digits, ' ');
    const std::int64_t current = now.ns / 1'000'000'000 / step_seconds;
    std::optional<std::int64_t> found;
    for (const auto step : {current - 1, current, current + 1})
        if (step > last && equal_in_constant_time(totp_code(secret, step), digits))
            found = step;
    return found;
}

std::string totp_uri(Bytes secret, std::string_view account) {
    return "otpauth://totp/Naklank:" + percent_encoded(account) + "?secret=" + base32(secret) +
           "&issuer=Naklank";
}

}  // namespace nk::listener
