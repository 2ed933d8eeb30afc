// Two things at once: what is answered later must not undo what happened meanwhile.

#include <gtest/gtest.h>

#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::Json;
using testing::TestWindow;

std::string id_of(TestWindow& house, const std::string& name) {
    const auto accounts = house.ask("GET", "accounts").json();
    for (const auto& account : accounts["accounts"])
        if (account["name"] == name)
            return account["id"];
    return {};
}

TEST(meanwhile, a_new_password_does_not_undo_that_somebody_was_shut_out) {
    TestWindow house;
    house.set_up();
    house.add_account("Bo", {"family"});
    const auto path = "accounts/" + id_of(house, "Bo");
    house.work.is_held = true;
    const auto slow = house.ask_slowly("PATCH", path, {{"password", "another long one"}});
    EXPECT_EQ(house.ask("PATCH", path, {{"is_disabled", true}}).status, 200);
    house.work.let_go();
    ASSERT_TRUE(*slow);
    EXPECT_EQ((*slow)->status, 409);
    const auto accounts = house.ask("GET", "accounts").json();
    for (const auto& account : accounts["accounts"])
        EXPECT_EQ(account["is_disabled"], account["name"] == "Bo");
}

TEST(meanwhile, two_owners_do_not_leave_a_house_without_one) {
    TestWindow house;
    house.set_up();
    house.add_account("Bo", {"owner"});
    const auto anna = id_of(house, "Anna");
    const auto bo = id_of(house, "Bo");
    house.work.is_held = true;
    const Json demoted{{"password", "another long one"}, {"roles", {"employee"}}};
    const auto one = house.ask_slowly("PATCH", "accounts/" + bo, demoted);
    const auto other = house.ask_slowly("PATCH", "accounts/" + anna, demoted);
    house.work.let_go();
    EXPECT_EQ((*one)->status, 200);
    EXPECT_EQ((*other)->status, 409);
}

TEST(meanwhile, the_old_password_opens_nothing_any_more) {
    TestWindow house;
    house.set_up();
    house.add_account("Bo", {"family"});
    const auto path = "accounts/" + id_of(house, "Bo");
    house.work.is_held = true;
    const auto changed = house.ask_slowly("PATCH", path, {{"password", "another long one"}});
    house.cookie.clear();
    const auto entered =
        house.ask_slowly("POST", "session", {{"name", "Bo"}, {"password", testing::password}});
    house.work.let_go();
    EXPECT_EQ((*changed)->status, 200);
    EXPECT_EQ((*entered)->status, 401);
}

TEST(meanwhile, a_name_by_another_spelling_is_no_further_try) {
    TestWindow house;
    house.set_up();
    house.cookie.clear();
    int tried = 0;
    for (int i = 0; i < 40; ++i) {
        // Another address each time, and one of sixteen spellings.
        HttpRequest request;
        request.method = "POST";
        request.target = "/api/v1/session";
        request.remote = {*parse_ip("192.0.2." + std::to_string(i + 1)), 40'000};
        request.headers = {{"x-naklank-window", "1"}, {"content-type", "application/json"}};
        std::string name = "anna";
        for (int letter = 0; letter < 4; ++letter)
            if ((i >> letter & 1) != 0)
                name[static_cast<std::size_t>(letter)] =
                    static_cast<char>(std::toupper(name[static_cast<std::size_t>(letter)]));
        request.body = Json{{"name", name}, {"password", "a wrong password"}}.dump();
        tried += house.send(request).status == 401 ? 1 : 0;
    }
    EXPECT_LE(tried, 6);
}

TEST(unreadable, files_of_the_house_shut_nobody_out_and_are_not_written_over) {
    TestWindow house;
    house.set_up("company");
    const auto id = house.record("201", "202", purpose::Purpose::training);
    for (const auto* file : {"/archive/people.json", "/archive/albums.json"})
        house.disk.put(file, {'{'});
    house.reopen();
    EXPECT_EQ(house.ask("GET", "calls").json()["calls"].size(), 1U);
    EXPECT_EQ(house.ask("POST", "people", {{"name", "Oma"}, {"numbers", {"9"}}}).status, 503);
    EXPECT_EQ(house.ask("POST", "albums", {{"name", "x"}, {"kind", "library"}}).status, 503);
    for (const auto* file : {"/archive/people.json", "/archive/albums.json"})
        EXPECT_EQ(house.disk.contents(file)->size(), 1U);
    // What lies in the albums is not known: nothing goes by a rule.
    for (int day = 0; day < 200; ++day) {
        house.clock.pass(hours(24));
        house.window->tick();
    }
    EXPECT_FALSE(house.calls.is_in_safekeeping(id));
}

}  // namespace
}  // namespace nk::listener
