#include <gtest/gtest.h>

#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::Json;
using testing::TestWindow;

std::string with(TestWindow& house, const std::string& number) {
    return house.bring(
        "mov", "aac",
        {{call::Fact::number, number, call::Source::file_name, call::Sureness::likely, ""}});
}

Json details(TestWindow& house, const std::string& id) {
    return house.ask("GET", "calls/" + id).json();
}

TEST(talks, are_offered_when_somebody_called_back_and_said_by_people) {
    TestWindow house;
    house.set_up();
    const auto first = with(house, "+31612345678");
    const auto other = with(house, "+31687654321");  // at the same time
    house.clock.pass(minutes(2));
    const auto second = with(house, "0612345678");
    house.clock.pass(minutes(5));
    const auto later = with(house, "+31612345678");
    auto call = details(house, first);
    ASSERT_EQ(call["continues"].size(), 1U) << call;
    EXPECT_EQ(call["continues"][0]["call"], second);
    EXPECT_EQ(call["continues"][0]["is_before"], false);
    EXPECT_EQ(call["continues"][0]["gap_ms"], 119'000);
    EXPECT_EQ(details(house, second)["continues"][0]["is_before"], true);
    EXPECT_FALSE(details(house, other).contains("continues"));
    EXPECT_FALSE(details(house, later).contains("continues"));
    const auto said = house.ask("PUT", "calls/" + second + "/talk", {{"with", {first}}});
    ASSERT_EQ(said.status, 200) << said.body;
    EXPECT_EQ(said.json()["conversation"], Json::array({first}));
    EXPECT_FALSE(said.json().contains("continues"));
    EXPECT_EQ(details(house, first)["conversation"], Json::array({second}));
    // A third joins the talk that is there.
    ASSERT_EQ(house.ask("PUT", "calls/" + later + "/talk", {{"with", {second}}}).status, 200);
    EXPECT_EQ(details(house, first)["conversation"], Json::array({second, later}));
    EXPECT_EQ(house.told("changed").size(), 4U);
    // Two talks are not made one by accident.
    house.clock.pass(hours(1));
    const auto third = with(house, "+31687654321");
    const auto fourth = with(house, "+31687654321");
    ASSERT_EQ(house.ask("PUT", "calls/" + third + "/talk", {{"with", {fourth}}}).status, 200);
    EXPECT_EQ(house.ask("PUT", "calls/" + fourth + "/talk", {{"with", {first}}}).status, 409);
}

TEST(talks, are_not_offered_again_when_somebody_said_no) {
    TestWindow house;
    house.set_up();
    const auto first = with(house, "+31612345678");
    house.clock.pass(minutes(1));
    const auto second = with(house, "+31612345678");
    ASSERT_EQ(house.ask("PUT", "calls/" + first + "/talk", {{"with", Json::array()}}).status, 200);
    EXPECT_FALSE(details(house, first).contains("continues"));
    EXPECT_FALSE(details(house, first).contains("conversation"));
    EXPECT_FALSE(details(house, second).contains("continues"));
    // Who thinks better of it can say so.
    ASSERT_EQ(house.ask("PUT", "calls/" + second + "/talk", {{"with", {first}}}).status, 200);
    EXPECT_EQ(details(house, first)["conversation"], Json::array({second}));
}

TEST(talks, are_of_calls_that_the_asker_may_change) {
    TestWindow house;
    house.set_up();
    const auto first = with(house, "+31612345678");
    EXPECT_EQ(house.ask("PUT", "calls/" + first + "/talk", {{"with", {"nothing"}}}).status, 404);
    EXPECT_EQ(house.ask("PUT", "calls/" + first + "/talk", Json::object()).status, 422);
    house.add_account("Ida", {"auditor"});
    house.sign_in("Ida");
    EXPECT_NE(house.ask("PUT", "calls/" + first + "/talk", {{"with", Json::array()}}).status, 200);
}

}  // namespace
}  // namespace nk::listener
