// Chunks come in any order; of two of one type the last counts. Those of vendors and those we do
// not use are passed over.

#include "wire/hep.h"

#include <algorithm>

namespace nk::wire {

namespace {

constexpr std::size_t head_bytes = 6;  // of the datagram, and of each chunk

enum ChunkType : std::uint16_t {
    source_v4 = 3,
    destination_v4 = 4,
    source_v6 = 5,
    destination_v6 = 6,
    source_port = 7,
    destination_port = 8,
    protocol_type = 11,
    captured_payload = 15,
};

struct Found {
    std::optional<IpAddress> source;
    std::optional<IpAddress> destination;
    std::optional<std::uint16_t> source_port;
    std::optional<std::uint16_t> destination_port;
    std::uint8_t kind = 0;
    Bytes payload;
    bool cut_short = false;
};

std::optional<IpAddress> address(Bytes body) {
    if (body.size() == 4)
        return IpAddress::v4(body.data());
    if (body.size() == 16)
        return IpAddress::v6(body.data());
    return std::nullopt;
}

std::optional<std::uint16_t> port(Bytes body) {
    if (body.size() != 2)
        return std::nullopt;
    return be16(body.data());
}

void take(Found& found, std::uint16_t type, Bytes body) {
    switch (type) {
        case source_v4:
        case source_v6:
            found.source = address(body);
            return;
        case destination_v4:
        case destination_v6:
            found.destination = address(body);
            return;
        case source_port:
            found.source_port = port(body);
            return;
        case destination_port:
            found.destination_port = port(body);
            return;
        case protocol_type:
            found.kind = body.size() == 1 ? body[0] : 0;
            return;
        case captured_payload:
            found.payload = body;
            return;
        default:
            return;
    }
}

// False when a chunk's length is less than its own head.
bool walk(Found& found, Bytes chunks) {
    while (chunks.size() >= head_bytes) {
        const std::uint16_t vendor = be16(chunks.data());
        const std::uint16_t type = be16(chunks.data() + 2);
        const std::size_t length = be16(chunks.data() + 4);
        if (length < head_bytes)
            return false;
        const std::size_t there = std::min(length, chunks.size());
        found.cut_short = found.cut_short || there < length;
        if (vendor == 0)
            take(found, type, chunks.subspan(head_bytes, there - head_bytes));
        chunks = chunks.subspan(there);
    }
    return true;
}

bool is_known(std::uint8_t kind) {
    return kind == std::uint8_t(HepKind::sip) || kind == std::uint8_t(HepKind::rtp) ||
           kind == std::uint8_t(HepKind::rtcp);
}

}  // namespace

std::optional<Hep> parse_hep(Bytes bytes) {
    if (!looks_like_hep(bytes))
        return std::nullopt;
    const std::size_t length = be16(bytes.data() + 4);
    if (length < head_bytes)
        return std::nullopt;
    Found found;
    if (!walk(found, bytes.first(std::min(length, bytes.size())).subspan(head_bytes)))
        return std::nullopt;
    if (!found.source || !found.destination || !found.source_port || !found.destination_port ||
        !is_known(found.kind) || found.payload.empty())
        return std::nullopt;
    return Hep{.source = {.ip = *found.source, .port = *found.source_port},
               .destination = {.ip = *found.destination, .port = *found.destination_port},
               .kind = HepKind{found.kind},
               .payload = found.payload,
               .cut_short = found.cut_short};
}

}  // namespace nk::wire
