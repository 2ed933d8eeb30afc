#include "listener/form.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/rfc3339.h"
#include "base/utf8.h"

namespace nk::listener {

namespace {

using Json = nlohmann::json;

std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
    }));
}

bool has_controls(std::string_view text, bool lines_are_fine) {
    return std::any_of(text.begin(), text.end(), [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0x7F || (byte < 0x20 && !(lines_are_fine && (c == '\n' || c == '\t')));
    });
}

// Lines only where a text may be long.
constexpr std::size_t one_line_max = 1'000;

std::string fault_of(std::string_view text, TextLimits limits) {
    const auto count = characters_in(text);
    if (count < limits.min)
        return limits.min == 1 ? "must not be empty"
                               : "needs " + std::to_string(limits.min) + " characters";
    if (count > limits.max)
        return "may have " + std::to_string(limits.max) + " characters";
    if (has_controls(text, limits.max > one_line_max))
        return "has characters that are none";
    return {};
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = std::min(text.find_first_not_of(blanks), text.size());
    text.remove_prefix(begin);
    return std::string(text.substr(0, text.find_last_not_of(blanks) + 1));
}

// nlohmann's own parser goes as deep as the stack.
bool is_shallow(std::string_view text) {
    std::size_t depth = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_text) {
            if (c == '\\')
                ++i;
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > limits::json_nesting_max)
                return false;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return true;
}

}  // namespace

struct Form::Inner {
    Json json;
    std::set<std::string> asked;
    Fields wrong;
    std::optional<HttpReply> malformed;

    const Json* find(const char* name) {
        asked.insert(name);
        const auto at = json.find(name);
        return at == json.end() ? nullptr : &*at;
    }
};

Form::Form(const HttpRequest& request) : inner_(std::make_unique<Inner>()) {
    auto& in = *inner_;
    in.json = Json::object();
    const auto type = request.header("content-type").value_or("");
    if (type.substr(0, type.find(';')) != "application/json") {
        in.malformed = problem(415, "not-json", "Content-Type is to be application/json.");
        return;
    }
    auto json = is_shallow(request.body) ? Json::parse(request.body, nullptr, false)
                                         : Json(Json::value_t::discarded);
    if (json.is_object())
        in.json = std::move(json);
    else
        in.malformed = problem(400, "malformed", "The body is no JSON object.");
}

Form::~Form() = default;

bool Form::has(const char* name) {
    return inner_->find(name) != nullptr;
}

std::string Form::text(const char* name, TextLimits limits) {
    auto given = maybe_text(name, limits);
    if (!given && !inner_->wrong.contains(name))
        complain(name, "is missing");
    return std::move(given).value_or("");
}

std::optional<std::string> Form::maybe_text(const char* name, TextLimits limits) {
    const Json* at = inner_->find(name);
    if (at == nullptr)
        return std::nullopt;
    if (!at->is_string()) {
        complain(name, "is to be a text");
        return std::nullopt;
    }
    // A password is what it is; everything else begins and ends with something.
    auto text = std::string_view(name).ends_with("password") ? at->get<std::string>()
                                                             : trimmed(at->get<std::string>());
    if (auto fault = fault_of(text, limits); !fault.empty()) {
        complain(name, std::move(fault));
        return std::nullopt;
    }
    return text;
}

std::optional<std::int64_t> Form::maybe_whole(const char* name, std::int64_t min,
                                              std::int64_t max) {
    const Json* at = inner_->find(name);
    if (at == nullptr)
        return std::nullopt;
    const bool is_whole = at->is_number_integer() &&
                          !(at->is_number_unsigned() &&
                            at->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX));
    if (is_whole && at->get<std::int64_t>() >= min && at->get<std::int64_t>() <= max)
        return at->get<std::int64_t>();
    complain(name,
             "is to be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
}

std::optional<bool> Form::maybe_truth(const char* name) {
    const Json* at = inner_->find(name);
    if (at == nullptr)
        return std::nullopt;
    if (at->is_boolean())
        return at->get<bool>();
    complain(name, "is to be true or false");
    return std::nullopt;
}

std::optional<std::vector<std::string>> Form::maybe_texts(const char* name, std::size_t most,
                                                          TextLimits each) {
    const Json* at = inner_->find(name);
    if (at == nullptr)
        return std::nullopt;
    if (!at->is_array() || at->size() > most) {
        complain(name, "is to be a list of at most " + std::to_string(most));
        return std::nullopt;
    }
    std::vector<std::string> out;
    std::set<std::string> seen;
    for (const auto& one : *at) {
        auto text = one.is_string() ? trimmed(one.get<std::string>()) : std::string();
        auto fault = one.is_string() ? fault_of(text, each) : "is to be a text";
        if (!fault.empty()) {
            complain(name, "one of it " + fault);
            return std::nullopt;
        }
        if (seen.insert(text).second)
            out.push_back(std::move(text));
    }
    return out;
}

std::optional<std::int64_t> Form::maybe_whole_or_null(const char* name, std::int64_t min,
                                                      std::int64_t max) {
    const Json* at = inner_->find(name);
    if (at == nullptr || at->is_null())
        return std::nullopt;
    return maybe_whole(name, min, max);
}

Form::Form(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}

void Form::read_part(const char* name, const std::string& where, std::unique_ptr<Inner> part,
                     const std::function<void(Form&)>& read) {
    Form form(std::move(part));
    read(form);
    for (const auto& [field, value] : form.inner_->json.items())
        if (!form.inner_->asked.contains(field))
            form.inner_->wrong.emplace(as_utf8(field.substr(0, 100)), "is not known here");
    for (const auto& [field, fault] : form.inner_->wrong)
        complain(name, where + field + " " + fault);
}

void Form::each(const char* name, std::size_t most, const std::function<void(Form&)>& read) {
    const Json* list = inner_->find(name);
    if (list == nullptr || !list->is_array() || list->size() > most)
        return complain(name, list == nullptr     ? "is missing"
                              : !list->is_array() ? "is to be a list"
                                                  : "may have " + std::to_string(most));
    for (std::size_t i = 0; i < list->size(); ++i) {
        if (!(*list)[i].is_object()) {
            complain(name, "is to be a list of objects");
            continue;
        }
        auto part = std::make_unique<Inner>();
        part->json = (*list)[i];
        read_part(name, "number " + std::to_string(i + 1) + ": ", std::move(part), read);
    }
}

void Form::object(const char* name, const std::function<void(Form&)>& read) {
    const Json* at = inner_->find(name);
    if (at == nullptr || !at->is_object())
        return complain(name, at == nullptr ? "is missing" : "is to be an object");
    auto part = std::make_unique<Inner>();
    part->json = *at;
    read_part(name, "", std::move(part), read);
}

void Form::complain(const char* name, std::string sentence) {
    inner_->wrong.try_emplace(name, std::move(sentence));
}

std::optional<HttpReply> Form::refusal() {
    auto& in = *inner_;
    if (in.malformed)
        return std::move(in.malformed);
    for (const auto& [name, value] : in.json.items())
        if (!in.asked.contains(name))
            in.wrong.try_emplace(as_utf8(name.substr(0, 100)), "is not known here");
    if (in.wrong.empty())
        return std::nullopt;
    return problem(422, "fields", "Some fields cannot be taken.", in.wrong);
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_blank) {
            out += ' ';
        } else if (text[i] == '%') {
            unsigned value = 0;
            if (i + 2 >= text.size())
                return std::nullopt;
            const auto [end, error] =
                std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
            if (error != std::errc() || end != text.data() + i + 3)
                return std::nullopt;
            out += static_cast<char>(value);
            i += 2;
        } else {
            out += text[i];
        }
    }
    if (has_controls(out, false) || as_utf8(out) != out)
        return std::nullopt;
    return out;
}

std::optional<std::vector<std::string>> parts_of(std::string_view path) {
    std::vector<std::string> out;
    if (!path.starts_with('/'))
        return std::nullopt;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        auto part = percent_decoded(path.substr(0, end), false);
        if (!part || *part == ".." || *part == "." || part->find('/') != std::string::npos)
            return std::nullopt;
        out.push_back(std::move(*part));
        path.remove_prefix(end);
    }
    return out;
}

Query::Query(std::string_view query) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto one = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const auto equals = std::find(one.begin(), one.end(), '=');
        auto name = percent_decoded({one.begin(), equals}, true);
        auto value = percent_decoded(
            equals == one.end() ? std::string_view() : std::string_view(equals + 1, one.end()),
            true);
        if (!name || !value) {
            is_malformed_ = true;
            return;
        }
        if (std::any_of(values_.begin(), values_.end(),
                        [&](const auto& known) { return known.first == *name; }))
            complain(name->c_str(), "comes twice");
        values_.emplace_back(std::move(*name), std::move(*value));
    }
}

const std::string* Query::find(const char* name) {
    asked_.insert(name);
    for (const auto& [known, value] : values_)
        if (known == name)
            return &value;
    return nullptr;
}

std::string Query::text(const char* name, std::size_t max) {
    const auto* value = find(name);
    if (value == nullptr)
        return {};
    if (characters_in(*value) > max) {
        complain(name, "may have " + std::to_string(max) + " characters");
        return {};
    }
    return *value;
}

std::optional<std::int64_t> Query::whole(const char* name, std::int64_t min, std::int64_t max) {
    const auto* text = find(name);
    if (text == nullptr)
        return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error == std::errc() && end == text->data() + text->size() && value >= min && value <= max)
        return value;
    complain(name,
             "is to be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
}

std::optional<WallTime> Query::time(const char* name) {
    const auto* text = find(name);
    if (text == nullptr)
        return std::nullopt;
    auto time = wall_time_in(*text);
    if (!time)
        complain(name, "is to be a time such as 2026-11-23T14:23:01Z");
    return time;
}

bool Query::truth(const char* name) {
    const auto* text = find(name);
    if (text == nullptr || *text == "false")
        return false;
    if (*text != "true")
        complain(name, "is to be true or false");
    return *text == "true";
}

void Query::complain(const char* name, std::string sentence) {
    wrong_.try_emplace(name, std::move(sentence));
}

std::optional<HttpReply> Query::refusal() {
    if (is_malformed_)
        return problem(400, "malformed", "The query of the address cannot be read.");
    for (const auto& [name, value] : values_)
        if (!asked_.contains(name))
            wrong_.try_emplace(name.substr(0, 100), "is not known here");
    if (wrong_.empty())
        return std::nullopt;
    return problem(400, "query", "Some of the address's query cannot be taken.", wrong_);
}

}  // namespace nk::listener
