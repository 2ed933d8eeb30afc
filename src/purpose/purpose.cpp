#include "purpose/purpose.h"

#include <array>
#include <utility>

namespace nk::purpose {

namespace {

constexpr std::array<std::pair<Purpose, std::string_view>, 5> purposes{
    {{Purpose::wording, "wording"},
     {Purpose::training, "training"},
     {Purpose::agreement, "agreement"},
     {Purpose::memory, "memory"},
     {Purpose::keepsake, "keepsake"}}};
constexpr std::array<std::pair<Basis, std::string_view>, 4> bases{
    {{Basis::capture_file, "capture-file"},
     {Basis::own_line, "own-line"},
     {Basis::company, "company"},
     {Basis::warrant, "warrant"}}};
constexpr std::array<std::pair<Door, std::string_view>, 4> doors{{{Door::siprec, "siprec"},
                                                                  {Door::tap, "tap"},
                                                                  {Door::bridge, "bridge"},
                                                                  {Door::import, "import"}}};

template <class Table, class Value>
std::string_view name_in(const Table& table, Value value) {
    for (const auto& [candidate, name] : table)
        if (candidate == value)
            return name;
    return {};
}

template <class Value, class Table>
std::optional<Value> value_in(const Table& table, std::string_view name) {
    for (const auto& [candidate, text] : table)
        if (text == name)
            return candidate;
    return std::nullopt;
}

}  // namespace

std::string_view name_of(Purpose purpose) {
    return name_in(purposes, purpose);
}
std::string_view name_of(Basis basis) {
    return name_in(bases, basis);
}
std::string_view name_of(Door door) {
    return name_in(doors, door);
}
std::optional<Purpose> purpose_named(std::string_view name) {
    return value_in<Purpose>(purposes, name);
}
std::optional<Basis> basis_named(std::string_view name) {
    return value_in<Basis>(bases, name);
}
std::optional<Door> door_named(std::string_view name) {
    return value_in<Door>(doors, name);
}

Result<Basis> may_capture_live(std::optional<std::string_view> basis_option) {
    if (!basis_option)
        return refuse(Code::refused, Blame::owner,
                      "recording other people's calls without authority is a crime: say whose "
                      "calls these are "
                      "with --basis own-line or --basis company");
    const auto basis = basis_named(*basis_option);
    if (basis == Basis::warrant)
        return refuse(Code::refused, Blame::owner,
                      "--basis warrant is refused: interception does not exist in this program");
    if (!basis || *basis == Basis::capture_file)
        return refuse(Code::refused, Blame::owner,
                      "--basis is own-line (your own calls) or company (lines whose staff and "
                      "callers know), not \"" +
                          std::string(*basis_option) + "\"");
    return *basis;
}

}  // namespace nk::purpose
