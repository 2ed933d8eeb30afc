// What becomes of recordings, through the window: by hand, by hold and by rule, a day at a time.

#include <set>

#include <gtest/gtest.h>

#include "archive/house_files.h"
#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::Json;
using testing::TestWindow;

std::set<std::string> ids_in(const testing::Answer& answer) {
    std::set<std::string> out;
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto json = answer.json();
    for (const auto& call : json["calls"])
        out.insert(call["id"]);
    return out;
}

// And who sat there is signed in again.
void pass_days(TestWindow& house, int days) {
    for (int day = 0; day < days; ++day) {
        house.clock.pass(hours(24));
        house.window->tick();
    }
    house.sign_in("Anna");
}

bool has_folder(TestWindow& house, const std::string& id) {
    return house.disk.exists(archive::recording_folder("/archive", id));
}

TEST(keeping_desk, has_back_what_was_removed) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    const auto other = house.record("203", "204");
    EXPECT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
    EXPECT_EQ(house.ask("DELETE", "calls/" + id).json()["type"], "in-safekeeping");
    EXPECT_EQ(ids_in(house.ask("GET", "calls")), std::set{other});
    EXPECT_EQ(ids_in(house.ask("GET", "calls?only=safekeeping")), std::set{id});
    const auto call = house.ask("GET", "calls/" + id).json();
    EXPECT_EQ(call["may"], Json({"see", "remove", "hold", "release"}));
    EXPECT_TRUE(call.contains("removed_at") && call.contains("deleted_at"));
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio").status, 403);
    house.reopen();
    EXPECT_EQ(ids_in(house.ask("GET", "calls")), std::set{other});
    EXPECT_EQ(house.ask("POST", "calls/" + id + "/restore", Json::object()).status, 200);
    EXPECT_EQ(house.ask("POST", "calls/" + id + "/restore", Json::object()).status, 409);
    EXPECT_EQ(ids_in(house.ask("GET", "calls")), (std::set{id, other}));
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio").status, 200);
    EXPECT_EQ(house.told("removed").size(), 1U);
    EXPECT_EQ(house.told("restored").size(), 1U);
}

TEST(keeping_desk, deletes_after_thirty_days_of_safekeeping_and_not_before) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    ASSERT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
    pass_days(house, 29);
    EXPECT_TRUE(has_folder(house, id));
    pass_days(house, 1);
    EXPECT_FALSE(has_folder(house, id));
    EXPECT_FALSE(house.calls.has(id));
    EXPECT_TRUE(house.catalogue->ids()->empty());
    EXPECT_EQ(house.told("deleted").size(), 1U);
    EXPECT_EQ(house.ask("GET", "calls/" + id).status, 404);
}

TEST(keeping_desk, lets_calls_for_training_go_as_the_rule_says) {
    TestWindow house;
    house.set_up("company");
    const auto training = house.record("201", "202", purpose::Purpose::training);
    const auto wording = house.record("201", "203", purpose::Purpose::wording);
    house.clock.pass(seconds(5));  // they are over
    EXPECT_TRUE(house.ask("GET", "calls/" + training).json().contains("goes_at"));
    EXPECT_FALSE(house.ask("GET", "calls/" + wording).json().contains("goes_at"));
    pass_days(house, 75);
    EXPECT_TRUE(house.told("announced").empty());
    pass_days(house, 1);
    ASSERT_EQ(house.told("announced").size(), 1U);
    EXPECT_EQ(house.told("announced")[0].event.who, "rule");
    EXPECT_EQ(ids_in(house.ask("GET", "calls?only=going")), std::set{training});
    pass_days(house, 13);
    EXPECT_EQ(ids_in(house.ask("GET", "calls")), (std::set{training, wording}));
    pass_days(house, 1);
    EXPECT_EQ(ids_in(house.ask("GET", "calls")), std::set{wording});
    EXPECT_EQ(ids_in(house.ask("GET", "calls?only=safekeeping")), std::set{training});
    pass_days(house, 30);
    EXPECT_FALSE(has_folder(house, training));
    EXPECT_TRUE(has_folder(house, wording));
    pass_days(house, 1'000);
    EXPECT_TRUE(has_folder(house, wording));
}

TEST(keeping_desk, gives_notice_again_of_what_was_had_back) {
    TestWindow house;
    house.set_up("company");
    const auto id = house.record("201", "202", purpose::Purpose::training);
    house.clock.pass(seconds(5));
    pass_days(house, 95);
    ASSERT_EQ(house.ask("POST", "calls/" + id + "/restore", Json::object()).status, 200);
    pass_days(house, 13);
    EXPECT_EQ(ids_in(house.ask("GET", "calls")), std::set{id});
    EXPECT_EQ(house.ask("PATCH", "calls/" + id, {{"is_kept", true}}).status, 200);
    pass_days(house, 500);
    EXPECT_EQ(ids_in(house.ask("GET", "calls")), std::set{id});
    EXPECT_EQ(house.ask("DELETE", "calls/" + id).json()["type"], "kept");
    EXPECT_EQ(house.told("announcement-taken-back").size(), 1U);
}

TEST(keeping_desk, holds_until_two_have_released_it) {
    TestWindow house;
    house.set_up("company");
    house.add_account("Otto", {"auditor"});
    house.add_account("Emma", {"employee"}, {"201"});
    const auto id = house.record("201", "202", purpose::Purpose::training);
    EXPECT_EQ(house.ask("POST", "calls/" + id + "/release", Json::object()).json()["type"],
              "not-held");
    EXPECT_EQ(house.ask("POST", "calls/" + id + "/hold", Json::object()).status, 422);
    house.sign_in("Emma");
    EXPECT_EQ(house.ask("POST", "calls/" + id + "/hold", {{"reason", "ik"}}).status, 403);
    house.sign_in("Otto");
    const auto held = house.ask("POST", "calls/" + id + "/hold", {{"reason", "Klacht 12"}});
    ASSERT_EQ(held.status, 200) << held.body;
    EXPECT_EQ(held.json()["hold"]["by"], "Otto");
    EXPECT_EQ(held.json()["hold"]["reason"], "Klacht 12");
    EXPECT_EQ(held.json()["is_held"], true);
    pass_days(house, 400);
    house.sign_in("Anna");
    EXPECT_EQ(ids_in(house.ask("GET", "calls?only=held")), std::set{id});
    EXPECT_EQ(house.ask("DELETE", "calls/" + id).json()["type"], "held");
    const auto one = house.ask("POST", "calls/" + id + "/release", Json::object());
    EXPECT_EQ(one.json()["hold"]["released_by"], Json({"Anna"}));
    EXPECT_EQ(house.ask("POST", "calls/" + id + "/release", Json::object()).json()["type"],
              "said-already");
    house.reopen();
    EXPECT_EQ(house.ask("GET", "calls/" + id).json()["is_held"], true);
    house.sign_in("Otto");
    EXPECT_EQ(house.ask("POST", "calls/" + id + "/release", Json::object()).json()["is_held"],
              false);
    for (const auto& entry : house.told())
        EXPECT_EQ(entry.event.detail.find("Klacht"), std::string::npos);
    EXPECT_EQ(house.told("released").size(), 1U);
    EXPECT_EQ(house.told("release-asked").size(), 1U);
}

TEST(keeping_desk, deletes_nothing_in_safekeeping_that_is_held) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    ASSERT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
    ASSERT_EQ(house.ask("POST", "calls/" + id + "/hold", {{"reason", "zaak"}}).status, 200);
    pass_days(house, 100);
    EXPECT_TRUE(has_folder(house, id));
}

TEST(keeping_desk, sets_rules_by_purpose_and_line) {
    TestWindow house;
    house.set_up("company");
    house.add_account("Otto", {"auditor"});
    const auto id = house.record("0201234567", "202", purpose::Purpose::wording);
    EXPECT_EQ(house.ask("GET", "retention").json()["rules"].size(), 5U);
    const auto set = [&](const Json& rules) {
        return house.ask("PUT", "retention", {{"rules", rules}});
    };
    for (const Json& rules : {Json("x"), Json::array({1}), Json::array({{{"purpose", "wording"}}}),
                              Json::array({{{"purpose", "whim"}, {"days", 1}}}),
                              Json::array({{{"purpose", "wording"}, {"days", 0}}}),
                              Json::array({{{"purpose", "wording"}, {"days", 1.5}}}),
                              Json::array({{{"purpose", "wording"}, {"days", 1}, {"x", 1}}}),
                              Json::array({{{"purpose", "memory"}, {"line", "-"}, {"days", 1}}}),
                              Json::array({{{"purpose", "wording"}, {"days", 1}},
                                           {{"purpose", "wording"}, {"days", 2}}})})
        EXPECT_EQ(set(rules).status, 422) << rules;
    const Json rules =
        Json::array({{{"purpose", "wording"}, {"days", nullptr}},
                     {{"purpose", "wording"}, {"line", "+31 20 1234567"}, {"days", 20}}});
    EXPECT_EQ(set(rules).json()["rules"], rules);
    EXPECT_TRUE(house.ask("GET", "calls/" + id).json().contains("goes_at"));
    house.reopen();
    EXPECT_EQ(house.ask("GET", "retention").json()["rules"], rules);
    pass_days(house, 21);
    EXPECT_TRUE(house.calls.is_in_safekeeping(id));
    house.sign_in("Otto");
    EXPECT_EQ(set(rules).status, 403);
    EXPECT_EQ(house.ask("GET", "retention").status, 200);
}

TEST(keeping_desk, lets_nothing_go_by_rules_that_it_cannot_read) {
    TestWindow house;
    house.set_up("company");
    const auto id = house.record("201", "202", purpose::Purpose::training);
    const std::string text = "{";
    house.disk.put("/archive/retention.json", {text.begin(), text.end()});
    house.reopen();
    EXPECT_FALSE(house.warnings.empty());
    pass_days(house, 400);
    EXPECT_EQ(ids_in(house.ask("GET", "calls")), std::set{id});
}

TEST(keeping_desk, lets_nothing_go_when_the_clock_is_set_ahead) {
    TestWindow house;
    house.set_up("company");
    const auto id = house.record("201", "202", purpose::Purpose::training);
    ASSERT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
    house.window->tick();
    house.clock.on_wall = house.clock.on_wall + hours(24 * 365);
    for (int minute = 0; minute < 300; ++minute) {
        house.clock.pass(minutes(1));
        house.window->tick();
    }
    EXPECT_TRUE(has_folder(house, id));
    EXPECT_EQ(house.warnings.size(), 1U);
    house.clock.on_wall = house.clock.on_wall + Nanos(-hours(24 * 365));  // it was mended
    pass_days(house, 29);
    EXPECT_TRUE(has_folder(house, id));
    pass_days(house, 2);
    EXPECT_FALSE(has_folder(house, id));
}

TEST(keeping_desk, lets_nothing_go_when_the_clock_is_wrong_from_the_start) {
    TestWindow house;
    house.set_up("company");
    const auto id = house.record("201", "202", purpose::Purpose::training);
    ASSERT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
    house.window->tick();
    house.clock.on_wall = house.clock.on_wall + hours(24 * 365);
    house.reopen();
    for (int minute = 0; minute < 300; ++minute) {
        house.clock.pass(minutes(1));
        house.window->tick();
    }
    EXPECT_TRUE(has_folder(house, id));
}

TEST(keeping_desk, gives_time_again_when_a_hold_in_safekeeping_is_released) {
    TestWindow house;
    house.set_up();
    house.add_account("Bo", {"owner"});
    const auto id = house.record("201", "202");
    ASSERT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
    ASSERT_EQ(house.ask("POST", "calls/" + id + "/hold", {{"reason", "zaak"}}).status, 200);
    pass_days(house, 400);
    ASSERT_EQ(house.ask("POST", "calls/" + id + "/release", Json::object()).status, 200);
    house.sign_in("Bo");
    ASSERT_EQ(house.ask("POST", "calls/" + id + "/release", Json::object()).status, 200);
    pass_days(house, 29);
    EXPECT_TRUE(has_folder(house, id));
    EXPECT_EQ(house.ask("POST", "calls/" + id + "/restore", Json::object()).status, 200);
}

TEST(keeping_desk, brings_nothing_back_whose_deletion_has_begun) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    ASSERT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
    ASSERT_TRUE(
        archive::write_deletion(house.disk, "/archive", id, {"rule", "", house.clock.wall()}));
    for (const auto* what : {"/restore", "/hold"})
        EXPECT_EQ(house.ask("POST", "calls/" + id + what, {{"reason", "x"}}).json()["type"],
                  "deleted");
}

TEST(keeping_desk, goes_on_with_the_others_when_one_cannot_be_let_go) {
    TestWindow house;
    house.set_up();
    const auto bad = house.record("201", "202");
    const auto good = house.record("203", "204");
    for (const auto& id : {bad, good})
        ASSERT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
    house.disk.put(archive::day_folder("/archive/notes", bad) + "/" + bad + ".json", {'{'});
    pass_days(house, 31);
    EXPECT_TRUE(has_folder(house, bad));
    EXPECT_FALSE(has_folder(house, good));
}

TEST(keeping_desk, lets_nothing_go_that_it_cannot_write_down_or_read_the_notes_of) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    ASSERT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
    const auto notes = archive::day_folder("/archive/notes", id) + "/" + id + ".json";
    const auto whole = *house.disk.contents(notes);
    house.disk.put(notes, {'{'});
    pass_days(house, 40);
    EXPECT_TRUE(has_folder(house, id));
    house.disk.put(notes, whole);
    pass_days(house, 1);
    EXPECT_FALSE(has_folder(house, id));
}

// Whatever operation of the disk fails, the next days end what was begun; and it was written down.
TEST(keeping_desk, ends_a_deletion_that_was_cut_off_even_after_a_restart) {
    for (std::uint64_t n = 1; n < 80; ++n) {
        TestWindow house;
        house.set_up();
        const auto id = house.record("201", "202");
        ASSERT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
        house.clock.pass(hours(24 * 30));
        house.disk.fail_at(n);
        house.window->tick();
        const bool is_over = !house.disk.has_failed();
        house.disk.fail_at(0);
        if (!has_folder(house, id)) {
            EXPECT_FALSE(house.told("deleted").empty()) << n;
        }
        // As a restart finds it: the list is what the catalogue has.
        house.calls.clear();
        house.window.reset();
        archive::Followed followed;
        std::vector<archive::Brief> briefs;
        ASSERT_TRUE(house.catalogue->follow(followed, 100, briefs));
        for (const auto& brief : briefs)
            house.calls.put(brief);
        house.log = *custody::Log::open(house.disk, house.clock, "/state/custody");
        house.reopen();
        pass_days(house, 1);
        EXPECT_FALSE(has_folder(house, id)) << n;
        EXPECT_FALSE(house.calls.has(id)) << n;
        EXPECT_TRUE(archive::read_notes(house.disk, "/archive", id)->tags.empty());
        EXPECT_TRUE(*archive::read_deletion(house.disk, "/archive", id)) << n;
        if (is_over)
            return;
    }
    FAIL() << "the staircase has no end";
}

}  // namespace
}  // namespace nk::listener
