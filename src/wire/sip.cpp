// Reading a SIP message: start line, header fields, body. Judging it is in sip_rules.cpp.
#include "wire/sip.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "wire/sip_grammar.h"
#include "wire/sip_rules.h"

namespace nk::wire {

namespace {

using grammar::Line;

// RFC 3261 7.3.3 and the compact forms registered since (RFC 3841, 3892, 4028, 6665, 8224).
constexpr std::array<std::string_view, 26> compact_forms{
    "Accept-Contact",       // a
    "Referred-By",          // b
    "Content-Type",         // c
    "Request-Disposition",  // d
    "Content-Encoding",     // e
    "From",                 // f
    "",
    "",
    "Call-ID",         // i
    "Reject-Contact",  // j
    "Supported",       // k
    "Content-Length",  // l
    "Contact",         // m
    "Identity-Info",   // n
    "Event",           // o
    "",
    "",
    "Refer-To",      // r
    "Subject",       // s
    "To",            // t
    "Allow-Events",  // u
    "Via",           // v
    "",
    "Session-Expires",  // x
    "Identity",         // y
    "",
};

std::string_view long_name(std::string_view name) {
    if (name.size() != 1)
        return name;
    const int letter = (name[0] | 0x20) - 'a';
    if (letter < 0 || letter >= 26)
        return name;
    const std::string_view form = compact_forms[static_cast<std::size_t>(letter)];
    return form.empty() ? name : form;
}

std::string_view without_blanks_behind(std::string_view text) {
    while (!text.empty() && grammar::is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

void check_version(std::string_view version, SipMessage& out) {
    if (version == "SIP/2.0")
        return;
    add_fault(out, grammar::equal_ci(version, "SIP/2.0") ? "SIP version in lower case"
                                                         : "unknown SIP version");
}

bool read_status_line(std::string_view line, SipMessage& out) {
    const std::size_t version_end = std::min(line.find(' '), line.size());
    const std::string_view rest = line.substr(version_end);
    const std::size_t digits = std::min(rest.find_first_not_of(' '), rest.size());
    const std::size_t end = std::min(rest.find(' ', digits), rest.size());
    const auto status = grammar::number(rest.substr(digits, end - digits));
    // RFC 4475 3.1.2.19: a code of any other length is nothing to go by.
    if (!status || end - digits != 3)
        return false;
    out.status = static_cast<int>(*status);
    if (out.status < 100 || out.status > 699)
        add_fault(out, "response code outside 100 to 699");
    check_version(line.substr(0, version_end), out);
    if (digits != 1 || end == rest.size())
        add_fault(out, "status line not divided by single spaces");
    out.reason = grammar::trim(rest.substr(end));
    return true;
}

bool read_request_line(std::string_view line, SipMessage& out) {
    const std::string_view whole = without_blanks_behind(line);
    const std::size_t method_end = whole.find(' ');
    const std::size_t version_at = whole.rfind(' ');
    if (method_end == std::string_view::npos || version_at <= method_end)
        return false;
    const std::string_view method = whole.substr(0, method_end);
    const std::string_view version = whole.substr(version_at + 1);
    std::string_view uri = whole.substr(method_end + 1, version_at - method_end - 1);
    if (!grammar::is_token(method) || !grammar::starts_with_ci(version, "SIP/"))
        return false;
    const std::size_t uri_bytes = uri.size();
    uri = grammar::trim(uri);
    if (uri.empty())
        return false;
    out.is_request = true;
    out.method = method;
    out.request_uri = uri;
    check_version(version, out);
    // RFC 4475 3.1.2.9, 3.1.2.10.
    if (uri.size() != uri_bytes || whole.size() != line.size())
        add_fault(out, "start line not divided by single spaces");
    return true;
}

bool read_start_line(std::string_view line, SipMessage& out) {
    return grammar::starts_with_ci(line, "SIP/") ? read_status_line(line, out)
                                                 : read_request_line(line, out);
}

// Returns where the header fields begin, or 0 when there is no start line.
std::size_t find_start_line(std::string_view all, SipMessage& out) {
    std::size_t at = 0;
    std::size_t junk_lines = 0;
    while (at < all.size() && junk_lines <= limits::sip_junk_lines_max) {
        const Line line = grammar::read_line(all, at, at, false);
        at = line.next;
        if (line.text.empty()) {
            add_fault(out, "empty lines in front of the start line");
            continue;
        }
        // Behind junk only a start line beyond doubt will do.
        if (junk_lines == 0 || grammar::is_start_line(line.text)) {
            if (read_start_line(line.text, out)) {
                if (line.bare)
                    add_fault(out, "line ends other than CRLF");
                if (junk_lines > 0)
                    add_fault(out, "junk in front of the start line");
                return at;
            }
        }
        ++junk_lines;
    }
    return 0;
}

// RFC 3261 7.3.1: a line that begins with a blank goes on with the value before it.
void unfold(std::string_view line, SipMessage& out) {
    SipHeader& header = out.headers.back();
    const bool is_ours = !out.unfolded.empty() && header.value.data() == out.unfolded.back().data();
    if (!is_ours)
        out.unfolded.emplace_back(header.value);
    std::string& joined = out.unfolded.back();
    const std::string_view more = grammar::trim(line);
    if (!joined.empty() && !more.empty())
        joined += ' ';
    joined += more;
    header.value = joined;
}

// Returns whether the line was a header field.
bool read_header(std::string_view line, SipMessage& out) {
    const std::size_t colon = line.find(':');
    const std::string_view name = without_blanks_behind(line.substr(0, colon));
    if (colon == std::string_view::npos || name.empty()) {
        add_fault(out, "a header line without a name and a colon");
        return false;
    }
    if (!grammar::is_token(name))
        add_fault(out, "a header name that is not a token");
    out.headers.push_back({long_name(name), grammar::trim(line.substr(colon + 1))});
    return true;
}

// Returns where the body begins.
Result<std::size_t> read_headers(std::string_view all, std::size_t at, SipMessage& out) {
    bool can_continue = false;
    while (at < all.size()) {
        const Line line = grammar::read_line(all, at, at, false);
        if (!line.ended) {
            add_fault(out, "cut off in a header line");
            return all.size();
        }
        at = line.next;
        if (line.bare)
            add_fault(out, "line ends other than CRLF");
        if (line.text.empty())
            return at;
        if (grammar::is_blank(line.text.front())) {
            if (can_continue)
                unfold(line.text, out);
            else
                add_fault(out, "a continuation line without a header");
            continue;
        }
        if (out.headers.size() == limits::sip_headers_max)
            return refuse(Code::limit, Blame::peer, "a SIP message has too many header fields");
        can_continue = read_header(line.text, out);
    }
    add_fault(out, "no empty line behind the header fields");
    return at;
}

void take_body(Bytes rest, SipMessage& out) {
    out.body = rest;
    const auto lengths = out.all("Content-Length");
    if (lengths.empty())
        return;  // RFC 3261 18.3: in a datagram the body goes on to its end
    if (lengths.size() > 1)
        add_fault(out, std::any_of(lengths.begin(), lengths.end(),
                                   [&](std::string_view one) { return one != lengths[0]; })
                           ? "several Content-Lengths that differ"
                           : "several Content-Length header fields");
    const auto length = grammar::number(lengths[0]);
    if (!length) {
        add_fault(out, "unreadable Content-Length");
    } else if (*length > rest.size()) {
        add_fault(out, "fewer bytes in the body than Content-Length says");
    } else {
        out.body = rest.first(static_cast<std::size_t>(*length));
        out.trailing = rest.subspan(out.body.size());
    }
}

}  // namespace

std::string_view SipMessage::header(std::string_view name) const {
    for (const SipHeader& one : headers)
        if (grammar::equal_ci(one.name, name))
            return one.value;
    return {};
}

std::vector<std::string_view> SipMessage::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const SipHeader& one : headers)
        if (grammar::equal_ci(one.name, name))
            values.push_back(one.value);
    return values;
}

std::string_view SipMessage::call_id() const {
    return header("Call-ID");
}

namespace {

std::string_view tag_of(std::string_view address) {
    const auto pieces = grammar::cut_address(address);
    return pieces ? grammar::parameter(pieces->parameters, "tag") : std::string_view{};
}

}  // namespace

std::string_view SipMessage::from_tag() const {
    return tag_of(header("From"));
}

std::string_view SipMessage::to_tag() const {
    return tag_of(header("To"));
}

std::uint32_t SipMessage::cseq() const {
    const std::string_view value = header("CSeq");
    const std::size_t end = std::min(value.find_first_of(" \t"), value.size());
    const auto sequence = grammar::number(value.substr(0, end));
    return sequence && *sequence <= UINT32_MAX ? static_cast<std::uint32_t>(*sequence) : 0;
}

Result<SipMessage> parse_sip(Bytes bytes) {
    if (bytes.size() > limits::sip_message_bytes_max)
        return refuse(Code::limit, Blame::peer, "a SIP message is larger than 65535 bytes");
    const std::string_view all = as_text(bytes);
    SipMessage message;
    const std::size_t headers_at = find_start_line(all, message);
    if (headers_at == 0)
        return refuse(Code::malformed, Blame::peer, "no SIP start line");
    NK_TAKE(const std::size_t body_at, read_headers(all, headers_at, message));
    take_body(bytes.subspan(body_at), message);
    if (!message.is_request) {
        const std::string_view cseq = message.header("CSeq");
        const std::size_t blank = cseq.find_first_of(" \t");
        if (blank != std::string_view::npos)
            message.method = grammar::trim(cseq.substr(blank));
    }
    judge(message);
    return message;
}

bool looks_like_sip(Bytes bytes) {
    constexpr std::size_t method_bytes_max = 64;
    std::string_view text = as_text(bytes);
    for (std::size_t lines = 0; lines <= limits::sip_junk_lines_max && !text.empty(); ++lines) {
        // RTP, STUN, DTLS and DNS leave at their first byte.
        if (!grammar::token_chars.has(text.front()) && text.front() != '\r' && text.front() != '\n')
            return false;
        const Line line = grammar::read_line(text, 0, 0, false);
        if (grammar::starts_with_ci(line.text, "SIP/") || grammar::is_start_line(line.text))
            return true;
        const std::size_t space = line.text.find(' ');
        const bool has_method = space != std::string_view::npos && space <= method_bytes_max &&
                                grammar::is_token(line.text.substr(0, space));
        // A start line that is odd at its end, or cut off in the URI.
        if (has_method && (line.text.find(" SIP/") != std::string_view::npos ||
                           (!line.ended && grammar::starts_with_ci(
                                               grammar::trim(line.text.substr(space)), "sip"))))
            return true;
        text.remove_prefix(line.next);
    }
    return false;
}

}  // namespace nk::wire
