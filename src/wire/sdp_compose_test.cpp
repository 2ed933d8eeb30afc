#include "wire/sdp_compose.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nk::wire {
namespace {

const std::string offer_text =
    "v=0\r\n"
    "o=SBC 1 1 IN IP4 192.0.2.2\r\n"
    "s=-\r\n"
    "c=IN IP4 192.0.2.2\r\n"
    "t=3034423619 3042462419\r\n"
    "m=audio 20000 RTP/SAVP 8 96 101\r\n"
    "a=rtpmap:96 opus/48000/2\r\n"
    "a=fmtp:96 useinbandfec=1\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\n"
    "a=ptime:20\r\n"
    "a=label:1\r\n"
    "a=rtcp-mux\r\n"
    "a=sendonly\r\n"
    "m=audio 20002 RTP/AVP 0\r\n"
    "a=label:two:2\r\n"
    "a=inactive\r\n"
    "m=image 20004 udptl t38\r\n"
    "m=video 0 RTP/AVP 99\r\n"
    "a=rtpmap:99 H264/90000\r\n";

Sdp offer(const std::string& text = offer_text) {
    auto sdp = parse_sdp(as_bytes(text));
    EXPECT_TRUE(sdp);
    return sdp ? *std::move(sdp) : Sdp{};
}

SdpAnswer answer(std::vector<SdpAnswerMedia> media, std::string_view address = "192.0.2.9") {
    return {
        .session_id = 11, .version = 3, .address = *parse_ip(address), .media = std::move(media)};
}

std::string with(const std::string& attributes) {
    return "v=0\r\no=a 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
           "m=audio 20000 RTP/AVP 8\r\n" +
           attributes;
}

std::string answered(const std::string& offered_attributes, SdpAnswerMedia ours) {
    ours.port = 30'000;
    ours.payload_types = {8};
    return compose_answer(offer(with(offered_attributes)), answer({ours}));
}

bool has_line(const std::string& text, const std::string& line) {
    return text.find("\r\n" + line + "\r\n") != std::string::npos;
}

TEST(sdp_compose, an_answer_is_this_text) {
    EXPECT_EQ(
        compose_answer(
            offer(), answer({{.port = 30'000, .payload_types = {101, 8, 96, 77}, .rtcp_mux = true},
                             {.port = 30'002, .payload_types = {0}},
                             {.port = 30'004},
                             {.port = 30'006, .payload_types = {99}}})),
        "v=0\r\n"
        "o=- 11 3 IN IP4 192.0.2.9\r\n"
        "s=-\r\n"
        "c=IN IP4 192.0.2.9\r\n"
        "t=3034423619 3042462419\r\n"
        "m=audio 30000 RTP/SAVP 8 96 101\r\n"
        "a=rtpmap:8 PCMA/8000\r\n"
        "a=rtpmap:96 opus/48000/2\r\n"
        "a=fmtp:96 useinbandfec=1\r\n"
        "a=rtpmap:101 telephone-event/8000\r\n"
        "a=fmtp:101 0-15\r\n"
        "a=ptime:20\r\n"
        "a=rtcp-mux\r\n"
        "a=label:1\r\n"
        "a=recvonly\r\n"
        "m=audio 30002 RTP/AVP 0\r\n"
        "a=rtpmap:0 PCMU/8000\r\n"
        "a=label:two:2\r\n"
        "a=inactive\r\n"
        "m=image 0 udptl t38\r\n"
        "m=video 0 RTP/AVP 99\r\n");
}

TEST(sdp_compose, what_the_caller_does_not_name_is_refused) {
    const auto sdp = offer(compose_answer(offer(), answer({})));
    ASSERT_EQ(sdp.media.size(), 4U);
    for (const SdpMedia& media : sdp.media)
        EXPECT_EQ(media.port, 0);
    EXPECT_EQ(sdp.media[0].format_list, "8 96 101");
    EXPECT_EQ(sdp.media[0].label, "1");
    EXPECT_TRUE(sdp.faults.empty());
}

TEST(sdp_compose, a_medium_of_which_no_format_is_taken_is_refused) {
    const auto sdp =
        offer(compose_answer(offer(), answer({{.port = 30'000, .payload_types = {0}}})));
    EXPECT_EQ(sdp.media[0].port, 0);
}

TEST(sdp_compose, an_ipv6_address_is_named_as_one) {
    const auto text = compose_answer(offer(), answer({}, "2001:db8::9"));
    EXPECT_TRUE(has_line(text, "c=IN IP6 2001:db8::9"));
    EXPECT_TRUE(has_line(text, "o=- 11 3 IN IP6 2001:db8::9"));
}

TEST(sdp_compose, what_is_sent_is_received_and_nothing_else) {
    EXPECT_EQ(answer_to(Direction::sendrecv), Direction::recvonly);
    EXPECT_EQ(answer_to(Direction::sendonly), Direction::recvonly);
    EXPECT_EQ(answer_to(Direction::recvonly), Direction::inactive);
    EXPECT_EQ(answer_to(Direction::inactive), Direction::inactive);
    EXPECT_TRUE(has_line(answered("", {.is_paused = true}), "a=inactive"));
}

TEST(sdp_compose, rtcp_shares_the_port_only_when_that_was_offered) {
    EXPECT_TRUE(has_line(answered("a=rtcp-mux\r\n", {.rtcp_mux = true}), "a=rtcp-mux"));
    EXPECT_EQ(answered("", {.rtcp_mux = true}).find("rtcp"), std::string::npos);
    EXPECT_EQ(answered("a=rtcp-mux\r\n", {}).find("rtcp"), std::string::npos);
}

TEST(sdp_compose, an_rtcp_port_is_named_when_it_is_not_the_next_one) {
    EXPECT_TRUE(has_line(answered("", {.rtcp_port = 40'000}), "a=rtcp:40000"));
    EXPECT_EQ(answered("", {.rtcp_port = 30'001}).find("a=rtcp"), std::string::npos);
    EXPECT_FALSE(has_line(answered("a=rtcp-mux\r\n", {.rtcp_mux = true, .rtcp_port = 40'000}),
                          "a=rtcp:40000"));
}

TEST(sdp_compose, our_key_stands_under_the_tag_and_suite_of_the_offer) {
    SdpCrypto line{
        .tag = 2,
        .suite = "AES_CM_128_HMAC_SHA1_80",
        .keys = {{SrtpSuite::aes_128_cm_sha1_80, true, std::vector<std::uint8_t>(30, 0xff), {}}}};
    EXPECT_TRUE(has_line(answered("", {.crypto = line}),
                         "a=crypto:2 AES_CM_128_HMAC_SHA1_80 "
                         "inline:////////////////////////////////////////"));
    line.keys.clear();
    EXPECT_EQ(answered("", {.crypto = line}).find("crypto"), std::string::npos);
}

TEST(sdp_compose, tells_that_it_is_recorded_when_asked_to) {
    EXPECT_TRUE(has_line(answered("", {.record = RecordState::on}), "a=record:on"));
    EXPECT_TRUE(has_line(answered("", {.record = RecordState::paused}), "a=record:paused"));
    EXPECT_EQ(answered("a=record:on\r\n", {}).find("record"), std::string::npos);
}

TEST(sdp_compose, reads_whether_a_medium_is_recorded) {
    const auto sdp = offer(
        "v=0\r\na=record:off\r\nm=audio 1 RTP/AVP 0\r\na=record:paused\r\n"
        "m=audio 2 RTP/AVP 0\r\n");
    EXPECT_EQ(sdp.media[0].record, RecordState::paused);
    EXPECT_EQ(sdp.media[1].record, RecordState::off);
    EXPECT_FALSE(offer(with("a=record:perhaps\r\n")).media[0].record);
}

TEST(sdp_compose, reads_times_and_formats_as_written) {
    EXPECT_EQ(offer().timing, "3034423619 3042462419");
    EXPECT_EQ(offer().media[2].format_list, "t38");
    EXPECT_EQ(offer(with("t=9 9\r\n")).timing, "0 0");
}

RC_GTEST_PROP(sdp_compose, a_crypto_line_is_read_as_it_was_written, ()) {
    const auto suite =
        static_cast<SrtpSuite>(*rc::gen::inRange(0, static_cast<int>(last_srtp_suite) + 1));
    SdpCrypto line;
    line.tag = *rc::gen::inRange<std::uint32_t>(0, 1'000'000'000);
    line.suite = name_of(suite);
    line.is_rtcp_encrypted = *rc::gen::arbitrary<bool>();
    const bool is_encrypted = *rc::gen::arbitrary<bool>();
    const auto bytes = [](std::size_t count) {
        return *rc::gen::container<std::vector<std::uint8_t>>(count,
                                                              rc::gen::arbitrary<std::uint8_t>());
    };
    for (int keys = *rc::gen::inRange(1, 4); keys > 0; --keys)
        line.keys.push_back({suite, is_encrypted, bytes(key_bytes_of(suite)),
                             bytes(*rc::gen::inRange<std::size_t>(0, 8))});
    const auto read = parse_crypto(compose_crypto(line));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == line);
}

RC_GTEST_PROP(sdp_compose, an_answer_has_as_many_media_as_its_offer, ()) {
    const auto line = rc::gen::element<std::string>(
        "m=audio 4000 RTP/AVP 0 8 101", "m=audio 0 RTP/SAVPF 96", "m=image 5 udptl t38",
        "m=audio x RTP/AVP", "a=rtpmap:96 opus/48000/2", "a=label:x y", "a=sendonly",
        "a=label:", "a=fmtp:8 a=b\tc", "t=1 2", "c=IN IP6 ::1", "a=ptime:20",
        "m=", "a=rtpmap:101 x/1/3");
    // No more than limits::sdp_media_max.
    const auto lines = *rc::gen::resize(30, rc::gen::container<std::vector<std::string>>(line));
    std::string text = "v=0\n";
    for (const auto& one : lines)
        text += one + "\n";
    const auto offered = offer(text);
    std::vector<SdpAnswerMedia> media;
    for (std::size_t i = 0; i < offered.media.size(); ++i)
        media.push_back({.port = *rc::gen::arbitrary<std::uint16_t>(),
                         .payload_types = *rc::gen::arbitrary<std::vector<std::uint8_t>>()});
    const auto read = offer(compose_answer(offered, answer(media)));
    RC_ASSERT(read.media.size() == offered.media.size());
    for (std::size_t i = 0; i < read.media.size(); ++i) {
        RC_ASSERT(read.media[i].label == offered.media[i].label);
        const std::string& type = offered.media[i].type;
        RC_ASSERT(read.media[i].type == (type.empty() ? "-" : type));
        RC_ASSERT(read.media[i].port == 0 || read.media[i].port == media[i].port);
    }
}

}  // namespace
}  // namespace nk::wire
