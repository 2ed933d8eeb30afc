#include <gtest/gtest.h>

#include "archive/layout.h"
#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::Answer;
using testing::Json;
using testing::TestWindow;

Json run(TestWindow& house, const Json& body) {
    const auto begun = house.ask("POST", "jobs", body);
    EXPECT_EQ(begun.status, 202) << begun.body;
    const auto path = "jobs/" + begun.json()["id"].get<std::string>();
    for (int tick = 0; tick < 1'000; ++tick) {
        house.window->tick_live();
        const auto job = house.ask("GET", path).json();
        if (job["state"] != "running")
            return job;
    }
    ADD_FAILURE() << "it does not end";
    return {};
}

TEST(jobs, change_many_calls_and_name_those_that_could_not_be) {
    TestWindow house;
    house.set_up("home", {"201"});
    house.add_account("Bo", {"family"}, {"203"});
    std::vector<std::string> calls;
    for (int i = 0; i < 45; ++i)
        calls.push_back(house.record("201", "202"));
    calls.push_back(house.record("203", "204"));  // another's
    calls.emplace_back("20990101T000000Z-aaaaaa");
    const auto job = run(house, {{"kind", "change"}, {"calls", calls}, {"add_tag", "oma"}});
    EXPECT_EQ(job["done"], 47);
    EXPECT_EQ(job["failed"], 2);
    EXPECT_EQ(job["problems"].size(), 2U);
    EXPECT_EQ(house.ask("GET", "calls?tag=oma&count=true").json()["total"], 45);
    const auto kept = run(house, {{"kind", "change"}, {"calls", {calls[0]}}, {"is_kept", true}});
    EXPECT_EQ(kept["failed"], 0);
    const auto removed = run(house, {{"kind", "change"}, {"calls", calls}, {"remove", true}});
    EXPECT_EQ(removed["failed"], 3);
    EXPECT_EQ(house.ask("GET", "calls?count=true").json()["total"], 1);
    const auto back = run(house, {{"kind", "change"}, {"calls", {calls[1]}}, {"restore", true}});
    EXPECT_EQ(back["failed"], 0);
    EXPECT_EQ(house.ask("GET", "calls?count=true").json()["total"], 2);
    EXPECT_EQ(house.ask("GET", "jobs").json()["jobs"].size(), 4U);
    house.sign_in("Bo");
    EXPECT_EQ(house.ask("GET", "jobs").json()["jobs"].size(), 0U);
    EXPECT_EQ(house.ask("GET", "jobs/" + job["id"].get<std::string>()).status, 404);
}

TEST(jobs, ask_at_every_step_whether_one_still_may) {
    TestWindow house;
    house.set_up("home", {"201"});
    std::vector<std::string> calls;
    for (int i = 0; i < 40; ++i)
        calls.push_back(house.record("201", "202"));
    const auto begun =
        house.ask("POST", "jobs", {{"kind", "change"}, {"calls", calls}, {"add_tag", "x"}});
    house.window->tick_live();
    const auto me = house.ask("GET", "session").json()["account"]["id"].get<std::string>();
    house.add_account("Bo", {"owner"}, {"201"});
    EXPECT_EQ(house.ask("PATCH", "accounts/" + me, {{"roles", {"admin"}}}).status, 200);
    for (int tick = 0; tick < 10; ++tick)
        house.window->tick_live();
    const auto job = house.ask("GET", "jobs/" + begun.json()["id"].get<std::string>()).json();
    EXPECT_EQ(job["state"], "done");
    EXPECT_EQ(job["failed"], 20);
}

TEST(jobs, read_the_whole_archive_again) {
    TestWindow house;
    house.set_up("company");
    house.add_account("Emma", {"employee"}, {"201"});
    const auto call = house.record("201", "202");
    const auto job = run(house, {{"kind", "check"}});
    EXPECT_EQ(job["total"], 1);
    EXPECT_EQ(job["failed"], 1);  // the test's own recordings have no right sum
    EXPECT_NE(job["problems"][0].get<std::string>().find(call), std::string::npos);
    house.sign_in("Emma");
    EXPECT_EQ(house.ask("POST", "jobs", {{"kind", "check"}}).status, 403);
}

TEST(jobs, are_refused_that_make_no_sense) {
    TestWindow house;
    house.set_up("home");
    const auto call = house.record("201", "202");
    for (const Json& body :
         {Json{{"kind", "dance"}}, Json{{"kind", "change"}},
          Json{{"kind", "change"}, {"calls", {call}}}, Json{{"kind", "check"}, {"calls", {call}}},
          Json{{"kind", "check"}, {"remove", true}},
          Json{{"kind", "change"}, {"calls", {call}}, {"purpose", "whim"}}})
        EXPECT_EQ(house.ask("POST", "jobs", body).status, 422) << body;
    const Json one{{"kind", "change"}, {"calls", {call}}, {"is_kept", true}};
    const auto begun = house.ask("POST", "jobs", one);
    EXPECT_EQ(begun.status, 202);
    EXPECT_EQ(house.ask("POST", "jobs", one).status, 429);
    EXPECT_EQ(house.ask("DELETE", "jobs/" + begun.json()["id"].get<std::string>()).status, 204);
    house.window->tick_live();
    EXPECT_EQ(house.ask("GET", "calls/" + call).json()["is_kept"], false);
}

TEST(opus, is_an_ogg_stream_of_both_voices_or_of_one) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    for (const auto* query : {"format=opus", "format=opus&party=1", "format=opus&from_ms=200"}) {
        const auto got = house.ask("GET", "calls/" + id + "/audio?" + query);
        EXPECT_EQ(got.status, 200) << got.body;
        EXPECT_EQ(got.type, "audio/ogg");
        EXPECT_TRUE(got.body.starts_with("OggS"));
        EXPECT_NE(got.body.find("OpusHead"), std::string::npos);
        EXPECT_EQ(got.header("Accept-Ranges"), "none");
    }
    EXPECT_FALSE(house.told("hearing").empty());
}

}  // namespace
}  // namespace nk::listener
