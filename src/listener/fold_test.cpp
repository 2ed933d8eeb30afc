#include "listener/fold.h"

#include <gtest/gtest.h>

namespace nk::listener {
namespace {

TEST(fold, takes_case_and_accents_away) {
    EXPECT_EQ(fold("ANNA de Vries"), "anna de vries");
    EXPECT_EQ(fold("Zoë Ærøskøbing"), "zoe aeroskobing");
    EXPECT_EQ(fold("Łódź Šimůnek Şahin Ğ ĳs Œuvre"), "lodz simunek sahin g ijs oeuvre");
    EXPECT_EQ(fold("ß ÿ Þ ð"), "ss y th d");
}

TEST(fold, leaves_other_alphabets_and_bytes_that_are_no_text) {
    EXPECT_EQ(fold("Мария × 7"), "Мария × 7");
    EXPECT_EQ(fold("a\xC3"), "a\xC3");
    EXPECT_EQ(fold("\xC3\x28"), "\xC3\x28");
}

TEST(fold, knows_a_number_however_it_is_written) {
    for (const auto* written : {"+31881112233", "0031881112233", "0881112233", "088 111 22 33",
                                "(088) 111-22.33", "+31 (88) 111 22 33", "31881112233"})
        EXPECT_EQ(canonical_number(written, "31"), "31881112233") << written;
    EXPECT_EQ(canonical_number("+32 2 123 45 67", "31"), "3221234567");
    EXPECT_EQ(canonical_number("0221234567", "32"), "32221234567");
}

TEST(fold, leaves_extensions_and_names) {
    EXPECT_EQ(canonical_number("201", "31"), "201");
    EXPECT_EQ(canonical_number("0201", "31"), "0201");
    EXPECT_EQ(canonical_number("Anna", "31"), "anna");
    EXPECT_EQ(canonical_number("112", "31"), "112");
    EXPECT_EQ(canonical_number("", "31"), "");
    EXPECT_EQ(canonical_number(" - ", "31"), "");
    EXPECT_EQ(canonical_number("0881112233", ""), "0881112233");
}

TEST(fold, finds_a_number_by_a_part_and_as_it_is_dialled_from_here) {
    const auto finds = [](std::string_view sought, std::string_view number) {
        return NumberSought(sought, "31").is_in(digits_of(number), canonical_number(number, "31"));
    };
    for (const auto* sought : {"0201234567", "020-123", "(020) 123-4567", "020", "31201234567",
                               "+31 20", "0031 20 1234567", "4567", "1234"})
        for (const auto* number : {"+31201234567", "0201234567", "0031 20 123 4567"})
            EXPECT_TRUE(finds(sought, number)) << sought << " in " << number;
    EXPECT_FALSE(finds("0201234567", "+32201234567"));
    EXPECT_FALSE(finds("020", "+31 88 111 22 33"));
    EXPECT_TRUE(finds("20", "201"));
    EXPECT_FALSE(finds("", "201"));
    EXPECT_FALSE(finds("anna", "201"));
}

TEST(fold, takes_digits_out_of_what_is_searched) {
    EXPECT_EQ(digits_of("088-111"), "088111");
    EXPECT_EQ(digits_of("+31 88"), "3188");
    EXPECT_EQ(digits_of("anna 3"), "");
    EXPECT_EQ(digits_of(""), "");
}

}  // namespace
}  // namespace nk::listener
