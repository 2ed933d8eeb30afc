#include <gtest/gtest.h>

#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::Answer;
using testing::Json;
using testing::TestWindow;

std::string make(TestWindow& house, const std::vector<std::string>& scopes,
                 std::optional<int> days = {}) {
    Json body{{"name", "Script"}, {"scopes", scopes}};
    if (days)
        body["days"] = *days;
    const auto made = house.ask("POST", "tokens", body);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json()["secret"];
}

// A program: no cookie, no header of our pages.
Answer by_token(TestWindow& house, const std::string& secret, const std::string& method,
                const std::string& path, const Json& body = {}) {
    HttpRequest request;
    request.method = method;
    request.target = "/api/v1/" + path;
    request.headers = {{"authorization", "Bearer " + secret}};
    if (!body.is_null()) {
        request.headers.push_back({"content-type", "application/json"});
        request.body = body.dump();
    }
    return house.send(request);
}

TEST(tokens, do_what_their_scopes_say_and_their_account_may) {
    TestWindow house;
    house.set_up("home", {"201"});
    const auto call = house.record("201", "202");
    const auto reader = make(house, {"read"});
    const auto writer = make(house, {"read", "write", "remove"});
    EXPECT_EQ(by_token(house, reader, "GET", "calls").json()["calls"].size(), 1U);
    EXPECT_EQ(by_token(house, reader, "GET", "calls/" + call).status, 200);
    for (const auto* path : {"/audio", "/peaks"})
        EXPECT_EQ(by_token(house, reader, "GET", "calls/" + call + path).json()["type"],
                  "insufficient-scope");
    EXPECT_EQ(by_token(house, reader, "PATCH", "calls/" + call, {{"add_tag", "x"}}).status, 403);
    EXPECT_EQ(by_token(house, reader, "DELETE", "calls/" + call).status, 403);
    EXPECT_EQ(by_token(house, reader, "GET", "accounts").status, 403);
    EXPECT_EQ(by_token(house, writer, "PATCH", "calls/" + call, {{"add_tag", "x"}}).status, 200);
    const auto only_writes = make(house, {"write"});
    for (const auto* what : {"remove", "restore"})
        EXPECT_EQ(by_token(house, only_writes, "POST", "jobs",
                           {{"kind", "change"}, {"calls", {call}}, {what, true}})
                      .json()["type"],
                  "insufficient-scope");
    EXPECT_EQ(by_token(house, reader, "GET", "events?levels=true").json()["type"],
              "insufficient-scope");
    EXPECT_EQ(by_token(house, writer, "DELETE", "calls/" + call).status, 204);
    // What is in the log says by which token.
    EXPECT_NE(house.told("removed")[0].event.from.find(" t-"), std::string::npos);
    for (const auto& [method, path] : {std::pair{"GET", "tokens"},
                                       {"POST", "tokens"},
                                       {"DELETE", "session"},
                                       {"PATCH", "me"},
                                       {"POST", "me/authenticator"},
                                       {"GET", "me/passkeys"},
                                       {"POST", "accounts"}})
        EXPECT_EQ(by_token(house, writer, method, path).json()["type"], "not-by-token") << path;
}

TEST(tokens, open_nothing_that_are_over_gone_or_none) {
    TestWindow house;
    house.set_up("home", {"201"});
    const auto day = make(house, {"read"}, 1);
    const auto long_one = make(house, {"read"});
    EXPECT_EQ(by_token(house, "nk_nonsense", "GET", "calls").status, 401);
    EXPECT_EQ(by_token(house, day, "GET", "calls").status, 200);
    const auto list = house.ask("GET", "tokens").json();
    ASSERT_EQ(list["tokens"].size(), 2U);
    for (const auto& token : list["tokens"])
        EXPECT_FALSE(token.contains("secret"));
    house.clock.pass(hours(25));
    EXPECT_EQ(by_token(house, day, "GET", "calls").status, 401);
    EXPECT_EQ(by_token(house, long_one, "GET", "calls").status, 200);
    for (const auto& token : list["tokens"])
        EXPECT_EQ(house.ask("DELETE", "tokens/" + token["id"].get<std::string>()).status, 204);
    EXPECT_EQ(by_token(house, long_one, "GET", "calls").status, 401);
    EXPECT_EQ(house.ask("DELETE", "tokens/t-nobody").status, 404);
}

TEST(tokens, are_ones_own_and_end_with_the_account) {
    TestWindow house;
    house.set_up("company");
    house.add_account("Emma", {"employee"}, {"201"});
    house.add_account("Bo", {"employee"}, {"202"});
    house.sign_in("Emma");
    const auto emmas = make(house, {"read"});
    const auto id = house.ask("GET", "tokens").json()["tokens"][0]["id"].get<std::string>();
    house.sign_in("Bo");
    EXPECT_EQ(house.ask("GET", "tokens").json()["tokens"].size(), 0U);
    EXPECT_EQ(house.ask("DELETE", "tokens/" + id).status, 404);
    EXPECT_EQ(house.ask("POST", "tokens", {{"name", "x"}, {"scopes", {"everything"}}}).status, 422);
    EXPECT_EQ(house.ask("POST", "tokens", {{"name", "x"}, {"scopes", Json::array()}}).status, 422);
    house.sign_in("Anna");
    const auto accounts = house.ask("GET", "accounts").json();
    for (const auto& account : accounts["accounts"])
        if (account["name"] == "Emma")
            house.ask("PATCH", "accounts/" + account["id"].get<std::string>(),
                      {{"is_disabled", true}});
    EXPECT_EQ(by_token(house, emmas, "GET", "calls").status, 401);
    EXPECT_EQ(house.ask("GET", "tokens").json()["tokens"].size(), 1U);
}

}  // namespace
}  // namespace nk::listener
