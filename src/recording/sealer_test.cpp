#include "recording/sealer.h"

#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "base/md5_lanes.h"
#include "recording/testing_speaker.h"

namespace nk::recording {
namespace {

using testing::after;
using testing::began;
using testing::crash_and_recover;
using testing::resumed;
using testing::Speaker;
using testing::TestHouse;
using testing::voice;
using testing::words;

TEST(sealer, lets_the_shelf_catch_up_when_it_tries_again) {
    class Index : public testing::MemoryShelf {
    public:
        bool catch_up() override { return ++times < 3; }
        int times = 0;
    } shelf;
    TestHouse house;
    Sealer sealer(shelf, house.decoders, house.clock, {});
    (void)sealer.step();
    EXPECT_EQ(shelf.times, 0);
    EXPECT_TRUE(sealer.retry());  // there is more, which is asked for in turn with other work
    EXPECT_EQ(shelf.times, 1);
    EXPECT_TRUE(sealer.catch_up());
    EXPECT_FALSE(sealer.catch_up());
    EXPECT_EQ(shelf.times, 3);
}

// A call's sound may be read up to three times: for its drops, for its keys, and to be heard.
TEST(sealer, reads_no_further_for_drops_when_nobody_waits) {
    class Counted : public SealSource {
    public:
        Counted(std::shared_ptr<SealSource> of, Sealer& sealer)
            : of_(std::move(of)), sealer_(sealer) {}
        journal::Reader& reader() override {
            ++reads;
            sealer_.leave();
            return of_->reader();
        }
        [[nodiscard]] bool is_written(const journal::Place&) const override { return true; }
        void on_sealed(std::uint64_t, std::span<const journal::Place>) override {}
        int reads = 0;

    private:
        std::shared_ptr<SealSource> of_;
        Sealer& sealer_;
    };
    TestHouse house;
    Speaker speaker(house);
    speaker.say(500);
    house.recorder->ends(speaker.call, began + seconds(10));
    ASSERT_TRUE(house.log->flush());
    house.crash();
    auto left = recover(house.disk, "/journal", resumed);
    ASSERT_TRUE(left);
    ASSERT_EQ(left->jobs.size(), 1U);
    auto job = std::move(left->jobs[0]);
    left->jobs.clear();
    ASSERT_TRUE(job.may_have_drops);
    auto counted = std::make_shared<Counted>(job.source, *house.sealer);
    job.source = counted;
    house.sealer->push(std::move(job));
    (void)house.sealer->step();
    EXPECT_EQ(counted->reads, 1);
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
    EXPECT_TRUE(shelf.desks.empty());
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
    Recorder recorder(*house.log, std::make_shared<LiveSource>(house.disk, *house.log), shelf,
                      house.clock, {}, [&](SealJob job) { sealer.push(std::move(job)); });
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

// They wait for the disk together; one that does not come there is in nobody's way.
TEST(sealer, seals_the_others_when_one_of_them_cannot_be_published) {
    TestHouse house;
    std::vector<Speaker> speakers;
    for (std::uint32_t n = 1; n <= 3; ++n)
        speakers.emplace_back(house, n).say(50);
    for (auto& speaker : speakers)
        house.recorder->ends(speaker.call, began + seconds(60));
    ASSERT_TRUE(house.log->flush());
    house.shelf.refused = {"id-2"};
    EXPECT_TRUE(house.sealer->step());
    auto sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 3U);
    for (std::size_t i = 0; i < sealed.size(); ++i)
        EXPECT_EQ(sealed[i].facts.has_value(), i != 1) << i;
    EXPECT_EQ(house.shelf.desks.size(), 2U);
    EXPECT_EQ(house.sealer->failed(), 1U);
    EXPECT_GT(house.log->live_blocks(), 0U);
    house.shelf.refused.clear();
    house.sealer->retry();
    EXPECT_TRUE(house.sealer->step());
    sealed = house.sealer->take();
    ASSERT_EQ(sealed.size(), 1U);
    ASSERT_TRUE(sealed[0].facts);
    EXPECT_EQ(sealed[0].facts->id, "id-2");
    EXPECT_EQ(house.shelf.desks.size(), 3U);
    EXPECT_EQ(house.log->live_blocks(), 0U);
    EXPECT_EQ(left_channel(house.shelf, "id-2"), words(50));
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
