#include "intake/import/name_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>

#include <utf8proc.h>

#include "base/same_text.h"
#include "base/utf8.h"
#include "intake/import/named_file.h"

namespace nk::importing {

namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// `text` must be valid UTF-8.
std::string mapped(std::string_view text, int options) {
    utf8proc_uint8_t* raw = nullptr;
    const auto bytes = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                    static_cast<utf8proc_ssize_t>(text.size()), &raw,
                                    static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(raw, &std::free);
    if (bytes < 0)
        return std::string(text);
    return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(bytes)};
}

int hex(char c) {
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Undone as a whole or not at all: "100%25" is somebody's, "%2B31" a program's.
std::string percent_undone(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_escape =
            text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
        if (!is_escape) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
        i += 2;
    }
    const bool is_text = as_utf8(out) == out && std::none_of(out.begin(), out.end(), [](char c) {
                             return static_cast<unsigned char>(c) < ' ' || c == '/' || c == '\x7f';
                         });
    return is_text ? out : std::string(text);
}

// What a code point is in a name: 0 for nothing, else what stands there instead.
char32_t plain(char32_t c) {
    const bool is_space = c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x3000 ||
                          c == 0x205f || (c >= '\t' && c <= '\r');
    if (is_space)
        return ' ';
    const bool is_invisible = c == 0xfeff || c == 0xad || c == 0x200b || c == 0x200e ||
                              c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
                              (c >= 0x2066 && c <= 0x2069) || c == 0x061c || c == 0xfe0e ||
                              c == 0xfe0f || c < ' ' || c == 0x7f;
    if (is_invisible)
        return 0;
    if (c == 0xff1a || c == 0xa789 || c == 0x2236)
        return ':';  // what stands for a colon where a file system has none
    if (c == 0x2010 || c == 0x2011 || c == 0x2012 || c == 0x2013)
        return '-';
    return c;
}

void append(std::string& out, char32_t c) {
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
    out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(count));
}

std::string plainly(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        utf8proc_int32_t c = 0;
        const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                            static_cast<utf8proc_ssize_t>(text.size()), &c);
        if (bytes <= 0)
            return out;  // as_utf8 left none
        text.remove_prefix(static_cast<std::size_t>(bytes));
        const char32_t instead = plain(static_cast<char32_t>(c));
        if (instead == 0 || (instead == ' ' && (out.empty() || out.back() == ' ')))
            continue;
        append(out, instead);
    }
    return out;
}

}  // namespace

std::string clean_text(std::string_view text) {
    std::string out = as_utf8(text);
    if (out.find('%') != std::string::npos)
        out = percent_undone(out);
    out = plainly(out);
    if (!is_ascii(out))
        out = mapped(out, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    return std::string(trimmed(out));
}

std::string folded(std::string_view text) {
    if (!is_ascii(text))
        return mapped(as_utf8(text), UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

std::string_view trimmed(std::string_view text, std::string_view what) {
    const auto first = text.find_first_not_of(what);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(what) - first + 1);
}

std::string_view base_of(std::string_view path) {
    return path.substr(path.find_last_of("/\\") + 1);  // npos + 1 is 0
}

namespace {

// Where the dot of an extension is: what is behind it is short, and letters and digits.
std::optional<std::size_t> dot_of(std::string_view file_name) {
    constexpr std::size_t longest = 5;
    const auto dot = file_name.rfind('.');
    if (dot == std::string_view::npos || dot == 0)
        return std::nullopt;
    const auto behind = file_name.substr(dot + 1);
    const bool has_letter = std::any_of(behind.begin(), behind.end(), is_letter);
    const bool is_plain = std::all_of(behind.begin(), behind.end(),
                                      [](char c) { return is_letter(c) || is_digit(c); });
    if (behind.empty() || behind.size() > longest || !has_letter || !is_plain)
        return std::nullopt;
    return dot;
}

bool is_sound_extension(std::string_view extension) {
    constexpr std::array known{"3gp", "3ga",  "3gpp", "aac",   "amr", "awb", "caf",  "flac",
                               "gsm", "m4a",  "mka",  "mkv",   "mov", "mp3", "mp4",  "oga",
                               "ogg", "opus", "qcp",  "speex", "spx", "wav", "webm", "wma"};
    return std::any_of(known.begin(), known.end(),
                       [&](const char* one) { return equal_ci(one, extension); });
}

}  // namespace

std::string_view stem_of(std::string_view file_name) {
    const auto dot = dot_of(file_name);
    if (!dot)
        return file_name;
    file_name = file_name.substr(0, *dot);
    // A program that made an MP3 of it kept the first extension: "call.amr.mp3".
    for (auto other = dot_of(file_name); other && is_sound_extension(file_name.substr(*other + 1));
         other = dot_of(file_name))
        file_name = file_name.substr(0, *other);
    return file_name;
}

std::string extension_of(std::string_view file_name) {
    const auto dot = dot_of(file_name);
    return dot ? folded(file_name.substr(*dot + 1)) : std::string{};
}

std::string tidy_number(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_digit(c) || c == '*' || c == '#' || (c == '+' && out.empty()))
            out += c;
        else if (std::string_view(" ()-./").find(c) == std::string_view::npos)
            return {};
    }
    return out;
}

bool is_number(std::string_view text) {
    constexpr std::ptrdiff_t digits_min = 3;
    constexpr std::ptrdiff_t digits_max = 15;  // ITU-T E.164
    const std::string tidy = tidy_number(trimmed(text));
    const auto digits = std::count_if(tidy.begin(), tidy.end(), is_digit);
    const bool is_code = tidy.find_first_of("*#") != std::string::npos;
    return digits >= (is_code ? 1 : digits_min) && digits <= digits_max;
}

void NamedFile::add_number(std::string_view text) {
    const std::string number = tidy_number(trimmed(text));
    if (number.empty() || number == "+" ||
        std::find(numbers.begin(), numbers.end(), number) != numbers.end())
        return;
    numbers.push_back(number);
}

void NamedFile::add_name(std::string_view text) {
    const std::string name(trimmed(text));
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end())
        return;
    names.push_back(name);
}

void NamedFile::add_who(std::string_view text) {
    text = trimmed(text);
    if (text.empty() || is_withheld(text))
        return;
    if (is_number(text))
        return add_number(text);
    add_name(text);
}

}  // namespace nk::importing
