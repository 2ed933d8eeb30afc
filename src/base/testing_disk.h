#pragma once
// What every Disk promises, as one function: the disk in memory and the real one run through the
// same. For tests only.

#include <string>

#include <gtest/gtest.h>

#include "base/disk.h"

namespace nk::testing_disk {

inline std::string text_of(Disk& disk, const std::string& path) {
    const auto bytes = read_whole(disk, path, 1'000'000);
    return bytes ? std::string(as_text(*bytes)) : "error: " + bytes.error().what;
}

template <class T>
void expect_code(const Result<T>& result, Code code, const std::string& path) {
    ASSERT_FALSE(result);
    EXPECT_EQ(static_cast<int>(result.error().code), static_cast<int>(code)) << result.error().what;
    EXPECT_NE(result.error().what.find(path), std::string::npos) << result.error().what;
}

inline void files_keep_their_promises(Disk& disk, const std::string& root) {
    const std::string path = root + "/a/b/file";
    ASSERT_TRUE(disk.make_folders(root + "/a/b"));
    ASSERT_TRUE(disk.make_folders(root + "/a/b/"));
    EXPECT_FALSE(disk.exists(path));
    {
        auto file = disk.create(path);
        ASSERT_TRUE(file);
        EXPECT_TRUE((*file)->write(as_bytes("hello ")));
        EXPECT_TRUE((*file)->write(as_bytes("world")));
        EXPECT_TRUE((*file)->write_at(0, as_bytes("J")));
        const std::array<Bytes, 3> pieces{as_bytes("!"), Bytes{}, as_bytes("?")};
        EXPECT_TRUE((*file)->write_all(pieces));
        EXPECT_TRUE((*file)->sync());
        EXPECT_EQ((*file)->size(), 13U);
        std::array<std::uint8_t, 4> out{};
        EXPECT_EQ((*file)->read_at(9, out), 4U);
        EXPECT_EQ((*file)->read_at(99, out), 0U);
    }
    EXPECT_TRUE(disk.exists(path));
    EXPECT_EQ(text_of(disk, path), "Jello world!?");
    EXPECT_TRUE(disk.open_plain(path));
    EXPECT_FALSE(disk.open_plain(root + "/a"));
    expect_code(disk.create(path), Code::exists, path);
    expect_code(disk.create(root + "/absent/file"), Code::not_found, root + "/absent");
    expect_code(disk.open(root + "/a/absent"), Code::not_found, root + "/a/absent");
}

inline void empty_folders_keep_their_promises(Disk& disk, const std::string& root) {
    const std::string path = root + "/folder";
    ASSERT_TRUE(disk.make_folders(path));
    ASSERT_TRUE(disk.create(path + "/file"));
    expect_code(disk.remove_empty_folder(path), Code::exists, path);
    EXPECT_TRUE(disk.exists(path + "/file"));
    ASSERT_TRUE(disk.remove_tree(path + "/file"));
    EXPECT_TRUE(disk.remove_empty_folder(path));
    EXPECT_FALSE(disk.exists(path));
    EXPECT_TRUE(disk.remove_empty_folder(path));
}

inline void locks_keep_their_promises(Disk& disk, const std::string& root) {
    const std::string path = root + "/lock";
    ASSERT_TRUE(disk.make_folders(root));
    {
        const auto held = disk.lock(path);
        ASSERT_TRUE(held);
        EXPECT_TRUE(disk.exists(path));
        expect_code(disk.lock(path), Code::busy, path);
        EXPECT_EQ(disk.is_held(path), true);
    }
    EXPECT_EQ(disk.is_held(path), false);
    expect_code(disk.is_held(root + "/absent"), Code::not_found, root + "/absent");
    EXPECT_FALSE(disk.exists(root + "/absent"));
    EXPECT_TRUE(disk.lock(path));
    expect_code(disk.lock(root + "/absent/lock"), Code::not_found, root + "/absent");
}

inline void folders_keep_their_promises(Disk& disk, const std::string& root) {
    ASSERT_TRUE(disk.make_folders(root + "/x/deep"));
    for (const char* name : {"/x/z", "/x/a", "/x/deep/f"})
        ASSERT_TRUE(disk.create(root + name));
    const auto listed = disk.list(root + "/x");
    ASSERT_TRUE(listed);
    ASSERT_EQ(listed->size(), 3U);
    EXPECT_EQ((*listed)[0].name, "a");
    EXPECT_FALSE((*listed)[0].is_folder);
    EXPECT_EQ((*listed)[1].name, "deep");
    EXPECT_TRUE((*listed)[1].is_folder);
    EXPECT_TRUE(disk.sync_folder(root + "/x"));
    expect_code(disk.sync_folder(root + "/no"), Code::not_found, root + "/no");
    expect_code(disk.list(root + "/no"), Code::not_found, root + "/no");

    EXPECT_TRUE(disk.rename(root + "/x", root + "/y"));
    EXPECT_FALSE(disk.exists(root + "/x"));
    EXPECT_TRUE(disk.exists(root + "/y/deep/f"));
    expect_code(disk.rename(root + "/x", root + "/w"), Code::not_found, root + "/x");
    ASSERT_TRUE(disk.make_folders(root + "/full/inside"));
    expect_code(disk.rename(root + "/y", root + "/full"), Code::exists, root + "/full");
    EXPECT_TRUE(disk.rename(root + "/y/a", root + "/y/z"));  // a file replaces a file

    EXPECT_TRUE(disk.remove_tree(root + "/y"));
    EXPECT_FALSE(disk.exists(root + "/y/deep/f"));
    EXPECT_FALSE(disk.exists(root + "/y"));
    EXPECT_TRUE(disk.remove_tree(root + "/y"));
}

}  // namespace nk::testing_disk
