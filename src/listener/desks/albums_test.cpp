#include <gtest/gtest.h>

#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using purpose::Purpose;
using testing::Answer;
using testing::Json;
using testing::TestWindow;

std::string id_of(TestWindow& house, const std::string& name) {
    const auto accounts = house.ask("GET", "accounts").json();
    for (const auto& account : accounts["accounts"])
        if (account["name"] == name)
            return account["id"];
    return {};
}

TEST(albums, let_a_family_hear_what_lies_in_them) {
    TestWindow house;
    house.set_up("home", {"201"});
    house.add_account("Bo", {"family"}, {"203"});
    const auto oma = house.record("201", "202", Purpose::memory);
    const auto secret = house.record("201", "202", Purpose::wording);
    const auto bo = id_of(house, "Bo");
    EXPECT_EQ(house.ask("POST", "albums", {{"name", "Oma"}, {"kind", "album"}, {"members", {"x"}}})
                  .status,
              422);
    const auto made =
        house.ask("POST", "albums", {{"name", "Oma"}, {"kind", "album"}, {"members", {bo}}});
    ASSERT_EQ(made.status, 201) << made.body;
    const auto album = made.json()["id"].get<std::string>();
    EXPECT_EQ(house.ask("PUT", "albums/" + album + "/calls/" + oma).status, 204);
    EXPECT_EQ(house.ask("PUT", "albums/" + album + "/calls/" + oma).status, 204);
    EXPECT_EQ(house.ask("PUT", "albums/" + album + "/calls/" + secret).json()["type"],
              "wrong-purpose");
    EXPECT_EQ(house.ask("GET", "calls/" + oma).json()["albums"], Json({album}));
    house.reopen();
    house.sign_in("Bo");
    EXPECT_EQ(house.ask("GET", "albums").json()["albums"][0]["calls"], 1);
    EXPECT_EQ(house.ask("GET", "albums").json()["albums"][0]["is_mine"], false);
    EXPECT_EQ(house.ask("GET", "calls?album=" + album).json()["calls"].size(), 1U);
    EXPECT_EQ(house.ask("GET", "calls/" + oma + "/audio").status, 200);
    EXPECT_EQ(house.ask("GET", "calls/" + secret).status, 404);
    EXPECT_EQ(house.ask("DELETE", "albums/" + album).status, 403);
    EXPECT_EQ(house.ask("DELETE", "albums/" + album + "/calls/" + oma).status, 403);
    house.sign_in("Anna");
    EXPECT_EQ(house
                  .ask("PUT", "albums/" + album,
                       {{"name", "Oma Riet"}, {"kind", "album"}, {"members", Json::array()}})
                  .json()["name"],
              "Oma Riet");
    house.sign_in("Bo");
    EXPECT_EQ(house.ask("GET", "albums").json()["albums"].size(), 0U);
    EXPECT_EQ(house.ask("GET", "calls/" + oma).status, 404);
    house.sign_in("Anna");
    EXPECT_EQ(house.ask("DELETE", "albums/" + album + "/calls/" + oma).status, 204);
    EXPECT_EQ(house.ask("DELETE", "albums/" + album).status, 204);
    EXPECT_EQ(house.ask("GET", "albums").json()["albums"].size(), 0U);
}

TEST(albums, are_libraries_that_a_company_trains_with) {
    TestWindow house;
    house.set_up("company");
    house.add_account("Emma", {"employee"}, {"201"}, "verkoop");
    house.add_account("Mo", {"manager"}, {"209"}, "", {"verkoop"});
    house.add_account("Nieuw", {"employee"}, {"208"}, "inkoop");
    house.add_account("Oma", {"family"}, {"207"});
    const auto call = house.record("201", "202", Purpose::training);
    house.sign_in("Emma");
    EXPECT_EQ(house.ask("POST", "albums", {{"name", "x"}, {"kind", "library"}}).status, 403);
    house.sign_in("Mo");
    const auto made = house.ask("POST", "albums", {{"name", "Goed"}, {"kind", "library"}});
    ASSERT_EQ(made.status, 201) << made.body;
    const auto library = made.json()["id"].get<std::string>();
    EXPECT_EQ(house.ask("PUT", "albums/" + library + "/calls/" + call).status, 204);
    house.sign_in("Nieuw");
    EXPECT_EQ(house.ask("GET", "calls/" + call + "/audio").status, 200);
    EXPECT_EQ(house.ask("GET", "albums").json()["albums"].size(), 1U);
    EXPECT_EQ(house.ask("DELETE", "albums/" + library + "/calls/" + call).status, 403);
    house.sign_in("Oma");
    EXPECT_EQ(house.ask("GET", "albums").json()["albums"].size(), 0U);
    EXPECT_EQ(house.ask("GET", "calls/" + call).status, 404);
    // A rule lets nothing go that lies in a library.
    for (int day = 0; day < 200; ++day) {
        house.clock.pass(hours(24));
        house.window->tick();
    }
    EXPECT_FALSE(house.calls.is_in_safekeeping(call));
}

TEST(albums, take_in_only_what_somebody_may_share) {
    TestWindow house;
    house.set_up("home", {"201"});
    house.add_account("Bo", {"family"}, {"203"});
    const auto theirs = house.record("203", "204", Purpose::memory);
    const auto made = house.ask("POST", "albums", {{"name", "Oma"}, {"kind", "album"}});
    const auto album = made.json()["id"].get<std::string>();
    EXPECT_EQ(house.ask("PUT", "albums/" + album + "/calls/" + theirs).status, 404);
    EXPECT_EQ(house.ask("PUT", "albums/" + album + "/calls/20990101T000000Z-aaaaaa").status, 404);
    EXPECT_EQ(house.ask("PUT", "albums/nonsense/calls/" + theirs).status, 404);
    EXPECT_EQ(house.ask("DELETE", "albums/" + album + "/calls/" + theirs).status, 404);
}

Answer send_picture(TestWindow& house, const std::string& person, const std::string& bytes) {
    HttpRequest request;
    request.method = "PUT";
    request.target = "/api/v1/people/" + person + "/photo";
    request.headers = {{"cookie", "naklank=" + house.cookie}, {"x-naklank-window", "1"}};
    request.body = bytes;
    return house.send(request);
}

TEST(photos, are_handed_out_as_the_pictures_that_they_are) {
    TestWindow house;
    house.set_up("home", {"201"});
    const std::string png = "\x89PNG\r\n\x1A\n and so on";
    const auto person = house.ask("POST", "people", {{"name", "Oma"}, {"numbers", {"202"}}})
                            .json()["id"]
                            .get<std::string>();
    EXPECT_EQ(house.ask("GET", "people/" + person + "/photo").status, 404);
    for (const auto* text : {"", "<svg onload=alert(1)>", "GIF89a", "RIFF1234WAVE"})
        EXPECT_EQ(send_picture(house, person, text).status, 415) << text;
    EXPECT_EQ(send_picture(house, person, png + std::string(2'000'000, 'x')).status, 413);
    EXPECT_EQ(send_picture(house, "p-nobody", png).status, 404);
    ASSERT_EQ(send_picture(house, person, png).status, 204);
    const auto list = house.ask("GET", "people").json();
    const auto path = list["people"][0]["photo"].get<std::string>();
    const auto got = house.ask("GET", path.substr(std::string("/api/v1/").size()));
    EXPECT_EQ(got.type, "image/png");
    EXPECT_EQ(got.body, png);
    EXPECT_EQ(
        house.ask("PUT", "people/" + person, {{"name", "Oma R"}, {"numbers", {"202"}}}).status,
        200);
    house.reopen();
    EXPECT_EQ(house.ask("GET", "people").json()["people"][0]["photo"], path);
    EXPECT_EQ(house.ask("DELETE", "people/" + person + "/photo").status, 204);
    EXPECT_FALSE(house.ask("GET", "people").json()["people"][0].contains("photo"));
    EXPECT_EQ(house.ask("GET", "people/" + person + "/photo").status, 404);
}

TEST(photos, are_not_there_for_who_does_not_know_the_person) {
    TestWindow house;
    house.set_up("home", {"201"});
    house.add_account("Bo", {"family"}, {"203"});
    const auto person = house.ask("POST", "people", {{"name", "Oma"}, {"numbers", {"202"}}})
                            .json()["id"]
                            .get<std::string>();
    ASSERT_EQ(send_picture(house, person, "\xFF\xD8\xFF jpeg").status, 204);
    house.sign_in("Bo");
    EXPECT_EQ(house.ask("GET", "people/" + person + "/photo").status, 404);
    EXPECT_EQ(send_picture(house, person, "\xFF\xD8\xFF jpeg").status, 404);
}

}  // namespace
}  // namespace nk::listener
