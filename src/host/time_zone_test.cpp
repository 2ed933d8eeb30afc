#include "host/time_zone.h"

#include <gtest/gtest.h>

#include "base/rfc3339.h"

namespace nk::host {
namespace {

using Kind = TimeZone::Meaning::Kind;

TimeZone amsterdam() {
    auto zone = TimeZone::named("Europe/Amsterdam");
    EXPECT_TRUE(zone);
    return *std::move(zone);
}

std::string at(WallTime time) {
    return rfc3339(time, 0);
}

TEST(time_zone, knows_winter_from_summer) {
    const auto zone = amsterdam();
    EXPECT_EQ(zone.name(), "Europe/Amsterdam");
    const auto winter = zone.meaning(2024, 1, 31, 12, 0, 0);
    EXPECT_EQ(winter.kind, Kind::once);
    EXPECT_EQ(at(winter.first), "2024-01-31T11:00:00Z");
    EXPECT_EQ(zone.offset_s_at(winter.first), 3600);
    const auto summer = zone.meaning(2024, 7, 31, 12, 0, 0);
    EXPECT_EQ(at(summer.first), "2024-07-31T10:00:00Z");
    EXPECT_EQ(zone.offset_s_at(summer.first), 7200);
}

TEST(time_zone, tells_both_moments_of_the_hour_that_comes_twice_the_earlier_first) {
    const auto twice = amsterdam().meaning(2024, 10, 27, 2, 30, 0);
    EXPECT_EQ(twice.kind, Kind::twice);
    EXPECT_EQ(at(twice.first), "2024-10-27T00:30:00Z");
    EXPECT_EQ(at(twice.second), "2024-10-27T01:30:00Z");
}

TEST(time_zone, takes_the_hour_that_never_was_for_the_one_after_the_leap) {
    const auto never = amsterdam().meaning(2024, 3, 31, 2, 30, 0);
    EXPECT_EQ(never.kind, Kind::never);
    EXPECT_EQ(at(never.first), "2024-03-31T01:30:00Z");  // 03:30 in summer time
    EXPECT_EQ(never.second, never.first);
}

TEST(time_zone, names_zones_near_an_unknown_one) {
    const auto city_alone = TimeZone::named("Amsterdam");
    ASSERT_FALSE(city_alone);
    EXPECT_EQ(city_alone.error().code, Code::not_found);
    EXPECT_NE(city_alone.error().what.find("Europe/Amsterdam"), std::string::npos)
        << city_alone.error().what;
    const auto nothing_like_it = TimeZone::named("Nowhere/Qqqq");
    ASSERT_FALSE(nothing_like_it);
    EXPECT_EQ(nothing_like_it.error().what,
              "there is no time zone \"Nowhere/Qqqq\"; one is written like Europe/Amsterdam");
}

TEST(time_zone, opens_no_file_outside_of_the_tables) {
    for (const auto* name : {"/etc/localtime", "../../../etc/localtime", "file:/etc/localtime"})
        EXPECT_FALSE(TimeZone::named(name)) << name;
}

TEST(time_zone, has_the_machines_own) {
    EXPECT_TRUE(TimeZone::named(""));
    EXPECT_TRUE(TimeZone::named("UTC"));
}

}  // namespace
}  // namespace nk::host
