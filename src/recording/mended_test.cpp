// Runs that could not be read whole and are mended: what is kept, and of what a further recording
// is made.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "recording/recovery.h"
#include "recording/testing_left.h"

namespace nk::recording {
namespace {

using testing::aside_folder;
using testing::began;
using testing::crash_and_recover;
using testing::damage_the_middle_of_a_call;
using testing::left_channel;
using testing::move_back;
using testing::resumed;
using testing::seal;
using testing::small_segments;
using testing::speak_in_segments;
using testing::Speaker;
using testing::spoil_the_second_call;
using testing::TestHouse;
using testing::words;

const std::string run = TestHouse::journal_folder;
const std::string mark = run + "/" + journal::aside_name;

TEST(mended, is_kept_and_sealed_anew_when_there_was_no_place_to_put_it) {
    for (const bool is_link : {false, true}) {
        TestHouse house({}, small_segments());
        const auto [path, whole] = damage_the_middle_of_a_call(house);
        house.disk.put("/journal/set-aside", {1});
        if (is_link)
            house.disk.call_a_link("/journal/set-aside");
        EXPECT_EQ(crash_and_recover(house).size(), 2U);
        house.disk.put(path, whole);
        const auto sealed = crash_and_recover(house);
        ASSERT_EQ(sealed.size(), 1U);
        EXPECT_EQ(sealed[0].beside, "id-1");
        EXPECT_TRUE(house.disk.exists(path));
    }
}

// Without a mark nobody would know later that its recordings are not made of all.
TEST(mended, makes_nothing_of_a_damaged_run_that_cannot_be_marked) {
    for (const std::string stranger : {"/letter", ""}) {
        TestHouse house({}, small_segments());
        const auto [path, whole] = damage_the_middle_of_a_call(house);
        house.disk.put(mark + stranger, {'D', 'e', 'a', 'r'});
        house.crash();
        auto found = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->jobs.empty());
        ASSERT_FALSE(found->damaged.empty());
        EXPECT_NE(found->damaged.back().find("it stays there"), std::string::npos);
        EXPECT_TRUE(house.disk.exists(path));
        EXPECT_TRUE(house.disk.exists(mark + stranger));
        ASSERT_TRUE(house.disk.remove_tree(mark));
        EXPECT_EQ(crash_and_recover(house).size(), 2U);
        EXPECT_FALSE(house.disk.exists(run));
    }
}

TEST(mended, waits_while_its_mark_cannot_be_read) {
    TestHouse house({}, small_segments());
    const auto [path, whole] = damage_the_middle_of_a_call(house);
    EXPECT_EQ(crash_and_recover(house).size(), 2U);
    move_back(house.disk);
    house.disk.put(path, whole);
    const auto text = *house.disk.contents(mark);
    house.disk.make_unreadable(mark, 0, 1);
    auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->jobs.empty());
    EXPECT_EQ(found->damaged.size(), 1U);
    EXPECT_TRUE(house.disk.exists(path));
    house.disk.put(mark, text);
    EXPECT_EQ(crash_and_recover(house).size(), 1U);
}

// Whatever of it fails, once, and with the power gone after it was tried again: when the segment is
// back, so is the whole call.
TEST(mended, has_all_of_the_call_wherever_a_full_disk_was_in_the_way) {
    const auto try_it = [](TestHouse& house) {
        house.crash();
        if (auto found = recover(house.disk, "/journal", resumed))
            seal(house, *found);
    };
    for (std::uint64_t n = 1;; ++n) {
        TestHouse house({}, small_segments());
        Speaker speaker(house);
        speaker.say(300);
        house.recorder->ends(speaker.call, began + seconds(6));
        ASSERT_TRUE(house.log->flush());
        const std::string path = run + "/" + journal::segment_name(2);
        const auto whole = *house.disk.contents(path);
        house.disk.put(path, std::vector<std::uint8_t>(whole.size(), 0xa5));
        house.disk.fail_at(n, Code::disk_full, MemoryDisk::Failing::once);
        try_it(house);
        const bool has_failed = house.disk.has_failed();
        house.disk.fail_at(0);
        if (house.disk.exists(run))
            try_it(house);
        house.crash();
        house.disk.cut_power();
        const std::string folder = house.disk.exists(run) ? run : aside_folder;
        house.disk.put(folder + path.substr(run.size()), whole);
        if (folder != run)
            move_back(house.disk);
        try_it(house);
        EXPECT_TRUE(std::any_of(
            house.shelf.desks.begin(), house.shelf.desks.end(),
            [&](const auto& desk) { return left_channel(house.shelf, desk.first) == words(300); }))
            << n;
        if (!has_failed || ::testing::Test::HasFailure()) {
            EXPECT_GT(n, 10U) << "the staircase has too few steps to be one";
            return;
        }
    }
}

TEST(mended, makes_no_further_recording_of_a_call_that_had_none_when_it_was_damaged) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    const auto [path, whole] = spoil_the_second_call(house.disk);
    EXPECT_EQ(crash_and_recover(house).size(), 2U);
    move_back(house.disk);
    house.disk.put(path, whole);
    for (int again = 0; again < 3; ++again) {
        (void)crash_and_recover(house);
        EXPECT_EQ(std::count_if(house.shelf.desks.begin(), house.shelf.desks.end(),
                                [](const auto& desk) { return desk.first.starts_with("id-2"); }),
                  1)
            << again;
        EXPECT_EQ(left_channel(house.shelf, "id-2"), words(100));
        move_back(house.disk);
    }
}

TEST(mended, makes_no_further_recording_when_the_first_was_made_after_it_was_mended) {
    TestHouse house({}, small_segments());
    const auto [path, whole] = damage_the_middle_of_a_call(house);
    house.shelf.refused = {"id-1"};
    EXPECT_EQ(crash_and_recover(house).size(), 2U);
    house.shelf.refused.clear();
    house.disk.put(path, whole);
    EXPECT_EQ(crash_and_recover(house).size(), 1U);
    EXPECT_EQ(left_channel(house.shelf, "id-1"), words(300));
    move_back(house.disk);
    EXPECT_TRUE(crash_and_recover(house).empty());
    EXPECT_EQ(house.shelf.desks.size(), 2U);
}

// Made of all by the recorder itself, which was stopped before the journal had the word of it.
TEST(mended, makes_no_further_recording_of_what_was_sealed_before_it_was_damaged) {
    TestHouse house({}, small_segments());
    Speaker speaker(house);
    speaker.say(300);
    house.recorder->ends(speaker.call, began + seconds(6));
    ASSERT_TRUE(house.log->flush());
    house.settle_sealing();
    ASSERT_EQ(house.shelf.desks.size(), 1U);
    const std::string path = run + "/" + journal::segment_name(2);
    const auto whole = *house.disk.contents(path);
    house.disk.put(path, std::vector<std::uint8_t>(whole.size(), 0xa5));
    EXPECT_TRUE(crash_and_recover(house).empty());
    move_back(house.disk);
    house.disk.put(path, whole);
    EXPECT_TRUE(crash_and_recover(house).empty());
    EXPECT_EQ(house.shelf.desks.size(), 1U);
}

// Killed between the recording's appearing and the run's being put aside, time and again.
TEST(mended, makes_no_further_recording_of_the_same_blocks) {
    TestHouse house({}, small_segments());
    const auto [path, whole] = damage_the_middle_of_a_call(house);
    house.crash();
    auto found = recover(house.disk, "/journal", resumed);  // marks it
    ASSERT_TRUE(found);
    found->jobs.clear();
    house.disk.put(path, whole);
    for (int again = 0; again < 3; ++again) {
        found = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(found);
        ASSERT_EQ(found->jobs.size(), 2U);  // while one of them is not sealed the run stays
        house.sealer->push(std::move(found->jobs[0]));
        house.settle_sealing();
        found->jobs.clear();
        EXPECT_EQ(house.shelf.desks.size(), 1U) << again;
        EXPECT_TRUE(house.disk.exists(run));
    }
}

// Mended, damaged anew in one of the two places, and mended again.
TEST(mended, makes_no_further_recording_that_is_poorer_than_the_last) {
    TestHouse house({}, small_segments());
    const auto [path, whole] = damage_the_middle_of_a_call(house);
    const std::string next = run + "/" + journal::segment_name(3);
    const auto whole_next = *house.disk.contents(next);
    const std::vector<std::uint8_t> rotten(whole_next.size(), 0xa5);
    house.disk.put(next, rotten);
    EXPECT_EQ(crash_and_recover(house).size(), 2U);
    EXPECT_EQ(house.shelf.desks.size(), 2U);
    for (const auto& bytes : {whole_next, rotten, whole_next}) {
        move_back(house.disk);
        house.disk.put(path, whole);
        house.disk.put(next, bytes);
        (void)crash_and_recover(house);
        EXPECT_EQ(house.shelf.desks.size(), 3U);
    }
}

}  // namespace
}  // namespace nk::recording
