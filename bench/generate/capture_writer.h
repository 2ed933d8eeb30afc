#pragma once
// Makes frames of UDP packets: Ethernet (with or without a VLAN tag), IPv4 or IPv6, correct
// checksums.

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "frame_sink.h"

namespace nk::generate {

struct Host {
    bool ipv6 = false;
    std::array<std::uint8_t, 16> address{};  // the first 4 bytes for IPv4
};

// 10.side.x.y or 2001:db8:side::x:y, one for each call and side.
Host host_of(bool ipv6, std::size_t side, std::uint32_t call);
std::string text_of(const Host& host);

struct Port {
    Host host;
    std::uint16_t port = 0;
};

class CaptureWriter {
public:
    struct Shape {
        bool vlan = false;
        bool twice = false;  // every packet again, 50 us later
    };
    // `out` outlives it.
    CaptureWriter(FrameSink& out, const Shape& shape) : out_(out), shape_(shape) {}

    // One UDP packet whose payload is `head` and then `body`. Requires: not earlier than the last.
    void write(std::int64_t at_ns, const Port& from, const Port& to, Bytes head, Bytes body = {});
    Result<void> finish();

    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

private:
    void write_record(std::int64_t at_ns, Bytes frame);
    void write_again_until(std::int64_t at_ns);
    void append(Bytes bytes) { frame_.insert(frame_.end(), bytes.begin(), bytes.end()); }

    FrameSink& out_;
    Shape shape_;
    std::vector<std::uint8_t> frame_;
    struct Again {
        std::int64_t at_ns;
        std::vector<std::uint8_t> frame;
    };
    std::deque<Again> again_;
    std::uint16_t identification_ = 0;
    std::uint64_t packets_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace nk::generate
