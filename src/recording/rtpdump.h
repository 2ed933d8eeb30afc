#pragma once
// Payloads we cannot decode, kept as they came, in the rtpdump format of rtptools that Wireshark
// and others read: a text line, a 16-byte head, then per packet its length, its offset in
// milliseconds, and the RTP packet.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/time.h"
#include "call/media.h"

namespace nk::recording {

class RtpDump {
public:
    RtpDump(std::unique_ptr<File> file, WallTime start);
    // `at` is the packet's arrival since `start`.
    Result<void> add(const call::MediaPacket& packet, Nanos at);
    Result<void> finish();

private:
    std::unique_ptr<File> file_;
    std::vector<std::uint8_t> pending_;
};

}  // namespace nk::recording
