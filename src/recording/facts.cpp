#include "recording/facts.h"

#include <array>
#include <utility>

namespace nk::recording {

bool is_unheard(const RecordingFacts& facts) {
    std::uint64_t received = 0;
    for (const auto& track : facts.tracks) {
        if (track.sound_from < track.sound_to)
            return false;
        received += track.packets.received;
    }
    return received > 0;
}

std::vector<std::string> keys_of_brought(const RecordingFacts& facts) {
    std::vector<std::string> keys;
    if (!facts.brought)
        return keys;
    // Without sound that can be read the original is the first of the further files.
    if (facts.audio)
        keys.push_back("file:" + facts.audio->sha256);
    else if (!facts.side_files.empty())
        keys.push_back("file:" + facts.side_files.front().sha256);
    if (!facts.brought->essence.empty())
        keys.push_back("sound:" + facts.brought->essence);
    return keys;
}

namespace {
constexpr std::array<std::pair<GapCause, std::string_view>, 11> causes{
    {{GapCause::not_begun, "not-begun"},
     {GapCause::loss, "loss"},
     {GapCause::silence, "silence"},
     {GapCause::hold, "hold"},
     {GapCause::paused, "paused"},
     {GapCause::key_press, "key-press"},
     {GapCause::undecodable, "undecodable"},
     {GapCause::dropped_by_us, "dropped-by-us"},
     {GapCause::withheld, "withheld"},
     {GapCause::clock_drift, "clock-drift"},
     {GapCause::ended, "ended"}}};
}

std::string_view name_of(GapCause cause) {
    for (const auto& [candidate, name] : causes)
        if (candidate == cause)
            return name;
    return {};
}

std::optional<GapCause> gap_cause_named(std::string_view name) {
    for (const auto& [candidate, text] : causes)
        if (text == name)
            return candidate;
    return std::nullopt;
}

}  // namespace nk::recording
