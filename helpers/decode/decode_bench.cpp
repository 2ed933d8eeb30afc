// Packets per second through the helper and back, pipe and all.

#include <benchmark/benchmark.h>

#include "host/child_process.h"
#include "sound/helper_decoder.h"

namespace {

using namespace nk;  // NOLINT(google-build-using-namespace)

void decodes(benchmark::State& state, const sound::Codec& codec, std::size_t payload_bytes) {
    sound::HelperDecoders maker([]() -> Result<std::unique_ptr<Pipe>> {
        return host::start_child(NK_BINARY_DIR "/naklank-decode", {});
    });
    auto decoder = maker.make(codec);
    if (!decoder)
        return state.SkipWithError(decoder.error().what.c_str());
    std::vector<std::uint8_t> payload(payload_bytes);
    sound::Samples out;
    std::uint8_t next = 0;
    for (auto _ : state) {
        for (auto& octet : payload)
            octet = static_cast<std::uint8_t>(next = static_cast<std::uint8_t>(next * 5 + 17));
        if (codec.name == "GSM")
            payload[0] |= 0xd0;
        out.clear();
        if (!(*decoder)->decode(payload, out))
            return state.SkipWithError("refused");
    }
    state.SetItemsProcessed(state.iterations());
}

}  // namespace

BENCHMARK_CAPTURE(decodes, g722, sound::Codec{"G722", 8'000, 1, ""}, 160)->UseRealTime();
BENCHMARK_CAPTURE(decodes, g729, sound::Codec{"G729", 8'000, 1, ""}, 20)->UseRealTime();
BENCHMARK_CAPTURE(decodes, gsm, sound::Codec{"GSM", 8'000, 1, ""}, 33)->UseRealTime();
BENCHMARK_CAPTURE(decodes, g726_32, sound::Codec{"G726-32", 8'000, 1, ""}, 80)->UseRealTime();
BENCHMARK_CAPTURE(decodes, ilbc, sound::Codec{"iLBC", 8'000, 1, "mode=20"}, 38)->UseRealTime();
