#pragma once
// Opens SRTP packets (RFC 3711, 7714) of one direction of media, whatever SSRCs it has. Passive:
// nobody told us the rollover counter, nor which of several keys is in use, nor whether the packet
// came before; the packets themselves do, for their authentication fits or does not.
//
// One strand. libsrtp does the cryptography, a session for each SSRC, key and beginning of its
// numbers.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "wire/rtp.h"
#include "wire/sdp_crypto.h"

namespace nk::wire {

class SrtpReceiver {
public:
    SrtpReceiver();
    ~SrtpReceiver();
    SrtpReceiver(SrtpReceiver&&) noexcept;
    SrtpReceiver& operator=(SrtpReceiver&&) noexcept;

    struct Opened {
        Rtp rtp;  // its payload is good until the next open()
        SrtpSuite suite = SrtpSuite::aes_128_cm_sha1_80;
    };
    // `packet` is a whole SRTP packet, header and tag; `keys` are those that it may be encrypted
    // with, the likely ones first. Nullopt when none of them authenticates it; of a stream that
    // nothing opened in a while only some packets are tried with every key. A copy of a packet is
    // opened like the first.
    std::optional<Opened> open(Bytes packet, std::span<const SrtpKey> keys);

private:
    struct Session;
    struct Stream;
    std::optional<Opened> open_with(Session& session, Bytes packet);
    std::optional<Opened> search(Stream& stream, Bytes packet, std::span<const SrtpKey> keys);
    Stream& stream_of(std::uint32_t ssrc);

    std::vector<std::unique_ptr<Stream>> streams_;  // the one that was used last is the first
    std::vector<std::uint8_t> room_;
};

}  // namespace nk::wire
