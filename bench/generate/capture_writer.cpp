#include "capture_writer.h"

#include <limits>

#include <fmt/format.h>

namespace nk::generate {

namespace {

constexpr std::size_t frame_overhead_bytes = 16;  // of a pcap record's head
constexpr std::int64_t twice_after_ns = 50'000;
constexpr std::uint8_t udp = 17;

// RFC 1071, over pieces of which all but the last are even.
std::uint32_t sum(Bytes bytes, std::uint32_t start = 0) {
    std::uint64_t total = start;
    std::size_t i = 0;
    for (; i + 1 < bytes.size(); i += 2)
        total += be16(bytes.data() + i);
    if (i < bytes.size())
        total += std::uint32_t{bytes[i]} << 8;
    while (total >> 16 != 0)
        total = (total & 0xffff) + (total >> 16);
    return static_cast<std::uint32_t>(total);
}

Bytes address_of(const Host& host) {
    return Bytes(host.address).first(host.ipv6 ? 16 : 4);
}

}  // namespace

Host host_of(bool ipv6, std::size_t side, std::uint32_t call) {
    Host host{.ipv6 = ipv6};
    if (ipv6) {
        host.address = {0x20, 0x01, 0x0d, 0xb8, 0, static_cast<std::uint8_t>(side + 1)};
        put_be32(host.address.data() + 12, call + 1);
    } else {
        put_be32(host.address.data(), call + 1);
        host.address[0] = 10;
        host.address[1] = static_cast<std::uint8_t>(host.address[1] % 100 + 100 * (side + 1));
    }
    return host;
}

std::string text_of(const Host& host) {
    const auto& a = host.address;
    if (!host.ipv6)
        return fmt::format("{}.{}.{}.{}", a[0], a[1], a[2], a[3]);
    return fmt::format("2001:db8:{:x}::{:x}:{:x}", be16(a.data() + 4), be16(a.data() + 12),
                       be16(a.data() + 14));
}

void CaptureWriter::write(std::int64_t at_ns, const Port& from, const Port& to, Bytes head,
                          Bytes body) {
    const bool ipv6 = from.host.ipv6;
    const auto udp_bytes = static_cast<std::uint16_t>(8 + head.size() + body.size());
    frame_.assign({2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2});
    if (shape_.vlan)
        frame_.insert(frame_.end(), {0x81, 0x00, 0x00, 100});
    frame_.insert(frame_.end(), {static_cast<std::uint8_t>(ipv6 ? 0x86 : 0x08),
                                 static_cast<std::uint8_t>(ipv6 ? 0xdd : 0x00)});
    const std::size_t ip_at = frame_.size();
    frame_.resize(ip_at + (ipv6 ? 8 : 12));
    append(address_of(from.host));
    append(address_of(to.host));
    std::uint8_t* ip = frame_.data() + ip_at;
    if (ipv6) {
        ip[0] = 0x60;
        put_be16(ip + 4, udp_bytes);
        ip[6] = udp;
        ip[7] = 64;
    } else {
        ip[0] = 0x45;
        put_be16(ip + 2, static_cast<std::uint16_t>(20 + udp_bytes));
        put_be16(ip + 4, ++identification_);
        ip[8] = 64;
        ip[9] = udp;
        put_be16(ip + 10, static_cast<std::uint16_t>(~sum(Bytes(ip, 20))));
    }
    const std::size_t udp_at = frame_.size();
    frame_.resize(udp_at + 8);
    append(head);
    append(body);
    std::uint8_t* header = frame_.data() + udp_at;
    put_be16(header, from.port);
    put_be16(header + 2, to.port);
    put_be16(header + 4, udp_bytes);
    std::uint32_t total = udp + std::uint32_t{udp_bytes};  // the pseudo header of RFC 768
    total = sum(address_of(to.host), sum(address_of(from.host), total));
    total = sum(Bytes(header, udp_bytes), total);
    const auto checksum = static_cast<std::uint16_t>(~total);
    put_be16(header + 6, checksum == 0 ? 0xffff : checksum);

    write_again_until(at_ns);
    write_record(at_ns, frame_);
    if (shape_.twice)
        again_.push_back({at_ns + twice_after_ns, frame_});
}

void CaptureWriter::write_again_until(std::int64_t at_ns) {
    for (; !again_.empty() && again_.front().at_ns <= at_ns; again_.pop_front())
        write_record(again_.front().at_ns, again_.front().frame);
}

void CaptureWriter::write_record(std::int64_t at_ns, Bytes frame) {
    out_.take(at_ns, frame);
    ++packets_;
    bytes_ += frame_overhead_bytes + frame.size();
}

Result<void> CaptureWriter::finish() {
    write_again_until(std::numeric_limits<std::int64_t>::max());
    return out_.finish();
}

}  // namespace nk::generate
