#include "wire/form_data.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/same_text.h"
#include "base/utf8.h"

namespace nk::wire {

namespace {

constexpr std::string_view kind = "multipart/form-data";
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

tl::unexpected<Error> malformed(const char* why) {
    return refuse(Code::malformed, Blame::peer, std::string("the form cannot be read: ") + why);
}

// A value in quotes or without, from its beginning; `text` is moved behind it. Browsers write a
// quote in a name as %22, others with a backslash before it.
std::string take_value(std::string_view& text) {
    std::string value;
    if (!text.starts_with('"')) {
        const auto end = std::min(text.find(';'), text.size());
        value = trimmed(text.substr(0, end));
        text.remove_prefix(end);
        return value;
    }
    std::size_t at = 1;
    while (at < text.size() && text[at] != '"') {
        const bool is_escaped = text[at] == '\\' && at + 1 < text.size() &&
                                (text[at + 1] == '"' || text[at + 1] == '\\');
        at += is_escaped ? 1 : 0;
        value += text[at++];
    }
    text.remove_prefix(std::min(at + 1, text.size()));
    return value;
}

// A parameter of a header's value, such as name="file"; the name in whatever case.
std::optional<std::string> parameter(std::string_view value, std::string_view name) {
    auto rest = value.substr(std::min(value.find(';'), value.size()));
    while (rest.starts_with(';')) {
        rest.remove_prefix(1);
        const auto equals = rest.find('=');
        const auto next = rest.find(';');
        if (equals == std::string_view::npos || next < equals) {
            rest.remove_prefix(std::min(next, rest.size()));
            continue;
        }
        const auto key = trimmed(rest.substr(0, equals));
        rest.remove_prefix(equals + 1);
        rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
        auto found = take_value(rest);
        rest.remove_prefix(std::min(rest.find(';'), rest.size()));
        if (equal_ci(key, name))
            return found;
    }
    return std::nullopt;
}

std::string_view disposition_in(std::string_view head) {
    while (!head.empty()) {
        const auto line = head.substr(0, head.find(line_end));
        head.remove_prefix(std::min(line.size() + line_end.size(), head.size()));
        const auto colon = line.find(':');
        if (colon != std::string_view::npos &&
            equal_ci(trimmed(line.substr(0, colon)), "content-disposition"))
            return trimmed(line.substr(colon + 1));
    }
    return {};
}

std::string as_name(const std::string& text) {
    return std::string(cut_utf8(as_utf8(text), form_name_bytes_max));
}

// What stands between two boundaries.
Result<FormPart> part_in(std::string_view text) {
    const auto end = text.substr(0, form_head_bytes_max).find(head_end);
    if (end == std::string_view::npos)
        return malformed("a part has no head, or one that is too long");
    const auto disposition = disposition_in(text.substr(0, end));
    const auto name = parameter(disposition, "name");
    if (!equal_ci(trimmed(disposition.substr(0, disposition.find(';'))), "form-data") || !name)
        return malformed("a part has no name");
    FormPart part;
    part.name = as_name(*name);
    part.file_name = as_name(parameter(disposition, "filename").value_or(""));
    part.body = as_bytes(text.substr(end + head_end.size()));
    return part;
}

}  // namespace

Result<std::vector<FormPart>> parse_form_data(std::string_view content_type, Bytes body) {
    if (!equal_ci(trimmed(content_type.substr(0, content_type.find(';'))), kind))
        return refuse(Code::unsupported, Blame::peer, "it is no multipart/form-data");
    const auto boundary = parameter(content_type, "boundary").value_or("");
    if (boundary.empty() || boundary.size() > form_boundary_bytes_max)
        return malformed("it names no boundary");
    const std::string delimiter = "\r\n--" + boundary;
    auto text = as_text(body);
    // The first one may stand at the very beginning.
    if (text.starts_with(std::string_view(delimiter).substr(line_end.size())))
        text.remove_prefix(delimiter.size() - line_end.size());
    else if (const auto first = text.find(delimiter); first != std::string_view::npos)
        text.remove_prefix(first + delimiter.size());
    else
        return malformed("its boundary is nowhere in it");
    std::vector<FormPart> parts;
    while (!text.starts_with("--")) {
        text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
        const auto end = text.find(delimiter);
        if (!text.starts_with(line_end) || end == std::string_view::npos || end < line_end.size())
            return malformed("it ends in the middle");
        if (parts.size() >= form_parts_max)
            return malformed("it has too many parts");
        NK_TAKE(auto part, part_in(text.substr(0, end).substr(line_end.size())));
        parts.push_back(std::move(part));
        text.remove_prefix(end + delimiter.size());
    }
    return parts;
}

}  // namespace nk::wire
