#pragma once
// For tests only: runs that a recorder left, and how they are spoiled, put aside and moved back.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "recording/journal/folder.h"
#include "recording/testing_speaker.h"

namespace nk::recording::testing {

inline const std::string aside_folder = "/journal/set-aside/20260101T000000Z-aaaaaa";

// Three calls, one after the other, each in segments of its own.
inline void speak_in_segments(TestHouse& house) {
    for (std::uint64_t number = 1; number <= 3; ++number) {
        Speaker speaker(house, number);
        speaker.say(100);
        house.recorder->ends(speaker.call, began + seconds(2));
        ASSERT_TRUE(house.log->flush());
    }
    house.crash();
}

inline journal::Options small_segments() {
    journal::Options small;
    small.segment_bytes = 8 * 1024;
    return small;
}

// The number behind that of the last segment.
inline std::uint32_t next_segment(MemoryDisk& disk) {
    std::uint32_t number = 1;
    while (
        disk.exists(std::string(TestHouse::journal_folder) + "/" + journal::segment_name(number)))
        ++number;
    return number;
}

using Files = std::map<std::string, std::vector<std::uint8_t>>;
inline Files files_in(const MemoryDisk& disk, const std::string& folder) {
    Files files;
    for (const auto& path : disk.files())
        if (path.starts_with(folder + "/"))
            files[path.substr(folder.size())] = *disk.contents(path);
    return files;
}

// Of a run that was put aside: all but the mark that says so, which is there.
inline Files files_without_mark(const MemoryDisk& disk, const std::string& folder) {
    Files files = files_in(disk, folder);
    EXPECT_EQ(files.erase(std::string("/") + journal::aside_name), 1U);
    return files;
}

// The segment in which the second call begins, as it was before.
inline std::pair<std::string, std::vector<std::uint8_t>> spoil_the_second_call(MemoryDisk& disk) {
    std::optional<journal::Place> begins;
    EXPECT_TRUE(journal::scan(disk, TestHouse::journal_folder,
                              [&](const auto& head, const auto& place, Bytes) {
                                  if (head.call == 2 && !begins)
                                      begins = place;
                              }));
    EXPECT_TRUE(begins && begins->segment > 1);
    const std::string path =
        std::string(TestHouse::journal_folder) + "/" + journal::segment_name(begins->segment);
    auto whole = *disk.contents(path);
    disk.put(path, std::vector<std::uint8_t>(whole.size(), 0xa5));
    return {path, std::move(whole)};
}

// A call of which a segment in the middle is damaged, and another that is whole. Gives back that
// segment as it was.
inline std::pair<std::string, std::vector<std::uint8_t>> damage_the_middle_of_a_call(
    TestHouse& house) {
    Speaker speaker(house);
    speaker.say(300);
    house.recorder->ends(speaker.call, began + seconds(6));
    Speaker other(house, 2);
    other.say(5);
    house.recorder->ends(other.call, began + seconds(7));
    EXPECT_TRUE(house.log->flush());
    const std::string path =
        std::string(TestHouse::journal_folder) + "/" + journal::segment_name(2);
    auto whole = *house.disk.contents(path);
    house.disk.put(path, std::vector<std::uint8_t>(whole.size(), 0xa5));
    return {path, std::move(whole)};
}

// Makes recordings of what was found.
inline std::vector<Sealed> seal(TestHouse& house, Recovered& found) {
    for (auto& job : std::exchange(found.jobs, {}))
        house.sealer->push(std::move(job));
    house.settle_sealing();
    return house.sealer->take();
}

inline void move_back(MemoryDisk& disk) {
    EXPECT_FALSE(disk.exists(TestHouse::journal_folder));
    EXPECT_TRUE(disk.rename(aside_folder, TestHouse::journal_folder));
}

}  // namespace nk::recording::testing
