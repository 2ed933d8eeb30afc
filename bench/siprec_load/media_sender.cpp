#include "media_sender.h"

#include <cerrno>

#include "base/bytes.h"
#include "host/socket_address.h"

namespace nk::load {

namespace {

constexpr double talk_s = 60;
constexpr std::uint32_t frame_samples = 160;
constexpr int pair_tries = 100;
constexpr int send_buffer_bytes = 4 * 1024 * 1024;

Result<host::Descriptor> bind_at(const Endpoint& where) {
    const int family = where.ip.is_v4() ? AF_INET : AF_INET6;
    host::Descriptor socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto address = host::to_socket_address(where, family);
    if (!socket.is_open() || bind(socket.number(), address.get(), address.size) != 0)
        return host::socket_error("opening the media port " + where.text(), errno);
    return socket;
}

// Six bits a byte, in quiet values of mu-law that are all different samples.
void put_mark(std::uint8_t* at, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
        at[i] = static_cast<std::uint8_t>(0xc0U | (value >> (6 * (bytes - 1 - i)) & 0x3fU));
}

}  // namespace

Result<std::unique_ptr<MediaSender>> MediaSender::open(const IpAddress& from) {
    for (int i = 0; i < pair_tries; ++i) {
        NK_TAKE(auto rtp, bind_at({from, 0}));
        const auto port = host::bound_endpoint(rtp.number()).port;
        if (port % 2 != 0)
            continue;
        auto rtcp = bind_at({from, static_cast<std::uint16_t>(port + 1)});
        if (rtcp)
            return std::make_unique<MediaSender>(std::move(rtp), *std::move(rtcp));
    }
    return refuse(Code::busy, Blame::machine, "no pair of media ports is free");
}

MediaSender::MediaSender(host::Descriptor rtp, host::Descriptor rtcp)
    : rtp_(std::move(rtp)), rtcp_(std::move(rtcp)), talk_(generate::pcmu, talk_s, 1) {
    setsockopt(rtp_.number(), SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
    for (std::size_t i = 0; i < batch_max; ++i) {
        parts_[i][0] = {.iov_base = heads_[i].data(), .iov_len = heads_[i].size()};
        messages_[i].msg_hdr.msg_iov = parts_[i].data();
        messages_[i].msg_hdr.msg_iovlen = parts_[i].size();
    }
}

Endpoint MediaSender::here() const {
    return host::bound_endpoint(rtp_.number());
}

int MediaSender::family() const {
    return here().ip.is_v4() ? AF_INET : AF_INET6;
}

void MediaSender::put(const Line& line, std::uint32_t frame) {
    const std::size_t i = waiting_++;
    auto* head = heads_[i].data();
    const bool is_first = frame == 0;
    head[0] = 0x80;
    head[1] = is_first ? 0x80 : 0;  // marker, PCMU
    put_be16(head + 2, static_cast<std::uint16_t>(line.call * 7 + frame));
    put_be32(head + 4, line.call * 1'000 + frame * frame_samples);
    put_be32(head + 8, line.call * 2 + line.side + 0x10000);
    auto* mark = head + header_bytes;
    put_mark(mark, line.call, 4);
    put_mark(mark + 4, line.side, 1);
    put_mark(mark + 5, frame, 3);
    // Each call is somewhere else in the talk.
    const auto sound = talk_.payload(line.side, (line.call * 977U + frame) * frame_samples);
    parts_[i][1] = {.iov_base = const_cast<std::uint8_t*>(sound.data() + mark_bytes),
                    .iov_len = frame_samples - mark_bytes};
    messages_[i].msg_hdr.msg_name = const_cast<sockaddr_storage*>(&line.to);
    messages_[i].msg_hdr.msg_namelen = line.to_size;
    if (waiting_ == batch_max)
        flush();
}

void MediaSender::flush() {
    for (std::size_t gone = 0; gone < waiting_;) {
        const int done = sendmmsg(rtp_.number(), messages_.data() + gone,
                                  static_cast<unsigned>(waiting_ - gone), 0);
        if (done > 0) {
            gone += static_cast<std::size_t>(done);
            counts_.sent += static_cast<std::uint64_t>(done);
        } else if (errno != EINTR) {
            ++gone;
            ++counts_.unsent;
        }
    }
    waiting_ = 0;
}

void MediaSender::read_reports() {
    std::array<std::uint8_t, 2'048> report{};
    while (recv(rtcp_.number(), report.data(), report.size(), MSG_DONTWAIT) > 0)
        ++counts_.reports;
}

}  // namespace nk::load
