#pragma once
// Joins the SIPREC door (intake/siprec) with this machine's sockets: messages and packets in,
// responses and reports out.

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/complaints.h"
#include "base/clock.h"
#include "call/ear.h"
#include "host/loop.h"
#include "host/media_sockets.h"
#include "host/sip_sockets.h"
#include "intake/siprec/arrivals.h"
#include "intake/siprec/server.h"
#include "wire/sip.h"

namespace nk::app {

struct SiprecOptions {
    host::SipSocketOptions sip;
    IpAddress media_bind;  // the address that the media ports are opened on
    siprec::ServerOptions server;
};

class SiprecDoor : private host::SipHandler,
                   private host::MediaHandler,
                   private siprec::Out,
                   private siprec::MediaPorts {
    struct Key {};  // only open has it

public:
    using Warn = std::function<void(const std::string&)>;
    static Result<std::unique_ptr<SiprecDoor>> open(host::Loop& loop, call::Ear& ear,
                                                    Random& random, const Clock& clock,
                                                    const SiprecOptions& options, Warn warn);
    SiprecDoor(Key key, const Clock& clock, const SiprecOptions& options, Warn warn);
    ~SiprecDoor() override;

    // Takes what has arrived on the next of the media ports, and does what is due. To be called
    // every limits::media_sweep_every.
    void sweep();
    // Every call ends here, and its client is told.
    void finish();
    Result<void> reload() { return sip_->reload(); }

    [[nodiscard]] siprec::Server& server() { return *server_; }
    [[nodiscard]] const std::vector<host::SipBound>& bound() const { return sip_->bound(); }
    [[nodiscard]] const host::MediaSockets& media() const { return media_; }
    [[nodiscard]] const host::SipSockets& sip() const { return *sip_; }

private:
    // SipHandler
    void on_datagram(const host::SipPath& path, Bytes datagram) override;
    void on_stream(const host::SipPath& path, Bytes piece) override;
    void on_closed(std::uint64_t flow) override;
    void on_trouble(const Endpoint& remote, const Error& why) override;
    // MediaHandler
    void on_packet(const host::MediaPacket& packet) override;
    void on_drop(const host::MediaDrop& drop) override;
    // siprec::Out
    bool send(const siprec::Peer& to, std::string_view bytes) override;
    // siprec::MediaPorts
    bool open(std::uint16_t port) override;
    void close(std::uint16_t port) override;
    void read(std::uint16_t port) override;
    void send_rtcp(std::uint16_t port, const Endpoint& to, Bytes packet, bool is_muxed) override;

    void sweep(std::size_t parts);
    using Knows = std::function<bool(const IpAddress&)>;
    // The same, and who is not known is named in the log.
    Knows naming_strangers(Knows knows, std::string becomes);

    const Clock& clock_;
    siprec::Arrivals arrivals_;
    Complaints complaints_;
    Complaints strangers_;  // of whom there may be many: they keep no other complaint away
    std::uint64_t refused_told_ = 0;
    host::MediaSockets media_;
    std::unique_ptr<host::SipSockets> sip_;
    std::unique_ptr<siprec::Server> server_;
    std::unordered_map<std::uint64_t, wire::SipStream> streams_;  // by flow
};

}  // namespace nk::app
