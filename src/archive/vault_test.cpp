#include "archive/vault.h"

#include <filesystem>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "archive/layout.h"
#include "archive/reading.h"
#include "archive/testing_facts.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/memory_disk.h"
#include "base/sqlite.h"

namespace nk::archive {
namespace {

using testing::plain_facts;

class StillClock : public Clock {
public:
    [[nodiscard]] MonoTime now() const override { return {}; }
    [[nodiscard]] WallTime wall() const override { return WallTime{1'795'443'800'000'000'000}; }
};

class CountingRandom : public Random {
public:
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out)
            byte = next_++;
    }

private:
    std::uint8_t next_ = 0;
};

const std::string root = "/archive";
constexpr std::string_view sound = "as if it were FLAC";

struct House {
    MemoryDisk disk;
    StillClock clock;
    CountingRandom random;
    std::unique_ptr<Catalogue> catalogue = std::move(*Catalogue::open(":memory:"));
    Vault vault{disk, clock, random, root, catalogue.get()};

    House() { EXPECT_TRUE(disk.make_folders(root)); }
};

// A recording's story up to the last step: a desk, a first name, the sound, its name, described.
Result<recording::Finished> finish_one(Vault& vault, Nanos later = {}) {
    auto facts = plain_facts();
    facts.started = facts.started + later;
    facts.sealed_at = WallTime{};
    facts.audio->bytes = sound.size();
    facts.audio->sha256 = sha256_hex(as_bytes(sound));
    NK_TAKE(auto desk, vault.begin(vault.name(facts.started)));
    {
        NK_TAKE(const auto file, desk->create("part"));
        NK_TRY(file->write(as_bytes(sound)));
    }
    NK_TRY(desk->rename("part", "audio.flac"));
    NK_TRY(desk->describe(facts));
    return recording::Finished{std::move(desk), std::move(facts)};
}

Result<recording::RecordingFacts> record_one(Vault& vault) {
    std::vector<recording::Finished> all;
    NK_TAKE(all.emplace_back(), finish_one(vault));
    NK_TRY(vault.publish(all).front());
    return all.front().facts;
}

// Three at once, of two days; those that cannot even be described are left out.
std::vector<Result<void>> record_three(Vault& vault) {
    std::vector<recording::Finished> all;
    for (const Nanos later : {Nanos(0), Nanos(seconds(24 * 3600)), Nanos(0)})
        if (auto finished = finish_one(vault, later))
            all.push_back(std::move(*finished));
    return vault.publish(all);
}

std::vector<std::string> recordings(Disk& disk) {
    const auto found = take_inventory(disk, root);
    return found ? found->ids : std::vector<std::string>{};
}

TEST(vault, publishes_a_recording_under_its_day_and_in_the_catalogue) {
    House house;
    const auto facts = record_one(house.vault);
    ASSERT_TRUE(facts) << facts.error().what;
    EXPECT_EQ(facts->id, "20261123T142301Z-012345");
    EXPECT_EQ(facts->sealed_at, house.clock.wall());
    EXPECT_EQ(house.disk.files(),
              (std::vector<std::string>{"/archive/2026/11/23/" + facts->id + "/audio.flac",
                                        "/archive/2026/11/23/" + facts->id + "/call.vcon.json"}));
    EXPECT_EQ(*read_facts(house.disk, root, facts->id), *facts);
    EXPECT_EQ(*house.catalogue->ids(), std::vector<std::string>{facts->id});
    EXPECT_TRUE(list_unfinished(house.disk, root).empty());
}

TEST(vault, leaves_nothing_of_a_recording_that_was_not_published) {
    House house;
    {
        auto desk = house.vault.begin(house.vault.name(plain_facts().started));
        ASSERT_TRUE(desk);
        ASSERT_TRUE((*desk)->create("audio.flac"));
        EXPECT_EQ(list_unfinished(house.disk, root).size(), 1U);
    }
    EXPECT_TRUE(list_unfinished(house.disk, root).empty());
    EXPECT_TRUE(recordings(house.disk).empty());
}

TEST(vault, lets_no_name_leave_the_desk) {
    House house;
    const auto desk = house.vault.begin(house.vault.name(plain_facts().started));
    ASSERT_TRUE(desk);
    EXPECT_FALSE((*desk)->create("../audio.flac"));
    EXPECT_FALSE((*desk)->open("/etc/passwd"));
    EXPECT_FALSE((*desk)->rename("a", "b/c"));
}

TEST(vault, gives_two_calls_of_one_second_two_ids) {
    House house;
    // Chance that repeats itself: the same six bytes twice, then others.
    class Stuck : public Random {
    public:
        void fill(std::span<std::uint8_t> out) override {
            for (auto& byte : out)
                byte = static_cast<std::uint8_t>(calls_ / 2);
            ++calls_;
        }

    private:
        int calls_ = 0;
    } stuck;
    Vault vault(house.disk, house.clock, stuck, root, nullptr);
    const auto one = vault.begin(vault.name(plain_facts().started));
    const auto two = vault.begin(vault.name(plain_facts().started));
    ASSERT_TRUE(one && two);
    EXPECT_EQ(list_unfinished(house.disk, root).size(), 2U);
}

TEST(vault, knows_a_recording_by_its_name_and_puts_it_into_the_index) {
    House house;
    Vault unindexed(house.disk, house.clock, house.random, root, nullptr);
    const auto facts = record_one(unindexed);
    ASSERT_TRUE(facts);
    EXPECT_TRUE(house.catalogue->ids()->empty());
    EXPECT_EQ(house.vault.has({facts->id, facts->uuid}), true);
    EXPECT_EQ(*house.catalogue->ids(), std::vector<std::string>{facts->id});
    EXPECT_EQ(house.vault.has({facts->id, "another"}), false);
    EXPECT_EQ(house.vault.has({"../" + facts->id, facts->uuid}), false);
    // Its id is taken, so that one of the same name but for the uuid gets another.
    const auto desk = house.vault.begin({facts->id, "another"});
    ASSERT_TRUE(desk);
    EXPECT_EQ(list_unfinished(house.disk, root).size(), 1U);
    EXPECT_NE(list_unfinished(house.disk, root)[0], facts->id);
}

TEST(vault, enters_a_recording_later_when_the_catalogue_could_not_be_written) {
    House house;
    const std::string path = ::testing::TempDir() + "naklank-vault-later-test.sqlite";
    for (const char* part : {"", "-wal", "-shm"})
        std::filesystem::remove(path + part);
    const auto catalogue = Catalogue::open(path);
    ASSERT_TRUE(catalogue);
    auto other = Connection::open(path, 1000);
    ASSERT_TRUE(other && other->run("ALTER TABLE recordings RENAME TO away"));
    Vault vault(house.disk, house.clock, house.random, root, catalogue->get());
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i) {
        const auto facts = record_one(vault);
        ASSERT_TRUE(facts);
        ids.push_back(facts->id);
    }
    vault.catch_up();  // it is no better yet
    ASSERT_TRUE(vault.catalogue_trouble());
    EXPECT_EQ(vault.catalogue_trouble()->recordings, 3U);
    // One of them is moved away before it is tried again: there is nothing to enter.
    ASSERT_TRUE(house.disk.remove_tree(recording_folder(root, ids.back())));
    ids.pop_back();
    ASSERT_TRUE(other->run("ALTER TABLE away RENAME TO recordings"));
    vault.catch_up();
    EXPECT_FALSE(vault.catalogue_trouble());
    std::sort(ids.begin(), ids.end());
    EXPECT_EQ((*catalogue)->ids(), ids);
    for (const char* part : {"", "-wal", "-shm"})
        std::filesystem::remove(path + part);
}

TEST(vault, catches_up_with_some_of_many_at_a_time) {
    class Seeded : public Random {  // more ids of one second than counting gives
    public:
        void fill(std::span<std::uint8_t> out) override {
            for (auto& byte : out)
                byte = static_cast<std::uint8_t>((state_ = state_ * 1'664'525 + 1) >> 24);
        }

    private:
        std::uint32_t state_ = 1;
    } random;
    House house;
    const std::string path = ::testing::TempDir() + "naklank-vault-many-test.sqlite";
    for (const char* part : {"", "-wal", "-shm"})
        std::filesystem::remove(path + part);
    const auto catalogue = Catalogue::open(path);
    ASSERT_TRUE(catalogue);
    auto other = Connection::open(path, 1000);
    ASSERT_TRUE(other && other->run("ALTER TABLE recordings RENAME TO away"));
    Vault vault(house.disk, house.clock, random, root, catalogue->get());
    constexpr std::size_t many = limits::unlisted_per_turn + 10;
    for (std::size_t i = 0; i < many; ++i)
        ASSERT_TRUE(record_one(vault));
    EXPECT_FALSE(vault.catch_up());  // it is no better yet
    ASSERT_TRUE(other->run("ALTER TABLE away RENAME TO recordings"));
    EXPECT_TRUE(vault.catch_up());
    EXPECT_EQ((*catalogue)->ids()->size(), limits::unlisted_per_turn);
    EXPECT_FALSE(vault.catch_up());
    EXPECT_EQ((*catalogue)->ids()->size(), many);
    EXPECT_FALSE(vault.catalogue_trouble());
    for (const char* part : {"", "-wal", "-shm"})
        std::filesystem::remove(path + part);
}

TEST(vault, names_a_further_recording_of_a_call_the_same_each_time) {
    House house;
    const auto first = house.vault.name(house.clock.wall());
    const auto further = house.vault.further_name(first, 12);
    EXPECT_TRUE(is_id(further.id));
    EXPECT_NE(further.id, first.id);
    EXPECT_EQ(further.id.substr(0, 17), first.id.substr(0, 17));
    EXPECT_NE(further.uuid, first.uuid);
    EXPECT_EQ(further.uuid.size(), first.uuid.size());
    EXPECT_EQ(further.uuid.substr(0, 15), first.uuid.substr(0, 15));  // its time and version
    EXPECT_EQ(house.vault.further_name(first, 12).id, further.id);
    EXPECT_EQ(house.vault.further_name(first, 12).uuid, further.uuid);
    EXPECT_NE(house.vault.further_name(first, 13).id, further.id);
}

TEST(vault, keeps_a_recording_whose_catalogue_fails_and_says_so) {
    House house;
    const std::string path = ::testing::TempDir() + "naklank-vault-test.sqlite";
    for (const char* part : {"", "-wal", "-shm"})
        std::filesystem::remove(path + part);
    const auto catalogue = Catalogue::open(path);
    ASSERT_TRUE(catalogue);
    auto other = Connection::open(path, 1000);
    ASSERT_TRUE(other && other->run("DROP TABLE recordings"));
    Vault vault(house.disk, house.clock, house.random, root, catalogue->get());
    ASSERT_TRUE(record_one(vault));
    ASSERT_TRUE(record_one(vault));
    EXPECT_EQ(recordings(house.disk).size(), 2U);
    ASSERT_TRUE(vault.catalogue_trouble());
    EXPECT_EQ(vault.catalogue_trouble()->recordings, 2U);
    EXPECT_EQ(vault.catalogue_trouble()->first, "the catalogue: no such table: recordings");
}

// What it was made of is let go on that word, so the name must be safe by then.
TEST(vault, says_that_a_recording_is_there_when_it_would_survive_a_power_cut) {
    House house;
    const auto facts = record_one(house.vault);
    ASSERT_TRUE(facts);
    ASSERT_TRUE(house.disk.sync_folder("/"));
    const auto folder = recording_folder(root, facts->id);
    // As when its maker was stopped between the name and its sync.
    ASSERT_TRUE(house.disk.rename(folder, root + "/.incoming/away"));
    ASSERT_TRUE(house.disk.sync_folder(day_folder(root, facts->id)));
    ASSERT_TRUE(house.disk.rename(root + "/.incoming/away", folder));
    Vault later(house.disk, house.clock, house.random, root, house.catalogue.get());
    EXPECT_EQ(later.has({facts->id, facts->uuid}), true);
    house.disk.cut_power();
    EXPECT_EQ(recordings(house.disk), std::vector<std::string>{facts->id});
}

TEST(vault, writes_through_no_link) {
    House house;
    ASSERT_TRUE(house.disk.make_folders(root + "/2026"));
    house.disk.call_a_link(root + "/2026");
    const auto refused = record_one(house.vault);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("/archive/2026 is a link"), std::string::npos);
    EXPECT_TRUE(list_unfinished(house.disk, root).empty());
}

// The row of one of several is refused: the others' rows are entered.
TEST(vault, enters_the_others_when_the_catalogue_refuses_one) {
    House house;
    const std::string path = ::testing::TempDir() + "naklank-vault-one-of-three-test.sqlite";
    for (const char* part : {"", "-wal", "-shm"})
        std::filesystem::remove(path + part);
    const auto catalogue = Catalogue::open(path);
    ASSERT_TRUE(catalogue);
    auto other = Connection::open(path, 1000);
    ASSERT_TRUE(other && other->run("CREATE TRIGGER refuse BEFORE INSERT ON recordings "
                                    "WHEN NEW.id GLOB '20261124*' BEGIN "
                                    "SELECT RAISE(ABORT, 'not this one'); END"));
    Vault vault(house.disk, house.clock, house.random, root, catalogue->get());
    for (const auto& outcome : record_three(vault))
        EXPECT_TRUE(outcome);
    EXPECT_EQ(recordings(house.disk).size(), 3U);
    EXPECT_EQ((*catalogue)->ids()->size(), 2U);
    ASSERT_TRUE(vault.catalogue_trouble());
    EXPECT_EQ(vault.catalogue_trouble()->recordings, 1U);
    for (const char* part : {"", "-wal", "-shm"})
        std::filesystem::remove(path + part);
}

// Whatever operation of the disk fails, once or from then on, a reader sees nothing or the whole
// recording, and an error means nothing appeared or the disk would not even take it back.
void climb(MemoryDisk::Failing how) {
    bool passed = false;
    std::uint64_t steps = 0;
    for (std::uint64_t n = 1; !passed; ++n) {
        ASSERT_LT(n, 200U);
        House house;
        ASSERT_TRUE(record_one(house.vault));  // an earlier one, which must not suffer
        const auto before = house.disk.files();
        house.disk.fail_at(n, Code::disk_full, how);
        const auto outcome = record_one(house.vault);
        passed = !house.disk.has_failed();
        house.disk.fail_at(0);
        const auto ids = recordings(house.disk);
        ASSERT_GE(ids.size(), 1U);
        for (const auto& id : ids) {
            const auto facts = read_facts(house.disk, root, id);
            ASSERT_TRUE(facts) << "operation " << n << ": " << facts.error().what;
            const auto bytes = house.disk.contents(recording_folder(root, id) + "/audio.flac");
            ASSERT_TRUE(bytes) << "operation " << n;
            EXPECT_EQ(as_text(*bytes), sound) << "operation " << n;
        }
        for (const auto& file : before)
            EXPECT_TRUE(house.disk.contents(file)) << "operation " << n << " lost " << file;
        if (outcome || how == MemoryDisk::Failing::once) {
            EXPECT_EQ(ids.size(), outcome ? 2U : 1U) << "operation " << n;
        }
        ++steps;
    }
    EXPECT_GT(steps, 12U);
}

TEST(vault, publishes_several_at_once_under_their_days) {
    House house;
    for (const auto& outcome : record_three(house.vault))
        EXPECT_TRUE(outcome);
    const auto ids = recordings(house.disk);
    ASSERT_EQ(ids.size(), 3U);
    EXPECT_EQ(*house.catalogue->ids(), ids);
    EXPECT_EQ(ids[2].substr(0, 8), "20261124");
    EXPECT_TRUE(list_unfinished(house.disk, root).empty());
    EXPECT_TRUE(record_one(house.vault));  // of the first day again
}

TEST(vault, publishes_what_survives_a_power_cut) {
    House house;
    ASSERT_TRUE(house.disk.sync_folder("/"));
    for (const auto& outcome : record_three(house.vault))
        EXPECT_TRUE(outcome);
    const auto ids = recordings(house.disk);
    house.disk.cut_power();
    EXPECT_EQ(recordings(house.disk), ids);
    for (const auto& id : ids)
        EXPECT_EQ(as_text(*house.disk.contents(recording_folder(root, id) + "/audio.flac")), sound);
}

// An operation that fails costs the recordings that it was for, and no other.
TEST(vault, shows_the_others_when_one_of_several_fails) {
    bool passed = false;
    for (std::uint64_t n = 1; !passed; ++n) {
        ASSERT_LT(n, 200U);
        House house;
        house.disk.fail_at(n, Code::disk_full, MemoryDisk::Failing::once);
        std::size_t appeared = 0;
        for (const auto& outcome : record_three(house.vault))
            appeared += outcome ? 1 : 0;
        passed = !house.disk.has_failed();
        house.disk.fail_at(0);
        const auto ids = recordings(house.disk);
        EXPECT_EQ(ids.size(), appeared) << "operation " << n;
        EXPECT_GE(appeared, passed ? 3U : 1U) << "operation " << n;
        EXPECT_EQ(*house.catalogue->ids(), ids) << "operation " << n;
        for (const auto& id : ids) {
            EXPECT_TRUE(read_facts(house.disk, root, id)) << "operation " << n;
            const auto bytes = house.disk.contents(recording_folder(root, id) + "/audio.flac");
            ASSERT_TRUE(bytes) << "operation " << n;
            EXPECT_EQ(as_text(*bytes), sound) << "operation " << n;
        }
        EXPECT_TRUE(list_unfinished(house.disk, root).empty()) << "operation " << n;
    }
}

TEST(vault, shows_nothing_or_the_whole_when_one_operation_fails) {
    climb(MemoryDisk::Failing::once);
}

TEST(vault, shows_nothing_or_the_whole_when_the_disk_fails_for_good) {
    climb(MemoryDisk::Failing::from_then_on);
}

}  // namespace
}  // namespace nk::archive
