// SIP over TLS, with certificates that are made here and clients of OpenSSL's own.

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include "host/descriptor.h"
#include "host/real_clock.h"
#include "host/sip_sockets.h"
#include "host/socket_address.h"
#include "host/testing_identity.h"

namespace nk::host {
namespace {

namespace fs = std::filesystem;

const IpAddress loopback = *parse_ip("127.0.0.1");

using testing_identity::Identity;
using testing_identity::make_identity;
using testing_identity::Owned;

struct Talk {
    bool is_connected = false;  // the handshake was done, as the client sees it
    std::string version;
    std::string subject;  // of the server's certificate
    std::string heard;
};

class Ear : public SipHandler {
public:
    void on_datagram(const SipPath&, Bytes) override {}
    void on_stream(const SipPath& path, Bytes piece) override {
        last = path;
        text += as_text(piece);
        if (sockets != nullptr)
            sockets->send(path, as_bytes("200 " + text));
    }
    void on_closed(std::uint64_t flow) override { closed.push_back(flow); }
    void on_trouble(const Endpoint&, const Error& why) override { trouble = why.what; }

    SipSockets* sockets = nullptr;
    SipPath last;
    std::string text;
    std::string trouble;
    std::vector<std::uint64_t> closed;
};

class SipTlsTest : public testing::Test {
protected:
    std::string write(const Identity& who, const std::string& name, bool is_locked = false) {
        return folder.write(who, name, is_locked);
    }
    std::string path(const std::string& name) const { return folder.path(name); }
    TlsFiles files(const std::string& name) const { return folder.files(name); }
    Result<std::unique_ptr<SipSockets>> open(const std::optional<TlsFiles>& tls,
                                             const SipSocketLimits& limits = {}) {
        auto out = SipSockets::open(loop, ear, {{{SipTransport::tls, {loopback, 0}}}, tls, limits});
        if (out) {
            ear.sockets = out->get();
            at = (*out)->bound()[0].at;
        }
        return out;
    }
    static Descriptor connect(const Endpoint& to) {
        Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const timeval wait{.tv_sec = 10, .tv_usec = 0};
        setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        const auto address = to_socket_address(to, AF_INET);
        EXPECT_EQ(::connect(socket.number(), address.get(), address.size), 0);
        return socket;
    }
    // A client that says `text` and listens once, while the loop runs.
    Talk talk(const std::string& text, const Identity* who = nullptr,
              int version_max = TLS1_3_VERSION) {
        Talk out;
        std::atomic<bool> is_done = false;
        const std::jthread client([&] {
            out = talk_here(text, who, version_max);
            is_done = true;
            loop.post([] {});  // wakes it up
        });
        loop.run_until(RealClock().now() + seconds(20), [&] { return is_done.load(); });
        return out;
    }
    bool run_until(const std::function<bool()>& is_enough) {
        loop.run_until(RealClock().now() + seconds(10), is_enough);
        return is_enough();
    }

    // The client may know before we do.
    bool is_told(std::string_view what) {
        return run_until([&] { return ear.trouble.find(what) != std::string::npos; });
    }

    testing_identity::IdentityFolder folder;
    Loop loop;
    Ear ear;
    Endpoint at;

private:
    Talk talk_here(const std::string& text, const Identity* who, int version_max) const {
        Talk out;
        const Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.get(), version_max);
        SSL_CTX_set_security_level(context.get(), 0);
        if (who != nullptr) {
            SSL_CTX_use_certificate(context.get(), who->certificate.get());
            SSL_CTX_use_PrivateKey(context.get(), who->key.get());
        }
        const Owned<SSL> ssl(SSL_new(context.get()));
        const auto socket = connect(at);
        SSL_set_fd(ssl.get(), socket.number());
        if (SSL_connect(ssl.get()) != 1)
            return out;
        out.is_connected = true;
        out.version = SSL_get_version(ssl.get());
        const Owned<X509> peer(SSL_get1_peer_certificate(ssl.get()));
        std::array<char, 256> subject{};
        X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, subject.data(),
                                  subject.size());
        out.subject = subject.data();
        if (SSL_write(ssl.get(), text.data(), static_cast<int>(text.size())) <= 0)
            return out;
        std::array<char, 65'536> heard{};
        const int got = SSL_read(ssl.get(), heard.data(), heard.size());
        out.heard.assign(heard.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
        SSL_shutdown(ssl.get());
        return out;
    }
};

TEST_F(SipTlsTest, carries_bytes_both_ways) {
    write(make_identity("recorder"), "own");
    const auto sockets = open(files("own"));
    ASSERT_TRUE(sockets) << sockets.error().what;
    const auto told = talk("OPTIONS");
    EXPECT_EQ(told.heard, "200 OPTIONS");
    EXPECT_EQ(told.version, "TLSv1.3");
    EXPECT_EQ(told.subject, "recorder");
    EXPECT_EQ(ear.last.transport, SipTransport::tls);
    EXPECT_EQ(ear.last.local, at);
    ASSERT_TRUE(run_until([&] { return !ear.closed.empty(); }));
    EXPECT_EQ(ear.closed, std::vector{ear.last.flow});
    EXPECT_EQ(ear.trouble, "");
}

TEST_F(SipTlsTest, speaks_1_2_and_nothing_older) {
    write(make_identity("recorder"), "own");
    const auto sockets = open(files("own"));
    ASSERT_TRUE(sockets);
    EXPECT_EQ(talk("OPTIONS", nullptr, TLS1_2_VERSION).version, "TLSv1.2");
    EXPECT_FALSE(talk("OPTIONS", nullptr, TLS1_1_VERSION).is_connected);
    EXPECT_TRUE(is_told("unsupported protocol")) << ear.trouble;
    EXPECT_EQ((*sockets)->counts().handshakes_failed, 1U);
}

TEST_F(SipTlsTest, lets_in_only_those_with_a_certificate_when_authorities_are_given) {
    const auto authority = make_identity("authority");
    const auto friendly = make_identity("border controller", &authority);
    const auto stranger = make_identity("stranger");
    write(make_identity("recorder"), "own");
    auto with_authorities = files("own");
    with_authorities.client_authorities = write(authority, "authority");
    const auto sockets = open(with_authorities);
    ASSERT_TRUE(sockets) << sockets.error().what;
    EXPECT_EQ(talk("with", &friendly).heard, "200 with");
    ear.text.clear();
    EXPECT_EQ(talk("without").heard, "");
    EXPECT_TRUE(is_told("did not return a certificate")) << ear.trouble;
    EXPECT_EQ(talk("with another", &stranger).heard, "");
    EXPECT_TRUE(is_told("its certificate is not accepted: self-signed certificate")) << ear.trouble;
    EXPECT_EQ(ear.text, "");
    EXPECT_EQ((*sockets)->counts().handshakes_failed, 2U);
}

TEST_F(SipTlsTest, closes_who_does_not_end_the_handshake_in_time) {
    write(make_identity("recorder"), "own");
    const auto sockets = open(files("own"), {.handshake_wait = milliseconds(20)});
    ASSERT_TRUE(sockets);
    const auto silent = connect(at);
    ASSERT_TRUE(run_until([&] { return !ear.trouble.empty(); }));
    EXPECT_NE(ear.trouble.find("takes too long"), std::string::npos);
    EXPECT_EQ((*sockets)->connections(), 0U);
    EXPECT_TRUE(ear.closed.empty());
}

TEST_F(SipTlsTest, says_what_somebody_wants_who_does_not_speak_tls) {
    write(make_identity("recorder"), "own");
    const auto sockets = open(files("own"));
    ASSERT_TRUE(sockets);
    const auto plain = connect(at);
    EXPECT_GT(::send(plain.number(), "OPTIONS sip:x SIP/2.0\r\n", 23, 0), 0);
    ASSERT_TRUE(run_until([&] { return !ear.trouble.empty(); }));
    EXPECT_NE(ear.trouble.find(bound_endpoint(plain.number()).text()), std::string::npos);
}

TEST_F(SipTlsTest, takes_a_new_certificate_for_the_connections_to_come) {
    write(make_identity("old"), "own");
    const auto sockets = open(files("own"));
    ASSERT_TRUE(sockets);
    EXPECT_EQ(talk("x").subject, "old");
    write(make_identity("new"), "own");
    EXPECT_EQ(talk("x").subject, "old");
    ASSERT_TRUE((*sockets)->reload());
    EXPECT_EQ(talk("x").subject, "new");
    fs::remove(path("own.key"));
    EXPECT_FALSE((*sockets)->reload());
    EXPECT_EQ(talk("x").subject, "new");
}

TEST_F(SipTlsTest, says_what_is_wrong_with_a_file) {
    write(make_identity("one"), "one");
    write(make_identity("two"), "two");
    write(make_identity("locked"), "locked", true);
    std::fputs("no certificate\n", Owned<std::FILE>(std::fopen(path("text").c_str(), "w")).get());
    struct Case {
        TlsFiles files;
        std::string_view what;
    };
    const std::array cases{
        Case{files("none"), "none.crt cannot be read: No such file"},
        Case{{path("one.crt"), path("none.key"), ""}, "none.key cannot be read: No such file"},
        Case{{path("one.crt"), path("two.key"), ""}, "two.key does not belong to the certificate"},
        Case{{path("text"), path("one.key"), ""}, "text cannot be used: no start line"},
        Case{{path("one.crt"), path("text"), ""}, "text cannot be used: "},
        Case{files("locked"), "locked.key cannot be used: "},
        Case{{path("one.crt"), path("one.key"), path("none")}, "none cannot be read"},
        Case{{path("one.crt"), path("one.key"), path("text")}, "text cannot be used: "}};
    for (const auto& [tls, what] : cases) {
        const auto sockets = open(tls);
        ASSERT_FALSE(sockets);
        EXPECT_EQ(sockets.error().blame, Blame::owner);
        EXPECT_NE(sockets.error().what.find(what), std::string::npos) << sockets.error().what;
    }
    const auto without = open(std::nullopt);
    ASSERT_FALSE(without);
    EXPECT_NE(without.error().what.find("needs a certificate"), std::string::npos);
}

}  // namespace
}  // namespace nk::host
