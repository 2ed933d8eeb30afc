// What a sweep over 2,000 pairs costs: with one packet in each socket, and with none.

#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <sys/socket.h>

#include "host/descriptor.h"
#include "host/media_sockets.h"
#include "host/process_limits.h"
#include "host/real_clock.h"
#include "host/socket_address.h"

namespace {

using namespace nk;

constexpr std::size_t pairs = 2'000;

class Count : public host::MediaHandler {
public:
    void on_packet(const host::MediaPacket& packet) override {
        bytes += packet.bytes.size();
        ++packets;
    }
    void on_drop(const host::MediaDrop&) override {}
    std::size_t packets = 0;
    std::size_t bytes = 0;
};

void sweep_media(benchmark::State& state) {
    const auto per_socket = static_cast<std::size_t>(state.range(0));
    host::raise_file_limit();
    const IpAddress loopback = *parse_ip("127.0.0.1");
    const host::RealClock clock;
    host::MediaSockets sockets(loopback, clock);
    std::vector<std::uint16_t> ports;
    for (std::size_t i = 0; i < pairs; ++i) {
        const auto port = sockets.open(0);
        if (!port) {
            state.SkipWithError(port.error().what.c_str());
            return;
        }
        ports.push_back(*port);
    }
    const host::Descriptor sender(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const std::vector<std::uint8_t> packet(172);  // 20 ms of G.711
    Count heard;
    for (auto unused : state) {
        state.PauseTiming();
        for (std::size_t i = 0; i < per_socket; ++i)
            for (const auto port : ports) {
                const auto to = host::to_socket_address({loopback, port}, AF_INET);
                sendto(sender.number(), packet.data(), packet.size(), 0, to.get(), to.size);
            }
        state.ResumeTiming();
        sockets.sweep(heard);
    }
    state.counters["packets"] = static_cast<double>(heard.packets);
    if (heard.packets != 0)
        state.counters["per packet"] =
            benchmark::Counter(static_cast<double>(heard.packets),
                               benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK(sweep_media)->Arg(0)->Arg(1)->Arg(2)->Arg(5)->Unit(benchmark::kMicrosecond);

}  // namespace
