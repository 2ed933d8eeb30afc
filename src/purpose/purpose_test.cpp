#include "purpose/purpose.h"

#include <gtest/gtest.h>

namespace nk::purpose {
namespace {

TEST(Purpose, live_capture_does_not_start_without_a_basis) {
    const auto answer = may_capture_live(std::nullopt);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::refused);
    EXPECT_NE(answer.error().what.find("crime"), std::string::npos);
}

TEST(Purpose, own_line_and_company_are_bases) {
    EXPECT_EQ(may_capture_live("own-line"), Basis::own_line);
    EXPECT_EQ(may_capture_live("company"), Basis::company);
}

TEST(Purpose, a_warrant_is_refused_until_interception_exists) {
    const auto answer = may_capture_live("warrant");
    ASSERT_FALSE(answer);
    EXPECT_NE(answer.error().what.find("interception"), std::string::npos);
}

TEST(Purpose, having_a_file_is_no_basis_for_a_live_line) {
    EXPECT_FALSE(may_capture_live("capture-file"));
    EXPECT_FALSE(may_capture_live("because"));
    EXPECT_FALSE(may_capture_live(""));
}

TEST(Purpose, every_name_reads_back_as_what_it_names) {
    for (const auto purpose : {Purpose::wording, Purpose::training, Purpose::agreement,
                               Purpose::memory, Purpose::keepsake})
        EXPECT_EQ(purpose_named(name_of(purpose)), purpose);
    for (const auto basis : {Basis::capture_file, Basis::own_line, Basis::company, Basis::warrant})
        EXPECT_EQ(basis_named(name_of(basis)), basis);
    for (const auto door : {Door::siprec, Door::tap, Door::bridge, Door::import})
        EXPECT_EQ(door_named(name_of(door)), door);
    EXPECT_FALSE(purpose_named("interception"));
}

}  // namespace
}  // namespace nk::purpose
