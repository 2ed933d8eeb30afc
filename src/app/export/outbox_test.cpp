// Files for elsewhere on a disk that fails: there is the whole file, or none.

#include "app/export/outbox.h"

#include <gtest/gtest.h>

#include "base/memory_disk.h"

namespace nk::app {
namespace {

const std::vector<std::uint8_t> words{'w', 'o', 'r', 'd', 's'};

Result<void> write_words(File& file) {
    NK_TRY(file.write(Bytes(words).first(2)));
    return file.write(Bytes(words).subspan(2));
}

struct House {
    House() { (void)disk.make_folders("/out"); }
    MemoryDisk disk;
    bool is_stopped = false;
    Outbox outbox{disk, [this] { return is_stopped; }};
    Result<void> put() {
        NK_TRY(outbox.make_folders("/out/2026"));
        NK_TRY(outbox.fill("/out/2026/.part", write_words));
        return outbox.appear("/out/2026/.part", "/out/2026/call");
    }
};

TEST(outbox, gives_a_file_its_name_when_it_is_whole) {
    House house;
    house.disk.put("/out/2026/.part", {'o', 'l', 'd'});  // of an export that was broken off
    ASSERT_TRUE(house.put());
    EXPECT_EQ(house.disk.files(), std::vector<std::string>{"/out/2026/call"});
    EXPECT_EQ(house.disk.contents("/out/2026/call"), words);
    EXPECT_FALSE(house.outbox.has_failed());
}

TEST(outbox, leaves_nothing_wherever_the_disk_fails) {
    std::uint64_t n = 1;
    for (;; ++n) {
        House house;
        house.disk.fail_at(n, Code::disk_full, MemoryDisk::Failing::once);
        const auto done = house.put();
        if (!house.disk.has_failed())
            break;
        // Looking for what an earlier export left may fail, too: then nothing is taken away.
        if (done) {
            EXPECT_EQ(house.disk.contents("/out/2026/call"), words) << n;
            continue;
        }
        EXPECT_EQ(house.disk.files(), std::vector<std::string>{}) << n;
        EXPECT_TRUE(house.outbox.has_failed()) << n;
        EXPECT_EQ(done.error().code, Code::disk_full);
    }
    EXPECT_GT(n, 6U);
}

TEST(outbox, tells_what_it_was_given_from_what_it_writes_to) {
    House house;
    const auto done = house.outbox.fill("/out/.part", [](File&) -> Result<void> {
        return refuse(Code::malformed, Blame::machine, "what was to be read is damaged");
    });
    ASSERT_FALSE(done);
    EXPECT_FALSE(house.outbox.has_failed());
    EXPECT_EQ(house.disk.files(), std::vector<std::string>{});
}

TEST(outbox, ends_in_the_middle_of_a_file_when_somebody_says_stop) {
    House house;
    const auto done = house.outbox.fill("/out/.part", [&](File& file) -> Result<void> {
        NK_TRY(file.write(words));
        house.is_stopped = true;
        return file.write(words);
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().what, "it was stopped");
    EXPECT_FALSE(house.outbox.has_failed());
    EXPECT_EQ(house.disk.files(), std::vector<std::string>{});
}

TEST(outbox, takes_no_folder_away_that_has_the_name_of_a_part) {
    House house;
    ASSERT_TRUE(house.disk.make_folders("/out/.part/in it"));
    EXPECT_FALSE(house.outbox.fill("/out/.part", write_words));
    EXPECT_TRUE(house.disk.exists("/out/.part/in it"));
}

}  // namespace
}  // namespace nk::app
