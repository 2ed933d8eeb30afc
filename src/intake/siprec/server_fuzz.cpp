// Whatever comes by SIP and RTP, the door goes on: pieces of the input are messages, packets and
// time. A message may ask for the tag of the last answer with a placeholder, so that dialogs go on.

#include <cstdint>
#include <set>
#include <string>

#include "base/check.h"
#include "intake/siprec/server.h"

using namespace nk;

namespace {

class NoWorld : public siprec::Out,
                public siprec::MediaPorts,
                public call::Ear,
                public Random,
                public Clock {
public:
    bool send(const siprec::Peer&, std::string_view bytes) override {
        const auto parsed = wire::parse_sip(as_bytes(bytes));
        NK_CHECK(parsed);  // what we write can be read
        if (!parsed->is_request && !parsed->to_tag().empty())
            tag = std::string(parsed->to_tag());
        return true;
    }
    bool open(std::uint16_t port) override {
        NK_CHECK(open_ports.insert(port).second);
        return true;
    }
    void close(std::uint16_t port) override { NK_CHECK(open_ports.erase(port) == 1); }
    void read(std::uint16_t) override {}
    void send_rtcp(std::uint16_t, const Endpoint&, Bytes, bool) override {}
    void hears(call::Call& call, call::Track& track, const call::MediaPacket&) override {
        NK_CHECK(track.party < call.parties.size() && track.formats);
    }
    void learns(call::Call& call, call::Track& track, MonoTime) override {
        NK_CHECK(track.party < call.parties.size() && track.formats);
    }
    void tells(call::Call&, MonoTime) override {}
    void ends(call::Call& call, MonoTime) override {
        for (const auto& told : call.told)
            NK_CHECK(!told.party || *told.party < call.parties.size());
    }
    void passes(MonoTime) override {}
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out) {
            chance_ = chance_ * 6'364'136'223'846'793'005ULL + 1;
            byte = static_cast<std::uint8_t>(chance_ >> 56U);
        }
    }
    [[nodiscard]] MonoTime now() const override { return time; }
    [[nodiscard]] WallTime wall() const override { return WallTime{time.ns}; }

    std::set<std::uint16_t> open_ports;
    std::string tag;
    MonoTime time{1'000'000'000};

private:
    std::uint64_t chance_ = 1;
};

constexpr std::string_view tag_here = "$TAG";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    NoWorld world;
    siprec::ServerOptions options;
    options.calls_max = 8;
    options.first_port = 20'000;
    options.last_port = 20'063;
    siprec::Server server(world, world, world, world, world, options);
    const siprec::Peer peer{.flow = 1,
                            .remote = {*parse_ip("192.0.2.20"), 5060},
                            .local = {*parse_ip("192.0.2.10"), 5060}};
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    // Pieces are divided by a line of "%%" and what the piece is.
    for (int steps = 0; !rest.empty() && steps < 64; ++steps) {
        constexpr std::string_view seam = "\n%%";
        const auto end = std::min(rest.find(seam), rest.size());
        std::string piece(rest.substr(0, end));
        rest.remove_prefix(std::min(end + seam.size(), rest.size()));
        const char kind = piece.empty() ? 's' : piece.front();
        if (!piece.empty())
            piece.erase(0, 1);
        if (const auto at = piece.find(tag_here); at != std::string::npos)
            piece.replace(at, tag_here.size(), world.tag);
        switch (kind) {
            case 'm':
                server.on_media(static_cast<std::uint16_t>(20'000 + 2 * (steps % 32)),
                                {*parse_ip("192.0.2.20"), 30'000}, as_bytes(piece), world.time);
                break;
            case 't':
                world.time = world.time + seconds(static_cast<std::int64_t>(piece.size()));
                server.tick(world.time);
                break;
            default:
                server.on_sip(as_bytes(piece), peer, world.time);
        }
        world.time = world.time + milliseconds(20);
    }
    server.finish(world.time);
    NK_CHECK(world.open_ports.empty() && server.in_progress() == 0);
    return 0;
}
