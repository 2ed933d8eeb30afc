#include <gtest/gtest.h>

#include "archive/house_files.h"
#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::Json;
using testing::TestWindow;

TEST(name_templates, are_kept_when_they_are_some) {
    TestWindow house;
    house.set_up();
    EXPECT_EQ(house.ask("GET", "name-templates").json()["templates"], Json::array());
    const Json two{{"templates", {"{date}", "{contact_name}"}}};
    EXPECT_EQ(house.ask("PUT", "name-templates", two).json(), two);
    EXPECT_EQ(house.ask("GET", "name-templates").json(), two);
    EXPECT_EQ(*archive::read_name_templates(house.disk, "/archive"),
              (std::vector<std::string>{"{date}", "{contact_name}"}));
    const auto wrong = house.ask("PUT", "name-templates", {{"templates", {"{"}}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_NE(wrong.body.find("ends in the middle"), std::string::npos);
    EXPECT_EQ(house.ask("PUT", "name-templates", Json::object()).status, 422);
    EXPECT_EQ(house.ask("GET", "name-templates").json(), two);
    EXPECT_EQ(house.told("names-taught").size(), 1U);
}

TEST(name_templates, are_tried_on_names) {
    TestWindow house;
    house.set_up();
    const auto tried = house.ask("POST", "name-templates/preview",
                                 {{"template", "{contact_name}"}, {"names", {"oma.m4a", "x"}}});
    ASSERT_EQ(tried.status, 200) << tried.body;
    EXPECT_EQ(tried.json()["trouble"], "");
    EXPECT_EQ(tried.json()["rows"][0]["names"], Json::array({"Oma"}));
    EXPECT_EQ(tried.json()["rows"][0]["direction"], "in");
    EXPECT_EQ(tried.json()["rows"][1]["is_read"], false);
    EXPECT_EQ(house.ask("POST", "name-templates/preview", {{"template", "{"}, {"names", {"x"}}})
                  .json()["trouble"],
              "it ends in the middle");
}

TEST(name_templates, are_not_everybodys_to_write) {
    TestWindow house;
    house.set_up();
    house.add_account("Ed", {"employee"}, {"201"});
    house.sign_in("Ed");
    EXPECT_EQ(house.ask("GET", "name-templates").status, 200);
    EXPECT_EQ(house.ask("PUT", "name-templates", {{"templates", {"{date}"}}}).status, 403);
}

}  // namespace
}  // namespace nk::listener
