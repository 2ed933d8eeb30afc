#include "intake/import/name_template.h"

#include <algorithm>
#include <array>
#include <utility>

#include <re2/re2.h>

#include "base/utf8.h"
#include "intake/import/import_limits.h"
#include "intake/import/name_text.h"
#include "intake/import/template_parts.h"

namespace nk::importing {

struct NameTemplate::Inner {
    std::string text;
    TemplateParts parts;  // of a pattern that only reads: none
    bool is_pattern = false;
    std::unique_ptr<RE2> regex;
    std::vector<Piece> pieces;  // of its groups, in their order
};

namespace {

// ---- The pattern that reads.

struct Regex {
    std::string text;
    std::vector<Piece> pieces;

    void add(std::string_view some, Piece piece) {
        text += some;
        pieces.push_back(piece);
    }
};

void add_variable(const TemplatePart& part, Regex& out) {
    if (part.date) {
        out.text += part.date->regex();
        out.pieces.insert(out.pieces.end(), part.date->pieces().begin(), part.date->pieces().end());
    } else if (part.text == "direction") {
        out.add("(in|out|conference)", Piece::direction);
    } else if (part.text == "sim_slot") {
        out.add(R"((\d+))", Piece::sim_slot);
    } else if (part.text == "phone_number") {
        out.add(R"((_\d[\d_]*#|[+\d(*#][\d+,*#()]*(?:[ .-]{1,2}[\d+()]+)*)"
                R"(|unknown|private|anonymous|null))",
                Piece::number);
    } else if (part.text == "any") {
        out.text += "[^/]*?";
    } else {
        out.add("([^/]+)", part.text == "contact_name" ? Piece::contact_name : Piece::other_name);
    }
}

void add_parts(const TemplateParts& parts, Regex& out) {
    for (const auto& part : parts)
        switch (part.kind) {
            case TemplatePart::Kind::text:
                out.text += quoted_for_name(part.text);
                break;
            case TemplatePart::Kind::variable:
                add_variable(part, out);
                break;
            case TemplatePart::Kind::choice:
                out.text += "(?:";
                for (std::size_t i = 0; i < part.choices.size(); ++i) {
                    out.text += i == 0 ? "" : "|";
                    add_parts(part.choices[i], out);
                }
                out.text += ")";
        }
}

// Where a variable stands in a pattern of bcr-gui's; {2,3} is the pattern's own.
bool is_variable_at(std::string_view text, std::size_t at) {
    const bool is_named = at + 1 < text.size() && ((text[at + 1] >= 'a' && text[at + 1] <= 'z') ||
                                                   (text[at + 1] >= 'A' && text[at + 1] <= 'Z'));
    return text[at] == '{' && is_named && (at == 0 || text[at - 1] != '\\');
}

// Groups of the pattern's own keep nothing: the pieces are counted by ours alone. "(?" is let be.
Result<Regex> pattern_of(std::string_view text) {
    Regex out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\\' && at + 1 < text.size()) {
            out.text += text.substr(at, 2);
            at += 2;
        } else if (is_variable_at(text, at)) {
            const auto end = text.find('}', at);
            if (end == std::string_view::npos)
                return refuse(Code::malformed, Blame::owner,
                              at_letter(text, at, "a { has no } that ends it"));
            auto part = parse_variable(text.substr(at + 1, end - at - 1));
            if (!part)
                return refuse(Code::malformed, Blame::owner,
                              at_letter(text, at, part.error().what));
            add_variable(*part, out);
            at = end + 1;
        } else {
            const bool is_group = text[at] == '(' && text.substr(at, 2) != "(?";
            out.text += is_group ? std::string_view("(?:") : text.substr(at, 1);
            ++at;
        }
    }
    return out;
}

std::unique_ptr<RE2> compiled(const std::string& regex) {
    RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    return std::make_unique<RE2>(regex, options);
}

// ---- Reading.

void take_name(NamedFile& out, std::string_view text) {
    if (is_withheld(text))
        return;
    if (is_number(text) && out.numbers.empty())
        out.add_number(text);
    else if (!is_number(text))
        out.add_name(text);
}

// As many names as there are others on a conference, joined by commas.
void take_people(NamedFile& out, std::string_view numbers, std::string_view names) {
    const auto each = [](std::string_view text, auto take) {
        while (true) {
            const auto comma = text.find(',');
            take(trimmed(text.substr(0, comma)));
            if (comma == std::string_view::npos)
                return;
            text.remove_prefix(comma + 1);
        }
    };
    each(numbers, [&out](std::string_view text) {
        std::string number(text);
        std::replace(number.begin(), number.end(), '_', '*');  // which a file's name cannot have
        if (!is_withheld(number))
            out.add_number(number);
    });
    const auto commas = static_cast<std::size_t>(std::count(names.begin(), names.end(), ','));
    const bool is_many =
        commas > 0 && (out.direction == "conference" || commas + 1 == out.numbers.size());
    if (is_many)
        each(names, [&out](std::string_view name) { take_name(out, name); });
    else if (!trimmed(names).empty())
        take_name(out, names);
}

struct Found {
    std::array<std::string_view, static_cast<std::size_t>(Piece::other_name) + 1> texts{};

    std::string_view& operator[](Piece piece) { return texts[static_cast<std::size_t>(piece)]; }
};

bool take_date(Found& found, NamedFile& out) {
    if (!found[Piece::epoch].empty()) {
        out.started = stamp_of_epoch(found[Piece::epoch]);
        return out.started.has_value();
    }
    StampPieces pieces;
    pieces.year = found[Piece::year];
    pieces.year_of_two_digits = found[Piece::year_of_two_digits];
    pieces.month = found[Piece::month];
    pieces.day = found[Piece::day];
    pieces.hour = found[Piece::hour];
    pieces.minute = found[Piece::minute];
    pieces.second = found[Piece::second];
    pieces.fraction = found[Piece::fraction];
    pieces.am_pm = found[Piece::am_pm];
    std::string zone(found[Piece::zone]);
    if (!zone.empty() && zone.front() >= '0' && zone.front() <= '9')
        zone.insert(0, "+");
    zone += found[Piece::zone_minutes];
    pieces.zone = zone;
    const std::string month = std::to_string(month_named(found[Piece::month_word]));
    if (month != "0")
        pieces.month = month;
    const bool has_date = !pieces.year.empty() || !pieces.year_of_two_digits.empty();
    if (!has_date && pieces.month.empty() && pieces.day.empty())
        return true;  // a template without a date
    if (pieces.hour.empty()) {
        pieces.minute = {};  // of a clock without its hour nothing is known
        pieces.second = {};
    } else if (pieces.minute.empty()) {
        pieces.minute = "00";
    }
    out.started = stamp_of(pieces);
    return out.started.has_value();
}

// As many pieces of the path, from its end, as the template has folders and a name.
std::string_view path_end(std::string_view path, std::size_t slashes) {
    std::size_t at = path.size();
    for (std::size_t i = 0; i <= slashes; ++i) {
        if (at == 0)
            return path;
        const auto slash = path.rfind('/', at - 1);
        if (slash == std::string_view::npos)
            return path;
        at = slash;
    }
    return path.substr(at + 1);
}

}  // namespace

NameTemplate::NameTemplate(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
NameTemplate::NameTemplate(NameTemplate&&) noexcept = default;
NameTemplate& NameTemplate::operator=(NameTemplate&&) noexcept = default;
NameTemplate::~NameTemplate() = default;

const std::string& NameTemplate::text() const {
    return inner_->text;
}

Result<NameTemplate> NameTemplate::compile(std::string_view text) {
    if (text.size() > limits::template_bytes_max)
        return refuse(
            Code::limit, Blame::owner,
            "a template has at most " + std::to_string(limits::template_bytes_max) + " bytes");
    auto inner = std::make_unique<Inner>();
    inner->text = clean_text(text);
    inner->is_pattern = text.starts_with('^');
    Regex regex;
    if (inner->is_pattern) {
        NK_TAKE(regex, pattern_of(inner->text));
        regex.text += "(?:.*)";  // bcr-gui's need not say how a name ends
    } else {
        NK_TAKE(inner->parts, parse_template(inner->text));
        add_parts(inner->parts, regex);
        if (!has_variable(inner->parts))
            regex.pieces.clear();
    }
    if (regex.pieces.empty())
        return refuse(Code::malformed, Blame::owner,
                      "the template has no variable that says anything, like {date}");
    if (regex.text.size() > limits::template_pattern_bytes_max)
        return refuse(Code::limit, Blame::owner, "the template is too large");
    inner->regex = compiled(regex.text);
    const auto groups =
        static_cast<std::size_t>(std::max(0, inner->regex->NumberOfCapturingGroups()));
    if (!inner->regex->ok() || groups != regex.pieces.size())
        return refuse(Code::malformed, Blame::owner,
                      "the pattern cannot be read: " + inner->regex->error());
    inner->pieces = std::move(regex.pieces);
    return NameTemplate(std::move(inner));
}

std::optional<NamedFile> NameTemplate::read(std::string_view path) const {
    const auto slashes = inner_->is_pattern
                             ? std::ptrdiff_t{0}
                             : std::count(inner_->text.begin(), inner_->text.end(), '/');
    const std::string name = clean_text(cut_utf8(
        stem_of(path_end(path, static_cast<std::size_t>(slashes))), limits::import_path_bytes_max));
    std::vector<re2::StringPiece> groups(inner_->pieces.size() + 1);
    if (!inner_->regex->Match({name.data(), name.size()}, 0, name.size(), RE2::ANCHOR_BOTH,
                              groups.data(), static_cast<int>(groups.size())))
        return std::nullopt;
    Found found;
    for (std::size_t i = 0; i < inner_->pieces.size(); ++i) {
        const auto& group = groups[i + 1];
        if (auto& text = found[inner_->pieces[i]]; text.empty())
            text = std::string_view(group.data(), group.size());
    }
    NamedFile out;
    if (!take_date(found, out))
        return std::nullopt;
    out.direction =
        found[Piece::direction].empty() ? std::string{} : folded(found[Piece::direction]);
    if (!found[Piece::sim_slot].empty())
        out.extras.emplace("sim", found[Piece::sim_slot]);
    const auto contact = found[Piece::contact_name];
    take_people(out, found[Piece::number], contact.empty() ? found[Piece::other_name] : contact);
    return out;
}

// ---- Writing.

namespace {

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& text : texts)
        if (!trimmed(text).empty())
            out.append(out.empty() ? "" : ",").append(trimmed(text));
    return out;
}

std::string digits_only(std::string_view text) {
    std::string out;
    for (const char c : text)
        if ((c >= '0' && c <= '9') || c == ',')
            out += c;
    return out;
}

// Empty when it is not known. Only a date may make folders.
std::string value_of(const TemplatePart& part, const NameFacts& facts) {
    if (part.date)
        return part.date->write(facts.started, facts.offset_s, facts.zone_name);
    std::string out;
    if (part.text == "direction")
        out = facts.direction;
    else if (part.text == "sim_slot")
        out = facts.sim_slot && (facts.has_several_sims || part.argument == "always")
                  ? std::to_string(*facts.sim_slot)
                  : "";
    else if (part.text == "phone_number")
        out = part.argument == "digits_only" ? digits_only(joined(facts.numbers))
                                             : joined(facts.numbers);
    else if (part.text == "contact_name")
        out = joined(facts.contact_names);
    else if (part.text == "caller_name")
        out = joined(facts.caller_names);
    else if (part.text == "call_log_name")
        out = trimmed(facts.call_log_name);
    std::replace(out.begin(), out.end(), '/', '_');
    return out;
}

// False, with the variable's name in `missing`, when one is not known.
bool write_parts(const TemplateParts& parts, const NameFacts& facts, std::string& out,
                 std::string& missing) {
    for (const auto& part : parts) {
        if (part.kind == TemplatePart::Kind::text) {
            out += part.text;
        } else if (part.kind == TemplatePart::Kind::variable) {
            const std::string value = value_of(part, facts);
            if (value.empty()) {
                missing = part.text;
                return false;
            }
            out += value;
        } else {
            const bool is_written =
                std::any_of(part.choices.begin(), part.choices.end(), [&](const auto& choice) {
                    std::string text;
                    if (!write_parts(choice, facts, text, missing))
                        return false;
                    out += text;
                    return true;
                });
            if (!is_written)
                return false;
        }
    }
    return true;
}

bool is_lost_in_names(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f ||
           std::string_view("\"*/:<>?\\|").find(c) != std::string_view::npos;
}

// A folder or a name of at most 255 bytes, with room for an extension.
std::string sanitised(std::string_view piece) {
    constexpr std::size_t bytes_max = 240;
    std::string out(cut_utf8(piece, bytes_max));
    std::replace_if(out.begin(), out.end(), is_lost_in_names, '_');
    return out;
}

std::string sanitised_path(std::string_view path) {
    std::string out;
    while (true) {
        const auto slash = path.find('/');
        const std::string piece = sanitised(path.substr(0, slash));
        if (!piece.empty() && piece != "." && piece != "..")
            out.append(out.empty() ? "" : "/").append(piece);
        if (slash == std::string_view::npos)
            return out;
        path.remove_prefix(slash + 1);
    }
}

}  // namespace

Result<std::string> NameTemplate::write(const NameFacts& facts) const {
    if (inner_->is_pattern)
        return refuse(Code::unsupported, Blame::owner,
                      "a pattern that begins with ^ reads names and writes none");
    std::string out;
    std::string missing;
    if (!write_parts(inner_->parts, facts, out, missing))
        return refuse(Code::not_found, Blame::owner,
                      "the template needs {" + missing + "}, which is not known of this call; [{" +
                          missing + "}|] does without");
    out = sanitised_path(as_utf8(out));
    if (out.empty())
        return refuse(Code::malformed, Blame::owner, "the template makes an empty name");
    return out;
}

std::vector<PreviewRow> preview(const NameTemplate& made, std::span<const std::string> file_names) {
    std::vector<PreviewRow> out;
    for (const auto& name : file_names)
        out.push_back({name, made.read(name)});
    return out;
}

}  // namespace nk::importing
