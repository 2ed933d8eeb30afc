// Events that are sent as they happen.

#include <memory>
#include <string>
#include <vector>

#include "host/http_server.h"
#include "host/testing_http.h"

namespace nk::host {
namespace {

class HttpEventsTest : public HttpTest {
protected:
    HttpEventsTest() {
        always([this] {
            HttpReply reply;
            reply.events = [this](std::shared_ptr<HttpEvents> one) {
                events.push_back(std::move(one));
            };
            return reply;
        });
    }
    // A client that gets events; they are the last of `events`.
    Descriptor subscribe(int buffer_bytes = 0, const char* from = nullptr) {
        auto client = connect(from, buffer_bytes);
        const auto wanted = events.size() + 1;
        say(client, get);
        EXPECT_TRUE(run_until([&] { return events.size() == wanted; }));
        return client;
    }

    std::vector<std::shared_ptr<HttpEvents>> events;
};

TEST_F(HttpEventsTest, are_heard_as_they_are_sent) {
    open();
    const auto client = subscribe();
    const auto head = listen(client, "\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(has(head, "\r\nContent-Type: text/event-stream\r\n"));
    EXPECT_TRUE(has(head, "\r\nCache-Control: no-store\r\n"));
    EXPECT_TRUE(has(head, "\r\nConnection: close\r\n"));
    EXPECT_FALSE(has(head, "Content-Length"));
    EXPECT_FALSE(has(head, "Transfer-Encoding"));
    EXPECT_TRUE(events.at(0)->is_open());
    EXPECT_TRUE(events[0]->send("data: one\n\n"));
    EXPECT_TRUE(events[0]->send("data: two\n\n"));
    EXPECT_EQ(listen(client, "two\n\n"), "data: one\n\ndata: two\n\n");
    EXPECT_TRUE(events[0]->send("data: three\n\n"));
    EXPECT_EQ(listen(client, "three\n\n"), "data: three\n\n");
    EXPECT_EQ(server->event_streams(), 1U);
}

TEST_F(HttpEventsTest, may_be_sent_before_the_head_has_left) {
    open();
    always([] {
        HttpReply reply;
        reply.events = [](const std::shared_ptr<HttpEvents>& one) {
            EXPECT_TRUE(one->is_open());
            EXPECT_TRUE(one->send("data: all there is\n\n"));
        };  // and are let go at once
        return reply;
    });
    const auto client = connect();
    say(client, get);
    EXPECT_EQ(body_of(listen(client)), "data: all there is\n\n");
    EXPECT_TRUE(is_closed);
}

TEST_F(HttpEventsTest, end_when_they_are_let_go_and_all_of_them_is_heard) {
    open();
    const auto client = subscribe();
    const std::string much(200'000, 'x');
    EXPECT_TRUE(events[0]->send(much));
    events.clear();
    EXPECT_EQ(body_of(listen(client)), much);
    EXPECT_TRUE(is_closed);
    EXPECT_EQ(server->event_streams(), 0U);
}

TEST_F(HttpEventsTest, are_over_for_who_does_not_read_them) {
    open();
    const auto client = subscribe(16 * 1024);
    const std::string event(10'000, 'x');
    std::size_t sent = 0;
    while (events[0]->send(event)) {
        sent += event.size();
        run_for(milliseconds(1));
        ASSERT_LT(sent, 10'000'000U);
    }
    EXPECT_GT(sent, limits::http_events_bytes_max - event.size());
    EXPECT_FALSE(events[0]->is_open());
    EXPECT_FALSE(events[0]->send("data: x\n\n"));
    EXPECT_TRUE(run_until([&] { return server->connections() == 0; }));
}

TEST_F(HttpEventsTest, are_not_kept_in_memory_beyond_their_limit) {
    open({.events_bytes = 1'000});
    const auto client = subscribe();
    listen(client, "\r\n\r\n");
    run_for(milliseconds(1));  // so that we know, too
    EXPECT_TRUE(events[0]->send(std::string(1'000, 'x')));
    EXPECT_FALSE(events[0]->send("x"));  // before the loop could write anything
    EXPECT_FALSE(events[0]->is_open());
}

TEST_F(HttpEventsTest, end_for_who_takes_nothing_for_long) {
    open({.stall_wait = milliseconds(40)});
    const auto client = subscribe(16 * 1024);
    while (events[0]->send(std::string(50'000, 'x')) && server->connections() > 0)
        run_for(milliseconds(1));
    EXPECT_FALSE(events[0]->is_open());
}

TEST_F(HttpEventsTest, are_over_when_the_client_leaves) {
    open();
    {
        const auto client = subscribe();
        EXPECT_TRUE(events[0]->is_open());
    }
    // Before a comment would find out.
    EXPECT_TRUE(run_until([&] { return !events[0]->is_open(); }, limits::http_events_every / 3));
    EXPECT_FALSE(events[0]->send("data: x\n\n"));
}

TEST_F(HttpEventsTest, come_with_a_comment_now_and_then) {
    open({.events_every = milliseconds(20), .idle = milliseconds(40)});
    const auto client = subscribe();
    EXPECT_TRUE(has(body_of(listen(client, ":\n\n:\n\n:\n\n")), ":\n\n:\n\n:\n\n"));
    EXPECT_TRUE(events[0]->is_open());
}

TEST_F(HttpEventsTest, take_no_place_from_requests) {
    open({.connections = 2});
    std::vector<Descriptor> clients;
    for (int i = 0; i < 200; ++i)
        clients.push_back(subscribe());
    EXPECT_EQ(server->event_streams(), 200U);
    always([] { return HttpReply{.body = "well"}; });
    const auto first = connect();
    ask(first, get, "well");
    const auto second = connect();
    ask(second, get, "well");
    EXPECT_NE(ask(first, get, "well"), "");
    EXPECT_EQ(server->connections(), 202U);
    for (const auto& one : events)
        EXPECT_TRUE(one->send("data: all\n\n"));
    for (const auto& client : clients)
        EXPECT_TRUE(has(listen(client, "all\n\n"), "data: all\n\n"));
}

TEST_F(HttpEventsTest, have_a_limit_of_their_own) {
    open({.event_streams = 2});
    const auto first = subscribe();
    const auto second = subscribe();
    const auto third = connect();
    const auto heard = ask(third, get, "Unavailable\n");
    EXPECT_TRUE(heard.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
    EXPECT_TRUE(has(heard, "\r\nRetry-After: "));
    EXPECT_EQ(events.size(), 2U);
    events.pop_back();
    EXPECT_TRUE(has(ask(third, get, "event-stream"), "200 OK"));
}

TEST_F(HttpEventsTest, have_a_share_for_each_address) {
    open({.event_streams_per_address = 1, .counts_loopback = true});
    const auto first = subscribe(0, "127.0.0.8");
    const auto other = subscribe(0, "127.0.0.9");
    const auto second = connect("127.0.0.8");
    EXPECT_TRUE(ask(second, get, "Unavailable\n").starts_with("HTTP/1.1 503 "));
}

TEST_F(HttpEventsTest, outlive_the_server_and_do_nothing) {
    open();
    const auto client = subscribe();
    server.reset();
    EXPECT_FALSE(events[0]->is_open());
    EXPECT_FALSE(events[0]->send("data: x\n\n"));
    events.clear();
    listen(client);
    EXPECT_TRUE(is_closed || is_cut);
}

TEST_F(HttpEventsTest, are_not_begun_for_who_asks_for_the_head) {
    open();
    const auto client = connect();
    say(client, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto heard = listen(client);
    EXPECT_TRUE(has(heard, "\r\nContent-Type: text/event-stream\r\n"));
    EXPECT_TRUE(is_closed);
    EXPECT_TRUE(events.empty());
}

}  // namespace
}  // namespace nk::host
