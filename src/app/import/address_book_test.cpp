#include "app/import/address_book.h"

#include <gtest/gtest.h>

#include "base/testing_random.h"

namespace nk::app {

namespace {

wire::VCard card(std::string name, std::vector<std::string> numbers) {
    wire::VCard out{std::move(name), "", {}};
    for (auto& number : numbers)
        out.numbers.push_back({std::move(number), {}});
    return out;
}

TEST(address_book, adds_who_is_new_and_leaves_what_was_typed) {
    testing::StirredRandom random;
    std::vector<archive::KnownPerson> people{{"p-1", "Mum", {"+31612345678"}, 3, "photo"},
                                             {"p-2", "Opa", {"0201111111"}, {}, {}}};
    const std::vector cards{
        card("Mama", {"06 12345678", "0109999999"}),  // she is Mum already, and has another number
        card("Opa", {"0201111111", "06-22222222"}),
        card("Oma", {"06-33333333", "0104444444"}),
        card("Oma", {"0105555555"}),                 // somebody else's
        card("Both", {"0612345678", "0201111111"}),  // of two people, and nothing new
        card("Third", {"0612345678", "0201111111", "0107777777"}),
        card("", {"0106666666"}),
        card("Nobody", {"-"})};
    EXPECT_EQ(add_cards(cards, random, people), 5U);
    ASSERT_EQ(people.size(), 5U);
    EXPECT_EQ(people[0],
              (archive::KnownPerson{"p-1", "Mum", {"+31612345678", "0109999999"}, 3, "photo"}));
    EXPECT_EQ(people[1].numbers, (std::vector<std::string>{"0201111111", "06-22222222"}));
    EXPECT_EQ(people[2].name, "Oma");
    EXPECT_EQ(people[2].numbers, (std::vector<std::string>{"06-33333333", "0104444444"}));
    EXPECT_EQ(people[3].numbers, std::vector<std::string>{"0105555555"});
    EXPECT_EQ(people[4].numbers, std::vector<std::string>{"0107777777"});
    EXPECT_TRUE(archive::is_small_id(people[2].id));
    EXPECT_EQ(add_cards(cards, random, people), 0U);
}

}  // namespace

}  // namespace nk::app
