// What keeps a dialog going and what ends it: session timers, clients that cannot be reached,
// strangers, and the room that a new call needs.

#include <algorithm>

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
using testing::session;
using testing::status_of;

const std::string one_line = session(media_line(30'000, "1"));
const std::string ann = metadata({{"p1", "sip:100@example.com", "Ann", "1"}});
constexpr std::string_view knows_timer = "Supported: timer\r\n";

bool has(const std::string& message, std::string_view what) {
    return message.find(what) != std::string::npos;
}

std::size_t count_of(const House& house, std::string_view method) {
    return static_cast<std::size_t>(
        std::count_if(house.out.sent.begin(), house.out.sent.end(),
                      [&](const std::string& one) { return one.starts_with(method); }));
}

// The answer that a client gives to the request that was sent last.
std::string answer_to(const std::string& request, int status, std::string_view extra = "") {
    std::string out = "SIP/2.0 " + std::to_string(status) + " Answer\r\n";
    const auto parsed = wire::parse_sip(as_bytes(request));
    for (const auto& header : parsed->headers)
        for (const std::string_view name : {"Via", "From", "To", "Call-ID", "CSeq"})
            if (header.name == name)
                out.append(name).append(": ").append(header.value).append("\r\n");
    return out.append(extra).append("Content-Length: 0\r\n\r\n");
}

void talk(House& house, Client& client, int tens_of_seconds) {
    for (int i = 0; i < tens_of_seconds; ++i) {
        client.speak(0, static_cast<std::uint16_t>(house.clock.time.ns / 1'000'000'000));
        house.pass(seconds(10));
    }
}

TEST(siprec_timer, lets_the_client_refresh_the_session_and_does_so_itself_when_asked) {
    House house;
    Client client(house);
    const std::string first = std::string(knows_timer) + "Session-Expires: 1800\r\n";
    const auto response = client.send("INVITE", offer(one_line, ann), first);
    EXPECT_TRUE(has(response, "Session-Expires: 1800;refresher=uac\r\n")) << response;
    EXPECT_TRUE(has(response, "Require: timer\r\n"));
    const auto refused =
        client.send("UPDATE", {}, std::string(knows_timer) + "Session-Expires: 10\r\n");
    EXPECT_EQ(status_of(refused), 422);
    EXPECT_TRUE(has(refused, "Min-SE: 90\r\n"));
    client.send("UPDATE", {},
                std::string(knows_timer) + "Session-Expires: 120 ; Refresher = UAS\r\n");
    house.out.sent.clear();
    talk(house, client, 7);
    ASSERT_FALSE(house.out.sent.empty());
    const auto& update = house.out.sent.front();
    EXPECT_TRUE(update.starts_with("UPDATE sip:src@192.0.2.20:5060 "));
    EXPECT_TRUE(has(update, "Session-Expires: 120;refresher=uac\r\n")) << update;
    EXPECT_FALSE(has(update, "Require:")) << update;
}

// RFC 4028 9, table 2: a proxy put it in.
TEST(siprec_timer, refreshes_for_a_client_that_knows_nothing_of_it) {
    House house;
    Client client(house);
    const auto response =
        client.send("INVITE", offer(one_line, ann), "Session-Expires: 120;refresher=uac\r\n");
    EXPECT_EQ(status_of(response), 200);
    EXPECT_TRUE(has(response, "Session-Expires: 120;refresher=uas\r\n")) << response;
    EXPECT_FALSE(has(response, "Require: timer")) << response;
    EXPECT_EQ(status_of(client.send("UPDATE", {}, "Session-Expires: 10\r\n")), 200);
}

TEST(siprec_timer, leaves_the_refresh_to_a_client_that_takes_no_update) {
    House house;
    Client client(house);
    const auto response = client.send("INVITE", offer(one_line, ann),
                                      std::string(knows_timer) + "Allow: INVITE, ACK, BYE\r\n" +
                                          "Session-Expires: 120;refresher=uas\r\n");
    EXPECT_TRUE(has(response, "Session-Expires: 120;refresher=uac\r\n")) << response;
}

TEST(siprec_timer, waits_with_the_next_refresh_when_one_was_refused) {
    for (const int status : {405, 491, 500}) {
        House house;
        Client client(house);
        client.send("INVITE", offer(one_line, ann),
                    std::string(knows_timer) + "Session-Expires: 120;refresher=uas\r\n");
        house.out.sent.clear();
        talk(house, client, 6);
        ASSERT_EQ(count_of(house, "UPDATE "), 1U);
        const auto update = house.out.sent.back();
        house.out.sent.clear();
        house.server.on_sip(as_bytes(answer_to(update, status, "Retry-After: 40\r\n")), client.peer,
                            house.clock.time);
        talk(house, client, 3);
        EXPECT_EQ(count_of(house, "UPDATE "), 0U) << status;
        talk(house, client, 2);
        EXPECT_GE(count_of(house, "UPDATE "), 1U) << status;
    }
}

TEST(siprec_timer, takes_a_longer_interval_when_the_client_wants_one) {
    House house;
    Client client(house);
    client.send("INVITE", offer(one_line, ann),
                std::string(knows_timer) + "Session-Expires: 120;refresher=uas\r\n");
    house.out.sent.clear();
    talk(house, client, 6);
    ASSERT_EQ(count_of(house, "UPDATE "), 1U);
    house.server.on_sip(as_bytes(answer_to(house.out.sent.back(), 422, "Min-SE: 300\r\n")),
                        client.peer, house.clock.time);
    house.out.sent.clear();
    talk(house, client, 10);
    ASSERT_GE(count_of(house, "UPDATE "), 1U);
    EXPECT_TRUE(has(house.out.sent.front(), "Session-Expires: 300;"));
}

TEST(siprec_timer, is_not_changed_by_a_refresh_that_was_refused) {
    House house;
    Client client(house);
    client.send("INVITE", offer(one_line, ann),
                std::string(knows_timer) + "Session-Expires: 1800;refresher=uac\r\n");
    const auto refused =
        client.send("INVITE", {{"application/sdp", session("m=video 1 RTP/AVP 96\r\n")}},
                    std::string(knows_timer) + "Session-Expires: 90;refresher=uac\r\n");
    ASSERT_EQ(status_of(refused), 488);
    house.out.sent.clear();
    house.pass(seconds(50));
    client.speak(0, 1);
    house.pass(seconds(50));
    EXPECT_EQ(count_of(house, "BYE "), 0U);
    EXPECT_TRUE(house.ear.ended.empty());
}

TEST(siprec_reach, keeps_a_silent_call_whose_connection_is_closed) {
    House house;
    Client client(house);
    client.peer.is_reliable = true;
    client.send("INVITE", offer(one_line, ann));
    house.pass(seconds(1));
    client.speak(0, 0);
    house.out.is_dead = true;
    house.pass(minutes(40));
    EXPECT_TRUE(house.ear.ended.empty());
    house.out.is_dead = false;  // it comes back, by another connection
    client.peer.flow = 2;
    EXPECT_EQ(status_of(client.send("INVITE", offer(one_line, ann))), 200);
    client.speak(0, 1);
    EXPECT_EQ(house.ear.heard.size(), 2U);
    house.out.is_dead = true;
    house.pass(limits::siprec_out_of_reach_max + minutes(2));
    ASSERT_EQ(house.ear.ended.size(), 1U);
    EXPECT_EQ(house.ear.ended[0].ending, call::Ending::timed_out);
}

TEST(siprec_reach, keeps_no_place_for_a_client_that_never_acknowledged_and_sent_nothing) {
    House house;
    Client client(house);
    client.peer.is_reliable = true;
    house.server.on_sip(as_bytes(client.request("INVITE", 1, offer(one_line, ann), "")),
                        client.peer, house.clock.time);
    ASSERT_EQ(house.server.in_progress(), 1U);
    house.out.is_dead = true;
    house.pass(seconds(40));
    EXPECT_EQ(house.server.in_progress(), 0U);
}

TEST(siprec_reach, asks_at_the_contact_when_nobody_answers_where_requests_come_from) {
    House house;
    Client client(house);
    client.peer.remote = testing::at("192.0.2.20", 41'000);  // it listens on 5060
    client.send("INVITE", offer(one_line, ann));
    house.pass(limits::siprec_silence + seconds(1));
    EXPECT_EQ(house.out.last_to, client.peer.remote);
    house.out.sent.clear();
    house.pass(seconds(33));
    EXPECT_TRUE(house.ear.ended.empty());
    EXPECT_EQ(house.out.last_to, testing::at("192.0.2.20", 5060));
    ASSERT_GE(count_of(house, "OPTIONS "), 1U);
    house.server.on_sip(as_bytes(answer_to(house.out.sent.back(), 200)), client.peer,
                        house.clock.time);
    house.pass(seconds(40));
    EXPECT_TRUE(house.ear.ended.empty());
}

TEST(siprec_strangers, cost_no_memory_and_get_one_answer) {
    ServerOptions options;
    options.is_allowed = [](const IpAddress& ip) { return ip == *parse_ip("192.0.2.20"); };
    House house(options);
    Client client(house);
    client.peer.remote = testing::at("198.51.100.1", 5060);
    const auto refused = client.send("INVITE", offer(one_line, ann));
    EXPECT_EQ(status_of(refused), 403);
    EXPECT_EQ(house.server.transactions().requests, 0U);
    house.out.sent.clear();
    house.pass(seconds(40));
    EXPECT_TRUE(house.out.sent.empty());
    client.send("ACK");
    EXPECT_TRUE(house.out.sent.empty());
}

TEST(siprec_room, answers_503_while_the_disk_does_not_keep_up) {
    ServerOptions options;
    bool has_room = false;
    options.has_room = [&] { return has_room; };
    House house(options);
    Client client(house);
    const auto refused = client.send("INVITE", offer(one_line, ann));
    EXPECT_EQ(status_of(refused), 503);
    EXPECT_TRUE(has(refused, "Retry-After: 10\r\n"));
    EXPECT_EQ(status_of(client.send("OPTIONS")), 503);
    has_room = true;
    EXPECT_EQ(status_of(client.send("OPTIONS")), 200);
    EXPECT_EQ(status_of(client.send("INVITE", offer(one_line, ann))), 200);
    has_room = false;  // what runs goes on
    EXPECT_EQ(status_of(client.send("INVITE", offer(one_line, ann))), 200);
}

// Who chooses by OPTIONS goes elsewhere; who has no choice is recorded for as long as memory lasts.
TEST(siprec_room, is_offered_to_nobody_while_the_disk_takes_nothing) {
    ServerOptions options;
    options.is_disk_well = [] { return false; };
    House house(options);
    Client client(house);
    EXPECT_EQ(status_of(client.send("OPTIONS")), 503);
    EXPECT_EQ(status_of(client.send("INVITE", offer(one_line, ann))), 200);
    EXPECT_EQ(status_of(client.send("OPTIONS")), 200);  // in its dialog
}

TEST(siprec_silence, asks_nobody_who_has_just_said_something) {
    House house;
    Client client(house);
    client.send("INVITE", offer(one_line, ann));
    client.speak(0, 1);
    for (int i = 0; i < 5; ++i) {
        house.pass(seconds(50));
        client.send("OPTIONS");
    }
    EXPECT_EQ(count_of(house, "OPTIONS "), 0U);
    house.pass(seconds(70));
    EXPECT_GE(count_of(house, "OPTIONS "), 1U);
}

// It was asked, and speaks by itself before it is given up.
TEST(siprec_silence, keeps_who_said_something_while_it_was_asked) {
    House house;
    Client client(house);
    client.send("INVITE", offer(one_line, ann));
    client.speak(0, 1);
    house.pass(seconds(62));
    EXPECT_GE(count_of(house, "OPTIONS "), 1U);
    house.pass(seconds(20));
    EXPECT_EQ(status_of(client.send("INVITE", offer(one_line, ann))), 200);
    house.pass(seconds(30));
    EXPECT_TRUE(house.ear.ended.empty());
    house.pass(seconds(150));  // and then nothing
    EXPECT_EQ(house.ear.ended.size(), 1U);
}

TEST(siprec_answers, end_a_call_whose_goodbye_is_too_large) {
    House house;
    Client client(house);
    client.send("INVITE", offer(one_line, ann));
    std::string bye = client.request("BYE", ++client.cseq, {}, "");
    bye.replace(bye.find("Content-Length: 0"), 17, "Content-Length: 90000");
    house.server.on_large_sip(as_bytes(bye), client.peer, house.clock.time);
    EXPECT_EQ(status_of(house.out.sent.back()), 200);
    house.pass(seconds(2));
    EXPECT_EQ(house.server.in_progress(), 0U);
}

TEST(siprec_answers, say_how_large_a_message_may_be) {
    House house;
    Client client(house);
    const std::string head =
        "INVITE sip:r@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/TCP "
        "192.0.2.20;branch=z9hG4bKlarge\r\nFrom: <sip:a@b>;tag=1\r\nTo: "
        "<sip:c@d>\r\nCall-ID: large\r\nCSeq: 1 INVITE\r\n"
        "Content-Length: 90000\r\n\r\n";
    house.server.on_large_sip(as_bytes(head), client.peer, house.clock.time);
    ASSERT_FALSE(house.out.sent.empty());
    EXPECT_EQ(status_of(house.out.sent.back()), 513);
    EXPECT_TRUE(has(house.out.sent.back(), "65535 bytes"));
    EXPECT_EQ(house.server.in_progress(), 0U);
}

TEST(siprec_answers, have_a_tag_of_ours) {
    House house;
    Client client(house);
    for (const auto* method : {"OPTIONS", "CANCEL", "BYE", "PRACK"})
        EXPECT_FALSE(wire::parse_sip(as_bytes(client.send(method)))->to_tag().empty()) << method;
    const auto answered = client.send("INVITE", offer(one_line, ann));
    EXPECT_EQ(status_of(client.send("PRACK")), 481);  // nothing of ours asked for one
}

TEST(siprec_answers, tell_the_address_that_we_are_told_to_have) {
    ServerOptions options;
    options.sip_at = "203.0.113.5:5060";
    House house(options);
    Client client(house);
    const auto answered = client.send("INVITE", offer(one_line, ann));
    EXPECT_TRUE(has(answered, "Contact: <sip:naklank@203.0.113.5:5060>;+sip.srs\r\n")) << answered;
}

TEST(siprec_pause, is_for_every_session_of_that_call_id) {
    House house;
    Client one(house);
    Client two(house);
    two.own_tag = "other-client";
    two.cseq = 10;
    one.send("INVITE", offer(one_line, ann));
    two.send("INVITE", offer(one_line, ann));
    ASSERT_TRUE(house.server.pause(one.call_id, house.clock.time));
    one.speak(0, 1);
    two.speak(0, 1);
    EXPECT_TRUE(house.ear.heard.empty());
    EXPECT_EQ(house.ear.withheld, 2U);
    EXPECT_TRUE(house.server.resume(one.call_id, house.clock.time));
    one.send("BYE");
    two.send("BYE");
    EXPECT_FALSE(house.server.pause(one.call_id, house.clock.time));
}

}  // namespace
}  // namespace nk::siprec
