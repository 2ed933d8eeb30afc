#include "intake/siprec/digest_guard.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/limits.h"
#include "intake/siprec/testing_client.h"

namespace nk::siprec {
namespace {

using testing::Client;
using testing::House;
using testing::status_of;
using Verdict = DigestGuard::Verdict;

std::string md5(const std::string& text) {
    Digest digest(DigestKind::md5);
    digest.add(as_bytes(text));
    return digest.hex();
}
std::string sha256(const std::string& text) {
    return sha256_hex(as_bytes(text));
}

std::string quoted(const std::string& challenge, const std::string& name) {
    const auto at = challenge.find(name + "=\"") + name.size() + 2;
    return challenge.substr(at, challenge.find('"', at) - at);
}

// What a client answers to a challenge (RFC 7616 3.4.1).
template <class Hash>
std::string answer(const std::string& challenge, const std::string& user,
                   const std::string& password, const std::string& method, Hash hash,
                   const std::string& algorithm) {
    const auto realm = quoted(challenge, "realm");
    const auto nonce = quoted(challenge, "nonce");
    const std::string uri = "sip:srs@192.0.2.10";
    const auto response = hash(hash(user + ":" + realm + ":" + password) + ":" + nonce +
                               ":00000001:abc:auth:" + hash(method + ":" + uri));
    return "Authorization: Digest username=\"" + user + "\", realm=\"" + realm + "\", nonce=\"" +
           nonce + "\", uri=\"" + uri + "\", algorithm=" + algorithm +
           ", qop=auth, nc=00000001, cnonce=\"abc\", response=\"" + response + "\"\r\n";
}

class Guarded : public ::testing::Test {
protected:
    Guarded() : guard({{"sbc", "secret"}, {"other", ""}}, "naklank", random) {}
    Verdict verdict(const std::string& field, const std::string& method = "INVITE") {
        const auto text =
            method + " sip:srs@192.0.2.10 SIP/2.0\r\nCSeq: 1 " + method + "\r\n" + field + "\r\n";
        return guard.look_at(*wire::parse_sip(as_bytes(text)), now);
    }
    testing::CountingRandom random;
    DigestGuard guard;
    MonoTime now{5'000'000'000};
};

TEST_F(Guarded, knows_who_has_the_password_by_either_algorithm) {
    const auto challenges = guard.challenges(Verdict::unknown, now);
    ASSERT_EQ(challenges.size(), 2U);
    EXPECT_EQ(verdict(answer(challenges[0], "sbc", "secret", "INVITE", sha256, "SHA-256")),
              Verdict::known);
    EXPECT_EQ(verdict(answer(challenges[1], "sbc", "secret", "INVITE", md5, "MD5")),
              Verdict::known);
    EXPECT_EQ(verdict(answer(challenges[1], "other", "", "INVITE", md5, "MD5")), Verdict::known);
}

TEST_F(Guarded, knows_nobody_else) {
    const auto challenge = guard.challenges(Verdict::unknown, now)[0];
    EXPECT_EQ(verdict(""), Verdict::unknown);
    EXPECT_EQ(verdict("Authorization: Digest\r\n"), Verdict::unknown);
    EXPECT_EQ(verdict("Authorization: Digest username=\"sbc\", realm=\"naklank\r\n"),
              Verdict::unknown);
    EXPECT_EQ(verdict(answer(challenge, "sbc", "wrong", "INVITE", sha256, "SHA-256")),
              Verdict::unknown);
    EXPECT_EQ(verdict(answer(challenge, "nobody", "secret", "INVITE", sha256, "SHA-256")),
              Verdict::unknown);
    EXPECT_EQ(verdict(answer(challenge, "sbc", "secret", "BYE", sha256, "SHA-256")),
              Verdict::unknown);
    EXPECT_EQ(verdict(answer(challenge, "sbc", "secret", "INVITE", md5, "SHA-256")),
              Verdict::unknown);
}

TEST_F(Guarded, takes_no_nonce_that_it_did_not_give_and_none_that_is_old) {
    const auto challenge = guard.challenges(Verdict::unknown, now)[0];
    auto forged = challenge;
    forged[forged.find("nonce=\"") + 8] ^= 1;
    EXPECT_EQ(verdict(answer(forged, "sbc", "secret", "INVITE", sha256, "SHA-256")),
              Verdict::unknown);
    now = now + limits::nonce_age + seconds(1);
    EXPECT_EQ(verdict(answer(challenge, "sbc", "secret", "INVITE", sha256, "SHA-256")),
              Verdict::stale);
    EXPECT_NE(guard.challenges(Verdict::stale, now)[0].find("stale=true"), std::string::npos);
}

TEST(siprec_digest, asks_a_new_call_for_its_password_and_its_dialog_no_more) {
    ServerOptions options;
    options.users = {{"sbc", "secret"}};
    House house(options);
    Client client(house);
    const auto bodies = testing::offer(testing::session(testing::media_line(30'000, "1")),
                                       testing::metadata({{"p", "sip:1@e", "A", "1"}}));
    const auto challenged = client.send("INVITE", bodies);
    ASSERT_EQ(status_of(challenged), 401);
    EXPECT_EQ(house.server.counts().not_allowed, 0U);  // it could not know yet
    // Nothing is remembered of it, and so nothing is sent again to where it said it was.
    house.out.sent.clear();
    house.pass(seconds(40));
    EXPECT_TRUE(house.out.sent.empty());
    const auto at = challenged.find("WWW-Authenticate: ");
    const auto challenge = challenged.substr(at, challenged.find("\r\n", at) - at);
    EXPECT_EQ(
        status_of(client.send("INVITE", bodies,
                              answer(challenge, "sbc", "guessed", "INVITE", sha256, "SHA-256"))),
        401);
    EXPECT_EQ(
        status_of(client.send("INVITE", bodies,
                              answer(challenge, "sbc", "secret", "INVITE", sha256, "SHA-256"))),
        200);
    EXPECT_EQ(status_of(client.send("UPDATE")), 200);
    EXPECT_EQ(status_of(client.send("BYE")), 200);
    EXPECT_EQ(house.server.counts().not_allowed, 1U);
}

}  // namespace
}  // namespace nk::siprec
