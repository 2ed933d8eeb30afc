// One pass over a compound packet. A packet whose length runs past the bytes ends the walk; what
// came before it is kept, for half a report is still a clock.

#include "wire/rtcp.h"

namespace nk::wire {

namespace {

// https://www.iana.org/assignments/rtp-parameters
constexpr std::uint8_t type_first = 192;
constexpr std::uint8_t type_last = 223;
constexpr std::uint8_t type_sender_report = 200;
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

}  // namespace

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
