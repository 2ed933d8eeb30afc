#pragma once
// Writes UDP packets as a pcap file: Ethernet (with or without a VLAN tag), IPv4 or IPv6, correct
// checksums.

#include <array>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

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
        bool nanoseconds = false;
        bool twice = false;  // every packet again, 50 us later
    };
    static Result<CaptureWriter> create(const std::string& path, const Shape& shape);

    // One UDP packet whose payload is `head` and then `body`. Requires: not earlier than the last.
    void write(std::int64_t at_ns, const Port& from, const Port& to, Bytes head, Bytes body = {});
    Result<void> finish();

    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    CaptureWriter(std::FILE* file, std::string path, const Shape& shape);
    void write_record(std::int64_t at_ns, Bytes frame);
    void write_again_until(std::int64_t at_ns);
    void append(Bytes bytes) { frame_.insert(frame_.end(), bytes.begin(), bytes.end()); }

    std::unique_ptr<std::FILE, Close> file_;
    std::string path_;
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
    bool failed_ = false;
};

}  // namespace nk::generate
