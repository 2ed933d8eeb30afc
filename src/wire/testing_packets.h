#pragma once
// Builds packets layer by layer for the tests of this room: each function puts one header before
// what it is given. Checksums are left zero; nothing in this room looks at them.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "wire/address.h"

namespace nk::wire::testing {

using Buffer = std::vector<std::uint8_t>;

inline Buffer text(std::string_view s) {
    return {s.begin(), s.end()};
}
inline void add16(Buffer& out, std::size_t v) {
    out.push_back(static_cast<std::uint8_t>(v >> 8));
    out.push_back(static_cast<std::uint8_t>(v));
}
inline void add32(Buffer& out, std::uint32_t v) {
    add16(out, v >> 16);
    add16(out, v & 0xffff);
}
inline Buffer operator+(Buffer a, const Buffer& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

inline const IpAddress caller4 = *parse_ip("192.0.2.1");
inline const IpAddress callee4 = *parse_ip("192.0.2.2");
inline const IpAddress caller6 = *parse_ip("2001:db8::1");
inline const IpAddress callee6 = *parse_ip("2001:db8::2");

struct Fragmenting {
    std::uint32_t id = 0;
    std::size_t offset = 0;  // bytes
    bool more = false;
};

inline Buffer udp(std::uint16_t from, std::uint16_t to, const Buffer& payload) {
    Buffer out;
    add16(out, from);
    add16(out, to);
    add16(out, payload.size() + 8);
    add16(out, 0);
    return out + payload;
}

inline constexpr std::uint8_t fin = 1;
inline constexpr std::uint8_t syn = 2;
inline constexpr std::uint8_t rst = 4;

inline Buffer tcp(std::uint16_t from, std::uint16_t to, std::uint32_t sequence, std::uint8_t flags,
                  const Buffer& payload) {
    Buffer out;
    add16(out, from);
    add16(out, to);
    add32(out, sequence);
    add32(out, 0);
    out.push_back(6 << 4);  // one word of options
    out.push_back(flags);
    for (int i = 0; i < 6; ++i)
        out.push_back(0);
    add32(out, 0x01010101);
    return out + payload;
}

inline Buffer ipv4(std::uint8_t protocol, const Buffer& payload, Fragmenting f = {}) {
    Buffer out{0x45, 0};
    add16(out, payload.size() + 20);
    add16(out, f.id);
    add16(out, f.offset / 8 + (f.more ? 0x2000 : 0));
    out.push_back(64);
    out.push_back(protocol);
    add16(out, 0);
    out.insert(out.end(), caller4.bytes.begin() + 12, caller4.bytes.end());
    out.insert(out.end(), callee4.bytes.begin() + 12, callee4.bytes.end());
    return out + payload;
}

inline Buffer ipv6(std::uint8_t next, const Buffer& payload) {
    Buffer out{0x60, 0, 0, 0};
    add16(out, payload.size());
    out.push_back(next);
    out.push_back(64);
    out.insert(out.end(), caller6.bytes.begin(), caller6.bytes.end());
    out.insert(out.end(), callee6.bytes.begin(), callee6.bytes.end());
    return out + payload;
}

inline Buffer ipv6_fragment(std::uint8_t next, const Buffer& part, Fragmenting f) {
    Buffer out{next, 0};
    add16(out, f.offset + (f.more ? 1 : 0));
    add32(out, f.id);
    return ipv6(44, out + part);
}

inline Buffer tag(std::uint16_t type, const Buffer& payload) {  // of a VLAN: its number, what next
    Buffer out{0, 7};
    add16(out, type);
    return out + payload;
}

inline Buffer ethernet(std::uint16_t type, const Buffer& payload) {
    Buffer out(12, 0x02);
    add16(out, type);
    return out + payload;
}

// A chunk of HEP3 (vendor 0), the chunks of both ends, and a whole datagram's payload.
inline Buffer hep_chunk(std::uint16_t type, const Buffer& body) {
    Buffer out{0, 0};
    add16(out, type);
    add16(out, body.size() + 6);
    return out + body;
}

inline Buffer hep_ends(const IpAddress& from, std::uint16_t from_port, const IpAddress& to,
                       std::uint16_t to_port) {
    const auto address = [](const IpAddress& ip) {
        return Buffer(ip.bytes.begin() + (ip.is_v4() ? 12 : 0), ip.bytes.end());
    };
    Buffer source;
    Buffer destination;
    add16(source, from_port);
    add16(destination, to_port);
    return hep_chunk(from.is_v4() ? 3 : 5, address(from)) +
           hep_chunk(to.is_v4() ? 4 : 6, address(to)) + hep_chunk(7, source) +
           hep_chunk(8, destination);
}

inline Buffer hep(const Buffer& chunks) {
    Buffer out = text("HEP3");
    add16(out, chunks.size() + 6);
    return out + chunks;
}

}  // namespace nk::wire::testing
