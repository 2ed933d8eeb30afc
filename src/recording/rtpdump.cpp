#include "recording/rtpdump.h"

#include <array>
#include <string_view>
#include <utility>

namespace nk::recording {

namespace {
constexpr std::size_t flush_bytes = 32 * 1024;
constexpr std::size_t rtp_header_bytes = 12;

void append(std::vector<std::uint8_t>& out, Bytes bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}
}  // namespace

RtpDump::RtpDump(std::unique_ptr<File> file, WallTime start) : file_(std::move(file)) {
    append(pending_, as_bytes("#!rtpplay1.0 0.0.0.0/0\n"));
    std::array<std::uint8_t, 16> head{};
    put_be32(head.data(), static_cast<std::uint32_t>(start.ns / 1'000'000'000));
    put_be32(head.data() + 4, static_cast<std::uint32_t>(start.ns / 1'000 % 1'000'000));
    append(pending_, head);
}

Result<void> RtpDump::add(const call::MediaPacket& packet, Nanos at) {
    const std::size_t rtp_bytes = rtp_header_bytes + packet.payload.size();
    if (rtp_bytes > 0xffff - 8)
        return {};
    std::array<std::uint8_t, 8 + rtp_header_bytes> head{};
    put_be16(head.data(), static_cast<std::uint16_t>(rtp_bytes + 8));
    put_be16(head.data() + 2, static_cast<std::uint16_t>(rtp_bytes));
    put_be32(head.data() + 4, static_cast<std::uint32_t>(to_ms(at)));
    head[8] = 0x80;
    head[9] = static_cast<std::uint8_t>(packet.payload_type | (packet.marker ? 0x80 : 0));
    put_be16(head.data() + 10, packet.sequence);
    put_be32(head.data() + 12, packet.timestamp);
    put_be32(head.data() + 16, packet.ssrc);
    append(pending_, head);
    append(pending_, packet.payload);
    if (pending_.size() < flush_bytes)
        return {};
    NK_TRY(file_->write(pending_));
    pending_.clear();
    return {};
}

Result<void> RtpDump::finish() {
    NK_TRY(file_->write(pending_));
    pending_.clear();
    return {};
}

}  // namespace nk::recording
