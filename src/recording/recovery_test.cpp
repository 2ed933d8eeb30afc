#include "recording/recovery.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "recording/journal/folder.h"
#include "recording/testing_left.h"

namespace nk::recording {
namespace {

using testing::aside_folder;
using testing::began;
using testing::began_wall;
using testing::crash_and_recover;
using testing::files_in;
using testing::heard_alaw;
using testing::left_channel;
using testing::next_segment;
using testing::resumed;
using testing::small_segments;
using testing::speak_in_segments;
using testing::Speaker;
using testing::TestHouse;
using testing::words;

TEST(recovery, finishes_a_call_that_was_over) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(100);
    speaker.call.ending = call::Ending::bye;
    house.recorder->ends(speaker.call, began + seconds(2));
    ASSERT_TRUE(house.log->flush());
    const auto sealed = crash_and_recover(house);
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    EXPECT_EQ(sealed[0].facts->call.ending, call::Ending::bye);
    EXPECT_EQ(left_channel(house.shelf, "id-1"), words(100));
    EXPECT_FALSE(house.disk.exists(TestHouse::journal_folder));
}

TEST(recovery, declares_where_a_running_call_was_cut_off) {
    TestHouse house;
    Speaker speaker(house);
    house.clock.at = began_wall + seconds(2);
    speaker.say(110);
    ASSERT_TRUE(house.log->flush());
    speaker.say(5);  // in memory only
    const auto sealed = crash_and_recover(house);
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    const auto& facts = *sealed[0].facts;
    EXPECT_EQ(facts.call.ending, call::Ending::recorder_stopped);
    ASSERT_FALSE(facts.call.events.empty());
    EXPECT_EQ(facts.call.events.back().what, "recorder-stopped");
    EXPECT_EQ(facts.call.events.back().detail,
              "stopped 2023-11-14T22:13:22.000Z, resumed 2023-11-14T22:14:20.000Z");
    const auto heard = left_channel(house.shelf, "id-1");
    // A chunk is at most half a second old when it goes to the disk.
    EXPECT_GE(heard.size(), (110U - 26U) * 160U);
    EXPECT_EQ(heard, words(static_cast<std::uint32_t>(heard.size() / 160)));
}

// The key stands in the journal beside what it opens, and nowhere else.
TEST(recovery, decrypts_with_the_keys_of_the_journal) {
    // Of the scenes' sender: AES_CM_128_HMAC_SHA1_80, key and salt are 0, 1, 2 ...
    const std::vector<std::uint8_t> packet{0x80, 0x08, 0x12, 0x34, 0x00, 0x00, 0xa0, 0xb0, 0xca,
                                           0xfe, 0xba, 0xbe, 0x10, 0x3f, 0x22, 0xee, 0x57, 0x9c,
                                           0x4f, 0x03, 0x7f, 0x03, 0x76, 0xbc, 0xc0, 0x29};
    TestHouse house;
    call::Call call(1, began, began_wall);
    call.slot = 1;
    call.answered = call.invited = began;
    call.media_packets = 1;
    call.lines.push_back({"audio", {}});
    auto& sides = call.lines[0].sides;
    sides[0].emplace().secured = true;
    sides[1].emplace().secured = true;
    auto& track = *call.track(0, 0);
    house.recorder->hears(call, track,
                          {.arrival = began,
                           .ssrc = 0xcafebabe,
                           .timestamp = 0xa0b0,
                           .sequence = 0x1234,
                           .payload_type = 8,
                           .payload = Bytes(packet).subspan(12),
                           .whole = packet});
    // The key is told after the packet came.
    wire::SrtpKey key;
    for (std::uint8_t i = 0; i < 30; ++i)
        key.key.push_back(i);
    call.learn_crypto(0, 0, {{1, "AES_CM_128_HMAC_SHA1_80", {key}}});
    ASSERT_TRUE(call.refresh_tracks(began));
    house.recorder->learns(call, track, began);
    house.recorder->ends(call, began + seconds(1));
    ASSERT_TRUE(house.log->flush());
    const auto sealed = crash_and_recover(house);
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    EXPECT_EQ(sealed[0].facts->tracks.at(0).srtp, "AES_CM_128_HMAC_SHA1_80");
    EXPECT_EQ(left_channel(house.shelf, "id-1"), heard_alaw({'s', 'a', 'i', 'd'}));
}

TEST(recovery, makes_no_second_recording_of_one_that_had_appeared) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(50);
    house.recorder->ends(speaker.call, began + seconds(1));
    ASSERT_TRUE(house.log->flush());
    // Everything but the journal's word of it.
    while (house.sealer->step()) {
    }
    EXPECT_EQ(house.shelf.desks.size(), 1U);
    EXPECT_TRUE(crash_and_recover(house).empty());
    EXPECT_EQ(house.shelf.desks.size(), 1U);
    EXPECT_FALSE(house.disk.exists(TestHouse::journal_folder));
}

TEST(recovery, leaves_the_journal_of_a_running_recorder_alone) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(100);
    ASSERT_TRUE(house.log->flush());
    const auto recovered = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(recovered);
    EXPECT_TRUE(recovered->jobs.empty());
    EXPECT_EQ(recovered->in_use, std::vector<std::string>{TestHouse::journal_folder});
}

TEST(recovery, takes_away_nothing_that_it_could_not_read) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(100);
    ASSERT_TRUE(house.log->flush());
    const std::string path =
        std::string(TestHouse::journal_folder) + "/" + journal::segment_name(1);
    auto bytes = *house.disk.contents(path);
    bytes[9] ^= 1;  // its own number
    house.disk.put(path, bytes);
    house.disk.put(std::string(TestHouse::journal_folder) + "/" + journal::seed_name, {1});
    house.disk.put("/journal/notes/letter", {1});
    EXPECT_TRUE(crash_and_recover(house).empty());
    EXPECT_EQ(house.disk.contents(aside_folder + "/" + journal::segment_name(1)), bytes);
    EXPECT_TRUE(house.disk.exists("/journal/notes/letter"));
}

TEST(recovery, takes_away_no_file_that_is_not_the_journals) {
    const std::vector<std::string> names{"1.journal.old", "backup.journal", "letter", "lock.bak",
                                         "notes/seed"};
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    std::vector<std::string> strangers;
    for (const auto& name : names)
        strangers.push_back(std::string(TestHouse::journal_folder) + "/" + name);
    for (const auto& path : strangers)
        house.disk.put(path, {1});
    auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->strangers.size(), names.size());
    EXPECT_TRUE(found->damaged.empty());  // a journal's name is a number
    for (auto& job : std::exchange(found->jobs, {}))
        house.sealer->push(std::move(job));
    house.settle_sealing();
    EXPECT_EQ(house.sealer->take().size(), 3U);
    EXPECT_EQ(house.disk.files(), strangers);
    // Named once; a folder in which nothing is ours any more is somebody else's.
    found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->strangers.empty());
    EXPECT_TRUE(found->damaged.empty());
    EXPECT_EQ(house.disk.files(), strangers);
}

TEST(recovery, is_not_worried_by_a_last_segment_that_holds_nothing_yet) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    house.disk.put(std::string(TestHouse::journal_folder) + "/" +
                       journal::segment_name(next_segment(house.disk)),
                   std::vector<std::uint8_t>(journal::segment_head_bytes, 0));
    auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->damaged.empty());
    EXPECT_EQ(found->torn.size(), 1U);
    for (auto& job : std::exchange(found->jobs, {}))
        house.sealer->push(std::move(job));
    house.settle_sealing();
    EXPECT_EQ(house.sealer->take().size(), 3U);
    EXPECT_TRUE(house.disk.files().empty());
}

// Stopped at any step: what is left of a run that is done is not damaged, and goes the next time.
TEST(recovery, finishes_a_run_when_it_is_stopped_while_that_is_taken_away) {
    for (std::uint64_t n = 1;; ++n) {
        TestHouse house({}, small_segments());
        speak_in_segments(house);
        house.disk.fail_at(n);
        if (auto found = recover(house.disk, "/journal", resumed)) {
            for (auto& job : std::exchange(found->jobs, {}))
                house.sealer->push(std::move(job));
            house.settle_sealing();
        }
        const bool has_failed = house.disk.has_failed();
        house.crash();
        house.disk.fail_at(0);
        auto found = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->damaged.empty()) << n << ": " << found->damaged.front();
        for (auto& job : std::exchange(found->jobs, {}))
            house.sealer->push(std::move(job));
        house.settle_sealing();
        EXPECT_TRUE(house.disk.files().empty()) << n;
        EXPECT_EQ(house.shelf.desks.size(), 3U) << n;
        if (!has_failed || ::testing::Test::HasFailure()) {
            EXPECT_GT(n, 20U) << "the staircase has too few steps to be one";
            return;
        }
    }
}

TEST(recovery, says_in_one_sentence_that_it_may_not_take_runs_up) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(100);
    ASSERT_TRUE(house.log->flush());
    house.crash();
    house.disk.put("/journal/20260102T000000Z-bbbbbb/lock", {});
    // The root and then the first run are listed; from then on nothing may be made.
    house.disk.fail_at(3, Code::refused);
    const auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->jobs.empty());
    ASSERT_EQ(found->damaged.size(), 1U);
    EXPECT_TRUE(found->damaged[0].starts_with("2 runs in /journal wait for recovery"))
        << found->damaged[0];
    house.disk.fail_at(0);
    EXPECT_EQ(crash_and_recover(house).size(), 1U);
}

TEST(recovery, takes_no_file_of_somebody_else_for_the_word_that_a_run_is_done) {
    TestHouse other({}, small_segments());
    const auto others_seed =
        *other.disk.contents(std::string(TestHouse::journal_folder) + "/" + journal::seed_name);
    journal::Options options = small_segments();
    options.seed = 7;
    for (const auto& bytes : {std::vector<std::uint8_t>{}, others_seed}) {
        TestHouse house({}, options);
        speak_in_segments(house);
        const std::string done = std::string(TestHouse::journal_folder) + "/" + journal::done_name;
        house.disk.put(done, bytes);
        auto found = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->damaged.empty());
        EXPECT_EQ(found->strangers, std::vector<std::string>{done});
        for (auto& job : std::exchange(found->jobs, {}))
            house.sealer->push(std::move(job));
        house.settle_sealing();
        EXPECT_EQ(house.sealer->take().size(), 3U);
        EXPECT_EQ(house.disk.files(), std::vector<std::string>{done});
    }
}

TEST(recovery, names_what_is_no_segment_and_recovers_the_rest) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    const std::string run = TestHouse::journal_folder;
    const auto next = next_segment(house.disk);
    house.disk.put(run + "/" + journal::segment_name(next) + "/letter", {1});
    house.disk.put(run + "/" + journal::segment_name(next + 1), {1});
    house.disk.call_a_link(run + "/" + journal::segment_name(next + 1));
    auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->damaged.size(), 3U);  // and that the run is put aside
    EXPECT_TRUE(found->damaged[0].starts_with(run + "/" + journal::segment_name(next) + " is no"));
    EXPECT_TRUE(
        found->damaged[1].starts_with(run + "/" + journal::segment_name(next + 1) + " is no"));
    for (auto& job : std::exchange(found->jobs, {}))
        house.sealer->push(std::move(job));
    house.settle_sealing();
    EXPECT_EQ(house.sealer->take().size(), 3U);
    EXPECT_TRUE(house.disk.exists(aside_folder + "/" + journal::segment_name(next + 1)));
}

TEST(recovery, reads_no_more_than_a_segment_holds) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(100);
    house.recorder->ends(speaker.call, began + seconds(2));
    ASSERT_TRUE(house.log->flush());
    house.crash();
    const std::string path =
        std::string(TestHouse::journal_folder) + "/" + journal::segment_name(1);
    auto bytes = *house.disk.contents(path);
    const auto blocks = bytes;
    bytes.resize(limits::journal_segment_bytes);
    bytes.insert(bytes.end(), blocks.begin(), blocks.end());
    house.disk.put(path, bytes);
    auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->jobs.size(), 1U);
    ASSERT_FALSE(found->damaged.empty());
    EXPECT_EQ(found->damaged[0], path + ": " + std::to_string(blocks.size()) +
                                     " bytes from byte 67108864 on are more than a segment " +
                                     "holds, and were not read");
    for (auto& job : std::exchange(found->jobs, {}))
        house.sealer->push(std::move(job));
    house.settle_sealing();
    EXPECT_EQ(house.disk.contents(aside_folder + "/" + journal::segment_name(1)), bytes);
}

// Whatever it stood at: nothing is lost, and the next one makes recordings of all.
TEST(recovery, leaves_what_is_not_read_when_nobody_waits) {
    for (int patience = 0;; ++patience) {
        TestHouse house({}, small_segments());
        speak_in_segments(house);
        const auto before = files_in(house.disk, TestHouse::journal_folder);
        int asked = 0;
        const auto found =
            recover(house.disk, "/journal", resumed, [&] { return asked++ < patience; });
        ASSERT_TRUE(found);
        EXPECT_TRUE(found->damaged.empty());
        if (!found->is_left) {
            EXPECT_EQ(found->jobs.size(), 3U);
            EXPECT_GT(patience, 10);
            return;
        }
        EXPECT_TRUE(found->jobs.empty());
        EXPECT_EQ(asked - patience, asked == 1 ? 1 : 2);  // it asks no more when it was told
        EXPECT_EQ(files_in(house.disk, TestHouse::journal_folder), before);
        EXPECT_EQ(crash_and_recover(house).size(), 3U);
    }
}

TEST(recovery, follows_no_link_to_a_run) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    house.disk.call_a_link(TestHouse::journal_folder);
    const auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->jobs.empty());
    EXPECT_EQ(found->strangers, std::vector<std::string>{TestHouse::journal_folder});
}

TEST(recovery, takes_away_a_run_that_holds_nothing) {
    MemoryDisk disk;
    disk.put(std::string(TestHouse::journal_folder) + "/" + journal::lock_name, {});
    disk.put(std::string(TestHouse::journal_folder) + "/" + journal::seed_name, {1, 2});
    ASSERT_TRUE(disk.make_folders("/journal/20260102T000000Z-bbbbbb"));
    const auto found = recover(disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->damaged.empty());
    EXPECT_TRUE(found->strangers.empty());
    EXPECT_FALSE(disk.exists(TestHouse::journal_folder));
    EXPECT_FALSE(disk.exists("/journal/20260102T000000Z-bbbbbb"));
}

TEST(recovery, keeps_what_stands_before_and_behind_a_damaged_block) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(200);
    house.recorder->ends(speaker.call, began + seconds(4));
    ASSERT_TRUE(house.log->flush());
    const std::string path =
        std::string(TestHouse::journal_folder) + "/" + journal::segment_name(1);
    auto bytes = *house.disk.contents(path);
    bytes[bytes.size() / 2] ^= 1;
    house.disk.put(path, bytes);
    const auto sealed = crash_and_recover(house);
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    const auto& counts = sealed[0].facts->tracks.at(0).packets;
    EXPECT_GT(counts.received, 150U);
    EXPECT_EQ(counts.received + counts.lost, 200U);
}

// Its tracks are described in it, and then again.
TEST(recovery, loses_the_beginning_of_a_call_with_its_first_block_and_no_more) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(1'500);
    house.recorder->ends(speaker.call, began + seconds(30));
    ASSERT_TRUE(house.log->flush());
    std::optional<journal::Place> first;
    ASSERT_TRUE(journal::scan(house.disk, TestHouse::journal_folder,
                              [&](const auto& head, const auto& place, Bytes) {
                                  if (head.kind == journal::BlockKind::sound && !first)
                                      first = place;
                              }));
    ASSERT_TRUE(first);
    const std::string path =
        std::string(TestHouse::journal_folder) + "/" + journal::segment_name(1);
    auto bytes = *house.disk.contents(path);
    bytes[first->offset + first->bytes / 2] ^= 1;
    house.disk.put(path, bytes);
    const auto sealed = crash_and_recover(house);
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    ASSERT_EQ(sealed[0].facts->tracks.size(), 1U);
    EXPECT_GT(sealed[0].facts->tracks[0].packets.received, 950U);
}

// Somebody copied a run beside itself, and both are taken up.
TEST(recovery, makes_one_recording_of_a_call_that_lies_in_two_journals) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    for (const auto& [name, bytes] : files_in(house.disk, TestHouse::journal_folder))
        house.disk.put(std::string(TestHouse::journal_folder) + "-copy" + name, bytes);
    auto found = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->jobs.size(), 6U);
    for (auto& job : std::exchange(found->jobs, {}))
        house.sealer->push(std::move(job));
    house.settle_sealing();
    std::size_t made = 0;
    for (const auto& sealed : house.sealer->take()) {
        EXPECT_TRUE(sealed.facts);
        made += sealed.facts ? 1 : 0;
    }
    EXPECT_EQ(made, 3U);
    EXPECT_EQ(house.shelf.desks.size(), 3U);
}

}  // namespace
}  // namespace nk::recording
