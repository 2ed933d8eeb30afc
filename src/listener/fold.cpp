#include "listener/fold.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace nk::listener {

namespace {

constexpr std::string_view separators = " -.()/\t";

// The letters of Latin-1 and Latin Extended-A without their accents, from U+00C0 on, two bytes
// each. A blank stands for what is no letter.
constexpr std::string_view plain_latin =
    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thss"
    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thy "
    "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "
    "g g g g h h h h i i i i i i i i i i ijijj j k k k l l l l l l l "
    "l l l n n n n n n n n n o o o o o o oeoer r r r r r s s s s s s "
    "s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s ";
constexpr std::uint32_t first_latin = 0xC0;
constexpr std::size_t latin_letters = plain_latin.size() / 2;
static_assert(latin_letters == 0x180 - first_latin);

}  // namespace

std::string fold(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 'A' && byte <= 'Z') {
            out += static_cast<char>(byte - 'A' + 'a');
            continue;
        }
        const bool is_two_bytes = byte >= 0xC3 && byte <= 0xC5 && i + 1 < text.size() &&
                                  (static_cast<unsigned char>(text[i + 1]) & 0xC0U) == 0x80;
        if (!is_two_bytes) {
            out += static_cast<char>(byte);
            continue;
        }
        const std::uint32_t letter =
            (byte & 0x1FU) << 6U | (static_cast<unsigned char>(text[i + 1]) & 0x3FU);
        const auto plain = plain_latin.substr(2 * (letter - first_latin), 2);
        if (plain[0] == ' ')
            out.append(text.substr(i, 2));
        else
            out.append(plain.substr(0, plain[1] == ' ' ? 1 : 2));
        ++i;
    }
    return out;
}

std::string canonical_number(std::string_view number, std::string_view country) {
    std::string dialled;
    for (const char c : number)
        if (separators.find(c) == std::string_view::npos)
            dialled += c;
    const bool has_plus = dialled.starts_with('+');
    const auto digits = std::string_view(dialled).substr(has_plus ? 1 : 0);
    const bool is_number = !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) {
        return c >= '0' && c <= '9';
    });
    if (!is_number)
        return fold(dialled);
    if (has_plus)
        return std::string(digits);
    // ITU-T E.164: 00 is dialled before the code of a country, 0 before that of an area. Shorter
    // ones are extensions.
    constexpr std::size_t shortest_of_an_area = 9;
    if (digits.starts_with("00") && digits.size() > shortest_of_an_area)
        return std::string(digits.substr(2));
    if (digits.starts_with('0') && digits.size() >= shortest_of_an_area && !country.empty())
        return std::string(country) + std::string(digits.substr(1));
    return std::string(digits);
}

std::string digits_of(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            out += c;
        else if (c != '+' && separators.find(c) == std::string_view::npos)
            return {};
    }
    return out;
}

NumberSought::NumberSought(std::string_view text, std::string_view country)
    : dialled_(digits_of(text)) {
    if (dialled_.starts_with("00"))
        beginning_ = dialled_.substr(2);
    else if (dialled_.starts_with('0'))
        beginning_ = std::string(country) + dialled_.substr(1);
    else if (text.starts_with('+'))
        beginning_ = dialled_;
}

bool NumberSought::is_in(std::string_view digits, std::string_view canonical) const {
    return !dialled_.empty() && (digits.find(dialled_) != std::string_view::npos ||
                                 canonical.find(dialled_) != std::string_view::npos ||
                                 (!beginning_.empty() && canonical.starts_with(beginning_)));
}

}  // namespace nk::listener
