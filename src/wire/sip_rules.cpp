#include "wire/sip_rules.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "base/limits.h"
#include "wire/sip_grammar.h"

namespace nk::wire {

namespace {

using grammar::equal_ci;

enum class Kind : std::uint8_t {
    to,
    from,
    call_id,
    cseq,
    via,
    max_forwards,
    expires,
    min_expires,
    retry_after,
    content_length,
    content_type,
    date,
    warning,
    contact,
    route,
    record_route,
    reply_to,
    refer_to,
    referred_by,
    asserted_identity,
    preferred_identity,
    other,
};

constexpr std::size_t kinds = static_cast<std::size_t>(Kind::other);
constexpr std::array<std::string_view, kinds> names{"To",
                                                    "From",
                                                    "Call-ID",
                                                    "CSeq",
                                                    "Via",
                                                    "Max-Forwards",
                                                    "Expires",
                                                    "Min-Expires",
                                                    "Retry-After",
                                                    "Content-Length",
                                                    "Content-Type",
                                                    "Date",
                                                    "Warning",
                                                    "Contact",
                                                    "Route",
                                                    "Record-Route",
                                                    "Reply-To",
                                                    "Refer-To",
                                                    "Referred-By",
                                                    "P-Asserted-Identity",
                                                    "P-Preferred-Identity"};

// RFC 3261 8.1.1 and 20 table 2; Max-Forwards is left out because RFC 2543 did not know it.
constexpr std::array required{Kind::to, Kind::from, Kind::call_id, Kind::cseq, Kind::via};
// RFC 3261 7.3.1: header fields that are no lists stand once. Content-Length is counted elsewhere.
constexpr std::array single{Kind::to,           Kind::from,         Kind::call_id,
                            Kind::cseq,         Kind::max_forwards, Kind::expires,
                            Kind::min_expires,  Kind::retry_after,  Kind::date,
                            Kind::content_type, Kind::reply_to,     Kind::refer_to};

constexpr std::uint64_t seconds_max = std::numeric_limits<std::uint32_t>::max();

Kind kind_of_header(std::string_view name) {
    for (std::size_t i = 0; i < kinds; ++i)
        if (equal_ci(names[i], name))
            return static_cast<Kind>(i);
    return Kind::other;
}

std::string_view name_of(Kind kind) {
    return names[static_cast<std::size_t>(kind)];
}

void note(SipMessage& message, Kind kind, std::string_view fault) {
    if (!fault.empty())
        add_fault(message, std::string(name_of(kind)).append(": ").append(fault));
}

void judge_cseq(SipMessage& message, std::string_view value) {
    const std::size_t blank = std::min(value.find_first_of(" \t"), value.size());
    const auto sequence = grammar::number(value.substr(0, blank));
    const std::string_view method = grammar::trim(value.substr(blank));
    if (!sequence || !grammar::is_token(method)) {
        note(message, Kind::cseq, "unreadable");
        return;
    }
    if (*sequence >= 1ULL << 31)  // RFC 3261 8.1.1.5
        note(message, Kind::cseq, "a number of 2^31 or more");
    if (message.is_request && method != message.method)
        note(message, Kind::cseq, "another method than the request's");
}

std::string_view fault_in_seconds(std::string_view digits) {
    const auto value = grammar::number(digits);
    if (!value)
        return "not a number";
    return *value > seconds_max ? std::string_view("a number too large") : std::string_view{};
}

void judge_max_forwards(SipMessage& message, std::string_view value) {
    const auto hops = grammar::number(value);
    if (!hops)
        note(message, Kind::max_forwards, "not a number");
    else if (*hops > 255)
        note(message, Kind::max_forwards, "a number too large");
}

// 3DIGIT SP warn-agent SP quoted-string (RFC 3261 20.43)
std::string_view fault_in_warning(std::string_view element) {
    return element.size() < 4 || !grammar::number(element.substr(0, 3)) || element[3] != ' '
               ? std::string_view("a code that is not three digits")
               : std::string_view{};
}

std::string_view fault_in_contact(std::string_view element) {
    const auto fault = strict::fault_in_address(element, strict::Brackets::optional);
    const auto pieces = grammar::cut_address(element);
    if (!fault.empty() || !pieces)
        return fault;
    const std::string_view expires = grammar::parameter(pieces->parameters, "expires");
    return expires.empty() ? expires : fault_in_seconds(expires);
}

// Judges the elements of a list up to the first that is wrong, so that a value made of thousands
// of wrong ones costs no more than one.
template <class FaultIn>
void judge_list(SipMessage& message, Kind kind, std::string_view value, const FaultIn& fault_in) {
    grammar::split_outside_quotes(value, ',', [&](std::string_view element) {
        element = grammar::trim(element);
        const std::string_view fault = element.empty() ? "an empty element" : fault_in(element);
        note(message, kind, fault);
        return fault.empty();
    });
}

void judge_content_type(SipMessage& message, std::string_view value) {
    const std::string_view type = grammar::trim(value.substr(0, value.find(';')));
    const std::size_t slash = std::min(type.find('/'), type.size());
    if (slash == type.size() || !grammar::is_token(grammar::trim(type.substr(0, slash))) ||
        !grammar::is_token(grammar::trim(type.substr(slash + 1))))
        note(message, Kind::content_type, "no type and subtype");
}

void judge_header(SipMessage& message, Kind kind, std::string_view value) {
    switch (kind) {
        case Kind::to:
        case Kind::from:
        case Kind::reply_to:
        case Kind::refer_to:
        case Kind::referred_by:
            // No lists: a comma here is no separator.
            note(message, kind, strict::fault_in_address(value, strict::Brackets::optional));
            break;
        case Kind::contact:
            if (value != "*")  // RFC 3261 10.2.2
                judge_list(message, kind, value, fault_in_contact);
            break;
        case Kind::route:
        case Kind::record_route:
            judge_list(message, kind, value, [](std::string_view element) {
                return strict::fault_in_address(element, strict::Brackets::required);
            });
            break;
        case Kind::asserted_identity:
        case Kind::preferred_identity:
            judge_list(message, kind, value, [](std::string_view element) {
                return strict::fault_in_address(element, strict::Brackets::optional);
            });
            break;
        case Kind::call_id:
            note(message, kind, strict::fault_in_call_id(value));
            break;
        case Kind::cseq:
            judge_cseq(message, value);
            break;
        case Kind::via:
            judge_list(message, kind, value, strict::fault_in_via);
            break;
        case Kind::max_forwards:
            judge_max_forwards(message, value);
            break;
        case Kind::expires:
        case Kind::min_expires:
            note(message, kind, fault_in_seconds(value));
            break;
        case Kind::retry_after:  // delta-seconds [ comment ] *( SEMI retry-param )
            note(message, kind, fault_in_seconds(value.substr(0, value.find_first_of(" \t;("))));
            break;
        case Kind::date:
            note(message, kind, strict::fault_in_date(value));
            break;
        case Kind::warning:
            judge_list(message, kind, value, fault_in_warning);
            break;
        case Kind::content_type:
            judge_content_type(message, value);
            break;
        case Kind::content_length:
        case Kind::other:
            break;
    }
}

// Control characters stand in quoted pairs only (RFC 3261 25.1, TEXT-UTF8char and quoted-pair).
bool has_stray_control(std::string_view value) {
    for (std::size_t i = 0; i < value.size(); ++i) {
        const auto c = static_cast<unsigned char>(value[i]);
        if (c == '\\')
            ++i;
        else if ((c < ' ' && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

void judge_request_uri(SipMessage& message) {
    const std::string_view uri = message.request_uri;
    if (const auto fault = strict::fault_in_uri(uri); !fault.empty()) {
        add_fault(message, std::string("Request-URI: ").append(fault));
        return;
    }
    // RFC 3261 19.1.1 table 1: no header fields here. A '?' in the user is none.
    const std::size_t at = uri.find('@');
    if (grammar::starts_with_ci(uri, "sip") &&
        uri.find('?', at == std::string_view::npos ? 0 : at) != std::string_view::npos)
        add_fault(message, "Request-URI: header fields in it");
}

}  // namespace

void add_fault(SipMessage& message, std::string_view fault) {
    auto& faults = message.faults;
    if (faults.size() < limits::faults_max &&
        std::find(faults.begin(), faults.end(), fault) == faults.end())
        faults.emplace_back(fault);
}

void judge(SipMessage& message) {
    std::array<std::size_t, kinds + 1> seen{};
    if (message.is_request)
        judge_request_uri(message);
    for (const SipHeader& header : message.headers) {
        const Kind kind = kind_of_header(header.name);
        ++seen[static_cast<std::size_t>(kind)];
        if (has_stray_control(header.value))
            add_fault(message, "control characters in a header field");
        judge_header(message, kind, header.value);
    }
    for (const Kind kind : required)
        if (seen[static_cast<std::size_t>(kind)] == 0)
            note(message, kind, "absent");
    for (const Kind kind : single)
        if (seen[static_cast<std::size_t>(kind)] > 1)
            note(message, kind, "more than once");
    // RFC 3261 20.15
    if (!message.body.empty() && seen[static_cast<std::size_t>(Kind::content_type)] == 0)
        note(message, Kind::content_type, "absent though there is a body");
}

}  // namespace nk::wire
