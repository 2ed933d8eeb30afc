#include "base/utf8.h"

#include <cstddef>
#include <cstdint>

namespace nk {

namespace {

// How many bytes the well-formed sequence at the front of `text` has; 0 when there is none.
// The ranges of the second byte are those of RFC 3629 4.
std::size_t sequence_bytes(std::string_view text) {
    const auto at = [&](std::size_t i) -> std::uint8_t {
        return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0;
    };
    const auto within = [](std::uint8_t v, int low, int high) { return v >= low && v <= high; };
    const std::uint8_t lead = at(0);
    if (lead < 0x80)
        return 1;
    if (within(lead, 0xc2, 0xdf))
        return within(at(1), 0x80, 0xbf) ? 2 : 0;
    if (within(lead, 0xe0, 0xef)) {
        const int low = lead == 0xe0 ? 0xa0 : 0x80;
        const int high = lead == 0xed ? 0x9f : 0xbf;
        return within(at(1), low, high) && within(at(2), 0x80, 0xbf) ? 3 : 0;
    }
    if (within(lead, 0xf0, 0xf4)) {
        const int low = lead == 0xf0 ? 0x90 : 0x80;
        const int high = lead == 0xf4 ? 0x8f : 0xbf;
        const bool good =
            within(at(1), low, high) && within(at(2), 0x80, 0xbf) && within(at(3), 0x80, 0xbf);
        return good ? 4 : 0;
    }
    return 0;
}

}  // namespace

std::string as_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (const std::size_t bytes = sequence_bytes(text); bytes > 0) {
            out += text.substr(0, bytes);
            text.remove_prefix(bytes);
            continue;
        }
        const auto latin = static_cast<std::uint8_t>(text.front());  // 0x80..0xff
        out += static_cast<char>(0xc0 | latin >> 6);
        out += static_cast<char>(0x80 | (latin & 0x3f));
        text.remove_prefix(1);
    }
    return out;
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max)
        return text;
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80)
        --end;
    return text.substr(0, end);
}

}  // namespace nk
