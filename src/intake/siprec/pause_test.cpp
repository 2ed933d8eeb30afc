// What is withheld while a recording is paused: by the client, line by line, and by somebody at
// this machine.

#include "intake/siprec/pause.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "intake/siprec/testing_client.h"

namespace nk::siprec {
namespace {

using testing::Client;
using testing::House;
using testing::media_line;
using testing::metadata;
using testing::offer;
using testing::session;

using Lines = std::vector<std::size_t>;
using Told = std::vector<std::string>;

const std::string ann_and_bo =
    metadata({{"p1", "sip:100@example.com", "Ann", "1"}, {"p2", "sip:200@example.com", "Bo", "2"}});

MonoTime at(std::int64_t s) {
    return MonoTime{0} + seconds(s);
}

TEST(pause, remembers_when_it_was_on) {
    Pause pause;
    EXPECT_TRUE(pause.begin(at(10)));
    EXPECT_FALSE(pause.begin(at(11)));
    EXPECT_TRUE(pause.end(at(20)));
    EXPECT_FALSE(pause.end(at(21)));
    EXPECT_TRUE(pause.begin(at(30)));
    EXPECT_FALSE(pause.was_on(at(9)));
    EXPECT_TRUE(pause.was_on(at(10)));
    EXPECT_TRUE(pause.was_on(at(19)));
    EXPECT_FALSE(pause.was_on(at(20)));
    EXPECT_TRUE(pause.was_on(at(1'000)));
}

TEST(pause, forgets_none_of_the_time_it_was_on) {
    Pause pause;
    for (std::int64_t n = 0; n < 100; ++n) {
        pause.begin(at(10 * n));
        pause.end(at(10 * n + 1));
    }
    for (std::int64_t n = 0; n < 100; ++n)
        EXPECT_TRUE(pause.was_on(at(10 * n))) << n;
    EXPECT_FALSE(pause.was_on(at(985)));
}

TEST(pause, is_forgotten_when_it_was_not_asked_for_again) {
    Pause pause;
    pause.begin(at(0));
    pause.begin(at(60));
    EXPECT_FALSE(pause.is_forgotten(at(0) + limits::pause_max));
    EXPECT_TRUE(pause.is_forgotten(at(60) + limits::pause_max));
    pause.end(at(61));
    EXPECT_FALSE(pause.is_forgotten(at(61) + limits::pause_max));
}

// A call of two lines whose states the client says in offers.
struct TwoLines {
    explicit TwoLines(std::string_view one = "on", std::string_view two = "on") {
        client.send("INVITE", offer(described(one, two), ann_and_bo));
    }
    static std::string line(std::uint16_t port, std::string_view label, std::string_view state) {
        if (state == "refused")
            return media_line(0, label);
        if (state == "inactive" || state == "recvonly" || state == "sendonly")
            return media_line(port, label, state);
        return media_line(port, label) + "a=record:" + std::string(state) + "\r\n";
    }
    static std::string described(std::string_view one, std::string_view two) {
        return session(line(30'000, "1", one) + line(30'002, "2", two));
    }
    // Says so, and what comes then is withheld on these lines.
    Lines say(std::string_view one, std::string_view two) {
        client.send("INVITE", {{"application/sdp", described(one, two)}});
        return speak();
    }
    Lines speak() {
        house.pass(seconds(1));
        house.ear.withheld_lines.clear();
        for (std::size_t line = 0; line < 2; ++line)
            if (client.ports[line] != 0)
                client.speak(line, 1);
        return house.ear.withheld_lines;
    }
    [[nodiscard]] Told told() const {
        Told out;
        for (const auto& event : house.ear.story.told)
            if (event.what.starts_with("recording-"))
                out.push_back(event.what.substr(10) + " " + event.detail + " " +
                              (event.party ? std::to_string(*event.party) : "all"));
        return out;
    }
    House house;
    Client client{house};
};

// Time goes on so far, and media comes, so that the client is not taken to be gone.
void live(TwoLines& call, Nanos time) {
    for (Nanos passed{0}; passed < time; passed += seconds(30)) {
        call.client.speak(1, 1);
        call.house.pass(seconds(30));
    }
}

TEST(client_pause, withholds_the_line_that_is_paused_and_no_other) {
    TwoLines call;
    EXPECT_EQ(call.say("on", "paused"), (Lines{1}));
    EXPECT_EQ(call.say("paused", "on"), (Lines{0}));
    EXPECT_EQ(call.say("paused", "paused"), (Lines{0, 1}));
    EXPECT_EQ(call.say("on", "paused"), (Lines{1}));
    EXPECT_EQ(call.say("on", "nopreference"), Lines{});
    EXPECT_EQ(call.told(), (Told{"paused client 1", "paused client 0", "resumed client 1",
                                 "paused client 1", "resumed client 0", "resumed client 1"}));
}

TEST(client_pause, may_be_there_from_the_beginning) {
    TwoLines call("paused", "on");
    EXPECT_EQ(call.speak(), (Lines{0}));
    EXPECT_EQ(call.told(), (Told{"paused client 0"}));
}

TEST(client_pause, goes_on_over_an_offer_that_says_nothing_of_it) {
    TwoLines call;
    EXPECT_EQ(call.say("paused", "on"), (Lines{0}));
    EXPECT_EQ(call.say("sendonly", "sendonly"), (Lines{0}));
    EXPECT_EQ(call.say("off", "off"), (Lines{0}));
    EXPECT_EQ(call.say("on", "sendonly"), Lines{});
}

// A client says of a line on which nothing is to be sent that it is inactive, and a packet that
// comes all the same was not meant to be kept.
TEST(client_pause, withholds_what_comes_on_an_inactive_line) {
    TwoLines call;
    EXPECT_EQ(call.say("inactive", "paused"), (Lines{0, 1}));
    EXPECT_EQ(call.say("inactive", "inactive"), (Lines{0, 1}));
    EXPECT_EQ(call.say("sendonly", "sendonly"), (Lines{1}));  // still paused
    EXPECT_EQ(call.say("recvonly", "on"), Lines{});
    EXPECT_EQ(call.say("inactive", "on"), (Lines{0}));
    live(call, limits::pause_max + seconds(30));
    EXPECT_EQ(call.speak(), (Lines{0}));  // nobody forgot it: it is held
}

TEST(client_pause, is_not_decided_by_a_refused_line) {
    TwoLines call;
    EXPECT_EQ(call.say("paused", "refused"), (Lines{0}));
    TwoLines other;
    EXPECT_EQ(other.say("on", "refused"), Lines{});
    TwoLines third("paused", "paused");
    const auto refused_says_on =
        session(TwoLines::line(30'000, "1", "paused") + media_line(0, "2") + "a=record:on\r\n");
    third.client.send("INVITE", {{"application/sdp", refused_says_on}});
    EXPECT_EQ(third.speak(), (Lines{0}));
    EXPECT_EQ(third.say("on", "sendonly"), (Lines{1}));
}

TEST(client_pause, and_that_of_a_request_end_each_by_itself) {
    TwoLines call;
    call.house.server.pause("recording-1", call.house.clock.time);
    EXPECT_EQ(call.say("paused", "on"), (Lines{0, 1}));
    call.house.server.resume("recording-1", call.house.clock.time);
    EXPECT_EQ(call.speak(), (Lines{0}));
    call.house.server.pause("recording-1", call.house.clock.time);
    EXPECT_EQ(call.say("on", "on"), (Lines{0, 1}));
    call.house.server.resume("recording-1", call.house.clock.time);
    EXPECT_EQ(call.speak(), Lines{});
    EXPECT_EQ(call.told(), (Told{"paused request all", "paused client 0", "resumed request all",
                                 "paused request all", "resumed client 0", "resumed request all"}));
}

TEST(client_pause, and_that_of_a_request_have_clocks_of_their_own) {
    TwoLines call;
    call.say("paused", "on");
    live(call, limits::pause_max / 2);
    call.house.server.pause("recording-1", call.house.clock.time);
    live(call, limits::pause_max / 2 + seconds(60));
    EXPECT_EQ(call.speak(), (Lines{0, 1}));
    EXPECT_EQ(call.told().back(), "resumed limit 0");
    live(call, limits::pause_max / 2);
    EXPECT_EQ(call.speak(), Lines{});
    EXPECT_EQ(call.told().back(), "resumed limit all");
}

TEST(client_pause, lasts_longer_when_it_is_asked_for_again) {
    TwoLines call;
    call.say("paused", "on");
    call.house.server.pause("recording-1", call.house.clock.time);
    live(call, limits::pause_max - seconds(60));
    call.house.server.pause("recording-1", call.house.clock.time);
    live(call, seconds(120));
    EXPECT_EQ(call.speak(), (Lines{0, 1}));  // the client's is over, and it is the other's
    call.house.server.resume("recording-1", call.house.clock.time);
    EXPECT_EQ(call.speak(), Lines{});
    call.say("paused", "on");
    live(call, limits::pause_max - seconds(60));
    call.say("paused", "on");
    live(call, seconds(120));
    EXPECT_EQ(call.speak(), (Lines{0}));
}

// A pause right after another one lasts as long as any.
TEST(client_pause, is_not_shortened_by_the_one_before_it) {
    TwoLines call;
    call.house.server.pause("recording-1", call.house.clock.time);
    live(call, limits::pause_max - seconds(60));
    call.house.server.resume("recording-1", call.house.clock.time);
    call.house.pass(milliseconds(200));
    call.house.server.pause("recording-1", call.house.clock.time);
    live(call, seconds(300));
    EXPECT_EQ(call.speak(), (Lines{0, 1}));
}

TEST(client_pause, keeps_no_key_that_signalling_tells_of) {
    TwoLines call;
    const auto press = [&] {
        call.client.send("INFO", {{"Application/DTMF-Relay", "Signal=5\r\nDuration=160\r\n"}});
        return call.house.ear.story.pressed.size();
    };
    EXPECT_EQ(press(), 1U);
    call.house.server.pause("recording-1", call.house.clock.time);
    EXPECT_EQ(press(), 1U);
    call.house.server.resume("recording-1", call.house.clock.time);
    call.say("on", "paused");
    EXPECT_EQ(press(), 1U);
    call.say("inactive", "on");
    EXPECT_EQ(press(), 1U);
    call.say("on", "on");
    EXPECT_EQ(press(), 2U);
    ASSERT_EQ(call.house.ear.story.noted.size(), 1U);
    EXPECT_EQ(call.house.ear.story.noted[0].name, "key-presses-withheld");
    EXPECT_EQ(call.house.ear.story.noted[0].count, 3U);
}

// And none that its sound tells of (RFC 4733).
TEST(client_pause, withholds_telephone_events) {
    TwoLines call("paused", "on");
    std::vector<std::uint8_t> event{0x80, 101, 0, 1, 0, 0, 0, 160, 0, 0, 0, 9, 5, 10, 0, 160};
    for (std::size_t line = 0; line < 2; ++line)
        call.house.server.on_media(call.client.ports[line], testing::at("192.0.2.20", 30'000),
                                   event, call.house.clock.time);
    EXPECT_EQ(call.house.ear.withheld_lines, (Lines{0}));
    EXPECT_EQ(call.house.ear.heard.size(), 1U);
}

// What arrived before a pause or its end is judged by that, whatever the clocks say of it.
TEST(client_pause, begins_and_ends_when_what_has_arrived_is_read) {
    TwoLines call;
    call.house.sockets.unread = [&](std::uint16_t) { call.client.speak(0, 1); };
    call.house.server.pause("recording-1", call.house.clock.time);
    EXPECT_EQ(call.house.ear.heard.size(), 1U);
    call.house.sockets.unread = [&](std::uint16_t) { call.client.speak(0, 2); };
    call.house.server.resume("recording-1", call.house.clock.time);
    EXPECT_EQ(call.house.ear.heard.size(), 1U);
    EXPECT_EQ(call.house.ear.withheld, 1U);
    call.house.server.pause("recording-1", call.house.clock.time);
    live(call, limits::pause_max - seconds(30));
    call.house.sockets.unread = [&](std::uint16_t) { call.client.speak(0, 3); };
    call.house.ear.withheld_lines.clear();
    call.house.pass(seconds(31));  // nobody ended it
    EXPECT_EQ(call.told().back(), "resumed limit all");
    EXPECT_EQ(call.house.ear.withheld_lines, (Lines{0}));
    call.house.sockets.unread = [&](std::uint16_t) { call.client.speak(0, 3); };
    call.client.send("INVITE", {{"application/sdp", TwoLines::described("paused", "paused")}});
    EXPECT_EQ(call.house.ear.heard.size(), 2U);
    call.house.sockets.unread = [&](std::uint16_t) { call.client.speak(0, 4); };
    call.client.send("INVITE", {{"application/sdp", TwoLines::described("on", "on")}});
    EXPECT_EQ(call.house.ear.heard.size(), 2U);
}

}  // namespace
}  // namespace nk::siprec
