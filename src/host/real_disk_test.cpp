#include "host/real_disk.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/testing_disk.h"

namespace nk::host {
namespace {

namespace fs = std::filesystem;

class RealDiskTest : public ::testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "nk-disk-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        root_ = pattern;
    }
    void TearDown() override {
        std::error_code error;
        fs::remove_all(root_, error);
    }
    RealDisk disk_;
    std::string root_;
};

TEST_F(RealDiskTest, files_keep_the_promises_of_every_disk) {
    testing_disk::files_keep_their_promises(disk_, root_);
}

TEST_F(RealDiskTest, folders_keep_the_promises_of_every_disk) {
    testing_disk::folders_keep_their_promises(disk_, root_);
}

TEST_F(RealDiskTest, empty_folders_keep_the_promises_of_every_disk) {
    testing_disk::empty_folders_keep_their_promises(disk_, root_);
}

TEST_F(RealDiskTest, locks_keep_the_promises_of_every_disk) {
    testing_disk::locks_keep_their_promises(disk_, root_);
}

TEST_F(RealDiskTest, lets_nobody_else_read_what_it_makes) {
    ASSERT_TRUE(disk_.make_folders(root_ + "/a"));
    ASSERT_TRUE(disk_.create(root_ + "/a/f"));
    struct stat about{};
    ASSERT_EQ(stat((root_ + "/a").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07027U, 0U);
    ASSERT_EQ(stat((root_ + "/a/f").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07137U, 0U);
}

TEST_F(RealDiskTest, a_private_folder_is_its_owners_alone) {
    ASSERT_TRUE(disk_.make_folders(root_ + "/there"));
    for (const char* path : {"/a/b/private", "/there", "/there"}) {
        ASSERT_TRUE(disk_.make_private_folder(root_ + path));
        struct stat about{};
        ASSERT_EQ(stat((root_ + path).c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 07777U, 0700U) << path;
    }
    ASSERT_TRUE(disk_.create(root_ + "/file"));
    EXPECT_FALSE(disk_.make_private_folder(root_ + "/file/below"));
    EXPECT_FALSE(disk_.make_private_folder(root_ + "/file"));
}

TEST_F(RealDiskTest, removing_a_tree_does_not_follow_its_links) {
    ASSERT_TRUE(disk_.make_folders(root_ + "/kept"));
    ASSERT_TRUE(disk_.create(root_ + "/kept/f"));
    ASSERT_TRUE(disk_.make_folders(root_ + "/gone"));
    fs::create_directory_symlink(root_ + "/kept", root_ + "/gone/link");
    ASSERT_TRUE(disk_.remove_tree(root_ + "/gone"));
    EXPECT_TRUE(disk_.exists(root_ + "/kept/f"));
}

TEST_F(RealDiskTest, says_that_the_disk_is_full) {
    if (geteuid() != 0)
        GTEST_SKIP() << "only root can mount the small file system that this test fills";
    ASSERT_TRUE(disk_.make_folders(root_ + "/small"));
    const std::string mount = "mount -t tmpfs -o size=64k tmpfs " + root_ + "/small 2>/dev/null";
    if (std::system(mount.c_str()) != 0)
        GTEST_SKIP() << "no small file system can be mounted here";
    {
        auto file = disk_.create(root_ + "/small/f");
        ASSERT_TRUE(file);
        const std::vector<std::uint8_t> big(200'000, 7);
        testing_disk::expect_code((*file)->write(big), Code::disk_full, root_ + "/small/f");
    }
    EXPECT_EQ(std::system(("umount " + root_ + "/small").c_str()), 0);
}

TEST_F(RealDiskTest, follows_no_link_to_a_lock) {
    const std::string outside = root_ + "/outside";
    ASSERT_EQ(symlink(outside.c_str(), (root_ + "/lock").c_str()), 0);
    EXPECT_FALSE(disk_.lock(root_ + "/lock"));
    EXPECT_FALSE(disk_.exists(outside));
}

// As is_held() does, but slower: it is caught in the middle of it more often.
TEST_F(RealDiskTest, keeps_nobody_from_a_lock_by_looking_whether_it_is_held) {
    const std::string path = root_ + "/lock";
    ASSERT_TRUE(disk_.lock(path));
    std::atomic<bool> is_over = false;
    std::atomic<int> looks = 0;
    std::thread other([&] {
        for (; !is_over; ++looks) {
            const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
            (void)flock(file, LOCK_SH | LOCK_NB);
            for (int i = 0; i < 10; ++i)
                std::this_thread::yield();
            close(file);
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
    });
    int refused = 0;
    for (int i = 0; i < 500 || looks < 500; ++i)
        refused += disk_.lock(path) ? 0 : 1;
    is_over = true;
    other.join();
    EXPECT_EQ(refused, 0);
}

TEST_F(RealDiskTest, opens_plain_files_only_when_it_is_asked_to) {
    ASSERT_TRUE(disk_.make_folders(root_ + "/folder"));
    ASSERT_TRUE(disk_.create(root_ + "/file"));
    ASSERT_EQ(symlink((root_ + "/file").c_str(), (root_ + "/link").c_str()), 0);
    ASSERT_EQ(mkfifo((root_ + "/pipe").c_str(), 0600), 0);
    EXPECT_TRUE(disk_.open_plain(root_ + "/file"));
    for (const char* name : {"/folder", "/link", "/pipe"})
        EXPECT_FALSE(disk_.open_plain(root_ + name)) << name;
    testing_disk::expect_code(disk_.open_plain(root_ + "/absent"), Code::not_found,
                              root_ + "/absent");
    const auto listed = disk_.list(root_);
    ASSERT_TRUE(listed);
    std::string plain;
    for (const auto& entry : *listed)
        plain += entry.is_plain ? entry.name + " " : "";
    EXPECT_EQ(plain, "file folder ");
}

TEST_F(RealDiskTest, says_when_a_file_may_not_be_written_further) {
    auto file = disk_.create(root_ + "/f");
    ASSERT_TRUE(file);
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{.rlim_cur = 1'000, .rlim_max = before.rlim_max};
    struct sigaction ignore{};
    struct sigaction was{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGXFSZ, &ignore, &was);
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto written = (*file)->write(std::vector<std::uint8_t>(4'000, 1));
    setrlimit(RLIMIT_FSIZE, &before);
    sigaction(SIGXFSZ, &was, nullptr);
    testing_disk::expect_code(written, Code::disk_full, root_ + "/f");
    EXPECT_EQ((*file)->size(), 1'000U);  // the partial write went as far as it could
}

}  // namespace
}  // namespace nk::host
