#include "intake/siprec/transaction_keys.h"

#include <initializer_list>

#include "wire/sip_via.h"

namespace nk::siprec {

namespace {

// Joined by line ends, which no value of a message that was read has in it.
std::string join(std::string_view kind, std::initializer_list<std::string_view> parts) {
    std::string out(kind);
    for (const std::string_view part : parts)
        out.append("\n").append(part);
    return out;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

}  // namespace

std::string server_key(const wire::SipMessage& request, std::string_view method) {
    const std::string_view value = request.header("Via");
    const auto via = wire::parse_via(value);
    if (!via)
        return {};
    constexpr std::string_view cookie = "z9hG4bK";  // RFC 3261 8.1.1.7
    if (via->branch.starts_with(cookie) && via->branch.size() > cookie.size())
        return join("server", {via->branch, lower(via->host), std::to_string(via->port), method});
    return join("old server", {value, request.request_uri, request.from_tag(), request.call_id(),
                               std::to_string(request.cseq()), method});
}

std::string client_key(const wire::SipMessage& message) {
    const auto via = wire::parse_via(message.header("Via"));
    return via && !via->branch.empty() ? join("client", {via->branch, message.method})
                                       : std::string{};
}

std::string merge_key(const wire::SipMessage& request) {
    return join("merge", {request.from_tag(), request.call_id(), std::to_string(request.cseq()),
                          request.method});
}

std::string accepted_key(const wire::SipMessage& message) {
    return join("accepted", {message.from_tag(), message.to_tag(), message.call_id(),
                             std::to_string(message.cseq())});
}

}  // namespace nk::siprec
