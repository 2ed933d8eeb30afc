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

}  // namespace
}  // namespace nk::app
