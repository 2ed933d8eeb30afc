// One walk from the link layer down to the transport payload. Every length that the bytes announce
// is held against the bytes that are there; the announced one wins when it is shorter, so that an
// Ethernet trailer never becomes payload.
//
// A tunnel is peeled only when an IP packet is found inside; otherwise the outer packet stands as
// it is. An ICMP error quotes the packet it is about: it is `other`, and its quote is never looked
// into.

#include "wire/frame.h"

#include <algorithm>

#include "base/limits.h"
#include "wire/hep.h"

namespace nk::wire {

namespace {

// https://www.iana.org/assignments/ieee-802-numbers
constexpr std::uint16_t type_ipv4 = 0x0800;
constexpr std::uint16_t type_ipv6 = 0x86dd;
constexpr std::uint16_t type_vlan = 0x8100;
constexpr std::uint16_t type_qinq = 0x88a8;
constexpr std::uint16_t type_qinq_old = 0x9100;
constexpr std::uint16_t type_qinq_older = 0x9200;
constexpr std::uint16_t type_mpls = 0x8847;
constexpr std::uint16_t type_mpls_multicast = 0x8848;
constexpr std::uint16_t type_pppoe_session = 0x8864;
constexpr std::uint16_t type_ethernet = 0x6558;  // transparent Ethernet bridging
constexpr std::uint16_t type_ppp = 0x880b;
constexpr std::uint16_t type_erspan_2 = 0x88be;
constexpr std::uint16_t type_erspan_3 = 0x22eb;
constexpr std::uint16_t ieee_length_max = 1500;

// https://www.iana.org/assignments/protocol-numbers
constexpr std::uint8_t protocol_hop_by_hop = 0;
constexpr std::uint8_t protocol_ipv4 = 4;
constexpr std::uint8_t protocol_tcp = 6;
constexpr std::uint8_t protocol_udp = 17;
constexpr std::uint8_t protocol_ipv6 = 41;
constexpr std::uint8_t protocol_routing = 43;
constexpr std::uint8_t protocol_fragment = 44;
constexpr std::uint8_t protocol_gre = 47;
constexpr std::uint8_t protocol_ah = 51;
constexpr std::uint8_t protocol_destination = 60;
constexpr std::uint8_t protocol_mobility = 135;
constexpr std::uint8_t protocol_hip = 139;
constexpr std::uint8_t protocol_shim6 = 140;

// https://www.iana.org/assignments/service-names-port-numbers
constexpr std::uint16_t port_gtp_u = 2152;
constexpr std::uint16_t port_vxlan = 4789;
constexpr std::uint16_t port_vxlan_linux =
    8472;  // the kernel's own, from before there was a number
constexpr std::uint16_t port_geneve = 6081;

void take_v4(IpAddress& out, const std::uint8_t* four) {
    out.bytes = {};
    out.bytes[10] = out.bytes[11] = 0xff;
    std::memcpy(out.bytes.data() + 12, four, 4);
}

// What is left of `bytes` after a header that ends at `length`; empty optional when it does not
// fit.
std::optional<Bytes> after(Bytes bytes, std::size_t length) {
    if (bytes.size() < length)
        return std::nullopt;
    return bytes.subspan(length);
}

// Every step fills `out_` and says whether an IP packet was found.
class Peeler {
public:
    Peeler(Frame& out, std::size_t tunnels_left) : out_(out), tunnels_left_(tunnels_left) {}

    bool link(LinkType link, Bytes bytes);
    bool payload_of_v4(std::uint8_t protocol, Bytes bytes, std::size_t promised);
    bool payload_of_v6(std::uint8_t protocol, Bytes bytes, std::size_t promised);

private:
    using Step = bool (Peeler::*)(Bytes);

    bool ethernet(Bytes bytes);
    bool ether_type(std::uint16_t type, Bytes bytes);
    bool llc(std::size_t length, Bytes bytes);
    bool ppp(Bytes bytes);
    bool pppoe(Bytes bytes);
    bool mpls(Bytes bytes);
    bool null_or_loop(Bytes bytes);

    bool ip(Bytes bytes);
    bool ipv4(Bytes bytes);
    bool ipv6(Bytes bytes);
    bool fragment_of_v6(Bytes bytes, std::size_t promised);
    bool transport(std::uint8_t protocol, Bytes bytes, std::size_t promised);
    bool udp(Bytes bytes, std::size_t promised);
    bool tcp(Bytes bytes, std::size_t promised);

    bool tunnel(Step step, Bytes bytes);
    bool tunnel_type(std::uint16_t type, Bytes bytes);
    bool gre(Bytes bytes);
    bool erspan(std::uint16_t type, bool has_sequence, Bytes bytes);
    bool in_udp(std::uint16_t port, Bytes bytes);
    bool vxlan(Bytes bytes);
    bool geneve(Bytes bytes);
    bool gtp_u(Bytes bytes);
    bool hep(Bytes bytes, bool is_whole);

    Frame& out_;
    std::size_t tunnels_left_;
};

bool Peeler::link(LinkType link, Bytes bytes) {
    switch (link) {
        case LinkType::ethernet:
            return ethernet(bytes);
        case LinkType::raw:
            return ip(bytes);
        case LinkType::null:
        case LinkType::loop:
            return null_or_loop(bytes);
        case LinkType::ppp:
            return ppp(bytes);
        case LinkType::linux_sll:  // https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html
            return bytes.size() >= 16 && ether_type(be16(bytes.data() + 14), bytes.subspan(16));
        case LinkType::linux_sll2:
            return bytes.size() >= 20 && ether_type(be16(bytes.data()), bytes.subspan(20));
    }
    return false;
}

bool Peeler::ethernet(Bytes bytes) {
    return bytes.size() >= 14 && ether_type(be16(bytes.data() + 12), bytes.subspan(14));
}

bool Peeler::ether_type(std::uint16_t type, Bytes bytes) {
    for (std::size_t tags = 0; tags <= limits::tunnels_deep_max; ++tags) {
        switch (type) {
            case type_ipv4:
                return ipv4(bytes);
            case type_ipv6:
                return ipv6(bytes);
            case type_vlan:
            case type_qinq:
            case type_qinq_old:
            case type_qinq_older:
                if (bytes.size() < 4)
                    return false;
                type = be16(bytes.data() + 2);
                bytes = bytes.subspan(4);
                continue;
            case type_pppoe_session:
                return pppoe(bytes);
            case type_mpls:
            case type_mpls_multicast:
                return mpls(bytes);
            default:
                return type <= ieee_length_max && llc(type, bytes);
        }
    }
    return false;
}

// IEEE 802.2 with SNAP (RFC 1042), where the Ethernet type is a length.
bool Peeler::llc(std::size_t length, Bytes bytes) {
    static constexpr std::array<std::uint8_t, 6> snap{0xaa, 0xaa, 0x03, 0, 0, 0};
    bytes = bytes.first(std::min(length, bytes.size()));
    if (bytes.size() < 8 || std::memcmp(bytes.data(), snap.data(), snap.size()) != 0)
        return false;
    const std::uint16_t type = be16(bytes.data() + 6);
    return type > ieee_length_max && ether_type(type, bytes.subspan(8));
}

bool Peeler::null_or_loop(Bytes bytes) {
    if (bytes.size() < 4)
        return false;
    // The family is 2 for IPv4 everywhere; for IPv6 each system has its own, in its own byte order.
    const std::uint32_t first = be32(bytes.data());
    switch (first <= 0xff ? first : first >> 24) {
        case 2:   // IPv4
        case 10:  // IPv6 on Linux, Solaris' 26, Windows 23, BSDs 24 and 28, macOS 30
        case 23:
        case 24:
        case 26:
        case 28:
        case 30:
            return ip(bytes.subspan(4));
        default:
            return false;
    }
}

// RFC 1661 2, with or without the HDLC address and control of RFC 1662 and with a protocol of one
// or two bytes (an odd byte is its last).
bool Peeler::ppp(Bytes bytes) {
    if (bytes.size() >= 2 && bytes[0] == 0xff && bytes[1] == 0x03)
        bytes = bytes.subspan(2);
    if (bytes.size() < 2)
        return false;
    const bool is_short = (bytes[0] & 1) != 0;
    const std::uint16_t protocol = is_short ? bytes[0] : be16(bytes.data());
    bytes = bytes.subspan(is_short ? 1 : 2);
    switch (protocol) {
        case 0x0021:
            return ipv4(bytes);
        case 0x0057:
            return ipv6(bytes);
        case 0x0281:  // RFC 3032 4.3
        case 0x0283:
            return mpls(bytes);
        default:
            return false;
    }
}

// RFC 2516 4: version and type 1, code 0 for data, and a length that leaves out the padding.
bool Peeler::pppoe(Bytes bytes) {
    if (bytes.size() < 6 || bytes[0] != 0x11 || bytes[1] != 0)
        return false;
    const std::size_t length = be16(bytes.data() + 4);
    bytes = bytes.subspan(6);
    return ppp(bytes.first(std::min(length, bytes.size())));
}

// RFC 3032 2.1. What comes after the last label is not named. It is tried as Ethernet, behind the
// control word of RFC 4448 when there is one, before IP: many a card's address begins with the
// digit 4 or 6, and an IP packet hardly ever has an Ethernet type where a frame has it.
bool Peeler::mpls(Bytes bytes) {
    for (bool last = false; !last; bytes = bytes.subspan(4)) {
        if (bytes.size() < 4)
            return false;
        last = (bytes[2] & 1) != 0;
    }
    if (bytes.empty())
        return false;
    if (bytes[0] >> 4 == 0 && bytes.size() >= 4 && tunnel(&Peeler::ethernet, bytes.subspan(4)))
        return true;
    return tunnel(&Peeler::ethernet, bytes) || ip(bytes);
}

bool Peeler::ip(Bytes bytes) {
    if (bytes.empty())
        return false;
    switch (bytes[0] >> 4) {
        case 4:
            return ipv4(bytes);
        case 6:
            return ipv6(bytes);
        default:
            return false;
    }
}

// RFC 791 3.1.
bool Peeler::ipv4(Bytes bytes) {
    if (bytes.size() < 20 || bytes[0] >> 4 != 4)
        return false;
    const std::uint8_t* p = bytes.data();
    const std::size_t header = std::size_t{p[0] & 0x0fU} * 4;
    std::size_t total = be16(p + 2);
    if (total == 0)  // a sender that leaves segmentation to its network card
        total = bytes.size();
    if (header < 20 || total < header || bytes.size() < header)
        return false;
    take_v4(out_.source.ip, p + 12);
    take_v4(out_.destination.ip, p + 16);
    const Bytes rest = bytes.first(std::min(total, bytes.size())).subspan(header);
    const std::uint16_t flags = be16(p + 6);
    if ((flags & 0x3fff) != 0) [[unlikely]] {
        out_.fragment = FragmentInfo{.id = be16(p + 4),
                                     .offset = (flags & 0x1fffU) * 8,
                                     .more = (flags & 0x2000) != 0,
                                     .protocol = p[9]};
        out_.payload = rest;
        out_.cut_short = rest.size() < total - header;
        return true;
    }
    return payload_of_v4(p[9], rest, total - header);
}

bool Peeler::payload_of_v4(std::uint8_t protocol, Bytes bytes, std::size_t promised) {
    while (protocol == protocol_ah) {  // RFC 4302 2
        if (bytes.size() < 12)
            return false;
        const std::size_t length = (std::size_t{bytes[1]} + 2) * 4;
        protocol = bytes[0];
        if (bytes.size() < length)
            return false;
        bytes = bytes.subspan(length);
        promised -= length;
    }
    return transport(protocol, bytes, promised);
}

// RFC 8200 3.
bool Peeler::ipv6(Bytes bytes) {
    if (bytes.size() < 40 || bytes[0] >> 4 != 6)
        return false;
    const std::uint8_t* p = bytes.data();
    std::memcpy(out_.source.ip.bytes.data(), p + 8, 16);
    std::memcpy(out_.destination.ip.bytes.data(), p + 24, 16);
    Bytes rest = bytes.subspan(40);
    std::size_t promised = be16(p + 4);
    if (promised == 0)  // a jumbogram (RFC 2675 3), or segmentation left to the network card
        promised = rest.size();
    rest = rest.first(std::min(promised, rest.size()));
    return payload_of_v6(p[6], rest, promised);
}

// RFC 8200 4: headers until one that is none of its own.
bool Peeler::payload_of_v6(std::uint8_t protocol, Bytes bytes, std::size_t promised) {
    for (;;) {
        std::size_t length = 0;
        switch (protocol) {
            case protocol_hop_by_hop:
            case protocol_routing:
            case protocol_destination:
            case protocol_mobility:
            case protocol_hip:
            case protocol_shim6:
                length = bytes.size() < 8 ? 8 : (std::size_t{bytes[1]} + 1) * 8;
                break;
            case protocol_ah:
                length = bytes.size() < 8 ? 8 : (std::size_t{bytes[1]} + 2) * 4;
                break;
            case protocol_fragment:
                length = 8;
                if (bytes.size() >= 8 && (be16(bytes.data() + 2) & 0xfff9) != 0)
                    return fragment_of_v6(bytes, promised);
                break;  // whole in itself (RFC 6946)
            default:
                return transport(protocol, bytes, promised);
        }
        if (bytes.size() < length)
            return false;
        protocol = bytes[0];
        bytes = bytes.subspan(length);
        promised -= length;
    }
}

// RFC 8200 4.5.
bool Peeler::fragment_of_v6(Bytes bytes, std::size_t promised) {
    const std::uint16_t where = be16(bytes.data() + 2);
    out_.fragment = FragmentInfo{.id = be32(bytes.data() + 4),
                                 .offset = where & 0xfff8U,
                                 .more = (where & 1) != 0,
                                 .protocol = bytes[0]};
    out_.payload = bytes.subspan(8);
    out_.cut_short = bytes.size() < promised;
    return true;
}

bool Peeler::transport(std::uint8_t protocol, Bytes bytes, std::size_t promised) {
    switch (protocol) {
        case protocol_udp:
            return udp(bytes, promised);
        case protocol_tcp:
            return tcp(bytes, promised);
        case protocol_ipv4:
        case protocol_ipv6:
            if (tunnel(&Peeler::ip, bytes))
                return true;
            break;
        case protocol_gre:
            if (gre(bytes))
                return true;
            break;
        default:
            break;
    }
    out_.transport = Transport::other;
    out_.payload = bytes;
    out_.cut_short = bytes.size() < promised;
    return true;
}

bool Peeler::udp(Bytes bytes, std::size_t promised) {
    if (bytes.size() < 8)
        return false;
    const std::uint8_t* p = bytes.data();
    std::size_t length = be16(p + 4);
    if (length == 0)  // RFC 2675 4
        length = promised;
    if (length < 8)
        return false;
    out_.transport = Transport::udp;
    out_.source.port = be16(p);
    out_.destination.port = be16(p + 2);
    out_.payload = bytes.first(std::min(length, bytes.size())).subspan(8);
    out_.cut_short = bytes.size() < length;
    if (looks_like_hep(out_.payload)) [[unlikely]]
        hep(out_.payload, !out_.cut_short);
    else
        in_udp(out_.destination.port, out_.payload);
    return true;
}

// RFC 9293 3.1.
bool Peeler::tcp(Bytes bytes, std::size_t promised) {
    if (bytes.size() < 20)
        return false;
    const std::uint8_t* p = bytes.data();
    const std::size_t header = std::size_t{p[12]} / 16 * 4;
    if (header < 20 || bytes.size() < header)
        return false;
    out_.transport = Transport::tcp;
    out_.source.port = be16(p);
    out_.destination.port = be16(p + 2);
    out_.tcp_sequence = be32(p + 4);
    out_.tcp_fin = (p[13] & 0x01) != 0;
    out_.tcp_syn = (p[13] & 0x02) != 0;
    out_.tcp_rst = (p[13] & 0x04) != 0;
    out_.payload = bytes.subspan(header);
    out_.cut_short = bytes.size() < promised;
    return true;
}

// Tries what is inside; the outer frame is replaced only by a whole success.
bool Peeler::tunnel(Step step, Bytes bytes) {
    if (tunnels_left_ == 0)
        return false;
    Frame inner;
    Peeler peeler(inner, tunnels_left_ - 1);
    if (!(peeler.*step)(bytes))
        return false;
    out_ = inner;
    return true;
}

bool Peeler::tunnel_type(std::uint16_t type, Bytes bytes) {
    switch (type) {
        case type_ipv4:
            return tunnel(&Peeler::ipv4, bytes);
        case type_ipv6:
            return tunnel(&Peeler::ipv6, bytes);
        case type_ethernet:
            return tunnel(&Peeler::ethernet, bytes);
        case type_ppp:
            return tunnel(&Peeler::ppp, bytes);
        case type_mpls:
        case type_mpls_multicast:
            return tunnel(&Peeler::mpls, bytes);
        default:
            return false;
    }
}

// RFC 2784 2 with the key and sequence of RFC 2890, and version 1 of RFC 2637 4.1.
bool Peeler::gre(Bytes bytes) {
    if (bytes.size() < 4)
        return false;
    const std::uint16_t flags = be16(bytes.data());
    const std::uint16_t type = be16(bytes.data() + 2);
    const unsigned version = flags & 7U;
    if (version > 1 || (flags & 0x4000) != 0)  // source routes (RFC 1701) are gone from the world
        return false;
    const bool has_sequence = (flags & 0x1000) != 0;
    std::size_t length = 4;
    length += (flags & 0x8000) != 0 ? 4 : 0;  // checksum
    length += (flags & 0x2000) != 0 ? 4 : 0;  // key
    length += has_sequence ? 4 : 0;
    length += version == 1 && (flags & 0x0080) != 0 ? 4 : 0;  // acknowledgement
    const auto inside = after(bytes, length);
    if (!inside)
        return false;
    if (type == type_erspan_2 || type == type_erspan_3)
        return erspan(type, has_sequence, *inside);
    return tunnel_type(type, *inside);
}

// draft-foschiano-erspan-03 4: type I is bare Ethernet and is told by its missing sequence number,
// type II has 8 bytes before it, type III 12 and, with the O bit, 8 more. The frame type of type
// III may say that the mirrored packet begins with its IP header.
bool Peeler::erspan(std::uint16_t type, bool has_sequence, Bytes bytes) {
    std::size_t length = 0;
    bool is_ip = false;
    if (type == type_erspan_3) {
        if (bytes.size() < 12)
            return false;
        length = (bytes[11] & 1) != 0 ? 20 : 12;
        is_ip = (bytes[10] >> 2 & 0x1f) == 2;
    } else if (has_sequence) {
        length = 8;
    }
    const auto inside = after(bytes, length);
    return inside && tunnel(is_ip ? &Peeler::ip : &Peeler::ethernet, *inside);
}

bool Peeler::in_udp(std::uint16_t port, Bytes bytes) {
    switch (port) {
        case port_gtp_u:
            return gtp_u(bytes);
        case port_vxlan:
        case port_vxlan_linux:
            return vxlan(bytes);
        case port_geneve:
            return geneve(bytes);
        default:
            return false;
    }
}

// RFC 7348 5.
bool Peeler::vxlan(Bytes bytes) {
    return bytes.size() >= 8 && (bytes[0] & 0x08) != 0 &&
           tunnel(&Peeler::ethernet, bytes.subspan(8));
}

// RFC 8926 3.4.
bool Peeler::geneve(Bytes bytes) {
    if (bytes.size() < 8 || bytes[0] >> 6 != 0)
        return false;
    const auto inside = after(bytes, 8 + std::size_t{bytes[0] & 0x3fU} * 4);
    return inside && tunnel_type(be16(bytes.data() + 2), *inside);
}

// 3GPP TS 29.281 5: version 1 and a user's packet (type 255). Any of the flags E, S and PN brings
// all four bytes of sequence number, N-PDU number and next extension; only E makes the last one
// count. An extension header begins with its length in four bytes and ends with what comes next.
bool Peeler::gtp_u(Bytes bytes) {
    if (bytes.size() < 8 || (bytes[0] & 0xf0) != 0x30 || bytes[1] != 255)
        return false;
    const unsigned flags = bytes[0] & 7U;
    const std::size_t length = be16(bytes.data() + 2);
    bytes = bytes.subspan(8);
    bytes = bytes.first(std::min(length, bytes.size()));
    if (flags == 0)
        return tunnel(&Peeler::ip, bytes);
    if (bytes.size() < 4)
        return false;
    std::uint8_t next = (flags & 4) != 0 ? bytes[3] : std::uint8_t{0};
    bytes = bytes.subspan(4);
    while (next != 0) {
        const std::size_t header = bytes.empty() ? 0 : std::size_t{bytes[0]} * 4;
        if (header == 0 || bytes.size() < header)
            return false;
        next = bytes[header - 1];
        bytes = bytes.subspan(header);
    }
    return tunnel(&Peeler::ip, bytes);
}

bool Peeler::hep(Bytes bytes, bool is_whole) {
    const auto found = parse_hep(bytes);
    if (!found)
        return false;
    out_.source = found->source;
    out_.destination = found->destination;
    out_.payload = found->payload;
    out_.cut_short = found->cut_short || !is_whole;
    return true;
}

}  // namespace

std::optional<Frame> parse_frame(LinkType link, Bytes bytes) {
    std::optional<Frame> frame(std::in_place);
    if (!Peeler(*frame, limits::tunnels_deep_max).link(link, bytes))
        frame.reset();
    return frame;
}

std::optional<Frame> parse_transport(const IpAddress& source, const IpAddress& destination,
                                     std::uint8_t protocol, Bytes ip_payload) {
    std::optional<Frame> frame(std::in_place);
    frame->source.ip = source;
    frame->destination.ip = destination;
    Peeler peeler(*frame, limits::tunnels_deep_max);
    const std::size_t promised = ip_payload.size();
    if (!(source.is_v4() ? peeler.payload_of_v4(protocol, ip_payload, promised)
                         : peeler.payload_of_v6(protocol, ip_payload, promised)))
        frame.reset();
    return frame;
}

}  // namespace nk::wire
