#include "wire/vcard.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/same_text.h"
#include "base/utf8.h"

namespace nk::wire {

namespace {

// A property: "item1.TEL;TYPE=cell,home:+31 ..." without its group.
struct Line {
    std::string_view name;
    std::vector<std::string_view> parameters;  // "TYPE=cell", or "CELL" (2.1)
    std::string_view value;
};

// Lines with what was folded behind them. A fold is a line end and a space or tab; in quoted
// printable it is '=' and a line end (RFC 2045 6.7).
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}

    // False at the end.
    bool next(std::string& line) {
        if (rest_.empty())
            return false;
        line.clear();
        append(line, take());
        const bool is_quoted = contains_ci(line.substr(0, line.find(':')), "QUOTED-PRINTABLE");
        while (!rest_.empty()) {
            const bool is_folded = rest_.front() == ' ' || rest_.front() == '\t';
            if (is_quoted && line.ends_with('=')) {
                line.pop_back();
                append(line, take());
            } else if (is_folded) {
                append(line, take().substr(1));
            } else {
                break;
            }
        }
        return true;
    }

private:
    std::string_view take() {
        const auto end = std::min(rest_.find('\n'), rest_.size());
        std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        return line;
    }

    // A picture is passed over: of no line more is kept than a number or a name needs.
    static void append(std::string& line, std::string_view more) {
        line += more.substr(0, vcard_line_bytes_max - std::min(line.size(), vcard_line_bytes_max));
    }

    std::string_view rest_;
};

std::optional<Line> line_in(std::string_view text) {
    bool is_quoted = false;
    std::size_t begin = 0;
    std::vector<std::string_view> pieces;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"')
            is_quoted = !is_quoted;
        const bool is_end = text[i] == ':' && !is_quoted;
        if (is_end || (text[i] == ';' && !is_quoted)) {
            pieces.push_back(text.substr(begin, i - begin));
            begin = i + 1;
        }
        if (!is_end)
            continue;
        Line out;
        out.name = pieces.front().substr(pieces.front().find('.') + 1);  // npos + 1 is 0
        out.parameters.assign(pieces.begin() + 1, pieces.end());
        out.value = text.substr(begin);
        return out;
    }
    return std::nullopt;
}

// The value of a parameter that has a name; empty when there is none.
std::string_view parameter(const Line& line, std::string_view name) {
    for (const auto one : line.parameters)
        if (const auto equals = one.find('=');
            equals != std::string_view::npos && equal_ci(one.substr(0, equals), name))
            return one.substr(equals + 1);
    return {};
}

bool is_quoted_printable(const Line& line) {
    return equal_ci(parameter(line, "ENCODING"), "QUOTED-PRINTABLE") ||
           std::any_of(line.parameters.begin(), line.parameters.end(),
                       [](auto one) { return equal_ci(one, "QUOTED-PRINTABLE"); });
}

int hex(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string printable_undone(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_escape =
            text[i] == '=' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
        out += is_escape ? static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i];
        i += is_escape ? 2 : 0;
    }
    return out;
}

std::string latin_as_utf8(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += as_utf8(std::string_view(&c, 1));  // a byte alone is ASCII or Latin-1
    return out;
}

std::string text_of(const Line& line) {
    const std::string bytes =
        is_quoted_printable(line) ? printable_undone(line.value) : std::string(line.value);
    const auto charset = parameter(line, "CHARSET");
    const bool is_latin = equal_ci(charset, "ISO-8859-1") || equal_ci(charset, "ISO-8859-15") ||
                          equal_ci(charset, "WINDOWS-1252");
    return is_latin ? latin_as_utf8(bytes) : as_utf8(bytes);
}

// Pieces of a value that has several, their escapes undone (RFC 6350 3.4).
std::vector<std::string> pieces_of(std::string_view text) {
    std::vector<std::string> out(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            ++i;
            out.back() += text[i] == 'n' || text[i] == 'N' ? ' ' : text[i];
        } else if (text[i] == ';') {
            out.emplace_back();
        } else {
            out.back() += static_cast<unsigned char>(text[i]) < ' ' ? ' ' : text[i];
        }
    }
    return out;
}

std::string tidy(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' || (!out.empty() && out.back() != ' '))
            out += c;
    while (out.ends_with(' '))
        out.pop_back();
    return std::string(cut_utf8(out, vcard_text_bytes_max));
}

// What stands in front of an unescaped ';' or, of one that has none, all.
std::string whole_text(const Line& line) {
    std::string out;
    for (const auto& piece : pieces_of(text_of(line)))
        out.append(out.empty() ? "" : ";").append(piece);
    return tidy(out);
}

// N: family, given, additional, before it, behind it (RFC 6350 6.2.2), in the order of speaking.
std::string spoken_name(const Line& line) {
    auto pieces = pieces_of(text_of(line));
    pieces.resize(5);
    std::string out;
    for (const std::size_t i : {3, 1, 2, 0, 4})
        out.append(pieces[i]).append(" ");
    return tidy(out);
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

void add_types(std::string_view text, std::vector<std::string>& out) {
    constexpr std::size_t types_max = 8;
    while (!text.empty() && out.size() < types_max) {
        const auto comma = std::min(text.find(','), text.size());
        std::string one = lower(text.substr(0, comma));
        std::erase(one, '"');
        if (!one.empty())
            out.push_back(as_utf8(cut_utf8(one, vcard_text_bytes_max)));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
}

VCardNumber number_of(const Line& line) {
    VCardNumber out;
    std::string text = text_of(line);
    if (equal_ci(std::string_view(text).substr(0, 4), "tel:"))  // RFC 3966
        text = text.substr(4, text.find(';') - std::min<std::size_t>(text.find(';'), 4));
    out.number = tidy(pieces_of(text).front());
    for (const auto one : line.parameters) {
        const auto equals = one.find('=');
        if (equals == std::string_view::npos && !equal_ci(one, "QUOTED-PRINTABLE"))
            add_types(one, out.types);
        else if (equals != std::string_view::npos && equal_ci(one.substr(0, equals), "TYPE"))
            add_types(one.substr(equals + 1), out.types);
    }
    return out;
}

class Reader {
public:
    VCards read(std::string_view text) {
        Lines lines(text);
        std::string line;
        while (lines.next(line)) {
            if (const auto property = line_in(line))
                take(*property);
            if (out_.cards.size() == vcards_max) {
                fault("there are more than " + std::to_string(vcards_max) +
                      " cards; the others were left out");
                return std::move(out_);
            }
        }
        if (is_open_)
            end("the last card has no END");
        return std::move(out_);
    }

    [[nodiscard]] bool has_seen_a_card() const { return has_seen_; }

private:
    void take(const Line& line) {
        const bool is_of_card = equal_ci(line.value.substr(0, 5), "VCARD");
        if (equal_ci(line.name, "BEGIN") && is_of_card) {
            if (is_open_)
                end("a card has no END");
            card_ = {};
            from_n_.clear();
            is_open_ = true;
            has_seen_ = true;
        } else if (!is_open_) {
            return;
        } else if (equal_ci(line.name, "END") && is_of_card) {
            end({});
        } else {
            take_property(line);
        }
    }

    void take_property(const Line& line) {
        if (equal_ci(line.name, "FN") && card_.name.empty())
            card_.name = whole_text(line);
        else if (equal_ci(line.name, "N") && from_n_.empty())
            from_n_ = spoken_name(line);
        else if (equal_ci(line.name, "ORG") && card_.organisation.empty())
            card_.organisation = tidy(pieces_of(text_of(line)).front());
        else if (equal_ci(line.name, "TEL") && card_.numbers.size() < vcard_numbers_max)
            if (auto number = number_of(line); !number.number.empty())
                card_.numbers.push_back(std::move(number));
    }

    void end(std::string_view what) {
        if (!what.empty())
            fault(std::string(what));
        is_open_ = false;
        if (card_.name.empty())
            card_.name = from_n_.empty() ? card_.organisation : from_n_;
        if (card_.numbers.empty())
            ++out_.without_number;
        else
            out_.cards.push_back(std::move(card_));
        card_ = {};
    }

    void fault(std::string what) {
        constexpr std::size_t faults_max = 16;
        if (out_.faults.size() < faults_max)
            out_.faults.push_back(std::move(what));
    }

    VCards out_;
    VCard card_;
    std::string from_n_;
    bool is_open_ = false;
    bool has_seen_ = false;
};

}  // namespace

Result<VCards> parse_vcards(Bytes text) {
    if (text.size() > vcard_bytes_max)
        return refuse(Code::limit, Blame::peer, "the address book is larger than 256 MiB");
    std::string_view rest(reinterpret_cast<const char*>(text.data()), text.size());
    if (rest.starts_with("\xef\xbb\xbf"))
        rest.remove_prefix(3);
    Reader reader;
    auto out = reader.read(rest);
    if (!reader.has_seen_a_card())
        return refuse(Code::unsupported, Blame::peer,
                      "the file is no address book: it has no BEGIN:VCARD");
    return out;
}

}  // namespace nk::wire
