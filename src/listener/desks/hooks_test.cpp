// A telephone's program sends a recording by itself: who it is stands in the form.

#include <gtest/gtest.h>

#include "base/limits.h"
#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::Answer;
using testing::Json;
using testing::TestWindow;

struct Key {
    std::string id;
    std::string secret;
};

Key key_of(TestWindow& house, const std::vector<std::string>& scopes = {"write"}) {
    const auto made = house.ask("POST", "tokens", {{"name", "Phone"}, {"scopes", scopes}}).json();
    return {made["token"]["id"], made["secret"]};
}

std::string field(const std::string& name, const std::string& value,
                  const std::string& file_name = "") {
    return "--xyz\r\nContent-Disposition: form-data; name=\"" + name + "\"" +
           (file_name.empty() ? "" : "; filename=\"" + file_name + "\"") + "\r\n\r\n" + value +
           "\r\n";
}

HttpRequest request_to(const std::string& path, const std::string& fields) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/api/v1/hooks/acr-phone/" + path;
    request.headers = {{"content-type", "multipart/form-data; boundary=xyz"}};
    request.body = fields + "--xyz--\r\n";
    return request;
}

std::shared_ptr<std::optional<Answer>> sent(TestWindow& house, const HttpRequest& request) {
    auto out = std::make_shared<std::optional<Answer>>();
    house.window->handle(request, [out](const HttpReply& reply) {
        *out = Answer{reply.status, reply.content_type, reply.body, reply.headers};
    });
    return out;
}

std::string whole(const Key& key) {
    return field("Source", "ACR Phone") + field("SECRET", key.secret) +
           field("FileName", "+31612345678-0-1762442400000.m4a") + field("Date", "1762442400") +
           field("Duration", "61000") + field("Note", "ask for the bill") +
           field("file", "the sound", "upload.tmp");
}

TEST(hooks, take_what_acr_phone_sends_and_say_when_it_is_safe) {
    TestWindow house;
    house.set_up("home", {"+31205550001"});
    const auto key = key_of(house);
    const auto id = house.bring();
    house.cookie.clear();
    const auto answer = sent(house, request_to(key.id + "?purpose=memory", whole(key)));
    ASSERT_FALSE(*answer) << (*answer)->body;
    ASSERT_EQ(house.bringer.wishes.size(), 1U);
    const auto& [batch, wish] = *house.bringer.wishes.begin();
    EXPECT_EQ(wish.purpose, purpose::Purpose::memory);
    EXPECT_EQ(wish.own_number, "+31205550001");
    const auto name = wish.folder + "/+31612345678-0-1762442400000.m4a";
    EXPECT_EQ(as_text(*house.disk.contents(name)), "the sound");
    const auto beside = Json::parse(as_text(*house.disk.contents(name + ".json")));
    EXPECT_EQ(beside["started_s"], 1'762'442'400);
    EXPECT_EQ(beside["duration_ms"], 61'000);
    house.bringer.told.at(batch)({.total = 1,
                                  .ones = {{"x", "recording", id, "aa", "", "", false, false}},
                                  .is_over = true});
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->status, 200);
    EXPECT_EQ((*answer)->json()["call"], id);
    EXPECT_EQ((*answer)->json()["sha256"], "aa");
    const auto notes = archive::read_notes(house.disk, "/archive", id);
    ASSERT_EQ(notes->notes.size(), 1U);
    EXPECT_EQ(notes->notes[0].text, "ask for the bill");
    EXPECT_EQ(notes->notes[0].by_name, "Anna");
    EXPECT_EQ(house.told("import-begun").size(), 1U);
}

TEST(hooks, say_when_it_takes_long_and_when_it_is_to_be_sent_again) {
    TestWindow house;
    house.set_up();
    const auto key = key_of(house);
    const auto slow = sent(house, request_to(key.id, whole(key)));
    house.clock.pass(seconds(21));
    house.window->tick();
    ASSERT_TRUE(*slow);
    EXPECT_EQ((*slow)->status, 202);
    const auto failed = sent(house, request_to(key.id, whole(key)));
    for (const auto& [batch, tell] : house.bringer.told)
        tell({.total = 1,
              .ones = {{"x", "failed", "", "", "full", "", false, false}},
              .is_over = true});
    EXPECT_EQ((*failed)->status, 503);
    house.bringer.is_full = true;
    EXPECT_EQ((*sent(house, request_to(key.id, whole(key))))->status, 503);
    // What failed lies where it was sent to, and is tried again.
    EXPECT_EQ(house.disk.list("/state/imports")->size(), 2U);
    house.bringer.is_full = false;
    house.bringer.told.clear();
    house.clock.pass(minutes(11));
    house.window->tick();
    EXPECT_EQ(house.bringer.told.size(), 2U);
    const auto id = house.bring();
    for (const auto& [batch, tell] : house.bringer.told)
        tell({.total = 1,
              .ones = {{"x", "recording", id, "aa", "", "", false, false}},
              .is_over = true});
    EXPECT_EQ(house.disk.list("/state/imports")->size(), 0U);
    EXPECT_EQ(archive::read_notes(house.disk, "/archive", id)->notes.size(), 1U);
}

TEST(hooks, keep_a_sound_under_a_name_that_is_looked_at) {
    TestWindow house;
    house.set_up();
    const auto key = key_of(house);
    for (const auto& [given, kept] : std::vector<std::pair<std::string, std::string>>{
             {".hidden.wav", "hidden.wav"},
             {"../../x.json", "x.json.audio"},
             {"__MACOSX", "MACOSX"},
             {"C:\\calls.xml", "calls.xml.audio"},
             {std::string(251, 'x') + ".m4a", std::string(246, 'x') + ".m4a"}}) {
        (void)sent(house,
                   request_to(key.id, field("secret", key.secret) + field("filename", given) +
                                          field("file", "sound", "f")));
        bool is_there = false;
        for (const auto& [batch, wish] : house.bringer.wishes)
            is_there = is_there || house.disk.exists(wish.folder + "/" + kept);
        EXPECT_TRUE(is_there) << given;
    }
}

TEST(hooks, take_nothing_from_strangers) {
    TestWindow house;
    house.set_up();
    const auto key = key_of(house);
    const auto other = key_of(house);
    const auto reader = key_of(house, {"read"});
    const auto status = [&](const std::string& path, const std::string& fields) {
        const auto answer = sent(house, request_to(path, fields));
        return *answer ? (*answer)->status : 0;
    };
    EXPECT_EQ(status(key.id, field("file", "x", "a.m4a")), 401);
    EXPECT_EQ(status(key.id, field("secret", "") + field("file", "x", "a.m4a")), 401);
    EXPECT_EQ(status(key.id, field("secret", key.secret + "x") + field("file", "x", "a")), 401);
    EXPECT_EQ(status(other.id, whole(key)), 401);  // another's address
    EXPECT_EQ(status("t-nobody", whole(key)), 401);
    EXPECT_EQ(status(reader.id, whole(reader)), 403);
    EXPECT_EQ(status(key.id, field("secret", key.secret)), 422);
    EXPECT_EQ(status(key.id + "?purpose=fun", whole(key)), 400);
    EXPECT_EQ(status(key.id + "?zone=Nowhere", whole(key)), 422);
    auto request = request_to(key.id, whole(key));
    request.headers[0].value = "application/json";
    EXPECT_EQ((*sent(house, request))->status, 415);
    request = request_to(key.id, whole(key));
    request.body.resize(request.body.size() / 2);
    EXPECT_EQ((*sent(house, request))->status, 400);
    EXPECT_TRUE(house.bringer.wishes.empty());
    EXPECT_FALSE(house.disk.exists("/state/imports") &&
                 !house.disk.list("/state/imports")->empty());
}

TEST(hooks, read_large_bodies_only_where_a_token_is_named) {
    TestWindow house;
    house.set_up();
    const auto key = key_of(house);
    EXPECT_EQ(house.window->body_limit(request_to(key.id, "")), limits::hook_body_bytes_max);
    EXPECT_EQ(house.window->body_limit(request_to("t-nobody", "")), limits::http_body_bytes_max);
    // Each lies in memory: no more than eight at once.
    for (int i = 1; i < 8; ++i)
        EXPECT_EQ(house.window->body_limit(request_to(key.id, "")), limits::hook_body_bytes_max);
    EXPECT_EQ(house.window->body_limit(request_to(key.id, "")), limits::http_body_bytes_max);
    (void)sent(house, request_to(key.id, ""));  // one of them is over
    EXPECT_EQ(house.window->body_limit(request_to(key.id, "")), limits::hook_body_bytes_max);
    EXPECT_EQ(house.window->body_limit(request_to(key.id, "")), limits::http_body_bytes_max);
    house.clock.pass(minutes(16));
    EXPECT_EQ(house.window->body_limit(request_to(key.id, "")), limits::hook_body_bytes_max);
    auto request = request_to(key.id, "");
    request.method = "PUT";
    EXPECT_EQ(house.window->body_limit(request), limits::http_body_bytes_max);
}

}  // namespace
}  // namespace nk::listener
