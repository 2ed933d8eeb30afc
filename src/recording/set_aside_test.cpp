// Runs that could not be read whole, and what becomes of them when they are mended.

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
using testing::files_in;
using testing::files_without_mark;
using testing::left_channel;
using testing::move_back;
using testing::resumed;
using testing::small_segments;
using testing::speak_in_segments;
using testing::Speaker;
using testing::spoil_the_second_call;
using testing::TestHouse;
using testing::words;

TEST(recovery, tells_once_of_a_run_that_it_could_not_read_whole_and_puts_it_aside) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    const auto [path, whole] = spoil_the_second_call(house.disk);
    const auto before = files_in(house.disk, TestHouse::journal_folder);
    auto first = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->damaged.empty());
    EXPECT_TRUE(first->set_aside.empty());
    for (auto& job : std::exchange(first->jobs, {}))
        house.sealer->push(std::move(job));
    EXPECT_TRUE(house.disk.exists(TestHouse::journal_folder));  // while a call of it is not sealed
    house.settle_sealing();
    EXPECT_EQ(house.sealer->take().size(), 2U);
    EXPECT_EQ(files_without_mark(house.disk, aside_folder), before);
    EXPECT_FALSE(house.disk.exists(TestHouse::journal_folder));
    for (int again = 0; again < 2; ++again) {
        const auto later = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(later);
        EXPECT_TRUE(later->damaged.empty());
        EXPECT_EQ(later->calls, 0U);
        EXPECT_EQ(later->set_aside, std::vector<std::string>{aside_folder});
    }
    EXPECT_EQ(files_without_mark(house.disk, aside_folder), before);
}

TEST(recovery, tries_a_run_again_that_was_moved_back) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    const auto [path, whole] = spoil_the_second_call(house.disk);
    EXPECT_EQ(crash_and_recover(house).size(), 2U);
    EXPECT_FALSE(house.shelf.desks.contains("id-2"));
    move_back(house.disk);
    EXPECT_TRUE(crash_and_recover(house).empty());  // nothing was mended
    move_back(house.disk);
    house.disk.put(path, whole);
    const auto sealed = crash_and_recover(house);
    EXPECT_EQ(left_channel(house.shelf, "id-2"), words(100));
    EXPECT_TRUE(std::any_of(sealed.begin(), sealed.end(),
                            [](const auto& one) { return one.facts && one.beside.empty(); }));
}

// It holds what is said; whether it was mended with something better nobody but a person knows.
TEST(recovery, never_removes_a_run_that_was_put_aside_once) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    const auto before = files_in(house.disk, TestHouse::journal_folder);
    const auto [path, whole] = spoil_the_second_call(house.disk);
    (void)crash_and_recover(house);
    move_back(house.disk);
    house.disk.put(path, whole);
    (void)crash_and_recover(house);
    EXPECT_EQ(files_without_mark(house.disk, aside_folder), before);
    EXPECT_FALSE(house.disk.exists(TestHouse::journal_folder));
    move_back(house.disk);
    const auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->damaged.empty());
    ASSERT_EQ(found->kept.size(), 1U);
    EXPECT_NE(found->kept[0].find(aside_folder), std::string::npos);
}

bool says_that_it_was_sealed_anew(const Sealed& sealed) {
    const auto& odd = sealed.facts->call.oddities;
    return std::any_of(odd.begin(), odd.end(),
                       [](const auto& oddity) { return oddity.name == "sealed-anew"; });
}

TEST(recovery, seals_a_call_anew_when_more_of_it_can_be_read_later) {
    TestHouse house({}, small_segments());
    const auto [path, whole] = damage_the_middle_of_a_call(house);
    const auto first = crash_and_recover(house);
    ASSERT_EQ(first.size(), 2U);
    ASSERT_TRUE(first[0].facts);
    const auto heard_first = *house.shelf.desks.at("id-1")->at("audio.flac");
    EXPECT_LT(first[0].facts->tracks.at(0).packets.received, 300U);
    EXPECT_FALSE(says_that_it_was_sealed_anew(first[0]));
    for (const std::size_t further : {1U, 0U}) {
        move_back(house.disk);
        house.disk.put(path, whole);
        const auto sealed = crash_and_recover(house);
        ASSERT_EQ(sealed.size(), further);  // and nothing of the other call
        ASSERT_EQ(house.shelf.desks.size(), 3U);
        for (const auto& one : sealed) {
            EXPECT_EQ(one.beside, "id-1");
            ASSERT_TRUE(one.facts);
            EXPECT_EQ(one.facts->tracks.at(0).packets.received, 300U);
            EXPECT_TRUE(says_that_it_was_sealed_anew(one));
        }
    }
    EXPECT_EQ(*house.shelf.desks.at("id-1")->at("audio.flac"), heard_first);
    for (const auto& [id, desk] : house.shelf.desks)
        if (id.starts_with("id-1+")) {
            EXPECT_EQ(left_channel(house.shelf, id), words(300));
        }
}

TEST(recovery, makes_a_further_recording_once_wherever_it_is_stopped) {
    for (std::uint64_t n = 1;; ++n) {
        TestHouse house({}, small_segments());
        const auto [path, whole] = damage_the_middle_of_a_call(house);
        (void)crash_and_recover(house);
        move_back(house.disk);
        house.disk.put(path, whole);
        const auto before = files_without_mark(house.disk, TestHouse::journal_folder);
        house.disk.fail_at(n);
        if (auto found = recover(house.disk, "/journal", resumed)) {
            for (auto& job : std::exchange(found->jobs, {}))
                house.sealer->push(std::move(job));
            house.settle_sealing();
        }
        const bool has_failed = house.disk.has_failed();
        house.disk.fail_at(0);
        (void)crash_and_recover(house);
        EXPECT_TRUE(files_without_mark(house.disk, aside_folder) == before) << n;
        EXPECT_FALSE(house.disk.exists(TestHouse::journal_folder)) << n;
        EXPECT_EQ(house.shelf.desks.size(), 3U) << n;
        if (!has_failed || ::testing::Test::HasFailure()) {
            EXPECT_GT(n, 10U) << "the staircase has too few steps to be one";
            return;
        }
    }
}

TEST(recovery, keeps_a_run_with_a_mark_that_says_nothing) {
    for (const std::string text : {"", "Not all of th", "a letter"}) {
        TestHouse house({}, small_segments());
        speak_in_segments(house);
        const std::string mark = std::string(TestHouse::journal_folder) + "/" + journal::aside_name;
        house.disk.put(mark, {text.begin(), text.end()});
        const auto before = files_in(house.disk, TestHouse::journal_folder);
        EXPECT_EQ(crash_and_recover(house).size(), 3U);
        EXPECT_EQ(files_in(house.disk, aside_folder), before);
    }
}

TEST(recovery, puts_nothing_aside_through_a_link) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    (void)spoil_the_second_call(house.disk);
    house.disk.put("/journal/set-aside/letter/seed", {1});
    house.disk.call_a_link("/journal/set-aside");
    for (const std::size_t sealed : {2U, 0U}) {
        auto found = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->set_aside.empty());
        EXPECT_EQ(found->strangers, std::vector<std::string>{"/journal/set-aside"});
        ASSERT_FALSE(found->damaged.empty());
        EXPECT_NE(found->damaged.back().find("it stays there"), std::string::npos);
        for (auto& job : std::exchange(found->jobs, {}))
            house.sealer->push(std::move(job));
        house.settle_sealing();
        EXPECT_EQ(house.sealer->take().size(), sealed);
        EXPECT_TRUE(house.disk.exists(TestHouse::journal_folder));
        EXPECT_FALSE(house.disk.exists(aside_folder));
    }
}

TEST(recovery, says_that_a_run_stays_where_the_place_for_it_is_a_file) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    (void)spoil_the_second_call(house.disk);
    house.disk.put("/journal/set-aside", {1});
    auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    ASSERT_FALSE(found->damaged.empty());
    EXPECT_NE(found->damaged.back().find("it stays there"), std::string::npos);
    found->jobs.clear();
    EXPECT_TRUE(house.disk.exists(TestHouse::journal_folder));
}

TEST(recovery, puts_a_run_aside_beside_another_of_its_name) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    house.disk.put(aside_folder + "/letter", {1});
    (void)spoil_the_second_call(house.disk);
    EXPECT_EQ(crash_and_recover(house).size(), 2U);
    EXPECT_TRUE(house.disk.exists(aside_folder + "/letter"));
    EXPECT_TRUE(house.disk.exists(aside_folder + "-2/" + journal::segment_name(1)));
}

// Stopped at any step of the disk: the run is where it was or aside, never both
// and never neither, and no call is recorded twice.
TEST(recovery, loses_nothing_of_a_run_when_it_is_stopped_while_that_is_put_aside) {
    for (std::uint64_t n = 1;; ++n) {
        TestHouse house({}, small_segments());
        speak_in_segments(house);
        (void)spoil_the_second_call(house.disk);
        const auto before = files_in(house.disk, TestHouse::journal_folder);
        house.disk.fail_at(n);
        if (auto found = recover(house.disk, "/journal", resumed)) {
            for (auto& job : std::exchange(found->jobs, {}))
                house.sealer->push(std::move(job));
            house.settle_sealing();
        }
        const bool has_failed = house.disk.has_failed();
        house.disk.fail_at(0);
        (void)house.sealer->take();
        (void)crash_and_recover(house);
        EXPECT_EQ(files_without_mark(house.disk, aside_folder), before) << n;
        EXPECT_FALSE(house.disk.exists(TestHouse::journal_folder)) << n;
        EXPECT_FALSE(house.disk.exists(aside_folder + "-2")) << n;
        EXPECT_EQ(house.shelf.desks.size(), 2U) << n;
        const auto later = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(later);
        EXPECT_TRUE(later->damaged.empty()) << n;
        if (!has_failed || ::testing::Test::HasFailure()) {
            EXPECT_GT(n, 10U) << "the staircase has too few steps to be one";
            return;
        }
    }
}

}  // namespace
}  // namespace nk::recording
