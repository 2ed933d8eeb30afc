// What becomes of a recording, as the archive's files tell it.

#include <gtest/gtest.h>

#include "archive/erase.h"
#include "archive/house_files.h"
#include "archive/layout.h"
#include "archive/notes.h"
#include "archive/rebuild.h"
#include "archive/testing_recording.h"
#include "base/memory_disk.h"

namespace nk::archive {
namespace {

using testing::Recorded;

const Act by_anna{"a-1", "Anna", WallTime{1'790'000'000'000'000'000}};

TEST(keeping, reads_a_hold_and_a_removal_as_they_were_written) {
    MemoryDisk disk;
    const std::string id = "20261123T142301Z-k3v9qd";
    Notes notes;
    notes.is_kept = true;
    notes.hold = Hold{by_anna, "Klacht 12", {{"a-2", "Bo", by_anna.at}}};
    notes.removed = by_anna;
    notes.announced = by_anna.at;
    ASSERT_TRUE(disk.make_folders("/a"));
    ASSERT_TRUE(write_notes(disk, "/a", id, notes));
    EXPECT_EQ(*read_notes(disk, "/a", id), notes);
}

TEST(keeping, takes_no_hold_that_cannot_be_read_for_none) {
    MemoryDisk disk;
    const std::string id = "20261123T142301Z-k3v9qd";
    ASSERT_TRUE(disk.make_folders("/a/notes/2026/11/23"));
    for (const std::string text :
         {R"({"format": 1, "hold": true})", R"({"format": 1, "removed": {"at": "soon"}})"}) {
        disk.put("/a/notes/2026/11/23/" + id + ".json", {text.begin(), text.end()});
        EXPECT_FALSE(read_notes(disk, "/a", id)) << text;
    }
}

TEST(house_files, are_read_as_they_were_written) {
    MemoryDisk disk;
    ASSERT_TRUE(disk.make_folders("/a"));
    EXPECT_EQ(*read_retention(disk, "/a"), purpose::usual_rules());
    const std::vector<purpose::RetentionRule> rules{{purpose::Purpose::training, "020 1234567", 30},
                                                    {purpose::Purpose::wording, "", {}}};
    ASSERT_TRUE(write_retention(disk, "/a", rules));
    EXPECT_EQ(*read_retention(disk, "/a"), rules);
    const std::vector<Album> albums{
        {"al-1", "Oma", false, "a-1", {"a-1", "a-2"}, {"20261123T142301Z-k3v9qd"}},
        {"al-2", "Goede gesprekken", true, "a-3", {}, {}}};
    ASSERT_TRUE(write_albums(disk, "/a", albums));
    EXPECT_EQ(*read_albums(disk, "/a"), albums);
    const std::vector<KnownPerson> people{{"p-1", "Jan", {"020 1"}, 3, "abc"},
                                          {"p-2", "Bo", {}, {}}};
    ASSERT_TRUE(write_people(disk, "/a", people));
    EXPECT_EQ(*read_people(disk, "/a"), people);
    const std::vector<std::uint8_t> picture{1, 2, 3};
    ASSERT_TRUE(write_photo(disk, "/a", "p-1", picture));
    EXPECT_EQ(*read_photo(disk, "/a", "p-1"), picture);
    ASSERT_TRUE(remove_photo(disk, "/a", "p-1"));
    EXPECT_FALSE(read_photo(disk, "/a", "p-1"));
    EXPECT_TRUE(take_inventory(disk, "/a")->strangers.empty());
}

TEST(house_files, let_nothing_go_when_the_rules_cannot_be_read) {
    MemoryDisk disk;
    ASSERT_TRUE(disk.make_folders("/a"));
    for (const std::string text :
         {"", "[]", R"({"format": 1})", R"({"format": 1, "rules": [{"purpose": "training"}]})",
          R"({"format": 1, "rules": [{"purpose": "training", "days": 0}]})",
          R"({"format": 1, "rules": [{"purpose": "training", "days": "soon"}]})",
          R"({"format": 1, "rules": [{"purpose": "memory", "line": 31881112233, "days": 5}]})",
          R"({"format": 1, "rules": [{"purpose": "memory", "line": "", "days": 5}]})",
          R"({"format": 1, "rules": [{"purpose": "whim", "days": 5}]})"}) {
        disk.put("/a/retention.json", {text.begin(), text.end()});
        EXPECT_FALSE(read_retention(disk, "/a")) << text;
    }
}

struct Erased {
    Recorded recorded;
    std::unique_ptr<Catalogue> catalogue = Catalogue::open(":memory:").value();

    Erased() { EXPECT_TRUE(catalogue->insert(recorded.facts)); }
    Result<void> erase() {
        return erase_recording(recorded.disk, *catalogue, Recorded::root, recorded.facts.id,
                               by_anna);
    }
    [[nodiscard]] bool is_gone() {
        for (const auto& file : recorded.disk.files())
            if (file.starts_with(day_folder(Recorded::root, recorded.facts.id)))
                return false;
        return catalogue->ids()->empty();
    }
};

TEST(keeping, erases_all_of_a_recording_but_that_it_was_erased) {
    Erased house;
    Notes notes;
    notes.tags = {"geheim"};
    const auto& id = house.recorded.facts.id;
    ASSERT_TRUE(write_notes(house.recorded.disk, Recorded::root, id, notes));
    ASSERT_TRUE(house.erase());
    EXPECT_TRUE(house.is_gone());
    EXPECT_EQ(*read_deletion(house.recorded.disk, Recorded::root, id), by_anna);
    EXPECT_TRUE(read_notes(house.recorded.disk, Recorded::root, id)->tags.empty());
    EXPECT_TRUE(house.erase());
}

// Whichever operation of the disk fails, the recording is there whole, or its file says that it was
// deleted; and what was cut off is done by the next try.
TEST(keeping, ends_an_erasure_that_was_cut_off) {
    for (std::uint64_t n = 1;; ++n) {
        Erased house;
        auto& disk = house.recorded.disk;
        const auto before = disk.contents(house.recorded.path("audio.flac"));
        disk.fail_at(n);
        const bool is_done = house.erase().has_value();
        const bool is_over = !disk.has_failed();
        disk.fail_at(0);
        const auto deletion = read_deletion(disk, Recorded::root, house.recorded.facts.id);
        ASSERT_TRUE(deletion) << n;
        if (!*deletion) {
            EXPECT_EQ(disk.contents(house.recorded.path("audio.flac")), before) << n;
            EXPECT_TRUE(disk.exists(house.recorded.path(std::string(vcon_file)))) << n;
        }
        EXPECT_EQ(is_done, is_over) << n;
        ASSERT_TRUE(house.erase()) << n;
        EXPECT_TRUE(house.is_gone()) << n;
        if (is_over)
            break;
    }
}

TEST(keeping, takes_nothing_up_again_that_was_deleted) {
    Recorded recorded;
    ASSERT_TRUE(write_deletion(recorded.disk, Recorded::root, recorded.facts.id, by_anna));
    Rebuilt report;
    const auto catalogue = index_recordings(recorded.disk, Recorded::root, report);
    ASSERT_TRUE(catalogue);
    EXPECT_TRUE((*catalogue)->ids()->empty());
    ASSERT_EQ(report.unreadable.size(), 1U);
    EXPECT_NE(report.unreadable[0].find("deleted"), std::string::npos);
}

}  // namespace
}  // namespace nk::archive
