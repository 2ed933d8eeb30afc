#include "app/serve_plan.h"

#include <gtest/gtest.h>

namespace nk::app {
namespace {

ServeOptions serve_at(const std::string& http) {
    ServeOptions options;
    options.http = http;
    return options;
}

TEST(serve_plan, opens_the_window_here_unless_calls_are_recorded_and_nobody_says_where) {
    const auto alone = plan({});
    ASSERT_TRUE(alone);
    EXPECT_EQ(alone->http->text(), "127.0.0.1:8060");
    ServeOptions recording;
    recording.siprec = {"udp:127.0.0.1:5060"};
    recording.basis = "company";
    EXPECT_FALSE(plan(recording)->http);
    recording.http = "0.0.0.0:8443";
    EXPECT_EQ(plan(recording)->http->text(), "0.0.0.0:8443");
}

TEST(serve_plan, takes_localhost_for_the_loopback_address_and_no_other_name) {
    const auto named = plan(serve_at("localhost:8070"));
    ASSERT_TRUE(named);
    EXPECT_EQ(named->http->text(), "127.0.0.1:8070");
    EXPECT_EQ(named->http_name, "localhost");
    EXPECT_EQ(plan(serve_at("127.0.0.1:8070"))->http_name, "");
    for (const char* other : {"localhost", "localhost:", "localhost:x", "recorder:8070", "8899"}) {
        const auto refused = plan(serve_at(other));
        ASSERT_FALSE(refused) << other;
        EXPECT_NE(refused.error().what.find("localhost, and a port"), std::string::npos);
    }
}

TEST(serve_plan, takes_no_certificate_without_its_key) {
    auto options = serve_at("0.0.0.0:8443");
    options.tls_certificate = "cert.pem";
    EXPECT_FALSE(plan(options));
    options.tls_key = "key.pem";
    EXPECT_TRUE(plan(options));
    options.tls_certificate.clear();
    EXPECT_FALSE(plan(options));
}

TEST(serve_plan, watches_folders_that_lie_apart) {
    ServeOptions options;
    options.archive = "/a";
    options.watch = {"/srv/phone=+31612345678", "/srv/tape=1/"};
    options.watch_purpose = "memory";
    options.watch_zone = "Europe/Amsterdam";
    const auto planned = plan(options);
    ASSERT_TRUE(planned) << planned.error().what;
    ASSERT_EQ(planned->watched.size(), 2U);
    EXPECT_EQ(planned->watched[0].folder, "/srv/phone");
    EXPECT_EQ(planned->watched[0].own_number, "+31612345678");
    EXPECT_EQ(planned->watched[1].folder, "/srv/tape=1");
    EXPECT_EQ(planned->watched[1].purpose, purpose::Purpose::memory);
    EXPECT_NE(planned->watched[0].state, planned->watched[1].state);
    for (const auto& wrong : std::vector<std::vector<std::string>>{
             {"phone"}, {"/a/phone"}, {"/"}, {"/srv/phone", "/srv/phone/old"}, {"/p", "/p=1"}}) {
        options.watch = wrong;
        EXPECT_FALSE(plan(options)) << wrong[0];
    }
    options.watch = {"/srv/phone"};
    options.watch_zone = "Nowhere";
    EXPECT_FALSE(plan(options));
}

TEST(serve_plan, watches_nothing_without_a_window) {
    ServeOptions options;
    options.siprec = {"udp:127.0.0.1:5060"};
    options.basis = "company";
    options.archive = "/a";
    options.watch = {"/srv/phone"};
    EXPECT_FALSE(plan(options));
    options.http = "127.0.0.1:8060";
    EXPECT_TRUE(plan(options));
}

}  // namespace
}  // namespace nk::app
