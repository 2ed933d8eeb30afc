#include "purpose/retention.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nk::purpose {
namespace {

constexpr Nanos day = hours(24);

WallTime at_day(std::int64_t days) {
    return WallTime{0} + day * days;
}

TEST(retention, keeps_calls_for_training_for_90_days_and_all_others_for_ever) {
    const auto rules = usual_rules();
    EXPECT_EQ(kept_for(rules, Purpose::training, {}), day * 90);
    for (const auto purpose :
         {Purpose::wording, Purpose::agreement, Purpose::memory, Purpose::keepsake})
        EXPECT_EQ(kept_for(rules, purpose, {}), std::nullopt);
}

TEST(retention, takes_the_rule_of_a_line_before_the_general_one) {
    const std::vector<RetentionRule> rules{{Purpose::training, "", 90},
                                           {Purpose::training, "31201", 10},
                                           {Purpose::training, "31202", 30},
                                           {Purpose::training, "31203", {}},
                                           {Purpose::wording, "31201", 5}};
    using Lines = std::vector<std::string_view>;
    EXPECT_EQ(kept_for(rules, Purpose::training, Lines{"31209"}), day * 90);
    EXPECT_EQ(kept_for(rules, Purpose::training, Lines{"31209", "31201"}), day * 10);
    EXPECT_EQ(kept_for(rules, Purpose::training, Lines{"31202", "31201"}), day * 30);
    EXPECT_EQ(kept_for(rules, Purpose::training, Lines{"31203", "31201"}), std::nullopt);
    EXPECT_EQ(kept_for(rules, Purpose::memory, Lines{"31201"}), std::nullopt);
}

TEST(retention, announces_waits_puts_away_and_erases) {
    Standing call{.ended = at_day(0)};
    const auto rule = day * 90;
    EXPECT_EQ(fate_of(call, rule, at_day(75)), (Fate{Stay::until, at_day(90), Step::none}));
    EXPECT_EQ(fate_of(call, rule, at_day(76)), (Fate{Stay::until, at_day(90), Step::announce}));
    call.announced = at_day(76);
    EXPECT_EQ(fate_of(call, rule, at_day(89)), (Fate{Stay::until, at_day(90), Step::none}));
    EXPECT_EQ(fate_of(call, rule, at_day(90)), (Fate{Stay::until, at_day(90), Step::put_away}));
    call.removed = at_day(90);
    EXPECT_EQ(fate_of(call, rule, at_day(119)),
              (Fate{Stay::in_safekeeping, at_day(120), Step::none}));
    EXPECT_EQ(fate_of(call, rule, at_day(120)),
              (Fate{Stay::in_safekeeping, at_day(120), Step::erase}));
}

TEST(retention, gives_notice_of_a_new_rule_whatever_the_age) {
    Standing call{.ended = at_day(0)};
    EXPECT_EQ(fate_of(call, day, at_day(5'000)),
              (Fate{Stay::until, at_day(5'014), Step::announce}));
    call.announced = at_day(5'000);
    EXPECT_EQ(fate_of(call, day, at_day(5'013)).step, Step::none);
    EXPECT_EQ(fate_of(call, day, at_day(5'014)).step, Step::put_away);
}

TEST(retention, takes_an_announcement_back) {
    Standing call{.ended = at_day(0), .announced = at_day(76)};
    EXPECT_EQ(fate_of(call, day * 900, at_day(95)).step, Step::take_back);
    EXPECT_EQ(fate_of(call, std::nullopt, at_day(95)), (Fate{Stay::for_ever, {}, Step::take_back}));
    for (auto* why : {&call.is_kept, &call.is_held, &call.is_in_album}) {
        *why = true;
        EXPECT_EQ(fate_of(call, day * 90, at_day(95)).step, Step::take_back);
        *why = false;
    }
}

Standing any_standing() {
    const auto maybe_day = [] {
        return *rc::gen::arbitrary<bool>() ? std::optional(at_day(*rc::gen::inRange(0, 2'000)))
                                           : std::nullopt;
    };
    return {.ended = at_day(*rc::gen::inRange(0, 2'000)),
            .is_kept = *rc::gen::arbitrary<bool>(),
            .is_held = *rc::gen::arbitrary<bool>(),
            .is_in_album = *rc::gen::arbitrary<bool>(),
            .announced = maybe_day(),
            .removed = maybe_day()};
}

RC_GTEST_PROP(retention, erases_only_what_lay_in_safekeeping_for_30_days_and_is_not_held, ()) {
    const auto standing = any_standing();
    const auto now = at_day(*rc::gen::inRange(0, 3'000));
    const auto fate = fate_of(standing, day * *rc::gen::inRange(1, 1'000), now);
    if (fate.step == Step::erase)
        RC_ASSERT(standing.removed && !standing.is_held &&
                  now - *standing.removed >= safekeeping_lasts);
    if (fate.step == Step::put_away)
        RC_ASSERT(!standing.removed && !standing.is_kept && !standing.is_held &&
                  !standing.is_in_album && standing.announced &&
                  now - *standing.announced >= notice_lasts);
    if (fate.stay == Stay::kept || fate.stay == Stay::held)
        RC_ASSERT(fate.step == Step::none || fate.step == Step::take_back);
}

// Followed day by day, whatever the rule, nothing goes without its notice and its safekeeping.
RC_GTEST_PROP(retention, leads_every_call_the_same_way, ()) {
    Standing call{.ended = at_day(*rc::gen::inRange(0, 500))};
    std::optional<std::int64_t> announced, removed, erased;
    for (std::int64_t today = *rc::gen::inRange(0, 800); today < 2'000 && !erased; ++today) {
        const auto fate = fate_of(call, day * 90, at_day(today));
        RC_ASSERT(fate.step != Step::take_back);
        if (fate.step == Step::announce)
            call.announced = at_day(*(announced = today));
        if (fate.step == Step::put_away)
            call.removed = at_day(*(removed = today));
        if (fate.step == Step::erase)
            erased = today;
    }
    RC_ASSERT(announced && removed && erased);
    RC_ASSERT(*removed - *announced >= 14 && *erased - *removed == 30);
    RC_ASSERT(*removed * day >= call.ended - at_day(0) + day * 90);
}

}  // namespace
}  // namespace nk::purpose
