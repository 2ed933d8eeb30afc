#include "app/complaints.h"

#include <vector>

#include <gtest/gtest.h>

namespace nk::app {
namespace {

TEST(complaints, are_told_one_by_one_until_there_are_many_in_a_minute) {
    std::vector<std::string> said;
    Complaints complaints([&](const std::string& sentence) { said.push_back(sentence); }, 2);
    MonoTime now{Nanos(seconds(100)).count()};
    for (int i = 0; i < 5; ++i)
        complaints.add("refused", now);
    EXPECT_EQ(said, (std::vector<std::string>{"refused", "refused"}));
    complaints.look(now + seconds(59));
    EXPECT_EQ(said.size(), 2U);
    complaints.look(now + seconds(60));
    ASSERT_EQ(said.size(), 3U);
    EXPECT_EQ(said.back(), "3 more like these were left out of the log");
    complaints.add("again", now + seconds(61));
    EXPECT_EQ(said.back(), "again");
    complaints.look(now + minutes(10));
    EXPECT_EQ(said.size(), 4U);
}

TEST(complaints, that_are_the_same_are_told_once_in_a_minute) {
    std::vector<std::string> said;
    Complaints complaints([&](const std::string& sentence) { said.push_back(sentence); }, 2);
    MonoTime now{Nanos(seconds(100)).count()};
    for (int i = 0; i < 5; ++i)
        for (const auto* who : {"one", "two", "three"})
            complaints.add_once(who, now);
    EXPECT_EQ(said, (std::vector<std::string>{"one", "two"}));
    complaints.add_once("two", now + seconds(61));
    EXPECT_EQ(said.back(), "two");
    EXPECT_EQ(said.size(), 4U);  // with the line about those that were left out
}

}  // namespace
}  // namespace nk::app
