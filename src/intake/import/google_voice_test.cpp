#include "intake/import/google_voice.h"

#include <gtest/gtest.h>

#include "intake/import/testing_zone.h"

namespace nk::importing {
namespace {

using call::Fact;

GoogleVoicePage read(std::string_view html) {
    return read_google_voice(html, testing::DutchZone());
}

std::string of(const GoogleVoicePage& page, Fact fact) {
    for (const auto& one : page.findings)
        if (one.fact == fact)
            return one.value;
    return "-";
}

std::string page_with(std::string_view label, std::string_view name) {
    return R"(<?xml version="1.0" ?><html><head><title>x</title><style>.tel { }</style></head><body>
<div class="haudio"><span class="album">Call Log for</span><span class="fn">Voicemail from x</span>
<div class="contributor vcard">Received call from
<a class="tel" href="tel:+31205550101"><span class="fn">)" +
           std::string(name) + R"(</span></a></div>
<abbr class="published" title="2024-06-14T05:39:22.000-04:00">Jun 14, 2024, 5:39:22&#8239;AM</abbr>
<br /><audio controls="controls" src="x.mp3"><a rel="enclosure" href="x.mp3">Audio</a></audio>
<abbr class="duration" title="PT1H2M3S">(01:02:03)</abbr>
<div class="tags">Labels: <a rel="tag" href="http://www.google.com/voice#)" +
           std::string(label) + R"(">x</a></div></div></body></html>)";
}

TEST(google_voice, says_who_when_which_way_and_how_long) {
    const auto page = read(page_with("received", "Oma &amp; opa d&#39;Or &#x1F600;"));
    EXPECT_EQ(of(page, Fact::started), "2024-06-14T05:39:22-04:00");
    EXPECT_EQ(of(page, Fact::number), "+31205550101");
    EXPECT_EQ(of(page, Fact::name), "Oma & opa d'Or \U0001F600");
    EXPECT_EQ(of(page, Fact::direction), "in");
    EXPECT_EQ(of(page, Fact::kind), "call");
    EXPECT_EQ(of(page, Fact::recorder), "gvoice");
    EXPECT_EQ(page.length, seconds(3'723));
}

TEST(google_voice, its_labels_tell_the_way) {
    EXPECT_EQ(of(read(page_with("placed", "Oma")), Fact::direction), "out");
    EXPECT_EQ(of(read(page_with("recorded", "Oma")), Fact::direction), "-");
    EXPECT_EQ(of(read(page_with("voicemail", "Oma")), Fact::kind), "message");
    EXPECT_EQ(of(read(page_with("voicemail", "Oma")), Fact::direction), "in");
}

TEST(google_voice, a_number_in_the_names_place_is_no_name) {
    EXPECT_EQ(of(read(page_with("placed", "+31205550101")), Fact::name), "-");
    EXPECT_EQ(of(read(page_with("placed", "")), Fact::name), "-");
}

TEST(google_voice, another_page_says_nothing) {
    for (const auto* html :
         {"", "<", "<html><body>Oma</body></html>", "<div class=\"haudio",
          "<div class=\"hChatLog\"><a class=\"tel\" href=\"tel:112\"></a></div>"}) {
        const auto page = read(html);
        EXPECT_TRUE(page.findings.empty()) << html;
        EXPECT_FALSE(page.length) << html;
    }
}

TEST(google_voice, what_is_not_there_is_not_made_up) {
    const auto page = read(R"(<div class='haudio'><abbr class='duration' title='1 hour'>x</abbr>
        <a class='tel' href='tel:112'></a></div>)");
    EXPECT_FALSE(page.length);
    EXPECT_EQ(of(page, Fact::number), "-");
    EXPECT_EQ(of(page, Fact::started), "-");
}

TEST(google_voice, a_large_page_ends) {
    std::string html = "<div class=\"haudio\">";
    for (int i = 0; i < 100'000; ++i)
        html += "<a rel=\"tag\" href='#x'>&";
    EXPECT_EQ(of(read(html), Fact::kind), "call");
}

}  // namespace
}  // namespace nk::importing
