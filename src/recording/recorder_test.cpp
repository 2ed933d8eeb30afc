// The receiving half: what it refuses, drops, withholds, and how that comes back from its journal.

#include "recording/recorder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "recording/testing_speaker.h"

namespace nk::recording {
namespace {

using testing::after;
using testing::began;
using testing::began_wall;
using testing::crash_and_recover;
using testing::resumed;
using testing::Speaker;
using testing::TestHouse;

RecorderOptions live() {
    RecorderOptions options;
    options.is_live = true;
    return options;
}

// Packets that reached us and found no room are ours, and those that the network lost are not.
TEST(recorder, tells_what_it_dropped_from_what_the_network_lost) {
    journal::Options small;
    small.pending_bytes_max = 20'000;
    TestHouse house(live(), small);
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

// Nothing but withheld packets came before the recorder was killed.
TEST(recovery, knows_of_a_pause_that_was_not_over) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(50);
    for (int n = 0; n < 200; ++n) {
        const MonoTime at = began + milliseconds(20) * speaker.said++;
        house.recorder->withholds(speaker.call, *speaker.call.track(0, 0), at);
        house.recorder->passes(at);
    }
    house.recorder->passes(after(5'300));
    ASSERT_TRUE(house.log->flush());
    const auto sealed = crash_and_recover(house);
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    EXPECT_EQ(sealed[0].facts->tracks.at(0).packets.withheld, 200U);
    EXPECT_EQ(sealed[0].facts->tracks.at(0).packets.lost, 0U);
}

// It was answered, and nothing was heard before the recorder was killed.
TEST(recovery, knows_of_a_live_call_without_a_packet) {
    TestHouse house(live());
    call::Call call(1, began, began_wall);
    call.slot = 1;
    call.sip_call_id = "of-no-words";
    house.recorder->tells(call, began);
    EXPECT_EQ(house.log->live_blocks(), 0U);  // it rings
    call.invited = began;
    call.answered = after(1'000);
    house.recorder->tells(call, after(1'000));
    house.recorder->passes(after(1'500));
    ASSERT_TRUE(house.log->flush());
    const auto sealed = crash_and_recover(house);
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    EXPECT_EQ(sealed[0].facts->call.sip_call_id, "of-no-words");
    EXPECT_FALSE(sealed[0].facts->audio);
}

// An answer to an INVITE that nobody saw makes no call, and its slot is free for another.
TEST(recorder, keeps_nothing_of_an_answer_that_is_no_call) {
    TestHouse house(live());
    call::Call answer(1, began, began_wall);
    answer.slot = 1;
    answer.answered = began;
    house.recorder->tells(answer, began);
    house.recorder->ends(answer, after(1'000));
    EXPECT_EQ(house.log->live_blocks(), 0U);
    Speaker speaker(house);
    speaker.say(50);
    house.recorder->ends(speaker.call, after(1'000));
    house.settle();
    EXPECT_EQ(house.sealer->take().size(), 1U);
}

// The signalling learns of it while the track is heard already.
TEST(recorder, tells_whose_a_track_is_as_it_was_said_last) {
    TestHouse house;
    Speaker speaker(house);
    speaker.say(50);
    auto& track = *speaker.call.track(0, 0);
    track.is_mixed = true;
    house.recorder->learns(speaker.call, track, after(1'000));
    speaker.say(50);
    track.party = 1;
    house.recorder->learns(speaker.call, track, after(2'000));
    house.recorder->ends(speaker.call, after(2'000));
    house.settle();
    const auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    ASSERT_EQ(sealed[0].facts->tracks.size(), 1U);
    EXPECT_EQ(sealed[0].facts->tracks[0].party, 1U);
    EXPECT_TRUE(sealed[0].facts->tracks[0].is_mixed);
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
        house.shelf.desks.clear();
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

// Makes so much wait that a new call has no room.
void fill_half(TestHouse& house, Speaker& running) {
    house.disk.fail_at(1);
    while (house.recorder->has_room())
        running.say(100);
}

TEST(recorder, drops_what_a_new_call_says_before_a_running_one_suffers) {
    TestHouse house(live());
    Speaker running(house, 1);
    fill_half(house, running);
    Speaker late(house, 2);
    late.say(10);
    house.recorder->ends(late.call, began + seconds(1));
    EXPECT_EQ(house.recorder->counts().begun_late, 1U);
    EXPECT_EQ(house.recorder->counts().dropped_by_us, 10U);
    // It says that it was there, and what is missing of it.
    house.disk.fail_at(0);
    house.settle();
    const auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    std::uint64_t dropped = 0;
    for (const auto& drop : sealed[0].facts->drops)
        dropped += drop.packets;
    EXPECT_EQ(dropped, 10U);
}

// Nothing of it was dropped: it has its trace all the same, and nobody is told that it began late.
TEST(recorder, knows_of_a_call_without_words_that_there_was_no_room_for) {
    TestHouse house(live());
    Speaker running(house, 1);
    fill_half(house, running);
    Speaker silent(house, 2);
    house.recorder->tells(silent.call, began);
    house.recorder->ends(silent.call, after(1'000));
    EXPECT_EQ(house.recorder->counts().begun_late, 0U);
    house.disk.fail_at(0);
    house.settle();
    EXPECT_EQ(house.sealer->take().size(), 1U);
}

TEST(recorder, counts_what_is_withheld_of_a_call_that_there_is_no_room_for) {
    TestHouse house(live());
    Speaker running(house, 1);
    fill_half(house, running);
    Speaker late(house, 2);
    for (int n = 0; n < 5; ++n)
        house.recorder->withholds(late.call, *late.call.track(0, 0),
                                  began + milliseconds(20) * late.said++);
    house.disk.fail_at(0);
    house.settle();
    late.say(10);
    house.recorder->ends(late.call, after(1'000));
    house.settle();
    const auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    EXPECT_EQ(sealed[0].facts->tracks.at(0).packets.withheld, 5U);
    EXPECT_EQ(sealed[0].facts->tracks.at(0).packets.lost, 0U);
    EXPECT_EQ(sealed[0].facts->tracks.at(0).packets.received, 15U);
}

TEST(recorder, begins_a_call_late_when_there_is_room_again_and_tells_what_it_missed) {
    TestHouse house(live());
    Speaker running(house, 1);
    fill_half(house, running);
    Speaker late(house, 2);
    late.say(10);
    house.disk.fail_at(0);
    ASSERT_TRUE(house.log->flush());
    late.say(20);
    house.recorder->ends(late.call, began + seconds(1));
    house.settle();
    const auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    EXPECT_EQ(house.recorder->counts().begun_late, 1U);
    const auto& track = sealed[0].facts->tracks.at(0);
    EXPECT_EQ(track.packets.received, 30U);  // those that reached this machine
    EXPECT_EQ(track.packets.dropped_by_us, 10U);
}

}  // namespace
}  // namespace nk::recording
