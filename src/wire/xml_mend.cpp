#include "wire/xml_mend.h"

#include <algorithm>

#include "base/utf8.h"
#include "wire/sip_grammar.h"

namespace nk::wire {

namespace {

constexpr std::size_t entity_bytes_max = 32;
constexpr std::size_t bare_value_bytes_max = 1024;

constexpr grammar::CharSet blanks(" \t\r\n");
constexpr grammar::CharSet ascii_name_chars("-_.:", true);

bool is_name_char(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || ascii_name_chars.has(c);
}

bool begins_name(char c) {
    return is_name_char(c) && !grammar::is_digit(c) && c != '-' && c != '.';
}

std::string_view without_blanks(std::string_view text) {
    const std::size_t at = text.find_first_not_of(" \t\r\n");
    return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

// Takes a name off the front; empty when there is none.
std::string_view take_name(std::string_view& text) {
    std::size_t end = 0;
    if (!text.empty() && begins_name(text[0]))
        while (end < text.size() && is_name_char(text[end]))
            ++end;
    const std::string_view name = text.substr(0, end);
    text.remove_prefix(end);
    return name;
}

// Behind "<name": the end of the tag, or a first attribute. Text that stops here is cut off, which
// the parser will say.
bool goes_on_as_tag(std::string_view rest) {
    if (rest.empty())
        return true;
    const bool has_blank = blanks.has(rest[0]);
    rest = without_blanks(rest);
    if (rest.empty() || rest[0] == '>' || rest.starts_with("/>") || rest == "/")
        return true;
    if (!has_blank || take_name(rest).empty())
        return false;
    rest = without_blanks(rest);
    return rest.empty() || rest[0] == '=';
}

// Is the '<' in front of `rest` one of XML's own?
bool is_markup(std::string_view rest) {
    if (rest.empty())
        return true;
    if (rest[0] == '?')
        return true;
    if (rest[0] == '!')
        return rest.starts_with("!--") || rest.starts_with("![CDATA[") ||
               rest.starts_with("!DOCTYPE");
    const bool is_end_tag = rest[0] == '/';
    if (is_end_tag)
        rest.remove_prefix(1);
    if (take_name(rest).empty())
        return is_end_tag && rest.empty();
    if (!is_end_tag)
        return goes_on_as_tag(rest);
    rest = without_blanks(rest);
    return rest.empty() || rest[0] == '>';
}

// Is the '&' in front of `rest` the beginning of a reference? (XML 1.0 4.1)
bool is_reference(std::string_view rest) {
    const std::size_t end = rest.substr(0, entity_bytes_max).find(';');
    if (end == std::string_view::npos || end == 0)
        return false;
    std::string_view name = rest.substr(0, end);
    if (name[0] != '#')
        return take_name(name).size() == end;
    name.remove_prefix(1);
    const bool is_hex = name.starts_with('x');
    if (is_hex)
        name.remove_prefix(1);
    const std::string_view digits = is_hex ? "0123456789abcdefABCDEF" : "0123456789";
    return !name.empty() && name.find_first_not_of(digits) == std::string_view::npos;
}

// How long a comment, CDATA section or instruction is that begins here; 0: none does.
std::size_t verbatim_bytes(std::string_view text) {
    const auto until = [text](std::string_view end) {
        const std::size_t at = text.find(end);
        return at == std::string_view::npos ? text.size() : at + end.size();
    };
    if (text.starts_with("<!--"))
        return until("-->");
    if (text.starts_with("<![CDATA["))
        return until("]]>");
    return text.starts_with("<?") ? until("?>") : 0;
}

bool is_wide(std::string_view text) {
    if (text.starts_with("\xfe\xff") || text.starts_with("\xff\xfe"))
        return true;
    // "<" and its zero byte, in either order.
    return text.size() >= 2 && ((text[0] == '<' && text[1] == '\0') ||
                                (text[0] == '\0' && (text[1] == '<' || text[1] == '\0')));
}

// Where the XML begins: at its declaration, or else at the first tag.
std::size_t beginning_of(std::string_view text) {
    if (const std::size_t at = text.find("<?xml"); at != std::string_view::npos)
        return at;
    for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1))
        if (is_markup(text.substr(at + 1)))
            return at;
    return text.size();
}

class Mender {
public:
    explicit Mender(std::string_view text) : rest_(text) {}
    MendedXml mend();

private:
    void fault(std::string_view what) {
        auto& faults = out_.faults;
        if (std::find(faults.begin(), faults.end(), what) == faults.end())
            faults.push_back(what);
    }
    void take_junk();
    void take_char();
    void take_in_tag(char c);
    void take_bare_value();

    std::string_view rest_;
    bool in_tag_ = false;  // a start tag, outside the values of its attributes
    char quote_ = '\0';    // of the value that we are in
    MendedXml out_;
};

void Mender::take_junk() {
    if (rest_.starts_with("\xef\xbb\xbf"))
        rest_.remove_prefix(3);
    const std::size_t begin = beginning_of(rest_);
    if (!without_blanks(rest_.substr(0, begin)).empty())
        fault("bytes in front of the XML");
    rest_.remove_prefix(begin);
    while (rest_.ends_with('\0'))
        rest_.remove_suffix(1);
}

void Mender::take_char() {
    const char c = rest_[0];
    rest_.remove_prefix(1);
    if (c == '<' && !is_markup(rest_)) {
        fault("a bare '<' in a text");
        out_.text += "&lt;";
    } else if (c == '&' && !is_reference(rest_)) {
        fault("a bare '&' in a text");
        out_.text += "&amp;";
    } else if (c == '\0') {
        fault("a zero byte in the XML");
        out_.text += ' ';
    } else {
        out_.text += c;
        if (c == '<' && quote_ == '\0')
            in_tag_ = !rest_.empty() && begins_name(rest_[0]);
        else if (in_tag_)
            take_in_tag(c);
    }
}

void Mender::take_in_tag(char c) {
    if (quote_ != '\0')
        quote_ = c == quote_ ? '\0' : quote_;
    else if (c == '"' || c == '\'')
        quote_ = c;
    else if (c == '>')
        in_tag_ = false;
    else if (c == '=')
        take_bare_value();
}

// Behind an attribute's '=': a value without quotes gets them. It ends at a blank or at the tag's
// end; of text that stops before that, nobody knows how it would have gone on. What cannot be
// mended is damage: nothing behind it in this tag is looked at, so that no byte is seen twice.
void Mender::take_bare_value() {
    const std::string_view rest = without_blanks(rest_);
    if (rest.empty() || rest[0] == '"' || rest[0] == '\'')
        return;
    const std::size_t end = rest.substr(0, bare_value_bytes_max).find_first_of(" \t\r\n>");
    in_tag_ = end != std::string_view::npos;
    if (!in_tag_)
        return;
    std::string_view value = rest.substr(0, end);
    if (rest[end] == '>' && value.ends_with('/'))
        value.remove_suffix(1);  // <a b=c/>
    in_tag_ = !value.empty() && value.find_first_of("\"<") == std::string_view::npos;
    if (!in_tag_)
        return;
    fault("an attribute's value without quotes");
    rest_ = rest;
    const std::size_t behind = rest_.size() - value.size();
    quote_ = '"';
    out_.text += quote_;
    while (rest_.size() > behind)
        take_char();
    out_.text += quote_;
    quote_ = '\0';
}

MendedXml Mender::mend() {
    if (is_wide(rest_)) {
        out_.is_wide = true;
        out_.text = rest_;
        return std::move(out_);
    }
    take_junk();
    while (!rest_.empty()) {
        const std::size_t verbatim = verbatim_bytes(rest_);
        if (verbatim == 0) {
            take_char();
            continue;
        }
        out_.text += rest_.substr(0, verbatim);
        rest_.remove_prefix(verbatim);
    }
    out_.text = as_utf8(out_.text);
    return std::move(out_);
}

}  // namespace

MendedXml mend_xml(std::string_view text) {
    return Mender(text).mend();
}

}  // namespace nk::wire
