#include "archive/catalogue.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/testing_facts.h"

namespace nk::archive {
namespace {

using recording::RecordingFacts;
using testing::plain_facts;

std::unique_ptr<Catalogue> fresh() {
    auto catalogue = Catalogue::open(":memory:");
    EXPECT_TRUE(catalogue) << catalogue.error().what;
    return std::move(*catalogue);
}

std::vector<std::string> ids_in(const std::vector<Entry>& entries) {
    std::vector<std::string> ids;
    for (const auto& entry : entries)
        ids.push_back(entry.facts.id);
    return ids;
}

RecordingFacts numbered(int n) {
    auto facts = plain_facts("20261123T14230" + std::to_string(n) + "Z-k3v9qd");
    facts.started = facts.started + seconds(n);
    return facts;
}

TEST(catalogue, lists_oldest_first_whatever_the_order_of_entry) {
    const auto catalogue = fresh();
    for (const int n : {3, 1, 2})
        ASSERT_TRUE(catalogue->insert(numbered(n)));
    const auto all = catalogue->list({});
    ASSERT_TRUE(all);
    EXPECT_EQ(ids_in(all->entries),
              (std::vector<std::string>{numbered(1).id, numbered(2).id, numbered(3).id}));
    EXPECT_EQ(all->entries[0].facts, numbered(1));
    EXPECT_FALSE(all->entries[0].conversation);
}

TEST(catalogue, keeps_one_row_for_a_recording_entered_twice) {
    const auto catalogue = fresh();
    ASSERT_TRUE(catalogue->insert(numbered(1)));
    ASSERT_TRUE(catalogue->insert(numbered(1)));
    EXPECT_EQ(catalogue->ids()->size(), 1U);
}

TEST(catalogue, filters_by_time_number_and_count) {
    const auto catalogue = fresh();
    for (int n = 0; n < 5; ++n) {
        auto facts = numbered(n);
        if (n == 2)
            facts.call.parties[1].number = "+49 (30) 555-1234";
        ASSERT_TRUE(catalogue->insert(facts));
    }
    const auto ids = [&](const Filter& filter) { return ids_in(catalogue->list(filter)->entries); };
    using Ids = std::vector<std::string>;
    Filter window;
    window.since = numbered(1).started;
    window.until = numbered(3).started;
    EXPECT_EQ(ids(window), (Ids{numbered(1).id, numbered(2).id}));
    Filter number;
    number.is_number = [](const std::string& digits) { return digits == "49305551234"; };
    EXPECT_EQ(ids(number), Ids{numbered(2).id});
    number.is_number = [](const std::string& digits) { return digits == "777"; };
    EXPECT_EQ(ids(number), Ids{});
    Filter newest;
    newest.newest = 2;
    EXPECT_EQ(ids(newest), (Ids{numbered(3).id, numbered(4).id}));
}

TEST(catalogue, joins_recordings_that_share_a_key_and_marks_the_best_copy) {
    const auto catalogue = fresh();
    auto a = numbered(1), b = numbered(2), c = numbered(3), other = numbered(4);
    a.call.conversation_keys = {"session-id:1"};
    b.call.conversation_keys = {"session-id:1", "cisco-guid:2"};
    c.call.conversation_keys = {"cisco-guid:2"};
    other.call.conversation_keys = {"session-id:9"};
    b.tracks[0].packets.received += 10;  // most packets, but made for a recorder
    b.call.is_recording_leg = true;
    c.tracks[0].packets.lost = 0;
    a.tracks[0].packets.lost = 1;
    for (const auto* facts : {&a, &c, &other, &b})
        ASSERT_TRUE(catalogue->insert(*facts));
    const auto found = catalogue->conversation_of(c.id);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(**found, (Conversation{a.id, c.id, {a.id, b.id, c.id}}));
    EXPECT_EQ(*catalogue->conversation_of(other.id), std::nullopt);
    EXPECT_EQ(*catalogue->conversation_of("20990101T000000Z-aaaaaa"), std::nullopt);
}

TEST(catalogue, joins_by_a_key_that_is_used_again_only_what_is_near_in_time) {
    const auto catalogue = fresh();
    auto first = numbered(0), overlaps = numbered(1), later = numbered(2), anew = numbered(3);
    for (auto* facts : {&first, &overlaps, &later, &anew}) {
        facts->duration = seconds(10);
        facts->call.conversation_keys = {"siprec-session@192.0.2.1:1"};
    }
    later.started = first.started + minutes(5);
    anew.started = first.started + seconds(69);
    overlaps.started = first.started + seconds(5);
    for (auto* facts : {&later, &first, &anew, &overlaps})
        ASSERT_TRUE(catalogue->insert(*facts));
    EXPECT_EQ((*catalogue->conversation_of(first.id))->members,
              (std::vector<std::string>{first.id, overlaps.id, anew.id}));
    EXPECT_EQ(*catalogue->conversation_of(later.id), std::nullopt);
}

TEST(catalogue, joins_by_media_marks_only_with_enough_of_them_at_one_time) {
    const auto catalogue = fresh();
    const std::vector<std::uint64_t> marks{1, 2, 3, ~std::uint64_t{0}};
    auto first = numbered(1), same = numbered(2), fewer = numbered(3), later = numbered(4);
    first.tracks[0].media_marks = marks;
    same.tracks[1].media_marks = marks;
    fewer.tracks[0].media_marks = {1, 2, 3};
    later.tracks[0].media_marks = marks;
    later.started = first.started + hours(1);
    for (const auto* facts : {&first, &same, &fewer, &later})
        ASSERT_TRUE(catalogue->insert(*facts));
    EXPECT_EQ((*catalogue->conversation_of(first.id))->members,
              (std::vector<std::string>{first.id, same.id}));
    EXPECT_EQ(*catalogue->conversation_of(fewer.id), std::nullopt);
    EXPECT_EQ(*catalogue->conversation_of(later.id), std::nullopt);
}

TEST(catalogue, takes_one_announcement_in_two_calls_for_no_conversation) {
    const auto catalogue = fresh();
    auto one = numbered(1), other = numbered(2), copy = numbered(3);
    for (auto* facts : {&one, &other, &copy})
        facts->tracks[1].media_marks = {1, 2, 3, 4, 5};
    one.tracks[0].media_marks = {11, 12, 13, 14};
    other.tracks[0].media_marks = {21, 22, 23, 24};
    copy.tracks[0].media_marks = {11, 12, 13, 14};
    for (const auto* facts : {&one, &other, &copy})
        ASSERT_TRUE(catalogue->insert(*facts));
    EXPECT_EQ(*catalogue->conversation_of(other.id), std::nullopt);
    EXPECT_EQ((*catalogue->conversation_of(one.id))->members,
              (std::vector<std::string>{one.id, copy.id}));
}

// One side comes back to its speaker: both tracks of a recording hold the same media.
TEST(catalogue, joins_an_echo_in_either_order_or_not_at_all) {
    auto plain = numbered(1), echo = numbered(2), both = numbered(3);
    plain.tracks[0].media_marks = {1, 2, 3, 4};
    plain.tracks[1].media_marks = {11, 12, 13, 14};
    for (auto& track : echo.tracks)
        track.media_marks = {1, 2, 3, 4};
    both = echo;
    both.id = numbered(3).id;
    for (const bool is_echo_first : {true, false}) {
        const auto catalogue = fresh();
        ASSERT_TRUE(catalogue->insert(is_echo_first ? echo : plain));
        ASSERT_TRUE(catalogue->insert(is_echo_first ? plain : echo));
        ASSERT_TRUE(catalogue->insert(both));
        EXPECT_EQ(*catalogue->conversation_of(plain.id), std::nullopt);
        EXPECT_EQ((*catalogue->conversation_of(echo.id))->members,
                  (std::vector<std::string>{echo.id, both.id}));
    }
}

// Two marks in each of two tracks are not four in one.
TEST(catalogue, counts_no_mark_twice_for_the_tracks_it_is_in) {
    auto two = numbered(1), echo = numbered(2);
    two.tracks[0].media_marks = {1, 2, 21, 22};
    echo.tracks.resize(1);
    two.tracks[1].media_marks = {1, 2, 31, 32};
    echo.tracks[0].media_marks = {1, 2, 41, 42};
    for (const bool is_echo_first : {true, false}) {
        const auto catalogue = fresh();
        ASSERT_TRUE(catalogue->insert(is_echo_first ? echo : two));
        ASSERT_TRUE(catalogue->insert(is_echo_first ? two : echo));
        EXPECT_EQ(*catalogue->conversation_of(two.id), std::nullopt) << is_echo_first;
    }
}

// A folder that may be read and not written; root alone has leave to do anything, and is nobody
// then.
class WithoutLeave {
public:
    explicit WithoutLeave(std::string folder) : folder_(std::move(folder)) {
        EXPECT_EQ(chmod(folder_.c_str(), 0555), 0);
        EXPECT_EQ(is_root_ ? seteuid(65534) : 0, 0);
    }
    WithoutLeave(const WithoutLeave&) = delete;
    WithoutLeave& operator=(const WithoutLeave&) = delete;
    ~WithoutLeave() {
        EXPECT_EQ(is_root_ ? seteuid(0) : 0, 0);
        EXPECT_EQ(chmod(folder_.c_str(), 0755), 0);
    }

private:
    std::string folder_;
    bool is_root_ = geteuid() == 0;
};

TEST(catalogue, gives_a_reader_without_leave_nothing_of_two_moments) {
    const std::string folder = ::testing::TempDir() + "naklank-catalogue-leave-test";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const std::string path = folder + "/catalogue.sqlite";
    ASSERT_TRUE((*Catalogue::open(path))->insert(numbered(1)));
    std::unique_ptr<Catalogue> reader;
    {
        const WithoutLeave nobody(folder);
        auto opened = Catalogue::open_to_read(path, false);
        ASSERT_TRUE(opened) << opened.error().what;
        reader = std::move(*opened);
        EXPECT_EQ(reader->list({})->entries.size(), 1U);
    }
    const auto is_refused = [&] {
        const auto listed = reader->list({});
        EXPECT_FALSE(listed);
        EXPECT_FALSE(reader->ids());
        EXPECT_FALSE(reader->check());
        EXPECT_FALSE(reader->row_of(numbered(1).id));
        EXPECT_FALSE(reader->conversation_of(numbered(1).id));
        return !listed && listed.error().code == Code::busy;
    };
    {
        const auto recorder = Catalogue::open(path);
        ASSERT_TRUE((*recorder)->insert(numbered(2)));
        EXPECT_TRUE(is_refused());
    }
    EXPECT_TRUE(is_refused());  // its log is gone, and the file is another
    std::filesystem::remove_all(folder);
}

TEST(catalogue, prefers_copies_in_the_order_the_format_names) {
    const Copy plain{"b", false, 2, 100, 5};
    EXPECT_TRUE(is_better(plain, {"a", true, 3, 200, 0}));
    EXPECT_TRUE(is_better(plain, {"a", false, 1, 200, 0}));
    EXPECT_TRUE(is_better(plain, {"a", false, 2, 99, 0}));
    EXPECT_TRUE(is_better(plain, {"a", false, 2, 100, 6}));
    EXPECT_FALSE(is_better(plain, {"a", false, 2, 100, 5}));
}

// Recordings with few keys, few marks and overlapping or distant times, so that groups form, grow
// together and stay apart.
std::vector<RecordingFacts> any_neighbours() {
    std::vector<RecordingFacts> all;
    const int count = *rc::gen::inRange(2, 9);
    for (int n = 0; n < count; ++n) {
        auto facts = numbered(n);
        facts.started = facts.started + seconds(*rc::gen::inRange(0, 4) * 8);
        facts.call.is_recording_leg = *rc::gen::arbitrary<bool>();
        for (const auto key : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12)))
            if (facts.call.conversation_keys.size() < 2)
                facts.call.conversation_keys.push_back(
                    (key < 6 ? "session-id:" : "siprec-session@::1:") + std::to_string(key));
        facts.tracks[0].packets.received = *rc::gen::inRange<std::uint64_t>(0, 3);
        for (std::uint64_t mark = 0; mark < 10; ++mark)
            if (*rc::gen::inRange(0, 3) == 0)
                facts.tracks[mark % 2].media_marks.push_back(mark);
        all.push_back(std::move(facts));
    }
    return all;
}

TEST(catalogue, lets_a_conversation_fall_apart_without_the_one_that_held_it_together) {
    const auto catalogue = fresh();
    auto a = numbered(1), b = numbered(2), c = numbered(3);
    a.call.conversation_keys = {"session-id:1"};
    b.call.conversation_keys = {"session-id:1", "cisco-guid:2"};
    c.call.conversation_keys = {"cisco-guid:2"};
    for (const auto* facts : {&a, &b, &c})
        ASSERT_TRUE(catalogue->insert(*facts));
    ASSERT_TRUE(catalogue->remove(b.id));
    EXPECT_EQ(catalogue->ids().value(), (std::vector<std::string>{a.id, c.id}));
    EXPECT_EQ(*catalogue->conversation_of(a.id), std::nullopt);
    EXPECT_EQ(*catalogue->conversation_of(c.id), std::nullopt);
    EXPECT_TRUE(catalogue->remove(b.id));
}

using View = std::map<std::string, std::optional<Conversation>>;

View view_of(const std::vector<RecordingFacts>& all) {
    const auto catalogue = fresh();
    for (const auto& facts : all)
        RC_ASSERT(catalogue->insert(facts).has_value());
    View view;
    const auto listing = catalogue->list({});
    RC_ASSERT(listing.has_value());
    for (const auto& entry : listing->entries)
        view[entry.facts.id] = entry.conversation;
    return view;
}

RC_GTEST_PROP(catalogue, knows_the_same_conversations_whatever_the_order_of_entry, ()) {
    auto all = any_neighbours();
    const View one = view_of(all);
    for (std::size_t i = all.size(); i > 1; --i)
        std::swap(all[i - 1], all[*rc::gen::inRange<std::size_t>(0, i)]);
    RC_ASSERT(view_of(all) == one);
    for (const auto& [id, conversation] : one)
        if (conversation) {
            RC_ASSERT(conversation->id == conversation->members.front());
            RC_ASSERT(std::count(conversation->members.begin(), conversation->members.end(), id) ==
                      1);
        }
}

TEST(catalogue, tells_in_brief_what_a_list_shows) {
    const auto catalogue = fresh();
    for (const auto ending : {call::Ending::bye, call::Ending::recorder_stopped})
        for (const bool has_sound : {true, false}) {
            auto facts = numbered(1);
            facts.call.ending = ending;
            facts.call.answered = !has_sound;
            if (!has_sound)
                facts.audio.reset();
            ASSERT_TRUE(catalogue->remove(facts.id));
            ASSERT_TRUE(catalogue->insert(facts));
            Followed followed;
            std::vector<Brief> came;
            ASSERT_TRUE(catalogue->follow(followed, 10, came));
            ASSERT_EQ(came.size(), 1U);
            EXPECT_EQ(came[0].is_cut_off, ending == call::Ending::recorder_stopped);
            EXPECT_EQ(came[0].has_sound, has_sound && facts.audio.has_value());
            EXPECT_EQ(came[0].is_answered, !has_sound);
            EXPECT_EQ(came[0].parties.size(), facts.call.parties.size());
        }
}

TEST(catalogue, gives_no_number_twice) {
    const auto catalogue = fresh();
    Followed followed;
    std::vector<Brief> came;
    ASSERT_TRUE(catalogue->insert(numbered(1)));
    ASSERT_TRUE(catalogue->insert(numbered(2)));
    ASSERT_TRUE(catalogue->follow(followed, 10, came));
    ASSERT_TRUE(catalogue->remove(numbered(1).id));
    ASSERT_TRUE(catalogue->remove(numbered(2).id));
    came.clear();
    ASSERT_TRUE(catalogue->insert(numbered(3)));
    ASSERT_TRUE(catalogue->follow(followed, 10, came));
    ASSERT_EQ(came.size(), 1U);
    EXPECT_EQ(came[0].id, numbered(3).id);
}

TEST(catalogue, shows_again_what_more_is_known_of) {
    const auto catalogue = fresh();
    Followed followed;
    std::vector<Brief> came;
    ASSERT_TRUE(catalogue->insert(numbered(1)));
    ASSERT_TRUE(catalogue->insert(numbered(2)));
    ASSERT_TRUE(catalogue->follow(followed, 10, came));
    for (const auto which : {2, 1, 1}) {
        came.clear();
        ASSERT_TRUE(catalogue->touch(numbered(which).id));
        ASSERT_TRUE(catalogue->follow(followed, 10, came));
        ASSERT_EQ(came.size(), 1U);
        EXPECT_EQ(came[0].id, numbered(which).id);
    }
    ASSERT_TRUE(catalogue->touch(numbered(3).id));
    came.clear();
    ASSERT_TRUE(catalogue->follow(followed, 10, came));
    EXPECT_TRUE(came.empty());
}

// What is left is as if the others had never been.
RC_GTEST_PROP(catalogue, forgets_what_is_removed, ()) {
    const auto all = any_neighbours();
    const auto catalogue = fresh();
    for (const auto& facts : all)
        RC_ASSERT(catalogue->insert(facts).has_value());
    std::vector<RecordingFacts> left;
    for (const auto& facts : all)
        if (*rc::gen::arbitrary<bool>())
            left.push_back(facts);
        else
            RC_ASSERT(catalogue->remove(facts.id).has_value());
    const auto expected = fresh();
    for (const auto& facts : left)
        RC_ASSERT(expected->insert(facts).has_value());
    RC_ASSERT(catalogue->ids().value() == expected->ids().value());
    for (const auto& facts : left)
        RC_ASSERT(*catalogue->conversation_of(facts.id) == *expected->conversation_of(facts.id));
}

// Up to three tracks each, of few media that overlap, so that echoes and shared sides are common.
std::vector<RecordingFacts> any_echoes() {
    std::vector<RecordingFacts> all;
    for (int n = *rc::gen::inRange(2, 5); n > 0; --n) {
        auto facts = numbered(n);
        facts.tracks.clear();
        for (int t = *rc::gen::inRange(1, 4); t > 0; --t) {
            facts.tracks.push_back(testing::plain_track(static_cast<std::uint32_t>(t), 0));
            const auto first = *rc::gen::inRange<std::uint64_t>(0, 6);
            for (auto mark = first; mark < first + 5; ++mark)
                facts.tracks.back().media_marks.push_back(mark);
        }
        all.push_back(std::move(facts));
    }
    return all;
}

RC_GTEST_PROP(catalogue, knows_the_same_conversations_of_echoes_in_every_order, ()) {
    auto all = any_echoes();
    const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
    std::sort(all.begin(), all.end(), by_id);
    const View one = view_of(all);
    while (std::next_permutation(all.begin(), all.end(), by_id))
        RC_ASSERT(view_of(all) == one);
}

}  // namespace
}  // namespace nk::archive
