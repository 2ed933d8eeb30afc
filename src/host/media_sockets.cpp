#include "host/media_sockets.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include "base/check.h"
#include "base/limits.h"
#include "host/descriptor.h"
#include "host/socket_address.h"

namespace nk::host {

namespace {

constexpr std::size_t udp_bytes_max = 65'535;  // with its header: no packet is longer
// A packet begins a page and a line after the one before it, so that short ones, which are nearly
// all, do not fall into the same lines of the cache. Pages that no packet reaches cost nothing.
constexpr std::size_t stride_bytes = 65'536 + 4'096 + 64;
// What had more than this may have filled the socket's buffer, and dropped after its last packet.
constexpr std::size_t much_bytes = 16 * 1024;

struct Control {
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(timespec)) +
                                                  CMSG_SPACE(sizeof(std::uint32_t))> bytes{};
};

bool set(int socket, int level, int option, int value) {
    return setsockopt(socket, level, option, &value, sizeof value) == 0;
}

Result<Descriptor> bind_one(const IpAddress& local, std::uint16_t port) {
    const bool is_wild = local.is_unspecified();
    int family = is_wild || !local.is_v4() ? AF_INET6 : AF_INET;
    const Endpoint where{is_wild ? IpAddress{} : local, port};
    const auto what = "opening the media port " + where.text();
    Descriptor out(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!out.is_open() && errno == EAFNOSUPPORT && is_wild) {  // a machine without IPv6
        family = AF_INET;
        out = Descriptor(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    }
    if (!out.is_open())
        return socket_error(what, errno);
    const int fd = out.number();
    if (family == AF_INET6 && !set(fd, IPPROTO_IPV6, IPV6_V6ONLY, is_wild ? 0 : 1))
        return socket_error(what, errno);
    // Before bind: the first packet has its time as well.
    if (!set(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1) || !set(fd, SOL_SOCKET, SO_RXQ_OVFL, 1))
        return socket_error(what, errno);
    // Past net.core.rmem_max only with CAP_NET_ADMIN; without it as much as there may be.
    if (!set(fd, SOL_SOCKET, SO_RCVBUFFORCE, limits::media_receive_buffer_bytes))
        set(fd, SOL_SOCKET, SO_RCVBUF, limits::media_receive_buffer_bytes);
    const auto address = to_socket_address(where, family);
    if (bind(fd, address.get(), address.size) != 0)
        return socket_error(what, errno);
    return out;
}

}  // namespace

struct MediaSockets::Socket {
    Descriptor descriptor{};
    bool is_rtp = true;
    int family = AF_INET6;
    std::uint32_t dropped = 0;  // the kernel's count, which wraps
    WallTime swept{};
    MonoTime empty{};
};

struct MediaSockets::Pair {
    std::uint16_t rtp_port = 0;
    Socket rtp{};
    Socket rtcp{};
    std::size_t place = 0;  // in order_
    bool is_open = true;
};

// Room for the packets of one read.
class MediaSockets::Batch {
public:
    Batch() : bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(count * stride_bytes)) {
        for (std::size_t i = 0; i < count; ++i) {
            parts_[i] = {.iov_base = start(i), .iov_len = udp_bytes_max};
            auto& header = messages_[i].msg_hdr;
            header.msg_name = &from_[i];
            header.msg_iov = &parts_[i];
            header.msg_iovlen = 1;
            header.msg_control = controls_[i].bytes.data();
            reset(i);
        }
    }
    // How many packets came; fewer than `count` when there are no more.
    std::size_t receive(int socket) {
        for (std::size_t i = 0; i < used_; ++i)
            reset(i);
        used_ = 0;
        int got = 0;
        do {
            got = recvmmsg(socket, messages_.data(), count, MSG_DONTWAIT, nullptr);
        } while (got < 0 && errno == EINTR);
        used_ = got < 0 ? 0 : static_cast<std::size_t>(got);
        return used_;
    }
    struct Packet {
        Bytes bytes;
        Endpoint from;
        WallTime arrival;
        std::uint32_t dropped = 0;  // on this socket up to this packet; 0 also for "not said"
        bool is_cut = false;
    };
    [[nodiscard]] Packet packet(std::size_t i) {
        auto& message = messages_[i];
        Packet out{.bytes = {start(i), std::min<std::size_t>(message.msg_len, udp_bytes_max)},
                   .from = from_socket_address(from_[i]),
                   .arrival = {},
                   .is_cut = (message.msg_hdr.msg_flags & MSG_TRUNC) != 0};
        for (cmsghdr* c = CMSG_FIRSTHDR(&message.msg_hdr); c != nullptr;
             c = CMSG_NXTHDR(&message.msg_hdr, c)) {
            if (c->cmsg_level != SOL_SOCKET)
                continue;
            if (c->cmsg_type == SCM_TIMESTAMPNS) {
                timespec t{};
                std::memcpy(&t, CMSG_DATA(c), sizeof t);
                out.arrival = {std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec};
            } else if (c->cmsg_type == SO_RXQ_OVFL) {
                std::memcpy(&out.dropped, CMSG_DATA(c), sizeof out.dropped);
            }
        }
        return out;
    }

    static constexpr std::size_t count = limits::media_packets_per_read;

private:
    [[nodiscard]] std::uint8_t* start(std::size_t i) const {
        return bytes_.get() + i * stride_bytes;
    }
    void reset(std::size_t i) {
        messages_[i].msg_hdr.msg_namelen = sizeof from_[i];
        messages_[i].msg_hdr.msg_controllen = sizeof controls_[i].bytes;
    }

    std::unique_ptr<std::uint8_t[]> bytes_;
    std::array<mmsghdr, count> messages_{};
    std::array<iovec, count> parts_{};
    std::array<sockaddr_storage, count> from_{};
    std::array<Control, count> controls_{};
    std::size_t used_ = 0;
};

MediaSockets::MediaSockets(const IpAddress& local, const Clock& clock)
    : local_(local),
      clock_(clock),
      by_port_(32'768),
      batch_(std::make_unique<Batch>()),
      rtcp_swept_(clock.now()) {
    // Linux begins to note times some moments after the first socket asks for them, and stops with
    // the last: this one asks as long as we live, so that a call's first packets have theirs.
    keeps_noting_ = Descriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (keeps_noting_.is_open())
        set(keeps_noting_.number(), SOL_SOCKET, SO_TIMESTAMPNS, 1);
}

MediaSockets::~MediaSockets() = default;

Result<std::unique_ptr<MediaSockets::Pair>> MediaSockets::bind_pair(std::uint16_t rtp_port) const {
    NK_TAKE(auto rtp, bind_one(local_, rtp_port));
    const auto bound = bound_endpoint(rtp.number());
    if (bound.port % 2 != 0)
        return refuse(Code::busy, Blame::machine, "the kernel gave an odd media port");
    NK_TAKE(auto rtcp, bind_one(local_, static_cast<std::uint16_t>(bound.port + 1)));
    sockaddr_storage family{};
    socklen_t size = sizeof family;
    getsockname(rtp.number(), reinterpret_cast<sockaddr*>(&family), &size);
    auto out = std::make_unique<Pair>();
    out->rtp_port = bound.port;
    out->rtp.descriptor = std::move(rtp);
    out->rtcp.descriptor = std::move(rtcp);
    out->rtcp.is_rtp = false;
    out->rtp.family = out->rtcp.family = family.ss_family;
    out->rtp.swept = out->rtcp.swept = clock_.wall();
    out->rtp.empty = out->rtcp.empty = clock_.now();
    return out;
}

Result<std::uint16_t> MediaSockets::open(std::uint16_t rtp_port) {
    if (rtp_port % 2 != 0)
        return refuse(
            Code::malformed, Blame::ourselves,
            "the media port " + std::to_string(rtp_port) + " is odd; RTP takes even ones");
    auto pair = bind_pair(rtp_port);
    for (std::size_t i = 0; rtp_port == 0 && !pair && pair.error().code == Code::busy &&
                            i < limits::media_free_pair_tries;
         ++i)
        pair = bind_pair(0);
    if (!pair)
        return tl::unexpected<Error>(std::move(pair.error()));
    const std::uint16_t port = (*pair)->rtp_port;
    (*pair)->place = order_.size();
    order_.push_back(pair->get());
    by_port_[port / 2] = *std::move(pair);
    ++open_;
    return port;
}

void MediaSockets::close(std::uint16_t rtp_port) {
    Pair* pair = find(rtp_port);
    if (pair == nullptr)
        return;
    --open_;
    pair->is_open = false;
    pair->rtp.descriptor = Descriptor();
    pair->rtcp.descriptor = Descriptor();
    if (is_sweeping_) {
        order_[pair->place] = nullptr;
        closed_.push_back(std::move(by_port_[rtp_port / 2]));
        return;
    }
    order_.back()->place = pair->place;
    order_[pair->place] = order_.back();
    order_.pop_back();
    by_port_[rtp_port / 2].reset();
}

bool MediaSockets::is_open(std::uint16_t rtp_port) const {
    return find(rtp_port) != nullptr;
}

bool MediaSockets::send_rtcp(std::uint16_t rtp_port, const Endpoint& to, Bytes packet,
                             bool is_muxed) {
    const Pair* pair = find(rtp_port);
    if (pair == nullptr)
        return false;
    const Socket& socket = is_muxed ? pair->rtp : pair->rtcp;
    const auto address = to_socket_address(to, socket.family);
    const bool is_other_family = socket.family == AF_INET && !to.ip.is_v4();
    if (is_other_family || sendto(socket.descriptor.number(), packet.data(), packet.size(),
                                  MSG_DONTWAIT | MSG_NOSIGNAL, address.get(), address.size) < 0) {
        ++counts_.unsent;
        return false;
    }
    return true;
}

void MediaSockets::sweep(MediaHandler& handler, std::size_t parts) {
    begin_sweep();
    if (next_ >= std::min(round_, order_.size()) || parts == 1)
        begin_round();
    const std::size_t part = (round_ + parts - 1) / parts;
    const std::size_t end = std::min({next_ + part, round_, order_.size()});
    for (; next_ < end; ++next_) {
        if (next_ + 1 < end)  // comes out of memory while the kernel works
            __builtin_prefetch(order_[next_ + 1]);
        Pair* pair = order_[next_];
        if (pair == nullptr)
            continue;
        read(*pair, pair->rtp, handler);
        if (is_rtcp_due_ && pair->is_open)
            read(*pair, pair->rtcp, handler);
    }
    end_sweep();
}

// What is opened meanwhile comes last and waits for the next round: else a round in which new ones
// come faster than a part is read would never end.
void MediaSockets::begin_round() {
    next_ = 0;
    round_ = order_.size();
    const MonoTime now = clock_.now();
    is_rtcp_due_ = now - rtcp_swept_ >= limits::rtcp_sweep_every || now < rtcp_swept_;
    if (is_rtcp_due_)
        rtcp_swept_ = now;
}

void MediaSockets::sweep_port(std::uint16_t rtp_port, MediaHandler& handler) {
    Pair* pair = find(rtp_port);
    if (pair == nullptr)
        return;
    begin_sweep();
    read(*pair, pair->rtp, handler);
    if (pair->is_open)
        read(*pair, pair->rtcp, handler);
    end_sweep();
}

void MediaSockets::begin_sweep() {
    NK_CHECK(!is_sweeping_);
    is_sweeping_ = true;
    now_ = clock_.wall();
    mono_ = clock_.now();
}

void MediaSockets::end_sweep() {
    is_sweeping_ = false;
    if (closed_.empty())
        return;
    std::erase(order_, nullptr);
    for (std::size_t i = 0; i < order_.size(); ++i)
        order_[i]->place = i;
    closed_.clear();
}

void MediaSockets::read(Pair& pair, Socket& socket, MediaHandler& handler) {
    std::size_t bytes = 0;
    std::size_t reads = 0;
    bool is_empty = true;
    for (std::size_t got = Batch::count; got == Batch::count; ++reads) {
        if (reads == limits::media_reads_per_sweep) {
            ++counts_.unfinished;
            is_empty = false;
            break;
        }
        got = batch_->receive(socket.descriptor.number());
        for (std::size_t i = 0; i < got; ++i) {
            const auto packet = batch_->packet(i);
            bytes += packet.bytes.size();
            if (packet.dropped != 0) {
                note_drops(pair, socket, packet.dropped, handler);
                if (!pair.is_open)
                    return;
            }
            ++(socket.is_rtp ? counts_.rtp : counts_.rtcp);
            counts_.cut += packet.is_cut ? 1 : 0;
            handler.on_packet({.rtp_port = pair.rtp_port,
                               .is_rtp = socket.is_rtp,
                               .is_cut = packet.is_cut,
                               .from = packet.from,
                               .arrival = packet.arrival.ns != 0 ? packet.arrival : now_,
                               .empty = socket.empty,
                               .bytes = packet.bytes});
            if (!pair.is_open)
                return;
        }
    }
    // A packet tells what was dropped before it. After the last one nobody tells; we ask, where so
    // much came that there may be something to tell.
    if (reads > 1 || bytes > much_bytes) {
        std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
        socklen_t size = sizeof memory;
        if (getsockopt(socket.descriptor.number(), SOL_SOCKET, SO_MEMINFO, memory.data(), &size) ==
            0)
            note_drops(pair, socket, memory[SK_MEMINFO_DROPS], handler);
    }
    socket.swept = now_;
    if (is_empty)
        socket.empty = mono_;
}

void MediaSockets::note_drops(const Pair& pair, Socket& socket, std::uint32_t dropped,
                              MediaHandler& handler) {
    const std::uint32_t more = dropped - socket.dropped;
    if (more == 0)
        return;
    socket.dropped = dropped;
    counts_.dropped += more;
    const WallTime to = clock_.wall();
    const WallTime from = std::min(socket.swept, to);  // whatever the clock on the wall did
    handler.on_drop({.rtp_port = pair.rtp_port,
                     .is_rtp = socket.is_rtp,
                     .packets = more,
                     .from = from,
                     .to = to,
                     .empty = socket.empty});
}

}  // namespace nk::host
