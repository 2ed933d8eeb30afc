#include "host/time_zone.h"

#include <algorithm>
#include <fstream>
#include <utility>
#include <vector>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include "base/same_text.h"

namespace nk::host {

struct TimeZone::Inner {
    absl::TimeZone zone;
};

namespace {

constexpr std::size_t near_names_max = 3;
constexpr const char* all_zones = "/usr/share/zoneinfo/tzdata.zi";

// Nothing that leads out of the tables' folder.
bool is_plain(std::string_view name) {
    return name.front() != '/' && name.find("..") == std::string_view::npos &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '/' || c == '_' || c == '-' || c == '+';
           });
}

std::string_view city_of(std::string_view name) {
    return name.substr(name.rfind('/') + 1);  // npos + 1 is 0
}

// How many letters both have at their front, in whatever case.
std::size_t common_front(std::string_view a, std::string_view b) {
    std::size_t count = 0;
    while (count < std::min(a.size(), b.size()) && equal_ci(a.substr(count, 1), b.substr(count, 1)))
        ++count;
    return count;
}

// Zones whose city begins as the written one does, the likest first. In the tables' own list a
// zone's line is "Z name ..." and another name for it "L zone name".
std::vector<std::string> near_names(std::string_view written) {
    constexpr std::size_t letters_min = 4;
    const std::string_view city = city_of(written);
    std::vector<std::pair<std::size_t, std::string>> found;
    std::ifstream in(all_zones);
    for (std::string line; std::getline(in, line);) {
        std::string_view name = line;
        if (name.starts_with("Z "))
            name = name.substr(2, name.find(' ', 2) - 2);
        else if (name.starts_with("L "))
            name = name.substr(name.rfind(' ') + 1);
        else
            continue;
        const std::size_t likeness = common_front(city, city_of(name));
        if (likeness >= std::min(letters_min, city.size()) && likeness > 0)
            found.emplace_back(likeness, name);
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::vector<std::string> names;
    for (const auto& [likeness, name] : found)
        if (names.size() < near_names_max && likeness == found.front().first)
            names.push_back(name);
    return names;
}

WallTime wall_of(absl::Time time) {
    return WallTime{absl::ToUnixNanos(time)};
}

}  // namespace

TimeZone::TimeZone(std::shared_ptr<const Inner> inner, std::string name)
    : inner_(std::move(inner)), name_(std::move(name)) {}

Result<TimeZone> TimeZone::named(std::string_view name) {
    absl::TimeZone zone = absl::LocalTimeZone();
    if (!name.empty() && (!is_plain(name) || !absl::LoadTimeZone(std::string(name), &zone))) {
        std::string what = "there is no time zone \"" + std::string(name) + "\"";
        const auto near = is_plain(name) ? near_names(name) : std::vector<std::string>{};
        for (std::size_t i = 0; i < near.size(); ++i)
            what += (i == 0 ? "; near it: " : ", ") + near[i];
        if (near.empty())
            what += "; one is written like Europe/Amsterdam";
        return refuse(Code::not_found, Blame::owner, std::move(what));
    }
    auto inner = std::make_shared<const Inner>(Inner{zone});
    return TimeZone(std::move(inner), zone.name());
}

TimeZone::Meaning TimeZone::meaning(int year, int month, int day, int hour, int minute,
                                    int second) const {
    using Kind = absl::TimeZone::TimeInfo;
    const auto info = inner_->zone.At(absl::CivilSecond(year, month, day, hour, minute, second));
    Meaning out;
    out.first = wall_of(info.pre);
    out.second = info.kind == Kind::REPEATED ? wall_of(info.post) : out.first;
    out.kind = info.kind == Kind::REPEATED  ? Meaning::Kind::twice
               : info.kind == Kind::SKIPPED ? Meaning::Kind::never
                                            : Meaning::Kind::once;
    return out;
}

std::int32_t TimeZone::offset_s_at(WallTime time) const {
    return inner_->zone.At(absl::FromUnixNanos(time.ns)).offset;
}

}  // namespace nk::host
