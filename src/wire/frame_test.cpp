#include "wire/frame.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "wire/testing_packets.h"

namespace nk::wire {
namespace {

using namespace testing;

const Buffer word = text("hello");
const Buffer inner_udp = udp(5060, 5061, word);
const Buffer inner_v4 = ipv4(17, inner_udp);

// A frame together with the bytes it looks into.
struct Parsed {
    Buffer bytes;
    std::optional<Frame> frame;
    explicit operator bool() const { return frame.has_value(); }
    const Frame* operator->() const { return &*frame; }
};

Parsed parse(Buffer bytes, LinkType link = LinkType::ethernet) {
    Parsed out{.bytes = std::move(bytes), .frame = {}};
    out.frame = parse_frame(link, out.bytes);
    return out;
}

Parsed parse_joined(const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
                    Buffer bytes) {
    Parsed out{.bytes = std::move(bytes), .frame = {}};
    out.frame = parse_transport(from, to, protocol, out.bytes);
    return out;
}

void expect_hello(const Parsed& frame, bool is_v6 = false) {
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->transport, Transport::udp);
    EXPECT_EQ(frame->source.ip, is_v6 ? caller6 : caller4);
    EXPECT_EQ(frame->destination.ip, is_v6 ? callee6 : callee4);
    EXPECT_EQ(frame->source.port, 5060);
    EXPECT_EQ(frame->destination.port, 5061);
    EXPECT_EQ(as_text(frame->payload), "hello");
    EXPECT_FALSE(frame->cut_short);
    EXPECT_FALSE(frame->fragment);
}

TEST(Frame, reads_udp_in_ipv4_on_ethernet) {
    expect_hello(parse(ethernet(0x0800, inner_v4)));
}

TEST(Frame, reads_udp_in_ipv6_on_ethernet) {
    expect_hello(parse(ethernet(0x86dd, ipv6(17, inner_udp))), true);
}

TEST(Frame, leaves_the_ethernet_padding_out_of_the_payload) {
    expect_hello(parse(ethernet(0x0800, inner_v4) + Buffer(20, 0xee)));
    expect_hello(parse(ethernet(0x86dd, ipv6(17, inner_udp)) + Buffer(20, 0xee)), true);
    const auto tcp_frame =
        parse(ethernet(0x0800, ipv4(6, tcp(5060, 5061, 1, 0, {}))) + Buffer(6, 0));
    ASSERT_TRUE(tcp_frame);
    EXPECT_TRUE(tcp_frame->payload.empty());
}

TEST(Frame, respects_a_udp_length_shorter_than_its_ip_packet) {
    expect_hello(parse(ethernet(0x0800, ipv4(17, inner_udp + text("trailer")))));
}

TEST(Frame, says_that_the_snap_length_cut_the_payload) {
    Buffer bytes = ethernet(0x0800, inner_v4);
    bytes.resize(bytes.size() - 2);
    const auto frame = parse(bytes);
    ASSERT_TRUE(frame);
    EXPECT_EQ(as_text(frame->payload), "hel");
    EXPECT_TRUE(frame->cut_short);
}

TEST(Frame, says_that_the_ip_length_cut_the_payload) {
    Buffer bytes = ethernet(0x0800, inner_v4);
    bytes[14 + 3] = static_cast<std::uint8_t>(bytes[14 + 3] - 3);
    const auto frame = parse(bytes);
    ASSERT_TRUE(frame);
    EXPECT_EQ(as_text(frame->payload), "he");
    EXPECT_TRUE(frame->cut_short);
}

TEST(Frame, takes_all_there_is_when_segmentation_was_left_to_the_network_card) {
    Buffer bytes = ethernet(0x0800, inner_v4);
    bytes[16] = bytes[17] = 0;
    expect_hello(parse(bytes));
}

TEST(Frame, reads_a_tcp_header_with_options) {
    const auto frame = parse(ethernet(0x0800, ipv4(6, tcp(5060, 40'000, 77, syn | fin, word))));
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->transport, Transport::tcp);
    EXPECT_EQ(frame->destination.port, 40'000);
    EXPECT_EQ(frame->tcp_sequence, 77U);
    EXPECT_TRUE(frame->tcp_syn);
    EXPECT_TRUE(frame->tcp_fin);
    EXPECT_FALSE(frame->tcp_rst);
    EXPECT_EQ(as_text(frame->payload), "hello");
}

TEST(Frame, walks_through_vlan_tags_up_to_its_limit) {
    expect_hello(parse(ethernet(0x8100, tag(0x0800, inner_v4))));
    expect_hello(parse(ethernet(0x88a8, tag(0x8100, tag(0x0800, inner_v4)))));
    expect_hello(parse(ethernet(0x9100, tag(0x9100, tag(0x8100, tag(0x0800, inner_v4))))));
    Buffer deep = inner_v4;
    for (std::size_t i = 0; i < limits::tunnels_deep_max; ++i)
        deep = tag(i == 0 ? 0x0800 : 0x8100, deep);
    expect_hello(parse(ethernet(0x8100, deep)));
    EXPECT_FALSE(parse(ethernet(0x8100, tag(0x8100, deep))));
}

TEST(Frame, reads_snap_where_the_type_is_a_length) {
    const Buffer snap{0xaa, 0xaa, 3, 0, 0, 0, 8, 0};
    const Buffer body = snap + inner_v4;
    expect_hello(parse(ethernet(static_cast<std::uint16_t>(body.size()), body + word)));
    EXPECT_FALSE(parse(ethernet(40, Buffer(40, 0x42))));  // a spanning tree
}

TEST(Frame, reads_the_cooked_captures_of_linux) {
    expect_hello(parse(Buffer(14, 0) + Buffer{8, 0} + inner_v4, LinkType::linux_sll));
    expect_hello(
        parse(Buffer(14, 0) + Buffer{0x81, 0} + tag(0x0800, inner_v4), LinkType::linux_sll));
    expect_hello(parse(Buffer{8, 0} + Buffer(18, 0) + inner_v4, LinkType::linux_sll2));
    EXPECT_FALSE(parse(Buffer(15, 0), LinkType::linux_sll));
}

TEST(Frame, reads_null_loop_and_raw_in_either_byte_order) {
    expect_hello(parse(Buffer{2, 0, 0, 0} + inner_v4, LinkType::null));
    expect_hello(parse(Buffer{0, 0, 0, 2} + inner_v4, LinkType::loop));
    expect_hello(parse(Buffer{30, 0, 0, 0} + ipv6(17, inner_udp), LinkType::null), true);
    expect_hello(parse(inner_v4, LinkType::raw));
    expect_hello(parse(ipv6(17, inner_udp), LinkType::raw), true);
    EXPECT_FALSE(parse(Buffer{7, 0, 0, 0} + inner_v4, LinkType::null));
}

TEST(Frame, reads_ppp_with_and_without_its_hdlc_header) {
    expect_hello(parse(Buffer{0xff, 3, 0, 0x21} + inner_v4, LinkType::ppp));
    expect_hello(parse(Buffer{0, 0x21} + inner_v4, LinkType::ppp));
    expect_hello(parse(Buffer{0x21} + inner_v4, LinkType::ppp));
    expect_hello(parse(Buffer{0, 0x57} + ipv6(17, inner_udp), LinkType::ppp), true);
    EXPECT_FALSE(parse(Buffer{0xc0, 0x21} + inner_v4, LinkType::ppp));  // link control
}

TEST(Frame, reads_pppoe_sessions_but_not_their_discovery) {
    Buffer session{0x11, 0, 0, 9};
    add16(session, inner_v4.size() + 2);
    session = session + Buffer{0, 0x21} + inner_v4;
    expect_hello(parse(ethernet(0x8864, session)));
    session[1] = 0xa7;
    EXPECT_FALSE(parse(ethernet(0x8864, session)));
}

TEST(Frame, pops_mpls_labels_to_ip_and_to_ethernet) {
    const Buffer label{0, 1, 0x00, 64};
    const Buffer last{0, 2, 0x01, 64};
    expect_hello(parse(ethernet(0x8847, label + last + inner_v4)));
    expect_hello(parse(ethernet(0x8848, last + ipv6(17, inner_udp))), true);
    const Buffer control_word(4, 0);
    expect_hello(parse(ethernet(0x8847, last + control_word + ethernet(0x0800, inner_v4))));
    expect_hello(parse(ethernet(0x8847, last + ethernet(0x0800, inner_v4))));
    EXPECT_FALSE(parse(ethernet(0x8847, label + label)));
}

TEST(Frame, takes_no_ethernet_address_behind_mpls_for_an_ip_version) {
    const Buffer last{0, 2, 0x01, 64};
    for (const std::uint8_t first : {0x4c, 0x60}) {
        Buffer mirrored = ethernet(0x0800, inner_v4);
        mirrored[0] = first;
        mirrored[2] = 0;
        mirrored[3] = 60;
        expect_hello(parse(ethernet(0x8847, last + mirrored)));
    }
}

TEST(Frame, peels_ip_in_ip_and_6in4) {
    expect_hello(parse(ethernet(0x0800, ipv4(4, inner_v4))));
    expect_hello(parse(ethernet(0x0800, ipv4(41, ipv6(17, inner_udp)))), true);
    expect_hello(parse(ethernet(0x86dd, ipv6(4, inner_v4))));
}

TEST(Frame, peels_gre_in_its_many_forms) {
    const Buffer extra(4, 0);
    const auto in_gre = [](const Buffer& gre) { return parse(ethernet(0x0800, ipv4(47, gre))); };
    expect_hello(in_gre(Buffer{0, 0, 8, 0} + inner_v4));
    expect_hello(in_gre(Buffer{0xb0, 0, 8, 0} + extra + extra + extra + inner_v4));
    expect_hello(in_gre(Buffer{0x20, 0, 0x86, 0xdd} + extra + ipv6(17, inner_udp)), true);
    expect_hello(in_gre(Buffer{0, 0, 0x65, 0x58} + ethernet(0x0800, inner_v4)));
    expect_hello(in_gre(Buffer{0, 0, 0x88, 0x47, 0, 2, 1, 64} + inner_v4));
    expect_hello(in_gre(Buffer{0x30, 0x81, 0x88, 0x0b} + extra + extra + extra +
                        Buffer{0xff, 3, 0, 0x21} + inner_v4));
}

TEST(Frame, peels_erspan_types_one_two_and_three) {
    const Buffer mirrored = ethernet(0x0800, inner_v4);
    const Buffer extra(4, 0);
    const auto in_gre = [](const Buffer& gre) { return parse(ethernet(0x0800, ipv4(47, gre))); };
    expect_hello(in_gre(Buffer{0, 0, 0x88, 0xbe} + mirrored));
    expect_hello(in_gre(Buffer{0x10, 0, 0x88, 0xbe} + extra + Buffer(8, 0x10) + mirrored));
    expect_hello(in_gre(Buffer{0x10, 0, 0x22, 0xeb} + extra + Buffer(12, 0x20) + mirrored));
    expect_hello(
        in_gre(Buffer{0x10, 0, 0x22, 0xeb} + extra + Buffer(12, 0x21) + Buffer(8, 0) + mirrored));
    const Buffer of_ip{0x20, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2 << 2, 0};
    expect_hello(in_gre(Buffer{0x10, 0, 0x22, 0xeb} + extra + of_ip + inner_v4));
}

TEST(Frame, peels_what_is_in_udp_only_when_ip_is_inside) {
    const Buffer mirrored = ethernet(0x0800, inner_v4);
    const Buffer vxlan = Buffer{8, 0, 0, 0, 0, 0, 9, 0} + mirrored;
    expect_hello(parse(ethernet(0x0800, ipv4(17, udp(1, 4789, vxlan)))));
    expect_hello(parse(ethernet(0x0800, ipv4(17, udp(1, 8472, vxlan)))));
    const Buffer geneve = Buffer{1, 0, 0x65, 0x58, 0, 0, 9, 0} + Buffer(4, 0) + mirrored;
    expect_hello(parse(ethernet(0x0800, ipv4(17, udp(1, 6081, geneve)))));
    const Buffer geneve_ip = Buffer{0, 0, 0x08, 0x00, 0, 0, 9, 0} + inner_v4;
    expect_hello(parse(ethernet(0x0800, ipv4(17, udp(1, 6081, geneve_ip)))));

    for (const std::uint16_t port : {2152, 4789, 6081, 8472}) {
        const Buffer not_ip(60, 0x08);
        const auto frame = parse(ethernet(0x0800, ipv4(17, udp(1, port, not_ip))));
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->transport, Transport::udp);
        EXPECT_EQ(frame->destination.port, port);
        EXPECT_EQ(frame->payload.size(), not_ip.size());
    }
}

Buffer gtp_u(std::uint8_t flags, const Buffer& rest) {
    Buffer out{static_cast<std::uint8_t>(0x30 | flags), 255};
    add16(out, rest.size());
    add32(out, 0x1234);
    return out + rest;
}

TEST(Frame, peels_gtp_u_with_and_without_its_optional_fields) {
    const auto in_gtp = [](const Buffer& gtp) {
        return parse(ethernet(0x0800, ipv4(17, udp(2152, 2152, gtp))));
    };
    expect_hello(in_gtp(gtp_u(0, inner_v4)));
    expect_hello(in_gtp(gtp_u(0, ipv6(17, inner_udp))), true);
    expect_hello(in_gtp(gtp_u(0, inner_v4) + text("trailer")));
    expect_hello(in_gtp(gtp_u(2, Buffer{0, 9, 0, 0x85} + inner_v4)));  // 0x85 counts only with E
    expect_hello(in_gtp(gtp_u(1, Buffer{0, 0, 7, 0} + inner_v4)));
    expect_hello(in_gtp(gtp_u(4, Buffer{0, 0, 0, 0} + inner_v4)));
    const Buffer extensions{0, 9, 7, 0x85, 1, 0x10, 9, 0xc0, 2, 0, 1, 0, 0, 0, 0, 0};
    expect_hello(in_gtp(gtp_u(7, extensions + inner_v4)));
}

TEST(Frame, leaves_gtp_u_alone_that_carries_no_packet_of_a_user) {
    const auto port_of = [](Buffer gtp) {
        const auto frame = parse(ethernet(0x0800, ipv4(17, udp(2152, 2152, gtp))));
        return frame ? frame->destination.port : 0;
    };
    Buffer echo = gtp_u(2, Buffer{0, 9, 0, 0} + inner_v4);
    echo[1] = 1;
    EXPECT_EQ(port_of(echo), 2152);
    Buffer charging = gtp_u(0, inner_v4);
    charging[0] = 0x20;
    EXPECT_EQ(port_of(charging), 2152);
    EXPECT_EQ(port_of(gtp_u(4, Buffer{0, 0, 0, 0x85, 0, 0, 0, 0} + inner_v4)), 2152);
    EXPECT_EQ(port_of(gtp_u(4, Buffer{0, 0, 0, 0x85, 90, 0, 0, 0} + inner_v4)), 2152);
    EXPECT_EQ(port_of(gtp_u(4, Buffer{0, 0, 0})), 2152);
}

TEST(Frame, peels_hep_on_any_port_and_shows_the_captured_addresses) {
    const Buffer chunks = hep_ends(caller6, 5060, callee6, 5061) + hep_chunk(11, {1});
    const Buffer agent = hep(chunks + hep_chunk(15, word));
    expect_hello(parse(ethernet(0x0800, ipv4(17, udp(4000, 9060, agent)))), true);
    expect_hello(parse(ethernet(0x0800, ipv4(17, udp(4000, 9999, agent)))), true);
    const auto beside = parse(ethernet(0x0800, ipv4(17, udp(4000, 9060, hep(chunks)))));
    ASSERT_TRUE(beside);
    EXPECT_EQ(beside->destination.port, 9060);
    Buffer bytes = ethernet(0x0800, ipv4(17, udp(4000, 9060, agent)));
    bytes.resize(bytes.size() - 1);
    const auto cut = parse(bytes);
    ASSERT_TRUE(cut);
    EXPECT_EQ(as_text(cut->payload), "hell");
    EXPECT_TRUE(cut->cut_short);
}

TEST(Frame, stops_peeling_at_the_limit_and_shows_the_packet_there) {
    Buffer deep = inner_v4;
    for (std::size_t i = 0; i < limits::tunnels_deep_max; ++i)
        deep = ipv4(4, deep);
    expect_hello(parse(deep, LinkType::raw));
    const auto frame = parse(ipv4(4, deep), LinkType::raw);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->transport, Transport::other);
}

TEST(Frame, never_takes_the_packet_that_an_icmp_error_quotes) {
    const Buffer unreachable = Buffer{3, 3, 0, 0, 0, 0, 0, 0} + inner_v4;
    const auto frame = parse(ethernet(0x0800, ipv4(1, unreachable)));
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->transport, Transport::other);
    EXPECT_EQ(frame->payload.size(), unreachable.size());
}

TEST(Frame, walks_through_the_extension_headers_of_ipv6) {
    const Buffer hop{43, 0, 0, 0, 0, 0, 0, 0};
    const Buffer routing{60, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    const Buffer options{44, 0, 0, 0, 0, 0, 0, 0};
    const Buffer whole_fragment{17, 0, 0, 0, 0, 0, 0, 9};  // RFC 6946
    expect_hello(
        parse(ethernet(0x86dd, ipv6(0, hop + routing + options + whole_fragment + inner_udp))),
        true);
    EXPECT_FALSE(parse(ethernet(0x86dd, ipv6(0, Buffer{17, 9, 0, 0, 0, 0, 0, 0} + inner_udp))));
}

TEST(Frame, walks_through_an_authentication_header) {
    const Buffer ah{17, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    expect_hello(parse(ethernet(0x0800, ipv4(51, ah + inner_udp))));
    expect_hello(parse(ethernet(0x86dd, ipv6(51, ah + inner_udp))), true);
}

TEST(Frame, shows_a_fragment_as_its_part_of_the_ip_payload) {
    const auto v4 = parse(ethernet(0x0800, ipv4(17, word, {.id = 5, .offset = 16, .more = true})));
    ASSERT_TRUE(v4 && v4->fragment);
    EXPECT_EQ(v4->fragment->id, 5U);
    EXPECT_EQ(v4->fragment->offset, 16U);
    EXPECT_TRUE(v4->fragment->more);
    EXPECT_EQ(v4->fragment->protocol, 17);
    EXPECT_EQ(as_text(v4->payload), "hello");
    EXPECT_EQ(v4->source.port, 0);

    const auto v6 =
        parse(ethernet(0x86dd, ipv6_fragment(17, word, {.id = 70'000, .offset = 1'480})));
    ASSERT_TRUE(v6 && v6->fragment);
    EXPECT_EQ(v6->fragment->id, 70'000U);
    EXPECT_EQ(v6->fragment->offset, 1'480U);
    EXPECT_FALSE(v6->fragment->more);
}

TEST(Frame, refuses_what_carries_no_ip) {
    EXPECT_FALSE(parse({}));
    EXPECT_FALSE(parse(ethernet(0x0806, Buffer(28, 1))));  // ARP
    EXPECT_FALSE(parse(ethernet(0x86dd, inner_v4)));
    EXPECT_FALSE(parse(ethernet(0x0800, ipv6(17, inner_udp))));
    EXPECT_FALSE(parse(Buffer(60, 0x99), LinkType::raw));
}

TEST(Frame, refuses_headers_whose_lengths_contradict_themselves) {
    Buffer short_header = ethernet(0x0800, inner_v4);
    short_header[14] = 0x44;
    EXPECT_FALSE(parse(short_header));
    Buffer short_total = ethernet(0x0800, inner_v4);
    short_total[17] = 19;
    EXPECT_FALSE(parse(short_total));
    Buffer short_udp = ethernet(0x0800, inner_v4);
    short_udp[14 + 20 + 5] = 7;
    EXPECT_FALSE(parse(short_udp));
    Buffer short_tcp = ethernet(0x0800, ipv4(6, tcp(1, 2, 3, 0, word)));
    short_tcp[14 + 20 + 12] = 4 << 4;
    EXPECT_FALSE(parse(short_tcp));
}

TEST(Frame, parses_the_transport_of_a_joined_payload) {
    expect_hello(parse_joined(caller4, callee4, 17, inner_udp));
    expect_hello(parse_joined(caller6, callee6, 17, inner_udp), true);
    expect_hello(parse_joined(caller6, callee6, 4, inner_v4));
    const Buffer options{17, 0, 0, 0, 0, 0, 0, 0};
    expect_hello(parse_joined(caller6, callee6, 60, options + inner_udp), true);
    EXPECT_FALSE(parse_joined(caller4, callee4, 17, Buffer(7, 0)));
}

// A layer that the generator may put around what it has so far.
Buffer wrapped(std::uint8_t layer, const Buffer& ip) {
    switch (layer) {
        case 0:
            return ipv4(4, ip);
        case 1:
            return ipv6(4, ip);
        case 2:
            return ipv4(47, Buffer{0, 0, 8, 0} + ip);
        case 3:
            return ipv4(17, udp(9, 4789, Buffer{8, 0, 0, 0, 0, 0, 1, 0} + ethernet(0x0800, ip)));
        default:
            return ipv4(47, Buffer{0x10, 0, 0x88, 0xbe, 0, 0, 0, 1} + Buffer(8, 0x10) +
                                ethernet(0x8100, tag(0x0800, ip)));
    }
}

// IPv6 outside needs its own version nibble where IPv4's type is announced, so it comes last.
RC_GTEST_PROP(FrameProperty, any_stack_of_tunnels_gives_the_innermost_packet,
              (const Buffer& payload)) {
    const auto count = *rc::gen::inRange<std::size_t>(0, limits::tunnels_deep_max + 1);
    const auto layers =
        *rc::gen::container<Buffer>(count, rc::gen::element<std::uint8_t>(0, 2, 3, 4));
    Buffer packet = ipv4(17, udp(10, 20, payload));
    for (const std::uint8_t layer : layers)
        packet = wrapped(layer, packet);
    const auto frame = parse(packet + *rc::gen::arbitrary<Buffer>(), LinkType::raw);
    RC_ASSERT(bool(frame));
    RC_ASSERT(frame->source.port == 10);
    RC_ASSERT(Buffer(frame->payload.begin(), frame->payload.end()) == payload);
    RC_ASSERT(!frame->cut_short);
}

RC_GTEST_PROP(FrameProperty, any_cut_keeps_a_front_of_the_payload_and_says_so,
              (const Buffer& payload)) {
    Buffer packet = ethernet(0x8100, tag(0x0800, ipv4(17, udp(10, 20, payload))));
    const auto keep = *rc::gen::inRange<std::size_t>(0, packet.size() + 1);
    packet.resize(keep);
    const auto frame = parse(packet);
    const std::size_t headers = 14 + 4 + 20 + 8;
    RC_ASSERT(bool(frame) == (keep >= headers));
    if (frame) {
        RC_ASSERT(frame->payload.size() == keep - headers);
        RC_ASSERT(std::equal(frame->payload.begin(), frame->payload.end(), payload.begin()));
        RC_ASSERT(frame->cut_short == (keep - headers < payload.size()));
    }
}

}  // namespace
}  // namespace nk::wire
