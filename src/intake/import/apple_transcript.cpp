#include "intake/import/apple_transcript.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "intake/import/import_limits.h"
#include "intake/import/name_text.h"

namespace nk::importing {

namespace {

using Json = nlohmann::json;

const Json& at(const Json& object, const char* key) {
    static const Json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::optional<Nanos> moment_in(const Json& value) {
    constexpr double longest_s = 1e7;
    if (!value.is_number())
        return std::nullopt;
    const auto at_s = value.get<double>();
    if (!std::isfinite(at_s) || at_s < 0 || at_s > longest_s)
        return std::nullopt;
    return Nanos(static_cast<std::int64_t>(std::llround(at_s * 1e9)));
}

struct Range {
    Nanos from{0}, to{0};
};

std::optional<Range> range_in(const Json& attributes) {
    const Json& range = at(attributes, "timeRange");
    if (!range.is_array() || range.size() < 2)
        return std::nullopt;
    const auto from = moment_in(range[0]);
    const auto to = moment_in(range[1]);
    if (!from || !to || *to < *from)
        return std::nullopt;
    return Range{*from, *to};
}

// What is said of a text: itself, or its place in the table.
const Json& attributes_of(const Json& item, const Json& table) {
    static const Json nothing;
    if (item.is_object())
        return item;
    if (!item.is_number_unsigned() || !table.is_array())
        return nothing;
    const auto index = item.get<std::uint64_t>();
    return index < table.size() ? table[index] : nothing;
}

std::string one_spaced(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_space = static_cast<unsigned char>(c) <= ' ';
        if (!is_space)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    return std::string(trimmed(out));
}

// A text without a time, a comma perhaps, belongs to the word before it.
void take_run(std::string_view raw, const std::optional<Range>& range, AppleTranscript& out) {
    const std::string text = one_spaced(as_utf8(cut_utf8(raw, limits::import_text_bytes_max)));
    if (text.empty())
        return;
    if (!range) {
        if (!out.words.empty() && out.words.back().text.size() < limits::import_text_bytes_max)
            out.words.back().text += text;
        return;
    }
    if (out.words.size() == limits::apple_words_max) {
        out.is_cut = true;
        return;
    }
    out.words.push_back({text, range->from, range->to});
}

void take_runs(const Json& runs, const Json& table, AppleTranscript& out) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!runs[i].is_string())
            continue;
        const bool has_more = i + 1 < runs.size() && !runs[i + 1].is_string();
        const auto range =
            has_more ? range_in(attributes_of(runs[i + 1], table)) : std::optional<Range>{};
        take_run(runs[i].get_ref<const std::string&>(), range, out);
    }
}

}  // namespace

Result<AppleTranscript> read_apple_transcript(std::string_view json) {
    if (json.size() > limits::apple_transcript_bytes_max)
        return refuse(Code::limit, Blame::peer, "the transcript in the file is too large");
    const Json parsed = Json::parse(json, nullptr, /*allow_exceptions=*/false);
    if (parsed.is_discarded())
        return refuse(Code::malformed, Blame::peer, "the transcript in the file is no JSON");
    AppleTranscript out;
    const Json& text = at(parsed, "attributedString");
    if (text.is_array())
        take_runs(text, {}, out);
    else if (at(text, "runs").is_array())
        take_runs(at(text, "runs"), at(text, "attributeTable"), out);
    else
        return refuse(Code::unsupported, Blame::peer,
                      "the JSON in the file is no transcript that we know");
    const Json& locale = at(at(parsed, "locale"), "identifier");
    if (locale.is_string()) {
        out.locale = clean_text(cut_utf8(locale.get_ref<const std::string&>(), 32));
        std::replace(out.locale.begin(), out.locale.end(), '_', '-');
    }
    return out;
}

}  // namespace nk::importing
