#include "archive/original.h"

#include <array>
#include <utility>

namespace nk::archive {

std::optional<recording::SideFile> original_of(const recording::RecordingFacts& facts) {
    if (!facts.brought)
        return std::nullopt;
    if (facts.audio) {
        const auto& audio = *facts.audio;
        const auto codec = facts.tracks.empty() ? std::string() : facts.tracks.front().codec;
        return recording::SideFile{audio.file, media_type_of(audio.format, codec), audio.bytes,
                                   audio.sha256, audio.sha512};
    }
    for (const auto& file : facts.side_files)
        if (file.file.starts_with("original."))
            return file;
    return std::nullopt;
}

std::string media_type_of(std::string_view container, std::string_view codec) {
    constexpr auto types =
        std::to_array<std::pair<std::string_view, std::string_view>>({{"mov", "audio/mp4"},
                                                                      {"mp3", "audio/mpeg"},
                                                                      {"ogg", "audio/ogg"},
                                                                      {"wav", "audio/wav"},
                                                                      {"flac", "audio/flac"},
                                                                      {"aac", "audio/aac"},
                                                                      {"amr", "audio/amr"},
                                                                      {"matroska", "audio/webm"},
                                                                      {"asf", "audio/x-ms-wma"},
                                                                      {"aiff", "audio/aiff"},
                                                                      {"caf", "audio/x-caf"},
                                                                      {"gsm", "audio/x-gsm"}});
    if (container == "amr" && codec == "amr_wb")
        return "audio/amr-wb";
    for (const auto& [name, type] : types)
        if (name == container)
            return std::string(type);
    return "application/octet-stream";
}

Playable playable_of(const recording::RecordingFacts& facts) {
    if (!is_original(facts) || facts.tracks.empty())
        return Playable::decoded;
    const std::string_view container = facts.brought->container;
    const std::string_view codec = facts.tracks.front().codec;
    const bool is_opus_or_vorbis = codec == "opus" || codec == "vorbis";
    if (container == "ogg" && is_opus_or_vorbis && !facts.brought->has_end)
        return Playable::wrapped_anew;
    const bool is_played =
        container == "mov"        ? codec == "aac" || codec == "mp3"
        : container == "ogg"      ? is_opus_or_vorbis || (codec == "flac" && facts.brought->has_end)
        : container == "matroska" ? is_opus_or_vorbis
        : container == "wav" ? codec == "pcm_s16le" || codec == "pcm_u8" || codec == "pcm_f32le"
        : container == "aac" ? codec == "aac"
                             : container == "mp3" || container == "flac";
    return is_played ? Playable::as_it_is : Playable::decoded;
}

}  // namespace nk::archive
