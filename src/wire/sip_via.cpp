#include "wire/sip_via.h"

#include <algorithm>

#include "wire/sip_grammar.h"

namespace nk::wire {

namespace {

using grammar::trim;

std::string_view first_element(std::string_view value) {
    std::string_view first;
    grammar::split_outside_quotes(value, ',', [&](std::string_view element) {
        first = trim(element);
        return first.empty();
    });
    return first;
}

bool has_parameter(std::string_view parameters, std::string_view name) {
    bool found = false;
    grammar::split_outside_quotes(parameters, ';', [&](std::string_view one) {
        found = grammar::equal_ci(trim(one.substr(0, one.find('='))), name);
        return !found;
    });
    return found;
}

// host [ ":" port ], with blanks allowed around the colon.
bool read_sent_by(std::string_view text, SipVia& via) {
    std::size_t host_end = std::min(text.find(':'), text.size());
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos)
            return false;
        via.host = text.substr(1, close - 1);
        host_end = close + 1;
    } else {
        via.host = trim(text.substr(0, host_end));
    }
    text = trim(text.substr(host_end));
    if (text.starts_with(':')) {
        const auto port = grammar::number(trim(text.substr(1)));
        if (!port || *port > 65'535)
            return false;
        via.port = static_cast<std::uint16_t>(*port);
    }
    return !via.host.empty();
}

}  // namespace

// sent-protocol LWS sent-by *( SEMI via-params ) (RFC 3261 25.1)
std::optional<SipVia> parse_via(std::string_view value) {
    const std::string_view element = first_element(value);
    const std::size_t head_end = std::min(element.find(';'), element.size());
    std::string_view head = element.substr(0, head_end);
    for (int slashes = 0; slashes < 2; ++slashes) {
        const std::size_t slash = head.find('/');
        if (slash == std::string_view::npos)
            return std::nullopt;
        head = trim(head.substr(slash + 1));
    }
    SipVia via;
    const std::size_t transport_end = std::min(head.find_first_of(" \t"), head.size());
    via.transport = head.substr(0, transport_end);
    if (via.transport.empty() || !read_sent_by(trim(head.substr(transport_end)), via))
        return std::nullopt;
    via.parameters = element.substr(head_end);
    via.branch = grammar::parameter(via.parameters, "branch");
    via.has_rport = has_parameter(via.parameters, "rport");
    return via;
}

}  // namespace nk::wire
