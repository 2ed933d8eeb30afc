#include "host/http_reply.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "base/same_text.h"
#include "host/http_grammar.h"

namespace nk::host {

namespace {

struct Reason {
    int status;
    std::string_view text;
};

constexpr std::array reasons{
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{206, "Partial Content"},
    Reason{301, "Moved Permanently"},
    Reason{302, "Found"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{307, "Temporary Redirect"},
    Reason{308, "Permanent Redirect"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{406, "Not Acceptable"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{410, "Gone"},
    Reason{411, "Length Required"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{415, "Unsupported Media Type"},
    Reason{416, "Range Not Satisfiable"},
    Reason{421, "Misdirected Request"},
    Reason{422, "Unprocessable Content"},
    Reason{423, "Locked"},
    Reason{428, "Precondition Required"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{500, "Internal Server Error"},
    Reason{501, "Not Implemented"},
    Reason{502, "Bad Gateway"},
    Reason{503, "Service Unavailable"},
    Reason{504, "Gateway Timeout"},
    Reason{505, "HTTP Version Not Supported"},
    Reason{507, "Insufficient Storage"},
};

bool is_ours(std::string_view name) {
    constexpr std::array<std::string_view, 6> ours{"connection",        "content-length",
                                                   "content-type",      "date",
                                                   "transfer-encoding", "x-content-type-options"};
    return std::ranges::any_of(ours, [&](auto one) { return equal_ci(one, name); });
}

// RFC 9110 5.6.7
std::string date(WallTime now) {
    const std::time_t in_s = now.ns / 1'000'000'000;
    std::tm parts{};
    gmtime_r(&in_s, &parts);
    std::array<char, 64> out{};
    return {out.data(), std::strftime(out.data(), out.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

}  // namespace

std::string_view reason_of(int status) {
    const auto* found = std::ranges::find(reasons, status, &Reason::status);
    return found != reasons.end() ? found->text : "Other";
}

bool may_have_body(int status) {
    return status != 204 && status != 304;
}

bool is_sendable(const HttpReply& reply) {
    return reply.status >= 200 && reply.status <= 599 &&
           std::ranges::all_of(reply.content_type, is_text) &&
           std::ranges::all_of(reply.headers, [](const HttpHeader& one) {
               return !one.name.empty() && std::ranges::all_of(one.name, is_token) &&
                      std::ranges::all_of(one.value, is_text);
           });
}

std::string write_head(const HttpReply& reply, const HttpFraming& framing, WallTime now) {
    std::string out = "HTTP/1.1 " + std::to_string(reply.status) + " ";
    out += reason_of(reply.status);
    const auto add = [&out](std::string_view name, std::string_view value) {
        out += "\r\n";
        out += name;
        out += ": ";
        out += value;
    };
    add("Date", date(now));
    if (may_have_body(reply.status) && !reply.content_type.empty())
        add("Content-Type", reply.content_type);
    if (framing.length)
        add("Content-Length", std::to_string(*framing.length));
    else if (framing.is_chunked)
        add("Transfer-Encoding", "chunked");
    const auto is_about_caches = [](const auto& one) {
        return equal_ci(one.name, "cache-control");
    };
    if (std::ranges::none_of(reply.headers, is_about_caches))
        add("Cache-Control", "no-store");
    add("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : reply.headers)
        if (!is_ours(name))
            add(name, value);
    add("Connection", framing.stays_open ? "keep-alive" : "close");
    out += "\r\n\r\n";
    return out;
}

}  // namespace nk::host
