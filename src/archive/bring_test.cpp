#include "archive/bring.h"

#include <gtest/gtest.h>

#include "archive/catalogue.h"
#include "archive/layout.h"
#include "archive/testing_facts.h"
#include "archive/vault.h"
#include "base/bytes.h"
#include "base/memory_disk.h"
#include "base/testing_clock.h"
#include "base/testing_random.h"

namespace nk::archive {
namespace {

struct House {
    House() { (void)disk.make_folders("/a"); }
    std::unique_ptr<Bringing> begin() { return *Bringing::begin(disk, clock, random, "/a"); }
    std::size_t folders() {
        std::size_t count = 0;
        const auto entries = disk.list("/a/.incoming");
        for (const auto& entry : *entries)
            count += entry.is_folder ? 1 : 0;
        return count;
    }
    MemoryDisk disk;
    nk::testing::HeldClock clock;
    nk::testing::StirredRandom random;
};

TEST(bring, takes_away_what_one_left_that_was_cut_off_and_nothing_of_one_that_runs) {
    House house;
    const auto running = house.begin();
    const auto mine = *running->place();
    ASSERT_TRUE(house.disk.make_folders("/a/.incoming/import-dead00/1"));
    house.disk.put("/a/.incoming/import-dead00/lock", {});
    house.disk.put("/a/.incoming/import-dead00/1/original.m4a", {1, 2, 3});
    ASSERT_TRUE(house.disk.make_folders("/a/.incoming/20261123T142301Z-k3v9qd"));
    const auto other = house.begin();
    EXPECT_FALSE(house.disk.exists("/a/.incoming/import-dead00"));
    EXPECT_TRUE(house.disk.exists(mine->folder()));
    EXPECT_TRUE(house.disk.exists("/a/.incoming/20261123T142301Z-k3v9qd"));  // a recorder's
    // Of what runs nobody is told; of what was left, they are.
    EXPECT_EQ(list_unfinished(house.disk, "/a"),
              std::vector<std::string>{"20261123T142301Z-k3v9qd"});
}

TEST(bring, leaves_nothing_when_it_ends) {
    House house;
    {
        const auto bringing = house.begin();
        const auto desk = *bringing->place();
        ASSERT_TRUE((*desk->create("original.m4a"))->write(as_bytes("x")));
        ASSERT_TRUE(house.disk.make_folders(bringing->scratch()));
        EXPECT_EQ(house.folders(), 1U);
    }
    EXPECT_EQ(house.folders(), 0U);
}

TEST(bring, lets_one_at_a_time_bring) {
    House house;
    const auto one = house.begin();
    const auto other = house.begin();
    {
        const auto turn = one->turn();
        ASSERT_TRUE(turn);
        EXPECT_EQ(other->turn().error().code, Code::busy);
    }
    EXPECT_TRUE(other->turn());
}

TEST(bring, makes_a_recording_that_is_known_by_its_file_and_its_sound) {
    House house;
    const auto catalogue = *Catalogue::open(":memory:");
    Vault vault(house.disk, house.clock, house.random, "/a", catalogue.get());
    const auto bringing = house.begin();
    auto desk = *bringing->place();
    ASSERT_TRUE((*desk->create("original.m4a"))->write(as_bytes("sound")));
    auto facts = testing::plain_facts();
    facts.brought.emplace();
    facts.brought->essence = std::string(64, 'e');
    facts.audio->file = "original.m4a";
    ASSERT_TRUE(bringing->name(*desk, facts.started));
    ASSERT_TRUE(desk->describe(facts));
    std::vector<recording::Finished> all;
    all.push_back({std::move(desk), facts});
    const auto done = vault.publish(all);
    ASSERT_TRUE(done[0]) << done[0].error().what;
    const auto id = all[0].facts.id;
    EXPECT_TRUE(house.disk.exists(recording_folder("/a", id) + "/original.m4a"));
    EXPECT_EQ(*catalogue->with_key("sound:" + std::string(64, 'e')), id);
    EXPECT_EQ(*catalogue->with_key("file:" + facts.audio->sha256), id);
    EXPECT_EQ(*catalogue->with_key("file:" + std::string(64, 'f')), std::nullopt);
}

}  // namespace
}  // namespace nk::archive
