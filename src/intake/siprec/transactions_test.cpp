#include "intake/siprec/transactions.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "intake/siprec/testing_sip.h"

namespace nk::siprec {
namespace {

using namespace testing;

using Times = std::vector<std::int64_t>;
using Heard = std::vector<std::string>;

const Peer udp = peer_at("192.0.2.2", 5'070);
const Peer tcp = peer_at("192.0.2.2", 40'000, true);
// RFC 3261 17: T1 doubled up to T2, for 64 T1.
const Times by_the_clock{0,      500,    1'500,  3'500,  7'500, 11'500,
                         15'500, 19'500, 23'500, 27'500, 31'500};

std::string ack(const std::string& branch = "z9hG4bK1") {
    return Ask{.method = "ACK", .branch = branch, .to_tag = "ours"}.text();
}

std::string cancel(const std::string& branch = "z9hG4bK1") {
    return Ask{.method = "CANCEL", .branch = branch}.text();
}

std::string our_bye(const std::string& branch = "z9hG4bKours") {
    return Ask{.method = "BYE", .branch = branch, .to_tag = "theirs"}.text();
}

std::string response_to(const std::string& request, int status) {
    const auto read = wire::parse_sip(as_bytes(request));
    return wire::compose_response(*read, udp.remote, {.status = status});
}

TEST(transactions, an_invite_that_is_answered_at_once_has_no_100) {
    World world;
    world.answer_at_once = 200;
    world.take(Ask{}.text(), udp);
    world.run(seconds(1));
    EXPECT_TRUE(world.times_of("SIP/2.0 100 Trying").empty());
    EXPECT_EQ(world.sent.front().first_line(), "SIP/2.0 200 OK");
}

TEST(transactions, an_invite_that_waits_has_its_100_after_200_ms) {
    World world;
    world.take(Ask{}.text(), udp);
    world.run(seconds(10));
    EXPECT_EQ(world.times_of("SIP/2.0 100 Trying"), (Times{200}));
}

TEST(transactions, a_repeated_invite_has_the_100_at_once_and_then_the_last_response) {
    World world;
    world.take(Ask{}.text(), udp);
    world.run(milliseconds(100));
    world.take(Ask{}.text(), udp);
    world.run(milliseconds(200));
    EXPECT_EQ(world.times_of("SIP/2.0 100 Trying"), (Times{100}));
    EXPECT_TRUE(world.reply(1, 180));
    world.take(Ask{}.text(), udp);
    EXPECT_EQ(world.times_of("SIP/2.0 180 Ringing"), (Times{300, 300}));
    EXPECT_EQ(world.heard, (Heard{"INVITE"}));
    EXPECT_EQ(world.transactions.counts().repeats, 2U);
}

TEST(transactions, a_2xx_is_sent_by_the_clock_until_64_t1_are_over) {
    for (const Peer& peer : {udp, tcp}) {
        World world;
        world.answer_at_once = 200;
        world.take(Ask{}.text(), peer);
        world.run(milliseconds(31'999));
        EXPECT_EQ(world.times_of("SIP/2.0 200 OK"), by_the_clock);
        EXPECT_EQ(world.heard, (Heard{"INVITE"}));
        world.run(milliseconds(1));
        EXPECT_EQ(world.heard, (Heard{"INVITE", "unacknowledged"}));
        EXPECT_EQ(world.transactions.size(), 0U);
    }
}

TEST(transactions, the_ack_of_a_2xx_ends_its_repeats_and_is_heard_once) {
    World world;
    world.answer_at_once = 200;
    world.take(Ask{}.text(), udp);
    world.run(seconds(1));
    world.take(ack("z9hG4bKanother"), udp);
    world.take(ack("z9hG4bKanother"), udp);
    world.run(seconds(20));
    world.take(Ask{}.text(), udp);
    world.take(ack("z9hG4bKanother"), udp);
    EXPECT_EQ(world.times_of("SIP/2.0 200 OK"), (Times{0, 500}));
    EXPECT_EQ(world.heard, (Heard{"INVITE", "ACK"}));
    EXPECT_EQ(world.transactions.size(), 1U);
    world.run(seconds(11));
    EXPECT_EQ(world.transactions.size(), 0U);
    EXPECT_EQ(world.heard, (Heard{"INVITE", "ACK"}));
}

TEST(transactions, an_ack_with_the_branch_of_its_invite_will_do_for_a_2xx) {
    World world;
    world.answer_at_once = 200;
    world.take(Ask{}.text(), udp);
    world.take(ack(), udp);
    EXPECT_EQ(world.heard, (Heard{"INVITE", "ACK"}));
}

TEST(transactions, an_ack_of_another_dialog_is_a_stray) {
    World world;
    world.answer_at_once = 200;
    world.take(Ask{}.text(), udp);
    world.take(Ask{.method = "ACK", .branch = "z9hG4bK9", .to_tag = "theirs"}.text(), udp);
    world.take(Ask{.method = "ACK", .branch = "z9hG4bK9", .to_tag = "ours", .call_id = "x"}.text(),
               udp);
    EXPECT_EQ(world.heard, (Heard{"INVITE"}));
    EXPECT_EQ(world.transactions.counts().strays, 2U);
}

TEST(transactions, a_refusal_over_udp_is_sent_by_the_clock_until_its_ack) {
    World world;
    world.answer_at_once = 486;
    world.take(Ask{}.text(), udp);
    world.run(seconds(2));
    world.take(ack(), udp);
    world.run(seconds(4));
    world.take(ack(), udp);
    world.take(Ask{}.text(), udp);
    EXPECT_EQ(world.times_of("SIP/2.0 486 Busy Here"), (Times{0, 500, 1'500}));
    EXPECT_EQ(world.transactions.size(), 1U);
    world.run(seconds(1));
    EXPECT_EQ(world.transactions.size(), 0U);
    EXPECT_EQ(world.heard, (Heard{"INVITE"}));
}

TEST(transactions, a_refusal_without_its_ack_is_given_up_after_64_t1) {
    World world;
    world.answer_at_once = 486;
    world.take(Ask{}.text(), udp);
    world.run(seconds(1));
    world.take(Ask{}.text(), udp);
    world.run(seconds(40));
    EXPECT_EQ(world.times_of("SIP/2.0 486 Busy Here").size(), by_the_clock.size() + 1);
    EXPECT_EQ(world.heard, (Heard{"INVITE", "unacknowledged"}));
}

TEST(transactions, a_refusal_over_tcp_is_sent_once_and_over_with_its_ack) {
    World world;
    world.answer_at_once = 486;
    world.take(Ask{}.text(), tcp);
    world.run(seconds(10));
    EXPECT_EQ(world.times_of("SIP/2.0 486 Busy Here"), (Times{0}));
    world.take(ack(), tcp);
    EXPECT_EQ(world.transactions.size(), 0U);
}

TEST(transactions, another_request_has_its_answer_again_for_each_repeat) {
    World world;
    const std::string options = Ask{.method = "OPTIONS"}.text();
    world.take(options, udp);
    world.take(options, udp);
    EXPECT_TRUE(world.sent.empty());
    EXPECT_TRUE(world.reply(1, 200));
    world.run(seconds(31));
    world.take(options, udp);
    EXPECT_EQ(world.times_of("SIP/2.0 200 OK"), (Times{0, 31'000}));
    EXPECT_EQ(world.heard, (Heard{"OPTIONS"}));
    world.run(seconds(1));
    EXPECT_EQ(world.transactions.size(), 0U);
}

TEST(transactions, another_request_over_tcp_is_over_when_it_is_answered) {
    World world;
    world.answer_at_once = 200;
    world.take(Ask{.method = "OPTIONS"}.text(), tcp);
    EXPECT_EQ(world.transactions.size(), 0U);
    EXPECT_EQ(world.transactions.bytes(), 0U);
    EXPECT_EQ(world.transactions.next_due(), std::nullopt);
}

TEST(transactions, a_request_has_one_final_answer) {
    World world;
    world.take(Ask{}.text(), udp);
    EXPECT_FALSE(world.transactions.reply(1, "nonsense", world.now));
    EXPECT_FALSE(world.transactions.reply(1, Ask{}.text(), world.now));
    EXPECT_TRUE(world.reply(1, 200));
    EXPECT_FALSE(world.reply(1, 200));
    EXPECT_FALSE(world.reply(1, 180));
    EXPECT_FALSE(world.transactions.reply(2, response_to(Ask{}.text(), 200), world.now));
    EXPECT_EQ(world.sent.size(), 1U);
}

TEST(transactions, a_cancel_ends_an_invite_that_is_not_answered) {
    World world;
    world.take(Ask{}.text(), udp);
    world.run(milliseconds(50));
    world.take(cancel(), udp);
    world.take(cancel(), udp);
    EXPECT_EQ(world.heard, (Heard{"INVITE", "CANCEL"}));
    EXPECT_EQ(world.could_cancel, true);
    EXPECT_EQ(world.times_of("SIP/2.0 200 OK"), (Times{50, 50}));
    world.take(ack(), udp);
    world.run(seconds(5));
    EXPECT_EQ(world.times_of("SIP/2.0 487 Request Terminated"), (Times{50}));
    world.run(seconds(27));
    EXPECT_EQ(world.transactions.size(), 0U);
}

TEST(transactions, a_cancel_that_comes_too_late_changes_nothing) {
    World world;
    world.answer_at_once = 200;
    world.take(Ask{}.text(), udp);
    world.take(cancel(), udp);
    EXPECT_EQ(world.could_cancel, false);
    EXPECT_TRUE(world.times_of("SIP/2.0 487 Request Terminated").empty());
    EXPECT_EQ(world.times_of("SIP/2.0 200 OK").size(), 2U);  // one for each request
}

TEST(transactions, a_cancel_of_nothing_is_told_so) {
    World world;
    world.take(Ask{}.text(), udp);
    world.take(cancel("z9hG4bKother"), udp);
    EXPECT_EQ(world.heard, (Heard{"INVITE", "CANCEL of nothing"}));
}

TEST(transactions, requests_are_told_apart_by_branch_sender_and_method) {
    World world;
    const auto take = [&](const Ask& ask) { world.take(ask.text(), udp); };
    take({.method = "OPTIONS", .sent_by = "a.example.com:5070", .to_tag = "t"});
    take({.method = "OPTIONS", .sent_by = "A.EXAMPLE.COM:5070", .to_tag = "t"});
    EXPECT_EQ(world.heard.size(), 1U);
    take({.method = "OPTIONS",
          .branch = "z9hG4bK2",
          .sent_by = "a.example.com:5070",
          .call_id = "2"});
    take({.method = "OPTIONS", .sent_by = "b.example.com:5070", .call_id = "3"});
    take({.method = "OPTIONS", .sent_by = "a.example.com:5071", .call_id = "4"});
    take({.method = "INFO", .sent_by = "a.example.com:5070", .call_id = "5"});
    EXPECT_EQ(world.heard.size(), 5U);
}

TEST(transactions, branches_of_rfc_2543_are_nothing_to_go_by) {
    for (const std::string branch : {"", "1", "of-rfc-2543", "z9hG4bK"}) {
        World world;
        world.answer_at_once = 486;
        world.take(Ask{.branch = branch, .call_id = "1"}.text(), udp);
        world.take(Ask{.branch = branch, .call_id = "2"}.text(), udp);
        world.take(Ask{.branch = branch, .call_id = "2"}.text(), udp);
        EXPECT_EQ(world.heard, (Heard{"INVITE", "INVITE"}));
        world.take(Ask{.method = "ACK", .branch = branch, .to_tag = "ours", .call_id = "1"}.text(),
                   udp);
        world.run(seconds(6));
        EXPECT_EQ(world.transactions.size(), 1U);
        world.take(Ask{.method = "CANCEL", .branch = branch, .call_id = "2"}.text(), udp);
        EXPECT_EQ(world.heard.back(), "CANCEL");
    }
}

TEST(transactions, a_request_that_comes_by_two_ways_is_taken_once) {
    World world;
    world.take(Ask{}.text(), udp);
    world.take(Ask{.branch = "z9hG4bK2"}.text(), udp);
    world.take(Ask{.branch = "z9hG4bK2"}.text(), udp);
    EXPECT_EQ(world.heard, (Heard{"INVITE"}));
    ASSERT_EQ(world.sent.size(), 2U);
    EXPECT_EQ(world.sent[0].first_line(), "SIP/2.0 482 Loop Detected");
    EXPECT_EQ(world.sent[0].bytes, world.sent[1].bytes);
    EXPECT_NE(world.sent[0].bytes.find("To: <sip:srs@192.0.2.9>;tag="), std::string::npos);
    EXPECT_EQ(world.transactions.counts().merged, 2U);
    world.take(cancel("z9hG4bK2"), udp);
    world.take(cancel(), udp);
    EXPECT_EQ(world.heard, (Heard{"INVITE", "CANCEL of nothing", "CANCEL"}));
}

TEST(transactions, within_a_dialog_nothing_is_merged) {
    World world;
    world.take(Ask{.to_tag = "t"}.text(), udp);
    world.take(Ask{.branch = "z9hG4bK2", .to_tag = "t"}.text(), udp);
    EXPECT_EQ(world.heard, (Heard{"INVITE", "INVITE"}));
}

TEST(transactions, beyond_the_limits_a_request_is_told_to_come_later) {
    for (const TransactionLimits limits :
         {TransactionLimits{.transactions_max = 1}, TransactionLimits{.bytes_max = 1}}) {
        World world(limits);
        world.take(Ask{}.text(), udp);
        world.take(Ask{.branch = "z9hG4bK2", .call_id = "c2"}.text(), udp);
        EXPECT_EQ(world.heard, (Heard{"INVITE"}));
        ASSERT_EQ(world.sent.size(), 1U);
        EXPECT_EQ(world.sent[0].first_line(), "SIP/2.0 503 Service Unavailable");
        EXPECT_NE(world.sent[0].bytes.find("\r\nRetry-After: 5\r\n"), std::string::npos);
        EXPECT_EQ(world.transactions.request(our_bye(), udp, world.now), std::nullopt);
        EXPECT_EQ(world.transactions.counts().refused, 1U);
        world.take(Ask{}.text(), udp);  // a repeat needs no room
        EXPECT_EQ(world.sent.back().first_line(), "SIP/2.0 100 Trying");
    }
}

void begin_calls(World& world, const Peer& peer, int calls) {
    const std::string who = std::to_string(peer.remote.ip.bytes[15]);
    for (int i = 0; i < calls; ++i)
        world.take(
            Ask{.branch = "z9hG4bK" + who + std::to_string(i), .call_id = who + std::to_string(i)}
                .text(),
            peer);
}

// Whoever floods us with beginnings keeps nobody from pausing or ending what runs.
TEST(transactions, a_tenth_of_the_room_is_for_what_runs_already) {
    World world({.transactions_max = 10});
    begin_calls(world, udp, 4);
    begin_calls(world, peer_at("192.0.2.3", 5'070), 4);
    begin_calls(world, peer_at("192.0.2.4", 5'070), 4);
    EXPECT_EQ(world.heard.size(), 9U);
    world.take(Ask{.method = "BYE", .branch = "z9hG4bKbye", .to_tag = "t"}.text(), udp);
    EXPECT_EQ(world.heard.back(), "BYE");
    world.take(Ask{.method = "BYE", .branch = "z9hG4bKmore", .to_tag = "t"}.text(), udp);
    EXPECT_EQ(world.heard.size(), 10U);
}

TEST(transactions, one_address_has_half_of_the_room_for_beginnings) {
    World world({.transactions_max = 20});
    begin_calls(world, udp, 15);
    EXPECT_EQ(world.heard.size(), 9U);
    begin_calls(world, peer_at("192.0.2.3", 5'070), 5);
    EXPECT_EQ(world.heard.size(), 14U);
    world.run(minutes(4));  // all are over
    EXPECT_EQ(world.transactions.size(), 0U);
    begin_calls(world, udp, 15);
    EXPECT_EQ(world.heard.size(), 23U);
}

TEST(transactions, one_address_has_half_of_the_bytes_for_beginnings) {
    World world({.bytes_max = 20'000});
    begin_calls(world, udp, 60);
    const auto first = world.heard.size();
    EXPECT_GT(first, 3U);
    EXPECT_LE(world.transactions.bytes(), 10'000U);
    begin_calls(world, peer_at("192.0.2.3", 5'070), 3);
    EXPECT_EQ(world.heard.size(), first + 3);
}

TEST(transactions, what_was_kept_is_forgotten_to_the_last_byte) {
    World world;
    world.answer_at_once = 200;
    world.take(Ask{}.text(), udp);
    world.take(Ask{.method = "OPTIONS", .branch = "z9hG4bK2"}.text(), udp);
    EXPECT_TRUE(world.transactions.request(our_bye(), udp, world.now));
    EXPECT_GT(world.transactions.bytes(), 0U);
    world.run(seconds(60));
    EXPECT_EQ(world.transactions.size(), 0U);
    EXPECT_EQ(world.transactions.bytes(), 0U);
    EXPECT_EQ(world.transactions.next_due(), std::nullopt);
    world.take(Ask{}.text(), udp);
    EXPECT_EQ(world.heard.back(), "INVITE");
}

TEST(transactions, responses_over_udp_go_where_the_via_says) {
    World world;
    world.answer_at_once = 200;
    const Peer behind_nat = peer_at("198.51.100.7", 40'000);
    world.take(Ask{.method = "OPTIONS"}.text(), behind_nat);
    world.take(Ask{.method = "OPTIONS", .branch = "z9hG4bK2", .call_id = "c2", .via_rest = ";rport"}
                   .text(),
               behind_nat);
    world.take(Ask{.method = "OPTIONS", .branch = "z9hG4bK3", .call_id = "c3"}.text(), tcp);
    ASSERT_EQ(world.sent.size(), 3U);
    EXPECT_EQ(world.sent[0].to.remote.text(), "198.51.100.7:5070");
    EXPECT_EQ(world.sent[1].to.remote.text(), "198.51.100.7:40000");
    EXPECT_EQ(world.sent[2].to.remote.text(), "192.0.2.2:40000");
}

TEST(transactions, what_has_no_via_is_dropped) {
    World world;
    world.take("INVITE sip:a@b SIP/2.0\r\nCall-ID: x\r\n\r\n", udp);
    world.take("ACK sip:a@b SIP/2.0\r\nCall-ID: x\r\n\r\n", udp);
    world.take("SIP/2.0 200 OK\r\nCall-ID: x\r\n\r\n", udp);
    EXPECT_TRUE(world.heard.empty());
    EXPECT_TRUE(world.sent.empty());
    EXPECT_EQ(world.transactions.counts().strays, 3U);
}

TEST(transactions, what_the_listener_forgets_is_forgotten_here_too) {
    World world;
    world.take(Ask{}.text(), udp);
    world.take(Ask{.method = "OPTIONS", .branch = "z9hG4bK2"}.text(), udp);
    world.run(minutes(4));
    EXPECT_EQ(world.transactions.size(), 0U);
    EXPECT_EQ(world.transactions.counts().unanswered, 2U);
    EXPECT_EQ(world.heard, (Heard{"INVITE", "OPTIONS"}));
}

TEST(transactions, our_request_is_sent_by_the_clock_and_given_up_after_64_t1) {
    World world;
    EXPECT_TRUE(world.transactions.request(our_bye(), udp, world.now));
    world.run(milliseconds(31'999));
    EXPECT_EQ(world.times_of("BYE sip:srs@192.0.2.9 SIP/2.0"), by_the_clock);
    EXPECT_TRUE(world.heard.empty());
    world.run(milliseconds(1));
    EXPECT_EQ(world.heard, (Heard{"unanswered"}));
    EXPECT_EQ(world.transactions.size(), 0U);
}

TEST(transactions, our_request_over_tcp_is_sent_once) {
    World world;
    EXPECT_TRUE(world.transactions.request(our_bye(), tcp, world.now));
    world.run(seconds(31));
    EXPECT_EQ(world.sent.size(), 1U);
    world.take(response_to(our_bye(), 200), tcp);
    EXPECT_EQ(world.heard, (Heard{"200"}));
    EXPECT_EQ(world.transactions.size(), 0U);
}

TEST(transactions, a_1xx_slows_our_request_down) {
    World world;
    EXPECT_TRUE(world.transactions.request(our_bye(), udp, world.now));
    world.run(milliseconds(100));
    world.take(response_to(our_bye(), 100), udp);
    world.run(seconds(10));
    EXPECT_EQ(world.times_of("BYE sip:srs@192.0.2.9 SIP/2.0"), (Times{0, 500, 4'500, 8'500}));
    world.run(seconds(30));
    EXPECT_EQ(world.heard, (Heard{"100", "unanswered"}));
}

TEST(transactions, the_response_to_our_request_is_heard_once) {
    World world;
    const auto id = world.transactions.request(our_bye(), udp, world.now);
    ASSERT_TRUE(id);
    world.run(seconds(1));
    EXPECT_FALSE(world.transactions.reply(*id, response_to(our_bye(), 200), world.now));
    world.take(response_to(our_bye(), 481), udp);
    world.run(seconds(4));
    world.take(response_to(our_bye(), 481), udp);
    world.take(response_to(our_bye(), 100), udp);
    EXPECT_EQ(world.heard, (Heard{"481"}));
    EXPECT_EQ(world.sent.size(), 2U);
    EXPECT_FALSE(world.transactions.reply(*id, response_to(our_bye(), 200), world.now));
    world.run(seconds(1));
    EXPECT_EQ(world.transactions.size(), 0U);
}

TEST(transactions, a_response_of_another_method_or_branch_is_a_stray) {
    World world;
    EXPECT_TRUE(world.transactions.request(our_bye(), udp, world.now));
    world.take(response_to(our_bye("z9hG4bKx"), 200), udp);
    world.take(response_to(Ask{.method = "OPTIONS", .branch = "z9hG4bKours"}.text(), 200), udp);
    EXPECT_TRUE(world.heard.empty());
    EXPECT_EQ(world.transactions.counts().strays, 2U);
}

TEST(transactions, our_request_needs_a_branch_that_is_new) {
    World world;
    EXPECT_FALSE(world.transactions.request(our_bye(""), udp, world.now));
    EXPECT_FALSE(world.transactions.request("nonsense", udp, world.now));
    EXPECT_TRUE(world.transactions.request(our_bye(), udp, world.now));
    EXPECT_FALSE(world.transactions.request(our_bye(), udp, world.now));
    EXPECT_EQ(world.sent.size(), 1U);
}

TEST(transactions, a_late_tick_sends_once) {
    World world;
    world.answer_at_once = 200;
    world.take(Ask{}.text(), udp);
    world.now = world.now + seconds(10);
    world.transactions.tick(world.now);
    world.transactions.tick(world.now);
    EXPECT_EQ(world.times_of("SIP/2.0 200 OK"), (Times{0, 10'000}));
}

}  // namespace
}  // namespace nk::siprec
