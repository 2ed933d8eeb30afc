#include "wire/sdp.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"

namespace nk::wire {
namespace {

const std::string head =
    "v=0\r\no=- 1 2 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

Sdp read(const std::string& text) {
    auto sdp = parse_sdp(as_bytes(text));
    EXPECT_TRUE(sdp) << text;
    return sdp ? std::move(*sdp) : Sdp{};
}

SdpMedia only_medium(const std::string& lines) {
    auto sdp = read(head + lines);
    EXPECT_EQ(sdp.media.size(), 1U);
    return sdp.media.empty() ? SdpMedia{} : std::move(sdp.media[0]);
}

bool has_fault(const Sdp& sdp, std::string_view part) {
    return std::any_of(sdp.faults.begin(), sdp.faults.end(), [&](const std::string& fault) {
        return fault.find(part) != std::string::npos;
    });
}

TEST(sdp, reads_an_offer) {
    const auto sdp = read(head +
                          "m=audio 49170 RTP/AVP 8 96 101\r\n"
                          "a=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1; x=y\r\n"
                          "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
                          "a=ptime:20\r\na=label:1\r\n"
                          "m=video 0 RTP/AVP 31\r\nc=IN IP6 2001:db8::1\r\na=sendonly\r\n");
    EXPECT_TRUE(sdp.faults.empty()) << sdp.faults.front();
    EXPECT_EQ(sdp.origin, "- 1 2 IN IP4 192.0.2.9");
    ASSERT_EQ(sdp.media.size(), 2U);
    const SdpMedia& audio = sdp.media[0];
    EXPECT_EQ(audio.type, "audio");
    EXPECT_EQ(audio.port, 49170);
    EXPECT_EQ(audio.protocol, "RTP/AVP");
    ASSERT_TRUE(audio.address);
    EXPECT_EQ(audio.address->text(), "192.0.2.1");
    EXPECT_EQ(audio.ptime_ms, 20U);
    EXPECT_EQ(audio.label, "1");
    EXPECT_EQ(audio.direction, Direction::sendrecv);
    EXPECT_FALSE(audio.is_secured());
    ASSERT_EQ(audio.formats.size(), 3U);
    EXPECT_EQ(audio.formats[0].encoding, "PCMA");
    EXPECT_EQ(audio.formats[0].clock_hz, 8'000U);
    EXPECT_EQ(audio.formats[1].payload_type, 96);
    EXPECT_EQ(audio.formats[1].encoding, "opus");
    EXPECT_EQ(audio.formats[1].clock_hz, 48'000U);
    EXPECT_EQ(audio.formats[1].channels, 2U);
    EXPECT_EQ(audio.formats[1].fmtp, "useinbandfec=1; x=y");
    EXPECT_EQ(audio.formats[2].fmtp, "0-16");
    EXPECT_EQ(sdp.media[1].port, 0);
    ASSERT_TRUE(sdp.media[1].address);
    EXPECT_EQ(sdp.media[1].address->text(), "2001:db8::1");
    EXPECT_EQ(sdp.media[1].direction, Direction::sendonly);
}

TEST(sdp, a_medium_overrides_the_sessions_address_and_direction) {
    const auto sdp = read(head +
                          "a=recvonly\r\nm=audio 1 RTP/AVP 0\r\nm=audio 2 RTP/AVP 0\r\n"
                          "c=IN IP4 0.0.0.0\r\na=inactive\r\n");
    ASSERT_EQ(sdp.media.size(), 2U);
    EXPECT_EQ(sdp.media[0].direction, Direction::recvonly);
    EXPECT_EQ(sdp.media[1].direction, Direction::inactive);
    ASSERT_TRUE(sdp.media[1].address);
    EXPECT_TRUE(sdp.media[1].address->is_unspecified());
}

TEST(sdp, a_host_name_is_no_address_and_hides_the_sessions_one) {
    EXPECT_FALSE(only_medium("m=audio 1 RTP/AVP 0\r\nc=IN IP4 host.example.com\r\n").address);
    const auto sdp = read("v=0\r\nc=IN IP4 host.example.com\r\nm=audio 1 RTP/AVP 0\r\n");
    EXPECT_FALSE(sdp.media.at(0).address);
}

TEST(sdp, takes_the_base_address_and_port_of_several) {
    const auto media = only_medium(
        "m=audio 49170/2 RTP/AVP 0\r\nc=IN IP4 224.2.1.1/127/3\r\nc=IN IP4 224.2.1.4/127\r\n");
    EXPECT_EQ(media.port, 49170);
    ASSERT_TRUE(media.address);
    EXPECT_EQ(media.address->text(), "224.2.1.1");
}

TEST(sdp, an_rtpmap_overrides_a_static_payload_type) {
    const auto media =
        only_medium("m=audio 1 RTP/AVP 0 18\r\nA=x\r\na=RTPMAP: 0  pcma/8000/1 \r\n");
    EXPECT_EQ(media.formats.at(0).encoding, "pcma");
    EXPECT_EQ(media.formats.at(1).encoding, "G729");
}

TEST(sdp, a_dynamic_payload_type_without_rtpmap_has_no_encoding) {
    const auto media = only_medium("m=audio 1 RTP/AVP 97\r\na=rtpmap:98 opus/48000\r\n");
    ASSERT_EQ(media.formats.size(), 1U);
    EXPECT_EQ(media.formats[0].encoding, "");
    EXPECT_EQ(media.formats[0].clock_hz, 0U);
}

TEST(sdp, knows_the_static_payload_types_of_rfc_3551) {
    EXPECT_EQ(static_format(0)->encoding, "PCMU");
    EXPECT_EQ(static_format(9)->encoding, "G722");
    EXPECT_EQ(static_format(9)->clock_hz, 8'000U);
    EXPECT_EQ(static_format(10)->channels, 2U);
    EXPECT_EQ(static_format(18)->payload_type, 18);
    for (const int none : {1, 2, 19, 31, 72, 96, 127, 255})
        EXPECT_FALSE(static_format(static_cast<std::uint8_t>(none))) << none;
}

TEST(sdp, rtcp_has_its_own_endpoint_or_the_media_address) {
    const auto own = only_medium("m=audio 1 RTP/AVP 0\r\na=rtcp:53020 IN IP4 192.0.2.7\r\n");
    ASSERT_TRUE(own.rtcp);
    EXPECT_EQ(own.rtcp->text(), "192.0.2.7:53020");
    const auto shared = only_medium("m=audio 1 RTP/AVP 0\r\na=rtcp:53020\r\na=rtcp-mux\r\n");
    ASSERT_TRUE(shared.rtcp);
    EXPECT_EQ(shared.rtcp->text(), "192.0.2.1:53020");
    EXPECT_TRUE(shared.rtcp_mux);
}

TEST(sdp, reads_keys_and_knows_what_is_secured) {
    const auto media = only_medium(
        "m=audio 1 RTP/AVP 0\r\n"
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAECAw==|2^20|1:32 KDR=1\r\n"
        "a=crypto:999999999 F8_128_HMAC_SHA1_32 inline:BBBB;inline:CCCC\r\na=crypto:3 X YYYY\r\n");
    ASSERT_EQ(media.crypto.size(), 2U);
    EXPECT_EQ(media.crypto[0].tag, 1U);
    EXPECT_EQ(media.crypto[0].suite, "AES_CM_128_HMAC_SHA1_80");
    EXPECT_TRUE(media.crypto[0].keys.empty()) << "too short";
    EXPECT_EQ(media.crypto[1].tag, 999'999'999U);
    EXPECT_TRUE(media.is_secured());
    EXPECT_TRUE(only_medium("m=audio 1 RTP/SAVPF 0\r\n").is_secured());
    EXPECT_TRUE(only_medium("a=fingerprint:sha-1 AA\r\nm=audio 1 RTP/AVP 0\r\n").has_fingerprint);
    EXPECT_TRUE(only_medium("m=audio 1 RTP/AVP 0\r\na=fingerprint:sha-1 AA\r\n").is_secured());
    EXPECT_TRUE(only_medium("m=audio 1 RTP/AVP 0\r\na=key-mgmt:mikey AQAF\r\n").is_secured());
    EXPECT_TRUE(only_medium("a=key-mgmt:mikey AQAF\r\nm=audio 1 RTP/AVP 0\r\n").is_secured());
    const auto zrtp = only_medium("m=audio 1 RTP/AVP 0\r\na=zrtp-hash:1.10 fe30\r\n");
    EXPECT_TRUE(zrtp.has_zrtp);
    EXPECT_FALSE(zrtp.is_secured());
}

TEST(sdp, media_that_are_not_rtp_have_no_formats) {
    const auto fax = only_medium("m=image 1 udptl t38\r\n");
    EXPECT_TRUE(fax.formats.empty());
    EXPECT_EQ(fax.protocol, "udptl");
    EXPECT_EQ(only_medium("m=audio 1 UDP/TLS/RTP/SAVPF 0\r\n").formats.size(), 1U);
    const auto odd = only_medium("m=audio 4000 Re: <sip\r\n");
    EXPECT_EQ(odd.port, 4000);
    EXPECT_TRUE(odd.formats.empty());
}

TEST(sdp, tolerates_line_ends_and_lines_it_does_not_know) {
    const auto sdp =
        read("\n\nv=0\no=x\ns=\xc3\xbf\rt=0 0\n\x01\nk=clear\nz=0\nm=audio 2 RTP/AVP 0\n");
    ASSERT_EQ(sdp.media.size(), 1U);
    EXPECT_TRUE(has_fault(sdp, "CRLF"));
    EXPECT_TRUE(has_fault(sdp, "without a type"));
}

TEST(sdp, lists_what_is_wrong_and_goes_on) {
    const auto sdp = read(
        "m=audio 492170 RTP/AVP 0 0 128 x\r\na=rtpmap:0 PCMU\r\na=rtpmap:0 PCMU/0\r\n"
        "a=rtpmap:0 PCMU/8000/x\r\na=ptime:a\r\na=rtcp:x\r\na=fmtp:x\r\na=crypto:x\r\n"
        "a=sendonly\r\na=recvonly\r\nm=\r\n");
    ASSERT_EQ(sdp.media.size(), 2U);
    EXPECT_EQ(sdp.media[0].port, 0);
    EXPECT_EQ(sdp.media[0].formats.size(), 1U);
    for (const char* part : {"65535", "twice", "127", "no encoding and clock", "no clock rate",
                             "channels", "a=ptime", "a=rtcp", "payload type", "a=crypto",
                             "several directions", "no format", "no v=", "no o=", "no s="})
        EXPECT_TRUE(has_fault(sdp, part)) << part;
    EXPECT_EQ(sdp.faults.size(), limits::faults_max);
}

TEST(sdp, a_session_without_media_is_one) {
    EXPECT_TRUE(read(head).media.empty());
}

TEST(sdp, refuses_what_is_none_and_what_breaks_a_limit) {
    EXPECT_FALSE(parse_sdp({}));
    EXPECT_FALSE(parse_sdp(as_bytes("<?xml version=\"1.0\"?>\r\n")));
    std::string media;
    for (std::size_t i = 0; i < limits::sdp_media_max; ++i)
        media += "m=audio 1 RTP/AVP 0\r\n";
    EXPECT_TRUE(parse_sdp(as_bytes(media)));
    EXPECT_EQ(parse_sdp(as_bytes(media + "m=audio 1 RTP/AVP 0\r\n")).error().code, Code::limit);
    std::string formats = "m=audio 1 RTP/AVP";
    for (int i = 0; i < 128; ++i)
        formats += " " + std::to_string(i);
    EXPECT_EQ(read(formats).media.at(0).formats.size(), limits::sdp_formats_max);
    EXPECT_FALSE(parse_sdp(as_bytes(formats + " 5")));
    std::string lines = "v=0\r\n";
    for (std::size_t i = 0; i < limits::sdp_lines_max; ++i)
        lines += "b=\r\n";
    EXPECT_FALSE(parse_sdp(as_bytes(lines)));
}

RC_GTEST_PROP(sdp_property, what_was_offered_is_read, ()) {
    struct Offer {
        std::uint16_t port;
        int direction;
        std::set<int> types;
    };
    constexpr const char* directions[]{"sendrecv", "sendonly", "recvonly", "inactive"};
    const auto end = *rc::gen::element<std::string>("\r\n", "\n");
    const int session_direction = *rc::gen::inRange(0, 4);
    std::string text = "v=0" + end + "a=" + directions[session_direction] + end;
    std::vector<Offer> offers(*rc::gen::inRange<std::size_t>(1, limits::sdp_media_max + 1));
    for (Offer& offer : offers) {
        offer.port = *rc::gen::arbitrary<std::uint16_t>();
        offer.direction = *rc::gen::inRange(-1, 4);
        offer.types =
            *rc::gen::resize(10, rc::gen::container<std::set<int>>(rc::gen::inRange(96, 128)));
        text += "m=audio " + std::to_string(offer.port) + " RTP/AVP";
        for (const int type : offer.types)
            text += " " + std::to_string(type);
        text += end;
        for (const int type : offer.types)
            text += "a=rtpmap:" + std::to_string(type) + " c" + std::to_string(type) + "/" +
                    std::to_string(type * 1'000) + "/2" + end;
        if (offer.direction >= 0)
            text += std::string("a=") + directions[offer.direction] + end;
    }
    const auto sdp = parse_sdp(as_bytes(text));
    RC_ASSERT(sdp.has_value());
    RC_ASSERT(sdp->media.size() == offers.size());
    for (std::size_t i = 0; i < offers.size(); ++i) {
        const SdpMedia& media = sdp->media[i];
        RC_ASSERT(media.port == offers[i].port);
        RC_ASSERT(static_cast<int>(media.direction) ==
                  (offers[i].direction < 0 ? session_direction : offers[i].direction));
        RC_ASSERT(media.formats.size() == offers[i].types.size());
        for (const SdpFormat& format : media.formats) {
            RC_ASSERT(offers[i].types.contains(format.payload_type));
            RC_ASSERT(format.encoding == "c" + std::to_string(format.payload_type));
            RC_ASSERT(format.clock_hz == format.payload_type * 1'000U);
            RC_ASSERT(format.channels == 2U);
        }
    }
}

}  // namespace
}  // namespace nk::wire
