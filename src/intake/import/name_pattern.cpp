#include "intake/import/name_pattern.h"

#include <array>

#include <re2/re2.h>

#include "intake/import/import_limits.h"
#include "intake/import/name_text.h"

namespace nk::importing {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> pieces_of_time{{
    {"{ymd}", R"((?P<y>\d{4})(?P<mo>\d\d)(?P<d>\d\d))"},
    {"{y-m-d}", R"((?P<y>\d{4})-(?P<mo>\d\d)-(?P<d>\d\d))"},
    {"{yymd}", R"((?P<yy>\d\d)(?P<mo>\d\d)(?P<d>\d\d))"},
    {"{hms}", R"((?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d))"},
    {"{h-m-s}", R"((?P<h>\d\d)-(?P<mi>\d\d)-(?P<s>\d\d))"},
    {"{h.m.s}", R"((?P<h>\d\d)\.(?P<mi>\d\d)\.(?P<s>\d\d))"},
}};

std::string written_out(std::string_view pattern) {
    std::string out(pattern);
    for (const auto& [name, groups] : pieces_of_time)
        if (const auto at = out.find(name); at != std::string::npos)
            out.replace(at, name.size(), groups);
    return out;
}

RE2::Options options() {
    RE2::Options out;
    out.set_case_sensitive(false);
    out.set_dot_nl(true);
    out.set_log_errors(false);
    return out;
}

}  // namespace

NamePattern::NamePattern(std::string_view pattern)
    : regex_(std::make_unique<RE2>(written_out(pattern), options())) {
    if (regex_->ok())
        for (const auto& [name, number] : regex_->NamedCapturingGroups())
            names_.emplace_back(name, number);
}

NamePattern::NamePattern(NamePattern&&) noexcept = default;
NamePattern::~NamePattern() = default;

std::string NamePattern::error() const {
    return regex_->ok() ? std::string{} : regex_->error();
}

std::string_view NamePattern::Groups::operator[](std::string_view name) const {
    for (const auto& [known, text] : all_)
        if (known == name)
            return text;
    return {};
}

std::optional<NamePattern::Groups> NamePattern::match(std::string_view text) const {
    if (!regex_->ok())
        return std::nullopt;
    std::vector<re2::StringPiece> found(
        static_cast<std::size_t>(regex_->NumberOfCapturingGroups()) + 1);
    if (!regex_->Match({text.data(), text.size()}, 0, text.size(), RE2::ANCHOR_BOTH, found.data(),
                       static_cast<int>(found.size())))
        return std::nullopt;
    Groups groups;
    groups.all_.reserve(names_.size());
    for (const auto& [name, number] : names_) {
        const auto& piece = found[static_cast<std::size_t>(number)];
        groups.all_.emplace_back(name, std::string_view(piece.data(), piece.size()));
    }
    return groups;
}

namespace {

// Whether the groups agree with a time, or have none.
bool take_time(const NamePattern::Groups& groups, NamedFile& out) {
    if (const auto epoch = groups["epoch"]; !epoch.empty()) {
        out.started = stamp_of_epoch(epoch);
        return out.started.has_value();
    }
    StampPieces pieces;
    pieces.year = groups["y"];
    pieces.year_of_two_digits = groups["yy"];
    pieces.month = groups["mo"];
    pieces.day = groups["d"];
    if (pieces.year.empty() && pieces.year_of_two_digits.empty())
        return true;
    pieces.hour = groups["h"];
    pieces.minute = groups["mi"];
    pieces.second = groups["s"];
    pieces.fraction = groups["frac"];
    pieces.am_pm = groups["ampm"];
    pieces.zone = groups["tz"];
    out.started = stamp_of(pieces);
    return out.started.has_value();
}

}  // namespace

bool take_groups(const NamePattern::Groups& groups, NamedFile& out) {
    if (!take_time(groups, out))
        return false;
    if (const auto number = groups["num"]; !is_withheld(number))
        out.add_number(number);
    out.add_name(groups["name"]);
    if (const auto who = groups["who"]; out.numbers.empty() || !is_number(who))
        out.add_who(who);
    if (const auto word = groups["dir"]; !word.empty())
        out.direction = direction_of(word).direction;
    if (const auto digit = groups["dirn"]; !digit.empty())
        out.direction = digit == "0" ? "in" : "out";
    for (const auto& [name, text] : groups.all())
        if (name.starts_with("x_") && !text.empty())
            out.extras.emplace(name.substr(2), text);
    return true;
}

}  // namespace nk::importing
