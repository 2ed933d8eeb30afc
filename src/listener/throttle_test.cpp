#include "listener/throttle.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace nk::listener {
namespace {

const MonoTime noon{1'000'000'000'000};

TEST(throttle, lets_a_few_errors_pass_and_then_doubles_the_wait) {
    Throttle throttle;
    for (std::uint32_t i = 0; i + 1 < limits::sign_in_free_tries; ++i) {
        throttle.fail("anna", noon);
        EXPECT_EQ(throttle.wait("anna", noon), Nanos(0));
    }
    throttle.fail("anna", noon);
    EXPECT_EQ(throttle.wait("anna", noon), seconds(1));
    EXPECT_EQ(throttle.wait("anna", noon + seconds(1)), Nanos(0));
    throttle.fail("anna", noon + seconds(1));
    EXPECT_EQ(throttle.wait("anna", noon + seconds(1)), seconds(2));
    for (int i = 0; i < 60; ++i)
        throttle.fail("anna", noon);
    EXPECT_EQ(throttle.wait("anna", noon), limits::sign_in_wait_max);
    EXPECT_EQ(throttle.wait("bert", noon), Nanos(0));
    throttle.succeed("anna");
    EXPECT_EQ(throttle.wait("anna", noon), Nanos(0));
}

TEST(throttle, forgets_the_oldest_when_there_are_too_many) {
    Throttle throttle;
    for (std::size_t i = 0; i < limits::sign_in_keys_max; ++i)
        for (std::uint32_t n = 0; n < limits::sign_in_free_tries; ++n)
            throttle.fail(std::to_string(i), noon + Nanos(static_cast<std::int64_t>(i)));
    throttle.fail("one more", noon + seconds(1));
    EXPECT_EQ(throttle.wait("0", noon), Nanos(0));
    EXPECT_GT(throttle.wait(std::to_string(limits::sign_in_keys_max - 1), noon), Nanos(0));
}

}  // namespace
}  // namespace nk::listener
