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
// What the usual browsers play of it.
enum class Playable {
    as_it_is,
    wrapped_anew,  // its own packets in another Ogg file: one that lacks its end is refused by some
    decoded,
};
Playable playable_of(const recording::RecordingFacts& facts);

}  // namespace nk::archive
