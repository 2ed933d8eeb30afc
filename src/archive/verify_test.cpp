#include "archive/verify.h"

#include <gtest/gtest.h>

#include "archive/layout.h"
#include "archive/testing_recording.h"
#include "archive/vcon.h"

namespace nk::archive {
namespace {

using testing::Recorded;
using Problems = std::vector<std::string>;

Problems problems_of(Recorded& recorded) {
    return verify_recording(recorded.disk, Recorded::root, recorded.facts.id).problems;
}

TEST(verify, finds_nothing_wrong_with_what_was_sealed) {
    Recorded recorded;
    const auto verdict = verify_recording(recorded.disk, Recorded::root, recorded.facts.id);
    EXPECT_EQ(verdict.problems, Problems{});
    EXPECT_EQ(verdict.bytes, recorded.bytes_of("call.vcon.json").size() +
                                 recorded.bytes_of("audio.flac").size() +
                                 recorded.bytes_of("payload-1.rtpdump").size());
}

TEST(verify, finds_a_flipped_byte_anywhere_in_any_file) {
    for (const char* name : {"audio.flac", "payload-1.rtpdump", "call.vcon.json"}) {
        Recorded recorded;
        const auto good = recorded.bytes_of(name);
        const std::size_t step = std::max<std::size_t>(1, good.size() / 97);
        for (std::size_t i = 0; i < good.size(); i += step) {
            auto bad = good;
            bad[i] ^= 0x01;
            recorded.put(name, bad);
            EXPECT_FALSE(problems_of(recorded).empty()) << name << " byte " << i;
        }
        recorded.put(name, good);
        EXPECT_EQ(problems_of(recorded), Problems{});
    }
}

TEST(verify, names_a_missing_file_and_one_that_was_added) {
    Recorded recorded;
    ASSERT_TRUE(recorded.disk.remove_tree(recorded.path("audio.flac")));
    recorded.put("notes.txt", {1});
    EXPECT_EQ(problems_of(recorded),
              (Problems{"audio.flac is missing", "notes.txt does not belong to the recording"}));
}

TEST(verify, names_a_file_of_another_size) {
    Recorded recorded;
    auto bytes = recorded.bytes_of("payload-1.rtpdump");
    bytes.push_back(0);
    recorded.put("payload-1.rtpdump", bytes);
    EXPECT_EQ(problems_of(recorded), Problems{"payload-1.rtpdump has 5 bytes, not 4"});
}

TEST(verify, finds_a_recording_under_anothers_name) {
    Recorded recorded;
    const std::string other = "20261123T142302Z-aaaaaa";
    ASSERT_TRUE(recorded.disk.rename(recording_folder(Recorded::root, recorded.facts.id),
                                     recording_folder(Recorded::root, other)));
    EXPECT_EQ(verify_recording(recorded.disk, Recorded::root, other).problems,
              Problems{"call.vcon.json is of another recording: " + recorded.facts.id});
}

TEST(verify, takes_no_link_for_what_was_sealed) {
    for (const std::string name : {"audio.flac", "payload-1.rtpdump", "call.vcon.json"}) {
        Recorded recorded;
        recorded.disk.call_a_link(recorded.path(name));
        EXPECT_EQ(problems_of(recorded),
                  Problems{name + " is a link; what was sealed is a file of its own"});
    }
    Recorded recorded;
    recorded.disk.call_a_link(recording_folder(Recorded::root, recorded.facts.id));
    EXPECT_EQ(problems_of(recorded),
              Problems{"its folder is a link; what was sealed is a folder of its own"});
}

TEST(verify, finds_facts_that_promise_another_sound_than_there_is) {
    Recorded recorded;
    recorded.facts.audio->frames += 1;
    recorded.put_vcon();
    EXPECT_EQ(problems_of(recorded),
              Problems{"audio.flac holds 1600 samples per channel, not 1601"});
}

TEST(verify, hashes_what_was_brought_and_does_not_judge_its_sound) {
    Recorded recorded;
    recorded.facts.brought.emplace().container = "flac";
    recorded.facts.audio->frames += 1;
    recorded.put_vcon();
    EXPECT_EQ(problems_of(recorded), Problems{});
    auto bytes = recorded.bytes_of("audio.flac");
    bytes.back() ^= 0x01;
    recorded.put("audio.flac", bytes);
    EXPECT_EQ(problems_of(recorded).size(), 1U);
}

TEST(verify, gives_a_verdict_on_a_folder_without_a_vcon) {
    Recorded recorded;
    ASSERT_TRUE(recorded.disk.remove_tree(recorded.path("call.vcon.json")));
    EXPECT_EQ(problems_of(recorded).size(), 1U);
}

}  // namespace
}  // namespace nk::archive
