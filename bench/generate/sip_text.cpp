#include "sip_text.h"

#include <fmt/format.h>

namespace nk::generate {

namespace {
std::string uri_host(const Port& port) {
    const std::string text = text_of(port.host);
    return port.host.ipv6 ? "[" + text + "]" : text;
}
}  // namespace

std::string SipCall::call_id() const {
    return fmt::format("generated-{}@example.invalid", number + 1);
}

std::string SipCall::caller_number() const {
    return fmt::format("+3120{:07}", 1'000'000 + number);
}

std::string SipCall::callee_number() const {
    return fmt::format("+3120{:07}", 5'000'000 + number);
}

std::string SipCall::headers(std::string_view method, std::uint32_t sequence, bool with_to_tag,
                             const Port& contact) const {
    const std::string host = uri_host(caller);
    const std::string_view branch = method == "ACK" ? "a" : "t";
    return fmt::format(
        "Via: SIP/2.0/UDP {0}:5060;branch=z9hG4bK-{1}-{2}{3}\r\n"
        "Max-Forwards: 70\r\n"
        "From: <sip:{4}@{0}>;tag=caller{1}\r\n"
        "To: <sip:{5}@{6}>{7}\r\n"
        "Call-ID: {8}\r\n"
        "CSeq: {2} {9}\r\n"
        "Contact: <sip:{10}:5060>\r\n",
        host, number + 1, sequence, branch, caller_number(), callee_number(), uri_host(callee),
        with_to_tag ? fmt::format(";tag=callee{}", number + 1) : "", call_id(), method,
        uri_host(contact));
}

std::string SipCall::with_body(std::string head, const Port& media,
                               std::string_view direction) const {
    if (direction.empty())
        return std::move(head) + "Content-Length: 0\r\n\r\n";
    const std::string address = text_of(media.host);
    const char* family = media.host.ipv6 ? "IP6" : "IP4";
    const std::string body = fmt::format(
        "v=0\r\no=- {0} {0} IN {1} {2}\r\ns=-\r\nc=IN {1} {2}\r\nt=0 0\r\n"
        "m=audio {3} RTP/AVP {4}\r\na=rtpmap:{4} {5}/{6}\r\na=ptime:20\r\na={7}\r\n",
        number + 1, family, address, media.port, format.payload_type, format.name, format.rate_hz,
        direction);
    return fmt::format("{}Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{}", head,
                       body.size(), body);
}

std::string SipCall::request(std::string_view method, std::uint32_t sequence,
                             std::string_view direction) const {
    const bool is_first = method == "INVITE" && sequence == 1;
    std::string head =
        fmt::format("{} sip:{}@{} SIP/2.0\r\n", method, callee_number(), uri_host(callee));
    return with_body(head + headers(method, sequence, !is_first, caller), caller, direction);
}

std::string SipCall::reply(std::string_view status, std::string_view method, std::uint32_t sequence,
                           std::string_view direction) const {
    const bool with_to_tag = !status.starts_with("100");
    std::string head = fmt::format("SIP/2.0 {}\r\n", status);
    return with_body(head + headers(method, sequence, with_to_tag, callee), callee, direction);
}

}  // namespace nk::generate
