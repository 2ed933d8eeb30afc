// What people and scripts see: texts, tables, strips, and the names of the JSON.

#include <gtest/gtest.h>

#include "app/json.h"
#include "app/page.h"
#include "app/progress.h"
#include "app/table.h"
#include "app/testing_entry.h"
#include "app/text.h"
#include "base/rfc3339.h"

namespace nk::app {
namespace {

using testing::entry;

TEST(text, writes_sizes_for_humans) {
    EXPECT_EQ(size_text(0), "0 B");
    EXPECT_EQ(size_text(999), "999 B");
    EXPECT_EQ(size_text(1000), "1.0 kB");
    EXPECT_EQ(size_text(999'600), "1.0 MB");
    EXPECT_EQ(size_text(12'345'678), "12 MB");
    EXPECT_EQ(size_text(~std::uint64_t{0}), "18447 PB");
}

TEST(text, writes_lengths_with_hours_only_when_there_are) {
    EXPECT_EQ(length_text(milliseconds(999)), "0:00");
    EXPECT_EQ(length_text(seconds(67)), "1:07");
    EXPECT_EQ(length_text(seconds(3661)), "1:01:01");
}

TEST(text, writes_local_times_with_their_offset) {
    const std::string text = local_time_text(entry().facts.started);
    EXPECT_EQ(text.size(), std::string("2026-11-23 14:23:01 +00:00").size());
    EXPECT_EQ(text.substr(13, 6), ":23:01");
}

TEST(text, lets_no_name_give_the_terminal_orders) {
    EXPECT_EQ(terminal_text("a\x1b[2Jb\nc\x7f"), "a?[2Jb?c?");
    EXPECT_EQ(terminal_text("a\u009b31mb"), "a?31mb");  // C1 in UTF-8
    EXPECT_EQ(terminal_text("a\x9b"
                            "31mb"),
              "a?31mb");                          // and as a bare byte
    EXPECT_EQ(terminal_text("a\u202eb"), "a?b");  // writes what follows backwards
    EXPECT_EQ(terminal_text("Jos\u00e9"), "Jos\u00e9");
}

TEST(text, names_a_party_before_its_number) {
    EXPECT_EQ(party_text({"caller", "1001", "Ada", "sip:x"}), "Ada (1001)");
    EXPECT_EQ(party_text({"caller", "1001", "1001", "sip:x"}), "1001");
    EXPECT_EQ(party_text({"caller", "1001", "", "sip:x"}), "1001");
    EXPECT_EQ(party_text({"caller", "", "", "sip:x"}), "sip:x");
    EXPECT_EQ(party_text({}), "unknown");
}

TEST(text, counts_columns_not_bytes) {
    EXPECT_EQ(columns_of("Jos\u00e9"), 4U);
    EXPECT_EQ(columns_of("Jose\u0301"), 4U);
    EXPECT_EQ(columns_of("\u674e"), 2U);
    EXPECT_EQ(cut_to("\u674e\u674e\u674e", 5), "\u674e\u674e\u2026");
    EXPECT_EQ(cut_to("abc", 3), "abc");
}

TEST(progress, counts_one_as_one) {
    EXPECT_EQ(progress_text(-1, 1, 1), "1 packet, 1 recording");
    EXPECT_EQ(progress_text(-1, 0, 2), "0 packets, 2 recordings");
    EXPECT_NE(progress_text(0.5, 7, 1).find("╌  50 %  7 packets, 1 recording"), std::string::npos);
}

TEST(table, lines_its_columns_up_and_ends_no_line_in_blanks) {
    Table table({{"NAME"}, {"COUNT", true}, {"NOTE", false, 4}});
    table.add({{"Jos\u00e9"}, {"7"}, {"longer"}});
    table.add({{"a"}, {"123456"}, {""}});
    EXPECT_EQ(table.text({}),
              "NAME   COUNT  NOTE\n"
              "Jos\u00e9       7  lon\u2026\n"
              "a     123456\n");
}

TEST(table, paints_only_where_colours_are_shown) {
    const std::vector<archive::Entry> entries{entry()};
    EXPECT_EQ(recordings_table(entries, {}).find('\x1b'), std::string::npos);
    EXPECT_NE(recordings_table(entries, {true, 0}).find("\x1b[36m20261123T142301Z-k3v9qd\x1b[0m"),
              std::string::npos);
}

TEST(table, gives_a_recording_one_row_with_the_path_of_its_sound) {
    const std::string text = recordings_table({entry()}, {}, "/archive");
    for (const char* part :
         {"0:10", "Ada (1001)", "31201234567", "PCMA", "1.2 %", "20261123T142301Z-k3v9qd",
          "/archive/2026/11/23/20261123T142301Z-k3v9qd/audio.flac"})
        EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST(page, draws_each_gap_where_it_is_and_a_loss_however_short) {
    recording::TrackFacts track;
    using recording::GapCause;
    track.gaps = {{0, 2000, GapCause::not_begun, 0},
                  {3500, 1, GapCause::loss, 1},
                  {4000, 1000, GapCause::hold, 0},
                  {6000, 400, GapCause::silence, 0},  // less than half of its cell
                  {71'000, 5000, GapCause::ended, 0}};
    const std::string strip = strip_of(track, 72'000);
    EXPECT_EQ(strip, "  #!=#" + std::string(65, '#') + " ");
    EXPECT_EQ(strip.size(), strip_cells);
}

TEST(page, draws_any_gap_within_the_strip) {
    recording::TrackFacts track;
    track.gaps = {{~std::uint64_t{0}, ~std::uint64_t{0}, recording::GapCause::loss, 1},
                  {0, ~std::uint64_t{0}, recording::GapCause::hold, 1}};
    EXPECT_EQ(strip_of(track, 5), std::string(strip_cells, '='));
    EXPECT_EQ(strip_of(track, 0), std::string(strip_cells, ' '));
}

TEST(page, draws_where_this_machine_dropped) {
    auto one = entry().facts;
    EXPECT_EQ(recording_page(one, "/archive", {}, {}).find("this machine"), std::string::npos);
    one.drops = {{-9'000, -1, 1, {}},     // before the sound
                 {-5, 10, 20, {}},        // into it
                 {3'100, 5'000, 300, 1},  // three cells of a track
                 {71'999, 99'999, 4'000, {}},
                 {72'000, 99'999, 1, {}}};  // after it
    EXPECT_EQ(strip_of_drops(one, 72'000), "x  xxx" + std::string(65, ' ') + "x");
    EXPECT_EQ(strip_of_drops(one, 0), std::string(strip_cells, ' '));
    const std::string text = recording_page(one, "/archive", {}, {});
    for (const char* part :
         {"dropped by this machine  4322 packets in 5 intervals\n[x  xxx", "x dropped by us"})
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(page, draws_any_drop_within_the_strip) {
    auto one = entry().facts;
    one.drops = {{std::numeric_limits<std::int64_t>::min(),
                  std::numeric_limits<std::int64_t>::max(),
                  ~std::uint64_t{0},
                  {}}};
    EXPECT_EQ(strip_of_drops(one, 5), std::string(strip_cells, 'x'));
    one.drops.push_back(one.drops[0]);
    EXPECT_NE(recording_page(one, "/archive", {}, {}).find("18446744073709551615 packets in 2"),
              std::string::npos);
}

TEST(page, tells_the_facts_the_tracks_and_what_was_odd) {
    const auto one = entry();
    const archive::Conversation conversation{
        one.facts.id, "20261123T142301Z-zzzzzz", {one.facts.id, "20261123T142301Z-zzzzzz"}};
    const std::string text = recording_page(one.facts, "/archive", conversation, {});
    for (const char* part :
         {"caller       Ada (1001)  sip:1001@example.org", "answered, bye, SIP status 200",
          "track 1, caller  PCMA (500 packets)", "500 received, 5 lost, 3 late, 2 duplicate",
          "the best copy is 20261123T142301Z-zzzzzz", "caller pressed 5",
          "ssrc-changed (2 times): A party's SSRC changed"})
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(page, tells_when_the_recorder_was_cut_off_and_resumed) {
    auto one = entry().facts;
    EXPECT_EQ(recording_page(one, "/archive", {}, {}).find("cut off"), std::string::npos);
    const auto stopped = one.started + seconds(9);
    const auto resumed = one.started + seconds(70);
    one.call.events = {{9'000,
                        "recorder-stopped",
                        {},
                        "stopped " + rfc3339(stopped) + ", resumed " + rfc3339(resumed)},
                       {9'000, "recorder-stopped", {}, "stopped at\x1b once, resumed never"}};
    const std::string text = recording_page(one, "/archive", {}, {});
    for (const auto& part : {"cut off      recorder stopped " + local_time_text(stopped) +
                                 ", resumed " + local_time_text(resumed) + "\n",
                             std::string("cut off      stopped at? once, resumed never\n")})
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

std::vector<std::string> names_in(const Json& object) {
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items())
        names.push_back(name);
    return names;
}

using Names = std::vector<std::string>;

// These names are a promise to scripts: docs/JSON.md.
TEST(json, keeps_its_field_names) {
    const Json one = describe(entry().facts, "/archive", std::nullopt);
    EXPECT_EQ(names_in(one), (Names{"id", "uuid", "started", "duration_ms", "caller", "callee",
                                    "door", "purpose", "basis", "ending", "answered", "signalling",
                                    "tracks", "audio", "oddities", "conversation"}));
    EXPECT_EQ(names_in(one["caller"]), (Names{"number", "name"}));
    EXPECT_EQ(names_in(one["tracks"][0]),
              (Names{"track", "party", "mixed", "label", "codec", "rate_hz", "packets",
                     "sound_from_ms", "sound_to_ms", "srtp", "ssrcs"}));
    EXPECT_EQ(names_in(one["tracks"][0]["packets"]),
              (Names{"received", "lost", "late", "duplicate", "dropped_by_us", "undecodable",
                     "withheld"}));
    EXPECT_EQ(names_in(one["audio"]),
              (Names{"path", "format", "rate_hz", "channels", "frames", "bytes", "sha256"}));
    EXPECT_EQ(names_in(one["oddities"][0]), (Names{"name", "count", "first_ms"}));
}

TEST(json, tells_the_values_in_its_units) {
    const auto one = entry();
    const archive::Conversation conversation{one.facts.id, one.facts.id, {one.facts.id, "x"}};
    const Json json = describe(one.facts, "/archive", conversation);
    EXPECT_EQ(json["started"], "2026-11-23T14:23:01.250Z");
    EXPECT_EQ(json["duration_ms"], 10'250);
    EXPECT_EQ(json["caller"]["name"], "Ada");
    EXPECT_EQ(json["tracks"][0]["party"], "caller");
    EXPECT_EQ(json["tracks"][0]["sound_from_ms"], 20);
    EXPECT_EQ(json["tracks"][0]["sound_to_ms"], 9000);
    EXPECT_EQ(json["audio"]["path"], "/archive/2026/11/23/20261123T142301Z-k3v9qd/audio.flac");
    EXPECT_EQ(json["conversation"],
              Json::parse(R"({"id": "20261123T142301Z-k3v9qd", "best": true, "others": ["x"]})"));
}

TEST(json, writes_null_for_what_there_is_not) {
    auto one = entry();
    one.facts.audio.reset();
    const Json json = describe(one.facts, "/archive", std::nullopt);
    EXPECT_TRUE(json["audio"].is_null());
    EXPECT_TRUE(json["conversation"].is_null());
    EXPECT_TRUE(json["tracks"][0]["sound_from_ms"].is_null());
    EXPECT_EQ(describe({}, "/archive", std::nullopt)["callee"]["number"], "");
}

TEST(json, adds_details_to_the_same_object) {
    const auto one = entry();
    Json detailed = describe_in_detail(one.facts, "/archive", std::nullopt);
    const Json plain = describe(one.facts, "/archive", std::nullopt);
    for (const auto& [name, value] : plain.items())
        if (name != "tracks") {
            EXPECT_EQ(detailed[name], value) << name;
        }
    EXPECT_EQ(detailed["tracks"][0]["gaps"][0],
              Json::parse(R"({"cause": "loss", "from_ms": 1000, "to_ms": 1100, "packets": 5})"));
    EXPECT_EQ(detailed["drops"], Json::array());
    auto dropping = one;
    dropping.facts.drops = {{-800, 1'600, 7, {}}, {8'000, 8'008, 1, 2}};
    dropping.facts.drops_left_out = 3;
    detailed = describe_in_detail(dropping.facts, "/archive", std::nullopt);
    EXPECT_EQ(detailed["drops"], Json::parse(R"([
        {"from_ms": -100, "to_ms": 200, "packets": 7, "track": null},
        {"from_ms": 1000, "to_ms": 1001, "packets": 1, "track": 2}])"));
    EXPECT_EQ(detailed["drops_left_out"], 3);
    EXPECT_EQ(detailed["key_presses"][0],
              Json::parse(R"({"party": "caller", "key": "5", "at_ms": 1000, "duration_ms": 120})"));
}

TEST(json, gives_an_array_piece_by_piece_as_it_gives_it_whole) {
    Json array = Json::array();
    std::string text;
    EXPECT_EQ(json_array_end(0), json_text(array));
    for (const char* name : {"one\ntwo", "\"]"}) {
        auto one = entry().facts;
        one.call.parties[0].name = name;
        array.push_back(describe(one, "/archive", std::nullopt));
        text += json_array_piece(array.back(), array.size() - 1);
        EXPECT_EQ(text + json_array_end(array.size()), json_text(array));
    }
}

TEST(json, survives_names_that_are_no_utf8) {
    auto one = entry();
    one.facts.call.parties[0].name = "Jos\xe9";
    EXPECT_NE(json_text(describe(one.facts, "/archive", std::nullopt)).find("Jos\u00e9"),
              std::string::npos);
}

}  // namespace
}  // namespace nk::app
