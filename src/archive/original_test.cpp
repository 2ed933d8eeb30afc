#include "archive/original.h"

#include <gtest/gtest.h>

namespace nk::archive {
namespace {

recording::RecordingFacts brought(const std::string& container, const std::string& codec) {
    recording::RecordingFacts facts;
    facts.brought.emplace();
    facts.brought->container = container;
    facts.audio.emplace();
    facts.tracks.emplace_back().codec = codec;
    return facts;
}

TEST(original, knows_what_browsers_play) {
    EXPECT_EQ(playable_of(brought("mov", "aac")), Playable::as_it_is);
    EXPECT_EQ(playable_of(brought("mov", "amr_nb")), Playable::decoded);
    EXPECT_EQ(playable_of(brought("ogg", "opus")), Playable::as_it_is);
    EXPECT_EQ(playable_of(brought("ogg", "speex")), Playable::decoded);
    EXPECT_EQ(playable_of(brought("wav", "pcm_s16le")), Playable::as_it_is);
    EXPECT_EQ(playable_of(brought("wav", "pcm_mulaw")), Playable::decoded);
    EXPECT_EQ(playable_of(brought("flac", "flac")), Playable::as_it_is);
    EXPECT_EQ(playable_of(brought("amr", "amr_nb")), Playable::decoded);
    EXPECT_EQ(playable_of(brought("asf", "wmav2")), Playable::decoded);
    EXPECT_EQ(playable_of(recording::RecordingFacts{}), Playable::decoded);
}

TEST(original, is_wrapped_anew_when_only_its_end_is_missing) {
    for (const char* codec : {"opus", "vorbis", "flac"}) {
        auto endless = brought("ogg", codec);
        endless.brought->has_end = false;
        EXPECT_EQ(playable_of(endless),
                  codec == std::string("flac") ? Playable::decoded : Playable::wrapped_anew);
    }
}

TEST(original, is_called_what_it_is) {
    EXPECT_EQ(media_type_of("mov", "aac"), "audio/mp4");
    EXPECT_EQ(media_type_of("amr", "amr_wb"), "audio/amr-wb");
    EXPECT_EQ(media_type_of("nothing", ""), "application/octet-stream");
}

}  // namespace
}  // namespace nk::archive
