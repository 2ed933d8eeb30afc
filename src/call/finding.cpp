#include "call/finding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nk::call {

namespace {

template <class T>
using Names = std::pair<T, std::string_view>;

constexpr auto facts = std::to_array<Names<Fact>>({{Fact::started, "started"},
                                                   {Fact::direction, "direction"},
                                                   {Fact::number, "number"},
                                                   {Fact::name, "name"},
                                                   {Fact::kind, "kind"},
                                                   {Fact::recorder, "recorder"},
                                                   {Fact::lacks, "lacks"}});
constexpr auto sources = std::to_array<Names<Source>>({{Source::person, "person"},
                                                       {Source::sidecar, "sidecar"},
                                                       {Source::folder, "folder"},
                                                       {Source::file_name, "file-name"},
                                                       {Source::container, "container"},
                                                       {Source::call_log, "call-log"},
                                                       {Source::contacts, "contacts"},
                                                       {Source::file_time, "file-time"}});
constexpr auto surenesses = std::to_array<Names<Sureness>>(
    {{Sureness::sure, "sure"}, {Sureness::likely, "likely"}, {Sureness::weak, "weak"}});

template <class T, std::size_t n>
std::string_view name_in(const std::array<Names<T>, n>& names, T value) {
    const auto* const found = std::find_if(names.begin(), names.end(),
                                           [&](const auto& one) { return one.first == value; });
    return found == names.end() ? "" : found->second;
}

template <class T, std::size_t n>
std::optional<T> value_in(const std::array<Names<T>, n>& names, std::string_view name) {
    const auto* const found = std::find_if(names.begin(), names.end(),
                                           [&](const auto& one) { return one.second == name; });
    return found == names.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace

namespace {

// What is weak waits for all that is not, wherever it was found.
std::pair<bool, Source> rank(const Finding& one) {
    return {one.sureness == Sureness::weak, one.source};
}

}  // namespace

std::vector<const Finding*> best(const std::vector<Finding>& findings, Fact fact) {
    std::vector<const Finding*> out;
    for (const auto& one : findings) {
        if (one.fact != fact)
            continue;
        if (!out.empty() && rank(one) < rank(*out.front()))
            out.clear();
        if (out.empty() || rank(one) == rank(*out.front()))
            out.push_back(&one);
    }
    return out;
}

std::string_view name_of(Fact fact) {
    return name_in(facts, fact);
}
std::string_view name_of(Source source) {
    return name_in(sources, source);
}
std::string_view name_of(Sureness sureness) {
    return name_in(surenesses, sureness);
}
std::optional<Fact> fact_named(std::string_view name) {
    return value_in(facts, name);
}
std::optional<Source> source_named(std::string_view name) {
    return value_in(sources, name);
}
std::optional<Sureness> sureness_named(std::string_view name) {
    return value_in(surenesses, name);
}

}  // namespace nk::call
