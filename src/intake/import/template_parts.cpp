#include "intake/import/template_parts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "intake/import/import_limits.h"

namespace nk::importing {

namespace {

constexpr std::string_view special = "\\{}[]|";

struct Variable {
    std::string_view name;
    std::vector<std::string_view> arguments;
};

const std::vector<Variable>& variables() {
    static const std::vector<Variable> all{
        {"date", {}},
        {"direction", {}},
        {"sim_slot", {"always"}},
        {"phone_number", {"E.164", "international", "national", "digits_only", "formatted"}},
        {"contact_name", {}},
        {"caller_name", {}},
        {"call_log_name", {}},
        {"any", {}}};
    return all;
}

std::string joined(const auto& texts) {
    std::string out;
    for (const auto& text : texts)
        out.append(out.empty() ? "" : ", ").append(text);
    return out;
}

std::string known_names() {
    std::vector<std::string_view> names;
    for (const auto& one : variables())
        names.push_back(one.name);
    return joined(names);
}

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<TemplateParts> parse() {
        NK_TAKE(auto parts, sequence(0));
        if (at_ < text_.size())
            return wrong(at_, std::string(1, text_[at_]) +
                                  " stands alone; with \\ in front of it, it is itself");
        return parts;
    }

private:
    [[nodiscard]] tl::unexpected<Error> wrong(std::size_t byte, std::string_view what) const {
        return refuse(Code::malformed, Blame::owner, at_letter(text_, byte, what));
    }

    [[nodiscard]] bool is_at(char c) const { return at_ < text_.size() && text_[at_] == c; }

    // Up to a ']' or '|' that is not its own.
    Result<TemplateParts> sequence(std::size_t deep) {
        TemplateParts parts;
        while (at_ < text_.size() && !is_at(']') && !is_at('|') && !is_at('}')) {
            if (++count_ > limits::template_parts_max)
                return wrong(at_, "the template has more parts than any name needs");
            if (is_at('{')) {
                NK_TAKE(auto part, variable());
                parts.push_back(std::move(part));
            } else if (is_at('[')) {
                NK_TAKE(auto part, choice(deep + 1));
                parts.push_back(std::move(part));
            } else {
                NK_TAKE(auto text, literal());
                parts.push_back({TemplatePart::Kind::text, std::move(text), {}, {}, {}});
            }
        }
        return parts;
    }

    Result<std::string> literal() {
        std::string out;
        for (; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\\') {
                const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
                if (next == '\0' || special.find(next) == std::string_view::npos)
                    return wrong(at_, "\\ stands in front of \\ { } [ ] or | alone");
                ++at_;
            } else if (special.find(text_[at_]) != std::string_view::npos) {
                break;
            }
            out += text_[at_];
        }
        return out;
    }

    Result<TemplatePart> variable() {
        const std::size_t place = at_++;
        NK_TAKE(const auto inside, literal());
        if (!is_at('}'))
            return wrong(place, "a { has no } that ends it");
        ++at_;
        auto part = parse_variable(inside);
        if (!part)
            return wrong(place, part.error().what);
        return part;
    }

    Result<TemplatePart> choice(std::size_t deep) {
        const std::size_t place = at_++;
        if (deep > limits::template_nesting_max)
            return wrong(place, "too many [ are nested");
        TemplatePart out;
        out.kind = TemplatePart::Kind::choice;
        while (true) {
            NK_TAKE(auto one, sequence(deep));
            out.choices.push_back(std::move(one));
            if (!is_at('|'))
                break;
            ++at_;
        }
        if (!is_at(']'))
            return wrong(place, "a [ has no ] that ends it");
        ++at_;
        return out;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t count_ = 0;
};

}  // namespace

std::string at_letter(std::string_view text, std::size_t byte, std::string_view what) {
    const auto front = text.substr(0, byte);
    const auto letters = std::count_if(front.begin(), front.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80;
    });
    return "at letter " + std::to_string(letters + 1) + ": " + std::string(what);
}

Result<TemplatePart> parse_variable(std::string_view inside) {
    const auto colon = inside.find(':');
    TemplatePart out;
    out.kind = TemplatePart::Kind::variable;
    out.text = inside.substr(0, colon);
    out.argument = colon == std::string_view::npos ? "" : inside.substr(colon + 1);
    const auto wrong = [](std::string what) {
        return refuse(Code::malformed, Blame::owner, std::move(what));
    };
    const auto known = std::find_if(variables().begin(), variables().end(),
                                    [&](const auto& one) { return one.name == out.text; });
    if (known == variables().end())
        return wrong("there is no variable {" + out.text + "}; there are " + known_names());
    if (out.text == "date") {
        NK_TAKE(out.date, DatePattern::compile(out.argument));
        return out;
    }
    const bool is_known =
        out.argument.empty() || std::find(known->arguments.begin(), known->arguments.end(),
                                          out.argument) != known->arguments.end();
    if (!is_known)
        return wrong(known->arguments.empty()
                         ? "{" + out.text + "} has nothing behind a colon"
                         : "{" + out.text + "} knows " + joined(known->arguments) +
                               " behind its colon, and not \"" + out.argument + "\"");
    return out;
}

Result<TemplateParts> parse_template(std::string_view text) {
    return Parser(text).parse();
}

bool has_variable(const TemplateParts& parts) {
    return std::any_of(parts.begin(), parts.end(), [](const TemplatePart& part) {
        return part.kind == TemplatePart::Kind::variable ||
               std::any_of(part.choices.begin(), part.choices.end(), has_variable);
    });
}

}  // namespace nk::importing
