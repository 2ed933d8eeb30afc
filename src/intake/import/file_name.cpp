#include "intake/import/file_name.h"

#include <algorithm>
#include <set>

#include "base/utf8.h"
#include "intake/import/general_name.h"
#include "intake/import/import_limits.h"
#include "intake/import/name_pattern.h"
#include "intake/import/name_text.h"
#include "intake/import/recorders.h"

namespace nk::importing {

namespace {

using call::Fact;
using call::Finding;

std::string clean_stem(std::string_view file_name) {
    const auto base = base_of(file_name);
    return clean_text(cut_utf8(stem_of(base), limits::import_stem_bytes_max));
}

// "name (1)" and "name - Copy (2)" are what file managers make of a second "name".
std::string_view without_copy_mark(std::string_view stem, std::string& mark) {
    static const NamePattern pattern(
        R"((?P<stem>.+?)(?P<mark>(?: - (?:copy|kopie|kopia|copie|копия))?(?: \(\d{1,2}\))?))");
    const auto groups = pattern.match(stem);
    if (!groups || (*groups)["mark"].empty())
        return stem;
    mark = trimmed((*groups)["mark"], " -()");
    return (*groups)["stem"];
}

}  // namespace

NamedFile read_file_name(std::string_view file_name, std::string_view learnt) {
    const std::string whole = clean_stem(file_name);
    std::string copy;
    const auto stem = without_copy_mark(whole, copy);
    NamedFile out = read_by_recorder(stem, learnt).value_or(NamedFile{});
    if (out.is_empty())
        out = read_generally(stem, learnt);
    if (out.numbers.size() > limits::import_people_max)
        out.numbers.resize(limits::import_people_max);
    if (out.names.size() > limits::import_people_max)
        out.names.resize(limits::import_people_max);
    if (!copy.empty() && !out.is_empty())
        out.extras.emplace("copy", copy);
    return out;
}

std::string learn_prefix(std::span<const std::string> file_names) {
    constexpr std::size_t heads_min = 3;
    // What stands in front of a date at the end, as Samsung, ColorOS and MIUI have it.
    static const NamePattern dated(
        R"((?P<head>.+?)(?:[_-]\d{6}_\d{6}|[_-]\d{14}|[_-]\d{8}[_-]\d{6}|-\d{10}))");
    std::set<std::string> heads;
    const auto looked_at =
        file_names.first(std::min(file_names.size(), limits::import_learnt_names_max));
    for (const auto& name : looked_at) {
        const std::string stem = clean_stem(name);
        if (const auto groups = dated.match(stem))
            heads.insert(std::string((*groups)["head"]));
    }
    if (heads.size() < heads_min)
        return {};
    // Of sorted texts the first and the last have the least in common.
    const std::string& first = *heads.begin();
    const std::string& last = *heads.rbegin();
    const auto differ = std::mismatch(first.begin(), first.end(), last.begin(), last.end());
    std::string common(first.begin(), differ.first);
    const auto end = common.find_last_of(" @");
    if (end == std::string::npos)
        return {};
    common.resize(end + 1);
    const bool has_digit = common.find_first_of("0123456789+") != std::string::npos;
    return has_digit || trimmed(common).empty() ? std::string{} : common;
}

std::vector<Finding> findings_of(const NamedFile& named, const Zone& zone, call::Source source) {
    std::vector<Finding> out;
    const auto add = [&](Fact fact, std::string value, call::Sureness sureness) {
        out.push_back({fact, std::move(value), source, sureness, {}});
    };
    if (named.started)
        out.push_back(started(*named.started, zone, source, named.time_sureness));
    if (!named.direction.empty())
        add(Fact::direction, named.direction, named.who_sureness);
    for (const auto& number : named.numbers)
        add(Fact::number, number, named.who_sureness);
    for (const auto& name : named.names)
        add(Fact::name, name, named.who_sureness);
    if (!named.kind.empty())
        add(Fact::kind, named.kind, call::Sureness::likely);
    if (!named.recorder.empty())
        add(Fact::recorder, named.recorder, named.time_sureness);
    return out;
}

}  // namespace nk::importing
