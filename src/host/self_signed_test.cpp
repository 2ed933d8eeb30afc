#include "host/self_signed.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "host/certificate.h"

namespace nk::host {
namespace {

const std::string folder = std::string(NK_BINARY_DIR) + "/self-signed";

TEST(self_signed, certificate_holds_for_its_time_and_its_key_is_nobody_elses) {
    std::filesystem::create_directories(folder);
    const std::string certificate = folder + "/certificate.pem";
    const std::string key = folder + "/key.pem";
    const SelfSigned about{{"naklank.example", "192.0.2.7", "2001:db8::1"},
                           WallTime{1'700'000'000'000'000'000},
                           WallTime{1'800'000'000'000'000'000}};
    const auto made = make_self_signed(certificate, key, about);
    ASSERT_TRUE(made) << made.error().what;
    const auto times = certificate_times(certificate);
    ASSERT_TRUE(times);
    EXPECT_EQ(times->from, about.from);
    EXPECT_EQ(times->to, about.to);
    EXPECT_EQ(std::filesystem::status(key).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const auto first = fingerprint_of(certificate);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->size(), 32U * 3 - 1);
    ASSERT_TRUE(make_self_signed(certificate, key, about));  // in its place
    EXPECT_NE(fingerprint_of(certificate).value_or(""), *first);
    EXPECT_FALSE(fingerprint_of(key));
    EXPECT_FALSE(fingerprint_of(folder + "/none"));
    EXPECT_FALSE(make_self_signed(folder + "/none/certificate.pem", key, about));
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace nk::host
