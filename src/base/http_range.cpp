#include "base/http_range.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>

#include "base/same_text.h"

namespace nk {

namespace {

constexpr std::string_view unit = "bytes=";

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

// Digits alone. A number that no integer holds lies behind every end.
std::optional<std::uint64_t> number(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || !std::ranges::all_of(text, is_digit))
        return std::nullopt;
    std::uint64_t out = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() ? out : std::numeric_limits<std::uint64_t>::max();
}

std::ptrdiff_t times(const HttpRequest& request, std::string_view name) {
    return std::ranges::count_if(request.headers,
                                 [&](const HttpHeader& one) { return one.name == name; });
}

// The text of the only range, without its unit; empty when all of it is to be sent.
std::string_view wanted(const HttpRequest& request, std::string_view etag) {
    const auto ranges = times(request, "range");
    const auto range = request.header("range").value_or("");
    if (request.method != "GET" || ranges != 1 || !equal_ci(range.substr(0, unit.size()), unit))
        return {};
    // RFC 9110 13.1.5: what the client has a part of may not be what there is now.
    const auto conditions = times(request, "if-range");
    if (conditions > 0) {
        const bool is_strong = etag.starts_with('"');
        if (conditions > 1 || !is_strong || request.header("if-range") != etag)
            return {};
    }
    return trim(range.substr(unit.size()));
}

}  // namespace

HttpRange read_range(const HttpRequest& request, std::uint64_t size, std::string_view etag) {
    const HttpRange all{200, 0, size};
    const HttpRange nothing{416, 0, 0};
    const auto range = wanted(request, etag);
    const auto dash = range.find('-');
    if (dash == std::string_view::npos)
        return all;
    const auto first_text = range.substr(0, dash);
    const auto last_text = range.substr(dash + 1);
    const auto first = number(first_text);
    const auto last = number(last_text);
    if (first_text.empty()) {  // so many from the end
        if (!last)
            return all;
        if (*last == 0)
            return nothing;
        const auto length = std::min(*last, size);
        // It would have to say "bytes 0-(-1)/0".
        return size == 0 ? all : HttpRange{206, size - length, length};
    }
    if (!first || (!last && !last_text.empty()) || (last && *last < *first))
        return all;
    if (*first >= size)
        return nothing;
    const auto end = std::min(last.value_or(size - 1), size - 1);
    return {206, *first, end - *first + 1};
}

std::string content_range(const HttpRange& range, std::uint64_t size) {
    const auto of = "/" + std::to_string(size);
    if (range.status == 416)
        return "bytes *" + of;
    if (range.status != 206)
        return {};
    return "bytes " + std::to_string(range.offset) + "-" +
           std::to_string(range.offset + range.length - 1) + of;
}

}  // namespace nk
