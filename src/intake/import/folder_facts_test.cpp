#include "intake/import/folder_facts.h"

#include <gtest/gtest.h>

#include "intake/import/testing_zone.h"

namespace nk::importing {
namespace {

// "recorder kind direction number name day": what is not there is a dash.
std::string read(std::string_view path) {
    const auto facts = read_folders(path);
    const std::string day = facts.day ? started(*facts.day, testing::DutchZone(),
                                                call::Source::folder, call::Sureness::likely)
                                            .value.substr(0, 10)
                                      : "";
    std::string out;
    for (const auto& one :
         {facts.recorder, facts.kind, facts.direction, facts.number, facts.name, day})
        out.append(out.empty() ? "" : " ").append(one.empty() ? "-" : one);
    return out;
}

TEST(folder_facts, acr_phone_has_a_folder_for_each_day_and_number) {
    EXPECT_EQ(read("ACRCalls/ACRPhone/2024/06/14/+31205550101/x.m4a"),
              "acrphone call - +31205550101 - 2024-06-14");
    EXPECT_EQ(read("Recordings/ACRPhone/2024/06/14/144/x.m4a"), "acrphone call - 144 - 2024-06-14");
    EXPECT_EQ(read("/sdcard/Acr/ACRPhone/x.m4a"), "acrphone call - - - -");
    EXPECT_EQ(read("Recordings/ACRPhone/2024/06/14/x.m4a"), "acrphone call - - - 2024-06-14");
}

TEST(folder_facts, tecno_and_its_sisters_have_a_folder_for_each_number) {
    EXPECT_EQ(read("Music/PhoneRecord/0205550101/20240614_113922.amr"),
              "plainstamp call - 0205550101 - -");
    EXPECT_EQ(read("Music/PhoneRecord/Oma/20240614_113922.amr"), "plainstamp call - - Oma -");
    EXPECT_EQ(read("Music/PhoneRecord/20240614_113922.amr"), "plainstamp call - - - -");
}

TEST(folder_facts, known_places_tell_what_lies_there) {
    EXPECT_EQ(read("MIUI/sound_recorder/call_rec/x.mp3"), "miui call - - - -");
    EXPECT_EQ(read("Recordings/Call/x.m4a"), "- call - - - -");
    EXPECT_EQ(read("Documents/CubeCallRecorder/All/x.amr"), "cube call - - - -");
    EXPECT_EQ(read("Takeout/Voice/Calls/x.mp3"), "gvoice call - - - -");
    EXPECT_EQ(read("WhatsApp/Media/WhatsApp Voice Notes/202424/PTT.opus"),
              "whatsapp message - - - -");
    EXPECT_EQ(read("C:\\Users\\jan\\Gespreksopnames\\x.mp3"), "- call - - - -");
}

TEST(folder_facts, what_lies_in_a_voicemail_came_in) {
    EXPECT_EQ(read("var/spool/asterisk/voicemail/default/302/INBOX/msg0001.wav"),
              "- message in - - -");
    EXPECT_EQ(read("FRITZ/voicebox/rec/rec.0.001"), "fritzbox message in - - -");
}

TEST(folder_facts, an_exchange_has_a_folder_for_each_day) {
    EXPECT_EQ(read("monitor/2024/06/14/out-1-2.wav"), "- - - - - 2024-06-14");
    EXPECT_EQ(read("archive/2024/Jun/14/x.wav"), "- - - - - 2024-06-14");
    EXPECT_EQ(read("archive/2024/13/14/x.wav"), "- - - - - -");
}

TEST(folder_facts, a_folder_that_is_a_number_is_whose_calls_these_are) {
    EXPECT_EQ(read("oude telefoon/06-12345678/x.m4a"), "- - - 0612345678 - -");
    EXPECT_EQ(read("2019/kerst/x.m4a"), "- - - - - -");
}

TEST(folder_facts, other_folders_say_nothing) {
    for (const auto* path : {"", "x.mp3", "/", "////", "Music/Oma/x.mp3", "Downloads/123/x.mp3"})
        EXPECT_EQ(read(path), "- - - - - -") << path;
}

TEST(folder_facts, a_path_of_any_length_ends) {
    std::string path;
    for (int i = 0; i < 100'000; ++i)
        path += "2024/";
    EXPECT_EQ(read(path), "- - - - - -");
}

TEST(folder_facts, a_day_of_folders_is_weak) {
    for (const auto& one : findings_of(read_folders("a/2024/06/14/x.wav"), testing::DutchZone())) {
        EXPECT_EQ(one.source, call::Source::folder);
        EXPECT_EQ(one.sureness, call::Sureness::weak);
        EXPECT_EQ(one.remark, "day-only");
    }
}

}  // namespace
}  // namespace nk::importing
