// The SIPREC door from outside: what a recording client sends, what it gets back, and what the Ear
// is told.

#include "intake/siprec/server.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "intake/siprec/testing_client.h"

namespace nk::siprec {
namespace {

using testing::Body;
using testing::Client;
using testing::House;
using testing::media_line;
using testing::metadata;
using testing::offer;
using testing::session;
using testing::status_of;

const std::string two_lines = session(media_line(30'000, "1") + media_line(30'002, "2"));
const std::string ann_and_bo =
    metadata({{"p1", "sip:100@example.com", "Ann", "1"}, {"p2", "sip:200@example.com", "Bo", "2"}});

wire::Sdp sdp_of(const std::string& response) {
    const auto message = wire::parse_sip(as_bytes(response));
    return *wire::parse_sdp(message->body);
}

TEST(siprec, answers_each_line_with_its_label_and_a_port_of_ours) {
    House house;
    Client client(house);
    const auto response =
        client.send("INVITE", offer(two_lines, ann_and_bo), "Require: siprec\r\n");
    ASSERT_EQ(status_of(response), 200) << response;
    EXPECT_NE(response.find("+sip.srs"), std::string::npos);
    const auto sdp = sdp_of(response);
    ASSERT_EQ(sdp.media.size(), 2U);
    EXPECT_EQ(sdp.media[0].label, "1");
    EXPECT_EQ(sdp.media[1].label, "2");
    for (const auto& media : sdp.media) {
        EXPECT_EQ(media.direction, wire::Direction::recvonly);
        EXPECT_TRUE(house.sockets.is_open.contains(media.port));
    }
}

TEST(siprec, names_who_speaks_on_each_line) {
    House house;
    Client client(house);
    // The lines stand in the other order than the people.
    client.send("INVITE",
                offer(session(media_line(30'000, "2") + media_line(30'002, "1")), ann_and_bo));
    client.speak(0, 1);
    client.speak(1, 1);
    ASSERT_EQ(house.ear.heard.size(), 2U);
    EXPECT_EQ(house.ear.heard[0].party, 1U);
    EXPECT_EQ(house.ear.heard[1].party, 0U);
    EXPECT_EQ(house.ear.story.parties[0].name, "Ann");
    EXPECT_EQ(house.ear.story.parties[0].number, "100");
    EXPECT_EQ(house.ear.story.parties[1].name, "Bo");
    EXPECT_EQ(house.ear.story.keys, (std::vector<std::string>{"siprec-group@192.0.2.20:g1",
                                                              "siprec-session@192.0.2.20:s1"}));
}

TEST(siprec, keeps_the_metadata_as_it_came) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    ASSERT_EQ(house.ear.story.documents.size(), 1U);
    EXPECT_NE(house.ear.story.documents[0].text.find(ann_and_bo), std::string::npos);
}

TEST(siprec, hears_what_was_on_its_way_when_the_client_said_goodbye) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.speak(0, 1);
    EXPECT_EQ(status_of(client.send("BYE")), 200);
    client.speak(0, 2);
    EXPECT_TRUE(house.ear.ended.empty());
    house.pass(2 * limits::media_after_bye);
    ASSERT_EQ(house.ear.ended.size(), 1U);
    EXPECT_EQ(house.ear.heard.size(), 2U);
    EXPECT_EQ(house.ear.ended[0].ending, call::Ending::bye);
    EXPECT_TRUE(house.sockets.is_open.empty());
    EXPECT_EQ(house.server.in_progress(), 0U);
}

TEST(siprec, gives_whoever_takes_over_a_line_a_track_of_their_own) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.speak(1, 1);
    client.send("UPDATE", {{"application/rs-metadata+xml",
                            metadata({{"p1", "sip:100@example.com", "Ann", "1"},
                                      {"p3", "sip:300@example.com", "Cy", "2"}})}});
    client.speak(1, 2);
    ASSERT_EQ(house.ear.heard.size(), 2U);
    EXPECT_EQ(house.ear.heard[0].party, 1U);
    EXPECT_EQ(house.ear.heard[1].party, 2U);
    EXPECT_EQ(house.ear.story.parties[2].name, "Cy");
    EXPECT_EQ(house.ear.story.parties[2].role, "party-3");
    std::vector<std::string> moves;
    for (const auto& told : house.ear.story.told)
        if (told.what == "joined" || told.what == "left")
            moves.push_back(told.detail + " " + told.what);
    EXPECT_EQ(moves, (std::vector<std::string>{"Ann (100) joined", "Bo (200) joined",
                                               "Bo (200) left", "Cy (300) joined"}));
}

TEST(siprec, does_not_give_the_line_of_somebody_who_left_to_those_who_speak_elsewhere) {
    House house;
    Client client(house);
    const auto three =
        session(media_line(30'000, "1") + media_line(30'002, "2") + media_line(30'004, "3"));
    client.send("INVITE", offer(three, metadata({{"ann", "sip:ann@here.nl", "Ann", "1"},
                                                 {"bo", "sip:bo@here.nl", "Bo", "2"},
                                                 {"cy", "sip:cy@here.nl", "Cy", "3"}})));
    const std::string bo_left =
        metadata({},
                 "<participantsessionassoc participant_id=\"bo\" session_id=\"s1\">"
                 "<disassociate-time>2026-01-01T00:00:00Z</disassociate-time>"
                 "</participantsessionassoc>",
                 "partial");
    client.send("UPDATE", {{"application/rs-metadata+xml", bo_left, "recording-session"}});
    for (std::size_t line = 0; line < 3; ++line)
        client.speak(line, 1);
    ASSERT_EQ(house.ear.heard.size(), 3U);
    for (std::size_t line = 0; line < 3; ++line)
        EXPECT_EQ(house.ear.heard[line].party, line);
    // Another one comes, and nothing is said of what they send.
    client.send("UPDATE", {{"application/rs-metadata+xml",
                            metadata({{"di", "sip:di@here.nl", "Di", ""}}, "", "partial"),
                            "recording-session"}});
    client.speak(1, 2);
    EXPECT_EQ(house.ear.heard.back().party, 3U);
}

TEST(siprec, tells_that_several_are_heard_together_on_one_line) {
    House house;
    Client client(house);
    const std::string xml =
        "<recording xmlns=\"urn:ietf:params:xml:ns:recording:1\"><datamode>complete</datamode>"
        "<participant participant_id=\"a\"><nameID aor=\"sip:1@e\"/></participant>"
        "<participant participant_id=\"b\"><nameID aor=\"sip:2@e\"/></participant>"
        "<stream stream_id=\"m\"><label>1</label></stream></recording>";
    client.send("INVITE", offer(session(media_line(30'000, "1")), xml));
    client.speak(0, 1);
    ASSERT_EQ(house.ear.heard.size(), 1U);
    EXPECT_TRUE(house.ear.heard[0].is_mixed);
}

TEST(siprec, records_without_metadata_and_names_the_parties_when_it_comes_late) {
    House house;
    Client client(house);
    ASSERT_EQ(status_of(client.send("INVITE", {{"application/sdp", two_lines}})), 200);
    client.speak(0, 1);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.speak(0, 2);
    ASSERT_EQ(house.ear.heard.size(), 2U);
    EXPECT_EQ(house.ear.heard[0], (testing::Witness::Heard{0, 0, false, "1", false, 1}));
    EXPECT_EQ(house.ear.heard[1], (testing::Witness::Heard{0, 0, false, "1", false, 2}));
    EXPECT_EQ(house.ear.story.parties[0].name, "Ann");
}

TEST(siprec, keeps_its_ports_over_hold_and_resume) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    const auto ports = client.ports;
    const auto held =
        client.send("INVITE", {{"application/sdp", session(media_line(30'000, "1", "inactive") +
                                                           media_line(30'002, "2", "inactive"))}});
    EXPECT_EQ(sdp_of(held).media[0].direction, wire::Direction::inactive);
    EXPECT_EQ(client.ports, ports);
    client.send("INVITE", {{"application/sdp", two_lines}});
    EXPECT_EQ(client.ports, ports);
    std::vector<std::string> told;
    for (const auto& event : house.ear.story.told)
        if (event.what == "held" || event.what == "resumed")
            told.push_back(event.what);
    EXPECT_EQ(told, (std::vector<std::string>{"held", "held", "resumed", "resumed"}));
}

TEST(siprec, answers_a_refresh_without_an_offer_with_what_stands) {
    House house;
    Client client(house);
    const auto first = client.send("INVITE", offer(two_lines, ann_and_bo));
    const auto again = client.send("INVITE");
    ASSERT_EQ(status_of(again), 200);
    EXPECT_EQ(sdp_of(again).media[1].port, sdp_of(first).media[1].port);
    EXPECT_EQ(status_of(client.send("UPDATE")), 200);
}

TEST(siprec, opens_and_closes_lines_as_the_offer_does) {
    House house;
    Client client(house);
    client.send("INVITE", offer(session(media_line(30'000, "1")), ann_and_bo));
    EXPECT_EQ(house.sockets.is_open.size(), 1U);
    client.send("INVITE", {{"application/sdp", two_lines}});
    EXPECT_EQ(house.sockets.is_open.size(), 2U);
    client.speak(1, 1);
    EXPECT_EQ(house.ear.heard.back().party, 1U);
    client.send("INVITE",
                {{"application/sdp", session(media_line(30'000, "1") + media_line(0, "2"))}});
    EXPECT_EQ(house.sockets.is_open.size(), 1U);
    EXPECT_EQ(client.ports[1], 0);
}

TEST(siprec, takes_packets_from_nobody_else) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.speak(0, 1);
    client.speak(0, 2, "198.51.100.7", 30'000);
    client.speak(0, 2, "192.0.2.20", 40'000);
    EXPECT_EQ(house.ear.heard.size(), 1U);
    EXPECT_EQ(house.server.counts().strangers, 2U);
    house.pass(limits::media_source_silent);
    client.speak(0, 2, "192.0.2.20", 40'000);  // it moved: its old port is silent
    EXPECT_EQ(house.ear.heard.size(), 2U);
}

TEST(siprec, withholds_what_comes_while_the_recording_is_paused) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.speak(0, 1);
    ASSERT_TRUE(house.server.pause("recording-1", house.clock.time));
    client.speak(0, 2);
    ASSERT_TRUE(house.server.resume("recording-1", house.clock.time));
    client.speak(0, 3);
    EXPECT_EQ(house.ear.heard.size(), 2U);
    EXPECT_EQ(house.ear.withheld, 1U);
    EXPECT_FALSE(house.server.pause("nobody", house.clock.time));
}

TEST(siprec, hears_what_was_not_read_yet_when_the_call_ends) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.speak(0, 1);
    house.sockets.unread = [&](std::uint16_t) { client.speak(0, 2); };
    client.send("BYE");
    house.pass(seconds(1));
    EXPECT_EQ(house.ear.heard.size(), 2U);
    EXPECT_EQ(house.ear.ended.size(), 1U);
}

TEST(siprec, judges_a_packet_by_when_it_arrived_and_not_by_when_it_is_read) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    house.pass(seconds(5));
    house.server.pause("recording-1", house.clock.time);
    client.spoke(0, 1, milliseconds(20));  // before the pause
    client.speak(0, 2);
    house.pass(seconds(5));
    house.server.resume("recording-1", house.clock.time);
    client.spoke(0, 3, milliseconds(20));
    client.speak(0, 4);
    house.server.pause("recording-1", house.clock.time);
    client.spoke(0, 5, milliseconds(10));
    house.server.resume("recording-1", house.clock.time);
    client.spoke(0, 6, milliseconds(10));
    client.speak(0, 7);
    std::vector<std::uint16_t> kept;
    for (const auto& packet : house.ear.heard)
        kept.push_back(packet.sequence);
    EXPECT_EQ(kept, (std::vector<std::uint16_t>{1, 4, 7}));
    EXPECT_EQ(house.ear.withheld, 4U);
}

TEST(siprec, leaves_what_somebody_said_with_them_when_another_takes_over_before_it_is_read) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    house.pass(seconds(5));
    const std::string ann_and_cy = metadata(
        {{"p1", "sip:100@example.com", "Ann", "1"}, {"p3", "sip:300@example.com", "Cy", "2"}});
    client.send("UPDATE", {{"application/rs-metadata+xml", ann_and_cy, "recording-session"}});
    client.spoke(1, 1, milliseconds(20));
    client.speak(1, 2);
    ASSERT_EQ(house.ear.heard.size(), 2U);
    EXPECT_EQ(house.ear.heard[0].party, 1U);
    EXPECT_EQ(house.ear.heard[1].party, 2U);
}

TEST(siprec, does_not_let_a_client_end_a_pause_that_others_asked_for) {
    House house;
    Client client(house);
    const auto recorded = [](std::string_view state) {
        return session(media_line(30'000, "1") + "a=record:" + std::string(state) + "\r\n");
    };
    const auto says = [&](std::string_view state) {
        client.send("INVITE", {{"application/sdp", recorded(state)}});
        house.pass(seconds(2));
        client.speak(0, 1);
    };
    client.send("INVITE", offer(recorded("on"), ann_and_bo));
    house.server.pause("recording-1", house.clock.time);
    says("on");
    EXPECT_EQ(house.ear.withheld, 1U);
    house.server.resume("recording-1", house.clock.time);
    says("paused");
    EXPECT_EQ(house.ear.withheld, 2U);
    says("on");
    EXPECT_EQ(house.ear.heard.size(), 1U);
    says("paused");
    house.server.pause("recording-1", house.clock.time);
    says("on");
    EXPECT_EQ(house.ear.withheld, 4U);
    EXPECT_EQ(house.ear.heard.size(), 1U);
}

TEST(siprec, goes_on_by_itself_when_a_pause_is_forgotten) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    house.server.pause("recording-1", house.clock.time);
    for (Nanos passed{0}; passed < limits::pause_max + seconds(1); passed += seconds(10)) {
        client.speak(0, 1);
        house.pass(seconds(10));
    }
    EXPECT_EQ(house.ear.withheld, static_cast<std::size_t>(limits::pause_max / seconds(10)));
    EXPECT_EQ(house.ear.heard.size(), 1U);
}

TEST(siprec, tells_a_client_whose_dialog_is_gone_to_begin_anew) {
    House house;
    Client client(house);
    client.remote_tag = "of-an-earlier-run";
    EXPECT_EQ(status_of(client.send("INVITE", offer(two_lines, ann_and_bo))), 481);
    EXPECT_EQ(status_of(client.send("BYE")), 481);
    client.remote_tag.clear();
    EXPECT_EQ(status_of(client.send("INVITE", offer(two_lines, ann_and_bo))), 200);
}

TEST(siprec, takes_a_goodbye_whatever_its_number_and_nothing_else) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.cseq = 2'000'000'000;
    EXPECT_EQ(status_of(client.send("UPDATE")), 200);
    client.cseq = 1;
    EXPECT_EQ(status_of(client.send("UPDATE")), 500);
    EXPECT_EQ(status_of(client.send("BYE")), 200);
    house.pass(seconds(1));
    EXPECT_EQ(house.ear.ended.size(), 1U);
}

TEST(siprec, says_what_it_can_do) {
    House house;
    Client client(house);
    const auto response = client.send("OPTIONS");
    EXPECT_EQ(status_of(response), 200);
    EXPECT_NE(response.find("Accept: application/sdp, application/rs-metadata+xml"),
              std::string::npos);
    EXPECT_EQ(status_of(client.send("SUBSCRIBE")), 405);
    EXPECT_EQ(
        status_of(client.send("INVITE", offer(two_lines, ann_and_bo), "Require: nonsense\r\n")),
        420);
}

TEST(siprec, uses_a_malformed_request_as_far_as_it_goes) {
    House house;
    Client client(house);
    const auto response =
        client.send("INVITE", offer(two_lines, ann_and_bo),
                    "P-Asserted-Identity: <sip:1@-bad-.>\r\nRoute: <sip:a:b>\r\n");
    EXPECT_EQ(status_of(response), 200);
    ASSERT_FALSE(house.ear.story.noted.empty());
    EXPECT_EQ(house.ear.story.noted[0].name, "sip-malformed");
}

TEST(siprec, refuses_a_request_that_cannot_be_told_apart) {
    House house;
    Client client(house);
    const auto send = [&](const std::string& from, const std::string& to) {
        auto changed = client.request("INVITE", ++client.cseq, offer(two_lines, ann_and_bo), "");
        changed.replace(changed.find(from), from.size(), to);
        house.out.sent.clear();
        house.server.on_sip(as_bytes(changed), client.peer, house.clock.time);
        return house.out.sent.empty() ? 0 : status_of(house.out.sent.back());
    };
    EXPECT_EQ(send(" INVITE\r\n", " OPTIONS\r\n"), 400);
    EXPECT_EQ(send("192.0.2.10 SIP/2.0", "192.0.2.10 SIP/7.0"), 505);
    EXPECT_EQ(send(";branch=", ";;,branch="), 400);
    EXPECT_EQ(house.server.in_progress(), 0U);
}

TEST(siprec, refuses_new_calls_when_it_is_full_and_keeps_those_that_run) {
    ServerOptions options;
    options.calls_max = 1;
    House house(options);
    Client first(house);
    Client second(house);
    second.call_id = "recording-2";
    EXPECT_EQ(status_of(first.send("INVITE", offer(two_lines, ann_and_bo))), 200);
    const auto refused = second.send("INVITE", offer(two_lines, ann_and_bo));
    EXPECT_EQ(status_of(refused), 503);
    EXPECT_NE(refused.find("Retry-After: "), std::string::npos);
    first.speak(0, 1);
    EXPECT_EQ(house.ear.heard.size(), 1U);
    EXPECT_EQ(house.server.counts().refused, 1U);
}

TEST(siprec, refuses_who_may_not_record_here) {
    ServerOptions options;
    options.is_allowed = [](const IpAddress& ip) { return ip == *parse_ip("192.0.2.20"); };
    House house(options);
    Client client(house);
    client.peer.remote = testing::at("198.51.100.1", 5060);
    EXPECT_EQ(status_of(client.send("INVITE", offer(two_lines, ann_and_bo))), 403);
}

TEST(siprec, refuses_what_has_no_sound_to_receive) {
    House house;
    Client client(house);
    const std::string video = "m=video 30000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
    EXPECT_EQ(status_of(client.send("INVITE", {{"application/sdp", session(video)}})), 488);
    EXPECT_EQ(status_of(client.send("INVITE", {{"application/sdp", "rubbish"}})), 400);
    EXPECT_EQ(status_of(client.send("INVITE")), 488);
    EXPECT_EQ(status_of(client.send(
                  "INVITE", {{"application/sdp", session(video + media_line(30'002, "1"))}})),
              200);
    EXPECT_EQ(client.ports[0], 0);
    EXPECT_NE(client.ports[1], 0);
}

TEST(siprec, answers_keys_with_the_suite_it_was_offered) {
    House house;
    Client client(house);
    const std::string secured =
        "m=audio 30000 RTP/SAVP 8\r\na=label:1\r\na=sendonly\r\n"
        "a=crypto:1 UNKNOWN inline:AAAA\r\n"
        "a=crypto:2 AES_CM_128_HMAC_SHA1_80 "
        "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20\r\n";
    const auto response = client.send("INVITE", {{"application/sdp", session(secured)}});
    ASSERT_EQ(status_of(response), 200) << response;
    EXPECT_NE(response.find("a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:"), std::string::npos);
    EXPECT_EQ(response.find("WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"), std::string::npos);
    client.speak(0, 1);
    ASSERT_EQ(house.ear.heard.size(), 1U);
    EXPECT_TRUE(house.ear.heard[0].is_secured);
}

TEST(siprec, asks_a_silent_client_whether_it_is_there_and_ends_a_call_that_is_gone) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    house.out.sent.clear();
    house.pass(limits::siprec_silence + seconds(1));
    ASSERT_FALSE(house.out.sent.empty());
    EXPECT_TRUE(house.out.sent.front().starts_with("OPTIONS "));
    house.pass(seconds(40));  // nobody answers
    ASSERT_EQ(house.ear.ended.size(), 1U);
    EXPECT_EQ(house.ear.ended[0].ending, call::Ending::timed_out);
}

TEST(siprec, sends_receiver_reports) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    client.speak(0, 1);
    house.pass(limits::receiver_report_every + seconds(1));
    ASSERT_EQ(house.sockets.reports.size(), 1U);
    EXPECT_EQ(house.sockets.reports[0].port, client.ports[0]);
    EXPECT_EQ(house.sockets.reports[0].to, testing::at("192.0.2.20", 30'001));
}

TEST(siprec, tells_the_clients_when_the_recorder_stops) {
    House house;
    Client client(house);
    client.send("INVITE", offer(two_lines, ann_and_bo));
    house.out.sent.clear();
    house.server.finish(house.clock.time);
    ASSERT_EQ(house.out.sent.size(), 1U);
    EXPECT_TRUE(house.out.sent[0].starts_with("BYE "));
    ASSERT_EQ(house.ear.ended.size(), 1U);
    EXPECT_EQ(house.ear.ended[0].ending, call::Ending::recorder_stopped);
}

TEST(siprec, does_not_use_a_port_that_somebody_else_has_or_that_still_rests) {
    ServerOptions options;
    options.first_port = 20'000;
    options.last_port = 20'005;
    House house(options);
    house.sockets.taken = {20'000};
    Client client(house);
    ASSERT_EQ(status_of(client.send("INVITE", offer(two_lines, ann_and_bo))), 200);
    EXPECT_EQ(client.ports, (std::vector<std::uint16_t>{20'002, 20'004}));
    client.send("BYE");
    house.pass(seconds(1));
    Client next(house);
    next.call_id = "recording-2";
    EXPECT_EQ(status_of(next.send("INVITE", offer(two_lines, ann_and_bo))), 503);
    house.sockets.taken.clear();
    house.pass(limits::media_port_rest);
    next.own_tag = "again";
    EXPECT_EQ(status_of(next.send("INVITE", offer(two_lines, ann_and_bo))), 200);
}

}  // namespace
}  // namespace nk::siprec
