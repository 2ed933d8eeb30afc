// HTTP over TLS, with certificates that are made here and a client of OpenSSL's own.

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "host/http_server.h"
#include "host/testing_http.h"
#include "host/testing_identity.h"

namespace nk::host {
namespace {

using testing_identity::make_identity;
using testing_identity::Owned;

struct Talk {
    std::string subject;  // of the server's certificate; empty when hands were not shaken
    std::string heard;
    bool is_goodbye = false;  // the server said that it was all
};

// A body that fails after its first piece, or comes to its end after many.
class Pieces : public HttpBody {
public:
    explicit Pieces(bool fails) : fails_(fails) {}
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
    Result<std::size_t> read(std::span<char> into) override {
        if (fails_ && reads_ == 1)
            return refuse(Code::io, Blame::machine, "the disk is tired");
        if (++reads_ > 20)
            return 0;
        std::ranges::fill(into, 'p');
        return into.size();
    }

private:
    bool fails_;
    int reads_ = 0;
};

class HttpTlsTest : public HttpTest {
protected:
    void open_with(const std::string& name, const HttpLimits& limits = {}) {
        folder.write(make_identity(name.c_str()), "own");
        open(limits, folder.files("own"));
    }
    // Says `text` and hears all there is, while the loop runs.
    Talk talk(std::string_view text) {
        Talk out;
        std::atomic<bool> is_done = false;
        const std::jthread client([&] {
            out = talk_here(text);
            is_done = true;
            loop.post([] {});  // wakes it up
        });
        run_until([&] { return is_done.load(); });
        return out;
    }

    testing_identity::IdentityFolder folder;

private:
    Talk talk_here(std::string_view text) const {
        Talk out;
        const Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
        const Owned<SSL> ssl(SSL_new(context.get()));
        const auto socket = connect();
        const timeval wait{.tv_sec = 10, .tv_usec = 0};
        setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        SSL_set_fd(ssl.get(), socket.number());
        if (SSL_connect(ssl.get()) != 1)
            return out;
        const Owned<X509> peer(SSL_get1_peer_certificate(ssl.get()));
        std::array<char, 256> subject{};
        X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, subject.data(),
                                  subject.size());
        out.subject = subject.data();
        SSL_write(ssl.get(), text.data(), static_cast<int>(text.size()));
        std::vector<char> piece(100'000);
        int got = 0;
        while ((got = SSL_read(ssl.get(), piece.data(), static_cast<int>(piece.size()))) > 0)
            out.heard.append(piece.data(), static_cast<std::size_t>(got));
        out.is_goodbye = SSL_get_error(ssl.get(), got) == SSL_ERROR_ZERO_RETURN;
        return out;
    }
};

TEST_F(HttpTlsTest, answers_and_says_that_it_was_secure) {
    open_with("recorder");
    const auto told = talk(std::string(get) + std::string(last_get));
    EXPECT_EQ(told.subject, "recorder");
    EXPECT_TRUE(told.heard.starts_with("HTTP/1.1 200 OK\r\n")) << told.heard;
    EXPECT_TRUE(told.heard.ends_with("{\"well\":true}"));
    EXPECT_TRUE(told.is_goodbye);
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_TRUE(requests[0].is_secure);
}

TEST_F(HttpTlsTest, carries_streams_and_much_at_once) {
    open_with("recorder");
    always([] { return HttpReply{.body = std::string(5'000'000, 'x')}; });
    EXPECT_EQ(body_of(talk(last_get).heard), std::string(5'000'000, 'x'));
    always([] {
        HttpReply reply;
        reply.stream = std::make_unique<Pieces>(false);
        return reply;
    });
    const auto told = talk("GET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(body_of(told.heard), std::string(20 * limits::http_piece_bytes, 'p'));
    EXPECT_TRUE(told.is_goodbye);
}

TEST_F(HttpTlsTest, says_no_goodbye_when_a_stream_fails) {
    open_with("recorder");
    always([] {
        HttpReply reply;
        reply.stream = std::make_unique<Pieces>(true);
        return reply;
    });
    const auto told = talk("GET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(told.subject, "recorder");
    EXPECT_FALSE(told.is_goodbye);
}

TEST_F(HttpTlsTest, carries_events_to_their_end) {
    open_with("recorder");
    std::shared_ptr<HttpEvents> events;
    always([&] {
        HttpReply reply;
        reply.events = [&](std::shared_ptr<HttpEvents> one) { events = std::move(one); };
        return reply;
    });
    int sent = 0;
    const auto timer = loop.every(milliseconds(1), [&] {
        if (events && (++sent == 5 || !events->send("data: x\n\n")))
            events.reset();
    });
    const auto told = talk(get);
    EXPECT_EQ(body_of(told.heard), "data: x\n\ndata: x\n\ndata: x\n\ndata: x\n\n");
    EXPECT_TRUE(told.is_goodbye);
    EXPECT_EQ(server->event_streams(), 0U);
}

TEST_F(HttpTlsTest, closes_who_does_not_end_the_handshake_in_time) {
    open_with("recorder", {.handshake_wait = milliseconds(20)});
    const auto silent = connect();
    EXPECT_EQ(listen(silent), "");
    EXPECT_TRUE(is_closed);
    EXPECT_TRUE(requests.empty());
}

TEST_F(HttpTlsTest, closes_who_speaks_no_tls) {
    open_with("recorder");
    const auto plain = connect();
    EXPECT_FALSE(has(ask(plain, get, {}), "HTTP"));
    EXPECT_TRUE(is_closed || is_cut);
    EXPECT_TRUE(requests.empty());
}

// Who does not shake hands is waited for, too.
TEST_F(HttpTlsTest, makes_room_for_who_shakes_hands) {
    open_with("recorder", {.connections = 1});
    const auto silent = connect();
    EXPECT_TRUE(run_until([&] { return server->connections() == 1; }));
    EXPECT_EQ(talk(last_get).subject, "recorder");
}

TEST_F(HttpTlsTest, takes_a_new_certificate_for_the_connections_to_come) {
    open_with("old");
    EXPECT_EQ(talk(last_get).subject, "old");
    folder.write(make_identity("new"), "own");
    EXPECT_EQ(talk(last_get).subject, "old");
    ASSERT_TRUE(server->reload());
    EXPECT_EQ(talk(last_get).subject, "new");
    std::filesystem::remove(folder.path("own.key"));
    EXPECT_FALSE(server->reload());
    EXPECT_EQ(talk(last_get).subject, "new");
}

TEST_F(HttpTlsTest, says_what_is_wrong_with_a_file) {
    const auto opened = HttpServer::open(
        loop, {.at = {*parse_ip("127.0.0.1"), 0}, .tls = folder.files("none")}, {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().blame, Blame::owner);
    EXPECT_TRUE(has(opened.error().what, "none.crt cannot be read"));
}

}  // namespace
}  // namespace nk::host
