#include "intake/import/stamp.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/rfc3339.h"
#include "intake/import/testing_zone.h"

namespace nk::importing {
namespace {

using call::Sureness;
using testing::DutchZone;

std::string value_of(std::string_view text) {
    const auto stamp = stamp_in(text);
    return stamp ? started(*stamp, DutchZone(), call::Source::file_name, Sureness::likely).value
                 : "none";
}

std::string remark_of(std::string_view text) {
    return started(stamp_in(text).value(), DutchZone(), call::Source::file_name, Sureness::likely)
        .remark;
}

bool is_a_day(std::string_view year, std::string_view month, std::string_view day) {
    StampPieces pieces;
    pieces.year = year;
    pieces.month = month;
    pieces.day = day;
    return stamp_of(pieces).has_value();
}

std::optional<Civil> at_clock(std::string_view hour, std::string_view minute,
                              std::string_view second, std::string_view am_pm = "") {
    StampPieces pieces;
    pieces.year = "2024";
    pieces.month = "02";
    pieces.day = "28";
    pieces.hour = hour;
    pieces.minute = minute;
    pieces.second = second;
    pieces.am_pm = am_pm;
    const auto stamp = stamp_of(pieces);
    return stamp ? std::optional(stamp->civil) : std::nullopt;
}

TEST(stamp, takes_only_days_that_were) {
    EXPECT_TRUE(is_a_day("2024", "02", "29"));
    EXPECT_FALSE(is_a_day("2023", "02", "29"));
    EXPECT_FALSE(is_a_day("2023", "02", "30"));
    EXPECT_FALSE(is_a_day("2100", "01", "01"));
    EXPECT_FALSE(is_a_day("1979", "12", "31"));
    EXPECT_FALSE(is_a_day("2024", "00", "10"));
    EXPECT_FALSE(is_a_day("2024", "13", "10"));
    EXPECT_FALSE(is_a_day("2024", "01", "00"));
    EXPECT_FALSE(is_a_day("2024", "01", "32"));
    EXPECT_FALSE(is_a_day("2024", "1x", "02"));
    EXPECT_FALSE(is_a_day("2024", "", "02"));
    EXPECT_TRUE(is_a_day("2024", "3", "2"));
}

TEST(stamp, takes_only_clocks_that_are) {
    EXPECT_TRUE(at_clock("23", "59", "59"));
    EXPECT_FALSE(at_clock("25", "00", "00"));
    EXPECT_FALSE(at_clock("10", "60", "00"));
    EXPECT_FALSE(at_clock("10", "10", "60"));
    EXPECT_FALSE(at_clock("10", "", "10"));
}

TEST(stamp, hour_24_is_the_first_of_the_next_day) {
    EXPECT_EQ(at_clock("24", "12", "40"), (Civil{2024, 2, 29, 0, 12, 40}));
}

TEST(stamp, reads_clocks_of_twelve_hours) {
    EXPECT_EQ(at_clock("5", "00", "17", "PM"), (Civil{2024, 2, 28, 17, 0, 17}));
    EXPECT_EQ(at_clock("12", "00", "17", "a.m."), (Civil{2024, 2, 28, 0, 0, 17}));
    EXPECT_EQ(at_clock("12", "00", "17", "PM"), (Civil{2024, 2, 28, 12, 0, 17}));
    EXPECT_EQ(at_clock("17", "00", "17", "PM"), (Civil{2024, 2, 28, 17, 0, 17}));
    EXPECT_FALSE(at_clock("0", "00", "17", "PM"));
}

TEST(stamp, keeps_the_offset_that_was_said) {
    EXPECT_EQ(value_of("2023-07-19T21:53:08.931-04:00"), "2023-07-19T21:53:08.931-04:00");
    EXPECT_EQ(value_of("20230719T215308+0530"), "2023-07-19T21:53:08+05:30");
    EXPECT_EQ(value_of("2023-07-19T21:53:08+00:00"), "2023-07-19T21:53:08+00:00");
    EXPECT_EQ(remark_of("2023-07-19T21:53:08.931-04:00"), "");
}

TEST(stamp, an_offset_with_seconds_which_rfc_3339_has_not_is_told_in_utc) {
    EXPECT_EQ(value_of("2023-07-19T21:53:08+001932"), "2023-07-19T21:33:36Z");
}

TEST(stamp, a_time_in_utc_is_told_on_the_houses_clock) {
    EXPECT_EQ(value_of("2015-08-02T18:30:12Z"), "2015-08-02T20:30:12+02:00");
    EXPECT_EQ(remark_of("2015-08-02T18:30:12Z"), "");
    const auto epoch = stamp_of_epoch("1762442400000");
    ASSERT_TRUE(epoch);
    EXPECT_EQ(started(*epoch, DutchZone(), call::Source::file_name, Sureness::sure).value,
              "2025-11-06T16:20:00+01:00");
}

TEST(stamp, a_time_without_a_zone_is_read_in_the_houses_and_says_so) {
    EXPECT_EQ(value_of("2024-01-31 12:00:00"), "2024-01-31T12:00:00+01:00");
    EXPECT_EQ(value_of("2024-07-31 12.00.00"), "2024-07-31T12:00:00+02:00");
    EXPECT_EQ(remark_of("2024-07-31 12-00-00"), "zone-assumed");
}

TEST(stamp, of_the_hour_that_came_twice_the_first_is_taken_with_a_remark) {
    EXPECT_EQ(value_of("2024-10-27 02:30:00"), "2024-10-27T02:30:00+02:00");
    EXPECT_EQ(remark_of("2024-10-27 02:30:00"), "hour-came-twice");
}

TEST(stamp, the_hour_that_never_was_is_the_one_after_it_with_a_remark) {
    EXPECT_EQ(value_of("2024-03-31 02:30:00"), "2024-03-31T03:30:00+02:00");
    EXPECT_EQ(remark_of("2024-03-31 02:30:00"), "hour-never-was");
}

TEST(stamp, says_when_it_has_no_seconds_or_no_time_of_day) {
    EXPECT_EQ(value_of("2024-01-31 12:05"), "2024-01-31T12:05:00+01:00");
    EXPECT_EQ(remark_of("2024-01-31 12:05"), "minute-only");
    EXPECT_EQ(value_of("2024-01-31"), "2024-01-31T00:00:00+01:00");
    EXPECT_EQ(remark_of("2024-01-31"), "day-only");
    EXPECT_EQ(started(*stamp_in("2024-01-31"), DutchZone(), call::Source::file_name, Sureness::sure)
                  .sureness,
              Sureness::weak);
}

TEST(stamp, takes_seconds_and_milliseconds_since_1970_and_nothing_longer_or_shorter) {
    EXPECT_EQ(stamp_of_epoch("1417985638")->civil, (Civil{2014, 12, 7, 20, 53, 58}));
    EXPECT_EQ(stamp_of_epoch("1417985638250")->nanos, 250'000'000);
    EXPECT_FALSE(stamp_of_epoch("141798563"));
    EXPECT_FALSE(stamp_of_epoch("14179856382"));
    EXPECT_FALSE(stamp_of_epoch("9999999999"));
    EXPECT_FALSE(stamp_of_epoch("9999999999999"));
    EXPECT_FALSE(stamp_of_epoch("4102444800"));
    EXPECT_TRUE(stamp_of_epoch("4102444799"));
    EXPECT_FALSE(stamp_of_epoch("0000000000"));
    EXPECT_FALSE(stamp_of_epoch("14179x5638"));
}

TEST(stamp, junk_is_no_time) {
    for (const auto* text : {"", "2024", "2024-13-01", "2024-01-31T", "2024-01-31T25:00:00",
                             "2024-01-31T10:00:00+99:00", "2024-01-31T10:00:00 maybe", "gisteren"})
        EXPECT_FALSE(stamp_in(text)) << text;
}

RC_GTEST_PROP(stamp, what_with_offset_writes_is_read_back_as_the_same_moment, ()) {
    const auto at_ms = *rc::gen::inRange<std::int64_t>(400'000'000'000, 4'000'000'000'000);
    const auto quarters = *rc::gen::inRange(-48, 57);
    const WallTime time{at_ms * 1'000'000};
    const auto text = with_offset(time, quarters * 900);
    const auto stamp = stamp_in(text);
    RC_ASSERT(stamp.has_value());
    RC_ASSERT(moment_of(*stamp, FixedZone(0)) == time);
    RC_ASSERT(wall_time_in(text) == time);
}

}  // namespace
}  // namespace nk::importing
