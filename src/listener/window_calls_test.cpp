#include <gtest/gtest.h>

#include "base/limits.h"
#include "listener/testing_window.h"

namespace nk::listener {
namespace {

using testing::Json;
using testing::password;
using testing::TestWindow;

std::vector<std::string> ids_in(const testing::Answer& answer) {
    std::vector<std::string> out;
    const auto json = answer.json();
    for (const auto& call : json["calls"])
        out.push_back(call["id"]);
    return out;
}

TEST(window_calls, are_listed_newest_first_a_page_at_a_time) {
    TestWindow house;
    house.set_up("home", {"0881112233"});
    std::vector<std::string> ids;
    for (int i = 0; i < 7; ++i)
        ids.push_back(
            house.record("0881112233", "0201234567", purpose::Purpose::agreement, 1'000 * i));
    std::vector<std::string> seen;
    std::string target = "calls?limit=3&count=true";
    for (int pages = 1;; ++pages) {
        const auto answer = house.ask("GET", target);
        ASSERT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(answer.json()["total"], 7);
        for (auto& id : ids_in(answer))
            seen.push_back(id);
        if (!answer.json().contains("next")) {
            EXPECT_EQ(pages, 3);
            break;
        }
        target = "calls?limit=3&count=true&cursor=" + std::string(answer.json()["next"]);
    }
    EXPECT_EQ(seen, ids);
    const auto call = house.ask("GET", "calls?limit=1").json()["calls"][0];
    EXPECT_EQ(call["direction"], "out");
    EXPECT_EQ(call["is_heard"], true);
    EXPECT_EQ(call["parties"][1]["number"], "0201234567");
}

TEST(window_calls, are_found_by_what_is_asked_for) {
    TestWindow house;
    house.set_up("home", {"0881112233"});
    const auto old = house.record("0881112233", "0201234567", purpose::Purpose::wording, 90'000);
    const auto fresh = house.record("+31612345678", "0881112233");
    EXPECT_EQ(ids_in(house.ask("GET", "calls?number=0612345678")), std::vector{fresh});
    EXPECT_EQ(ids_in(house.ask("GET", "calls?q=020-123")), std::vector{old});
    EXPECT_EQ(ids_in(house.ask("GET", "calls?direction=in")), std::vector{fresh});
    EXPECT_EQ(ids_in(house.ask("GET", "calls?purpose=wording")), std::vector{old});
    EXPECT_EQ(ids_in(house.ask("GET", "calls?sort=oldest")), (std::vector{old, fresh}));
    EXPECT_EQ(ids_in(house.ask("GET", "calls?min_ms=2000")), std::vector<std::string>{});
    EXPECT_EQ(house.ask("GET", "calls?purpose=fun").status, 400);
    EXPECT_EQ(house.ask("GET", "calls?limit=0").status, 400);
    EXPECT_EQ(house.ask("GET", "calls?limit=5&limit=6").status, 400);
    EXPECT_EQ(house.ask("GET", "calls?colour=red").json()["fields"]["colour"], "is not known here");
}

TEST(window_calls, tell_all_that_is_known_and_what_the_asker_may_do) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    const auto answer = house.ask("GET", "calls/" + id);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto call = answer.json();
    EXPECT_EQ(call["tracks"][0]["gaps"][0]["cause"], "loss");
    EXPECT_EQ(call["tracks"][0]["gaps"][0]["from_ms"], 500);
    EXPECT_EQ(call["tracks"][0]["gaps"][0]["to_ms"], 600);
    EXPECT_EQ(call["may"].size(), 10U);
    EXPECT_EQ(call["parties"][0]["role"], "caller");
    const auto etag = answer.header("ETag");
    EXPECT_EQ(house.ask("GET", "calls/" + id, {}, {{"if-none-match", etag}}).status, 304);
    EXPECT_EQ(house.ask("GET", "calls/20200101T000000Z-abcdef").status, 404);
    EXPECT_EQ(house.ask("GET", "calls/nonsense").status, 404);
}

TEST(window_calls, keep_what_people_make_of_them_in_files) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    EXPECT_EQ(house
                  .ask("PATCH", "calls/" + id,
                       {{"purpose", "memory"}, {"tags", {"Oma", "verhuizing"}}, {"is_kept", true}})
                  .status,
              200);
    EXPECT_EQ(ids_in(house.ask("GET", "calls?tag=Oma")), std::vector{id});
    EXPECT_EQ(house.ask("GET", "tags").json()["tags"][0]["tag"], "Oma");
    const auto note = house.ask("POST", "calls/" + id + "/notes",
                                {{"at_ms", 500}, {"text", "Hier belooft ze het."}});
    ASSERT_EQ(note.status, 201) << note.body;
    EXPECT_EQ(house.ask("POST", "calls/" + id + "/notes", {{"at_ms", 5'000}, {"text", "x"}}).status,
              422);
    const std::string note_id = note.json()["id"];
    EXPECT_EQ(house.ask("PATCH", "calls/" + id + "/notes/" + note_id, {{"text", "Anders."}}).status,
              200);
    house.reopen();  // from the files alone
    const auto call = house.ask("GET", "calls/" + id).json();
    EXPECT_EQ(call["purpose"], "memory");
    EXPECT_EQ(call["tags"], Json({"Oma", "verhuizing"}));
    EXPECT_EQ(call["is_kept"], true);
    EXPECT_EQ(call["notes"], 1);
    EXPECT_EQ(call["note_list"][0]["text"], "Anders.");
    EXPECT_EQ(call["note_list"][0]["is_mine"], true);
    EXPECT_EQ(house.ask("DELETE", "calls/" + id + "/notes/" + note_id).status, 204);
    EXPECT_EQ(house.ask("DELETE", "calls/" + id + "/notes/" + note_id).status, 404);
    EXPECT_EQ(house.told("changed")[0].event.detail, "purpose memory; 2 tags; kept");
    // Never what was written, in the log.
    for (const auto& entry : house.told())
        EXPECT_EQ(entry.event.detail.find("Anders"), std::string::npos);
}

// The role, the purpose and the relation of each, over the API: lists, counts and single calls.
TEST(window_calls, are_not_there_for_who_may_not_see_them) {
    TestWindow house;
    house.set_up("company", {"200"});
    house.add_account("Emma", {"employee"}, {"201"}, "sales");
    house.add_account("Evert", {"employee"}, {"202"}, "support");
    house.add_account("Marie", {"manager"}, {}, "", {"sales"});
    house.add_account("Theo", {"trainer"}, {}, "", {"support"});
    house.add_account("Otto", {"auditor"});
    house.add_account("Ada", {"admin"});
    const auto sales = house.record("201", "0611111111", purpose::Purpose::training, 10);
    const auto support = house.record("0622222222", "202", purpose::Purpose::training, 20);
    const auto own = house.record("201", "0633333333", purpose::Purpose::wording, 30);
    using Ids = std::vector<std::string>;
    const std::map<std::string, std::pair<Ids, Ids>> expected{
        // who: what they see, what they hear
        {"anna", {{sales, support}, {}}},
        {"emma", {{sales, own}, {sales, own}}},
        {"evert", {{support}, {support}}},
        {"marie", {{sales}, {sales}}},
        {"theo", {{support}, {support}}},
        {"otto", {{sales, support, own}, {}}},
        {"ada", {{}, {}}},
    };
    for (const auto& [name, what] : expected) {
        const auto& [seen, heard] = what;
        house.sign_in(name);
        const auto list = house.ask("GET", "calls?count=true");
        EXPECT_EQ(ids_in(list), seen) << name;
        EXPECT_EQ(list.json()["total"], seen.size()) << name;
        for (const auto& id : {sales, support, own}) {
            const bool sees = std::find(seen.begin(), seen.end(), id) != seen.end();
            const bool hears = std::find(heard.begin(), heard.end(), id) != heard.end();
            EXPECT_EQ(house.ask("GET", "calls/" + id).status, sees ? 200 : 404) << name;
            for (const auto* part : {"/audio", "/peaks"})
                EXPECT_EQ(house.ask("GET", "calls/" + id + part).status, hears  ? 200
                                                                         : sees ? 403
                                                                                : 404)
                    << name << part;
            house.clock.pass(minutes(2));
        }
    }
    // Each denial was written down: of what there is, with its reason.
    house.sign_in("evert");
    house.clock.pass(minutes(2));
    const auto before = house.told("denied").size();
    house.ask("GET", "calls/" + own);
    ASSERT_EQ(house.told("denied").size(), before + 1);
    EXPECT_EQ(house.told("denied")[0].event.detail, "see: not-yours");
    house.ask("GET", "calls/" + own);  // at once again
    EXPECT_EQ(house.told("denied").size(), before + 1);
}

TEST(window_people, have_their_numbers_and_calls) {
    TestWindow house;
    house.set_up("home", {"0881112233"});
    const auto id = house.record("0881112233", "0612345678");
    const auto made =
        house.ask("POST", "people", {{"name", "Jan"}, {"numbers", {"+31 6 12345678"}}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json()["calls"], 1);
    EXPECT_EQ(house.ask("GET", "calls/" + id).json()["parties"][1]["name"], "Jan");
    EXPECT_EQ(ids_in(house.ask("GET", "calls?q=jan")), std::vector{id});
    const std::string person = made.json()["id"];
    EXPECT_EQ(ids_in(house.ask("GET", "calls?person=" + person)), std::vector{id});
    EXPECT_EQ(house.ask("POST", "people", {{"name", "Piet"}, {"numbers", {"0612345678"}}}).status,
              409);
    EXPECT_EQ(house
                  .ask("PUT", "people/" + person,
                       {{"name", "Jan Jansen"}, {"numbers", {"0612345678"}}, {"color", 3}})
                  .json()["color"],
              3);
    house.reopen();
    EXPECT_EQ(house.ask("GET", "people").json()["people"][0]["name"], "Jan Jansen");
    EXPECT_EQ(house.ask("GET", "calls/" + id).json()["parties"][1]["color"], 3);
    EXPECT_EQ(house.ask("DELETE", "people/" + person).status, 204);
    EXPECT_EQ(house.ask("GET", "people").json()["people"].size(), 0U);
}

TEST(window_sound, is_the_file_itself_and_any_part_of_it) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    const auto bytes =
        *house.disk.contents(archive::recording_folder("/archive", id) + "/audio.flac");
    const std::string file(bytes.begin(), bytes.end());
    const auto whole = house.ask("GET", "calls/" + id + "/audio");
    EXPECT_EQ(whole.status, 200);
    EXPECT_EQ(whole.type, "audio/flac");
    EXPECT_EQ(whole.body, file);
    const auto part = house.ask("GET", "calls/" + id + "/audio", {}, {{"range", "bytes=10-19"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, file.substr(10, 10));
    EXPECT_EQ(part.header("Content-Range"), "bytes 10-19/" + std::to_string(file.size()));
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio", {}, {{"range", "bytes=99999999-"}}).status,
              416);
    // A stretch of one voice: half a second from the middle of the callee's, whose sample i is -2
    // i.
    const auto wav = house.ask("GET", "calls/" + id + "/audio?party=2&from_ms=250&to_ms=750");
    EXPECT_EQ(wav.status, 200);
    EXPECT_EQ(wav.type, "audio/wav");
    ASSERT_EQ(wav.body.size(), 44U + 2 * 4'000);
    const auto sample = [](const std::string& body, std::size_t i) {
        return static_cast<std::int16_t>(static_cast<unsigned char>(body[44 + 2 * i]) |
                                         static_cast<unsigned char>(body[45 + 2 * i]) << 8U);
    };
    EXPECT_EQ(sample(wav.body, 0), -4'000);
    EXPECT_EQ(sample(wav.body, 3'999), -2 * 5'999);
    // Any bytes of it are the same bytes.
    for (const auto& [from, to] : std::vector<std::pair<std::size_t, std::size_t>>{
             {0, 43}, {40, 60}, {45, 45}, {1'001, 7'000}, {8'043, 8'043}}) {
        const auto some =
            house.ask("GET", "calls/" + id + "/audio?party=2&from_ms=250&to_ms=750", {},
                      {{"range", "bytes=" + std::to_string(from) + "-" + std::to_string(to)}});
        EXPECT_EQ(some.body, wav.body.substr(from, to - from + 1)) << from;
    }
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio?party=3").status, 400);
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio?from_ms=700&to_ms=600").status, 400);
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/audio?party=1&format=flac").status, 400);
}

TEST(window_sound, is_heard_by_nobody_unseen) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    house.ask("GET", "calls/" + id + "/audio", {}, {{"range", "bytes=0-99"}});
    house.ask("GET", "calls/" + id + "/audio", {}, {{"range", "bytes=100-"}});
    EXPECT_EQ(house.told("hearing").size(), 1U);
    house.clock.pass(limits::hearing_quiet);
    house.window->tick();
    const auto heard = house.told("heard");
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].event.recording, id);
    EXPECT_EQ(heard[0].event.from_ms, 0);
    EXPECT_EQ(heard[0].event.to_ms, 1'000);
    EXPECT_EQ(heard[0].event.from, "192.0.2.7");
    const auto copy = house.ask("GET", "calls/" + id + "/audio?download=true");
    EXPECT_EQ(copy.header("Content-Disposition"), "attachment; filename=\"" + id + ".flac\"");
    EXPECT_EQ(house.told("downloaded").size(), 1U);
}

// Whichever operation of the disk fails: what leaves was written down before.
TEST(window_sound, is_not_heard_when_that_cannot_be_written_down) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    std::size_t refused = 0;
    for (std::uint64_t n = 1;; ++n) {
        house.clock.pass(limits::hearing_quiet);
        house.window->tick();
        const auto before = house.told("hearing").size();
        house.disk.fail_at(n, Code::io, MemoryDisk::Failing::once);
        HttpRequest request;
        request.method = "GET";
        request.target = "/api/v1/calls/" + id + "/audio";
        request.remote = {*parse_ip("192.0.2.7"), 40'000};
        request.headers = {{"cookie", "naklank=" + house.cookie}};
        int status = 0;
        house.window->handle(request, [&](HttpReply reply) { status = reply.status; });
        const bool has_failed = house.disk.has_failed();
        house.disk.fail_at(0);
        if (status == 200) {
            EXPECT_EQ(house.told("hearing").size(), before + 1) << n;
        }
        refused += status == 503 ? 1 : 0;
        if (!has_failed)
            break;
        ASSERT_LT(n, 100U);
    }
    EXPECT_GE(refused, 3U);
}

TEST(window_sound, is_drawn_by_its_peaks) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    const auto answer = house.ask("GET", "calls/" + id + "/peaks?points=10");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto peaks = answer.json();
    EXPECT_EQ(peaks["point_ms"], 100.0);
    ASSERT_EQ(peaks["tracks"].size(), 2U);
    ASSERT_EQ(peaks["tracks"][0]["peaks"].size(), 10U);
    EXPECT_LT(peaks["tracks"][0]["peaks"][0], peaks["tracks"][0]["peaks"][9]);
    EXPECT_LT(peaks["tracks"][0]["peaks"][9], peaks["tracks"][1]["peaks"][9]);
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/peaks?points=10").body, answer.body);  // as kept
    EXPECT_EQ(house.ask("GET", "calls/" + id + "/peaks?from_ms=900&to_ms=100").status, 400);
}

TEST(window_links, let_a_stranger_hear_one_recording_until_they_are_taken_back) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    const auto made = house.ask("POST", "calls/" + id + "/links", {{"recipient", "Broer"}});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string url = made.json()["url"];
    ASSERT_TRUE(url.starts_with("/deel/"));
    const auto owner = std::exchange(house.cookie, "");
    const std::string shared = "shared/" + url.substr(6);
    const auto opened = house.ask("GET", shared);
    ASSERT_EQ(opened.status, 200) << opened.body;
    EXPECT_EQ(opened.json()["by"], "Anna");
    EXPECT_EQ(opened.json()["parties"][0]["number"], "");
    const std::string ticket = opened.json()["ticket"];
    EXPECT_EQ(house.ask("GET", shared + "/audio").status, 401);
    EXPECT_EQ(house.ask("GET", shared + "/audio?ticket=" + ticket).status, 200);
    EXPECT_EQ(house.ask("GET", shared + "/peaks?ticket=" + ticket).status, 200);
    EXPECT_EQ(house.ask("GET", shared + "/audio?download=true&ticket=" + ticket).status, 400);
    EXPECT_EQ(house.ask("GET", "calls/" + id).status, 401);
    EXPECT_EQ(house.ask("GET", "shared/guess").status, 404);
    const auto hearing = house.told("hearing");
    ASSERT_EQ(hearing.size(), 1U);
    house.cookie = owner;
    const auto links = house.ask("GET", "calls/" + id + "/links").json()["links"];
    ASSERT_EQ(links.size(), 1U);
    EXPECT_EQ(links[0]["times_opened"], 1);
    EXPECT_EQ(links[0]["is_open"], true);
    EXPECT_EQ(hearing[0].event.who, "link:" + std::string(links[0]["id"]));
    EXPECT_EQ(house.ask("DELETE", "links/" + std::string(links[0]["id"])).status, 204);
    house.cookie.clear();
    EXPECT_EQ(house.ask("GET", shared).status, 404);
    EXPECT_EQ(house.ask("GET", shared + "/audio?ticket=" + ticket).status, 404);
}

TEST(window_links, end_by_themselves_and_with_their_makers_rights) {
    TestWindow house;
    house.set_up("company");
    house.add_account("Emma", {"employee"}, {"201"}, "sales");
    house.add_account("Marie", {"manager"}, {}, "", {"sales"});
    const auto owner = house.cookie;
    const auto id = house.record("201", "0612345678", purpose::Purpose::training);
    house.sign_in("emma");
    EXPECT_EQ(house.ask("POST", "calls/" + id + "/links", {{"recipient", "x"}}).status, 403);
    house.sign_in("marie");
    const auto made = house.ask("POST", "calls/" + id + "/links", {{"recipient", "Klant"}});
    const std::string shared = "shared/" + std::string(made.json()["url"]).substr(6);
    house.cookie.clear();
    EXPECT_EQ(house.ask("GET", shared).status, 200);
    house.clock.pass(hours(24 * 14));
    EXPECT_EQ(house.ask("GET", shared).status, 404);
    house.sign_in("marie");
    const auto again = house.ask("POST", "calls/" + id + "/links", {{"recipient", "Klant"}});
    const std::string second = "shared/" + std::string(again.json()["url"]).substr(6);
    EXPECT_EQ(house.ask("GET", second).status, 200);
    house.sign_in("anna");
    const auto listed = house.ask("GET", "accounts").json()["accounts"];
    for (const auto& account : listed)
        if (account["name"] == "Marie") {
            EXPECT_EQ(house
                          .ask("PATCH", "accounts/" + std::string(account["id"]),
                               {{"leads", Json::array()}})
                          .status,
                      200);
        }
    EXPECT_EQ(house.ask("GET", second).status, 404);
}

TEST(window_links, with_a_word_want_it_and_let_nobody_guess) {
    TestWindow house;
    house.set_up();
    const auto id = house.record("201", "202");
    const auto made = house.ask("POST", "calls/" + id + "/links",
                                {{"recipient", "Broer"}, {"word", "pannenkoek"}});
    const std::string shared = "shared/" + std::string(made.json()["url"]).substr(6);
    house.cookie.clear();
    EXPECT_EQ(house.ask("GET", shared).json()["type"], "word-wanted");
    EXPECT_EQ(house.ask("GET", shared, {}, {{"x-naklank-word", "pannekoek"}}).json()["type"],
              "wrong-word");
    EXPECT_EQ(house.ask("GET", shared, {}, {{"x-naklank-word", "pannen%6boek"}}).status, 200);
    for (int i = 0; i < 10; ++i)
        house.ask("GET", shared, {}, {{"x-naklank-word", "guess"}});
    EXPECT_EQ(house.ask("GET", shared, {}, {{"x-naklank-word", "pannenkoek"}}).status, 429);
}

TEST(window_log, is_read_by_who_watches_and_by_everybody_of_themselves) {
    TestWindow house;
    house.set_up("company");
    house.add_account("Emma", {"employee"}, {"201"});
    const auto id = house.record("201", "202", purpose::Purpose::training);
    house.ask("GET", "calls/" + id);
    house.sign_in("emma");
    house.ask("GET", "calls/" + id + "/audio");
    const auto own = house.ask("GET", "log").json()["events"];
    for (const auto& event : own)
        EXPECT_EQ(event["who"], "Emma");
    EXPECT_EQ(own[0]["what"], "hearing");
    EXPECT_EQ(house.ask("GET", "log?who=somebody").status, 403);
    house.sign_in("anna");
    const auto all = house.ask("GET", "log?recording=" + id).json()["events"];
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0]["who"], "Emma");
}

}  // namespace
}  // namespace nk::listener
