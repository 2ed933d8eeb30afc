#include "listener/desks/webhooks.h"

#include <gtest/gtest.h>

#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::TestWindow;

// Its signature is checked with another program's HMAC in tests/window/live_test.py.
TEST(webhooks, sign_as_the_standard_has_it) {
    const std::vector<std::uint8_t> secret{0x31, 0xF2, 0xAD, 0x2A, 0x66, 0x2F, 0xF4, 0x41};
    const auto one = sign_webhook(secret, "msg_1", 1'614'265'330, "{}");
    EXPECT_TRUE(one.starts_with("v1,"));
    EXPECT_EQ(one.size(), 3U + 44U);
    EXPECT_NE(one, sign_webhook(secret, "msg_2", 1'614'265'330, "{}"));
    EXPECT_NE(one, sign_webhook(secret, "msg_1", 1'614'265'331, "{}"));
    EXPECT_NE(one, sign_webhook(secret, "msg_1", 1'614'265'330, "{ }"));
}

TEST(webhooks, are_tried_again_for_a_day_and_then_given_up) {
    Nanos all{};
    std::int64_t tries = 1;
    for (; const auto wait = wait_after(tries); ++tries)
        all += *wait;
    EXPECT_EQ(tries, 10);
    EXPECT_GT(all, hours(20));
    EXPECT_LT(all, hours(26));
}

TEST(webhooks, go_to_addresses_that_nobody_takes_for_another) {
    TestWindow house;
    house.set_up();
    const auto add = [&](const std::string& url) {
        return house.ask("POST", "webhooks", {{"url", url}, {"events", {"recording.made"}}}).status;
    };
    for (const auto* url :
         {"https://example.org/hook", "https://example.org:8443/a?b=c", "http://localhost:9/x",
          "http://127.0.0.1/", "http://[::1]:80/", "https://[2001:db8::1]/"})
        EXPECT_EQ(add(url), 201) << url;
    for (const auto* url :
         {"http://example.org/", "http://localhost#.example.org/", "http://127.0.0.1#@example.org/",
          "http://localhost@example.org/", "http://[::1].example.org/", "http://localhost:99999/",
          "http://localhost:-1/", "https://x:y:z/", "file:///etc/passwd", "https://", "https:///x",
          "https://exa mple.org/", "https://example.org/\xC3\xA9", "ftp://localhost/"})
        EXPECT_EQ(add(url), 422) << url;
}

}  // namespace
}  // namespace nk::listener
