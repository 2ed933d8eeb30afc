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
    EXPECT_TRUE(plays_in_browsers(brought("mov", "aac")));
    EXPECT_FALSE(plays_in_browsers(brought("mov", "amr_nb")));
    EXPECT_TRUE(plays_in_browsers(brought("ogg", "opus")));
    EXPECT_FALSE(plays_in_browsers(brought("amr", "amr_nb")));
    EXPECT_FALSE(plays_in_browsers(brought("asf", "wmav2")));
    auto endless = brought("ogg", "opus");
    endless.brought->has_end = false;
    EXPECT_FALSE(plays_in_browsers(endless));
    EXPECT_FALSE(plays_in_browsers(recording::RecordingFacts{}));
}

TEST(original, is_called_what_it_is) {
    EXPECT_EQ(media_type_of("mov", "aac"), "audio/mp4");
    EXPECT_EQ(media_type_of("amr", "amr_wb"), "audio/amr-wb");
    EXPECT_EQ(media_type_of("nothing", ""), "application/octet-stream");
}

}  // namespace
}  // namespace nk::archive
