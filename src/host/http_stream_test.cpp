// Replies that are read while they are sent.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "host/http_server.h"
#include "host/testing_http.h"

namespace nk::host {
namespace {

constexpr std::uint64_t mb = 1'000'000;

// What the test sees of a stream, also when that is gone.
struct Told {
    std::uint64_t given = 0;
    int reads = 0;
    bool is_gone = false;
};

char byte_at(std::uint64_t at) {
    return static_cast<char>('a' + (at * 7 + at / 1'000) % 26);
}

class MadeUp : public HttpBody {
public:
    struct Shape {
        std::uint64_t bytes = 0;
        bool has_size = true;
        std::optional<std::uint64_t> says{};  // another size
        std::optional<std::uint64_t> fails_at{};
        std::size_t at_once = 1 << 20;  // at the most
    };
    MadeUp(const Shape& shape, std::shared_ptr<Told> told)
        : shape_(shape), told_(std::move(told)) {}
    ~MadeUp() override { told_->is_gone = true; }
    MadeUp(const MadeUp&) = delete;
    MadeUp& operator=(const MadeUp&) = delete;

    [[nodiscard]] std::optional<std::uint64_t> size() const override {
        return shape_.has_size ? std::optional(shape_.says.value_or(shape_.bytes)) : std::nullopt;
    }
    Result<std::size_t> read(std::span<char> into) override {
        ++told_->reads;
        EXPECT_LE(into.size(), limits::http_piece_bytes);
        if (shape_.fails_at && told_->given >= *shape_.fails_at)
            return refuse(Code::io, Blame::machine, "the disk is tired");
        const auto size =
            std::min<std::uint64_t>({into.size(), shape_.bytes - told_->given, shape_.at_once});
        for (std::size_t i = 0; i < size; ++i)
            into[i] = byte_at(told_->given + i);
        told_->given += size;
        return size;
    }

private:
    Shape shape_;
    std::shared_ptr<Told> told_;
};

std::string dechunked(std::string_view text, bool& is_whole) {
    std::string out;
    is_whole = false;
    for (;;) {
        const auto line = text.find("\r\n");
        if (line == std::string_view::npos)
            return out;
        const auto size = std::stoul(std::string(text.substr(0, line)), nullptr, 16);
        text.remove_prefix(line + 2);
        if (text.size() < size + 2 || text.substr(size, 2) != "\r\n")
            return out;
        out += text.substr(0, size);
        text.remove_prefix(size + 2);
        if (size == 0) {
            is_whole = text.empty();
            return out;
        }
    }
}

class HttpStreamTest : public HttpTest {
protected:
    void stream(const MadeUp::Shape& shape) {
        told = std::make_shared<Told>();
        always([this, shape] {
            HttpReply reply{.content_type = "audio/flac"};
            reply.stream = std::make_unique<MadeUp>(shape, told);
            return reply;
        });
    }
    static bool is_right(std::string_view body, std::uint64_t bytes) {
        if (body.size() != bytes)
            return false;
        for (std::size_t i = 0; i < body.size(); ++i)
            if (body[i] != byte_at(i))
                return false;
        return true;
    }

    std::shared_ptr<Told> told;
};

TEST_F(HttpStreamTest, sends_a_stream_of_known_size) {
    for (const std::uint64_t bytes : {0ULL, 1ULL, 65'535ULL, 65'536ULL, 65'537ULL, 1'000'000ULL}) {
        open();
        stream({.bytes = bytes});
        const auto client = connect();
        say(client, last_get);
        const auto heard = listen(client);
        EXPECT_TRUE(has(heard, "\r\nContent-Length: " + std::to_string(bytes) + "\r\n"));
        EXPECT_FALSE(has(heard, "Transfer-Encoding"));
        EXPECT_TRUE(is_right(body_of(heard), bytes)) << bytes;
        EXPECT_TRUE(told->is_gone);
    }
}

TEST_F(HttpStreamTest, sends_one_of_unknown_size_in_chunks) {
    for (const std::uint64_t bytes : {0ULL, 1ULL, 65'535ULL, 65'536ULL, 65'537ULL, 1'000'000ULL})
        for (const std::size_t at_once : {1'000'000UL, 999UL}) {
            open();
            stream({.bytes = bytes, .has_size = false, .at_once = at_once});
            const auto client = connect();
            say(client, get);
            const auto heard = listen(client, "\r\n0\r\n\r\n");
            EXPECT_TRUE(has(heard, "\r\nTransfer-Encoding: chunked\r\n"));
            EXPECT_FALSE(has(heard, "Content-Length"));
            bool is_whole = false;
            EXPECT_TRUE(is_right(dechunked(body_of(heard), is_whole), bytes)) << bytes;
            EXPECT_TRUE(is_whole);
            EXPECT_TRUE(told->is_gone);
            // And the connection is as good as before.
            always([] { return HttpReply{.body = "next"}; });
            EXPECT_TRUE(ask(client, get, "next").ends_with("\r\n\r\nnext"));
        }
}

TEST_F(HttpStreamTest, ends_one_of_unknown_size_by_closing_for_who_knows_no_chunks) {
    open();
    stream({.bytes = 200'000, .has_size = false});
    const auto client = connect();
    say(client, "GET / HTTP/1.0\r\n\r\n");
    const auto heard = listen(client);
    EXPECT_TRUE(is_closed);
    EXPECT_TRUE(has(heard, "\r\nConnection: close\r\n"));
    EXPECT_FALSE(has(heard, "Transfer-Encoding"));
    EXPECT_FALSE(has(heard, "Content-Length"));
    EXPECT_TRUE(is_right(body_of(heard), 200'000));
}

TEST_F(HttpStreamTest, reads_it_no_faster_than_the_client_does) {
    for (const bool has_size : {true, false}) {
        open();
        stream({.bytes = 64 * mb, .has_size = has_size});
        const auto client = connect(nullptr, 64 * 1024);
        say(client, last_get);
        // Until everything between us and the client is full.
        std::uint64_t before = 1;
        while (std::exchange(before, told->given) != told->given || told->given == 0)
            run_for(milliseconds(20));
        EXPECT_LT(told->given, 8 * mb);
        std::uint64_t heard = 0;
        run_until([&] {
            heard += hear(client).size();
            EXPECT_LE(told->given, heard + 8 * mb);
            return is_closed || is_cut;
        });
        EXPECT_TRUE(is_closed);
        EXPECT_EQ(told->given, 64 * mb);
        EXPECT_GT(heard, 64 * mb);
    }
}

// A close in its midst would look like the end of it, where only that tells the end.
TEST_F(HttpStreamTest, cuts_the_connection_when_it_fails) {
    for (const auto& shape : {MadeUp::Shape{.bytes = mb, .fails_at = 300'000},
                              MadeUp::Shape{.bytes = mb, .fails_at = 0},
                              MadeUp::Shape{.bytes = mb, .has_size = false, .fails_at = 300'000},
                              MadeUp::Shape{.bytes = mb - 1, .says = mb}})
        for (const std::string_view ask : {get, std::string_view("GET / HTTP/1.0\r\n\r\n")}) {
            open();
            stream(shape);
            const auto client = connect();
            say(client, ask);
            const auto heard = listen(client);
            EXPECT_TRUE(is_cut);
            EXPECT_FALSE(is_closed);
            EXPECT_FALSE(heard.ends_with("0\r\n\r\n"));
            EXPECT_TRUE(told->is_gone);
            EXPECT_TRUE(run_until([&] { return server->connections() == 0; }));
        }
}

TEST_F(HttpStreamTest, sends_no_more_than_it_said) {
    open();
    stream({.bytes = 100'000, .says = 70'000});
    const auto client = connect();
    say(client, last_get);
    EXPECT_TRUE(is_right(body_of(listen(client)), 70'000));
    EXPECT_TRUE(is_closed);
}

TEST_F(HttpStreamTest, is_not_read_for_who_asks_for_the_head) {
    for (const bool has_size : {true, false}) {
        open();
        stream({.bytes = mb, .has_size = has_size});
        const auto client = connect();
        const auto heard = ask(client, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "\r\n\r\n");
        EXPECT_EQ(has(heard, "\r\nContent-Length: 1000000\r\n"), has_size);
        EXPECT_EQ(has(heard, "\r\nTransfer-Encoding: chunked\r\n"), !has_size);
        EXPECT_TRUE(has(heard, "\r\nConnection: keep-alive\r\n"));
        EXPECT_EQ(told->reads, 0);
        EXPECT_TRUE(told->is_gone);
        always([] { return HttpReply{.body = "next"}; });
        EXPECT_TRUE(ask(client, get, "next").starts_with("HTTP/1.1 200"));
    }
}

TEST_F(HttpStreamTest, is_not_read_when_its_status_has_no_body) {
    open();
    told = std::make_shared<Told>();
    always([this] {
        HttpReply reply{.status = 304};
        reply.stream = std::make_unique<MadeUp>(MadeUp::Shape{.bytes = mb}, told);
        return reply;
    });
    const auto client = connect();
    EXPECT_TRUE(ask(client, last_get, {}).ends_with("\r\n\r\n"));
    EXPECT_EQ(told->reads, 0);
}

TEST_F(HttpStreamTest, is_let_go_when_the_client_leaves) {
    open();
    stream({.bytes = 64 * mb});
    {
        const auto client = connect();
        ask(client, get, "200 OK");
        EXPECT_FALSE(told->is_gone);
    }
    EXPECT_TRUE(run_until([&] { return told->is_gone; }));
    EXPECT_LT(told->given, 64 * mb);
}

TEST_F(HttpStreamTest, is_let_go_when_the_server_goes) {
    open();
    stream({.bytes = 64 * mb});
    const auto client = connect();
    ask(client, get, "200 OK");
    server.reset();
    EXPECT_TRUE(told->is_gone);
    listen(client);
    EXPECT_TRUE(is_cut);
}

TEST_F(HttpStreamTest, ends_who_reads_nothing_and_does_not_make_believe_it_was_all) {
    open({.stall_wait = milliseconds(40)});
    stream({.bytes = 64 * mb, .has_size = false});
    const auto client = connect();
    say(client, "GET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(run_until([&] { return told->given > 0; }));
    EXPECT_TRUE(run_until([&] { return server->connections() == 0; }));
    EXPECT_TRUE(told->is_gone);
    EXPECT_LT(told->given, 64 * mb);
    listen(client);
    EXPECT_TRUE(is_cut);
}

// Though there is room for more at longer intervals than that: it takes 40 kB in each of them.
TEST_F(HttpStreamTest, keeps_who_reads_slowly) {
    constexpr Nanos stall_wait = milliseconds(400);
    open({.stall_wait = stall_wait});
    stream({.bytes = 64 * mb});
    const auto client = connect(nullptr, 16 * 1024);
    say(client, get);
    const auto begun = RealClock().now();
    while (RealClock().now() - begun < 4 * stall_wait) {
        run_for(milliseconds(20));
        hear(client, 2'000);
        ASSERT_EQ(server->connections(), 1U);
    }
    EXPECT_FALSE(is_closed || is_cut);
    EXPECT_TRUE(run_until([&] { return server->connections() == 0; }));  // it has stopped
}

TEST_F(HttpStreamTest, is_500_when_its_headers_cannot_be_sent) {
    open();
    told = std::make_shared<Told>();
    always([this] {
        HttpReply reply;
        reply.headers = {{"Content-Disposition", "attachment; filename=\"a\r\nSet-Cookie: b\""}};
        reply.stream = std::make_unique<MadeUp>(MadeUp::Shape{.bytes = mb}, told);
        return reply;
    });
    const auto client = connect();
    const auto heard = ask(client, last_get, {});
    EXPECT_TRUE(heard.starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
    EXPECT_FALSE(has(heard, "Cookie"));
    EXPECT_EQ(told->reads, 0);
}

}  // namespace
}  // namespace nk::host
