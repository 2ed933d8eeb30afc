#include "app/import/folder_watch.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/memory_disk.h"
#include "base/testing_clock.h"

namespace nk::app {

namespace {

using Paths = std::vector<std::string>;

class House {
public:
    House() { (void)disk.make_folders("/state"); }
    void put(const std::string& path, std::string_view text) {
        (void)disk.make_folders(path.substr(0, path.rfind('/')));
        disk.put(path, {text.begin(), text.end()});
    }
    Paths due_after(Nanos wait) {
        clock.pass(wait);
        return watch.due().value_or(Paths{"cannot be read"});
    }

    MemoryDisk disk;
    testing::HeldClock clock;
    FolderWatch watch{disk, clock, "/phone", "/state/seen.jsonl"};
};

TEST(folder_watch, waits_until_a_file_lies_still) {
    House house;
    house.put("/phone/a.m4a", "1");
    EXPECT_EQ(house.due_after(seconds(1)), Paths{});
    EXPECT_EQ(house.due_after(seconds(9)), Paths{});
    house.put("/phone/a.m4a", "12");  // it grows
    EXPECT_EQ(house.due_after(seconds(2)), Paths{});
    EXPECT_EQ(house.due_after(seconds(9)), Paths{});
    EXPECT_EQ(house.due_after(seconds(1)), Paths{"/phone/a.m4a"});
    house.watch.brought({"/phone/a.m4a"});
    EXPECT_EQ(house.due_after(minutes(60)), Paths{});
}

TEST(folder_watch, brings_it_again_when_it_changed_or_when_a_sidecar_came) {
    House house;
    house.put("/phone/deep/a.m4a", "1");
    house.put("/phone/deep/b.m4a", "1");
    house.put("/phone/.hidden/c.m4a", "1");
    (void)house.due_after(seconds(0));
    const Paths both{"/phone/deep/a.m4a", "/phone/deep/b.m4a"};
    EXPECT_EQ(house.due_after(seconds(10)), both);
    house.watch.brought(both);
    house.put("/phone/deep/a.json", "{}");
    house.put("/phone/deep/b.m4a", "changed");
    EXPECT_EQ(house.due_after(seconds(1)), Paths{});
    EXPECT_EQ(house.due_after(seconds(10)), both);
}

TEST(folder_watch, remembers_what_was_brought) {
    House house;
    house.put("/phone/a.m4a", "1");
    (void)house.due_after(seconds(0));
    EXPECT_EQ(house.due_after(seconds(10)).size(), 1U);
    EXPECT_TRUE(house.watch.is_remembered());
    house.watch.brought({"/phone/a.m4a"});
    EXPECT_FALSE(house.watch.is_remembered());
    ASSERT_TRUE(house.watch.remember());
    FolderWatch next(house.disk, house.clock, "/phone", "/state/seen.jsonl");
    ASSERT_TRUE(next.due());
    house.clock.pass(seconds(11));
    EXPECT_EQ(*next.due(), Paths{});
    house.put("/state/seen.jsonl", "[\"/phone/a.m4a\", \"rotten\"]\nno json\n");
    FolderWatch last(house.disk, house.clock, "/phone", "/state/seen.jsonl");
    ASSERT_TRUE(last.due());
    house.clock.pass(seconds(11));
    EXPECT_EQ(*last.due(), Paths{"/phone/a.m4a"});
}

TEST(folder_watch, tries_what_failed_again_later) {
    House house;
    house.put("/phone/a.m4a", "1");
    (void)house.due_after(seconds(0));
    EXPECT_EQ(house.due_after(seconds(10)).size(), 1U);
    house.watch.failed("/phone/a.m4a");
    EXPECT_EQ(house.due_after(minutes(9)), Paths{});
    EXPECT_EQ(house.due_after(minutes(1)), Paths{"/phone/a.m4a"});
}

TEST(folder_watch, forgets_nothing_while_the_folder_is_gone) {
    House house;
    house.put("/phone/a.m4a", "1");
    (void)house.due_after(seconds(0));
    house.watch.brought(house.due_after(seconds(10)));
    ASSERT_TRUE(house.disk.remove_tree("/phone"));
    EXPECT_FALSE(house.watch.due());
    ASSERT_TRUE(house.disk.make_folders("/phone"));
    EXPECT_EQ(house.due_after(minutes(5)), Paths{});
    house.put("/phone/a.m4a", "1");
    EXPECT_EQ(house.due_after(minutes(5)), Paths{});
    EXPECT_EQ(house.due_after(minutes(5)), Paths{});
}

}  // namespace

}  // namespace nk::app
