#pragma once
// The sound of a recording that was brought is a file of somebody else's making: what it is called
// to a browser, and whether one plays it as it is. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "recording/facts.h"

namespace nk::archive {

// Its sound is no FLAC of ours.
inline bool is_original(const recording::RecordingFacts& facts) {
    return facts.brought.has_value() && facts.audio.has_value();
}
// The file that was brought, whether or not its sound can be read; nullopt when it is none.
std::optional<recording::SideFile> original_of(const recording::RecordingFacts& facts);
// As a browser is told: "audio/mp4".
std::string media_type_of(std::string_view container, std::string_view codec);
// Whether the usual browsers play it as it is. An Ogg file that does not say where it ends is
// refused by some.
bool plays_in_browsers(const recording::RecordingFacts& facts);

}  // namespace nk::archive
