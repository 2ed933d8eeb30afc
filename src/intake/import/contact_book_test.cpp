#include "intake/import/contact_book.h"

#include <gtest/gtest.h>

namespace nk::importing {

namespace {

using call::Fact;
using call::Finding;
using call::Source;
using call::Sureness;

wire::VCard card(std::string name, std::vector<std::string> numbers) {
    wire::VCard out{std::move(name), "", {}};
    for (auto& number : numbers)
        out.numbers.push_back({std::move(number), {}});
    return out;
}

Finding number(std::string value, Source source = Source::file_name) {
    return {Fact::number, std::move(value), source, Sureness::likely, {}};
}

TEST(contact_book, knows_a_number_however_it_is_written) {
    const std::vector cards{card("Oma", {"06-12 34 56 78"}), card("Eneco", {"+31 88 895 5955"})};
    const ContactBook book(cards);
    EXPECT_EQ(book.name_of("+31612345678"), "Oma");
    EXPECT_EQ(book.name_of("0031888955955"), "Eneco");
    EXPECT_EQ(book.name_of("0612345679"), "");
    EXPECT_EQ(book.name_of(""), "");
}

TEST(contact_book, a_number_of_two_who_are_called_otherwise_is_nobodys) {
    const std::vector cards{card("Anna", {"0201234567"}), card("Anna", {"0201234567"}),
                            card("Bert", {"0201234568"}), card("Carla", {"0201234568"}),
                            card("Bert", {"0201234568"})};
    const ContactBook book(cards);
    EXPECT_EQ(book.name_of("0201234567"), "Anna");
    EXPECT_EQ(book.name_of("0201234568"), "");
}

TEST(contact_book, names_all_the_numbers_that_count_or_none) {
    const std::vector cards{card("Oma", {"0612345678"}), card("Opa", {"0687654321"})};
    const ContactBook book(cards);
    const auto both = book.findings_of({number("+31612345678"), number("+31687654321")});
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0], (Finding{Fact::name, "Oma", Source::contacts, Sureness::likely, {}}));
    EXPECT_EQ(both[1].value, "Opa");
    EXPECT_TRUE(book.findings_of({number("+31612345678"), number("0101")}).empty());
    // A number that a surer source contradicts does not count.
    const auto one = book.findings_of({number("0101"), number("+31612345678", Source::sidecar)});
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0].value, "Oma");
}

}  // namespace

}  // namespace nk::importing
