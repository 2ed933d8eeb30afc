#pragma once
// Pairs of UDP ports for media, RTP on the even one and RTCP on the next: thousands of them, read
// in sweeps.
//
// Nothing waits on these sockets. Whoever owns them sweeps every few tens of milliseconds; the
// kernel notes when each packet arrived, so that a late sweep makes no packet late. One strand.
//
// A pair takes two descriptors (raise_file_limit) and, when nobody sweeps, up to
// limits::media_receive_buffer_bytes twice over of the kernel's memory for each of its sockets.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/address.h"
#include "base/clock.h"
#include "base/result.h"
#include "host/descriptor.h"

namespace nk::host {

struct MediaPacket {
    std::uint16_t rtp_port = 0;  // names the pair, for RTCP too
    bool is_rtp = true;          // by the port it came to; false for the RTCP port
    bool is_cut = false;         // there was more of it than any UDP packet may have
    Endpoint from;
    WallTime arrival;  // at the kernel
    MonoTime empty;    // when its socket was last found empty: it came later
    Bytes bytes;       // valid until the handler returns
};

// Packets that the kernel dropped on one socket, because its buffer was full.
struct MediaDrop {
    std::uint16_t rtp_port = 0;
    bool is_rtp = true;
    std::uint64_t packets = 0;
    WallTime from;   // the sweep of this socket before, or its opening
    WallTime to;     // this sweep
    MonoTime empty;  // as of a packet
};

struct MediaCounts {
    std::uint64_t rtp = 0;
    std::uint64_t rtcp = 0;
    std::uint64_t dropped = 0;  // by the kernel, that we know of
    std::uint64_t cut = 0;
    std::uint64_t unsent = 0;      // RTCP that the kernel did not take
    std::uint64_t unfinished = 0;  // sweeps that left packets in a socket for the next
};

// May open and close ports (also the one a packet came by) and send, but not sweep.
class MediaHandler {
public:
    virtual ~MediaHandler() = default;
    virtual void on_packet(const MediaPacket& packet) = 0;
    // Comes before the first packet after the drop.
    virtual void on_drop(const MediaDrop& drop) = 0;
};

class MediaSockets {
public:
    // An unspecified address (0.0.0.0 or ::) stands for all of this machine's, IPv4 and IPv6.
    MediaSockets(const IpAddress& local, const Clock& clock);
    ~MediaSockets();
    MediaSockets(const MediaSockets&) = delete;
    MediaSockets& operator=(const MediaSockets&) = delete;

    // Binds `rtp_port`, which is even, and the next. 0 takes any free pair. Gives the RTP port;
    // Code::busy when somebody else has one of the two, Code::limit without descriptors.
    Result<std::uint16_t> open(std::uint16_t rtp_port);
    // Packets that were not swept are lost: sweep_port first. Nothing when it is not open.
    void close(std::uint16_t rtp_port);
    [[nodiscard]] bool is_open(std::uint16_t rtp_port) const;
    [[nodiscard]] std::size_t size() const { return open_; }

    // Never waits; false when the kernel did not take it. `is_muxed` sends from the RTP port (RFC
    // 5761).
    bool send_rtcp(std::uint16_t rtp_port, const Endpoint& to, Bytes packet, bool is_muxed = false);

    // Hands over what has arrived on every RTP socket, and every limits::rtcp_sweep_every on every
    // RTCP socket. Of one socket at most limits::media_reads_per_sweep reads. With `parts` only the
    // next so many-th part of the pairs: as many calls make a round, and nobody waits for all.
    void sweep(MediaHandler& handler, std::size_t parts = 1);
    // Both sockets of one pair, whatever the time.
    void sweep_port(std::uint16_t rtp_port, MediaHandler& handler);

    [[nodiscard]] const MediaCounts& counts() const { return counts_; }

private:
    struct Socket;
    struct Pair;
    class Batch;

    [[nodiscard]] Result<std::unique_ptr<Pair>> bind_pair(std::uint16_t rtp_port) const;
    void read(Pair& pair, Socket& socket, MediaHandler& handler);
    void note_drops(const Pair& pair, Socket& socket, std::uint32_t dropped, MediaHandler& handler);
    void begin_sweep();
    void begin_round();
    void end_sweep();
    [[nodiscard]] Pair* find(std::uint16_t rtp_port) const { return by_port_[rtp_port / 2].get(); }

    IpAddress local_;
    const Clock& clock_;
    std::vector<std::unique_ptr<Pair>> by_port_;
    std::vector<Pair*> order_;  // of sweeping; nullptr where one was closed during a sweep
    std::vector<std::unique_ptr<Pair>> closed_;  // during a sweep, which may still look at them
    std::unique_ptr<Batch> batch_;
    Descriptor keeps_noting_;
    std::size_t open_ = 0;
    bool is_sweeping_ = false;
    std::size_t next_ = 0;      // in order_: where the next part begins
    std::size_t round_ = 0;     // and where the round ends
    bool is_rtcp_due_ = false;  // in this round
    MonoTime rtcp_swept_;
    WallTime now_;
    MonoTime mono_;  // the same moment
    MediaCounts counts_;
};

}  // namespace nk::host
