#include "archive/layout.h"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "archive/reading.h"
#include "base/memory_disk.h"
#include "base/rfc3339.h"
#include "recording/journal/block.h"
#include "recording/journal/folder.h"

namespace nk::archive {
namespace {

class CountingRandom : public Random {
public:
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out)
            byte = next_++;
    }

private:
    std::uint8_t next_ = 250;
};

constexpr WallTime some_time{1'795'443'781'250'000'000};

TEST(layout, names_a_recording_by_its_start_and_chance) {
    CountingRandom random;
    const std::string id = make_id(some_time, random);
    EXPECT_EQ(id, "20261123T142301Z-tvwxyz");
    EXPECT_TRUE(is_id(id));
    EXPECT_EQ(recording_folder("/a", id), "/a/2026/11/23/20261123T142301Z-tvwxyz");
}

TEST(layout, makes_uuids_of_version_8_that_sort_by_time) {
    CountingRandom random;
    const std::string early = make_uuid(some_time, random);
    const std::string late = make_uuid(some_time + seconds(1), random);
    EXPECT_EQ(early.substr(0, 15), "01a208c9-ee82-8");
    EXPECT_NE(std::string("89ab").find(early[19]), std::string::npos);
    EXPECT_LT(early, late);
}

TEST(layout, takes_nothing_for_an_id_that_could_leave_its_folder) {
    for (const char* text :
         {"", ".", "..", "20261123T142301Z-k3v9q", "20261123T142301Z-k3v9qdd",
          "20261123T142301Z-k3v9qu", "2026/123T142301Z-k3v9qd", "20261123T142301Z-../../",
          "20261123T142301Z/k3v9qd", "20261123t142301z-k3v9qd"})
        EXPECT_FALSE(is_id(text)) << text;
    for (const char* name : {"", ".", "..", ".hidden", "a/b", "a\\b", "a\nb", "/etc/passwd"})
        EXPECT_FALSE(is_file_name(name)) << name;
    EXPECT_TRUE(is_file_name("audio.flac"));
}

using Names = std::vector<std::string>;

TEST(layout, finds_recordings_by_their_days_and_names_what_is_none) {
    MemoryDisk disk;
    const auto make = [&](const char* path) { ASSERT_TRUE(disk.make_folders(path)); };
    make("/a/2026/11/24/20261124T000000Z-aaaaaa");
    make("/a/2026/11/23/20261123T142301Z-k3v9qd");
    make("/a/2026/11/23/notes");
    make("/a/2026/Nov");
    make("/a/.incoming/20261125T000000Z-cccccc");
    make("/a/.journal/20261125T000000Z-dddddd");
    make("/a/lost+found");
    make("/a/catalogue.sqlite.rebuild");  // a folder is none of ours
    for (const char* name : {"catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm",
                             "2026/11/23/20261123T142302Z-aaaaaa", "notes.txt"})
        disk.put("/a/" + std::string(name), {});
    const auto found = take_inventory(disk, "/a");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->ids, (Names{"20261123T142301Z-k3v9qd", "20261124T000000Z-aaaaaa"}));
    EXPECT_EQ(found->strangers, (Names{"2026/11/23/20261123T142302Z-aaaaaa", "2026/11/23/notes",
                                       "2026/Nov", "catalogue.sqlite.rebuild", "notes.txt"}));
    EXPECT_EQ(found->misplaced, Names{});
    EXPECT_EQ(list_unfinished(disk, "/a"), Names{"20261125T000000Z-cccccc"});
}

TEST(layout, counts_no_journal_as_left_that_holds_no_calls) {
    using namespace recording::journal;
    MemoryDisk disk;
    const std::string run = "/a/.journal/20260101T000000Z-aaaaaa";
    std::vector<std::uint8_t> head(segment_head_bytes);
    write_segment_head(head.data(), {0, 7});
    disk.put(run + "/" + lock_name, {});
    disk.put(run + "/" + seed_name, head);
    EXPECT_TRUE(list_left_journals(disk, "/a").empty());  // a start that failed
    auto segment = head;
    write_segment_head(segment.data(), {2, 7});
    disk.put(run + "/" + segment_name(2), segment);
    EXPECT_EQ(list_left_journals(disk, "/a").size(), 1U);
    disk.put(run + "/" + done_name, {});  // by somebody else
    EXPECT_EQ(list_left_journals(disk, "/a").size(), 1U);
    disk.put(run + "/" + done_name, head);
    EXPECT_TRUE(list_left_journals(disk, "/a").empty());
    ASSERT_TRUE(disk.remove_tree(run + "/" + done_name));
    EXPECT_EQ(list_left_journals(disk, "/a").size(), 1U);
    disk.call_a_link(run);
    EXPECT_TRUE(list_left_journals(disk, "/a").empty());
}

TEST(layout, names_recordings_that_lie_where_nothing_finds_them) {
    MemoryDisk disk;
    for (const char* path : {"/a/2026/11/23/20261124T000000Z-bbbbbb",
                             "/a/2026/11/20261123T142301Z-k3v9qd", "/a/20261123T142301Z-aaaaaa"})
        ASSERT_TRUE(disk.make_folders(path));
    ASSERT_TRUE(disk.make_folders("/a/2026/11/23/the call with Ada"));
    disk.put("/a/2026/11/23/the call with Ada/call.vcon.json", {});
    const auto found = take_inventory(disk, "/a");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->misplaced,
              (Names{"2026/11/20261123T142301Z-k3v9qd", "2026/11/23/20261124T000000Z-bbbbbb",
                     "2026/11/23/the call with Ada", "20261123T142301Z-aaaaaa"}));
    EXPECT_EQ(found->ids, Names{});
    EXPECT_EQ(found->strangers, Names{});
    EXPECT_EQ(misplacement(found->misplaced[1]),
              "2026/11/23/20261124T000000Z-bbbbbb lies where no command finds it: move it into "
              "2026/11/24 of the archive");
    EXPECT_EQ(misplacement(found->misplaced[2]),
              "2026/11/23/the call with Ada holds a recording and is not named by its id: rename "
              "and move it to where its call.vcon.json says");
}

TEST(layout, follows_no_year_month_or_day_that_is_a_link) {
    const std::string id = "20261123T142301Z-k3v9qd";
    for (const std::string link : {"2026", "2026/11", "2026/11/23"}) {
        MemoryDisk disk;
        ASSERT_TRUE(disk.make_folders(recording_folder("/a", id)));
        EXPECT_TRUE(is_in_its_day(disk, "/a", id));
        disk.call_a_link("/a/" + link);
        const auto found = take_inventory(disk, "/a");
        ASSERT_TRUE(found);
        EXPECT_EQ(found->ids, Names{}) << link;
        EXPECT_EQ(found->strangers, Names{link});
        EXPECT_FALSE(is_in_its_day(disk, "/a", id));
        EXPECT_FALSE(find_recording(disk, "/a", id)) << link;
    }
}

// Some of its folders may not be listed.
class ClosedDisk : public MemoryDisk {
public:
    Result<std::vector<FolderEntry>> list(const std::string& path) override {
        if (path == closed)
            return refuse(Code::refused, Blame::machine, "cannot list " + path);
        return MemoryDisk::list(path);
    }
    std::string closed;
};

TEST(layout, goes_on_beside_a_folder_that_cannot_be_listed) {
    ClosedDisk disk;
    for (const char* id : {"20261123T142301Z-k3v9qd", "20261124T000000Z-aaaaaa"})
        ASSERT_TRUE(disk.make_folders(recording_folder("/a", id)));
    disk.closed = "/a/2026/11/23";
    const auto found = take_inventory(disk, "/a");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->ids, Names{"20261124T000000Z-aaaaaa"});
    EXPECT_EQ(found->unlistable, Names{"cannot list /a/2026/11/23"});
    const auto named = find_recording(disk, "/a", "aaaaaa");
    ASSERT_TRUE(named) << named.error().what;
    EXPECT_EQ(named->id, "20261124T000000Z-aaaaaa");
    EXPECT_EQ(named->unlistable, found->unlistable);
    const auto unseen = find_recording(disk, "/a", "k3v9qd");
    ASSERT_FALSE(unseen);
    EXPECT_NE(unseen.error().what.find("cannot list /a/2026/11/23"), std::string::npos);
    disk.closed = "/a";
    EXPECT_FALSE(take_inventory(disk, "/a"));
}

TEST(layout, tells_journals_in_use_from_those_left_or_put_aside) {
    MemoryDisk disk;
    EXPECT_FALSE(is_being_recorded(disk, "/a"));
    for (const char* run : {"/a/.journal/one", "/a/.journal/set-aside/two", "/a/.journal/three"}) {
        ASSERT_TRUE(disk.make_folders(run));
        disk.put(std::string(run) + "/" + recording::journal::segment_name(1), {});
    }
    auto lock = disk.lock("/a/.journal/one/lock");
    ASSERT_TRUE(lock && disk.lock("/a/.journal/three/lock"));
    EXPECT_TRUE(is_being_recorded(disk, "/a"));
    EXPECT_EQ(list_left_journals(disk, "/a"), Names{"three"});
    EXPECT_EQ(list_set_aside(disk, "/a"), Names{"/a/.journal/set-aside/two"});
    lock->reset();
    EXPECT_FALSE(is_being_recorded(disk, "/a"));
    EXPECT_EQ(list_left_journals(disk, "/a"), (Names{"one", "three"}));
}

RC_GTEST_PROP(rfc3339, gives_back_every_time_to_the_nanosecond, (std::int64_t ns)) {
    RC_ASSERT(wall_time_in(rfc3339(WallTime{ns}, 9)) == WallTime{ns});
}

TEST(rfc3339, writes_the_ends_of_time_and_before_1970) {
    EXPECT_EQ(rfc3339(WallTime{0}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(rfc3339(WallTime{-1}, 9), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(rfc3339(WallTime{INT64_MIN}, 9), "1677-09-21T00:12:43.145224192Z");
    EXPECT_EQ(wall_time_in("1677-09-21T00:12:43.145224192Z"), WallTime{INT64_MIN});
    EXPECT_EQ(wall_time_in("2262-04-11T23:47:16.854775807Z"), WallTime{INT64_MAX});
    EXPECT_EQ(wall_time_in("2262-04-11T23:47:16.854775808Z"), std::nullopt);
    EXPECT_EQ(compact_stamp(some_time), "20261123T142301Z");
}

TEST(rfc3339, reads_offsets_and_refuses_what_is_no_time) {
    EXPECT_EQ(wall_time_in("2026-11-23T15:23:01.25+01:00"), some_time);
    EXPECT_EQ(wall_time_in("2026-11-23 09:53:01.250000000999-04:30"), some_time);
    for (const char* text :
         {"", "2026-11-23", "2026-11-23T14:23:01", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z",
          "2026-11-23T14:23:01.Z", "2026-11-23T14:23:01Zx", "2026-11-23T14:23:01+0100",
          "9999-12-31T23:59:59Z"})
        EXPECT_EQ(wall_time_in(text), std::nullopt) << text;
}

}  // namespace
}  // namespace nk::archive
