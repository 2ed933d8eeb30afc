#pragma once
// Sends the sound of all calls: G.711 over RTP, 20 ms a packet, from one socket, many packets a
// system call. Each payload begins with whose it is and which frame, so that a recording can be
// checked packet by packet; made-up talk follows, so that it is as hard to encode as a call.

#include <array>
#include <cstdint>
#include <memory>

#include <netinet/in.h>
#include <sys/socket.h>

#include "../generate/conversation.h"
#include "base/address.h"
#include "base/result.h"
#include "host/descriptor.h"

namespace nk::load {

// One media line on its way to the recorder.
struct Line {
    std::uint32_t call = 0;
    std::uint8_t side = 0;
    sockaddr_storage to{};
    socklen_t to_size = 0;
};

class MediaSender {
public:
    // A pair of ports on `from`: RTP on the even one, the recorder's reports on the next.
    static Result<std::unique_ptr<MediaSender>> open(const IpAddress& from);
    MediaSender(host::Descriptor rtp, host::Descriptor rtcp);

    // Puts a packet with the line's others; it goes with the batch or by flush(). `line` stays
    // until then.
    void put(const Line& line, std::uint32_t frame);
    void flush();
    // Takes in the receiver reports that came.
    void read_reports();

    [[nodiscard]] Endpoint here() const;
    [[nodiscard]] int family() const;

    struct Counts {
        std::uint64_t sent = 0;
        std::uint64_t unsent = 0;  // that the kernel refused
        std::uint64_t reports = 0;
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }

private:
    static constexpr std::size_t batch_max = 64;
    static constexpr std::size_t header_bytes = 12;
    static constexpr std::size_t mark_bytes = 8;

    host::Descriptor rtp_;
    host::Descriptor rtcp_;
    generate::Conversation talk_;
    std::array<std::array<std::uint8_t, header_bytes + mark_bytes>, batch_max> heads_{};
    std::array<std::array<iovec, 2>, batch_max> parts_{};
    std::array<mmsghdr, batch_max> messages_{};
    std::size_t waiting_ = 0;
    Counts counts_;
};

}  // namespace nk::load
