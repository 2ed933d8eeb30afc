#include "wire/sip_compose.h"

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nk::wire {
namespace {

const std::string invite_text =
    "INVITE sip:srs@192.0.2.9 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKp\r\n"
    "Via: SIP/2.0/TCP src.example.com;branch=z9hG4bKr\r\n"
    "Record-Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>\r\n"
    "Record-Route: <sip:p3.example.com;lr>\r\n"
    "From: \"SBC\" <sip:sbc@example.com>;tag=f\r\n"
    "To: <sip:srs@192.0.2.9>\r\n"
    "Call-ID: c1@example.com\r\n"
    "CSeq: 7 INVITE\r\n"
    "Timestamp: 54\r\n"
    "Contact: <sip:sbc@192.0.2.2:5080>;+sip.src\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

struct Reading {
    std::unique_ptr<const std::string> bytes;
    SipMessage message;
    const SipMessage* operator->() const { return &message; }
    const SipMessage& operator*() const { return message; }
};

Reading read(const std::string& text) {
    Reading reading{std::make_unique<const std::string>(text), {}};
    auto message = parse_sip(as_bytes(*reading.bytes));
    EXPECT_TRUE(message) << text;
    if (message)
        reading.message = std::move(*message);
    return reading;
}

Endpoint at(std::string_view ip, std::uint16_t port) {
    return {*parse_ip(ip), port};
}

std::string respond(const std::string& request, const SipReply& reply,
                    const Endpoint& source = at("192.0.2.2", 5'060)) {
    return compose_response(*read(request), source, reply);
}

std::string top_via(const std::string& via, const Endpoint& source) {
    const auto response =
        read(respond(replaced(invite_text, "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKp", via),
                     {.status = 200}, source));
    return std::string(response->header("Via"));
}

TEST(sip_compose, a_response_to_an_invite_is_this_text) {
    const SipReply reply{.status = 200,
                         .reason = {},
                         .to_tag = "ours",
                         .headers = {{"Contact", "<sip:srs@192.0.2.9>;+sip.srs"}},
                         .content_type = "application/sdp",
                         .body = "v=0\r\n"};
    EXPECT_EQ(respond(invite_text, reply),
              "SIP/2.0 200 OK\r\n"
              "Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKp\r\n"
              "Via: SIP/2.0/TCP src.example.com;branch=z9hG4bKr\r\n"
              "Record-Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>\r\n"
              "Record-Route: <sip:p3.example.com;lr>\r\n"
              "From: \"SBC\" <sip:sbc@example.com>;tag=f\r\n"
              "To: <sip:srs@192.0.2.9>;tag=ours\r\n"
              "Call-ID: c1@example.com\r\n"
              "CSeq: 7 INVITE\r\n"
              "Contact: <sip:srs@192.0.2.9>;+sip.srs\r\n"
              "Content-Type: application/sdp\r\n"
              "Content-Length: 5\r\n"
              "\r\n"
              "v=0\r\n");
}

TEST(sip_compose, a_100_has_no_tag_of_ours_and_gives_the_timestamp_back) {
    const auto response = read(respond(invite_text, {.status = 100, .to_tag = "ours"}));
    EXPECT_EQ(response->header("To"), "<sip:srs@192.0.2.9>");
    EXPECT_EQ(response->header("Timestamp"), "54");
    EXPECT_TRUE(response->all("Record-Route").empty());
    EXPECT_EQ(response->reason, "Trying");
    EXPECT_EQ(response->header("Content-Length"), "0");
}

TEST(sip_compose, routes_are_recorded_only_where_a_dialog_begins) {
    EXPECT_EQ(read(respond(invite_text, {.status = 180}))->all("Record-Route").size(), 2U);
    EXPECT_TRUE(read(respond(invite_text, {.status = 486}))->all("Record-Route").empty());
    const auto bye = replaced(replaced(invite_text, "INVITE", "BYE"), "7 INVITE", "7 BYE");
    EXPECT_TRUE(read(respond(bye, {.status = 200}))->all("Record-Route").empty());
}

TEST(sip_compose, a_tag_that_is_there_stays) {
    const auto within = replaced(invite_text, "To: <sip:srs@192.0.2.9>", "To: <sip:a@b>;tag=old");
    EXPECT_EQ(read(respond(within, {.status = 200, .to_tag = "new"}))->header("To"),
              "<sip:a@b>;tag=old");
}

TEST(sip_compose, the_top_via_says_where_the_request_really_came_from) {
    const auto source = at("198.51.100.7", 40'000);
    EXPECT_EQ(top_via("SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKp", source),
              "SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKp;received=198.51.100.7");
    EXPECT_EQ(top_via("SIP/2.0/UDP name.example.com;branch=z9hG4bKp", source),
              "SIP/2.0/UDP name.example.com;branch=z9hG4bKp;received=198.51.100.7");
    EXPECT_EQ(top_via("SIP/2.0/UDP 192.0.2.2;rport;branch=z9hG4bKp", source),
              "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKp;received=198.51.100.7;rport=40000");
    EXPECT_EQ(top_via("SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKp", source),
              "SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKp");
}

TEST(sip_compose, with_rport_the_source_stands_there_even_when_it_is_as_sent) {
    EXPECT_EQ(top_via("SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKp;rport", at("198.51.100.7", 9)),
              "SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKp;received=198.51.100.7;rport=9");
}

TEST(sip_compose, what_a_stranger_says_of_his_own_source_is_replaced) {
    EXPECT_EQ(top_via("SIP/2.0/UDP 192.0.2.2;received=203.0.113.1;rport=1;branch=z9hG4bKp",
                      at("198.51.100.7", 40'000)),
              "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKp;received=198.51.100.7;rport=40000");
}

TEST(sip_compose, only_the_first_via_of_a_list_is_ours_to_fill) {
    EXPECT_EQ(
        top_via("SIP/2.0/UDP a;branch=z9hG4bK1 , SIP/2.0/UDP b;branch=2", at("2001:db8::1", 5)),
        "SIP/2.0/UDP a;branch=z9hG4bK1;received=2001:db8::1 , SIP/2.0/UDP b;branch=2");
}

TEST(sip_compose, no_value_brings_a_header_field_of_its_own) {
    const auto response = read(
        respond(invite_text,
                {.status = 486,
                 .reason = "Busy\r\nA: 1",
                 .to_tag = "t\r\nA: 2",
                 .headers = {{"Warning", "x\r\nA: 3\n\nA: 4"}, {"A: 5\r\nA", "6"}, {"", "A: 7"}}}));
    EXPECT_TRUE(response->all("A").empty());
    EXPECT_TRUE(response->body.empty());
    EXPECT_EQ(response->headers.size(), 8U);
}

TEST(sip_compose, knows_the_phrase_of_a_code_or_of_its_class) {
    EXPECT_EQ(reason_of(488), "Not Acceptable Here");
    EXPECT_EQ(reason_of(299), "OK");
    EXPECT_EQ(reason_of(499), "Bad Request");
    EXPECT_EQ(reason_of(7), "Unknown");
}

TEST(sip_via, reads_who_sent_it) {
    const auto via = parse_via("SIP / 2.0 / UDP [2001:db8::1] : 5070 ; rport ; branch = x, b");
    ASSERT_TRUE(via);
    EXPECT_EQ(via->transport, "UDP");
    EXPECT_EQ(via->host, "2001:db8::1");
    EXPECT_EQ(via->port, 5'070);
    EXPECT_EQ(via->branch, "x");
    EXPECT_TRUE(via->has_rport);
    EXPECT_FALSE(parse_via("SIP/2.0/UDP a;xrport=1")->has_rport);
}

TEST(sip_via, refuses_what_names_no_sender) {
    for (const char* text : {"", "SIP/2.0", "SIP/2.0/UDP", "SIP/2.0/UDP ;branch=x",
                             "SIP/2.0/UDP [::1", "SIP/2.0/UDP a:70000", "SIP/2.0/UDP a:b"})
        EXPECT_FALSE(parse_via(text)) << text;
}

TEST(sip_compose, a_response_over_udp_goes_where_the_via_and_the_source_say) {
    const auto source = at("198.51.100.7", 40'000);
    const auto target = [&](std::string_view via, bool is_reliable = false) {
        return response_target(*parse_via(via), source, is_reliable).text();
    };
    EXPECT_EQ(target("SIP/2.0/UDP a"), "198.51.100.7:5060");
    EXPECT_EQ(target("SIP/2.0/UDP a:5070"), "198.51.100.7:5070");
    EXPECT_EQ(target("SIP/2.0/UDP a:5070;rport"), "198.51.100.7:40000");
    EXPECT_EQ(target("SIP/2.0/UDP a;maddr=203.0.113.1"), "198.51.100.7:5060");
    // When the connection is gone.
    EXPECT_EQ(target("SIP/2.0/TCP a:5070;rport", true), "198.51.100.7:5070");
    EXPECT_EQ(target("SIP/2.0/TLS a", true), "198.51.100.7:5061");
}

SipRequest bye() {
    SipRequest request;
    request.method = "BYE";
    request.cseq = 3;
    request.transport = "UDP";
    request.sent_by = "192.0.2.9:5060";
    request.branch = "z9hG4bKours";
    return request;
}

TEST(sip_compose, a_request_in_a_dialog_goes_back_by_the_routes_it_came) {
    const auto dialog = dialog_as_called(*read(invite_text), "ours");
    EXPECT_EQ(compose_request(dialog, bye()),
              "BYE sip:sbc@192.0.2.2:5080 SIP/2.0\r\n"
              "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKours;rport\r\n"
              "Max-Forwards: 70\r\n"
              "Route: <sip:p1.example.com;lr>\r\n"
              "Route: <sip:p2.example.com;lr>\r\n"
              "Route: <sip:p3.example.com;lr>\r\n"
              "From: <sip:srs@192.0.2.9>;tag=ours\r\n"
              "To: \"SBC\" <sip:sbc@example.com>;tag=f\r\n"
              "Call-ID: c1@example.com\r\n"
              "CSeq: 3 BYE\r\n"
              "Content-Length: 0\r\n"
              "\r\n");
    EXPECT_EQ(next_hop(dialog), "sip:p1.example.com;lr");
}

TEST(sip_compose, a_strict_router_takes_the_place_of_the_target) {
    auto dialog = dialog_as_called(*read(invite_text), "ours");
    dialog.routes = {"<sip:strict.example.com?x=y>", "<sip:p2.example.com;lr>"};
    const auto request = read(compose_request(dialog, bye()));
    EXPECT_EQ(request->request_uri, "sip:strict.example.com");
    EXPECT_EQ(request->all("Route"), (std::vector<std::string_view>{"<sip:p2.example.com;lr>",
                                                                    "<sip:sbc@192.0.2.2:5080>"}));
    EXPECT_EQ(next_hop(dialog), "sip:strict.example.com?x=y");
    EXPECT_TRUE(request->faults.empty());
}

TEST(sip_compose, a_router_that_only_sounds_loose_is_strict) {
    auto dialog = dialog_as_called(*read(invite_text), "ours");
    dialog.routes = {"<sip:lr.example.com;lrx=on>;lr"};
    EXPECT_EQ(read(compose_request(dialog, bye()))->request_uri, "sip:lr.example.com;lrx=on");
    dialog.routes = {"<sip:lr.example.com;transport=tcp;LR=on>"};
    EXPECT_EQ(read(compose_request(dialog, bye()))->request_uri, "sip:sbc@192.0.2.2:5080");
}

TEST(sip_compose, without_routes_the_target_is_next) {
    auto dialog = dialog_as_called(*read(invite_text), "ours");
    dialog.routes.clear();
    EXPECT_EQ(next_hop(dialog), "sip:sbc@192.0.2.2:5080");
    refresh_target(dialog, *read(replaced(invite_text, "192.0.2.2:5080", "192.0.2.3")));
    EXPECT_EQ(next_hop(dialog), "sip:sbc@192.0.2.3");
    const auto silent = replaced(invite_text, "Contact", "X-Contact");
    refresh_target(dialog, *read(silent));
    EXPECT_EQ(next_hop(dialog), "sip:sbc@192.0.2.3");
    EXPECT_EQ(dialog_as_called(*read(silent), "ours").remote_target, "sip:sbc@example.com");
}

TEST(sip_compose, a_target_with_line_ends_is_one_word_yet) {
    SipDialog dialog;
    dialog.call_id = "c\r\nA: 1";
    dialog.local = "<sip:a@b>\nA: 2";
    dialog.remote = "<sip:a@b>\r\n\r\nA: 3";
    dialog.remote_target = "sip:a@b SIP/2.0\r\nA: 4";
    const auto request = read(compose_request(dialog, bye()));
    EXPECT_TRUE(request->all("A").empty());
    EXPECT_EQ(request->headers.size(), 7U);
    EXPECT_EQ(request->method, "BYE");
}

RC_GTEST_PROP(sip_compose, whatever_the_values_the_fields_are_ours, ()) {
    const auto any = [] {
        return *rc::gen::container<std::string>(
            rc::gen::element('a', '\r', '\n', ':', ' ', ';', '"', '<', '\0', ','));
    };
    const auto reason = any();
    const auto tag = any();
    const auto value = any();
    const auto name = any();
    const auto text = respond(
        invite_text,
        {.status = 500, .reason = reason, .to_tag = tag, .headers = {{"X", value}, {name, value}}});
    const auto response = read(text);
    const bool is_name = !name.empty() && name.find_first_not_of('a') == std::string::npos;
    RC_ASSERT(response->headers.size() == (is_name ? 9U : 8U));
    RC_ASSERT(response->call_id() == "c1@example.com");
    RC_ASSERT(response->body.empty());
    RC_ASSERT(response->trailing.empty());
}

}  // namespace
}  // namespace nk::wire
