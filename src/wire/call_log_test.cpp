#include "wire/call_log.h"

#include <gtest/gtest.h>

#include "base/rfc3339.h"

namespace nk::wire {
namespace {

using Type = LoggedCall::Type;

CallLog read(std::string_view xml) {
    auto log = parse_call_log(as_bytes(xml));
    EXPECT_TRUE(log) << log.error().what;
    return log ? *std::move(log) : CallLog{};
}

constexpr std::string_view two_calls =
    R"xml(<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<!-- made by a phone -->
<?xml-stylesheet type="text/xsl" href="calls.xsl"?>
<calls count="2" backup_set="x" backup_date="1718400000000">
  <call number="+31205550101" duration="125" date="1718357962250" type="1" presentation="1"
        subscription_id="2" readable_date="14 jun. 2024 11:39:22" contact_name="Oma &amp; opa" />
  <call number="0612345678" duration="0" date="1718357000000" type="2" presentation="1"
        readable_date="" contact_name="(Unknown)" />
</calls>)xml";

TEST(call_log, reads_the_calls_in_their_order) {
    const auto log = read(two_calls);
    EXPECT_TRUE(log.faults.empty());
    ASSERT_EQ(log.calls.size(), 2U);
    EXPECT_EQ(log.calls[0].number, "+31205550101");
    EXPECT_EQ(log.calls[0].name, "Oma & opa");
    EXPECT_EQ(rfc3339(log.calls[0].started), "2024-06-14T09:39:22.250Z");
    EXPECT_EQ(log.calls[0].length, seconds(125));
    EXPECT_EQ(log.calls[0].type, Type::in);
    EXPECT_EQ(log.calls[0].subscription, "2");
    EXPECT_EQ(log.calls[1].type, Type::out);
    EXPECT_EQ(log.calls[1].length, Nanos(0));
    EXPECT_EQ(log.calls[1].name, "");
}

TEST(call_log, a_number_that_was_withheld_is_none) {
    const auto log = read(R"(<calls>
        <call number="-2" date="1718357962250" type="1"/>
        <call number="+31205550101" date="1718357962250" type="1" presentation="2"/>
        <call number="" date="1718357962250" type="9"/></calls>)");
    ASSERT_EQ(log.calls.size(), 3U);
    for (const auto& one : log.calls)
        EXPECT_EQ(one.number, "");
    EXPECT_EQ(log.calls[2].type, Type::other);
}

TEST(call_log, a_letter_of_two_references_is_one_letter) {
    const auto log = read(R"(<calls><call number="1" date="1718357962250" type="3"
        contact_name="Oma &#55357;&#56832; &#55357;!"/></calls>)");
    ASSERT_EQ(log.calls.size(), 1U);
    EXPECT_EQ(log.calls[0].name.substr(0, 9), "Oma \U0001F600 ");
    EXPECT_EQ(log.calls[0].type, Type::missed);
}

TEST(call_log, an_entry_without_a_date_is_left_out_and_counted) {
    const auto log = read(R"(<calls><call number="1" date="gisteren"/><call number="1"/>
        <call number="1" date="-5"/><call number="1" date="1718357962250" duration="-4"/></calls>)");
    EXPECT_EQ(log.calls.size(), 1U);
    EXPECT_EQ(log.left_out, 3U);
    EXPECT_EQ(log.faults, (std::vector<std::string>{"3 entries have no readable date"}));
    EXPECT_EQ(log.calls[0].length, Nanos(0));
}

TEST(call_log, of_a_damaged_list_the_front_is_read) {
    const auto log = read(two_calls.substr(0, two_calls.find("<call number=\"0612")));
    EXPECT_EQ(log.calls.size(), 1U);
    ASSERT_EQ(log.faults.size(), 1U);
    EXPECT_NE(log.faults[0].find("damaged"), std::string::npos);
}

TEST(call_log, another_file_is_refused_with_a_sentence) {
    const auto other = parse_call_log(as_bytes(std::string_view("<smses><sms/></smses>")));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Code::unsupported);
    const auto junk = parse_call_log(as_bytes(std::string_view("no XML at all")));
    ASSERT_FALSE(junk);
    const auto none = parse_call_log({});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Code::malformed);
}

TEST(call_log, entities_are_never_replaced) {
    const auto log = read(R"(<!DOCTYPE calls [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
        <calls><call number="&b;" date="1718357962250"/></calls>)");
    ASSERT_EQ(log.calls.size(), 1U);
    EXPECT_EQ(log.calls[0].number, "&b;");
}

TEST(call_log, texts_are_cut_between_letters) {
    std::string long_name;
    for (int i = 0; i < 600; ++i)
        long_name += "é";
    const auto cut = read("<calls><call date=\"1718357962250\" number=\"1\" contact_name=\"x" +
                          long_name + "\"/></calls>");
    ASSERT_EQ(cut.calls.size(), 1U);
    EXPECT_EQ(cut.calls[0].name, "x" + long_name.substr(0, 510));
}

}  // namespace
}  // namespace nk::wire
