#include "listener/stores/factors.h"

#include <gtest/gtest.h>

#include "listener/passkey.h"
#include "listener/testing_authenticator.h"
#include "listener/testing_window.h"
#include "listener/totp.h"

namespace nk::listener {
namespace {

using testing::Answer;
using testing::Json;
using testing::TestAuthenticator;
using testing::TestWindow;

std::string code_now(TestWindow& house) {
    FactorStore store(house.state->connection());
    const auto account = house.state->account_named("Anna")->value();
    const auto made = store.authenticator(account.id)->value();
    return totp_code(made.secret, house.clock.on_wall.ns / 1'000'000'000 / 30);
}

// The codes for recovery.
Json set_authenticator(TestWindow& house) {
    EXPECT_EQ(house.ask("POST", "me/authenticator", {{"password", "wrong password"}}).status, 403);
    const auto begun = house.ask("POST", "me/authenticator", {{"password", testing::password}});
    EXPECT_EQ(begun.status, 200) << begun.body;
    EXPECT_EQ(begun.json()["secret"].get<std::string>().size(), 32U);
    EXPECT_EQ(house.ask("PUT", "me/authenticator", {{"code", "000000"}}).status, 422);
    const auto confirmed = house.ask("PUT", "me/authenticator", {{"code", code_now(house)}});
    EXPECT_EQ(confirmed.status, 200) << confirmed.body;
    return confirmed.json()["recovery_codes"];
}

Answer sign_in(TestWindow& house, const std::string& code = "") {
    house.cookie.clear();
    Json body{{"name", "Anna"}, {"password", testing::password}};
    if (!code.empty())
        body["code"] = code;
    return house.ask("POST", "session", body);
}

TEST(authenticator, is_wanted_once_it_was_confirmed) {
    TestWindow house;
    house.set_up();
    EXPECT_EQ(house.ask("GET", "session").json()["account"]["has_authenticator"], false);
    ASSERT_EQ(house.ask("POST", "me/authenticator", {{"password", testing::password}}).status, 200);
    EXPECT_EQ(sign_in(house).status, 201);  // begun is not confirmed
    const auto codes = set_authenticator(house);
    ASSERT_EQ(codes.size(), 10U);
    EXPECT_EQ(house.ask("GET", "session").json()["account"]["has_authenticator"], true);
    EXPECT_EQ(sign_in(house).json()["type"], "second-factor-wanted");
    EXPECT_EQ(sign_in(house, "123456").json()["type"], "second-factor-wanted");
    const auto used = code_now(house);
    EXPECT_EQ(sign_in(house, used).status, 401);  // it was said when it was confirmed
    house.clock.pass(seconds(60));
    const auto fresh = code_now(house);
    EXPECT_EQ(sign_in(house, fresh).status, 201);
    EXPECT_EQ(sign_in(house, fresh).status, 401);
    EXPECT_EQ(sign_in(house, codes[3]).status, 201);
    house.clock.pass(seconds(60));
    EXPECT_EQ(sign_in(house, codes[3]).status, 401);
    house.clock.pass(seconds(60));
    std::string shouted = codes[4];
    for (auto& c : shouted)
        c = static_cast<char>(std::toupper(c));
    EXPECT_EQ(sign_in(house, shouted).status, 201);
    EXPECT_EQ(house
                  .ask("DELETE", "me/authenticator", {},
                       {{"x-naklank-password", "correct%20horse%20battery"}})
                  .status,
              204);
    EXPECT_EQ(sign_in(house).status, 201);
}

TEST(authenticator, cannot_be_guessed_at_leisure) {
    TestWindow house;
    house.set_up();
    (void)set_authenticator(house);
    int tries = 0;
    while (tries < 50 && sign_in(house, "123456").status == 401)
        ++tries;
    EXPECT_LT(tries, 10);
    EXPECT_EQ(sign_in(house, "123456").status, 429);
}

TEST(authenticator, is_taken_off_by_an_owner_when_it_is_lost) {
    TestWindow house;
    house.set_up();
    const auto id = house.ask("GET", "session").json()["account"]["id"].get<std::string>();
    (void)set_authenticator(house);
    const auto changed = house.ask("PATCH", "accounts/" + id, {{"remove_authenticator", true}});
    EXPECT_EQ(changed.json()["has_authenticator"], false) << changed.body;
    EXPECT_EQ(sign_in(house).status, 201);
}

Answer ask_at(TestWindow& house, const TestAuthenticator& device, const std::string& method,
              const std::string& path, const Json& body = Json::object()) {
    return house.ask(method, path, body, {{"host", device.host}});
}

std::string challenge_of(const Answer& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json()["publicKey"]["challenge"];
}

std::string begin(TestWindow& house, const TestAuthenticator& device) {
    return challenge_of(
        ask_at(house, device, "POST", "me/passkeys/options", {{"password", testing::password}}));
}

std::string begin_sign_in(TestWindow& house, const TestAuthenticator& device) {
    house.cookie.clear();
    return challenge_of(ask_at(house, device, "POST", "session/passkey/options"));
}

Answer sign_in_by(TestWindow& house, const TestAuthenticator& device) {
    const auto challenge = begin_sign_in(house, device);
    return ask_at(house, device, "POST", "session/passkey", device.signs_in(challenge));
}

TEST(passkeys, sign_in_who_added_them) {
    TestWindow house;
    house.set_up();
    TestAuthenticator device;
    EXPECT_EQ(ask_at(house, device, "POST", "me/passkeys/options", {{"password", "no"}}).status,
              403);
    const auto added =
        ask_at(house, device, "POST", "me/passkeys", device.is_added(begin(house, device)));
    ASSERT_EQ(added.status, 201) << added.body;
    EXPECT_EQ(ask_at(house, device, "POST", "me/passkeys", device.is_added(begin(house, device)))
                  .json()["type"],
              "passkey-known");
    const auto signed_in = sign_in_by(house, device);
    ASSERT_EQ(signed_in.status, 201) << signed_in.body;
    EXPECT_EQ(signed_in.json()["account"]["name"], "Anna");
    const auto list = house.ask("GET", "me/passkeys").json();
    ASSERT_EQ(list["passkeys"].size(), 1U);
    EXPECT_TRUE(list["passkeys"][0].contains("used_at"));
    EXPECT_EQ(house.ask("DELETE", "me/passkeys/" + added.json()["id"].get<std::string>()).status,
              204);
    EXPECT_EQ(sign_in_by(house, device).status, 401);
}

TEST(passkeys, are_not_added_that_are_not_as_they_should_be) {
    TestWindow house;
    house.set_up();
    TestAuthenticator device;
    const auto adds = [&](const std::string& challenge) {
        return ask_at(house, device, "POST", "me/passkeys", device.is_added(challenge)).status;
    };
    EXPECT_EQ(adds("AAAA"), 422);  // a question of nobody's
    const auto twice = begin(house, device);
    device.origin = "https://evil.example";
    EXPECT_EQ(adds(twice), 422);
    device.origin = "http://localhost:8060";
    EXPECT_EQ(adds(twice), 422);  // it was answered
    device.party = "evil.example";
    EXPECT_EQ(adds(begin(house, device)), 422);
    device.party = "localhost";
    device.flags = 1;  // nobody was asked who it is
    EXPECT_EQ(adds(begin(house, device)), 422);
    device.flags = 5;
    const auto late = begin(house, device);
    house.clock.pass(minutes(6));
    EXPECT_EQ(adds(late), 422);
    const std::string host = device.host;
    device.host = "192.0.2.1:8060";
    EXPECT_EQ(
        ask_at(house, device, "POST", "me/passkeys/options", {{"password", testing::password}})
            .json()["type"],
        "no-name");
    device.host = host;
    EXPECT_EQ(adds(begin(house, device)), 201);
}

TEST(passkeys, open_nothing_when_the_answer_is_not_theirs) {
    TestWindow house;
    house.set_up();
    TestAuthenticator device;
    device.count = 7;
    ASSERT_EQ(
        ask_at(house, device, "POST", "me/passkeys", device.is_added(begin(house, device))).status,
        201);
    EXPECT_EQ(sign_in_by(house, device).status, 401);  // a copy: its count does not grow
    const TestAuthenticator other;                     // another key, of that id
    EXPECT_EQ(sign_in_by(house, other).status, 401);
    device.count = 8;
    auto spoiled = device.signs_in(begin_sign_in(house, device));
    auto data = device.data(false);
    data[36] ^= 1U;
    spoiled["authenticator_data"] = base64url(data);
    EXPECT_EQ(ask_at(house, device, "POST", "session/passkey", spoiled).status, 401);
    for (const auto* field : {"client_data", "authenticator_data", "signature", "id"}) {
        auto body = device.signs_in(begin_sign_in(house, device));
        body[field] = "AAAA";
        const auto status = ask_at(house, device, "POST", "session/passkey", body).status;
        EXPECT_TRUE(status == 401 || status == 429) << field << status;
        house.clock.pass(minutes(10));
    }
    const auto challenge = begin_sign_in(house, device);
    const auto body = device.signs_in(challenge);
    EXPECT_EQ(ask_at(house, device, "POST", "session/passkey", body).status, 201);
    house.cookie.clear();
    EXPECT_EQ(ask_at(house, device, "POST", "session/passkey", body).status, 401);  // once
    for (const auto& entry : house.told("sign-in-refused"))
        EXPECT_EQ(entry.event.detail, "passkey");
}

TEST(passkeys, are_read_of_no_cbor_that_claims_to_be_long_or_deep) {
    const TestAuthenticator device;
    const auto client = device.client_data("webauthn.create", "AAAA");
    const PasskeyAsked asked{"AAAA", device.host};
    for (const std::vector<std::uint8_t>& cbor :
         {std::vector<std::uint8_t>{0x9A, 0x7F, 0xFF, 0xFF, 0xFF},
          std::vector<std::uint8_t>{0xBB, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
          std::vector<std::uint8_t>{0x5A, 0x7F, 0xFF, 0xFF, 0xFF},
          std::vector<std::uint8_t>(7'000, 0x81), std::vector<std::uint8_t>(7'000, 0xC1),
          std::vector<std::uint8_t>{}})
        EXPECT_FALSE(read_new_passkey(client, cbor, asked));
}

TEST(passkeys, belong_to_a_name) {
    EXPECT_EQ(relying_party("naklank.example:8443"), "naklank.example");
    EXPECT_EQ(relying_party("localhost"), "localhost");
    for (const auto* host : {"", "127.0.0.1:8060", "[::1]:8060", "10.0.0.1"})
        EXPECT_EQ(relying_party(host), "") << host;
}

}  // namespace
}  // namespace nk::listener
