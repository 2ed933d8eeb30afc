#include "wire/sip_compose.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "wire/sip_grammar.h"

namespace nk::wire {

namespace {

using grammar::equal_ci;
using grammar::trim;

// IANA's registry of SIP response codes.
constexpr std::array<std::pair<int, std::string_view>, 60> reasons{
    {{100, "Trying"},
     {180, "Ringing"},
     {181, "Call Is Being Forwarded"},
     {182, "Queued"},
     {183, "Session Progress"},
     {200, "OK"},
     {202, "Accepted"},
     {204, "No Notification"},
     {300, "Multiple Choices"},
     {301, "Moved Permanently"},
     {302, "Moved Temporarily"},
     {305, "Use Proxy"},
     {380, "Alternative Service"},
     {400, "Bad Request"},
     {401, "Unauthorized"},
     {402, "Payment Required"},
     {403, "Forbidden"},
     {404, "Not Found"},
     {405, "Method Not Allowed"},
     {406, "Not Acceptable"},
     {407, "Proxy Authentication Required"},
     {408, "Request Timeout"},
     {410, "Gone"},
     {412, "Conditional Request Failed"},
     {413, "Request Entity Too Large"},
     {414, "Request-URI Too Long"},
     {415, "Unsupported Media Type"},
     {416, "Unsupported URI Scheme"},
     {420, "Bad Extension"},
     {421, "Extension Required"},
     {422, "Session Interval Too Small"},
     {423, "Interval Too Brief"},
     {433, "Anonymity Disallowed"},
     {480, "Temporarily Unavailable"},
     {481, "Call/Transaction Does Not Exist"},
     {482, "Loop Detected"},
     {483, "Too Many Hops"},
     {484, "Address Incomplete"},
     {485, "Ambiguous"},
     {486, "Busy Here"},
     {487, "Request Terminated"},
     {488, "Not Acceptable Here"},
     {489, "Bad Event"},
     {491, "Request Pending"},
     {493, "Undecipherable"},
     {494, "Security Agreement Required"},
     {500, "Server Internal Error"},
     {501, "Not Implemented"},
     {502, "Bad Gateway"},
     {503, "Service Unavailable"},
     {504, "Server Time-out"},
     {505, "Version Not Supported"},
     {513, "Message Too Large"},
     {580, "Precondition Failure"},
     {600, "Busy Everywhere"},
     {603, "Decline"},
     {604, "Does Not Exist Anywhere"},
     {606, "Not Acceptable"},
     {607, "Unwanted"},
     {608, "Rejected"}}};

// One line, whatever came in.
std::string one_line(std::string_view value) {
    std::string out(trim(value));
    for (char& c : out)
        if (c == '\r' || c == '\n')
            c = ' ';
    return out;
}

// A word of a start line or a token of a parameter: what would end it is left out.
std::string one_word(std::string_view value) {
    std::string out(value);
    std::erase_if(out, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '<' || c == '>' ||
               c == '"';
    });
    return out;
}

void add_field(std::string& out, std::string_view name, std::string_view value) {
    if (!grammar::is_token(name))
        return;
    out.append(name).append(": ").append(one_line(value)).append("\r\n");
}

void copy_fields(std::string& out, const SipMessage& from, std::string_view name) {
    for (const std::string_view value : from.all(name))
        add_field(out, name, value);
}

// For fields that stand once; more of them is a fault of the request and not of its response.
void copy_first(std::string& out, const SipMessage& from, std::string_view name) {
    const auto values = from.all(name);
    if (!values.empty())
        add_field(out, name, values.front());
}

void add_rest(std::string& out, const std::vector<SipHeader>& headers,
              std::string_view content_type, std::string_view body) {
    for (const SipHeader& header : headers)
        add_field(out, header.name, header.value);
    if (!body.empty())
        add_field(out, "Content-Type", content_type);
    add_field(out, "Content-Length", std::to_string(body.size()));
    out.append("\r\n").append(body);
}

// The top Via with what we saw of its sender (RFC 3261 18.2.1, RFC 3581 4). With rport, `received`
// stands there in any case.
std::string with_source(std::string_view value, const SipVia& via, const Endpoint& source) {
    if (!via.has_rport && parse_ip(via.host) == source.ip)
        return std::string(value);
    const auto begin = static_cast<std::size_t>(via.parameters.data() - value.data());
    std::string out(value.substr(0, begin));
    grammar::split_outside_quotes(via.parameters, ';', [&](std::string_view one) {
        const std::string_view name = trim(one.substr(0, one.find('=')));
        if (!trim(one).empty() && !equal_ci(name, "received") && !equal_ci(name, "rport"))
            out.append(";").append(one);
        return true;
    });
    out.append(";received=").append(source.ip.text());
    if (via.has_rport)
        out.append(";rport=").append(std::to_string(source.port));
    return out.append(value.substr(begin + via.parameters.size()));
}

void add_vias(std::string& out, const SipMessage& request, const Endpoint& source) {
    bool is_top = true;
    for (const std::string_view value : request.all("Via")) {
        const auto via = is_top ? parse_via(value) : std::nullopt;
        add_field(out, "Via", via ? with_source(value, *via, source) : std::string(value));
        is_top = false;
    }
}

std::string with_tag(std::string_view address, std::string_view tag) {
    return std::string(address).append(";tag=").append(one_word(tag));
}

void add_to(std::string& out, const SipMessage& request, const SipReply& reply) {
    const std::string_view to = request.header("To");
    if (reply.status > 100 && !to.empty() && request.to_tag().empty() && !reply.to_tag.empty())
        add_field(out, "To", with_tag(to, reply.to_tag));
    else
        copy_first(out, request, "To");
}

bool can_make_dialog(const SipMessage& request, int status) {
    return status > 100 && status < 300 &&
           (request.method == "INVITE" || request.method == "SUBSCRIBE");
}

std::string_view uri_of(std::string_view address) {
    const auto pieces = grammar::cut_address(address);
    return pieces ? pieces->uri : std::string_view{};
}

std::string_view contact_of(const SipMessage& message) {
    return uri_of(message.header("Contact"));
}

// RFC 3261 19.1.1: the parameter `lr` of the URI itself.
bool is_loose(std::string_view uri) {
    while (true) {
        const std::size_t semicolon = uri.find(';');
        if (semicolon == std::string_view::npos)
            return false;
        uri.remove_prefix(semicolon + 1);
        if (equal_ci(uri.substr(0, uri.find_first_of("=;?")), "lr"))
            return true;
    }
}

}  // namespace

std::string_view reason_of(int status) {
    for (const int code : {status, status / 100 * 100})
        for (const auto& [known, reason] : reasons)
            if (known == code)
                return reason;
    return "Unknown";
}

std::string compose_response(const SipMessage& request, const Endpoint& source,
                             const SipReply& reply) {
    std::string out = "SIP/2.0 " + std::to_string(std::clamp(reply.status, 100, 699)) + " ";
    out.append(one_line(reply.reason.empty() ? reason_of(reply.status) : reply.reason));
    out.append("\r\n");
    add_vias(out, request, source);
    if (can_make_dialog(request, reply.status))
        copy_fields(out, request, "Record-Route");
    copy_first(out, request, "From");
    add_to(out, request, reply);
    copy_first(out, request, "Call-ID");
    copy_first(out, request, "CSeq");
    if (reply.status == 100)
        copy_first(out, request, "Timestamp");
    add_rest(out, reply.headers, reply.content_type, reply.body);
    return out;
}

Endpoint response_target(const SipVia& via, const Endpoint& source, bool is_reliable) {
    if (via.has_rport && !is_reliable)
        return source;
    if (via.port != 0)
        return {source.ip, via.port};
    // RFC 3261 18.1.1: the ports of a transport that names none.
    return {source.ip, static_cast<std::uint16_t>(equal_ci(via.transport, "TLS") ? 5'061 : 5'060)};
}

SipDialog dialog_as_called(const SipMessage& invite, std::string_view to_tag) {
    SipDialog dialog;
    dialog.call_id = invite.call_id();
    const std::string_view to = invite.header("To");
    dialog.local = invite.to_tag().empty() ? with_tag(to, to_tag) : std::string(to);
    dialog.remote = invite.header("From");
    dialog.remote_target = uri_of(dialog.remote);
    refresh_target(dialog, invite);
    for (const std::string_view value : invite.all("Record-Route"))
        for (const std::string_view route : split_list(value))
            dialog.routes.emplace_back(route);
    return dialog;
}

void refresh_target(SipDialog& dialog, const SipMessage& request) {
    if (const std::string_view contact = contact_of(request); !contact.empty())
        dialog.remote_target = contact;
}

std::string compose_request(const SipDialog& dialog, const SipRequest& request) {
    std::string_view uri = dialog.remote_target;
    std::vector<std::string> routes = dialog.routes;
    if (!routes.empty() && !is_loose(uri_of(routes.front()))) {
        // RFC 3261 12.2.1.1: a strict router finds itself in the Request-URI, where no header
        // fields may stand, and the target at the end of the route.
        const std::string_view first = uri_of(dialog.routes.front());
        uri = first.substr(0, first.find('?'));
        routes.erase(routes.begin());
        routes.push_back("<" + one_word(dialog.remote_target) + ">");
    }
    std::string out = one_word(request.method) + " " + one_word(uri) + " SIP/2.0\r\n";
    add_field(out, "Via",
              "SIP/2.0/" + one_word(request.transport) + " " + one_word(request.sent_by) +
                  ";branch=" + one_word(request.branch) + ";rport");
    add_field(out, "Max-Forwards", "70");
    for (const std::string& route : routes)
        add_field(out, "Route", route);
    add_field(out, "From", dialog.local);
    add_field(out, "To", dialog.remote);
    add_field(out, "Call-ID", dialog.call_id);
    add_field(out, "CSeq", std::to_string(request.cseq) + " " + one_word(request.method));
    add_rest(out, request.headers, request.content_type, request.body);
    return out;
}

std::string_view next_hop(const SipDialog& dialog) {
    return dialog.routes.empty() ? std::string_view(dialog.remote_target)
                                 : uri_of(dialog.routes.front());
}

}  // namespace nk::wire
