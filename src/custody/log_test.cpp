#include "custody/log.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/memory_disk.h"
#include "base/testing_clock.h"

namespace nk::custody {
namespace {

const std::string folder = "/state/custody";

struct House {
    House() { (void)make_lasting_folders(disk, "/state"); }
    std::unique_ptr<Log> open() {
        auto opened = Log::open(disk, clock, folder);
        EXPECT_TRUE(opened);
        return *std::move(opened);
    }
    std::vector<Entry> read(const Filter& filter = {}) {
        auto read = Log::read(disk, folder, filter);
        EXPECT_TRUE(read);
        return read ? *std::move(read) : std::vector<Entry>();
    }
    Check check() {
        auto check = Log::check(disk, folder);
        EXPECT_TRUE(check);
        return check ? *std::move(check) : Check();
    }
    std::string text_of(const std::string& name) {
        const auto bytes = disk.contents(folder + "/" + name).value();
        return std::string(bytes.begin(), bytes.end());
    }
    void put(const std::string& name, const std::string& text) {
        disk.put(folder + "/" + name, {text.begin(), text.end()});
    }
    MemoryDisk disk;
    nk::testing::HeldClock clock;
};

Event heard(const std::string& who, std::int64_t from_ms = 0) {
    return {"heard", who, "192.0.2.1", "20261123T142301Z-k3v9qd", from_ms, from_ms + 1'000, ""};
}

TEST(custody_log, tells_what_it_was_told_newest_first) {
    House house;
    auto log = house.open();
    EXPECT_EQ(log->append(heard("anna")), 1U);
    EXPECT_EQ(log->append({"denied", "bert", "2001:db8::1", "", {}, {}, "not-yours"}), 2U);
    const auto entries = house.read();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].event, (Event{"denied", "bert", "2001:db8::1", "", {}, {}, "not-yours"}));
    EXPECT_EQ(entries[1].event, heard("anna"));
    EXPECT_EQ(entries[1].number, 1U);
    EXPECT_EQ(entries[1].at, house.clock.on_wall);
    EXPECT_TRUE(house.check().problems.empty());
}

TEST(custody_log, is_lines_whose_chain_a_stranger_can_follow) {
    House house;
    auto log = house.open();
    ASSERT_TRUE(log->append(heard("anna")));
    ASSERT_TRUE(log->append(heard("anna", 1'000)));
    const auto text = house.text_of("000000000001.jsonl");
    const auto first = text.substr(0, text.find('\n'));
    EXPECT_NE(text.find("\"before\":\"" + std::string(64, '0') + "\""), std::string::npos);
    EXPECT_NE(text.find("\"before\":\"" + sha256_hex(as_bytes(first)) + "\""), std::string::npos);
}

TEST(custody_log, finds_by_who_what_recording_and_number) {
    House house;
    auto log = house.open();
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(log->append(heard(i % 2 == 0 ? "anna" : "bert", i)));
    EXPECT_EQ(house.read({.who = "anna"}).size(), 5U);
    EXPECT_EQ(house.read({.what = "denied"}).size(), 0U);
    EXPECT_EQ(house.read({.recording = "20261123T142301Z-k3v9qd", .limit = 3}).size(), 3U);
    const auto older = house.read({.before = 4});
    ASSERT_EQ(older.size(), 3U);
    EXPECT_EQ(older[0].number, 3U);
}

TEST(custody_log, goes_on_where_the_process_before_stopped) {
    House house;
    for (std::uint64_t run = 1; run <= 3; ++run)
        EXPECT_EQ(house.open()->append(heard("anna")), run);
    (void)house.open();  // and says nothing
    EXPECT_EQ(house.open()->append(heard("anna")), 4U);
    EXPECT_EQ(house.check().events, 4U);
    EXPECT_TRUE(house.check().problems.empty());
    EXPECT_EQ(house.read({.before = 3}).size(), 2U);
}

TEST(custody_log, notices_each_line_that_was_changed_or_taken_away) {
    House house;
    auto log = house.open();
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(log->append(heard("anna", i)));
    const auto text = house.text_of("000000000001.jsonl");
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
        lines.push_back(text.substr(at, text.find('\n', at) + 1 - at));
    for (std::size_t spoilt = 0; spoilt + 1 < lines.size(); ++spoilt) {
        std::string changed;
        std::string without;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            auto line = lines[i];
            if (i == spoilt)
                line.replace(line.find("anna"), 4, "bert");
            else
                without += lines[i];
            changed += line;
        }
        house.put("000000000001.jsonl", changed);
        EXPECT_EQ(house.check().problems.size(), 1U) << spoilt;
        house.put("000000000001.jsonl", without);
        EXPECT_EQ(house.check().problems.size(), 1U) << spoilt;
    }
}

// Whatever the disk does at its n-th operation: what append() said is kept, and the chain is whole.
TEST(custody_log, keeps_what_it_said_it_kept_whatever_the_disk_does) {
    for (const auto how : {MemoryDisk::Failing::once, MemoryDisk::Failing::from_then_on})
        for (std::uint64_t n = 1;; ++n) {
            House house;
            std::vector<std::uint64_t> kept;
            house.disk.fail_at(n, Code::disk_full, how);
            if (auto log = Log::open(house.disk, house.clock, folder))
                for (int i = 0; i < 6; ++i) {
                    if (const auto number = (*log)->append(heard("anna", i)))
                        kept.push_back(*number);
                    if (i == 3)
                        house.disk.fail_at(0);
                }
            const bool is_over = !house.disk.has_failed();
            house.disk.fail_at(0);
            house.disk.cut_power();
            if (house.disk.exists(folder)) {
                std::vector<std::uint64_t> read;
                for (const auto& entry : house.read())
                    read.insert(read.begin(), entry.number);
                EXPECT_EQ(read, kept) << n;
                EXPECT_TRUE(house.check().problems.empty()) << n;
            } else {
                EXPECT_TRUE(kept.empty());
            }
            if (is_over)
                break;
            ASSERT_LT(n, 200U);
        }
}

}  // namespace
}  // namespace nk::custody
