// What the receive path pays per packet for finding the payload.

#include <benchmark/benchmark.h>

#include "wire/frame.h"
#include "wire/rtp.h"
#include "wire/testing_packets.h"

namespace {

using namespace nk::wire;
using namespace nk::wire::testing;

const Buffer rtp = Buffer{0x80, 8, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4} + Buffer(160, 0xd5);
const Buffer ip = ipv4(17, udp(10'000, 20'000, rtp));

void run(benchmark::State& state, const Buffer& packet) {
    for (auto unused : state) {
        nk::Bytes bytes = packet;
        benchmark::DoNotOptimize(bytes);
        auto frame = parse_frame(nk::LinkType::ethernet, bytes);
        benchmark::DoNotOptimize(frame);
    }
}

void ethernet_ipv4_udp(benchmark::State& state) {
    run(state, ethernet(0x0800, ip));
}
void vlan_ipv4_udp(benchmark::State& state) {
    run(state, ethernet(0x8100, tag(0x0800, ip)));
}
void ethernet_ipv6_udp(benchmark::State& state) {
    run(state, ethernet(0x86dd, ipv6(17, udp(10'000, 20'000, rtp))));
}
void erspan_2(benchmark::State& state) {
    run(state, ethernet(0x0800, ipv4(47, Buffer{0x10, 0, 0x88, 0xbe, 0, 0, 0, 1} + Buffer(8, 0x10) +
                                             ethernet(0x0800, ip))));
}
void kind_and_rtp(benchmark::State& state) {
    for (auto unused : state) {
        nk::Bytes bytes = rtp;
        benchmark::DoNotOptimize(bytes);
        auto kind = kind_of(bytes);
        auto packet = parse_rtp(bytes);
        benchmark::DoNotOptimize(kind);
        benchmark::DoNotOptimize(packet);
    }
}

BENCHMARK(ethernet_ipv4_udp);
BENCHMARK(vlan_ipv4_udp);
BENCHMARK(ethernet_ipv6_udp);
BENCHMARK(erspan_2);
BENCHMARK(kind_and_rtp);

}  // namespace
