#include "sound/codec.h"

#include <array>

#include "base/limits.h"
#include "sound/detail/words.h"
#include "sound/frames.h"

namespace nk::sound {

namespace {

constexpr auto registered = std::to_array<std::string_view>({"PCMU",         "PCMA",
                                                             "G722",         "G723",
                                                             "G728",         "G729",
                                                             "G729D",        "G729E",
                                                             "GSM",          "GSM-EFR",
                                                             "iLBC",         "speex",
                                                             "opus",         "AMR",
                                                             "AMR-WB",       "AMR-WB+",
                                                             "EVS",          "G726-16",
                                                             "G726-24",      "G726-32",
                                                             "G726-40",      "AAL2-G726-16",
                                                             "AAL2-G726-24", "AAL2-G726-32",
                                                             "AAL2-G726-40", "DVI4",
                                                             "VDVI",         "L8",
                                                             "L16",          "L20",
                                                             "L24",          "LPC",
                                                             "QCELP",        "MPA",
                                                             "EVRC",         "EVRC0",
                                                             "EVRCB",        "EVRCWB",
                                                             "G7221",        "SILK",
                                                             "BV16",         "BV32",
                                                             "CN",           "red",
                                                             "rtx",          "telephone-event",
                                                             "tone"});

struct Alias {
    std::string_view seen, meant;
};
// Spellings that devices send and no registry knows.
constexpr auto aliases = std::to_array<Alias>({{"G729A", "G729"},
                                               {"G729B", "G729"},
                                               {"G729AB", "G729"},
                                               {"G723.1", "G723"},
                                               {"G7231", "G723"},
                                               {"G711U", "PCMU"},
                                               {"G711A", "PCMA"},
                                               {"G.711U", "PCMU"},
                                               {"G.711A", "PCMA"},
                                               {"G.722", "G722"},
                                               {"G.729", "G729"},
                                               {"G.729A", "G729"},
                                               {"AMRWB", "AMR-WB"}});

bool is_plausible_rate(std::uint32_t hz) {
    return hz >= limits::sample_rate_hz_min && hz <= limits::sample_rate_hz_max;
}

}  // namespace

std::string canonical_name(std::string_view encoding) {
    for (const auto name : registered)
        if (detail::same_word(name, encoding))
            return std::string(name);
    for (const auto& alias : aliases)
        if (detail::same_word(alias.seen, encoding))
            return std::string(alias.meant);
    return std::string(encoding);
}

std::uint32_t sample_rate_hz(const Codec& codec) {
    const std::string_view name = codec.name;
    if (name == "opus")
        return 48'000;  // RFC 7587 4.1: the clock, whatever the speech inside
    if (name == "G722" || name == "AMR-WB")
        return 16'000;
    if (name == "speex")  // RFC 5574 3.3 names these three
        return codec.clock_hz == 8'000 || codec.clock_hz == 16'000 || codec.clock_hz == 32'000
                   ? codec.clock_hz
                   : 0;
    if (name == "PCMU" || name == "PCMA" || name == "L16" || name == "DVI4")
        return is_plausible_rate(codec.clock_hz) ? codec.clock_hz : 0;
    const auto kind = frame_kind(codec);
    return kind == FrameKind::unknown ? 0 : 8'000;
}

}  // namespace nk::sound
