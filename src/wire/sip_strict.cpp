// The strict readers of RFC 3261 25.1, for the values a recorder builds on: URIs, addresses, Via,
// Call-ID and Date. Each says what is wrong in one phrase.
#include <algorithm>
#include <array>

#include "wire/sip_grammar.h"
#include "wire/sip_rules.h"

namespace nk::wire::strict {

namespace {

using grammar::CharSet;
using grammar::is_blank;
using grammar::is_digit;
using grammar::token_chars;

// RFC 3261 25.1: unreserved and what each part of a URI adds to it; '%' is looked at apart.
constexpr CharSet user_chars("-_.!~*'()&=+$,;?/%", true);
constexpr CharSet password_chars("-_.!~*'()&=+$,%", true);
constexpr CharSet parameter_chars("-_.!~*'()[]/:&+$%", true);
constexpr CharSet header_chars("-_.!~*'()[]/?:+$%=&", true);
constexpr CharSet hostname_chars("-.", true);
constexpr CharSet reference_chars(":.%", true);  // inside brackets; also RFC 5118 4.10's odd forms
constexpr CharSet word_chars("-.!%*_+`'~()<>:\\\"/[]?{}", true);
constexpr CharSet scheme_chars("+-.", true);
// gen-value is a token or a host; RFC 5118 4.5 wants a bare or bracketed IPv6 address read, too.
constexpr CharSet value_chars("-.!%*_+`'~[]:", true);

constexpr std::string_view none;

bool escapes_are_whole(std::string_view text) {
    constexpr CharSet hex("0123456789abcdefABCDEF");
    for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1))
        if (i + 2 >= text.size() || !hex.has(text[i + 1]) || !hex.has(text[i + 2]))
            return false;
    return true;
}

// A cursor over one header value.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}
    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
    void skip_blanks() {
        while (!at_end() && is_blank(text_[at_]))
            ++at_;
    }
    bool take(char c) {
        if (at_end() || text_[at_] != c)
            return false;
        ++at_;
        return true;
    }
    // The separator with blanks allowed around it (SEMI, EQUAL, SLASH, COLON).
    bool take_separator(char c) {
        const std::size_t before = at_;
        skip_blanks();
        if (take(c)) {
            skip_blanks();
            return true;
        }
        at_ = before;
        return false;
    }
    std::string_view take_while(const CharSet& set) {
        const std::size_t begin = at_;
        while (!at_end() && set.has(text_[at_]))
            ++at_;
        return text_.substr(begin, at_ - begin);
    }
    std::string_view take_until(char c) {
        const std::size_t begin = at_;
        at_ = std::min(text_.find(c, at_), text_.size());
        return text_.substr(begin, at_ - begin);
    }
    // A quoted string; quoted pairs may hold control characters, plain text may not.
    std::string_view fault_in_quoted() {
        const std::size_t end = grammar::end_of_quoted(text_, at_);
        if (end == std::string_view::npos)
            return "a quoted string that does not end";
        at_ = end;
        return none;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

std::string_view fault_in_port(std::string_view digits) {
    const auto port = grammar::number(digits);
    if (!port)
        return "a port that is not a number";
    return *port > 65'535 ? std::string_view("a port above 65535") : none;
}

// host [ ":" port ], nothing behind it.
std::string_view fault_in_host_port(std::string_view text) {
    std::size_t host_end = 0;
    if (!text.empty() && text.front() == '[') {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos || close == 1 ||
            !reference_chars.has_all(text.substr(1, close - 1)))
            return "an unreadable IPv6 reference";
        host_end = close + 1;
    } else {
        host_end = std::min(text.find(':'), text.size());
        if (host_end == 0 || !hostname_chars.has_all(text.substr(0, host_end)))
            return "an unreadable host";
    }
    if (host_end == text.size())
        return none;
    if (text[host_end] != ':')
        return "an unreadable host";
    return fault_in_port(text.substr(host_end + 1));
}

std::string_view fault_in_uri_parameters(std::string_view text) {
    while (!text.empty()) {
        text.remove_prefix(1);  // the semicolon
        const std::size_t end = std::min(text.find(';'), text.size());
        const std::string_view one = text.substr(0, end);
        const std::size_t equals = std::min(one.find('='), one.size());
        if (equals == 0 || (equals < one.size() && equals + 1 == one.size()) ||
            !parameter_chars.has_all(one.substr(0, equals)) ||
            !parameter_chars.has_all(one.substr(std::min(equals + 1, one.size()))))
            return "an unreadable URI parameter";
        text = text.substr(end);
    }
    return none;
}

std::string_view fault_in_sip_uri(std::string_view rest) {
    const std::size_t at = rest.find('@');
    if (at != std::string_view::npos) {
        const std::string_view user = rest.substr(0, at);
        const std::size_t colon = std::min(user.find(':'), user.size());
        if (colon == 0 || !user_chars.has_all(user.substr(0, colon)) ||
            !password_chars.has_all(user.substr(std::min(colon + 1, user.size()))))
            return "an unreadable user in a URI";
        rest = rest.substr(at + 1);
    }
    const std::size_t host_end = std::min(rest.find_first_of(";?"), rest.size());
    if (const auto fault = fault_in_host_port(rest.substr(0, host_end)); !fault.empty())
        return fault;
    rest = rest.substr(host_end);
    const std::size_t headers = std::min(rest.find('?'), rest.size());
    if (!header_chars.has_all(rest.substr(std::min(headers + 1, rest.size()))))
        return "unreadable headers in a URI";
    return fault_in_uri_parameters(rest.substr(0, headers));
}

// *( SEMI token [ EQUAL ( token / host / quoted-string ) ] ) up to the end.
std::string_view fault_in_parameters(Cursor& cursor) {
    while (cursor.take_separator(';')) {
        if (cursor.take_while(token_chars).empty())
            return "an empty or unreadable parameter";
        if (!cursor.take_separator('='))
            continue;
        if (cursor.peek() == '"') {
            if (const auto fault = cursor.fault_in_quoted(); !fault.empty())
                return fault;
        } else if (cursor.take_while(value_chars).empty()) {
            return "a parameter without its value";
        }
    }
    cursor.skip_blanks();
    return cursor.at_end() ? none : std::string_view("unreadable text behind an address");
}

std::string_view fault_in_name_addr(Cursor& cursor) {
    if (cursor.peek() == '"') {
        if (const auto fault = cursor.fault_in_quoted(); !fault.empty())
            return fault;
        cursor.skip_blanks();
    } else {
        while (!cursor.take_while(token_chars).empty())
            cursor.skip_blanks();
    }
    if (!cursor.take('<'))
        return "a display name that should be quoted";
    const std::string_view uri = cursor.take_until('>');
    if (!cursor.take('>'))
        return "an angle bracket that does not close";
    if (const auto fault = fault_in_uri(uri); !fault.empty())
        return fault;
    return fault_in_parameters(cursor);
}

// Whether a '<' stands outside quotes in front of any parameter.
bool has_brackets(std::string_view value) {
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '<')
            return true;
        if (value[i] == '"') {
            const std::size_t end = grammar::end_of_quoted(value, i);
            if (end == std::string_view::npos)
                return true;  // then the quote is what is wrong
            i = end - 1;
        }
    }
    return false;
}

}  // namespace

std::string_view fault_in_uri(std::string_view uri) {
    if (uri.find_first_of("<>") != std::string_view::npos)
        return "angle brackets in a URI";
    for (const char c : uri)
        if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\x7f')
            return "white space, quotes or control characters in a URI";
    const std::size_t colon = uri.find(':');
    const std::string_view scheme = uri.substr(0, colon);
    if (colon == std::string_view::npos || scheme.empty() || is_digit(scheme.front()) ||
        !scheme_chars.has_all(scheme))
        return "a URI without a scheme";
    const std::string_view rest = uri.substr(colon + 1);
    if (rest.empty())
        return "an empty URI";
    if (!escapes_are_whole(rest))
        return "a broken escape in a URI";
    if (grammar::equal_ci(scheme, "sip") || grammar::equal_ci(scheme, "sips"))
        return fault_in_sip_uri(rest);
    return none;  // other schemes have their own grammar
}

std::string_view fault_in_address(std::string_view value, Brackets brackets) {
    Cursor cursor(value);
    if (has_brackets(value))
        return fault_in_name_addr(cursor);
    if (brackets == Brackets::required)
        return "a route without angle brackets";
    const std::size_t end = std::min(value.find_first_of("; \t"), value.size());
    const std::string_view uri = value.substr(0, end);
    // RFC 3261 20: such a URI must stand in angle brackets.
    if (uri.find_first_of("?,") != std::string_view::npos)
        return "a URI with '?' or ',' without angle brackets";
    if (const auto fault = fault_in_uri(uri); !fault.empty())
        return fault;
    Cursor parameters(value.substr(end));
    return fault_in_parameters(parameters);
}

std::string_view fault_in_via(std::string_view element) {
    constexpr std::string_view unreadable = "an unreadable Via";
    Cursor cursor(element);
    if (cursor.take_while(token_chars).empty() || !cursor.take_separator('/') ||
        cursor.take_while(token_chars).empty() || !cursor.take_separator('/') ||
        cursor.take_while(token_chars).empty() || !is_blank(cursor.peek()))
        return unreadable;
    cursor.skip_blanks();
    // sent-by: blanks may surround its colon.
    constexpr CharSet host_chars("-.", true);
    constexpr CharSet bracketed_chars("[]:.%", true);
    const std::string_view host =
        cursor.peek() == '[' ? cursor.take_while(bracketed_chars) : cursor.take_while(host_chars);
    if (const auto fault = fault_in_host_port(host); !fault.empty())
        return fault;
    if (cursor.take_separator(':')) {
        constexpr CharSet digits("0123456789");
        if (const auto fault = fault_in_port(cursor.take_while(digits)); !fault.empty())
            return fault;
    }
    const std::string_view parameters = cursor.rest();
    if (const auto fault = fault_in_parameters(cursor); !fault.empty())
        return fault;
    // RFC 4475 3.2.1: the cookie promises a unique branch and then there is none.
    if (grammar::equal_ci(grammar::parameter(parameters, "branch"), "z9hG4bK"))
        return "a Via branch that is the magic cookie alone";
    const std::string_view ttl = grammar::parameter(parameters, "ttl");
    if (!ttl.empty() && grammar::number(ttl).value_or(256) > 255)
        return "a Via ttl outside 0 to 255";
    return none;
}

std::string_view fault_in_call_id(std::string_view value) {
    // word [ "@" word ]
    const std::size_t at = std::min(value.find('@'), value.size());
    if (at == 0 || at + 1 == value.size() || !word_chars.has_all(value.substr(0, at)) ||
        !word_chars.has_all(value.substr(std::min(at + 1, value.size()))))
        return "an unreadable Call-ID";
    return none;
}

std::string_view fault_in_date(std::string_view value) {
    // RFC 3261 20.17: rfc1123-date, and the zone is GMT only.
    constexpr std::string_view unreadable = "an unreadable Date";
    constexpr std::string_view shape = "Aaa, 00 Aaa 0000 00:00:00 ";
    if (value.size() < shape.size())
        return unreadable;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const char c = value[i];
        const bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        const char wanted = shape[i];
        if (wanted == '0' ? !is_digit(c) : (wanted | 0x20) == 'a' ? !is_letter : c != wanted)
            return unreadable;
    }
    constexpr std::array<std::string_view, 7> days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto has = [](const auto& names, std::string_view name) {
        return std::any_of(names.begin(), names.end(),
                           [&](std::string_view one) { return grammar::equal_ci(one, name); });
    };
    if (!has(days, value.substr(0, 3)) || !has(months, value.substr(8, 3)))
        return unreadable;
    return value.substr(shape.size()) == "GMT" ? none : std::string_view("a Date not in GMT");
}

}  // namespace nk::wire::strict
