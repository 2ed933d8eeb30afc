#include "host/http_server.h"

#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "host/testing_http.h"

namespace nk::host {
namespace {

class HttpServerTest : public HttpTest {
protected:
    // Answers nothing by itself.
    void keep_answers() {
        handle = [this](const auto&, HttpAnswer answer) { answers.push_back(std::move(answer)); };
    }
    bool is_asked(std::size_t times) {
        return run_until([&] { return requests.size() >= times; });
    }
    static std::string post(std::size_t bytes) {
        return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(bytes) +
               "\r\n\r\n";
    }

    std::vector<HttpAnswer> answers;
};

TEST_F(HttpServerTest, answers_one_request_after_another_on_a_connection) {
    open();
    const auto client = connect();
    const auto heard = ask(client, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n", "{\"well\":true}");
    EXPECT_TRUE(heard.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << heard;
    EXPECT_TRUE(has(heard, "\r\nContent-Type: application/json\r\nContent-Length: 13\r\n"));
    EXPECT_TRUE(has(heard, "\r\nConnection: keep-alive\r\n"));
    EXPECT_EQ(requests.at(0).remote, bound_endpoint(client.number()));
    EXPECT_FALSE(requests[0].is_secure);
    // Two at once, the first with a body that comes in pieces.
    say(client, "POST /pause HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo");
    say(client, "dyGET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    listen(client);
    EXPECT_TRUE(is_closed);
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_EQ(requests[1].body, "body");
    EXPECT_EQ(requests[2].target, "/last");
}

TEST_F(HttpServerTest, gives_the_size_and_not_the_body_to_who_asks_for_the_head) {
    open();
    const auto client = connect();
    say(client, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const auto heard = listen(client);
    EXPECT_TRUE(has(heard, "Content-Length: 13"));
    EXPECT_TRUE(heard.ends_with("\r\n\r\n"));
}

TEST_F(HttpServerTest, hands_on_every_method_it_knows) {
    open();
    const auto client = connect();
    for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
        ask(client, method + " / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", "well");
        EXPECT_EQ(requests.back().method, method);
        EXPECT_EQ(requests.back().body, "hi");
    }
    EXPECT_EQ(requests.size(), 5U);
    EXPECT_TRUE(ask(client, "OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n", "\r\n\r\n")
                    .starts_with("HTTP/1.1 501 Not Implemented\r\n"));
    EXPECT_EQ(requests.size(), 5U);
}

TEST_F(HttpServerTest, says_why_it_refuses_and_closes) {
    open();
    const auto client = connect();
    say(client, "nonsense\r\n\r\nmore of it");
    EXPECT_TRUE(listen(client).starts_with("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_TRUE(is_closed);
    EXPECT_TRUE(requests.empty());
}

TEST_F(HttpServerTest, asks_for_the_body_of_who_waits_to_be_asked) {
    open();
    const auto client = connect();
    const std::string head =
        "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ";
    EXPECT_EQ(ask(client, head + "4\r\n\r\n", "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_TRUE(ask(client, "body", "well").starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(requests.at(0).body, "body");
    // Again on the same connection, and not for what is too much.
    EXPECT_EQ(ask(client, head + "4\r\n\r\n", "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    ask(client, "body", "well");
    EXPECT_TRUE(ask(client, head + "99999999\r\n\r\n", "\r\n\r\n").starts_with("HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, takes_bodies_up_to_its_limit) {
    open({.body_bytes = 1'000'000});
    const auto client = connect();
    const std::string body(1'000'000, 'b');
    say(client, post(body.size()));
    std::size_t sent = 0;
    ASSERT_TRUE(run_until([&] {
        const auto got = ::send(client.number(), body.data() + sent, body.size() - sent,
                                MSG_NOSIGNAL | MSG_DONTWAIT);
        sent += got > 0 ? static_cast<std::size_t>(got) : 0;
        return sent == body.size();
    }));
    EXPECT_TRUE(listen(client, "well").starts_with("HTTP/1.1 200"));
    EXPECT_EQ(requests.at(0).body, body);
    EXPECT_TRUE(
        ask(client, post(1'000'001), "\r\n\r\n").starts_with("HTTP/1.1 413 Content Too Large\r\n"));
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(HttpServerTest, gives_a_large_body_more_time) {
    open({.body_bytes = 1'000'000, .request_wait = milliseconds(20)});
    const auto client = connect();
    const std::string half(100'000, 'b');
    say(client, post(2 * half.size()) + half);
    run_for(milliseconds(100));
    EXPECT_TRUE(ask(client, half, "well").starts_with("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, waits_for_an_answer_that_comes_later) {
    keep_answers();
    open({.request_wait = milliseconds(20), .stall_wait = milliseconds(20)});
    const auto client = connect();
    say(client, std::string(get) + std::string(last_get));
    ASSERT_TRUE(is_asked(1));
    run_for(milliseconds(100));  // however long that takes
    EXPECT_EQ(hear(client), "");
    EXPECT_FALSE(is_closed);
    EXPECT_EQ(requests.size(), 1U);  // the second waits for its turn
    answers[0]({201, "text/plain", "first"});
    EXPECT_TRUE(listen(client, "first").starts_with("HTTP/1.1 201 Created"));
    ASSERT_TRUE(is_asked(2));
    answers[1]({200, "text/plain", "second"});
    EXPECT_TRUE(listen(client).ends_with("second"));
    EXPECT_TRUE(is_closed);
}

TEST_F(HttpServerTest, takes_the_first_of_two_answers) {
    keep_answers();
    open();
    const auto client = connect();
    say(client, get);
    ASSERT_TRUE(is_asked(1));
    answers[0]({200, "text/plain", "first"});
    answers[0]({200, "text/plain", "second"});
    EXPECT_TRUE(listen(client, "first").ends_with("first"));
    say(client, get);
    ASSERT_TRUE(is_asked(2));
    answers[0]({200, "text/plain", "third"});
    answers[1]({200, "text/plain", "fourth"});
    EXPECT_TRUE(listen(client, "fourth").ends_with("fourth"));
}

TEST_F(HttpServerTest, says_500_for_an_answer_that_was_let_go) {
    keep_answers();
    open();
    const auto client = connect();
    say(client, get);
    ASSERT_TRUE(is_asked(1));
    answers.clear();
    EXPECT_TRUE(listen(client, "Error\n").starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
    say(client, last_get);
    ASSERT_TRUE(is_asked(2));
    answers[0]({});
    listen(client);
    EXPECT_TRUE(is_closed);
}

// As when a strand that was to make it goes.
TEST_F(HttpServerTest, says_500_for_an_answer_that_was_let_go_elsewhere) {
    keep_answers();
    open();
    const auto client = connect();
    say(client, get);
    ASSERT_TRUE(is_asked(1));
    std::jthread([theirs = std::exchange(answers, {})]() mutable { theirs.clear(); }).join();
    EXPECT_TRUE(listen(client, "Error\n").starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
}

TEST_F(HttpServerTest, gives_up_on_an_answer_that_never_comes) {
    keep_answers();
    open({.answer_wait = milliseconds(20)});
    const auto client = connect();
    say(client, get);
    EXPECT_EQ(listen(client), "");
    EXPECT_TRUE(is_closed || is_cut);
    answers.at(0)({});
}

TEST_F(HttpServerTest, loses_nothing_when_the_client_has_left_before_its_answer) {
    keep_answers();
    open();
    {
        const auto client = connect();
        say(client, get);
        ASSERT_TRUE(is_asked(1));
    }
    answers[0]({200, "text/plain", std::string(1'000'000, 'x')});
    EXPECT_TRUE(run_until([&] { return server->connections() == 0; }));
    answers[0]({});
    answers.clear();
    run_for(milliseconds(1));
}

TEST_F(HttpServerTest, loses_nothing_when_it_goes_before_its_answer) {
    keep_answers();
    open();
    const auto client = connect();
    const auto other = connect();
    say(client, get);
    ASSERT_TRUE(is_asked(1));
    say(other, get);
    ASSERT_TRUE(is_asked(2));
    server.reset();
    bool has_begun = false;
    HttpReply late;
    late.events = [&](const auto&) { has_begun = true; };
    answers[0](std::move(late));
    EXPECT_FALSE(has_begun);
    answers.pop_back();  // uncalled
    EXPECT_EQ(listen(client), "");
    EXPECT_TRUE(is_closed || is_cut);
    answers[0]({});
}

TEST_F(HttpServerTest, closes_who_sends_a_request_too_slowly_and_who_sends_none) {
    open({.request_wait = milliseconds(20), .idle = milliseconds(40)});
    const auto slow = connect();
    say(slow, "GET / HT");
    const auto silent = connect();
    EXPECT_EQ(listen(slow), "");
    EXPECT_TRUE(is_closed);
    EXPECT_EQ(listen(silent), "");
    EXPECT_TRUE(is_closed);
}

// Who says nothing, or not all of it, makes room for who does.
TEST_F(HttpServerTest, takes_no_more_connections_than_its_limit) {
    open({.connections = 2});
    const auto slow = connect();
    say(slow, "GET / HTTP/1.1\r\nHo");
    const auto idle = connect();
    ask(idle, get, "well");
    const auto next = connect();
    EXPECT_NE(ask(next, get, "well"), "");
    EXPECT_EQ(listen(slow), "");
    EXPECT_TRUE(is_closed);
    EXPECT_NE(ask(idle, last_get, "well"), "");
}

TEST_F(HttpServerTest, ends_nobody_who_is_being_answered) {
    open({.connections = 1});
    always([] { return HttpReply{.body = std::string(16'000'000, 'x')}; });
    const auto first = connect();
    say(first, last_get);
    ASSERT_TRUE(is_asked(1));
    const auto second = connect();
    EXPECT_EQ(listen(second), "");
    EXPECT_TRUE(is_closed);
    EXPECT_TRUE(listen(first, "200 OK").starts_with("HTTP/1.1 200 OK"));
    EXPECT_FALSE(is_closed);
}

// The others' older connections stay.
TEST_F(HttpServerTest, takes_no_more_connections_of_one_address_than_its_share) {
    open({.connections_per_address = 2, .counts_loopback = true});
    const auto other = connect("127.0.0.9");
    ask(other, get, "well");
    const auto first = connect("127.0.0.8");
    ask(first, get, "well");
    const auto second = connect("127.0.0.8");
    ask(second, get, "well");
    const auto third = connect("127.0.0.8");
    EXPECT_NE(ask(third, get, "well"), "");
    EXPECT_EQ(listen(first), "");
    EXPECT_TRUE(is_closed);
    for (const auto* one : {&other, &second, &third})
        EXPECT_NE(ask(*one, last_get, "well"), "");
}

TEST_F(HttpServerTest, gives_loopback_no_share_by_itself) {
    open({.connections_per_address = 1});
    const auto first = connect();
    ask(first, get, "well");
    const auto second = connect();
    ask(second, get, "well");
    EXPECT_NE(ask(first, get, "well"), "");
}

TEST_F(HttpServerTest, keeps_three_hundred_connections_at_once) {
    open();
    std::vector<Descriptor> clients;
    for (int i = 0; i < 300; ++i)
        clients.push_back(connect());
    for (int turn = 0; turn < 2; ++turn) {
        for (const auto& client : clients)
            say(client, get);
        for (const auto& client : clients)
            ASSERT_TRUE(listen(client, "well").starts_with("HTTP/1.1 200"));
    }
    EXPECT_EQ(requests.size(), 600U);
    EXPECT_EQ(server->connections(), 300U);
    clients.clear();
    EXPECT_TRUE(run_until([&] { return server->connections() == 0; }));
}

TEST_F(HttpServerTest, says_where_it_cannot_listen) {
    open();
    const auto again = HttpServer::open(loop, {.at = server->endpoint()}, {});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Code::busy);
}

}  // namespace
}  // namespace nk::host
