#include "intake/siprec/roster.h"

#include <gtest/gtest.h>

namespace nk::siprec {
namespace {

std::vector<std::string> numbers_of(const char* xml) {
    const auto metadata = wire::parse_rs_metadata(as_bytes(std::string_view(xml)));
    Roster roster;
    std::vector<std::string> numbers;
    if (metadata)
        (void)roster.update(*metadata);
    for (const auto& speaker : roster.speakers())
        numbers.push_back(speaker.party.number);
    return numbers;
}

// As session border controllers of Oracle write it.
TEST(roster, puts_the_participant_first_whose_extension_says_that_it_called) {
    const char* xml = R"(<recording xmlns="urn:ietf:params:xml:ns:recording">
      <session id="s"/>
      <participant id="a" session="s"><nameID aor="sip:1001@example.com"/>
        <extensiondata xmlns:apkt="http://acmepacket.com/siprec/extensiondata">
          <apkt:callingParty>false</apkt:callingParty></extensiondata></participant>
      <participant id="b" session="s"><nameID aor="sip:1002@example.com"/>
        <extensiondata xmlns:apkt="http://acmepacket.com/siprec/extensiondata">
          <apkt:callingParty>true</apkt:callingParty></extensiondata></participant>
    </recording>)";
    EXPECT_EQ(numbers_of(xml), (std::vector<std::string>{"1002", "1001"}));
}

}  // namespace
}  // namespace nk::siprec
