#include "wire/vcard.h"

#include <gtest/gtest.h>

namespace nk::wire {
namespace {

using Texts = std::vector<std::string>;

VCards read(std::string_view text) {
    auto cards = parse_vcards(as_bytes(text));
    EXPECT_TRUE(cards) << cards.error().what;
    return cards ? *std::move(cards) : VCards{};
}

// The card of those lines.
VCard card(std::string_view lines) {
    const auto cards =
        read("BEGIN:VCARD\r\nVERSION:3.0\r\n" + std::string(lines) + "\r\nEND:VCARD\r\n");
    EXPECT_EQ(cards.cards.size(), 1U);
    return cards.cards.empty() ? VCard{} : cards.cards[0];
}

constexpr std::string_view number = "\r\nTEL:112";

std::string name_of(std::string_view line) {
    return card(std::string(line).append(number)).name;
}

TEST(vcard, reads_many_cards_of_all_versions) {
    const auto cards = read(
        "BEGIN:VCARD\nVERSION:2.1\nN:Jansen;Jan;;;\nFN:Jan Jansen\nTEL;CELL;PREF:06-12345678\n"
        "TEL;HOME:0205550101\nEND:VCARD\n\n"
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Oma\r\nitem1.TEL;TYPE=CELL,VOICE;type=pref:+31205550102"
        "\r\nEND:VCARD\r\n"
        "begin:vcard\r\nversion:4.0\r\nfn:Bakker\r\n"
        "TEL;VALUE=uri;TYPE=\"work,voice\":tel:+31-20-555-0103;ext=7\r\nend:vcard\r\n");
    EXPECT_EQ(cards.faults, Texts{});
    ASSERT_EQ(cards.cards.size(), 3U);
    EXPECT_EQ(cards.cards[0].name, "Jan Jansen");
    EXPECT_EQ(cards.cards[0].numbers, (std::vector<VCardNumber>{{"06-12345678", {"cell", "pref"}},
                                                                {"0205550101", {"home"}}}));
    EXPECT_EQ(cards.cards[1].numbers,
              (std::vector<VCardNumber>{{"+31205550102", {"cell", "voice", "pref"}}}));
    EXPECT_EQ(cards.cards[2].name, "Bakker");
    EXPECT_EQ(cards.cards[2].numbers,
              (std::vector<VCardNumber>{{"+31-20-555-0103", {"work", "voice"}}}));
}

TEST(vcard, undoes_folds) {
    EXPECT_EQ(name_of("FN:Een lange\r\n  naam\r\n\t die gevouwen is"),
              "Een lange naam die gevouwen is");
    EXPECT_EQ(name_of("FN:Oma Jan\r\n sen"), "Oma Jansen");
}

TEST(vcard, undoes_quoted_printable_with_its_own_folds) {
    EXPECT_EQ(name_of("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=89l=\r\n=C3=A8ne =3D 1"),
              "Élène = 1");
    EXPECT_EQ(name_of("FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Ren=E9e"), "Renée");
    EXPECT_EQ(name_of("FN;ENCODING=QUOTED-PRINTABLE:Ren=E9e"), "Renée");
    EXPECT_EQ(name_of("FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:=C3=A9"), "Ã©");
    EXPECT_EQ(name_of("FN;QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=A9"), "é");
}

TEST(vcard, undoes_escapes) {
    EXPECT_EQ(name_of(R"(FN:Bakker\, Oma\; en\\of opa\nsamen)"), R"(Bakker, Oma; en\of opa samen)");
}

TEST(vcard, makes_a_name_of_its_parts_or_of_the_organisation) {
    EXPECT_EQ(name_of("N:Jansen;Jan;van der;Dr.;MSc"), "Dr. Jan van der Jansen MSc");
    EXPECT_EQ(name_of("N:;Oma;;;"), "Oma");
    EXPECT_EQ(name_of("N:;;;;\r\nORG:Huisarts De Linde;Balie"), "Huisarts De Linde");
    EXPECT_EQ(name_of("N:Jansen;Jan;;;\r\nFN:"), "Jan Jansen");
    EXPECT_EQ(name_of("NOTE:niemand"), "");
}

TEST(vcard, passes_pictures_over) {
    const std::string picture(3'000'000, 'A');
    std::string folded = "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n";
    for (int i = 0; i < 10'000; ++i)
        folded += " VEVMOjExMgpURUw6MTEyClRFTDoxMTIKVEVMOjExMgpURUw6MTEyClRFTDoxMTI=\r\n";
    const auto one =
        card(folded + "\r\nPHOTO:data:image/jpeg;base64," + picture + "\r\nFN:Oma\r\nTEL:112");
    EXPECT_EQ(one.name, "Oma");
    EXPECT_EQ(one.numbers.size(), 1U);
}

TEST(vcard, a_card_without_a_number_is_counted_and_left_out) {
    const auto cards = read("BEGIN:VCARD\nFN:Oma\nEND:VCARD\nBEGIN:VCARD\nTEL:\nEND:VCARD\n");
    EXPECT_TRUE(cards.cards.empty());
    EXPECT_EQ(cards.without_number, 2U);
}

TEST(vcard, a_card_that_nothing_ends_is_taken_as_it_is) {
    const auto cards = read("BEGIN:VCARD\nFN:Oma\nTEL:112\nBEGIN:VCARD\nFN:Jan\nTEL:144");
    ASSERT_EQ(cards.cards.size(), 2U);
    EXPECT_EQ(cards.cards[0].name, "Oma");
    EXPECT_EQ(cards.cards[1].name, "Jan");
    EXPECT_EQ(cards.faults, (Texts{"a card has no END", "the last card has no END"}));
}

TEST(vcard, a_mark_in_front_of_the_text_is_no_fault) {
    EXPECT_EQ(read("\xef\xbb\xbf"
                   "BEGIN:VCARD\nFN:Oma\nTEL:112\nEND:VCARD")
                  .cards.size(),
              1U);
}

TEST(vcard, another_file_is_refused_with_a_sentence) {
    for (const auto* text : {"", "no card", "TEL:112\n", "BEGIN:VCALENDAR\nEND:VCALENDAR\n"}) {
        const auto cards = parse_vcards(as_bytes(std::string_view(text)));
        ASSERT_FALSE(cards) << text;
        EXPECT_EQ(cards.error().code, Code::unsupported);
    }
}

TEST(vcard, keeps_no_more_than_its_limits) {
    std::string lines = "FN:" + std::string(100'000, 'x');
    for (int i = 0; i < 1'000; ++i)
        lines += "\r\nTEL:06" + std::to_string(i);
    const auto one = card(lines);
    EXPECT_EQ(one.name.size(), vcard_text_bytes_max);
    EXPECT_EQ(one.numbers.size(), vcard_numbers_max);
}

}  // namespace
}  // namespace nk::wire
