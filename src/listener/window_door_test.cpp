#include <gtest/gtest.h>

#include "base/limits.h"
#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::Answer;
using testing::Json;
using testing::password;
using testing::TestWindow;

TEST(window_door, is_set_up_once_by_who_has_the_code) {
    TestWindow house;
    EXPECT_EQ(house.ask("GET", "status").json()["is_set_up"], false);
    EXPECT_EQ(house.ask("GET", "calls").status, 401);
    Json wrong{{"code", "guess"},
               {"for_whom", "home"},
               {"language", "nl"},
               {"name", "Mallory"},
               {"password", password}};
    EXPECT_EQ(house.ask("POST", "setup", wrong).status, 403);
    const auto code = house.window->set_up_code();
    EXPECT_GE(code.size(), 32U);
    const auto answer = house.set_up("home", {"088-1112233"});
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.json()["account"]["roles"], Json({"owner", "admin"}));
    EXPECT_EQ(answer.json()["account"]["face"], "calm");
    EXPECT_EQ(house.ask("GET", "session").json()["account"]["name"], "Anna");
    EXPECT_TRUE(house.window->set_up_code().empty());
    wrong["code"] = code;
    EXPECT_EQ(house.ask("POST", "setup", wrong).status, 409);
    house.reopen();  // and after a restart
    wrong["code"] = house.window->set_up_code();
    EXPECT_EQ(house.ask("POST", "setup", wrong).status, 409);
    EXPECT_EQ(house.told("set-up").size(), 1U);
}

TEST(window_door, says_what_is_wrong_with_each_field) {
    TestWindow house;
    const auto answer = house.ask("POST", "setup",
                                  {{"code", house.window->set_up_code()},
                                   {"for_whom", "school"},
                                   {"language", "nl"},
                                   {"password", "short"},
                                   {"favourite", 7}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.type, "application/problem+json");
    const auto fields = answer.json()["fields"];
    EXPECT_EQ(fields["for_whom"], "is to be home or company");
    EXPECT_EQ(fields["name"], "is missing");
    EXPECT_EQ(fields["password"], "needs 10 characters");
    EXPECT_EQ(fields["favourite"], "is not known here");
    EXPECT_FALSE(fields.contains("language"));
}

TEST(window_door, lets_in_who_knows_the_password_and_out_again) {
    TestWindow house;
    house.set_up();
    const auto first = house.cookie;
    EXPECT_EQ(house.ask("DELETE", "session").status, 204);
    EXPECT_EQ(house.ask("GET", "session").status, 401);
    house.cookie = first;
    EXPECT_EQ(house.ask("GET", "session").status, 401);
    house.cookie.clear();
    const auto wrong =
        house.ask("POST", "session", {{"name", "anna"}, {"password", "not the password"}});
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.json()["type"], "wrong-password");
    const auto right = house.ask("POST", "session", {{"name", "ANNA"}, {"password", password}});
    EXPECT_EQ(right.status, 201);
    const auto cookie = right.header("Set-Cookie");
    for (const auto* part : {"HttpOnly", "SameSite=Strict", "Path=/"})
        EXPECT_NE(cookie.find(part), std::string::npos) << part;
    EXPECT_EQ(house.told("signed-in").size(), 2U);
    EXPECT_EQ(house.told("sign-in-refused").size(), 1U);
    EXPECT_EQ(house.told("signed-out").size(), 1U);
}

TEST(window_door, makes_who_guesses_wait_whichever_name_they_try) {
    TestWindow house;
    house.set_up();
    house.cookie.clear();
    int refused = 0;
    for (int i = 0; i < 20; ++i)
        refused += house.ask("POST", "session",
                             {{"name", i % 2 == 0 ? "anna" : "nobody"}, {"password", "guess"}})
                               .status == 429
                       ? 1
                       : 0;
    EXPECT_GE(refused, 10);
    const auto waiting = house.ask("POST", "session", {{"name", "anna"}, {"password", password}});
    EXPECT_EQ(waiting.status, 429);
    EXPECT_GE(std::stoi(waiting.header("Retry-After")), 1);
    house.clock.pass(limits::sign_in_wait_max);
    EXPECT_EQ(house.ask("POST", "session", {{"name", "anna"}, {"password", password}}).status, 201);
}

TEST(window_door, forgets_a_session_that_nobody_uses) {
    TestWindow house;
    house.set_up();
    for (int day = 0; day < 60; day += 20) {
        house.clock.pass(hours(24 * 20));
        EXPECT_EQ(house.ask("GET", "session").status, 200);
    }
    house.clock.pass(limits::session_unused_max);
    EXPECT_EQ(house.ask("GET", "session").status, 401);
}

TEST(window_door, takes_changes_from_its_own_pages_alone) {
    TestWindow house;
    house.set_up();
    HttpRequest request;
    request.method = "PATCH";
    request.target = "/api/v1/me";
    request.headers = {{"cookie", "naklank=" + house.cookie}, {"content-type", "application/json"}};
    request.body = R"({"language":"en"})";
    EXPECT_EQ(house.send(request).status, 403);
    request.headers.push_back({"x-naklank-window", "1"});
    request.headers.push_back({"sec-fetch-site", "cross-site"});
    EXPECT_EQ(house.send(request).status, 403);
    request.headers.back().value = "same-origin";
    EXPECT_EQ(house.send(request).status, 200);
    EXPECT_EQ(house.ask("GET", "session").json()["account"]["language"], "en");
}

TEST(window_door, changes_a_password_for_who_knows_the_old_one_and_ends_other_sessions) {
    TestWindow house;
    house.set_up();
    const auto elsewhere = house.cookie;
    house.sign_in("anna");
    EXPECT_EQ(house.ask("PATCH", "me", {{"password", "something quite new"}}).status, 422);
    EXPECT_EQ(
        house.ask("PATCH", "me", {{"password", "something quite new"}, {"old_password", "wrong"}})
            .status,
        422);
    EXPECT_EQ(
        house.ask("PATCH", "me", {{"password", "something quite new"}, {"old_password", password}})
            .status,
        200);
    EXPECT_EQ(house.ask("GET", "session").status, 200);
    house.cookie = elsewhere;
    EXPECT_EQ(house.ask("GET", "session").status, 401);
}

TEST(window_door, lets_no_disabled_account_in_and_always_keeps_an_owner) {
    TestWindow house;
    house.set_up();
    house.add_account("Bert", {"family"});
    const auto accounts = house.ask("GET", "accounts").json()["accounts"];
    ASSERT_EQ(accounts.size(), 2U);
    const std::string anna = accounts[0]["id"];
    const std::string bert = accounts[1]["id"];
    EXPECT_EQ(house.ask("PATCH", "accounts/" + anna, {{"is_disabled", true}}).status, 422);
    EXPECT_EQ(house.ask("PATCH", "accounts/" + anna, {{"roles", {"family"}}}).status, 422);
    const auto owner = house.cookie;
    house.sign_in("bert");
    const auto bert_cookie = house.cookie;
    EXPECT_EQ(house.ask("GET", "accounts").status, 403);
    house.cookie = owner;
    EXPECT_EQ(house.ask("PATCH", "accounts/" + bert, {{"is_disabled", true}}).status, 200);
    house.cookie = bert_cookie;
    EXPECT_EQ(house.ask("GET", "session").status, 401);
    house.cookie.clear();
    EXPECT_EQ(house.ask("POST", "session", {{"name", "bert"}, {"password", password}}).status, 401);
}

TEST(window_door, an_administrator_makes_nobody_who_hears) {
    TestWindow house;
    house.set_up("company");
    house.add_account("Ada", {"admin"});
    house.add_account("Emma", {"employee"}, {"201"}, "sales");
    house.sign_in("ada");
    for (const auto* role : {"owner", "manager", "auditor", "employee"})
        EXPECT_EQ(
            house
                .ask("POST", "accounts", {{"name", "X"}, {"password", password}, {"roles", {role}}})
                .status,
            403)
            << role;
    EXPECT_EQ(
        house.ask("POST", "accounts", {{"name", "X"}, {"password", password}, {"roles", {"admin"}}})
            .status,
        201);
    const auto listed = house.ask("GET", "accounts").json()["accounts"];
    for (const auto& account : listed) {
        if (account["name"] == "Ada") {
            EXPECT_EQ(
                house.ask("PATCH", "accounts/" + std::string(account["id"]), {{"numbers", {"201"}}})
                    .status,
                403);
        }
        if (account["name"] == "Emma") {
            EXPECT_EQ(house
                          .ask("PATCH", "accounts/" + std::string(account["id"]),
                               {{"password", "mine from now on"}})
                          .status,
                      403);
        }
    }
}

TEST(window_door, tells_what_it_cannot_read) {
    TestWindow house;
    house.set_up();
    const auto status = [&](const std::string& body) {
        return house.ask("PATCH", "me", Json(body)).status;
    };
    EXPECT_EQ(status("{"), 400);
    EXPECT_EQ(status("[]"), 400);
    EXPECT_EQ(status(std::string(100'000, '[')), 400);
    EXPECT_EQ(status(R"({"language":7})"), 422);
    EXPECT_EQ(status("{\"language\":\"\xff\"}"), 400);
    EXPECT_EQ(house.ask("GET", "nothing").status, 404);
    EXPECT_EQ(house.ask("GET", "calls/../accounts").status, 404);
    EXPECT_EQ(house.ask("GET", "calls/%2e%2e/accounts").status, 404);
    EXPECT_EQ(house.ask("GET", "calls/%00").status, 404);
    const auto method = house.ask("DELETE", "calls");
    EXPECT_EQ(method.status, 405);
    EXPECT_EQ(method.header("Allow"), "GET");
}

TEST(window_door, says_that_it_is_busy_when_too_much_waits) {
    TestWindow house;
    house.set_up();
    house.work.is_full = true;
    EXPECT_EQ(house.ask("POST", "session", {{"name", "anna"}, {"password", password}}).status, 503);
}

}  // namespace
}  // namespace nk::listener
