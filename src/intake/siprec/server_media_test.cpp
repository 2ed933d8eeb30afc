// The SIPREC door and its media: from whom it takes packets, what it answers for a line, and what a
// description that changes does to packets that are not read yet.

#include <gtest/gtest.h>

#include "base/limits.h"
#include "intake/siprec/server.h"
#include "intake/siprec/testing_client.h"

namespace nk::siprec {
namespace {

using testing::Client;
using testing::House;
using testing::media_line;
using testing::metadata;
using testing::offer;
using testing::Person;
using testing::session;
using testing::status_of;

const std::string two_lines = session(media_line(30'000, "1") + media_line(30'002, "2"));
const std::string ann_and_bo =
    metadata({{"p1", "sip:100@example.com", "Ann", "1"}, {"p2", "sip:200@example.com", "Bo", "2"}});
constexpr const char* gateway = "198.51.100.7";

wire::Sdp sdp_of(const std::string& response) {
    const auto message = wire::parse_sip(as_bytes(response));
    return *wire::parse_sdp(message->body);
}

std::uint64_t noted(const House& house, std::string_view oddity) {
    for (const auto& known : house.ear.story.noted)
        if (known.name == oddity)
            return known.count;
    return 0;
}

TEST(siprec_media, sends_reports_by_the_port_that_it_answered_for_them) {
    House house;
    Client client(house);
    const auto answer = sdp_of(client.send(
        "INVITE",
        offer(session(media_line(30'000, "1") + "a=rtcp-mux\r\n" + media_line(30'002, "2")),
              ann_and_bo)));
    EXPECT_TRUE(answer.media[0].rtcp_mux);
    EXPECT_FALSE(answer.media[1].rtcp_mux);
    client.speak(0, 1);
    client.speak(1, 1);
    house.pass(limits::receiver_report_every + seconds(1));
    ASSERT_EQ(house.sockets.reports.size(), 2U);
    EXPECT_TRUE(house.sockets.reports[0].is_muxed);
    EXPECT_EQ(house.sockets.reports[0].to, testing::at("192.0.2.20", 30'000));
    EXPECT_FALSE(house.sockets.reports[1].is_muxed);
    EXPECT_EQ(house.sockets.reports[1].to, testing::at("192.0.2.20", 30'003));
    const std::vector<std::uint8_t> report{0x80, 200, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
                                           0,    0,   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    house.server.on_media(client.ports[0], testing::at("192.0.2.20", 30'000), report,
                          house.clock.time);
    EXPECT_EQ(house.server.counts().reports, 1U);
}

TEST(siprec_media, judges_what_was_not_read_yet_by_the_description_before) {
    House house;
    Client client(house);
    client.send("INVITE", offer(session(media_line(30'000, "1"), "IN IP4 198.51.100.7"), ""));
    house.sockets.unread = [&](std::uint16_t) { client.speak(0, 1, gateway, 30'000); };
    client.send("INVITE", {{"application/sdp", session(media_line(30'000, "1"))}});
    EXPECT_EQ(house.ear.heard.size(), 1U);
    client.speak(0, 2, gateway, 30'000);
    EXPECT_EQ(house.ear.heard.size(), 1U);
    EXPECT_EQ(house.server.counts().strangers, 1U);
}

// --- a re-INVITE without an offer (RFC 3261 13.2.1, 14.2) ---------------------------------------

TEST(siprec_media, offers_what_stands_and_follows_the_answer_in_the_ack) {
    House house;
    Client client(house);
    const std::string held = session(media_line(30'000, "1", "inactive") + media_line(30'002, "2"));
    client.send("INVITE", offer(held, ann_and_bo));
    client.acknowledges = false;
    const auto ours = sdp_of(client.send("INVITE"));
    EXPECT_EQ(ours.media[0].direction, wire::Direction::recvonly);
    EXPECT_EQ(ours.media[0].port, client.ports[0]);
    client.acknowledge({{"application/sdp", session(media_line(40'000, "1") + media_line(0, "2"),
                                                    "IN IP4 198.51.100.7")}});
    client.speak(0, 1, gateway, 40'000);
    ASSERT_EQ(house.ear.heard.size(), 1U);
    EXPECT_EQ(house.sockets.is_open.size(), 1U);
    client.speak(1, 1);  // nobody's port any more
    EXPECT_EQ(house.server.counts().other, 1U);
    // The ACK of a 200 that was an answer has none.
    client.send("INVITE", {{"application/sdp", two_lines}});
    client.acknowledge({{"application/sdp", session(media_line(0, "1") + media_line(0, "2"))}});
    EXPECT_EQ(house.sockets.is_open.size(), 2U);
}

TEST(siprec_media, takes_the_keys_and_the_pause_in_an_ack) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.acknowledges = false;
    client.send("INVITE");
    const std::string secured =
        "m=audio 30000 RTP/SAVP 8\r\na=label:1\r\na=sendonly\r\n"
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 "
        "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20\r\n";
    client.acknowledge(
        {{"application/sdp", session(secured + media_line(30'002, "2") + "a=record:paused\r\n")}});
    client.speak(0, 1);
    client.speak(1, 1);
    ASSERT_EQ(house.ear.heard.size(), 1U);
    EXPECT_TRUE(house.ear.heard[0].is_secured);
    EXPECT_EQ(house.ear.withheld, 1U);
}

TEST(siprec_media, takes_no_other_offer_until_its_own_is_answered) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.acknowledges = false;
    EXPECT_EQ(status_of(client.send("INVITE")), 200);
    EXPECT_EQ(status_of(client.send("UPDATE", {{"application/sdp", two_lines}})), 491);
    EXPECT_EQ(status_of(client.send("INVITE", {{"application/sdp", two_lines}})), 491);
    EXPECT_EQ(status_of(client.send("INVITE")), 491);
    EXPECT_EQ(status_of(client.send("UPDATE")), 200);
    EXPECT_EQ(status_of(client.send("INVITE", {{"application/sdp", two_lines}})), 491);
    for (int i = 0; i < 40; ++i) {  // no ACK comes
        client.speak(0, static_cast<std::uint16_t>(i));
        house.pass(seconds(1));
    }
    EXPECT_EQ(status_of(client.send("INVITE", {{"application/sdp", two_lines}})), 200);
}

TEST(siprec_media, goes_on_as_it_was_when_an_ack_has_no_answer) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.send("INVITE");  // and the ACK is bare
    client.speak(1, 1);
    EXPECT_EQ(house.ear.heard.size(), 1U);
    client.acknowledges = false;
    client.send("INVITE");
    client.acknowledge({{"application/sdp", session(media_line(30'000, "1"))}});
    client.speak(1, 2);
    EXPECT_EQ(house.ear.heard.size(), 2U);
    EXPECT_EQ(status_of(client.send("INVITE", {{"application/sdp", two_lines}})), 200);
    EXPECT_EQ(noted(house, "sdp-malformed"), 2U);
}

// --- from whom ----------------------------------------------------------------------------------

TEST(siprec_media, takes_nobody_on_a_line_without_an_address_but_who_is_known) {
    for (const auto* nowhere : {"IN IP4 0.0.0.0", "IN IP4 media.example.com"}) {
        House house;
        Client client(house);
        client.send("INVITE", offer(session(media_line(30'000, "1"), nowhere), ""));
        client.speak(0, 1, gateway, 30'000);
        EXPECT_EQ(house.ear.heard.size(), 0U) << nowhere;
        client.speak(0, 1, "192.0.2.20", 30'000);  // where its SIP comes from
        EXPECT_EQ(house.ear.heard.size(), 1U) << nowhere;
    }
}

TEST(siprec_media, takes_whom_another_line_or_an_earlier_offer_named) {
    House house;
    Client client(house);
    const std::string named = media_line(30'000, "1") + "c=IN IP4 198.51.100.7\r\n";
    const std::string nowhere = media_line(30'002, "2") + "c=IN IP4 0.0.0.0\r\n";
    client.send("INVITE", offer(session(named + nowhere), ann_and_bo));
    client.speak(1, 1, gateway, 50'000);
    EXPECT_EQ(house.ear.heard.size(), 1U);
    client.send("INVITE", {{"application/sdp",
                            session(media_line(30'000, "1") + nowhere, "IN IP4 0.0.0.0")}});
    client.speak(0, 1, gateway, 50'002);
    EXPECT_EQ(house.ear.heard.size(), 2U);
    client.speak(0, 1, "203.0.113.1", 50'002);
    EXPECT_EQ(house.ear.heard.size(), 2U);
}

// --- more speakers and lines than tracks --------------------------------------------------------

TEST(siprec_media, says_that_several_are_heard_where_there_is_no_track_for_another) {
    House house;
    Client client(house);
    const auto spoken_by = [](std::size_t who) {
        const auto name = std::to_string(who);
        return metadata({{"p1", "sip:100@example.com", "Ann", "1"},
                         {"q" + name, "sip:2" + name + "@example.com", "Bo " + name, "2"}});
    };
    client.send("INVITE", offer(two_lines, spoken_by(0)));
    for (std::size_t who = 1; who < limits::tracks_per_call_max + 2; ++who) {
        client.send("UPDATE", {{"application/rs-metadata+xml", spoken_by(who)}});
        client.speak(1, static_cast<std::uint16_t>(who));
    }
    const auto& heard = house.ear.heard;
    ASSERT_EQ(heard.size(), limits::tracks_per_call_max + 1);
    for (std::size_t i = 0; i < heard.size(); ++i)
        EXPECT_EQ(heard[i].is_mixed, i + 2 >= limits::tracks_per_call_max) << i;
    EXPECT_EQ(noted(house, "tracks-left-out"), 1U);
}

TEST(siprec_media, refuses_lines_that_there_is_no_track_for) {
    House house;
    Client client(house);
    std::string lines;
    for (std::size_t i = 0; i < limits::tracks_per_call_max + 2; ++i)
        lines += media_line(static_cast<std::uint16_t>(30'000 + 2 * i), std::to_string(i));
    const auto answer = sdp_of(client.send("INVITE", {{"application/sdp", session(lines)}}));
    for (std::size_t i = 0; i < answer.media.size(); ++i)
        EXPECT_EQ(answer.media[i].port != 0, i < limits::tracks_per_call_max) << i;
    EXPECT_EQ(house.sockets.is_open.size(), limits::tracks_per_call_max);
    EXPECT_EQ(noted(house, "tracks-left-out"), 2U);
}

// --- keys and names -----------------------------------------------------------------------------

std::string with_crypto(std::string_view protocol, std::string_view parameters) {
    return session("m=audio 30000 " + std::string(protocol) +
                   " 8\r\na=label:1\r\na=sendonly\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 "
                   "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz" +
                   std::string(parameters) + "\r\n");
}

TEST(siprec_media, answers_a_line_with_no_key_once_it_is_not_secured) {
    House house;
    Client client(house);
    client.send("INVITE", {{"application/sdp", with_crypto("RTP/SAVP", "")}});
    const auto plain = client.send("INVITE", {{"application/sdp", with_crypto("RTP/AVP", "")}});
    EXPECT_EQ(plain.find("a=crypto"), std::string::npos) << plain;
}

// RFC 4568 6.3: what both sides have to agree on is in the answer as well.
TEST(siprec_media, answers_with_the_parameters_of_the_keys_it_took) {
    House house;
    Client client(house);
    for (const auto* parameters :
         {" UNENCRYPTED_SRTP", "", " UNENCRYPTED_SRTCP", " UNENCRYPTED_SRTCP UNENCRYPTED_SRTP"}) {
        const auto answer =
            client.send("INVITE", {{"application/sdp", with_crypto("RTP/SAVP", parameters)}});
        const auto line = answer.substr(answer.find("a=crypto:1"));
        const auto end = line.substr(0, line.find("\r\n"));
        const std::string_view wanted = parameters;
        EXPECT_TRUE(end.ends_with(wanted)) << end;
        EXPECT_EQ(end.find("UNENCRYPTED") != std::string::npos, !wanted.empty()) << end;
    }
}

TEST(siprec_media, reads_bodies_whatever_the_case_of_their_types) {
    House house;
    Client client(house);
    client.send("INVITE",
                {{"Application/SDP", two_lines}, {"APPLICATION/RS-Metadata+XML", ann_and_bo}});
    EXPECT_EQ(house.ear.story.parties[0].name, "Ann");
    client.send("INVITE", {{"application/sdp", two_lines},
                           {"application/xml", metadata({{"p3", "sip:3@e", "Cy", "1"}}),
                            "Recording-Session"}});
    EXPECT_EQ(house.ear.story.parties.back().name, "Cy");
    client.send("BYE", {{"APPLICATION/RS-METADATA", metadata({{"p4", "sip:4@e", "Di", "2"}})}});
    EXPECT_EQ(house.ear.story.parties.back().name, "Di");
}

}  // namespace
}  // namespace nk::siprec
