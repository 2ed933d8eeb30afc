// The ring is shared memory; a block is the kernel's or ours by its status word. A block is given
// back only when the packet after its last one is asked for, so that a packet stays valid until the
// next call.
//
// The kernel is asked what it dropped before each block is given back. As long as the ring is full
// it drops everything, so that nothing that comes after a drop is read before the drop is told; and
// when the ring was not full the last time, the drop is younger than the youngest packet in it.

#include "host/live_capture.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "host/descriptor.h"
#include "host/real_clock.h"

namespace nk::host {

namespace {

// A block that is not full is handed over after block_wait_ms, so at little traffic the ring lasts
// for blocks x block_wait_ms: many small blocks outlast a slow reader better than a few large ones.
constexpr std::size_t block_bytes = 256 * 1024;
constexpr std::size_t blocks_min = 8;
constexpr unsigned block_wait_ms = 50;
constexpr int poll_wait_ms = 100;
constexpr int snap_bytes = 262'144;  // more than any packet
constexpr std::size_t tag_bytes = 4;
constexpr std::size_t addresses_bytes = 12;  // of Ethernet, before the tag

tl::unexpected<Error> failed(const std::string& what, int why) {
    if (why == EPERM || why == EACCES)
        return refuse(Code::refused, Blame::owner,
                      what +
                          " is not permitted: run as root, or give the program the capability "
                          "CAP_NET_RAW");
    return refuse(Code::io, Blame::machine, what + " failed: " + strerrordesc_np(why));
}

std::string interface_names() {
    std::string out;
    struct if_nameindex* all = if_nameindex();
    if (all == nullptr)
        return out;
    for (const struct if_nameindex* one = all; one->if_name != nullptr; ++one)
        out += (out.empty() ? "" : ", ") + std::string(one->if_name);
    if_freenameindex(all);
    return out;
}

// The ring's memory, as long as it is mapped.
class Mapping {
public:
    Mapping() = default;
    Mapping(void* start, std::size_t size) : start_(start), size_(size) {}
    ~Mapping() {
        if (start_ != nullptr)
            munmap(start_, size_);
    }
    Mapping(Mapping&& other) noexcept
        : start_(std::exchange(other.start_, nullptr)), size_(other.size_) {}
    Mapping& operator=(Mapping&&) = delete;
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    [[nodiscard]] std::uint8_t* at(std::size_t offset) const {
        return static_cast<std::uint8_t*>(start_) + offset;
    }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    void* start_ = nullptr;
    std::size_t size_ = 0;
};

class LiveCapture : public PacketSource {
public:
    struct Parts {
        std::string name;
        unsigned index = 0;
        LinkType link = LinkType::ethernet;
        bool is_loopback = false;
    };
    LiveCapture(Parts parts, Descriptor socket, Mapping ring)
        : parts_(std::move(parts)), socket_(std::move(socket)), ring_(std::move(ring)) {}

    Result<Next> next(CapturedPacket& out) override {
        for (;;) {
            if (packets_left_ == 0) {
                ask_for_drops();
                give_block_back();
                if (drop_)
                    return Next::dropped;
                if (take_block())
                    continue;
                NK_TRY(wait());
                // Packets in a block that is not handed over yet are up to block_wait_ms older; who
                // keeps the capture's clock bears that (limits::clock_back).
                out.time = RealClock().wall();
                if (!is_ours(0))
                    return Next::idle;
                continue;
            }
            if (take_packet(out))
                return Next::packet;
        }
    }
    std::size_t more(std::span<CapturedPacket> out) override {
        std::size_t count = 0;
        while (count < out.size() && packets_left_ > 0)
            count += take_packet(out[count]) ? 1 : 0;
        return count;
    }
    [[nodiscard]] SourceCounts counts() const override {
        auto all = counts_;
        all.fill_percent_max = static_cast<unsigned>(100 * waiting_max_ / blocks());
        return all;
    }
    std::optional<SourceDrop> take_drop() override {
        ask_for_drops();
        return std::exchange(drop_, std::nullopt);
    }

private:
    [[nodiscard]] std::size_t blocks() const { return ring_.size() / block_bytes; }
    // The block that is read, or so many after it.
    [[nodiscard]] tpacket_block_desc* block(std::size_t ahead = 0) const {
        const std::size_t number = (block_ + ahead) % blocks();
        return reinterpret_cast<tpacket_block_desc*>(ring_.at(number * block_bytes));
    }
    // The kernel writes the status from another CPU; what lies behind it may be read after it.
    [[nodiscard]] std::atomic_ref<std::uint32_t> status(std::size_t ahead = 0) const {
        return std::atomic_ref<std::uint32_t>(block(ahead)->hdr.bh1.block_status);
    }
    [[nodiscard]] bool is_ours(std::size_t ahead) const {
        return (status(ahead).load(std::memory_order_acquire) & TP_STATUS_USER) != 0;
    }
    bool take_block() {
        if (!is_ours(0))
            return false;
        // The kernel fills the blocks in turn, so this looks at one of them as long as no more wait
        // than ever before.
        while (waiting_max_ < blocks() && is_ours(waiting_max_))
            ++waiting_max_;
        has_block_ = true;
        packets_left_ = block()->hdr.bh1.num_pkts;
        packet_ = ring_.at(block_ * block_bytes) + block()->hdr.bh1.offset_to_first_pkt;
        return true;
    }
    // The block's next packet; false when it is one that nobody wants. Requires: packets_left_ > 0.
    bool take_packet(CapturedPacket& out) {
        std::uint8_t* packet = packet_;
        const auto* header = reinterpret_cast<const tpacket3_hdr*>(packet);
        packet_ += header->tp_next_offset;
        --packets_left_;
        if (!is_wanted(packet))
            return false;
        fill(out, packet);
        ++counts_.received;
        return true;
    }
    void give_block_back() {
        if (!has_block_)
            return;
        status().store(TP_STATUS_KERNEL, std::memory_order_release);
        has_block_ = false;
        block_ = (block_ + 1) % blocks();
    }
    Result<void> wait() const;
    [[nodiscard]] bool is_wanted(const std::uint8_t* packet) const {
        if (!parts_.is_loopback)
            return true;
        // What is sent to oneself comes by twice: going out, and coming in.
        const auto* from =
            reinterpret_cast<const sockaddr_ll*>(packet + TPACKET_ALIGN(sizeof(tpacket3_hdr)));
        return from->sll_pkttype != PACKET_OUTGOING;
    }
    void fill(CapturedPacket& out, std::uint8_t* packet) const;
    void ask_for_drops();

    Parts parts_;
    Descriptor socket_;
    Mapping ring_;
    std::size_t block_ = 0;
    std::size_t waiting_max_ = 0;  // blocks that were ours at once
    bool has_block_ = false;
    std::uint8_t* packet_ = nullptr;
    std::uint32_t packets_left_ = 0;
    SourceCounts counts_;  // the kernel forgets its count when it is read, so ours grows
    WallTime asked_ = RealClock().wall();
    bool was_full_ = false;  // the ring, when the kernel was last asked
    std::optional<SourceDrop> drop_;
};

Result<void> LiveCapture::wait() const {
    pollfd ask{.fd = socket_.number(), .events = POLLIN, .revents = 0};
    if (poll(&ask, 1, poll_wait_ms) < 0 && errno != EINTR)
        return failed("waiting for packets on " + parts_.name, errno);
    if ((ask.revents & (POLLERR | POLLNVAL)) == 0)
        return {};
    int why = 0;
    socklen_t size = sizeof why;
    getsockopt(socket_.number(), SOL_SOCKET, SO_ERROR, &why, &size);
    // An interface that is down comes up again; one that is gone does not.
    if (if_nametoindex(parts_.name.c_str()) != parts_.index)
        return refuse(Code::not_found, Blame::machine, "the interface " + parts_.name + " is gone");
    if (why != 0 && why != ENETDOWN)
        return failed("receiving on " + parts_.name, why);
    return {};
}

void LiveCapture::fill(CapturedPacket& out, std::uint8_t* packet) const {
    const auto* header = reinterpret_cast<const tpacket3_hdr*>(packet);
    std::uint8_t* bytes = packet + header->tp_mac;
    std::size_t length = header->tp_snaplen;
    std::size_t wire_length = header->tp_len;
    if ((header->tp_status & TP_STATUS_VLAN_VALID) != 0 && length >= addresses_bytes &&
        parts_.link == LinkType::ethernet) {
        // PACKET_RESERVE left room for the tag before the packet.
        const bool has_type = (header->tp_status & TP_STATUS_VLAN_TPID_VALID) != 0;
        bytes -= tag_bytes;
        std::memmove(bytes, bytes + tag_bytes, addresses_bytes);
        put_be16(bytes + addresses_bytes,
                 has_type ? header->hv1.tp_vlan_tpid : std::uint16_t{ETH_P_8021Q});
        put_be16(bytes + addresses_bytes + 2, static_cast<std::uint16_t>(header->hv1.tp_vlan_tci));
        length += tag_bytes;
        wire_length += tag_bytes;
    }
    out.time = {std::int64_t{header->tp_sec} * 1'000'000'000 + header->tp_nsec};
    out.bytes = Bytes(bytes, length);
    out.wire_bytes = static_cast<std::uint32_t>(wire_length);
    out.link = parts_.link;
}

void LiveCapture::ask_for_drops() {
    tpacket_stats_v3 told{};
    socklen_t size = sizeof told;
    if (getsockopt(socket_.number(), SOL_PACKET, PACKET_STATISTICS, &told, &size) != 0)
        return;
    WallTime from = std::exchange(asked_, RealClock().wall());
    // Blocks are filled in their order: the one before ours, or before the one that we wait for, is
    // the last that there is room in.
    const std::size_t last = blocks() - 1;
    const bool is_full = is_ours(last);
    if (!std::exchange(was_full_, is_full) && is_full) {
        const auto& youngest = block(last)->hdr.bh1.ts_last_pkt;
        from = std::max(from, {std::int64_t{youngest.ts_sec} * 1'000'000'000 + youngest.ts_nsec});
    }
    if (told.tp_drops == 0)
        return;
    counts_.dropped_by_us += told.tp_drops;
    if (!drop_)
        drop_ = SourceDrop{from, asked_, 0};
    drop_->packets += told.tp_drops;
    drop_->to = asked_;
    drop_->from = std::min(drop_->from, drop_->to);  // whatever the clock on the wall did
}

Result<LiveCapture::Parts> look_at(const std::string& name) {
    LiveCapture::Parts out{.name = name, .index = if_nametoindex(name.c_str())};
    if (out.index == 0 || name.size() >= IFNAMSIZ)
        return refuse(Code::not_found, Blame::owner,
                      "there is no interface " + name + "; there are: " + interface_names());
    const Descriptor any(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq ask{};
    std::copy(name.begin(), name.end(), ask.ifr_name);
    if (!any.is_open() || ioctl(any.number(), SIOCGIFHWADDR, &ask) != 0)
        return failed("looking at the interface " + name, errno);
    switch (ask.ifr_hwaddr.sa_family) {
        case ARPHRD_ETHER:
            break;
        case ARPHRD_LOOPBACK:
            out.is_loopback = true;
            break;
        default:
            // Whatever comes before IP is taken off by the kernel (SOCK_DGRAM, packet(7)).
            out.link = LinkType::raw;
    }
    return out;
}

struct ClosePcap {
    void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};
struct FreeProgram {
    void operator()(bpf_program* program) const { pcap_freecode(program); }
};

Result<void> attach_filter(int socket, LinkType link, const std::string& filter) {
    if (filter.empty())
        return {};
    const std::unique_ptr<pcap_t, ClosePcap> pcap(
        pcap_open_dead(link == LinkType::raw ? DLT_RAW : DLT_EN10MB, snap_bytes));
    if (!pcap)
        return refuse(Code::io, Blame::machine, "there is no memory to read the filter");
    bpf_program compiled{};
    if (pcap_compile(pcap.get(), &compiled, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
        return refuse(
            Code::malformed, Blame::owner,
            "the filter \"" + filter + "\" is not understood: " + pcap_geterr(pcap.get()));
    const std::unique_ptr<bpf_program, FreeProgram> free_at_end(&compiled);
    static_assert(sizeof(bpf_insn) == sizeof(sock_filter));
    const sock_fprog program{.len = static_cast<unsigned short>(compiled.bf_len),
                             .filter = reinterpret_cast<sock_filter*>(compiled.bf_insns)};
    if (setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
        return failed("giving the filter \"" + filter + "\" to the kernel", errno);
    return {};
}

Result<Mapping> make_ring(int socket, std::size_t ring_bytes) {
    const int version = TPACKET_V3;
    const unsigned room_for_tag = tag_bytes;
    if (setsockopt(socket, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0 ||
        setsockopt(socket, SOL_PACKET, PACKET_RESERVE, &room_for_tag, sizeof room_for_tag) != 0)
        return failed("choosing the kind of ring", errno);
    const std::size_t blocks = std::max(blocks_min, ring_bytes / block_bytes);
    tpacket_req3 ask{};
    ask.tp_block_size = block_bytes;
    ask.tp_block_nr = static_cast<unsigned>(blocks);
    ask.tp_frame_size = TPACKET_ALIGNMENT << 7;  // only has to fit: V3 packs packets closely
    ask.tp_frame_nr = static_cast<unsigned>(blocks * block_bytes / ask.tp_frame_size);
    ask.tp_retire_blk_tov = block_wait_ms;
    if (setsockopt(socket, SOL_PACKET, PACKET_RX_RING, &ask, sizeof ask) != 0)
        return failed(
            "making a ring of " + std::to_string(blocks * block_bytes / 1024) + " KiB for packets",
            errno);
    const std::size_t size = blocks * block_bytes;
    void* start = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, socket, 0);
    if (start == MAP_FAILED)
        return failed("mapping the ring", errno);
    return Mapping(start, size);
}

}  // namespace

Result<std::unique_ptr<PacketSource>> open_live(const LiveOptions& options) {
    NK_TAKE(auto parts, look_at(options.interface));
    // Protocol 0 receives nothing until bind, so that no packet comes in past the filter.
    const int kind = parts.link == LinkType::raw ? SOCK_DGRAM : SOCK_RAW;
    Descriptor socket(::socket(AF_PACKET, kind | SOCK_CLOEXEC, 0));
    if (!socket.is_open())
        return failed("capturing packets on " + options.interface, errno);
    NK_TRY(attach_filter(socket.number(), parts.link, options.filter));
    NK_TAKE(auto ring, make_ring(socket.number(), options.ring_bytes));
    packet_mreq promiscuous{};
    promiscuous.mr_ifindex = static_cast<int>(parts.index);
    promiscuous.mr_type = PACKET_MR_PROMISC;
    if (setsockopt(socket.number(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous,
                   sizeof promiscuous) != 0)
        return failed("listening to everything on " + options.interface, errno);
    sockaddr_ll where{};
    where.sll_family = AF_PACKET;
    where.sll_protocol = htons(ETH_P_ALL);
    where.sll_ifindex = static_cast<int>(parts.index);
    if (bind(socket.number(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
        return failed("binding to " + options.interface, errno);
    return std::make_unique<LiveCapture>(std::move(parts), std::move(socket), std::move(ring));
}

}  // namespace nk::host
