// What a master costs: CPU seconds and megabytes per hour of a call, two channels at 8 kHz.

#include <cmath>
#include <numbers>

#include <benchmark/benchmark.h>

#include "sound/flac.h"
#include "sound/g711.h"

namespace {

using namespace nk;  // NOLINT(google-build-using-namespace)

constexpr std::size_t rate_hz = 8'000;
constexpr std::size_t seconds_in = 60;

// Counts what would be written.
class NoFile : public File {
public:
    Result<void> write(Bytes bytes) override {
        bytes_written += bytes.size();
        return {};
    }
    Result<void> write_at(std::uint64_t, Bytes) override { return {}; }
    Result<std::size_t> read_at(std::uint64_t, std::span<std::uint8_t>) override { return 0; }
    Result<std::uint64_t> size() override { return bytes_written; }
    Result<void> sync() override { return {}; }
    std::uint64_t bytes_written = 0;
};

// Two that take turns, as mu-law leaves them; `silent` keeps the second one from speaking at all.
std::vector<std::int16_t> call(bool silent) {
    std::vector<std::int16_t> out;
    double phase = 0;
    std::uint32_t noise = 1;
    for (std::size_t i = 0; i < rate_hz * seconds_in; ++i) {
        const double t = static_cast<double>(i) / rate_hz;
        phase += 2 * std::numbers::pi * (130 + 50 * std::sin(2 * t)) / rate_hz;
        double voice = 0;
        for (int k = 1; k < 10; ++k)
            voice += std::sin(k * phase) / k;
        for (const int side : {0, 1}) {
            noise = noise * 1'664'525 + 1'013'904'223;
            const bool speaks = static_cast<int>(t / 3) % 2 == side;
            const double loud = speaks ? 6'000 * std::abs(std::sin(9 * t)) : 0;
            const auto sample =
                static_cast<std::int16_t>(loud * voice + static_cast<double>(noise >> 26));
            out.push_back(side == 1 && silent ? std::int16_t{0}
                                              : sound::ulaw_sample(sound::encode_ulaw(sample)));
        }
    }
    return out;
}

void writes_flac(benchmark::State& state) {
    const auto pcm = call(state.range(0) != 0);
    const sound::FlacOptions options{.block_frames = static_cast<std::uint32_t>(state.range(1)),
                                     .tag_room_bytes = 4'096};
    std::uint64_t bytes = 0;
    for (auto _ : state) {
        NoFile file;
        auto writer = sound::write_flac(file, {rate_hz, 2}, options);
        for (std::size_t at = 0; at < pcm.size(); at += 320)  // 20 ms at a time
            benchmark::DoNotOptimize((*writer)->write(std::span(pcm).subspan(at, 320)));
        benchmark::DoNotOptimize((*writer)->finish({}));
        bytes = file.bytes_written;
    }
    const auto hours = static_cast<double>(state.iterations()) * seconds_in / 3'600;
    state.counters["cpu_s_per_call_hour"] =
        benchmark::Counter(hours, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["MB_per_call_hour"] = static_cast<double>(bytes) * 3'600 / seconds_in / 1e6;
}

}  // namespace

BENCHMARK(writes_flac)
    ->ArgNames({"one_silent", "block"})
    ->ArgsProduct({{0, 1}, {0, 1'152, 4'096}})
    ->Unit(benchmark::kMillisecond);
