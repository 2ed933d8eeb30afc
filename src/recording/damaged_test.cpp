// Runs of which something cannot be read or is missing: what it costs, what is said of it, and that
// the run is kept.

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
using testing::Speaker;
using testing::TestHouse;
using testing::words;

const std::string run = TestHouse::journal_folder;

std::string segment(std::uint32_t number) {
    return run + "/" + journal::segment_name(number);
}

// One call that is over, of 30 seconds.
void speak(TestHouse& house) {
    Speaker speaker(house);
    speaker.say(1'500);
    house.recorder->ends(speaker.call, began + seconds(30));
    ASSERT_TRUE(house.log->flush());
    house.crash();
}

bool is_said(const std::vector<std::string>& sentences, const std::string& what) {
    return std::any_of(sentences.begin(), sentences.end(), [&](const std::string& sentence) {
        return sentence.find(what) != std::string::npos;
    });
}

TEST(damaged, costs_the_blocks_that_an_unreadable_sector_lies_in) {
    constexpr std::uint64_t sector = 4096;
    TestHouse probe;
    speak(probe);
    const std::uint64_t size = probe.disk.contents(segment(1))->size();
    for (std::uint64_t at = 0; at < size; at += 5 * sector) {
        TestHouse house;
        speak(house);
        house.disk.make_unreadable(segment(1), at, sector);
        auto found = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(found);
        ASSERT_EQ(found->jobs.size(), at == 0 ? 0U : 1U);  // the call begins in the first
        EXPECT_TRUE(is_said(found->damaged, "the sector cannot be read")) << at;
        EXPECT_TRUE(found->torn.empty());
        const auto sealed = seal(house, *found);
        EXPECT_TRUE(house.disk.exists(aside_folder)) << at;
        if (at == 0)
            continue;
        ASSERT_TRUE(sealed.at(0).facts);
        EXPECT_GT(sealed[0].facts->tracks.at(0).packets.received, 1'500U - 60U) << at;
    }
}

// A cable that slips, and no sector that is gone: whichever operation fails, once, costs nothing.
TEST(damaged, is_nothing_when_the_disk_fails_once) {
    const auto all = words(1'500);
    for (std::uint64_t n = 1;; ++n) {
        TestHouse house;
        speak(house);
        house.disk.fail_at(n, Code::io, MemoryDisk::Failing::once);
        std::vector<Sealed> sealed;
        for (int start = 0; start < 2 && sealed.empty(); ++start)  // the next one does it then
            if (auto found = recover(house.disk, "/journal", resumed))
                sealed = seal(house, *found);
        ASSERT_EQ(sealed.size(), 1U) << n;
        ASSERT_TRUE(sealed[0].facts) << n;
        EXPECT_EQ(left_channel(house.shelf, sealed[0].facts->id), all) << n;
        if (!house.disk.has_failed())
            break;
        ASSERT_LT(n, 500U);
    }
}

TEST(damaged, is_not_torn_where_the_end_cannot_be_read) {
    TestHouse house;
    speak(house);
    const auto size = house.disk.contents(segment(1))->size();
    house.disk.make_unreadable(segment(1), size - 8, 8);
    auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->torn.empty());
    EXPECT_FALSE(found->damaged.empty());
    (void)seal(house, *found);
    EXPECT_TRUE(house.disk.exists(aside_folder));
}

// It was read when it was found, and cannot be when the recording is made of it.
TEST(damaged, is_kept_when_it_can_no_longer_be_read_while_it_is_sealed) {
    for (const bool is_rotten : {false, true}) {
        TestHouse house;
        speak(house);
        const auto whole = *house.disk.contents(segment(1));
        auto found = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->damaged.empty());
        auto rotten = whole;
        rotten[whole.size() / 2] ^= 1;
        if (is_rotten)
            house.disk.put(segment(1), rotten);
        else
            house.disk.make_unreadable(segment(1), whole.size() / 2, 512);
        const auto sealed = seal(house, *found);
        ASSERT_EQ(sealed.size(), 1U);
        ASSERT_TRUE(sealed[0].facts);
        const auto& odd = sealed[0].facts->call.oddities;
        EXPECT_TRUE(std::any_of(odd.begin(), odd.end(),
                                [](const auto& one) { return one.name == "journal-damaged"; }));
        ASSERT_TRUE(house.disk.exists(aside_folder));
        move_back(house.disk);
        house.disk.put(segment(1), whole);
        const auto anew = crash_and_recover(house);
        ASSERT_EQ(anew.size(), 1U);
        EXPECT_EQ(anew[0].beside, "id-1");
        EXPECT_EQ(left_channel(house.shelf, anew[0].facts->id), words(1'500));
    }
}

TEST(damaged, is_noticed_when_a_segment_in_the_middle_is_missing_or_empty) {
    for (const std::size_t left : {std::size_t{0}, std::size_t{1}, journal::segment_head_bytes}) {
        TestHouse house({}, small_segments());
        auto [path, whole] = damage_the_middle_of_a_call(house);
        const auto head = whole;
        house.disk.put(path, {head.begin(), head.begin() + static_cast<std::ptrdiff_t>(left)});
        if (left == 1) {
            ASSERT_TRUE(house.disk.remove_tree(path));
        }
        house.crash();
        auto found = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->jobs.size(), 2U);
        EXPECT_TRUE(is_said(found->damaged, left == 1 ? "is missing" : "is empty")) << left;
        (void)seal(house, *found);
        EXPECT_TRUE(house.disk.exists(aside_folder)) << left;
        if (!house.disk.exists(aside_folder))
            continue;
        move_back(house.disk);
        house.disk.put(path, whole);
        EXPECT_EQ(crash_and_recover(house).size(), 1U);
    }
}

// Segments of calls that are recordings go at the front; one of them may have stayed.
TEST(damaged, is_not_what_lacks_segments_of_calls_that_are_sealed) {
    TestHouse house({}, small_segments());
    Speaker first(house, 1);
    first.say(200);
    house.recorder->ends(first.call, began + seconds(4));
    ASSERT_TRUE(house.log->flush());
    const auto stayed = *house.disk.contents(segment(1));
    house.settle();
    Speaker second(house, 2);
    second.say(200);
    house.recorder->ends(second.call, began + seconds(4));
    ASSERT_TRUE(house.log->flush());
    ASSERT_FALSE(house.disk.exists(segment(2)));
    house.disk.put(segment(1), stayed);
    house.crash();
    auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->damaged.empty());
    EXPECT_EQ(seal(house, *found).size(), 1U);
    EXPECT_FALSE(house.disk.exists(run));
}

// What a later version wrote is for that one to read.
TEST(damaged, is_kept_when_a_block_of_it_is_not_understood) {
    const std::vector<std::uint8_t> later(64, 0xee);
    for (const auto kind : {journal::BlockKind::story, journal::BlockKind::ended,
                            journal::BlockKind::sound, journal::BlockKind::alive}) {
        TestHouse house;
        Speaker speaker(house);
        speaker.say(100);
        house.recorder->ends(speaker.call, began + seconds(2));
        house.log->append(kind, kind == journal::BlockKind::alive ? 0 : 1, later);
        ASSERT_TRUE(house.log->flush());
        house.crash();
        auto found = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->jobs.size(), 1U);
        EXPECT_TRUE(is_said(found->damaged, "not understood"));
        EXPECT_EQ(seal(house, *found).size(), 1U);
        EXPECT_EQ(left_channel(house.shelf, "id-1"), words(100));
        ASSERT_TRUE(house.disk.exists(aside_folder));
        move_back(house.disk);
        EXPECT_TRUE(crash_and_recover(house).empty());
    }
}

TEST(damaged, is_told_of_in_few_sentences) {
    TestHouse house;
    speak(house);
    auto bytes = *house.disk.contents(segment(1));
    std::uint64_t spoilt = 0;
    ASSERT_TRUE(journal::scan(house.disk, run, [&](const auto& head, const auto& place, Bytes) {
        if (head.kind == journal::BlockKind::sound && spoilt++ % 2 == 0)
            bytes[place.offset + place.bytes / 2] ^= 1;
    }));
    ASSERT_GT(spoilt, 40U);
    house.disk.put(segment(1), bytes);
    const auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_LE(found->damaged.size(), 12U);
    EXPECT_TRUE(is_said(found->damaged, " more stretches, "));
}

}  // namespace
}  // namespace nk::recording
