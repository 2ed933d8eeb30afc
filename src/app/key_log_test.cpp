#include "app/key_log.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/memory_disk.h"

namespace nk::app {
namespace {

std::string line(char digit) {
    return "CLIENT_RANDOM " + std::string(64, digit) + " 01\n";
}

TEST(KeyLogFile, finds_what_came_later_when_the_log_may_grow) {
    for (const bool may_grow : {true, false}) {
        MemoryDisk disk;
        auto writer = disk.create("/keys");
        ASSERT_TRUE(writer);
        ASSERT_TRUE((*writer)->write(as_bytes(line('a'))));
        auto log = KeyLogFile::open(disk, "/keys", may_grow);
        ASSERT_TRUE(log);
        wire::TlsRandom late;
        late.fill(0xbb);
        ASSERT_TRUE((*writer)->write(as_bytes(line('b'))));
        (*log)->look_again(MonoTime{2'000'000'000});
        EXPECT_EQ((*log)->find(late) != nullptr, may_grow);
    }
}

TEST(KeyLogFile, reads_the_file_that_takes_its_place) {
    for (const bool is_larger : {true, false}) {
        MemoryDisk disk;
        ASSERT_TRUE((*disk.create("/keys"))->write(as_bytes(line('a') + line('b'))));
        auto log = KeyLogFile::open(disk, "/keys", true);
        ASSERT_TRUE(log);
        const std::string later = is_larger ? line('c') + line('d') + line('e') : line('e');
        ASSERT_TRUE((*disk.create("/new"))->write(as_bytes(later)));
        ASSERT_TRUE(disk.rename("/new", "/keys"));
        (*log)->look_again(MonoTime{2'000'000'000});
        for (const std::uint8_t known : {0xaa, 0xee}) {
            wire::TlsRandom client;
            client.fill(known);
            EXPECT_NE((*log)->find(client), nullptr);
        }
    }
}

TEST(KeyLogFile, refuses_too_large_a_log_and_takes_the_end_of_one_that_grows) {
    MemoryDisk disk;
    const std::string filling(limits::tls_key_log_bytes_max, '\n');
    ASSERT_TRUE((*disk.create("/keys"))->write(as_bytes(filling + line('a'))));
    const auto refused = KeyLogFile::open(disk, "/keys", false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::limit);
    auto log = KeyLogFile::open(disk, "/keys", true);
    ASSERT_TRUE(log);
    wire::TlsRandom client;
    client.fill(0xaa);
    EXPECT_NE((*log)->find(client), nullptr);
}

TEST(KeyLogFile, refuses_a_file_that_is_not_there) {
    MemoryDisk disk;
    const auto refused = KeyLogFile::open(disk, "/keys", false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what.find("touch"), std::string::npos);
    const auto refused_live = KeyLogFile::open(disk, "/keys", true);
    ASSERT_FALSE(refused_live);
    EXPECT_EQ(refused_live.error().code, Code::not_found);
    for (const char* part : {"followed as it grows", "touch", "0600"})
        EXPECT_NE(refused_live.error().what.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace nk::app
