// Addresses and URIs, read leniently: what a person would call the name, the number and the place.
#include "wire/sip.h"
#include "wire/sip_grammar.h"

namespace nk::wire {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    const int letter = c | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// RFC 3986 2.1; what is no escape stays as it is.
std::string without_escapes(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low >= 0) {
            plain += static_cast<char>(high << 4 | low);
            i += 2;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

std::string without_quoted_pairs(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size())
            ++i;
        plain += text[i];
    }
    return plain;
}

// Host and port of a sip: or sips: URI, `rest` being what follows the user.
bool take_host(std::string_view rest, UriParts& out) {
    rest = rest.substr(0, rest.find_first_of(";?"));
    std::string_view port;
    if (!rest.empty() && rest.front() == '[') {
        const std::size_t close = rest.find(']');
        if (close == std::string_view::npos)
            return false;
        out.host = rest.substr(1, close - 1);
        port = rest.substr(close + 1);
        if (!port.empty() && port.front() != ':')
            return false;
    } else {
        const std::size_t colon = rest.find(':');
        out.host = rest.substr(0, colon);
        if (colon != std::string_view::npos)
            port = rest.substr(colon);
    }
    if (out.host.empty())
        return false;
    if (port.size() <= 1)
        return true;  // "host:" is read as no port
    const auto value = grammar::number(port.substr(1));
    if (!value || *value > 65'535)
        return false;
    out.port = static_cast<std::uint16_t>(*value);
    return true;
}

}  // namespace

std::vector<std::string_view> split_list(std::string_view value) {
    std::vector<std::string_view> elements;
    grammar::split_outside_quotes(value, ',', [&](std::string_view piece) {
        piece = grammar::trim(piece);
        if (!piece.empty())
            elements.push_back(piece);
        return true;
    });
    return elements;
}

std::optional<NameAddr> parse_name_addr(std::string_view value) {
    const auto pieces = grammar::cut_address(value);
    if (!pieces || pieces->uri == "*")
        return std::nullopt;
    NameAddr address;
    address.display_name =
        pieces->is_quoted ? without_quoted_pairs(pieces->display) : std::string(pieces->display);
    address.uri = pieces->uri;
    address.tag = grammar::parameter(pieces->parameters, "tag");
    return address;
}

std::optional<UriParts> parse_uri(std::string_view uri) {
    uri = grammar::trim(uri);
    const std::size_t colon = uri.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    UriParts parts;
    parts.scheme = uri.substr(0, colon);
    for (char& c : parts.scheme)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    const std::string_view rest = uri.substr(colon + 1);
    if (parts.scheme == "tel") {
        parts.user = without_escapes(rest.substr(0, rest.find_first_of(";?")));
        if (parts.user.empty())
            return std::nullopt;
        return parts;
    }
    if (parts.scheme != "sip" && parts.scheme != "sips")
        return std::nullopt;
    std::size_t at = rest.find('@');
    if (at != std::string_view::npos) {
        // An '@' in the user should be escaped; where it is not, the last one divides.
        const std::string_view behind = rest.substr(at, rest.find_first_of(";?", at) - at);
        at += behind.rfind('@');
        const std::string_view user = rest.substr(0, at);
        // RFC 3261 19.1.6: parameters of the user part follow a semicolon; then the password.
        parts.user = without_escapes(user.substr(0, user.find_first_of(";:")));
    }
    if (!take_host(at == std::string_view::npos ? rest : rest.substr(at + 1), parts))
        return std::nullopt;
    return parts;
}

}  // namespace nk::wire
