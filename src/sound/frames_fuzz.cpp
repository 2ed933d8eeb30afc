// Any bytes as a payload of any codec: the first octet chooses the codec, the rest is the payload.

#include <array>
#include <cstdlib>

#include "sound/frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using nk::sound::Codec;
    static const auto codecs = std::to_array<Codec>({{"G729", 8'000, 1, ""},
                                                     {"G723", 8'000, 1, ""},
                                                     {"GSM", 8'000, 1, ""},
                                                     {"iLBC", 8'000, 1, "mode=20"},
                                                     {"AMR", 8'000, 1, ""},
                                                     {"AMR", 8'000, 1, "octet-align=1"},
                                                     {"AMR-WB", 16'000, 1, ""},
                                                     {"AMR-WB", 16'000, 1, "octet-align=1"},
                                                     {"opus", 48'000, 2, ""},
                                                     {"DVI4", 8'000, 1, ""},
                                                     {"L16", 8'000, 2, ""},
                                                     {"G726-24", 8'000, 1, ""}});
    if (size == 0)
        return 0;
    const auto& codec = codecs[data[0] % codecs.size()];
    const nk::Bytes payload(data + 1, size - 1);
    const auto ticks = nk::sound::payload_ticks(codec, payload);
    if (ticks != 0 && !nk::sound::payload_fits(codec, payload) && codec.name != "GSM" &&
        codec.name != "L16")
        std::abort();  // it cannot last a while and be none of its codec's
    (void)nk::sound::payload_is_silence(codec, payload);
    if (auto decoder = nk::sound::OwnDecoders().make(codec)) {
        nk::sound::Samples out;
        (void)(*decoder)->decode(payload, out);
    }
    return 0;
}
