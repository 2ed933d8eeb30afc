// What people bring through the window: sent in pieces, started, told of; and how it is heard.

#include <gtest/gtest.h>

#include "listener/copies.h"
#include "listener/peaks.h"
#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::Json;
using testing::TestWindow;

std::string begun(TestWindow& house) {
    const auto answer =
        house.ask("POST", "imports", {{"purpose", "memory"}, {"zone", "Europe/Amsterdam"}});
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json()["id"];
}

testing::Answer named(TestWindow& house, const std::string& batch, const std::string& path,
                      std::size_t bytes) {
    return house.ask("POST", "imports/" + batch + "/files", {{"path", path}, {"bytes", bytes}});
}

testing::Answer sent(TestWindow& house, const std::string& batch, int file, std::size_t offset,
                     const std::string& piece) {
    return house.ask("PATCH", "imports/" + batch + "/files/" + std::to_string(file), Json(piece),
                     {{"upload-offset", std::to_string(offset)}});
}

TEST(import_desk, takes_files_in_pieces_and_hands_them_over) {
    TestWindow house;
    house.set_up("home", {"+31205550001"});
    const auto batch = begun(house);
    EXPECT_EQ(named(house, batch, "Calls/oma.m4a", 10).json()["file"], 0);
    EXPECT_EQ(sent(house, batch, 0, 0, "01234").json()["offset"], 5);
    EXPECT_EQ(house.ask("POST", "imports/" + batch + "/start").status, 409);
    EXPECT_EQ(sent(house, batch, 0, 5, "56789").json()["offset"], 10);
    EXPECT_EQ(named(house, batch, "empty.amr", 0).json()["file"], 1);
    EXPECT_EQ(house.ask("POST", "imports/" + batch + "/start").status, 202);
    const auto& wish = house.bringer.wishes.at(batch);
    EXPECT_EQ(wish.own_number, "+31205550001");
    EXPECT_EQ(wish.purpose, purpose::Purpose::memory);
    EXPECT_EQ(as_text(*house.disk.contents(wish.folder + "/Calls/oma.m4a")), "0123456789");
    EXPECT_TRUE(house.disk.contents(wish.folder + "/empty.amr"));
    house.bringer.told.at(batch)(
        {.total = 2,
         .ones = {{"Calls/oma.m4a", "recording", "20200101T000000Z-000000", "aa", "", "Oma", false,
                   true},
                  {"empty.amr", "left", "", "", "it is empty", "", false, false}},
         .is_over = true});
    const auto over = house.ask("GET", "imports/" + batch).json();
    EXPECT_EQ(over["state"], "done");
    EXPECT_EQ(over["recordings"], 1);
    EXPECT_EQ(over["left"], 1);
    EXPECT_EQ(over["unsure"], 1);
    EXPECT_EQ(over["with"][0]["name"], "Oma");
    const auto results = house.ask("GET", "imports/" + batch + "/results").json()["results"];
    EXPECT_EQ(results[0]["sha256"], "aa");
    EXPECT_EQ(results[1]["why"], "it is empty");
    EXPECT_FALSE(house.disk.exists(wish.folder));
    EXPECT_EQ(house.told("import-begun").size(), 1U);
}

TEST(import_desk, refuses_pieces_that_do_not_follow_and_paths_that_lead_out) {
    TestWindow house;
    house.set_up();
    const auto batch = begun(house);
    for (const char* path : {"../x.m4a", "a/../../x", "/", "", "."})
        EXPECT_EQ(named(house, batch, path, 1).status, 422) << path;
    EXPECT_EQ(named(house, batch, "/etc/passwd", 4).status, 201);  // below the folder
    const auto wrong = sent(house, batch, 0, 2, "ab");
    EXPECT_EQ(wrong.status, 409);
    EXPECT_EQ(wrong.header("Upload-Offset"), "0");
    EXPECT_EQ(sent(house, batch, 0, 0, "abcde").status, 422);
    EXPECT_EQ(sent(house, batch, 7, 0, "a").status, 404);
    EXPECT_EQ(house.ask("PATCH", "imports/" + batch + "/files/0", Json("ab")).status, 400);
    EXPECT_EQ(named(house, batch, "etc/passwd", 4).json()["offset"], 0);  // the same again
    EXPECT_EQ(named(house, batch, "etc/passwd", 5).status, 409);
    EXPECT_EQ(house.ask("POST", "imports", {{"purpose", "memory"}, {"zone", "Mars"}}).status, 422);
}

TEST(import_desk, goes_on_where_it_was_after_the_service_ended) {
    TestWindow house;
    house.set_up();
    const auto batch = begun(house);
    named(house, batch, "a.amr", 6);
    sent(house, batch, 0, 0, "abc");
    house.reopen();
    EXPECT_EQ(named(house, batch, "a.amr", 6).json()["offset"], 3);
    EXPECT_EQ(sent(house, batch, 0, 3, "def").json()["offset"], 6);
    EXPECT_EQ(house.ask("POST", "imports/" + batch + "/start").status, 202);
    house.bringer.wishes.clear();
    house.reopen();  // what was started is gone on with
    ASSERT_TRUE(house.bringer.wishes.contains(batch));
    EXPECT_EQ(as_text(*house.disk.contents(house.bringer.wishes.at(batch).folder + "/a.amr")),
              "abcdef");
}

TEST(import_desk, is_ones_own_and_not_for_who_has_no_number) {
    TestWindow house;
    house.set_up("home", {"+31205550001"});
    const auto batch = begun(house);
    house.add_account("Piet", {"family"}, {"+31205550002"});
    house.add_account("Kees", {"family"});
    house.add_account("Ida", {"auditor"}, {"+31205550003"});
    house.sign_in("Piet");
    EXPECT_EQ(house.ask("GET", "imports/" + batch).status, 404);
    EXPECT_EQ(named(house, batch, "a", 1).status, 404);
    EXPECT_EQ(house.ask("DELETE", "imports/" + batch).status, 404);
    EXPECT_TRUE(house.ask("GET", "imports").json()["imports"].empty());
    begun(house);
    house.sign_in("Kees");
    EXPECT_EQ(house.ask("POST", "imports", {{"purpose", "memory"}}).json()["type"], "no-number");
    house.sign_in("Ida");
    EXPECT_EQ(house.ask("POST", "imports", {{"purpose", "memory"}}).status, 403);
}

TEST(import_desk, plays_an_original_as_it_is_and_a_copy_where_no_browser_could) {
    TestWindow house;
    house.set_up();
    const auto plain = house.bring("mov", "aac");
    EXPECT_EQ(house.ask("GET", "calls/" + plain + "/audio").type, "audio/mp4");
    EXPECT_EQ(house.ask("GET", "calls/" + plain + "/audio").body, "the original");
    EXPECT_EQ(house.ask("GET", "calls/" + plain + "/audio?format=wav").body.substr(0, 4), "RIFF");
    const auto strange = house.bring("amr", "amr_nb");
    const auto copied = house.ask("GET", "calls/" + strange + "/audio");
    EXPECT_EQ(copied.type, "audio/flac");
    EXPECT_EQ(copied.body.substr(0, 4), "fLaC");
    EXPECT_EQ(house.ask("GET", "calls/" + strange + "/audio?format=original").body, "the original");
    EXPECT_TRUE(house.disk.exists(copy_path("/state", strange)));
    const auto peaks = house.ask("GET", "calls/" + strange + "/peaks?points=10").json();
    EXPECT_GT(peaks["tracks"][0]["peaks"][0], 200);
}

// Some browsers refuse an Ogg file of which no page says that it is the last.
TEST(import_desk, plays_an_ogg_file_without_an_end_from_its_own_packets) {
    TestWindow house;
    house.set_up();
    const auto id = house.bring("ogg", "opus", {}, false);
    const auto heard = house.ask("GET", "calls/" + id + "/audio");
    EXPECT_EQ(heard.type, "audio/ogg");
    EXPECT_EQ(heard.body, "OggS anew");
    EXPECT_TRUE(house.disk.exists(copy_path("/state", id, CopyKind::ogg)));
    EXPECT_FALSE(house.disk.exists(copy_path("/state", id, CopyKind::flac)));
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio?format=original").body, "the original");
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio?download=true").body, "the original");
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio?format=wav").body.substr(0, 4), "RIFF");
    const auto whole = house.bring("ogg", "opus");
    EXPECT_EQ(house.ask("GET", "calls/" + whole + "/audio").body, "the original");
}

TEST(import_desk, leaves_nothing_of_what_was_deleted) {
    TestWindow house;
    house.set_up();
    const auto id = house.bring("ogg", "vorbis", {}, false);
    house.ask("GET", "calls/" + id + "/audio");
    house.ask("GET", "calls/" + id + "/audio?format=flac");
    ASSERT_TRUE(house.disk.exists(copy_path("/state", id, CopyKind::ogg)));
    ASSERT_TRUE(house.disk.exists(copy_path("/state", id)));
    ASSERT_TRUE(house.disk.exists(peaks_path("/state", id)));
    EXPECT_EQ(house.ask("DELETE", "calls/" + id).status, 204);
    for (int day = 0; day < 32; ++day) {
        house.clock.pass(hours(24));
        house.window->tick();
    }
    EXPECT_FALSE(house.disk.exists(archive::recording_folder("/archive", id)));
    EXPECT_FALSE(house.disk.exists(copy_path("/state", id, CopyKind::ogg)));
    EXPECT_FALSE(house.disk.exists(copy_path("/state", id)));
    EXPECT_FALSE(house.disk.exists(peaks_path("/state", id)));
}

TEST(import_desk, keeps_no_copy_of_what_is_deleted_while_it_is_made) {
    TestWindow house;
    house.set_up();
    const auto id = house.bring("amr", "amr_nb");
    house.bringer.media.meanwhile = [&] {
        (void)house.disk.remove_tree(archive::recording_folder("/archive", id));
    };
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio").status, 422);
    EXPECT_FALSE(house.disk.exists(copy_path("/state", id)));
    EXPECT_FALSE(house.disk.exists(peaks_path("/state", id)));
}

TEST(import_desk, says_what_nobody_can_read) {
    TestWindow house;
    house.set_up();
    const auto id = house.bring("amr", "amr_nb");
    house.bringer.media.trouble = "reading it made the reader crash";
    const auto answer = house.ask("GET", "calls/" + id + "/audio");
    EXPECT_EQ(answer.status, 422);
    EXPECT_NE(answer.body.find("made the reader crash"), std::string::npos);
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio?format=original").body, "the original");
    house.bringer.is_full = true;
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio").status, 503);
}

TEST(import_desk, lets_people_say_what_they_know) {
    TestWindow house;
    house.set_up();
    const auto id = house.bring();
    EXPECT_EQ(house.ask("GET", "calls?only=unsure&count=true").json()["total"], 1);
    auto said = house.ask(
        "PATCH", "calls/" + id,
        {{"found",
          {{"started", "2019-05-03T14:05:00+02:00"}, {"names", {"Tante"}}, {"direction", "in"}}}});
    ASSERT_EQ(said.status, 200) << said.body;
    auto call = said.json();
    EXPECT_EQ(call["started"], "2019-05-03T12:05:00.000Z");
    EXPECT_EQ(call["direction"], "in");
    EXPECT_EQ(call["parties"][0]["name"], "Tante");
    EXPECT_TRUE(call["parties"][1]["is_own"]);
    EXPECT_FALSE(call["is_unsure"]);
    house.reopen();  // from its notes
    EXPECT_EQ(house.ask("GET", "calls/" + id).json()["parties"][0]["name"], "Tante");
    EXPECT_EQ(house.ask("GET", "calls?only=unsure&count=true").json()["total"], 0);
    // Said anew; and that nobody knows.
    said = house.ask("PATCH", "calls/" + id, {{"found", {{"names", Json::array()}}}});
    EXPECT_EQ(said.json()["parties"][0]["name"], "");
    EXPECT_FALSE(said.json()["is_unsure"]);
    const auto ours = house.record("201", "202");
    EXPECT_EQ(
        house.ask("PATCH", "calls/" + ours, {{"found", {{"direction", "in"}}}}).json()["type"],
        "not-brought");
    EXPECT_EQ(house.ask("PATCH", "calls/" + id, {{"found", {{"direction", "sideways"}}}}).status,
              422);
}

}  // namespace
}  // namespace nk::listener
