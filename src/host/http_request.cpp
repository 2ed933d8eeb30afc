// RFC 9112. A request with both a length and an encoding, two lengths, a folded line or a bare line
// feed is how requests are smuggled past a proxy: none of them is read.

#include "host/http_request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "host/http_grammar.h"

namespace nk::host {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

// METHOD SP target SP HTTP/1.x; 0, or the status to refuse with.
int read_request_line(std::string_view line, HttpRequest& out, bool& is_1_1) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return 400;
    const auto version = line.substr(last + 1);
    out.method = line.substr(0, first);
    out.target = line.substr(first + 1, last - first - 1);
    if (out.method.empty() || !std::ranges::all_of(out.method, is_token) ||
        !out.target.starts_with('/') || !std::ranges::all_of(out.target, is_visible))
        return 400;
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return version.starts_with("HTTP/") ? 505 : 400;
    is_1_1 = version == "HTTP/1.1";
    constexpr std::array<std::string_view, 6> known{"GET", "HEAD",  "POST",
                                                    "PUT", "PATCH", "DELETE"};
    return std::ranges::find(known, out.method) != known.end() ? 0 : 501;
}

int read_header(std::string_view line, HttpRequest& out) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return 400;
    const auto name = line.substr(0, colon);
    const auto value = line.substr(colon + 1);
    if (!std::ranges::all_of(name, is_token) || !std::ranges::all_of(value, is_text))
        return 400;
    if (out.headers.size() == limits::http_headers_max)
        return 431;
    out.headers.push_back({lower(name), std::string(trim(value))});
    return 0;
}

int read_length(const HttpRequest& request, std::size_t max, std::size_t& length) {
    std::size_t lengths = 0;
    for (const auto& [name, value] : request.headers) {
        if (name == "transfer-encoding")
            return 501;
        if (name != "content-length")
            continue;
        const auto* end = value.data() + value.size();
        const bool is_number = !value.empty() && value[0] >= '0' && value[0] <= '9';
        const auto [stop, error] = std::from_chars(value.data(), end, length);
        if (++lengths > 1 || !is_number || stop != end)
            return 400;
        if (error == std::errc::result_out_of_range || length > max)
            return 413;
    }
    return 0;
}

int read_head(std::string_view head, HttpRequest& out, bool& is_1_1) {
    for (bool is_first = true; !head.empty(); is_first = false) {
        const auto end = head.find("\r\n");
        const auto line = head.substr(0, end);
        head.remove_prefix(end + 2);
        const int status = is_first ? read_request_line(line, out, is_1_1) : read_header(line, out);
        if (status != 0)
            return status;
    }
    const auto hosts = std::ranges::count(out.headers, std::string_view("host"),
                                          [](const auto& h) { return std::string_view(h.name); });
    return hosts == 1 || (hosts == 0 && !is_1_1) ? 0 : 400;
}

}  // namespace

HttpRead read_http_request(std::string_view bytes, std::size_t body_bytes_max,
                           const HttpBodyLimit& body_limit) {
    HttpRead out;
    const auto end = bytes.substr(0, limits::http_head_bytes_max).find("\r\n\r\n");
    if (end == std::string_view::npos) {
        out.status = bytes.size() >= limits::http_head_bytes_max ? 431 : 0;
        return out;
    }
    std::size_t length = 0;
    out.status = read_head(bytes.substr(0, end + 2), out.request, out.is_1_1);
    if (out.status == 0)
        out.status =
            read_length(out.request, body_limit ? body_limit(out.request) : body_bytes_max, length);
    if (out.status != 0)
        return out;
    const auto connection = lower(out.request.header("connection").value_or(""));
    out.stays_open = out.is_1_1 && connection.find("close") == std::string::npos;
    const std::size_t head_bytes = end + 4;
    out.needed = head_bytes + length;
    if (bytes.size() - head_bytes < length) {
        out.wants_continue =
            out.is_1_1 && lower(out.request.header("expect").value_or("")) == "100-continue";
        return out;
    }
    out.request.body = bytes.substr(head_bytes, length);
    out.size = out.needed;
    return out;
}

}  // namespace nk::host
