#include "base/memory_disk.h"

#include <array>
#include <span>

#include <gtest/gtest.h>

#include "base/testing_disk.h"

namespace nk {
namespace {

TEST(MemoryDisk, files_keep_the_promises_of_every_disk) {
    MemoryDisk disk;
    ASSERT_TRUE(disk.make_folders("/root"));
    testing_disk::files_keep_their_promises(disk, "/root");
}

TEST(MemoryDisk, folders_keep_the_promises_of_every_disk) {
    MemoryDisk disk;
    ASSERT_TRUE(disk.make_folders("relative"));
    testing_disk::folders_keep_their_promises(disk, "relative");
}

TEST(MemoryDisk, locks_keep_the_promises_of_every_disk) {
    MemoryDisk disk;
    testing_disk::locks_keep_their_promises(disk, "/root");
}

TEST(MemoryDisk, empty_folders_keep_the_promises_of_every_disk) {
    MemoryDisk disk;
    testing_disk::empty_folders_keep_their_promises(disk, "/root");
}

TEST(MemoryDisk, an_open_file_outlives_its_name) {
    MemoryDisk disk;
    auto file = disk.create("a");
    ASSERT_TRUE(file);
    ASSERT_TRUE(disk.remove_tree("a"));
    EXPECT_TRUE((*file)->write(as_bytes("x")));
    EXPECT_EQ((*file)->size(), 1U);
    EXPECT_FALSE(disk.contents("a"));
}

TEST(MemoryDisk, a_failing_write_leaves_half_of_its_bytes) {
    MemoryDisk disk;
    auto file = disk.create("a");
    ASSERT_TRUE(file);
    disk.fail_at(2);
    EXPECT_TRUE((*file)->write(as_bytes("1234")));
    const auto failed = (*file)->write(as_bytes("5678"));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Code::disk_full);
    EXPECT_TRUE(disk.has_failed());
    EXPECT_EQ(disk.contents("a"), (std::vector<std::uint8_t>{'1', '2', '3', '4', '5', '6'}));
}

TEST(MemoryDisk, cannot_read_what_was_made_unreadable) {
    MemoryDisk disk;
    disk.put("a", {1, 2, 3, 4});
    disk.make_unreadable("a", 1, 2);
    const auto file = disk.open("a");
    ASSERT_TRUE(file);
    std::array<std::uint8_t, 2> out{};
    for (const std::uint64_t at : {0U, 1U, 2U}) {
        const auto got = (*file)->read_at(at, out);
        ASSERT_FALSE(got);
        EXPECT_EQ(got.error().code, Code::io);
    }
    EXPECT_EQ((*file)->read_at(3, out), 1U);
    EXPECT_EQ((*file)->read_at(0, std::span(out).first(1)), 1U);
}

TEST(MemoryDisk, fails_once_or_from_then_on) {
    MemoryDisk disk;
    disk.fail_at(1, Code::io, MemoryDisk::Failing::once);
    EXPECT_FALSE(disk.make_folders("a"));
    EXPECT_TRUE(disk.make_folders("a"));
    disk.fail_at(1);
    EXPECT_FALSE(disk.create("a/f"));
    EXPECT_FALSE(disk.create("a/f"));
    EXPECT_FALSE(disk.exists("a/f"));
    disk.fail_at(0);
    EXPECT_TRUE(disk.create("a/f"));
}

// The staircase itself: every operation of this story fails once, in turn.
TEST(MemoryDisk, a_staircase_ends_when_the_story_passes) {
    const auto story = [](MemoryDisk& disk) -> Result<void> {
        NK_TRY(disk.make_folders("d"));
        NK_TAKE(auto file, disk.create("d/f"));
        NK_TRY(file->write(as_bytes("x")));
        NK_TRY(file->sync());
        NK_TRY(disk.rename("d/f", "d/g"));
        return disk.sync_folder("d");
    };
    std::uint64_t n = 1;
    for (;; ++n) {
        MemoryDisk disk;
        disk.fail_at(n);
        const auto done = story(disk);
        EXPECT_EQ(done.has_value(), !disk.has_failed());
        if (done)
            break;
    }
    EXPECT_EQ(n, 7U);
}

TEST(MemoryDisk, shows_and_takes_what_a_test_wants) {
    MemoryDisk disk;
    disk.put("a/b/c", {1, 2});
    EXPECT_EQ(disk.files(), std::vector<std::string>{"a/b/c"});
    const auto listed = disk.list(".");
    ASSERT_TRUE(listed);
    ASSERT_EQ(listed->size(), 1U);
    EXPECT_TRUE((*listed)[0].is_folder);
}

TEST(memory_disk, forgets_in_a_power_cut_what_was_never_synced) {
    MemoryDisk disk;
    ASSERT_TRUE(disk.make_folders("/kept/deep"));
    ASSERT_TRUE(disk.sync_folder("/"));
    ASSERT_TRUE(disk.sync_folder("/kept"));
    {
        auto safe = disk.create("/kept/deep/safe");
        ASSERT_TRUE((*safe)->write(as_bytes("there")));
        ASSERT_TRUE((*safe)->sync());
        ASSERT_TRUE((*safe)->write(as_bytes(" and gone")));
        auto nameless = disk.create("/kept/nameless");
        ASSERT_TRUE((*nameless)->write(as_bytes("x")));
        ASSERT_TRUE((*nameless)->sync());
    }
    ASSERT_TRUE(disk.sync_folder("/kept/deep"));
    ASSERT_TRUE(disk.rename("/kept/deep", "/kept/moved"));
    disk.cut_power();
    EXPECT_EQ(disk.files(), std::vector<std::string>{"/kept/deep/safe"});
    EXPECT_EQ(as_text(*disk.contents("/kept/deep/safe")), "there");

    ASSERT_TRUE(disk.rename("/kept/deep", "/kept/moved"));
    ASSERT_TRUE(disk.sync_folder("/kept"));
    disk.cut_power();
    EXPECT_EQ(disk.files(), std::vector<std::string>{"/kept/moved/safe"});
    ASSERT_TRUE(disk.remove_tree("/kept/moved"));
    disk.cut_power();
    EXPECT_EQ(disk.files(), std::vector<std::string>{"/kept/moved/safe"});
}

}  // namespace
}  // namespace nk
