#include "recording/recovery.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "base/md5_lanes.h"
#include "recording/journal/folder.h"
#include "recording/testing_house.h"

namespace nk::recording {
namespace {

using testing::heard_alaw;
using testing::TestHouse;
using testing::voice;

constexpr MonoTime began{1'000'000'000'000};
constexpr WallTime began_wall{1'700'000'000'000'000'000};
constexpr WallTime resumed{1'700'000'060'000'000'000};
const std::string aside_folder = "/journal/set-aside/20260101T000000Z-aaaaaa";

// A call that a test speaks by hand: one party, 20 ms of A-law a packet.
struct Speaker {
    explicit Speaker(TestHouse& in, std::uint64_t number = 1)
        : house(in), call(number, began, began_wall) {
        call.slot = static_cast<std::size_t>(number);
        call.answered = call.invited = began;
    }
    void say(std::uint32_t packets) {
        for (; packets > 0; --packets, ++said) {
            const MonoTime at = began + milliseconds(20) * said;
            const auto payload = voice(said);
            ++call.media_packets;
            call.last_sign = at;
            house.recorder->hears(call, *call.track(0, 0),
                                  {.arrival = at,
                                   .ssrc = 7,
                                   .timestamp = 160 * said,
                                   .sequence = static_cast<std::uint16_t>(said),
                                   .payload_type = 8,
                                   .payload = payload});
            house.recorder->passes(at);
        }
    }
    TestHouse& house;
    call::Call call;
    std::uint32_t said = 0;
};

std::vector<std::int16_t> words(std::uint32_t packets) {
    std::vector<std::int16_t> samples;
    for (std::uint32_t n = 0; n < packets; ++n) {
        const auto piece = heard_alaw(voice(n));
        samples.insert(samples.end(), piece.begin(), piece.end());
    }
    return samples;
}

std::vector<std::int16_t> left_channel(testing::MemoryShelf& shelf, const std::string& id) {
    testing::MemoryFile file(shelf.desks.at(id)->at("audio.flac"));
    auto reader = sound::read_flac(file);
    std::vector<std::int16_t> out;
    while (reader) {
        const auto block = (*reader)->read();
        if (!block || block->empty())
            break;
        for (std::size_t i = 0; i < block->size(); i += 2)
            out.push_back((*block)[i]);
    }
    return out;
}

std::vector<Sealed> crash_and_recover(TestHouse& house) {
    house.crash();
    auto recovered = recover(house.disk, "/journal", resumed);
    EXPECT_TRUE(recovered);
    for (auto& job : recovered->jobs)
        house.sealer->push(std::move(job));
    recovered->jobs.clear();
    while (house.sealer->step()) {
    }
    return house.sealer->take();
}

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

// Three calls, one after the other, each in segments of its own.
void speak_in_segments(TestHouse& house) {
    for (std::uint64_t number = 1; number <= 3; ++number) {
        Speaker speaker(house, number);
        speaker.say(100);
        house.recorder->ends(speaker.call, began + seconds(2));
        ASSERT_TRUE(house.log->flush());
    }
    house.crash();
}

journal::Options small_segments() {
    journal::Options small;
    small.segment_bytes = 8 * 1024;
    return small;
}

using Files = std::map<std::string, std::vector<std::uint8_t>>;
Files files_in(const MemoryDisk& disk, const std::string& folder) {
    Files files;
    for (const auto& path : disk.files())
        if (path.starts_with(folder + "/"))
            files[path.substr(folder.size())] = *disk.contents(path);
    return files;
}

// The segment in which the second call begins, as it was before.
std::pair<std::string, std::vector<std::uint8_t>> spoil_the_second_call(MemoryDisk& disk) {
    std::optional<journal::Place> begins;
    EXPECT_TRUE(journal::scan(disk, TestHouse::journal_folder,
                              [&](const auto& head, const auto& place, Bytes) {
                                  if (head.call == 2 && !begins)
                                      begins = place;
                              }));
    EXPECT_TRUE(begins && begins->segment > 1);
    const std::string path =
        std::string(TestHouse::journal_folder) + "/" + journal::segment_name(begins->segment);
    auto whole = *disk.contents(path);
    disk.put(path, std::vector<std::uint8_t>(whole.size(), 0xa5));
    return {path, std::move(whole)};
}

TEST(recovery, tells_once_of_a_run_that_it_could_not_read_whole_and_puts_it_aside) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    const auto [path, whole] = spoil_the_second_call(house.disk);
    const auto before = files_in(house.disk, TestHouse::journal_folder);
    auto first = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->damaged.empty());
    EXPECT_TRUE(first->set_aside.empty());
    for (auto& job : std::exchange(first->jobs, {}))
        house.sealer->push(std::move(job));
    EXPECT_TRUE(house.disk.exists(TestHouse::journal_folder));  // while a call of it is not sealed
    house.settle_sealing();
    EXPECT_EQ(house.sealer->take().size(), 2U);
    EXPECT_EQ(files_in(house.disk, aside_folder), before);
    EXPECT_FALSE(house.disk.exists(TestHouse::journal_folder));
    for (int again = 0; again < 2; ++again) {
        const auto later = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(later);
        EXPECT_TRUE(later->damaged.empty());
        EXPECT_EQ(later->calls, 0U);
        EXPECT_EQ(later->set_aside, std::vector<std::string>{aside_folder});
    }
    EXPECT_EQ(files_in(house.disk, aside_folder), before);
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
    house.disk.put(std::string(TestHouse::journal_folder) + "/" + journal::segment_name(9'999'999),
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

TEST(recovery, tries_a_run_again_that_was_moved_back) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    const auto [path, whole] = spoil_the_second_call(house.disk);
    EXPECT_EQ(crash_and_recover(house).size(), 2U);
    EXPECT_FALSE(house.shelf.desks.contains("id-2"));
    ASSERT_TRUE(house.disk.rename(aside_folder, TestHouse::journal_folder));
    EXPECT_TRUE(crash_and_recover(house).empty());  // nothing was mended
    ASSERT_TRUE(house.disk.exists(aside_folder));
    ASSERT_TRUE(house.disk.rename(aside_folder, TestHouse::journal_folder));
    house.disk.put(path, whole);
    EXPECT_EQ(crash_and_recover(house).size(), 1U);
    EXPECT_EQ(left_channel(house.shelf, "id-2"), words(100));
    EXPECT_EQ(house.shelf.desks.size(), 3U);
    EXPECT_FALSE(house.disk.exists(TestHouse::journal_folder));
    EXPECT_FALSE(house.disk.exists(aside_folder));
}

TEST(recovery, puts_a_run_aside_beside_another_of_its_name) {
    TestHouse house({}, small_segments());
    speak_in_segments(house);
    house.disk.put(aside_folder + "/letter", {1});
    (void)spoil_the_second_call(house.disk);
    EXPECT_EQ(crash_and_recover(house).size(), 2U);
    EXPECT_TRUE(house.disk.exists(aside_folder + "/letter"));
    EXPECT_TRUE(house.disk.exists(aside_folder + "-2/" + journal::segment_name(1)));
}

// Stopped at any step of the disk: the run is where it was or aside, never both
// and never neither, and no call is recorded twice.
TEST(recovery, loses_nothing_of_a_run_when_it_is_stopped_while_that_is_put_aside) {
    for (std::uint64_t n = 1;; ++n) {
        TestHouse house({}, small_segments());
        speak_in_segments(house);
        (void)spoil_the_second_call(house.disk);
        const auto before = files_in(house.disk, TestHouse::journal_folder);
        house.disk.fail_at(n);
        if (auto found = recover(house.disk, "/journal", resumed)) {
            for (auto& job : std::exchange(found->jobs, {}))
                house.sealer->push(std::move(job));
            house.settle_sealing();
        }
        const bool has_failed = house.disk.has_failed();
        house.disk.fail_at(0);
        (void)house.sealer->take();
        (void)crash_and_recover(house);
        EXPECT_EQ(files_in(house.disk, aside_folder), before) << n;
        EXPECT_FALSE(house.disk.exists(TestHouse::journal_folder)) << n;
        EXPECT_FALSE(house.disk.exists(aside_folder + "-2")) << n;
        EXPECT_EQ(house.shelf.desks.size(), 2U) << n;
        const auto later = recover(house.disk, "/journal", resumed);
        ASSERT_TRUE(later);
        EXPECT_TRUE(later->damaged.empty()) << n;
        if (!has_failed || ::testing::Test::HasFailure()) {
            EXPECT_GT(n, 10U) << "the staircase has too few steps to be one";
            return;
        }
    }
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

// Packets that reached us and found no room are ours, and those that the network lost are not.
TEST(recorder, tells_what_it_dropped_from_what_the_network_lost) {
    journal::Options small;
    small.pending_bytes_max = 20'000;
    RecorderOptions live;
    live.is_live = true;
    TestHouse house(live, small);
    Speaker speaker(house);
    speaker.say(100);
    ASSERT_TRUE(house.log->step());
    house.disk.fail_at(1);  // the disk stands still
    speaker.say(300);
    EXPECT_FALSE(house.log->step());
    const auto dropped = house.recorder->counts().dropped_by_us;
    EXPECT_GT(dropped, 100U);
    house.disk.fail_at(0);
    ASSERT_TRUE(house.log->step());
    // So long that what is missing is given up before the call ends.
    for (int i = 0; i < 9; ++i) {
        speaker.say(50);
        ASSERT_TRUE(house.log->step());
    }
    speaker.said += 10;  // the network's
    speaker.say(50);
    house.recorder->ends(speaker.call, began + seconds(20));
    house.settle();
    const auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    const auto& track = sealed[0].facts->tracks.at(0);
    EXPECT_EQ(track.packets.dropped_by_us, dropped);
    EXPECT_EQ(track.packets.lost, 10U);
    EXPECT_EQ(track.packets.received, 900U);
    const auto of = [&](GapCause cause) {
        std::uint64_t samples = 0;
        for (const auto& gap : track.gaps)
            samples += gap.cause == cause ? gap.length : 0;
        return samples;
    };
    EXPECT_EQ(of(GapCause::dropped_by_us), dropped * 160);
    std::uint64_t told = 0;
    for (const auto& drop : sealed[0].facts->drops) {
        EXPECT_EQ(drop.track, 1U);
        EXPECT_GE(drop.from, 16'000);
        EXPECT_LE(drop.to, 64'000);
        told += drop.packets;
    }
    EXPECT_EQ(told, dropped);
    EXPECT_EQ(of(GapCause::loss), 1'600U);
}

// --- what the kernel dropped -------------------------------------------------------------------

MonoTime after(std::int64_t ms) {
    return began + milliseconds(ms);
}

// A call in which the kernel dropped ten packets, and the network lost five before that.
void speak_through_a_drop(Speaker& speaker) {
    speaker.say(50);
    speaker.said += 5;
    speaker.say(95);
    speaker.said += 10;
    speaker.house.recorder->dropped(30, after(2'995), after(3'205));
    speaker.say(140);
    speaker.house.recorder->passes(after(6'300));
}

void expect_both_causes(const RecordingFacts& facts) {
    const auto& track = facts.tracks.at(0);
    EXPECT_EQ(track.packets.lost, 5U);
    EXPECT_EQ(track.packets.dropped_by_us, 10U);
    ASSERT_EQ(facts.drops.size(), 1U);
    EXPECT_EQ(facts.drops[0], (DropFacts{23'960, 25'640, 30, {}}));
}

TEST(recorder, tells_what_the_kernel_dropped_from_what_the_network_lost) {
    TestHouse house;
    Speaker speaker(house);
    speak_through_a_drop(speaker);
    house.recorder->ends(speaker.call, after(6'300));
    house.settle();
    const auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    expect_both_causes(*sealed[0].facts);
}

// Five lost, then thirty withheld, on a track that all are heard on together; it has documents.
void speak_through_a_pause(Speaker& speaker) {
    speaker.call.track(0, 0)->is_mixed = true;
    speaker.call.keep(began, "application/rs-metadata+xml", "<recording/>");
    speaker.say(50);
    speaker.said += 5;
    speaker.say(45);
    for (int n = 0; n < 30; ++n)
        speaker.house.recorder->withholds(speaker.call, *speaker.call.track(0, 0),
                                          began + milliseconds(20) * speaker.said++);
    speaker.say(20);
    speaker.house.recorder->tells(speaker.call, after(6'300));
    speaker.house.recorder->passes(after(6'300));
}

void expect_the_pause(const RecordingFacts& facts) {
    const auto& track = facts.tracks.at(0);
    EXPECT_TRUE(track.is_mixed);
    EXPECT_EQ(track.packets.lost, 5U);
    EXPECT_EQ(track.packets.withheld, 30U);
    EXPECT_EQ(track.packets.received, 145U);
    EXPECT_TRUE(facts.drops.empty());
    const auto is_withheld = [](const Gap& gap) { return gap.cause == GapCause::withheld; };
    const auto gap = std::find_if(track.gaps.begin(), track.gaps.end(), is_withheld);
    ASSERT_NE(gap, track.gaps.end());
    EXPECT_EQ(gap->length, 30U * 160U);
    EXPECT_EQ(gap->packets, 30U);
    ASSERT_EQ(facts.side_files.size(), 1U);
    EXPECT_EQ(facts.side_files[0].file, "document-1.xml");
}

TEST(recorder, marks_a_pause_and_keeps_nothing_of_it) {
    TestHouse house;
    Speaker speaker(house);
    speak_through_a_pause(speaker);
    house.recorder->ends(speaker.call, after(6'300));
    house.settle();
    const auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    expect_the_pause(*sealed[0].facts);
}

TEST(recovery, knows_of_a_pause) {
    TestHouse house;
    Speaker speaker(house);
    speak_through_a_pause(speaker);
    ASSERT_TRUE(house.log->flush());
    const auto sealed = crash_and_recover(house);
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    expect_the_pause(*sealed[0].facts);
}

TEST(recovery, knows_what_the_kernel_dropped) {
    TestHouse house;
    Speaker speaker(house);
    speak_through_a_drop(speaker);
    ASSERT_TRUE(house.log->flush());
    const auto sealed = crash_and_recover(house);
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    expect_both_causes(*sealed[0].facts);
}

// A rotten head of a segment costs no packet, even when it is the only one there is.
TEST(recovery, reads_a_segment_whose_head_is_damaged) {
    const auto heard_with_damage_at = [](std::optional<std::size_t> at) {
        TestHouse house;
        Speaker speaker(house);
        speaker.say(100);
        EXPECT_TRUE(house.log->flush());
        house.crash();
        const std::string path =
            std::string(TestHouse::journal_folder) + "/" + journal::segment_name(1);
        auto bytes = *house.disk.contents(path);
        if (at)
            bytes[*at] ^= 0x55;
        house.disk.put(path, bytes);
        EXPECT_EQ(crash_and_recover(house).size(), 1U);
        return left_channel(house.shelf, "id-1");
    };
    const auto whole = heard_with_damage_at(std::nullopt);
    EXPECT_GT(whole.size(), 50U * 160);
    for (const std::size_t at : {0U, 3U, 9U, 17U, 31U})
        EXPECT_EQ(heard_with_damage_at(at), whole) << at;
}

// Wherever the journal was torn: what is told as dropped was dropped, and nothing is told twice.
TEST(recovery, tells_no_drop_that_a_torn_journal_does_not_tell) {
    TestHouse house;
    Speaker speaker(house);
    speak_through_a_drop(speaker);
    ASSERT_TRUE(house.log->flush());
    house.crash();
    const std::string path =
        std::string(TestHouse::journal_folder) + "/" + journal::segment_name(1);
    const auto whole = *house.disk.contents(path);
    bool was_told = false;
    bool was_not = false;
    for (std::size_t cut = 2'000; cut < whole.size(); cut += 500) {
        house.disk.put(path, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut)});
        house.disk.put(std::string(TestHouse::journal_folder) + "/lock", {});
        const auto sealed = crash_and_recover(house);
        ASSERT_EQ(sealed.size(), 1U) << cut;
        ASSERT_TRUE(sealed[0].facts) << cut;
        const auto& facts = *sealed[0].facts;
        if (facts.tracks.empty())
            continue;
        const auto& packets = facts.tracks[0].packets;
        EXPECT_EQ(packets.dropped_by_us, facts.drops.empty() || packets.received < 150 ? 0U : 10U);
        EXPECT_LE(packets.lost, 5U) << cut;
        was_told = was_told || packets.dropped_by_us > 0;
        was_not = was_not || facts.drops.empty();
        house.shelf.desks.clear();
    }
    EXPECT_TRUE(was_told);
    EXPECT_TRUE(was_not);
}

// A call that waited in the ring while the machine dropped is opened after that was told.
TEST(recorder, tells_a_drop_to_calls_of_its_time_and_to_no_others) {
    TestHouse house;
    Speaker before(house, 1);
    before.say(50);
    house.recorder->ends(before.call, after(1'000));
    house.recorder->dropped(30, after(1'200), after(1'300));
    Speaker within(house, 2);
    within.call.began = after(1'100);
    within.said = 55;
    within.say(5);
    within.said += 5;
    within.say(100);
    Speaker behind(house, 3);
    behind.call.began = after(3'400);
    behind.said = 170;
    behind.say(100);
    house.recorder->ends(within.call, after(5'000));
    house.recorder->ends(behind.call, after(5'500));
    house.settle();
    const auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 3U);
    EXPECT_TRUE(sealed[0].facts->drops.empty());
    EXPECT_EQ(sealed[1].facts->drops.size(), 1U);
    EXPECT_EQ(sealed[1].facts->tracks.at(0).packets.dropped_by_us, 5U);
    EXPECT_EQ(sealed[1].facts->tracks.at(0).packets.lost, 0U);
    EXPECT_TRUE(sealed[2].facts->drops.empty());
}

TEST(recorder, joins_drops_that_follow_each_other) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(10);
    for (int i = 0; i < 20; ++i)
        house.recorder->dropped(2, after(200 + i), after(201 + i));
    house.recorder->dropped(1, after(400), after(500));
    speaker.said = 100;
    speaker.say(100);
    house.recorder->ends(speaker.call, after(4'000));
    house.settle();
    const auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 1U);
    EXPECT_EQ(sealed[0].facts->drops,
              (std::vector<DropFacts>{{1'600, 1'760, 40, {}}, {3'200, 4'000, 1, {}}}));
}

TEST(recorder, tells_each_drop_once_also_when_it_can_remember_no_more) {
    TestHouse house;
    Speaker early(house, 1);
    Speaker silent(house, 2);
    early.say(1);
    silent.say(1);
    const auto drops = static_cast<std::int64_t>(limits::drops_remembered_max) + 500;
    for (std::int64_t i = 0; i < drops; ++i) {
        house.recorder->dropped(1, after(20 * i + 5), after(20 * i + 6));
        if (i == 0)
            early.say(1);  // is told of the first and not yet of the others
    }
    for (Speaker* speaker : {&early, &silent}) {
        speaker->said = static_cast<std::uint32_t>(drops);
        speaker->say(60);
        house.recorder->ends(speaker->call, after(20 * drops + 2'000));
    }
    house.settle();
    for (const auto& sealed : house.sealer->take()) {
        ASSERT_TRUE(sealed.facts);
        std::uint64_t told = 0;
        for (const auto& drop : sealed.facts->drops)
            told += drop.packets;
        EXPECT_EQ(told, static_cast<std::uint64_t>(drops));
        EXPECT_EQ(sealed.facts->drops.size(), static_cast<std::size_t>(drops));
    }
}

TEST(recorder, refuses_a_new_call_before_a_running_one_suffers) {
    RecorderOptions live;
    live.is_live = true;
    TestHouse house(live);
    Speaker running(house, 1);
    house.disk.fail_at(1);
    while (house.log->pending_bytes() <= limits::journal_pending_bytes_max / 2)
        running.say(100);
    Speaker late(house, 2);
    late.say(10);
    house.recorder->ends(late.call, began + seconds(1));
    ASSERT_EQ(house.refused.size(), 1U);
    EXPECT_EQ(house.recorder->counts().refused, 1U);
    EXPECT_EQ(house.recorder->counts().dropped_by_us, 0U);
}

TEST(sealer, lets_the_shelf_catch_up_when_it_tries_again) {
    class Index : public testing::MemoryShelf {
    public:
        void catch_up() override { ++times; }
        int times = 0;
    } shelf;
    TestHouse house;
    Sealer sealer(shelf, house.decoders, house.clock, {});
    (void)sealer.step();
    EXPECT_EQ(shelf.times, 0);
    sealer.retry();
    EXPECT_EQ(shelf.times, 1);
}

TEST(sealer, leaves_to_the_journal_what_nobody_waits_for) {
    TestHouse house;
    std::vector<Speaker> speakers;
    for (std::uint32_t n = 1; n <= md5_lanes + 2; ++n)
        speakers.emplace_back(house, n).say(50);
    for (auto& speaker : speakers)
        house.recorder->ends(speaker.call, began + seconds(60));
    ASSERT_TRUE(house.log->flush());
    EXPECT_TRUE(house.sealer->step());
    house.sealer->leave();
    EXPECT_FALSE(house.sealer->step());
    EXPECT_EQ(house.sealer->take().size(), md5_lanes);
    EXPECT_EQ(house.sealer->waiting(), 2U);
    EXPECT_GT(house.log->live_blocks(), 0U);
    (void)house.log->flush();
    EXPECT_EQ(crash_and_recover(house).size(), 2U);
    EXPECT_EQ(house.shelf.desks.size(), md5_lanes + 2);
}

// Of a call at work nothing appears and nothing is said, and it is not lost.
TEST(sealer, gives_up_the_call_at_work_when_nobody_waits) {
    class Hasty : public testing::MemoryShelf {
    public:
        Result<std::unique_ptr<Desk>> begin(const Name& name) override {
            if (sealer != nullptr)
                sealer->leave();
            return testing::MemoryShelf::begin(name);
        }
        Sealer* sealer = nullptr;
    } shelf;
    TestHouse house;
    Sealer sealer(shelf, house.decoders, house.clock, {});
    shelf.sealer = &sealer;
    Speaker speaker(house);
    speaker.say(100);
    house.recorder->ends(speaker.call, began + seconds(2));
    ASSERT_TRUE(house.log->flush());
    house.crash();
    auto left = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(left);
    for (auto& job : std::exchange(left->jobs, {}))
        sealer.push(std::move(job));
    EXPECT_TRUE(sealer.step());
    EXPECT_TRUE(sealer.take().empty());
    EXPECT_EQ(sealer.failed() + sealer.waiting(), 1U);
    EXPECT_TRUE(house.disk.exists(TestHouse::journal_folder));
}

TEST(sealer, tries_again_what_it_could_not_seal) {
    class Stubborn : public testing::MemoryShelf {
    public:
        Result<std::unique_ptr<Desk>> begin(const Name& name) override {
            if (is_full)
                return refuse(Code::disk_full, Blame::machine, "the disk is full");
            return testing::MemoryShelf::begin(name);
        }
        bool is_full = true;
    } shelf;
    TestHouse house;
    Sealer sealer(shelf, house.decoders, house.clock, {});
    Recorder recorder(
        *house.log, std::make_shared<LiveSource>(house.disk, *house.log), shelf, house.clock, {},
        [&](SealJob job) { sealer.push(std::move(job)); }, [](const call::Story&, const Error&) {});
    Speaker speaker(house);
    for (std::uint32_t n = 0; n < 50; ++n) {
        const auto payload = voice(n);
        ++speaker.call.media_packets;
        recorder.hears(speaker.call, *speaker.call.track(0, 0),
                       {.arrival = began + milliseconds(20) * n,
                        .ssrc = 7,
                        .timestamp = 160 * n,
                        .sequence = static_cast<std::uint16_t>(n),
                        .payload_type = 8,
                        .payload = payload});
    }
    recorder.ends(speaker.call, began + seconds(1));
    EXPECT_FALSE(sealer.step());  // not on the disk yet
    ASSERT_TRUE(house.log->flush());
    EXPECT_TRUE(sealer.step());
    auto came = sealer.take();
    ASSERT_EQ(came.size(), 1U);
    EXPECT_FALSE(came[0].facts);
    EXPECT_TRUE(came[0].is_first_try);
    EXPECT_EQ(sealer.failed(), 1U);
    EXPECT_GT(house.log->live_blocks(), 0U);
    shelf.is_full = false;
    sealer.retry();
    EXPECT_TRUE(sealer.step());
    came = sealer.take();
    ASSERT_EQ(came.size(), 1U);
    EXPECT_TRUE(came[0].facts);
    EXPECT_FALSE(came[0].is_first_try);
    EXPECT_EQ(house.log->live_blocks(), 0U);
    EXPECT_EQ(left_channel(shelf, "id-1"), words(50));
}

// Calls that wait are sealed together, and FLAC's MD5 is taken of all of them at once; what comes
// of each is its own.
TEST(Sealer, seals_calls_that_wait_together) {
    TestHouse house;
    std::vector<Speaker> speakers;
    for (std::uint32_t n = 1; n <= md5_lanes + 2; ++n)
        speakers.emplace_back(house, n).say(50 * n);
    for (auto& speaker : speakers)
        house.recorder->ends(speaker.call, began + seconds(60));
    ASSERT_TRUE(house.log->flush());
    EXPECT_TRUE(house.sealer->step());
    EXPECT_EQ(house.sealer->waiting(), 2U);
    EXPECT_TRUE(house.sealer->step());
    EXPECT_FALSE(house.sealer->step());
    const auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), speakers.size());
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        ASSERT_TRUE(sealed[i].facts);
        const std::string id = "id-" + std::to_string(i + 1);
        testing::MemoryFile file(house.shelf.desks.at(id)->at("audio.flac"));
        auto reader = sound::read_flac(file);
        ASSERT_TRUE(reader);
        for (auto block = (*reader)->read(); block && !block->empty(); block = (*reader)->read()) {
        }
        EXPECT_TRUE((*reader)->md5_holds()) << i;
        EXPECT_EQ(left_channel(house.shelf, id), words(speakers[i].said));
    }
}

}  // namespace
}  // namespace nk::recording
