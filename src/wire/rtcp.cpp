// One pass over a compound packet. A packet whose length runs past the bytes ends the walk; what
// came before it is kept, for half a report is still a clock.

#include "wire/rtcp.h"

#include <algorithm>
#include <span>

namespace nk::wire {

namespace {

// https://www.iana.org/assignments/rtp-parameters
constexpr std::uint8_t type_first = 192;
constexpr std::uint8_t type_last = 223;
constexpr std::uint8_t type_sender_report = 200;
constexpr std::uint8_t type_receiver_report = 201;
constexpr std::uint8_t type_source_description = 202;
constexpr std::uint8_t type_bye = 203;
constexpr std::uint8_t item_end = 0;
constexpr std::uint8_t item_cname = 1;

bool is_header(Bytes bytes) {
    return bytes.size() >= 4 && bytes[0] >> 6 == 2 && bytes[1] >= type_first &&
           bytes[1] <= type_last;
}

void read_sender_report(Bytes packet, Rtcp& out) {
    if (packet.size() < 28)  // RFC 3550 6.4.1
        return;
    const std::uint8_t* p = packet.data();
    out.reports.push_back({.ssrc = be32(p + 4),
                           .ntp = be64(p + 8),
                           .rtp_timestamp = be32(p + 16),
                           .packets = be32(p + 20),
                           .octets = be32(p + 24)});
}

// RFC 3550 6.5: chunks of an SSRC and items, each chunk ended by a zero and filled to 4 bytes.
void read_source_description(Bytes packet, Rtcp& out) {
    std::size_t at = 4;
    for (unsigned chunk = packet[0] & 0x1fU; chunk > 0 && at + 4 <= packet.size(); --chunk) {
        const std::uint32_t ssrc = be32(packet.data() + at);
        at += 4;
        while (at < packet.size() && packet[at] != item_end) {
            if (at + 2 > packet.size() || at + 2 + packet[at + 1] > packet.size())
                return;
            const std::size_t length = packet[at + 1];
            if (packet[at] == item_cname)
                out.cnames.emplace_back(ssrc, as_text(packet.subspan(at + 2, length)));
            at += 2 + length;
        }
        at = (at + 4) / 4 * 4;
    }
}

void read_bye(Bytes packet, Rtcp& out) {
    std::size_t at = 4;
    for (unsigned source = packet[0] & 0x1fU; source > 0 && at + 4 <= packet.size(); --source) {
        out.byes.push_back(be32(packet.data() + at));
        at += 4;
    }
}

using Buffer = std::vector<std::uint8_t>;

void add32(Buffer& out, std::uint32_t value) {
    out.resize(out.size() + 4);
    put_be32(out.data() + out.size() - 4, value);
}

// The header (RFC 3550 6.4.1) of a packet with `words` 32-bit words behind it.
void add_header(Buffer& out, std::size_t count, std::uint8_t type, std::size_t words) {
    add32(out, 2U << 30 | static_cast<std::uint32_t>(count) << 24 | std::uint32_t{type} << 16 |
                   static_cast<std::uint32_t>(words));
}

void add_reception(Buffer& out, const ReceptionReport& source) {
    constexpr std::int32_t lost_max = 0x7fffff;  // A.3: it stays at the ends of its 24 bits
    const std::int32_t lost = std::clamp(source.packets_lost, -lost_max - 1, lost_max);
    add32(out, source.ssrc);
    add32(out, std::uint32_t{source.fraction_lost} << 24 |
                   (static_cast<std::uint32_t>(lost) & 0xffffffU));
    add32(out, source.highest_sequence);
    add32(out, source.jitter);
    add32(out, source.last_report);
    add32(out, source.since_last_report);
}

// One chunk with one item, ended by a zero and filled with more to 4 bytes (RFC 3550 6.5).
void add_cname(Buffer& out, std::uint32_t ssrc, std::string_view name) {
    constexpr std::size_t bytes_max = 255;
    name = name.substr(0, bytes_max);
    const std::size_t words = 1 + (2 + name.size()) / 4 + 1;
    const std::size_t end = out.size() + 4 * (1 + words);
    add_header(out, 1, type_source_description, words);
    add32(out, ssrc);
    out.push_back(item_cname);
    out.push_back(static_cast<std::uint8_t>(name.size()));
    out.insert(out.end(), name.begin(), name.end());
    out.resize(end, item_end);
}

}  // namespace

std::vector<std::uint8_t> compose_receiver_report(const ReceiverReport& report) {
    constexpr std::size_t sources_max = 31;  // what the header's five bits can count
    constexpr std::size_t words_of_source = 6;
    Buffer out;
    std::span<const ReceptionReport> left(report.sources);
    do {
        const auto some = left.first(std::min(left.size(), sources_max));
        add_header(out, some.size(), type_receiver_report, 1 + words_of_source * some.size());
        add32(out, report.ssrc);
        for (const ReceptionReport& source : some)
            add_reception(out, source);
        left = left.subspan(some.size());
    } while (!left.empty());
    add_cname(out, report.ssrc, report.cname);
    return out;
}

std::optional<Rtcp> parse_rtcp(Bytes bytes) {
    if (!is_header(bytes))
        return std::nullopt;
    Rtcp out;
    while (is_header(bytes)) {
        const std::size_t length = (std::size_t{be16(bytes.data() + 2)} + 1) * 4;
        if (length > bytes.size())
            break;
        const Bytes packet = bytes.first(length);
        switch (packet[1]) {
            case type_sender_report:
                read_sender_report(packet, out);
                break;
            case type_source_description:
                read_source_description(packet, out);
                break;
            case type_bye:
                read_bye(packet, out);
                break;
            default:
                break;
        }
        bytes = bytes.subspan(length);
    }
    return out;
}

}  // namespace nk::wire
