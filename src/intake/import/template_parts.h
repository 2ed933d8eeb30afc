#pragma once
// A template taken apart (name_template.h has its grammar). Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intake/import/date_pattern.h"

namespace nk::importing {

struct TemplatePart;
using TemplateParts = std::vector<TemplatePart>;

struct TemplatePart {
    enum class Kind : std::uint8_t { text, variable, choice } kind = Kind::text;
    std::string text;      // itself, or the variable's name
    std::string argument;  // of a variable; empty when it has none
    std::optional<DatePattern> date;
    std::vector<TemplateParts> choices;
};

Result<TemplateParts> parse_template(std::string_view text);
// One variable, as it stands between its braces ("date:year"). The caller adds the place to errors.
Result<TemplatePart> parse_variable(std::string_view inside);
bool has_variable(const TemplateParts& parts);
// "at letter 12: ..."
std::string at_letter(std::string_view text, std::size_t byte, std::string_view what);

}  // namespace nk::importing
