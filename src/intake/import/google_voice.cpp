#include "intake/import/google_voice.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/same_text.h"
#include "base/utf8.h"
#include "intake/import/import_limits.h"
#include "intake/import/name_text.h"

namespace nk::importing {

namespace {

using call::Fact;
using call::Source;
using call::Sureness;

void append(std::string& out, std::uint32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xc0U | c >> 6U);
        out += static_cast<char>(0x80U | (c & 0x3fU));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xe0U | c >> 12U);
        out += static_cast<char>(0x80U | (c >> 6U & 0x3fU));
        out += static_cast<char>(0x80U | (c & 0x3fU));
    } else {
        out += static_cast<char>(0xf0U | c >> 18U);
        out += static_cast<char>(0x80U | (c >> 12U & 0x3fU));
        out += static_cast<char>(0x80U | (c >> 6U & 0x3fU));
        out += static_cast<char>(0x80U | (c & 0x3fU));
    }
}

// The letter that a reference (without & and ;) stands for; 0 for one that we do not know.
std::uint32_t letter_of(std::string_view reference) {
    constexpr std::array<std::pair<std::string_view, std::uint32_t>, 6> known{
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}}};
    for (const auto& [name, c] : known)
        if (name == reference)
            return c;
    if (!reference.starts_with('#'))
        return 0;
    reference.remove_prefix(1);
    const bool is_hex = reference.starts_with('x') || reference.starts_with('X');
    if (is_hex)
        reference.remove_prefix(1);
    std::uint32_t value = 0;
    for (const char c : reference) {
        const auto at = std::string_view("0123456789abcdef").find(folded({&c, 1}));
        if (at == std::string_view::npos || (!is_hex && at > 9) || value > 0x10ffff)
            return 0;
        value = value * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(at);
    }
    return value <= 0x10ffff ? value : 0;
}

std::string text_of(std::string_view html) {
    constexpr std::size_t longest_reference = 10;
    std::string out;
    html = cut_utf8(html, limits::import_text_bytes_max);
    for (std::size_t i = 0; i < html.size(); ++i) {
        const auto end = html[i] == '&' ? html.find(';', i) : std::string_view::npos;
        const bool is_short = end != std::string_view::npos && end - i <= longest_reference;
        const std::uint32_t letter = is_short ? letter_of(html.substr(i + 1, end - i - 1)) : 0;
        if (letter == 0) {
            out += html[i];
            continue;
        }
        append(out, letter);
        i = end;
    }
    return clean_text(out);
}

// A tag's attribute, as written; empty when it has none.
std::string_view attribute(std::string_view tag, std::string_view name) {
    for (auto at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
        const auto quote_at = at + name.size() + 1;
        if (quote_at >= tag.size() || tag[quote_at - 1] != '=' || at == 0 || tag[at - 1] > ' ')
            continue;
        const char quote = tag[quote_at];
        if (quote != '"' && quote != '\'')
            continue;
        const auto end = tag.find(quote, quote_at + 1);
        if (end != std::string_view::npos)
            return tag.substr(quote_at + 1, end - quote_at - 1);
    }
    return {};
}

struct Element {
    std::string_view tag;     // all between < and >
    std::string_view behind;  // what follows it
};

// The first element that has that word as its attribute's value.
std::optional<Element> element(std::string_view html, std::string_view name,
                               std::string_view value) {
    for (auto open = html.find('<'); open != std::string_view::npos;
         open = html.find('<', open + 1)) {
        const auto close = html.find('>', open);
        if (close == std::string_view::npos)
            return std::nullopt;
        const auto tag = html.substr(open + 1, close - open - 1);
        if (attribute(tag, name) == value)
            return Element{tag, html.substr(close + 1)};
        open = close;
    }
    return std::nullopt;
}

// PT1H2M3S (ISO 8601).
std::optional<Nanos> duration_in(std::string_view text) {
    if (!text.starts_with("PT"))
        return std::nullopt;
    std::int64_t total_s = 0;
    std::int64_t value = 0;
    constexpr std::int64_t longest = 1'000'000;
    for (const char c : text.substr(2)) {
        if (c >= '0' && c <= '9') {
            value = std::min(value * 10 + (c - '0'), longest);
            continue;
        }
        const std::int64_t unit = c == 'H' ? 3'600 : c == 'M' ? 60 : c == 'S' ? 1 : 0;
        if (unit == 0)
            return std::nullopt;
        total_s += value * unit;
        value = 0;
    }
    return value == 0 ? std::optional<Nanos>(seconds(total_s)) : std::nullopt;
}

class Page {
public:
    Page(std::string_view html, GoogleVoicePage& out) : html_(html), out_(out) {}

    void take_party() {
        const auto contributor = element(html_, "class", "contributor vcard");
        if (!contributor)
            return;
        const auto tel = element(contributor->behind, "class", "tel");
        if (!tel)
            return;
        auto number = text_of(attribute(tel->tag, "href"));
        if (number.starts_with("tel:"))
            number.erase(0, 4);
        if (is_number(number))
            add(Fact::number, tidy_number(number));
        if (const auto name = element(tel->behind, "class", "fn")) {
            const auto text = text_of(name->behind.substr(0, name->behind.find('<')));
            if (!is_number(text) && !is_withheld(text))
                add(Fact::name, text);
        }
    }

    // By its labels, which are the same in every language.
    void take_labels() {
        for (auto label = element(html_, "rel", "tag"); label;
             label = element(label->behind, "rel", "tag")) {
            const auto href = attribute(label->tag, "href");
            const auto kind = href.substr(std::min(href.rfind('#'), href.size()));
            if (kind == "#voicemail")
                kind_ = "message";
            if (kind == "#voicemail" || kind == "#received" || kind == "#missed")
                direction_ = "in";
            else if (kind == "#placed")
                direction_ = "out";
        }
        add(Fact::direction, direction_);
        add(Fact::kind, kind_);
        add(Fact::recorder, "gvoice");
    }

    void take_times(const Zone& zone) {
        if (const auto published = element(html_, "class", "published"))
            if (const auto stamp = stamp_in(attribute(published->tag, "title")))
                out_.findings.push_back(started(*stamp, zone, Source::sidecar, Sureness::sure));
        if (const auto duration = element(html_, "class", "duration"))
            out_.length = duration_in(attribute(duration->tag, "title"));
    }

private:
    void add(Fact fact, std::string value) {
        if (!value.empty())
            out_.findings.push_back({fact, std::move(value), Source::sidecar, Sureness::sure, {}});
    }

    std::string_view html_;
    GoogleVoicePage& out_;
    std::string direction_;
    std::string kind_ = "call";
};

}  // namespace

GoogleVoicePage read_google_voice(std::string_view html, const Zone& zone) {
    GoogleVoicePage out;
    const std::string text =
        as_utf8(html.substr(0, std::min(html.size(), limits::google_html_bytes_max)));
    const auto call = element(text, "class", "haudio");
    if (!call)
        return out;
    Page page(call->behind, out);
    page.take_times(zone);
    page.take_party();
    page.take_labels();
    return out;
}

}  // namespace nk::importing
