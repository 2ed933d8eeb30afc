#include "intake/siprec/roster.h"

#include <gtest/gtest.h>

#include "base/limits.h"

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

// As Ribbon's copy the fields of the call.
TEST(roster, puts_the_participant_first_whom_a_copied_from_or_to_names) {
    const std::string start = R"(<recording xmlns="urn:ietf:params:xml:ns:recording"><group id="g">
      <callData xmlns="urn:ietf:params:xml:ns:callData">)";
    const std::string end = R"(</callData></group><session id="s"/>
      <participant id="a" session="s"><nameID aor="2025550101@example.com"/></participant>
      <participant id="b" session="s"><nameID aor="2025550102@example.com"/></participant>
    </recording>)";
    const std::vector<std::string> swapped{"2025550102", "2025550101"};
    for (const std::string field :
         {"<fromhdr>\"Bob\" &lt;sip:+12025550102@example.net&gt;;tag=1</fromhdr>",
          "<tohdr>&lt;tel:+12025550101&gt;;tag=2</tohdr>"})
        EXPECT_EQ(numbers_of((start + field + end).c_str()), swapped) << field;
    EXPECT_EQ(numbers_of((start + "<fromhdr>?</fromhdr>" + end).c_str()),
              (std::vector<std::string>{"2025550101", "2025550102"}));
}

TEST(roster, gives_the_only_line_to_the_only_one_who_is_said_to_send) {
    const auto heard = [](std::string_view flows) {
        const std::string xml =
            "<recording><session id='s'/><participant id='a' session='s'><nameID aor='1'/>"
            "</participant><participant id='b' session='s'><nameID aor='2'/>" +
            std::string(flows) +
            "</participant><stream id='m' session='s'><label>1</label></stream></recording>";
        Roster roster;
        (void)roster.update(*wire::parse_rs_metadata(as_bytes(xml)));
        return roster.heard_on("1", 0);
    };
    EXPECT_EQ(heard("<send>x</send>"), (std::vector<std::size_t>{1}));
    EXPECT_EQ(heard("<recv>x</recv>"), (std::vector<std::size_t>{0, 1}));
    EXPECT_EQ(heard(""), (std::vector<std::size_t>{0, 1}));
}

TEST(roster, lets_somebody_leave_whose_time_has_no_zone) {
    const std::string xml =
        "<recording><session id='s'/><participant id='a' session='s'><nameID aor='1'/>"
        "<disassociate-time>2026-03-04T08:00:00</disassociate-time></participant>"
        "<participant id='b' session='s'><nameID aor='2'/></participant></recording>";
    Roster roster;
    (void)roster.update(*wire::parse_rs_metadata(as_bytes(xml)));
    EXPECT_FALSE(roster.speakers().at(0).is_there);
    EXPECT_TRUE(roster.speakers().at(1).is_there);
}

// --- whoever writes the metadata decides how long it is
// -------------------------------------------

wire::RsMetadata read(const std::string& xml) {
    auto metadata = wire::parse_rs_metadata(as_bytes(std::string_view(xml)));
    return metadata ? *std::move(metadata) : wire::RsMetadata();
}

// Two people, who have ids of their own in each message.
std::string two_called(const std::string& suffix) {
    const auto person = [&](const std::string& name) {
        return "<participant participant_id='" + name + suffix + "'><nameID aor='sip:" + name +
               "@e'/></participant><participantstreamassoc participant_id='" + name + suffix +
               "'><send>of-" + name + "</send></participantstreamassoc><stream stream_id='of-" +
               name + "'><label>" + name + "</label></stream>";
    };
    return "<recording>" + person("ann") + person("bo") + "</recording>";
}

TEST(roster, knows_people_by_the_ids_they_have_now_and_forgets_old_ones) {
    Roster roster;
    for (std::size_t n = 0; n < 2 * limits::rs_ids_max; ++n) {
        (void)roster.update(read(two_called(std::to_string(n))));
        ASSERT_LE(roster.known_ids(), limits::rs_ids_max);
        ASSERT_EQ(roster.heard_on("bo", 1), (std::vector<std::size_t>{1})) << n;
    }
    EXPECT_EQ(roster.speakers().size(), 2U);
}

// What is kept of a document that says as much as it may, over and over, has its bounds.
TEST(roster, keeps_little_of_a_hostile_document) {
    Roster roster;
    for (std::size_t round = 0; round < 8; ++round) {
        std::string xml = "<recording><stream stream_id='0'><label>1</label></stream>";
        for (std::size_t n = 0; xml.size() < limits::rs_metadata_bytes_max - 300; ++n) {
            const auto id = std::to_string(round) + "." + std::to_string(n);
            xml.append("<participant id='").append(id).append("'><aor>x</aor><send>0</send><send>");
            xml.append(id).append("</send></participant>");
        }
        const auto metadata = read(xml + "</recording>");
        EXPECT_EQ(metadata.participants.size(), limits::rs_entries_max);
        (void)roster.update(metadata);
        EXPECT_LE(roster.speakers().size(), limits::parties_max);
        EXPECT_LE(roster.known_ids(), limits::rs_ids_max);
        EXPECT_LE(roster.heard_on("1", 0).size(), limits::parties_max);
    }
}

// Nobody gave a name for who sends a stream at first; who sends it then is the same.
TEST(roster, gives_the_name_that_comes_late_to_who_sent_the_stream_before) {
    Roster roster;
    const auto sender = [](const std::string& id, const std::string& name) {
        return "<recording><participant participant_id='" + id + "'>" + name +
               "</participant><participantstreamassoc participant_id='" + id +
               "'><send>s</send></participantstreamassoc></recording>";
    };
    (void)roster.update(read(sender("unknown", "")));
    (void)roster.update(read(sender("ann", "<nameID aor='sip:ann@e'/>")));
    ASSERT_EQ(roster.speakers().size(), 1U);
    EXPECT_EQ(roster.speakers()[0].party.number, "ann");
}

TEST(roster, takes_two_with_one_address_in_one_document_for_two) {
    EXPECT_EQ(numbers_of("<recording><participant participant_id='a'><nameID aor='sip:1@e'/>"
                         "</participant><participant participant_id='b'><nameID aor='sip:1@e'/>"
                         "</participant></recording>"),
              (std::vector<std::string>{"1", "1"}));
}

TEST(roster, knows_a_speaker_by_their_id_however_many_others_came_and_went) {
    Roster roster;
    std::string last;
    for (std::size_t n = 0; n < limits::rs_ids_max; ++n)
        (void)roster.update(read(two_called(last = std::to_string(n))));
    (void)roster.update(read(two_called(last)));
    (void)roster.update(
        read("<recording><datamode>partial</datamode><participantsessionassoc "
             "participant_id='bo" +
             last +
             "' session_id='s'><disassociate-time>2026-01-01T00:00:00Z"
             "</disassociate-time></participantsessionassoc></recording>"));
    EXPECT_TRUE(roster.speakers()[0].is_there);
    EXPECT_FALSE(roster.speakers()[1].is_there);
    std::string many = "<recording><datamode>partial</datamode>";
    for (std::size_t n = 0; n < limits::rs_entries_max; ++n)
        many += "<participant id='x" + std::to_string(n) + "'/>";
    (void)roster.update(read(many + "</recording>"));
    (void)roster.update(read(many + "</recording>"));
    (void)roster.update(
        read("<recording><datamode>partial</datamode><participant participant_id="
             "'bo" +
             last + "'><nameID aor='sip:bobby@e'/></participant></recording>"));
    EXPECT_EQ(roster.speakers()[1].party.number, "bobby");
}

TEST(roster, lets_go_of_what_a_participant_no_longer_sends) {
    Roster roster;
    (void)roster.update(read(two_called("")));
    (void)roster.update(
        read("<recording><datamode>partial</datamode><participantstreamassoc participant_id='bo'>"
             "<send>of-bo</send><disassociate-time>2026-01-01T00:00:00Z</disassociate-time>"
             "</participantstreamassoc><participantstreamassoc participant_id='ann'>"
             "<send>of-ann</send><send>of-bo</send></participantstreamassoc></recording>"));
    EXPECT_EQ(roster.heard_on("bo", 1), (std::vector<std::size_t>{0}));
}

}  // namespace
}  // namespace nk::siprec
