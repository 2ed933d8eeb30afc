#include "call/known.h"

#include <gtest/gtest.h>

#include "base/rfc3339.h"

namespace nk::call {
namespace {

Finding found(Fact fact, std::string value, Source source, Sureness sureness = Sureness::likely,
              std::string remark = "") {
    return {fact, std::move(value), source, sureness, std::move(remark)};
}

TEST(known, believes_the_sidecar_before_the_name_and_a_person_before_all) {
    std::vector<Finding> findings{
        found(Fact::number, "0612340000", Source::file_name),
        found(Fact::number, "+31612340001", Source::sidecar),
        found(Fact::number, "+31612340002", Source::sidecar),
        found(Fact::name, "Oma", Source::contacts),
    };
    EXPECT_EQ(know(findings).numbers, (std::vector<std::string>{"+31612340001", "+31612340002"}));
    EXPECT_EQ(know(findings).names, std::vector<std::string>{"Oma"});
    findings.push_back(found(Fact::number, "0201234567", Source::person));
    EXPECT_EQ(know(findings).numbers, std::vector<std::string>{"0201234567"});
}

TEST(known, believes_what_is_weak_only_when_there_is_nothing_else) {
    const auto weak =
        found(Fact::started, "2020-01-01T10:00:00+01:00", Source::file_name, Sureness::weak);
    const auto better =
        found(Fact::started, "2021-01-01T10:00:00+01:00", Source::call_log, Sureness::likely);
    EXPECT_EQ(know({weak}).started, wall_time_in("2020-01-01T09:00:00Z"));
    EXPECT_TRUE(know({weak}).is_when_unsure);
    EXPECT_EQ(know({weak, better}).started, wall_time_in("2021-01-01T09:00:00Z"));
    EXPECT_FALSE(know({weak, better}).is_when_unsure);
}

TEST(known, is_unsure_of_a_day_or_a_person_that_nobody_told) {
    EXPECT_TRUE(know({}).is_when_unsure);
    EXPECT_TRUE(know({}).is_who_unsure);
    const auto twice = found(Fact::started, "2024-10-27T02:30:00+02:00", Source::file_name,
                             Sureness::likely, "hour-came-twice");
    EXPECT_TRUE(know({twice}).is_when_unsure);
    const auto said =
        found(Fact::started, "2024-10-27T02:30:00+01:00", Source::person, Sureness::sure);
    EXPECT_FALSE(know({twice, said}).is_when_unsure);
    // Somebody was asked, and does not know either.
    EXPECT_FALSE(know({found(Fact::name, "", Source::person, Sureness::sure)}).is_who_unsure);
    EXPECT_TRUE(know({found(Fact::name, "", Source::person, Sureness::sure)}).names.empty());
}

TEST(known, never_makes_up_a_direction) {
    EXPECT_EQ(know({}).direction, Direction::unknown);
    EXPECT_EQ(know({found(Fact::direction, "sideways", Source::sidecar)}).direction,
              Direction::unknown);
    EXPECT_EQ(know({found(Fact::direction, "out", Source::file_name)}).direction, Direction::out);
}

TEST(finding, knows_its_own_names) {
    for (const auto fact : {Fact::started, Fact::direction, Fact::number, Fact::name, Fact::kind,
                            Fact::recorder, Fact::lacks})
        EXPECT_EQ(fact_named(name_of(fact)), fact);
    for (const auto source :
         {Source::person, Source::sidecar, Source::folder, Source::file_name, Source::container,
          Source::call_log, Source::contacts, Source::file_time})
        EXPECT_EQ(source_named(name_of(source)), source);
    for (const auto sureness : {Sureness::sure, Sureness::likely, Sureness::weak})
        EXPECT_EQ(sureness_named(name_of(sureness)), sureness);
    EXPECT_FALSE(fact_named(""));
}

}  // namespace
}  // namespace nk::call
