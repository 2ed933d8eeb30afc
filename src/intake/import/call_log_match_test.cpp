#include "intake/import/call_log_match.h"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nk::importing {
namespace {

using wire::LoggedCall;
using Matches = std::vector<std::optional<std::size_t>>;

WallTime at(std::int64_t second) {
    return WallTime{(1'718'357'962 + second) * 1'000'000'000};
}

RecordedCall recording(std::int64_t second, std::string number, std::int64_t length_s = 60) {
    RecordedCall out;
    out.started = at(second);
    out.length = seconds(length_s);
    if (!number.empty())
        out.numbers.push_back(std::move(number));
    return out;
}

LoggedCall call(std::int64_t second, std::string number, std::int64_t length_s = 60,
                LoggedCall::Type type = LoggedCall::Type::in) {
    LoggedCall out;
    out.number = std::move(number);
    out.started = at(second);
    out.length = seconds(length_s);
    out.type = type;
    return out;
}

Matches match(std::vector<RecordedCall> recordings, std::vector<LoggedCall> calls) {
    return match_calls(recordings, calls);
}

TEST(call_log_match, a_number_is_the_same_at_home_and_abroad) {
    EXPECT_EQ(match({recording(0, "0205550101")}, {call(20, "+31205550101")}), (Matches{0}));
    EXPECT_TRUE(is_same_number("020-555 0101", "0031205550101"));
    EXPECT_FALSE(is_same_number("112", "1112"));
    EXPECT_FALSE(is_same_number("", ""));
}

TEST(call_log_match, three_minutes_apart_is_one_call_and_more_is_not) {
    EXPECT_EQ(match({recording(0, "112")}, {call(180, "112")}), (Matches{0}));
    EXPECT_EQ(match({recording(0, "112")}, {call(-180, "112")}), (Matches{0}));
    EXPECT_EQ(match({recording(0, "112")}, {call(181, "112")}), (Matches{std::nullopt}));
    EXPECT_EQ(match({recording(0, "112")}, {call(-181, "112")}), (Matches{std::nullopt}));
}

TEST(call_log_match, the_nearest_pair_is_taken_first_and_an_entry_only_once) {
    // Both are nearest to the entry at 100; the one at 90 gets it.
    EXPECT_EQ(
        match({recording(60, "112"), recording(90, "112")}, {call(0, "112"), call(100, "112")}),
        (Matches{0, 1}));
    EXPECT_EQ(match({recording(0, "112"), recording(5, "112")}, {call(4, "112")}),
              (Matches{std::nullopt, 0}));
}

TEST(call_log_match, another_number_is_another_call) {
    EXPECT_EQ(match({recording(0, "0205550101")}, {call(0, "0205550102")}),
              (Matches{std::nullopt}));
}

TEST(call_log_match, a_call_that_was_missed_has_no_recording) {
    EXPECT_EQ(match({recording(0, "112")}, {call(0, "112", 0, LoggedCall::Type::missed)}),
              (Matches{std::nullopt}));
}

TEST(call_log_match, without_a_number_one_single_entry_of_that_length_is_needed) {
    EXPECT_EQ(match({recording(0, "")}, {call(30, "0205550101", 62)}), (Matches{0}));
    EXPECT_EQ(match({recording(0, "")}, {call(30, "0205550101", 300)}), (Matches{std::nullopt}));
    EXPECT_EQ(match({recording(0, "")}, {call(30, "0205550101", 62), call(-90, "0612345678", 61)}),
              (Matches{std::nullopt}));
    EXPECT_EQ(match({recording(0, ""), recording(10, "")}, {call(30, "0205550101", 62)}),
              (Matches{std::nullopt, std::nullopt}));
    auto without_length = recording(0, "");
    without_length.length.reset();
    EXPECT_EQ(match({without_length}, {call(0, "0205550101")}), (Matches{std::nullopt}));
}

TEST(call_log_match, an_entry_that_a_number_took_fits_nobody_else) {
    EXPECT_EQ(match({recording(0, ""), recording(40, "0205550101")}, {call(30, "0205550101")}),
              (Matches{std::nullopt, 0}));
}

TEST(call_log_match, a_start_without_seconds_may_be_a_minute_later) {
    auto minute = recording(0, "112");
    EXPECT_EQ(match({minute}, {call(230, "112")}), (Matches{std::nullopt}));
    minute.started_within = minutes(1);
    EXPECT_EQ(match({minute}, {call(230, "112")}), (Matches{0}));
}

RC_GTEST_PROP(call_log_match, no_entry_is_given_twice_and_every_pair_is_near, ()) {
    const auto second = rc::gen::inRange<std::int64_t>(0, 1'000);
    const auto number = rc::gen::element<std::string>("112", "0205550101", "");
    std::vector<RecordedCall> recordings;
    std::vector<LoggedCall> calls;
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i)
        recordings.push_back(recording(*second, *number, *second));
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i)
        calls.push_back(call(*second, *number, *second));
    const auto matches = match_calls(recordings, calls);
    RC_ASSERT(matches.size() == recordings.size());
    std::set<std::size_t> given;
    for (std::size_t i = 0; i < matches.size(); ++i) {
        if (!matches[i])
            continue;
        RC_ASSERT(given.insert(*matches[i]).second);
        const Nanos apart = recordings[i].started - calls[*matches[i]].started;
        RC_ASSERT(apart <= minutes(3) && Nanos(-minutes(3)) <= apart);
    }
}

}  // namespace
}  // namespace nk::importing
