#include "archive/compare.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "archive/layout.h"
#include "archive/testing_facts.h"
#include "archive/vcon.h"
#include "base/memory_disk.h"
#include "base/sqlite.h"

namespace nk::archive {
namespace {

using recording::RecordingFacts;
using testing::plain_facts;

const std::string root = "/archive";

// Three recordings of which the first two are one conversation, and a catalogue in a real file.
struct House {
    House() {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        catalogue = std::move(*Catalogue::open(catalogue_path(folder)));
        for (int n = 1; n <= 3; ++n) {
            auto facts = plain_facts("20261123T14230" + std::to_string(n) + "Z-k3v9qd");
            if (n < 3)
                facts.call.conversation_keys = {"session-id:1"};
            facts.tracks[0].media_marks = {~std::uint64_t{0}, 7};
            put(facts);
            EXPECT_TRUE(catalogue->insert(facts));
            ids.push_back(facts.id);
        }
    }
    House(const House&) = delete;
    House& operator=(const House&) = delete;
    ~House() { std::filesystem::remove_all(folder); }

    void put(const RecordingFacts& facts) {
        const std::string path = recording_folder(root, facts.id);
        ASSERT_TRUE(disk.make_folders(path));
        const std::string text = to_vcon(facts);
        disk.put(path + "/" + std::string(vcon_file), {text.begin(), text.end()});
    }
    void tamper(const char* sql) const {
        auto db = Connection::open(catalogue_path(folder), 1000);
        ASSERT_TRUE(db);
        const auto done = db->run(sql);
        ASSERT_TRUE(done) << done.error().what;
    }
    std::vector<std::string> told(const MayCome& may_come = [] { return false; }) {
        const auto verdicts = compare_catalogue(disk, root, catalogue.get(), ids, may_come);
        EXPECT_TRUE(verdicts) << verdicts.error().what;
        std::vector<std::string> sentences;
        for (const auto& verdict : *verdicts)
            sentences.push_back(verdict.id + ": " + verdict.problems.at(0));
        return sentences;
    }

    std::string folder = ::testing::TempDir() + "naklank-compare-test-" +
                         ::testing::UnitTest::GetInstance()->current_test_info()->name();
    MemoryDisk disk;
    std::unique_ptr<Catalogue> catalogue;
    std::vector<std::string> ids;
};

using Sentences = std::vector<std::string>;

TEST(compare_catalogue, finds_no_difference_where_there_is_none) {
    House house;
    EXPECT_EQ(house.told(), Sentences{});
}

TEST(compare_catalogue, finds_a_change_in_any_column_and_any_list) {
    for (const auto& [sql, names] : std::vector<std::pair<const char*, const char*>>{
             {"UPDATE recordings SET summary = 'x' WHERE id LIKE '%03Z%'", "summary"},
             {"UPDATE recordings SET summary = replace(summary, '1001', '1002') "
              "WHERE id LIKE '%03Z%'",
              "summary"},
             {"UPDATE recordings SET started = started + 1 WHERE id LIKE '%03Z%'", "started"},
             {"UPDATE recordings SET lost = 'x', received = 1.5 WHERE id LIKE '%03Z%'",
              "received, lost"},
             {"UPDATE recordings SET conversation = 'x' WHERE id LIKE '%03Z%'", "conversation"},
             {"DELETE FROM parties WHERE number = '1001' AND recording LIKE '%03Z%'", "numbers"},
             {"INSERT INTO keys SELECT 'session-id:1', id FROM recordings WHERE id LIKE '%03Z%'",
              "keys"},
             {"UPDATE marks SET mark = 8 WHERE mark = 7 AND recording LIKE '%03Z%'", "marks"}}) {
        House house;
        house.tamper(sql);
        EXPECT_EQ(house.told(), Sentences{house.ids[2] +
                                          ": the catalogue does not say what the recording says (" +
                                          names + "); naklank rebuild makes its row again"});
    }
}

TEST(compare_catalogue, names_what_only_one_of_the_two_knows) {
    House house;
    house.tamper("DELETE FROM recordings WHERE id LIKE '%03Z%'");
    house.tamper("DELETE FROM parties WHERE recording LIKE '%03Z%'");
    house.tamper("DELETE FROM marks WHERE recording LIKE '%03Z%'");
    house.tamper("INSERT INTO keys VALUES ('session-id:9', '../x')");
    ASSERT_TRUE(house.disk.remove_tree(recording_folder(root, house.ids[0])));
    house.ids.erase(house.ids.begin());
    EXPECT_EQ(
        house.told(),
        (Sentences{"../x: it is in the catalogue, but its folder is gone",
                   "20261123T142301Z-k3v9qd: it is in the catalogue, but its folder is gone",
                   house.ids[1] + ": it is not in the catalogue; naklank rebuild enters it"}));
}

TEST(compare_catalogue, takes_what_a_recorder_publishes_meanwhile_for_no_difference) {
    House house;
    auto facts = plain_facts("20261123T142300Z-aaaaaa");  // the smallest id renames a conversation
    facts.call.conversation_keys = {"session-id:1"};
    house.put(facts);
    ASSERT_TRUE(house.catalogue->insert(facts));
    EXPECT_EQ(house.told(), Sentences{});
}

TEST(compare_catalogue, waits_for_the_row_of_a_recording_that_was_just_published) {
    House house;
    const auto facts = plain_facts("20261123T142309Z-aaaaaa");
    house.put(facts);
    house.ids.push_back(facts.id);
    int looks = 0;
    EXPECT_EQ(house.told([&] { return ++looks < 3; }),
              Sentences{facts.id + ": it is not in the catalogue; naklank rebuild enters it"});
    EXPECT_EQ(looks, 3);
    looks = 0;
    EXPECT_EQ(house.told([&] {
        if (++looks == 2) {
            EXPECT_TRUE(house.catalogue->insert(facts));
        }
        return true;
    }),
              Sentences{});
    EXPECT_EQ(looks, 2);
}

TEST(compare_catalogue, leaves_what_cannot_be_read_to_verify_recording) {
    House house;
    house.disk.put(recording_folder(root, house.ids[0]) + "/" + std::string(vcon_file), {'{'});
    EXPECT_EQ(house.told(), Sentences{});
}

TEST(compare_catalogue, says_that_a_catalogue_is_damaged) {
    House house;
    house.tamper(
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '(started)', "
        "'(ended)') WHERE name = 'recordings_by_start'");
    house.catalogue = std::move(*Catalogue::open(catalogue_path(house.folder)));
    const auto verdicts =
        compare_catalogue(house.disk, root, house.catalogue.get(), house.ids, [] { return false; });
    ASSERT_FALSE(verdicts);
    EXPECT_EQ(verdicts.error().code, Code::malformed) << verdicts.error().what;
}

TEST(compare_catalogue, holds_no_recorder_up_when_it_is_done) {
    House house;
    ASSERT_EQ(house.told(), Sentences{});
    house.tamper("UPDATE recordings SET lost = lost");
    EXPECT_TRUE(house.catalogue->insert(plain_facts()));
}

}  // namespace
}  // namespace nk::archive
