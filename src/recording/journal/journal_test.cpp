#include "recording/journal/journal.h"

#include <gtest/gtest.h>

#include "base/memory_disk.h"
#include "recording/journal/reader.h"
#include "recording/testing_call.h"

namespace nk::recording::journal {
namespace {

constexpr const char* folder = "/journal/run";

struct House {
    MemoryDisk disk;
    testing::TestClock clock;

    std::unique_ptr<Journal> begin(const Options& options = {}) {
        auto begun = Journal::begin(disk, clock, folder, options);
        EXPECT_TRUE(begun) << (begun ? "" : begun.error().what);
        return begun ? std::move(*begun) : nullptr;
    }
    std::string segment(std::uint32_t number) const {
        return std::string(folder) + "/" + segment_name(number);
    }
};

struct Seen {
    std::uint64_t call;
    std::string body;
    bool operator==(const Seen&) const = default;
};
std::vector<Seen> scan_all(Disk& disk, Scanned* scanned = nullptr) {
    std::vector<Seen> seen;
    const auto done = scan(disk, folder, [&](const BlockHead& head, const Place&, Bytes body) {
        seen.push_back({head.call, std::string(as_text(body))});
    });
    EXPECT_TRUE(done);
    if (scanned != nullptr && done)
        *scanned = *done;
    return seen;
}

Place append(Journal& journal, std::uint64_t call, const std::string& text) {
    return journal.append(BlockKind::sound, call, as_bytes(text));
}

TEST(journal, gives_back_what_was_written_by_place_and_in_order) {
    House house;
    const auto journal = house.begin();
    const auto one = append(*journal, 7, "one");
    const auto two = append(*journal, 8, std::string(1000, 'x'));
    EXPECT_FALSE(journal->is_written(one));
    ASSERT_TRUE(journal->step());
    EXPECT_TRUE(journal->is_written(two));
    Reader reader(house.disk, folder);
    std::vector<std::uint8_t> room;
    EXPECT_EQ(as_text(*reader.read(one, 7, room)), "one");
    EXPECT_EQ(as_text(*reader.read(two, 8, room)), std::string(1000, 'x'));
    EXPECT_FALSE(reader.read(one, 8, room));  // somebody else's
    EXPECT_EQ(scan_all(house.disk), (std::vector<Seen>{{7, "one"}, {8, std::string(1000, 'x')}}));
}

TEST(journal, goes_on_in_a_new_segment_and_drops_old_ones_from_the_front) {
    House house;
    Options options;
    options.segment_bytes = 300;
    const auto journal = house.begin(options);
    std::vector<Place> places;
    for (std::uint64_t call = 1; call <= 6; ++call)
        places.push_back(append(*journal, call, std::string(200, 'a')));
    ASSERT_TRUE(journal->flush());
    EXPECT_EQ(places.back().segment, 6U);
    // The second is needed no more, but the first still is: a log is cut at its front only.
    journal->release(std::span(places).subspan(1, 1));
    ASSERT_TRUE(journal->step());
    EXPECT_TRUE(house.disk.exists(house.segment(2)));
    journal->release(std::span(places).first(1));
    const std::array<std::uint8_t, 1> sealed{};
    journal->append(BlockKind::sealed, 1, sealed);
    journal->release({});
    EXPECT_TRUE(house.disk.exists(house.segment(1)));  // until that word is on the disk
    ASSERT_TRUE(journal->flush());
    EXPECT_FALSE(house.disk.exists(house.segment(1)));
    EXPECT_FALSE(house.disk.exists(house.segment(2)));
    EXPECT_TRUE(house.disk.exists(house.segment(3)));
    journal->release(std::span(places).subspan(2));
    ASSERT_TRUE(journal->step());
    EXPECT_FALSE(house.disk.exists(house.segment(6)));
    EXPECT_TRUE(house.disk.exists(house.segment(7)));  // what it writes to stays
    ASSERT_TRUE(journal->remove());
    EXPECT_FALSE(house.disk.exists(folder));
}

TEST(journal, is_locked_for_as_long_as_it_lives) {
    House house;
    {
        const auto journal = house.begin();
        const auto other = house.disk.lock(std::string(folder) + "/" + lock_name);
        ASSERT_FALSE(other);
        EXPECT_EQ(other.error().code, Code::busy);
    }
    EXPECT_TRUE(house.disk.lock(std::string(folder) + "/" + lock_name));
}

void staircase_of_starts(Code code) {
    for (std::uint64_t n = 1;; ++n) {
        House house;
        house.disk.fail_at(n, code, MemoryDisk::Failing::once);
        const bool has_begun =
            Journal::begin(house.disk, house.clock, "/archive/.journal/run", {}).has_value();
        if (!house.disk.has_failed()) {
            EXPECT_GT(n, 5U) << "the staircase has too few steps to be one";
            return;
        }
        EXPECT_EQ(house.disk.exists("/archive/.journal/run"), has_begun) << n;
    }
}

TEST(journal, leaves_nothing_of_a_start_that_fails) {
    staircase_of_starts(Code::disk_full);
    staircase_of_starts(Code::refused);
}

TEST(journal, loses_only_the_block_that_was_torn) {
    House house;
    const auto journal = house.begin();
    for (const char* text : {"first", "second", "third"})
        append(*journal, 1, text);
    ASSERT_TRUE(journal->flush());
    const auto whole = *house.disk.contents(house.segment(1));
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        house.disk.put(house.segment(1), {whole.begin(), whole.begin() + static_cast<long>(cut)});
        Scanned scanned;
        const auto seen = scan_all(house.disk, &scanned);
        EXPECT_TRUE(cut < segment_head_bytes || scanned.damaged.empty())
            << cut;                   // torn is not wrong
        const std::size_t zeros = 3;  // behind the last block's body
        EXPECT_LE(seen.size(), cut + zeros < whole.size() ? 2U : 3U);
        for (std::size_t i = 0; i < seen.size(); ++i)
            EXPECT_EQ(seen[i].body, (std::array{"first", "second", "third"}[i]));
    }
}

TEST(journal, loses_only_the_block_that_rotted) {
    House house;
    const auto journal = house.begin();
    for (const char* text : {"first", "second", "third"})
        append(*journal, 1, text);
    ASSERT_TRUE(journal->flush());
    const auto whole = *house.disk.contents(house.segment(1));
    std::size_t lost = 0;
    for (std::size_t at = segment_head_bytes; at < whole.size(); ++at) {
        auto rotten = whole;
        rotten[at] ^= 0x10;
        house.disk.put(house.segment(1), rotten);
        Scanned scanned;
        const auto seen = scan_all(house.disk, &scanned);
        EXPECT_GE(seen.size(), 2U) << at;
        EXPECT_EQ(seen.size() == 2, scanned.damaged.size() + scanned.torn.size() == 1) << at;
        lost += 3 - seen.size();
    }
    EXPECT_GT(lost, 3 * block_head_bytes);  // all but the zeros behind a block are checked
}

// Whatever operation fails first: nothing that was appended is lost, and all of it is there in
// order when the disk works again.
TEST(journal, writes_again_what_a_failing_disk_did_not_take) {
    for (const auto how : {MemoryDisk::Failing::once, MemoryDisk::Failing::from_then_on})
        for (std::uint64_t n = 1; n < 40; ++n) {
            House house;
            Options options;
            options.segment_bytes = 400;
            options.sync_every = Nanos{0};
            const auto journal = house.begin(options);
            ASSERT_TRUE(journal);
            house.disk.fail_at(n, Code::io, how);
            std::vector<Seen> wanted;
            for (std::uint64_t call = 1; call <= 6; ++call) {
                wanted.push_back({call, std::string(100 + call, 'v')});
                append(*journal, call, wanted.back().body);
                if (call % 2 == 0)
                    (void)journal->step();
            }
            house.disk.fail_at(0);
            ASSERT_TRUE(journal->flush()) << n;
            EXPECT_EQ(scan_all(house.disk), wanted) << n;
            EXPECT_EQ(journal->pending_bytes(), 0U);
        }
}

// A caller whose payload is a block does not get it read when the block around it is torn.
TEST(journal, takes_nothing_for_a_block_that_a_caller_made) {
    House house;
    Options options;
    options.seed = 0x1234'5678'9abc'def0;
    const auto journal = house.begin(options);
    Block forged(8);
    forged.add(as_bytes("forged"));
    const Bytes payload = forged.close(BlockKind::sealed, 1, 0);
    append(*journal, 2, "12345678" + std::string(as_text(payload)));
    ASSERT_TRUE(journal->flush());
    auto bytes = *house.disk.contents(house.segment(1));
    bytes[segment_head_bytes + block_head_bytes] ^= 1;
    house.disk.put(house.segment(1), bytes);
    EXPECT_TRUE(scan_all(house.disk).empty());
}

TEST(journal, says_how_long_the_oldest_block_waits_for_the_disk) {
    House house;
    const auto journal = house.begin({.sync_every = seconds(1)});
    EXPECT_EQ(journal->lag(), Nanos{0});
    append(*journal, 1, "first");
    house.clock.mono = house.clock.mono + milliseconds(300);
    append(*journal, 1, "second");
    EXPECT_EQ(journal->lag(), milliseconds(300));
    ASSERT_TRUE(journal->step());  // written, and not yet safe
    EXPECT_EQ(journal->lag(), milliseconds(300));
    house.disk.fail_at(1);
    house.clock.mono = house.clock.mono + seconds(5);
    EXPECT_FALSE(journal->step());
    EXPECT_EQ(journal->lag(), milliseconds(5300));
    house.disk.fail_at(0);
    ASSERT_TRUE(journal->flush());
    EXPECT_EQ(journal->lag(), Nanos{0});
}

TEST(journal, says_when_more_waits_than_may) {
    House house;
    Options options;
    options.pending_bytes_max = 1'000;
    const auto journal = house.begin(options);
    house.disk.fail_at(1);
    append(*journal, 1, std::string(900, 'x'));
    EXPECT_FALSE(journal->is_full());
    append(*journal, 1, std::string(900, 'x'));
    EXPECT_TRUE(journal->is_full());
    EXPECT_FALSE(journal->step());
    EXPECT_TRUE(journal->is_full());
    house.disk.fail_at(0);
    EXPECT_TRUE(journal->step());
    EXPECT_FALSE(journal->is_full());
}

}  // namespace
}  // namespace nk::recording::journal
