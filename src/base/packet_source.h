#pragma once
// Where packets come from: a capture file or a live interface. Implemented by host/, read by
// intake/tap.

#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace nk {

// The framing a packet starts with; the names follow https://www.tcpdump.org/linktypes.html.
enum class LinkType : std::uint8_t {
    ethernet,
    null,  // 4 bytes of address family in the capturing host's byte order
    loop,  // the same in network byte order
    raw,   // starts with the IP header; its version nibble tells which
    linux_sll,
    linux_sll2,
    ppp,
};

// One captured packet. `bytes` stays valid until the source is asked for the next one.
struct CapturedPacket {
    WallTime time;
    Bytes bytes;
    std::uint32_t wire_bytes =
        0;  // its length on the wire; more than bytes.size() when cut by a snap length
    LinkType link = LinkType::ethernet;
};

struct SourceCounts {
    std::uint64_t received = 0;       // packets handed out
    std::uint64_t dropped_by_us = 0;  // packets the kernel had and we were too slow for
    unsigned fill_percent_max = 0;  // of the memory between the kernel and us, when it was fullest
};

// So many packets were dropped by us somewhere between these two moments, by the clock that stamps
// the packets.
struct SourceDrop {
    WallTime from;
    WallTime to;
    std::uint64_t packets = 0;
};

class PacketSource {
public:
    virtual ~PacketSource() = default;

    enum class Next {
        packet,   // `out` holds one
        idle,     // a source that has nothing now; of a live one, out.time is when that was so
        dropped,  // packets were, and none that came after them was handed out: take_drop() tells
        end,      // no more will come
    };
    // An error means: everything before it was handed out, nothing after it can be read.
    virtual Result<Next> next(CapturedPacket& out) = 0;
    // Packets that follow what next() gave, as far as they are at hand; as many as there is room
    // for, often none. They and the one before stay valid until the next call of next().
    virtual std::size_t more(std::span<CapturedPacket> /*out*/) { return 0; }
    [[nodiscard]] virtual SourceCounts counts() const = 0;
    // What was dropped since this was last asked; good to ask at the end, too.
    virtual std::optional<SourceDrop> take_drop() { return std::nullopt; }
    // How much of the source has been read, 0..1; negative when that cannot be known.
    [[nodiscard]] virtual double progress() const { return -1; }
};

}  // namespace nk
