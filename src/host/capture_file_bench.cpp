// What reading a capture costs per packet: 200,000 packets of 214 bytes, from memory.

#include <cstring>
#include <vector>

#include <benchmark/benchmark.h>

#include "host/capture_file.h"

namespace {

constexpr std::uint32_t packets = 200'000;

std::vector<std::uint8_t> capture() {
    std::vector<std::uint8_t> out;
    const auto put = [&](std::uint32_t v) {
        const auto* p = reinterpret_cast<const std::uint8_t*>(&v);
        out.insert(out.end(), p, p + 4);
    };
    for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 65'535U, 1U})
        put(word);
    for (std::uint32_t i = 0; i < packets; ++i) {
        for (const std::uint32_t word : {1'000 + i / 50, i % 50 * 20'000, 214U, 214U})
            put(word);
        out.insert(out.end(), 214, static_cast<std::uint8_t>(i));
    }
    return out;
}

void read_pcap(benchmark::State& state) {
    const auto bytes = capture();
    for (auto unused : state) {
        const auto source = nk::host::open_capture_bytes(bytes, "bench");
        nk::CapturedPacket packet;
        while ((*source)->next(packet) == nk::PacketSource::Next::packet)
            benchmark::DoNotOptimize(packet);
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t{packets});
}

BENCHMARK(read_pcap)->Unit(benchmark::kMillisecond);

}  // namespace
