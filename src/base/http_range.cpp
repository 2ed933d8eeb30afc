#include "base/http_range.h"

#include <charconv>
#include <optional>

namespace nk {

namespace {

std::optional<std::uint64_t> whole(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

}  // namespace

HttpRange range_of(const HttpRequest& request, std::uint64_t size, std::string_view etag) {
    const HttpRange all{200, 0, size, {}};
    constexpr std::string_view unit = "bytes=";
    const auto asked = request.header("range").value_or("");
    const auto condition = request.header("if-range");
    if (!asked.starts_with(unit) || request.method != "GET" || (condition && *condition != etag))
        return all;
    const auto range = asked.substr(unit.size());
    const auto dash = range.find('-');
    if (dash == std::string_view::npos || range.find(',') != std::string_view::npos)
        return all;
    const auto first = whole(range.substr(0, dash));
    const auto last = whole(range.substr(dash + 1));
    if ((!first && dash != 0) || (!last && dash + 1 != range.size()) || (!first && !last) ||
        (first && last && *first > *last))
        return all;  // malformed: as if it were not there (14.1.1)
    const auto total = std::to_string(size);
    HttpRange out{206, 0, 0, {}};
    if (!first) {  // the last so many
        out.length = std::min(*last, size);
        out.offset = size - out.length;
    } else if (*first < size) {
        out.offset = *first;
        out.length = std::min(last.value_or(size - 1), size - 1) - *first + 1;
    }
    if (out.length == 0)
        return {416, 0, 0, "bytes */" + total};
    out.content_range = "bytes " + std::to_string(out.offset) + "-" +
                        std::to_string(out.offset + out.length - 1) + "/" + total;
    return out;
}

}  // namespace nk
