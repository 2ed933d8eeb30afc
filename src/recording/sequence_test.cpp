#include "recording/sequence.h"

#include <gtest/gtest.h>

namespace nk::recording {
namespace {

using Verdict = Sequence::Verdict;

class SequenceTest : public ::testing::Test {
protected:
    Sequence::Seen see(std::uint16_t number, std::uint32_t timestamp, std::int64_t at_ms) {
        return sequence_.see(number, timestamp, MonoTime{at_ms * 1'000'000}, 8'000);
    }
    Sequence sequence_;
};

TEST_F(SequenceTest, numbers_and_time_stamps_wrap_without_a_seam) {
    const auto first = see(65'534, 0xffffff60, 0);
    const auto second = see(65'535, 0, 20);
    const auto third = see(0, 160, 40);
    EXPECT_EQ(second.verdict, Verdict::next);
    EXPECT_EQ(third.verdict, Verdict::next);
    EXPECT_EQ(third.number - first.number, 2);
    EXPECT_EQ(third.timestamp - first.timestamp, 320);
}

TEST_F(SequenceTest, tells_late_and_duplicate_apart) {
    see(10, 1'600, 0);
    see(12, 1'920, 40);
    EXPECT_EQ(see(11, 1'760, 45).verdict, Verdict::late);
    EXPECT_EQ(see(11, 1'760, 46).verdict, Verdict::duplicate);
    EXPECT_EQ(see(12, 1'920, 47).verdict, Verdict::duplicate);
}

TEST_F(SequenceTest, a_hole_is_believed_when_the_wall_agrees_however_long_it_is) {
    see(10, 1'600, 0);
    EXPECT_EQ(see(10'010, 1'601'600, 200'000).verdict, Verdict::next);
}

TEST_F(SequenceTest, a_leap_of_numbers_that_no_clock_explains_is_a_restart_only_when_it_goes_on) {
    see(10, 1'600, 0);
    EXPECT_EQ(see(40'000, 77, 20).verdict, Verdict::suspect);
    EXPECT_EQ(see(11, 1'760, 21).verdict, Verdict::next) << "a lone stray changes nothing";
    EXPECT_EQ(see(40'000, 77, 40).verdict, Verdict::suspect);
    EXPECT_EQ(see(40'001, 237, 60).verdict, Verdict::restart);
}

TEST_F(SequenceTest, the_same_number_with_another_time_stamp_is_no_duplicate) {
    for (std::uint16_t n = 0; n < 100; ++n)
        see(n, 160U * n, 20 * n);
    EXPECT_EQ(see(0, 9'000'000, 2'000).verdict, Verdict::suspect);
    EXPECT_EQ(see(1, 9'000'160, 2'020).verdict, Verdict::restart);
}

TEST_F(SequenceTest, packets_of_one_key_press_share_a_time_stamp) {
    see(10, 1'600, 0);
    EXPECT_EQ(see(11, 1'600, 20).verdict, Verdict::next);
    EXPECT_EQ(see(13, 1'600, 60).verdict, Verdict::next);
    EXPECT_EQ(see(12, 1'600, 61).verdict, Verdict::late);
}

}  // namespace
}  // namespace nk::recording
