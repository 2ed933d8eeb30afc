#include "wire/rs_metadata.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/rfc3339.h"

namespace nk::wire {
namespace {

RsMetadata read(std::string_view xml) {
    auto metadata = parse_rs_metadata(as_bytes(xml));
    EXPECT_TRUE(metadata) << metadata.error().what;
    return metadata ? *std::move(metadata) : RsMetadata{};
}

// One participant whose <nameID> holds `inner`.
RsMetadata with_name(std::string_view inner) {
    return read("<recording><participant participant_id='p'><nameID aor='sip:a@b'><name>" +
                std::string(inner) + "</name></nameID></participant></recording>");
}

std::string name_in(const RsMetadata& metadata) {
    if (metadata.participants.size() != 1 || metadata.participants[0].names.size() != 1)
        return "not one name";
    return metadata.participants[0].names[0].display_name;
}

std::string written(std::optional<WallTime> time) {
    return time ? rfc3339(*time, 0) : "none";
}

using Texts = std::vector<std::string>;

constexpr std::string_view of_the_rfc = R"(<?xml version="1.0" encoding="UTF-8"?>
<recording xmlns="urn:ietf:params:xml:ns:recording:1">
  <datamode>complete</datamode>
  <group group_id="g1">
    <associate-time>2026-03-04T08:00:00Z</associate-time>
    <disassociate-time>2026-03-04T08:05:00Z</disassociate-time>
  </group>
  <session session_id="s1==">
    <sipSessionID>0a0b;remote=0c0d</sipSessionID>
    <group-ref>g1</group-ref>
    <reason protocol="Q.850">normal clearing</reason>
    <start-time>2026-03-04T09:00:01+01:00</start-time>
    <stop-time>2026-03-04T08:04:00.25Z</stop-time>
  </session>
  <participant participant_id="p1">
    <nameID aor="sip:ada@example.com"><name xml:lang="en">Ada</name></nameID>
    <nameID aor="tel:+31201234567"/>
  </participant>
  <participant participant_id="p2"><nameID aor="sip:bob@example.com"/></participant>
  <stream stream_id="m1" session_id="s1=="><label>96</label></stream>
  <stream stream_id="m2" session_id="s1=="><label>97</label>
    <content-type>main</content-type></stream>
  <sessionrecordingassoc session_id="s1==">
    <associate-time>2026-03-04T08:00:02Z</associate-time>
  </sessionrecordingassoc>
  <participantsessionassoc participant_id="p1" session_id="s1==">
    <associate-time>2026-03-04T08:00:03Z</associate-time>
    <disassociate-time>2026-03-04T08:03:00Z</disassociate-time>
  </participantsessionassoc>
  <participantstreamassoc participant_id="p1">
    <send>m1</send> <recv>m2</recv>
    <associate-time>2026-03-04T08:00:04Z</associate-time>
  </participantstreamassoc>
</recording>)";

TEST(rs_metadata, reads_who_takes_part_as_the_rfc_writes_it) {
    const RsMetadata metadata = read(of_the_rfc);
    EXPECT_EQ(metadata.faults, Texts{});
    EXPECT_FALSE(metadata.is_partial);
    ASSERT_EQ(metadata.participants.size(), 2U);
    EXPECT_EQ(metadata.participants[0].id, "p1");
    ASSERT_EQ(metadata.participants[0].names.size(), 2U);
    EXPECT_EQ(metadata.participants[0].names[0].aor, "sip:ada@example.com");
    EXPECT_EQ(metadata.participants[0].names[0].display_name, "Ada");
    EXPECT_EQ(metadata.participants[0].names[1].aor, "tel:+31201234567");
    EXPECT_EQ(metadata.participants[0].names[1].display_name, "");
    ASSERT_EQ(metadata.streams.size(), 2U);
    EXPECT_EQ(metadata.streams[0].id, "m1");
    EXPECT_EQ(metadata.streams[0].session_id, "s1==");
    EXPECT_EQ(metadata.streams[0].label, "96");
    EXPECT_EQ(metadata.streams[0].mode, RsMode::not_said);
    EXPECT_EQ(metadata.streams[1].content, "main");
    ASSERT_EQ(metadata.participant_streams.size(), 1U);
    EXPECT_EQ(metadata.participant_streams[0].participant_id, "p1");
    EXPECT_EQ(metadata.participant_streams[0].send, Texts{"m1"});
    EXPECT_EQ(metadata.participant_streams[0].recv, Texts{"m2"});
    EXPECT_EQ(written(metadata.participant_streams[0].times.associated), "2026-03-04T08:00:04Z");
    EXPECT_TRUE(metadata.extensions.empty());
}

TEST(rs_metadata, reads_sessions_groups_and_times_as_the_rfc_writes_them) {
    const RsMetadata metadata = read(of_the_rfc);
    ASSERT_EQ(metadata.groups.size(), 1U);
    EXPECT_EQ(metadata.groups[0].id, "g1");
    EXPECT_EQ(written(metadata.groups[0].times.disassociated), "2026-03-04T08:05:00Z");
    ASSERT_EQ(metadata.sessions.size(), 1U);
    EXPECT_EQ(metadata.sessions[0].id, "s1==");
    EXPECT_EQ(metadata.sessions[0].group_ids, Texts{"g1"});
    EXPECT_EQ(metadata.sessions[0].sip_session_ids, Texts{"0a0b;remote=0c0d"});
    EXPECT_EQ(metadata.sessions[0].reasons, Texts{"normal clearing"});
    EXPECT_EQ(written(metadata.sessions[0].start_time), "2026-03-04T08:00:01Z");
    EXPECT_EQ(written(metadata.sessions[0].stop_time), "2026-03-04T08:04:00Z");
    ASSERT_EQ(metadata.session_recordings.size(), 1U);
    EXPECT_EQ(metadata.session_recordings[0].session_id, "s1==");
    EXPECT_EQ(written(metadata.session_recordings[0].times.associated), "2026-03-04T08:00:02Z");
    ASSERT_EQ(metadata.participant_sessions.size(), 1U);
    EXPECT_EQ(metadata.participant_sessions[0].participant_id, "p1");
    EXPECT_EQ(metadata.participant_sessions[0].session_id, "s1==");
    EXPECT_EQ(written(metadata.participant_sessions[0].times.disassociated),
              "2026-03-04T08:03:00Z");
}

TEST(rs_metadata, tells_a_partial_update_from_a_complete_one) {
    EXPECT_TRUE(read("<recording><datamode>partial</datamode></recording>").is_partial);
    EXPECT_TRUE(read("<recording><dataMode> Partial </dataMode></recording>").is_partial);
    EXPECT_FALSE(read("<recording><x/></recording>").is_partial);
    const RsMetadata odd = read("<recording><datamode>some</datamode></recording>");
    EXPECT_FALSE(odd.is_partial);
    EXPECT_EQ(odd.faults, Texts{"a data mode that is neither complete nor partial"});
}

TEST(rs_metadata, brings_a_participant_with_send_and_session_of_its_own_to_the_rfcs_model) {
    const RsMetadata metadata = read(R"(<recording xmlns='urn:ietf:params:xml:ns:recording'>
      <datamode>complete</datamode>
      <session id="s"><associate-time>2026-03-04T08:00:00Z</associate-time></session>
      <participant id="p" session="s">
        <nameID aor="2001"><name>Desk</name></nameID>
        <send>m</send><recv>n</recv>
        <associate-time>2026-03-04T08:00:09Z</associate-time>
      </participant>
      <stream id="m" session="s"><label>16777300</label><mode>separate</mode>
        <associate-time>2026-03-04T08:00:05Z</associate-time></stream></recording>)");
    EXPECT_EQ(metadata.faults, Texts{});
    ASSERT_EQ(metadata.sessions.size(), 1U);
    EXPECT_EQ(written(metadata.sessions[0].start_time), "2026-03-04T08:00:00Z");
    ASSERT_EQ(metadata.participants.size(), 1U);
    EXPECT_EQ(metadata.participants[0].id, "p");
    EXPECT_EQ(metadata.participants[0].session_id, "s");
    ASSERT_EQ(metadata.participant_sessions.size(), 1U);
    EXPECT_EQ(metadata.participant_sessions[0].participant_id, "p");
    EXPECT_EQ(metadata.participant_sessions[0].session_id, "s");
    EXPECT_EQ(written(metadata.participant_sessions[0].times.associated), "2026-03-04T08:00:09Z");
    ASSERT_EQ(metadata.participant_streams.size(), 1U);
    EXPECT_EQ(metadata.participant_streams[0].participant_id, "p");
    EXPECT_EQ(metadata.participant_streams[0].send, Texts{"m"});
    EXPECT_EQ(metadata.participant_streams[0].recv, Texts{"n"});
    ASSERT_EQ(metadata.streams.size(), 1U);
    EXPECT_EQ(metadata.streams[0].label, "16777300");
    EXPECT_EQ(metadata.streams[0].mode, RsMode::separate);
    EXPECT_EQ(written(metadata.streams[0].times.associated), "2026-03-04T08:00:05Z");
}

TEST(rs_metadata, reads_recording_metadata_with_aor_elements_and_ids_within_send) {
    const RsMetadata metadata = read(R"(<recording_metadata xmlns="urn:ietf:params:xml:ns:siprec">
      <dataMode>complete</dataMode>
      <recording id="urn:uuid:1"><requestor>SRC</requestor></recording>
      <group id="urn:uuid:2" recording="urn:uuid:1"><initiator>sip:2001</initiator></group>
      <session id="urn:uuid:3" group="urn:uuid:2">
        <start-time>2026-03-04T08:00:00+00:00</start-time></session>
      <participant id="urn:uuid:4" session="urn:uuid:3">
        <aor>sip:2001@pbx.example</aor><send><id>urn:uuid:5</id></send></participant>
      <stream id="urn:uuid:5" session="urn:uuid:3"><label>1</label><mode>mixed</mode></stream>
      </recording_metadata>)");
    EXPECT_EQ(metadata.faults, Texts{});
    ASSERT_EQ(metadata.groups.size(), 1U);
    ASSERT_EQ(metadata.sessions.size(), 1U);
    EXPECT_EQ(metadata.sessions[0].group_ids, Texts{"urn:uuid:2"});
    EXPECT_EQ(written(metadata.sessions[0].start_time), "2026-03-04T08:00:00Z");
    ASSERT_EQ(metadata.participants.size(), 1U);
    ASSERT_EQ(metadata.participants[0].names.size(), 1U);
    EXPECT_EQ(metadata.participants[0].names[0].aor, "sip:2001@pbx.example");
    ASSERT_EQ(metadata.participant_streams.size(), 1U);
    EXPECT_EQ(metadata.participant_streams[0].send, Texts{"urn:uuid:5"});
    ASSERT_EQ(metadata.streams.size(), 1U);
    EXPECT_EQ(metadata.streams[0].mode, RsMode::mixed);
    EXPECT_EQ(metadata.hint("requestor"), "SRC");
    EXPECT_EQ(metadata.hint("initiator"), "sip:2001");
}

TEST(rs_metadata, takes_names_with_any_prefix_any_or_no_name_space_and_any_case) {
    for (const std::string_view xml :
         {"<r:recording xmlns:r='urn:x'><r:participant r:participant_id='p'><r:nameID aor='7'/>"
          "</r:participant></r:recording>",
          "<recording><participant id='p'><nameID><aor>7</aor></nameID></participant></recording>",
          "<Recording xmlns='http://example.com'><Participant xmlns:id='x' ID='p'><NameId AOR='7'/>"
          "</Participant></Recording>",
          "<recording xmlns='urn:ietf:params:xml:ns:recording:1'><participant participantId='p'>"
          "<nameID>7</nameID></participant></recording>",
          "<unbound:recording><unbound:participant id='p'><aor>7</aor></unbound:participant>"
          "</unbound:recording>"}) {
        SCOPED_TRACE(xml);
        const RsMetadata metadata = read(xml);
        EXPECT_EQ(metadata.faults, Texts{});
        ASSERT_EQ(metadata.participants.size(), 1U);
        EXPECT_EQ(metadata.participants[0].id, "p");
        ASSERT_EQ(metadata.participants[0].names.size(), 1U);
        EXPECT_EQ(metadata.participants[0].names[0].aor, "7");
    }
}

TEST(rs_metadata, reads_names_and_labels_that_are_attributes_or_elements_elsewhere) {
    const RsMetadata metadata = read(R"(<recording session="s">
      <participant id="agent"><name>Agent</name><aor>sip:1@x</aor><aor>sip:2@x</aor></participant>
      <stream label="left" streamid="m" mode="separate" type="audio"/>
      <participantstreamassoc id="a"><participant>agent</participant><stream>m</stream>
      </participantstreamassoc>
      <participantsessionassoc><participant>agent</participant><session>s</session>
      </participantsessionassoc>
      <sessionrecordingassoc sessionid="s"/></recording>)");
    ASSERT_EQ(metadata.participants.size(), 1U);
    ASSERT_EQ(metadata.participants[0].names.size(), 2U);
    EXPECT_EQ(metadata.participants[0].names[0].aor, "sip:1@x");
    EXPECT_EQ(metadata.participants[0].names[1].aor, "sip:2@x");
    EXPECT_EQ(metadata.participants[0].names[1].display_name, "Agent");
    ASSERT_EQ(metadata.streams.size(), 1U);
    EXPECT_EQ(metadata.streams[0].id, "m");
    EXPECT_EQ(metadata.streams[0].label, "left");
    EXPECT_EQ(metadata.streams[0].mode, RsMode::separate);
    EXPECT_EQ(metadata.streams[0].content, "audio");
    ASSERT_EQ(metadata.participant_streams.size(), 1U);
    EXPECT_EQ(metadata.participant_streams[0].participant_id, "agent");
    EXPECT_EQ(metadata.participant_streams[0].send, Texts{"m"});
    EXPECT_EQ(metadata.faults, Texts{"a stream of a participant without send or recv"});
    ASSERT_EQ(metadata.participant_sessions.size(), 1U);
    EXPECT_EQ(metadata.participant_sessions[0].session_id, "s");
    EXPECT_TRUE(metadata.sessions.empty());
    ASSERT_EQ(metadata.session_recordings.size(), 1U);
    EXPECT_EQ(metadata.session_recordings[0].session_id, "s");
}

TEST(rs_metadata, gives_what_stands_within_a_session_to_that_session) {
    const RsMetadata metadata = read(R"(<recording><group id="g"><session id="s">
      <participant id="p"><nameID aor="1"/></participant>
      <stream id="m"><label>1</label></stream></session></group></recording>)");
    ASSERT_EQ(metadata.groups.size(), 1U);
    EXPECT_EQ(metadata.groups[0].id, "g");
    ASSERT_EQ(metadata.sessions.size(), 1U);
    EXPECT_EQ(metadata.sessions[0].group_ids, Texts{"g"});
    ASSERT_EQ(metadata.participant_sessions.size(), 1U);
    EXPECT_EQ(metadata.participant_sessions[0].session_id, "s");
    ASSERT_EQ(metadata.streams.size(), 1U);
    EXPECT_EQ(metadata.streams[0].session_id, "s");
}

TEST(rs_metadata, takes_no_vendors_element_and_no_mere_reference_for_one_of_its_own) {
    const RsMetadata metadata = read(R"(<recording xmlns="urn:ietf:params:xml:ns:recording:1"
      xmlns:v="http://example.com/v"><v:session id="x"/><group group_id="g">
      <session>s</session></group>
      <stream stream_id="m"><label>1</label><v:label>2</v:label></stream>
      <participant participant_id="p"><v:name>Not</v:name><nameID aor="1"/></participant>
      </recording>)");
    EXPECT_TRUE(metadata.sessions.empty());
    ASSERT_EQ(metadata.streams.size(), 1U);
    EXPECT_EQ(metadata.streams[0].label, "1");
    EXPECT_EQ(name_in(metadata), "");
    Texts flat;
    for (const RsExtension& one : metadata.extensions)
        flat.push_back(one.of + " " + one.path + "=" + one.text);
    EXPECT_EQ(flat, (Texts{" session/id=x", "g session=s", "m label=2", "p name=Not"}));
}

TEST(rs_metadata, says_a_time_without_its_zone_is_none) {
    const RsMetadata metadata = read(
        "<recording><session id='s'><start-time>2026-03-04T08:00:00</start-time></session>"
        "</recording>");
    ASSERT_EQ(metadata.sessions.size(), 1U);
    EXPECT_FALSE(metadata.sessions[0].start_time);
    EXPECT_EQ(metadata.faults, Texts{"a time that is unreadable or without its zone"});
}

TEST(rs_metadata, reads_a_zone_without_its_colon_and_says_so) {
    const RsMetadata metadata = read(
        "<recording><session id='s'><start-time>2026-03-04T09:30:00+0130</start-time></session>"
        "<session id='t'><start-time>2026-03-04T08:00:00-9900</start-time></session></recording>");
    ASSERT_EQ(metadata.sessions.size(), 2U);
    EXPECT_EQ(written(metadata.sessions[0].start_time), "2026-03-04T08:00:00Z");
    EXPECT_FALSE(metadata.sessions[1].start_time);
    EXPECT_EQ(metadata.faults, (Texts{"a time whose zone has no colon",
                                      "a time that is unreadable or without its zone"}));
}

TEST(rs_metadata, tells_that_somebody_left_by_a_time_that_is_unreadable) {
    const RsMetadata metadata = read(
        "<recording><participant id='p' session='s'>"
        "<disassociate-time>2026-03-04T08:00:00</disassociate-time></participant>"
        "<participant id='q' session='s'><disassociate-time/></participant></recording>");
    ASSERT_EQ(metadata.participant_sessions.size(), 2U);
    EXPECT_FALSE(metadata.participant_sessions[0].times.disassociated);
    EXPECT_TRUE(metadata.participant_sessions[0].times.is_over);
    EXPECT_FALSE(metadata.participant_sessions[1].times.is_over);
}

TEST(rs_metadata, flattens_what_a_vendor_adds) {
    const RsMetadata metadata = read(R"(<recording xmlns="urn:ietf:params:xml:ns:recording:1">
      <session session_id="s"><Params xmlns="http://example.com/v">
        <Parameter name="Role" value="inbound"/></Params></session>
      <participant participant_id="p"><nameID aor="1"/>
        <extensiondata xmlns:v="http://example.com/v"><v:callingParty>true</v:callingParty>
          <v:header label="X-Id/2"><v:value>7</v:value></v:header></extensiondata></participant>
      <extensiondata id="e" parent="s"><call xmlns="http://example.com/w" version="3">
        <callType><termCall><callingPartyNumber>+3120</callingPartyNumber></termCall></callType>
        <session id="not ours">x</session><recorded/></call></extensiondata></recording>)");
    EXPECT_EQ(metadata.faults, Texts{});
    EXPECT_EQ(metadata.sessions.size(), 1U);
    Texts flat;
    for (const RsExtension& one : metadata.extensions)
        flat.push_back(one.of + " " + one.path + " " + one.name + "=" + one.text);
    EXPECT_EQ(flat, (Texts{"s Params/Role Role=inbound", "p callingParty callingParty=true",
                           "p X-Id/2 X-Id/2=7", "s call/version version=3",
                           "s call/callType/termCall/callingPartyNumber callingPartyNumber=+3120",
                           "s call/session session=x", "s call/session/id id=not ours",
                           "s call/recorded recorded="}));
    EXPECT_EQ(metadata.hint("calling-party-number"), "+3120");
    EXPECT_EQ(metadata.hint("nobody"), "");
}

TEST(rs_metadata, undoes_entities_and_character_data) {
    EXPECT_EQ(name_in(with_name(" A &amp; B &#233;&#x20AC; <![CDATA[<x> & y]]>\n ")),
              "A & B \u00e9\u20ac <x> & y");
    EXPECT_EQ(name_in(with_name("A<!-- not this -->B")), "AB");
}

TEST(rs_metadata, takes_bare_brackets_and_ampersands_as_text) {
    const RsMetadata metadata = with_name("R&D <3 a<b <ada@example.com> &; &x y <b c> </ >");
    EXPECT_EQ(name_in(metadata), "R&D <3 a<b <ada@example.com> &; &x y <b c> </ >");
    EXPECT_EQ(metadata.faults, (Texts{"a bare '&' in a text", "a bare '<' in a text"}));
    const RsMetadata aor = read(
        "<recording><participant id='p'><nameID aor='<sip:a&b@c>'/></participant></recording>");
    ASSERT_EQ(aor.participants.size(), 1U);
    EXPECT_EQ(aor.participants[0].names.at(0).aor, "<sip:a&b@c>");
}

TEST(rs_metadata, reads_values_of_attributes_without_quotes) {
    const RsMetadata metadata = read(
        "<recording xmlns=urn:x:y><session id=s/><stream id= m&1 session='s=t' label=1 />"
        "<participant id=p><nameID aor=sip:a@b><name>a=b c=d</name></nameID>"
        "<v:x xmlns:v=http://example.com/v label=P-Id>7</v:x></participant></recording>");
    EXPECT_EQ(metadata.faults,
              (Texts{"an attribute's value without quotes", "a bare '&' in a text"}));
    ASSERT_EQ(metadata.sessions.size(), 1U);
    EXPECT_EQ(metadata.sessions[0].id, "s");
    ASSERT_EQ(metadata.streams.size(), 1U);
    EXPECT_EQ(metadata.streams[0].id, "m&1");
    EXPECT_EQ(metadata.streams[0].session_id, "s=t");
    EXPECT_EQ(metadata.streams[0].label, "1");
    EXPECT_EQ(name_in(metadata), "a=b c=d");
    EXPECT_EQ(metadata.participants[0].names.at(0).aor, "sip:a@b");
    EXPECT_EQ(metadata.hint("P-Id"), "7");
}

TEST(rs_metadata, leaves_an_attribute_without_a_value_to_be_damage) {
    for (const auto* xml :
         {"<recording><session id=></session></recording>",
          "<recording><session id=a\"b/></recording>", "<recording><session id=a"}) {
        const RsMetadata metadata = read(xml);
        ASSERT_EQ(metadata.faults.size(), 1U) << xml;
        EXPECT_TRUE(metadata.faults[0].starts_with("the XML is not well-formed")) << xml;
    }
}

TEST(rs_metadata, never_expands_entities_of_a_document_type) {
    const RsMetadata metadata = read(
        "<?xml version='1.0'?><!DOCTYPE recording [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>"
        "<!ENTITY f SYSTEM 'file:///etc/hostname'>]><recording><participant id='p'>"
        "<nameID aor='1'><name>&b;&f;</name></nameID></participant></recording>");
    EXPECT_EQ(name_in(metadata), "&b;&f;");
}

TEST(rs_metadata, reads_other_encodings) {
    EXPECT_EQ(name_in(with_name("Jos\xc3\xa9")), "Jos\u00e9");
    EXPECT_EQ(name_in(with_name("Jos\xe9")), "Jos\u00e9");
    const std::string xml =
        "<?xml version='1.0' encoding='UTF-16'?><recording><participant id='p'><nameID aor='1'>"
        "<name>Z\xf6</name></nameID></participant></recording>";
    std::string big = "\xfe\xff";
    std::string little = "\xff\xfe";
    for (const char c : xml) {
        big.append(1, '\0').append(1, c);
        little.append(1, c).append(1, '\0');
    }
    EXPECT_EQ(name_in(read(big)), "Z\u00f6");
    EXPECT_EQ(name_in(read(little)), "Z\u00f6");
    EXPECT_EQ(name_in(read(std::string_view(big).substr(2))), "Z\u00f6");
    EXPECT_EQ(read("\xef\xbb\xbf<recording><participant id='p'/></recording>").faults, Texts{});
}

TEST(rs_metadata, passes_over_what_stands_around_the_xml) {
    const std::string xml = "<?xml version='1.0'?><recording><session id='s'/></recording>";
    const RsMetadata blank = read("\r\n \r\n" + xml + "\r\n\r\n--b--\r\n");
    EXPECT_EQ(blank.sessions.size(), 1U);
    EXPECT_EQ(blank.faults, Texts{});
    const RsMetadata junk = read("Content-ID: <a@b>\r\n\r\n" + xml + std::string(3, '\0'));
    EXPECT_EQ(junk.sessions.size(), 1U);
    EXPECT_EQ(junk.faults, Texts{"bytes in front of the XML"});
    const RsMetadata zero =
        read("<recording>" + std::string(1, '\0') + "<session id='s'/></recording>");
    EXPECT_EQ(zero.sessions.size(), 1U);
    EXPECT_EQ(zero.faults, Texts{"a zero byte in the XML"});
}

constexpr std::string_view damage =
    "the XML is not well-formed: what follows the damage is not read";

TEST(rs_metadata, keeps_what_stands_in_front_of_damage) {
    const RsMetadata metadata = read(
        "<recording><session id='s'/><participant id='p'><nameID aor='1'><name>Bob <bob></name>"
        "</nameID></participant><stream id='m'><label>1</label></stream></recording>");
    EXPECT_EQ(metadata.faults, Texts{std::string(damage)});
    EXPECT_EQ(metadata.sessions.size(), 1U);
    EXPECT_EQ(name_in(metadata), "Bob");
    EXPECT_TRUE(metadata.streams.empty());
}

TEST(rs_metadata, leaves_out_a_text_that_is_cut_off) {
    const RsMetadata metadata =
        read("<recording><stream id='m'><label>1</label></stream><stream id='n'><label>1677");
    ASSERT_EQ(metadata.streams.size(), 2U);
    EXPECT_EQ(metadata.streams[0].label, "1");
    EXPECT_EQ(metadata.streams[1].id, "n");
    EXPECT_EQ(metadata.streams[1].label, "");
    EXPECT_EQ(metadata.faults, (Texts{std::string(damage), "a stream without a label"}));
}

TEST(rs_metadata, leaves_out_an_attribute_that_is_cut_off) {
    const RsMetadata metadata =
        read("<recording><session id='s'/><participant id='p' session='s'><nameID aor='<sip:a>");
    ASSERT_EQ(metadata.participants.size(), 1U);
    EXPECT_EQ(metadata.participants[0].id, "p");
    EXPECT_TRUE(metadata.participants[0].names.empty());
    const RsMetadata quoted = read(
        "<recording><session id='s'/><participant id='p'><nameID aor='[x 'y']'/></participant>"
        "</recording>");
    EXPECT_EQ(quoted.faults, Texts{std::string(damage)});
    EXPECT_EQ(quoted.sessions.size(), 1U);
    ASSERT_EQ(quoted.participants.size(), 1U);
    EXPECT_TRUE(quoted.participants[0].names.empty());
}

TEST(rs_metadata, gives_of_every_beginning_a_beginning_of_the_whole) {
    const RsMetadata whole = read(of_the_rfc);
    for (std::size_t bytes = 0; bytes < of_the_rfc.size(); ++bytes) {
        SCOPED_TRACE(bytes);
        const auto part = parse_rs_metadata(as_bytes(of_the_rfc.substr(0, bytes)));
        if (!part)
            continue;
        EXPECT_FALSE(part->faults.empty());
        ASSERT_LE(part->streams.size(), whole.streams.size());
        for (std::size_t i = 0; i < part->streams.size(); ++i)
            EXPECT_TRUE(part->streams[i].label.empty() ||
                        part->streams[i].label == whole.streams[i].label);
        ASSERT_LE(part->participants.size(), whole.participants.size());
        for (std::size_t i = 0; i < part->participants.size(); ++i)
            EXPECT_TRUE(part->participants[i].id.empty() ||
                        part->participants[i].id == whole.participants[i].id);
    }
}

TEST(rs_metadata, finds_the_recording_within_something_else) {
    const RsMetadata metadata =
        read("<envelope><body><recording><session id='s'/></recording></body></envelope>");
    EXPECT_EQ(metadata.sessions.size(), 1U);
    EXPECT_EQ(metadata.faults, Texts{"recording metadata within another element"});
    const RsMetadata other = read("<calls><session id='s'/></calls>");
    EXPECT_EQ(other.sessions.size(), 1U);
    EXPECT_EQ(other.faults, Texts{"the outermost element is not <recording>"});
}

Code code_of(const std::string& xml) {
    const auto metadata = parse_rs_metadata(as_bytes(xml));
    return metadata ? Code::broken : metadata.error().code;
}

std::string repeated(std::string_view piece, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += piece;
    return all;
}

TEST(rs_metadata, refuses_what_holds_no_element) {
    for (const std::string_view bytes : {"", "\r\n", "v=0", "<?xml version='1.0'?>", "<", "<!--"})
        EXPECT_EQ(code_of(std::string(bytes)), Code::malformed) << bytes;
}

TEST(rs_metadata, refuses_what_breaks_a_limit) {
    EXPECT_EQ(code_of("<recording>" + std::string(limits::rs_metadata_bytes_max, ' ')),
              Code::limit);
    EXPECT_EQ(code_of(repeated("<a>", limits::rs_nesting_max + 1)), Code::limit);
    EXPECT_EQ(code_of(repeated("<a>", 20'000)), Code::limit);
    EXPECT_EQ(code_of("<recording>" + repeated("<a/>", limits::rs_nodes_max - 1) + "</recording>"),
              Code::limit);
    std::string attributes = "<recording";
    for (std::size_t i = 0; i <= limits::rs_attributes_max; ++i)
        attributes += " a" + std::to_string(i) + "=''";
    EXPECT_EQ(code_of(attributes + "/>"), Code::limit);
    EXPECT_EQ(
        code_of(repeated("<a>", limits::rs_nesting_max) + repeated("</a>", limits::rs_nesting_max)),
        Code::broken);
}

// Of each kind that there may be many of, in a document of the largest size.
TEST(rs_metadata, leaves_out_elements_beyond_their_limits) {
    const auto many = [](std::string_view element) {
        const std::size_t room = limits::rs_metadata_bytes_max - 100;
        auto said = read("<recording>" + repeated(element, room / element.size()) + "</recording>");
        EXPECT_FALSE(said.faults.empty()) << element;
        return said;
    };
    EXPECT_EQ(many("<group id='1'/>").groups.size(), limits::rs_entries_max);
    EXPECT_EQ(many("<session id='1'/>").sessions.size(), limits::rs_entries_max);
    EXPECT_EQ(many("<participant id='1'/>").participants.size(), limits::rs_entries_max);
    EXPECT_EQ(many("<stream id='1'/>").streams.size(), limits::rs_entries_max);
    EXPECT_EQ(many("<sessionrecordingassoc id='1'/>").session_recordings.size(),
              limits::rs_entries_max);
    EXPECT_EQ(many("<participantsessionassoc a='1'/>").participant_sessions.size(),
              limits::rs_entries_max);
    EXPECT_EQ(many("<participantstreamassoc a='1'/>").participant_streams.size(),
              limits::rs_entries_max);
    const auto flows = read("<recording><participantstreamassoc participant_id='1'>" +
                            repeated("<send>s</send>", limits::rs_flows_max + 1) +
                            "</participantstreamassoc></recording>");
    EXPECT_EQ(flows.participant_streams.at(0).send.size(), limits::rs_flows_max);
    EXPECT_EQ(flows.faults.size(), 1U);
}

TEST(rs_metadata, cuts_long_texts_and_leaves_out_names_and_extensions_beyond_their_limits) {
    const std::string name = name_in(with_name("a" + repeated("\u00e9", 300)));
    EXPECT_EQ(name, "a" + repeated("\u00e9", 255));
    const RsMetadata names = read("<recording><participant id='p'>" + repeated("<aor>1</aor>", 40) +
                                  "</participant></recording>");
    EXPECT_EQ(names.participants.at(0).names.size(), limits::rs_names_max);
    EXPECT_EQ(names.faults, Texts{"a participant has too many names"});
    const RsMetadata more = read("<recording>" + repeated("<x>1</x>", 2'000) + "</recording>");
    EXPECT_EQ(more.extensions.size(), limits::rs_extensions_max);
    EXPECT_EQ(more.faults, Texts{"too many extensions; the last ones are left out"});
}

}  // namespace
}  // namespace nk::wire
