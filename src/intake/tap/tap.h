#pragma once
// The passive door: captured packets in, SIP to the book of calls, media to the calls they belong
// to.
//
// One strand. The tap owns nothing of a call; it knows flows, fragments and TCP connections, and
// asks the book.

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>

#include "base/meter.h"
#include "base/packet_source.h"
#include "call/book.h"
#include "intake/tap/capture_clock.h"
#include "intake/tap/flows.h"
#include "intake/tap/tls_flows.h"
#include "wire/fragments.h"
#include "wire/frame.h"
#include "wire/sip.h"
#include "wire/tcp_stream.h"

namespace nk::tap {

struct TapCounts {
    std::uint64_t packets = 0;
    std::uint64_t not_ip = 0;  // frames that carry no IP packet we read
    std::uint64_t media = 0;   // RTP packets handed to a call
    std::uint64_t sip = 0;
    std::uint64_t sip_refused = 0;  // looked like SIP and could not be read at all
    std::uint64_t rtcp = 0;
    std::uint64_t other_media = 0;    // of a call, but no sound: fax images, pictures
    std::uint64_t strays = 0;         // RTP-like packets that belong to no call
    std::uint64_t stray_flows = 0;    // flows of them that never proved to be telephony
    std::uint64_t after_calls = 0;    // RTP that went on after its call had ended
    std::uint64_t flows_refused = 0;  // packets of flows beyond limits::flows_max
    std::uint64_t cut_short = 0;      // packets of which the capture kept only the beginning
    std::uint64_t clock_leaps = 0;
    TlsCounts tls;
};

class Tap {
public:
    // With `keys`, which must outlive the tap, SIP is read in TLS too.
    explicit Tap(call::Book& book, Meter* meter = nullptr, wire::TlsKeys* keys = nullptr);
    // Packets in the order in which they came; many at once are quicker than one by one.
    void take(std::span<const CapturedPacket> packets);
    void take(const CapturedPacket& packet);
    // A live source is quiet; time goes on.
    void idle(WallTime wall);
    // The source has ended: what waits is decided, and every call in progress ends so.
    void finish(call::Ending ending);
    [[nodiscard]] TapCounts counts() const;
    [[nodiscard]] MonoTime now() const { return clock_.now(); }
    // The time of a moment about now, by the clock that stamps the packets.
    [[nodiscard]] MonoTime at(WallTime wall) const { return clock_.at(wall); }

private:
    struct TcpFlow {
        enum class Kind : std::uint8_t { unknown, plain, tls };
        Kind kind = Kind::unknown;
        wire::SipStream sip;
    };

    void take(const CapturedPacket& packet, const std::optional<wire::Frame>& frame);
    void on_frame(const wire::Frame& frame, MonoTime now, WallTime wall);
    void on_fragment(wire::Frame frame, MonoTime now, WallTime wall);
    void on_udp(const wire::Frame& frame, MonoTime now, WallTime wall);
    void on_tcp(std::span<const wire::TcpPiece> pieces, MonoTime now, WallTime wall);
    bool on_tls(TcpFlow& flow, const wire::TcpPiece& piece, MonoTime now, WallTime wall);
    void on_sip(Bytes bytes, MonoTime now, WallTime wall);
    void on_rtp(Flow& flow, const wire::Frame& frame, MonoTime now, WallTime wall);
    void on_keying(Flow& flow, wire::Kind kind, Bytes payload, MonoTime now);
    Flow* flow_of(const wire::Frame& frame, MonoTime now);
    void find_call(Flow& flow, MonoTime now);
    void on_stray(Flow& flow, const wire::Rtp& rtp, Bytes whole, MonoTime now, WallTime wall);
    void begin_bare_call(Flow& flow);
    void replay(Flow& flow);
    void house_keeping(MonoTime now);
    void forget(Flow& flow);

    call::Book& book_;
    Meter* meter_;
    CaptureClock clock_;
    WallTime last_wall_{};
    wire::FragmentTable fragments_;
    wire::TcpTable tcp_;
    std::unordered_map<std::uint64_t, TcpFlow> tcp_flows_;  // by the table's numbers
    std::optional<TlsFlows> tls_;
    Flows flows_;
    MonoTime last_sweep_{};
    MonoTime last_look_{};  // for keys of TLS
    MonoTime last_eviction_{};
    std::size_t stray_flows_ = 0;
    TapCounts counts_;
};

}  // namespace nk::tap
