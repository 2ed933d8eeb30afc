#include "app/export/bcr_facts.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/export/bcr_names.h"
#include "app/testing_entry.h"
#include "call/known.h"
#include "intake/import/file_name.h"
#include "intake/import/sidecar.h"

namespace nk::app {
namespace {

using call::Fact;
using call::Source;
using call::Sureness;
using Mix = std::vector<std::vector<std::uint32_t>>;
using Texts = std::vector<std::string>;

const importing::FixedZone two_hours(7200);

recording::RecordingFacts recorded(std::uint32_t channels = 2) {
    auto facts = testing::entry().facts;
    facts.audio->channels = channels;
    auto track = facts.tracks.front();
    facts.tracks.clear();
    for (std::uint32_t i = 0; i < channels; ++i) {
        track.number = i + 1;
        track.party = i;
        facts.tracks.push_back(track);
    }
    return facts;
}

recording::RecordingFacts brought(const std::string& name = "20230614_113322.123+0200_in.oga") {
    auto facts = recorded(1);
    facts.door = purpose::Door::import;
    facts.audio->file = "original.oga";
    facts.audio->format = "ogg";
    facts.tracks.front().codec = "opus";
    facts.brought = recording::Brought{"", name, "", {}, "ogg", "e", "", true};
    return facts;
}

call::Finding said(Fact fact, const std::string& value, Source source = Source::person) {
    return {fact, value, source, Sureness::sure, {}};
}

std::string bcr_sidecar() {
    importing::BcrFacts facts;
    facts.started = WallTime{1'686'735'202'123'000'000};
    facts.offset_s = 7200;
    facts.package_name = "com.android.phone";
    facts.direction = "in";
    facts.sim_slot = 2;
    facts.calls = {{"+31201112222", {}, {}, "Ans"}};
    facts.recording = importing::BcrFacts::Recording{.frames = 8'000,
                                                     .sample_rate = 8'000,
                                                     .channels = 1,
                                                     .wall_s = 9.5,
                                                     .buffer_overruns = 3,
                                                     .was_paused = true,
                                                     .was_held = true};
    return importing::write_bcr_json(facts);
}

std::string name_of(const BcrRecording& recording) {
    return *importing::NameTemplate::compile(importing::bcr_default_template)
                ->write(recording.name);
}

nlohmann::json json_of(const BcrRecording& recording) {
    return nlohmann::json::parse(recording.json);
}

// ---- What was recorded here.

TEST(bcr_facts, of_our_own_call_name_both_parties_when_nobody_says_who_we_are) {
    const auto out = *bcr_recording(recorded(), {}, "", {two_hours});
    EXPECT_EQ(name_of(out), "20261123_162301.25+0200_1001,31201234567_Ada");
    const auto json = json_of(out);
    EXPECT_EQ(json["timestamp"], "2026-11-23T16:23:01.250+02:00");
    EXPECT_EQ(json["timestamp_unix_ms"], 1'795'443'781'250);
    EXPECT_TRUE(json["direction"].is_null());
    EXPECT_EQ(json["calls"].size(), 2U);
    EXPECT_EQ(json["calls"][0]["caller_name"], "Ada");
    EXPECT_TRUE(json["calls"][0]["contact_name"].is_null());
    EXPECT_TRUE(json["calls"][1]["caller_name"].is_null());
    EXPECT_EQ(json["output"]["recording"]["channel_count"], 1);
    EXPECT_EQ(json["output"]["recording"]["duration_secs_wall"], 10.25);
    EXPECT_EQ(out.ending, "flac");
    EXPECT_EQ(out.sound.mix, (Mix{{0, 1}}));
}

TEST(bcr_facts, of_our_own_call_know_the_direction_by_our_number) {
    const auto out = *bcr_recording(recorded(), {}, "", {two_hours, "", false, {"1001"}});
    EXPECT_EQ(name_of(out), "20261123_162301.25+0200_out_31201234567");
    EXPECT_EQ(json_of(out)["direction"], "out");
    EXPECT_EQ(out.sound.mix, Mix{}) << "our own side is left already";
    // However the number is written.
    const auto in = *bcr_recording(recorded(), {}, "", {two_hours, "", false, {"020-1234567"}});
    EXPECT_EQ(name_of(in), "20261123_162301.25+0200_in_1001_Ada");
    EXPECT_EQ(in.sound.mix, (Mix{{1}, {0}}));
    EXPECT_EQ(json_of(in)["output"]["recording"]["channel_count"], 2);
}

TEST(bcr_facts, of_our_own_call_make_nothing_up_when_both_are_ours) {
    const auto out =
        *bcr_recording(recorded(), {}, "", {two_hours, "", false, {"1001", "0201234567"}});
    EXPECT_TRUE(json_of(out)["direction"].is_null());
    EXPECT_EQ(out.sound.mix, (Mix{{0, 1}}));
}

TEST(bcr_facts, of_several_parties_put_all_others_right) {
    auto facts = recorded(3);
    facts.call.parties.push_back({"party-3", "1003", "", ""});
    const BcrHouse house{two_hours, "", false, {"1003"}};
    const auto out = *bcr_recording(facts, {}, "", house);
    EXPECT_EQ(out.sound.mix, (Mix{{2}, {0, 1}}));
    EXPECT_TRUE(json_of(out)["direction"].is_null()) << "who joined later neither called nor was";
    facts.tracks[0].is_mixed = true;
    EXPECT_EQ(bcr_recording(facts, {}, "", house)->sound.mix, (Mix{{0, 1, 2}}));
    EXPECT_EQ(bcr_recording(recorded(1), {}, "", house)->sound.mix, Mix{});
}

TEST(bcr_facts, take_no_withheld_number_for_a_name_but_a_name_in_its_place) {
    auto facts = recorded();
    facts.call.parties[0] = {"caller", "anonymous", "", ""};
    facts.call.parties[1] = {"callee", "reception", "", ""};
    const auto out = *bcr_recording(facts, {}, "", {two_hours});
    EXPECT_EQ(name_of(out), "20261123_162301.25+0200_reception");
    EXPECT_EQ(json_of(out)["calls"].size(), 1U);
    EXPECT_TRUE(json_of(out)["calls"][0]["phone_number"].is_null());
}

TEST(bcr_facts, say_that_a_call_was_held_or_its_recording_paused) {
    auto facts = recorded();
    EXPECT_EQ(json_of(*bcr_recording(facts, {}, "",
                                     {two_hours}))["output"]["recording"]["was_ever_holding"],
              false);
    facts.call.events = {{100, "held", 0, ""}, {200, "recording-paused", {}, ""}};
    const auto json = json_of(*bcr_recording(facts, {}, "", {two_hours}));
    EXPECT_EQ(json["output"]["recording"]["was_ever_holding"], true);
    EXPECT_EQ(json["output"]["recording"]["was_ever_paused"], true);
}

TEST(bcr_facts, leave_a_call_without_sound) {
    auto facts = recorded();
    facts.audio.reset();
    EXPECT_EQ(bcr_recording(facts, {}, "", {two_hours}).error().code, Code::not_found);
}

// ---- What was brought.

TEST(bcr_facts, of_what_was_brought_are_those_that_were_found) {
    const auto out =
        *bcr_recording(brought("Call recording Ans_190503_140506.oga"),
                       {said(Fact::started, "2019-05-03T14:05:06-04:00"), said(Fact::name, "Ans"),
                        said(Fact::number, "*21#", Source::call_log)},
                       "", {two_hours});
    EXPECT_EQ(name_of(out), "20190503_140506-0400__21#_Ans");
    const auto json = json_of(out);
    EXPECT_EQ(json["calls"][0]["phone_number"], "*21#");
    EXPECT_EQ(json["calls"][0]["contact_name"], "Ans");
    EXPECT_TRUE(json["direction"].is_null());
    EXPECT_TRUE(json["package_name"].is_null());
    EXPECT_TRUE(json["output"]["recording"]["duration_secs_wall"].is_null());
    EXPECT_EQ(json["output"]["format"]["type"], "OGG/Opus");
    EXPECT_EQ(json["output"]["format"]["mime_type_audio"], "audio/opus");
    EXPECT_EQ(out.ending, "oga");
    EXPECT_EQ(out.sound.format, archive::ExportFormat::original);
    EXPECT_FALSE(out.is_when_unsure);
}

TEST(bcr_facts, tell_times_in_the_zone_that_was_said_or_as_they_were_found) {
    const std::vector<call::Finding> found{said(Fact::started, "2019-05-03T14:05:06-04:00")};
    EXPECT_EQ(name_of(*bcr_recording(brought(), found, "", {two_hours})), "20190503_140506-0400");
    EXPECT_EQ(name_of(*bcr_recording(brought(), found, "", {two_hours, "", true})),
              "20190503_200506+0200");
    // Counted in UTC, of no place: then in ours.
    EXPECT_EQ(name_of(*bcr_recording(brought(), {said(Fact::started, "2019-05-03T18:05:06Z")}, "",
                                     {two_hours})),
              "20190503_200506+0200");
}

TEST(bcr_facts, keep_bcrs_own_json_while_nothing_was_found_since) {
    const auto sidecar = bcr_sidecar();
    auto found = importing::read_sidecar(sidecar, two_hours)->findings;
    auto facts = brought("20230614_113322.123+0200_in_sim2_+31201112222_Ans.oga");
    facts.audio->frames = 8'000;
    const auto as_it_came = *bcr_recording(facts, found, sidecar, {two_hours});
    EXPECT_EQ(as_it_came.json, sidecar);
    EXPECT_EQ(name_of(as_it_came), "20230614_113322.123+0200_in_sim2_+31201112222_Ans");

    found.push_back(said(Fact::name, "Ans de Wit"));
    const auto since = json_of(*bcr_recording(facts, found, sidecar, {two_hours}));
    EXPECT_EQ(since["calls"][0]["contact_name"], "Ans de Wit");
    EXPECT_EQ(since["package_name"], "com.android.phone");
    EXPECT_EQ(since["sim_slot"], 2);
    // What its recorder said of the sound is said again, and read as the same.
    const auto again = importing::read_sidecar(since.dump(), two_hours)->findings;
    EXPECT_EQ(call::know(again).lacks, call::know(found).lacks);
    EXPECT_EQ(since["output"]["recording"]["duration_secs_wall"], 9.5);
}

TEST(bcr_facts, tell_of_a_sim_only_where_its_name_did) {
    const auto sidecar = bcr_sidecar();
    const auto found = importing::read_sidecar(sidecar, two_hours)->findings;
    const auto out = *bcr_recording(brought(), found, sidecar, {two_hours});
    EXPECT_EQ(name_of(out), "20230614_113322.123+0200_in_+31201112222_Ans");
}

TEST(bcr_facts, join_no_name_to_a_number_that_may_be_anothers) {
    const auto out =
        *bcr_recording(brought(),
                       {said(Fact::started, "2019-05-03T14:05:06+02:00"),
                        said(Fact::direction, "conference"), said(Fact::number, "+31201112222"),
                        said(Fact::number, "+31203334444"), said(Fact::name, "Ans")},
                       "", {two_hours});
    const auto calls = json_of(out)["calls"];
    ASSERT_EQ(calls.size(), 3U);
    EXPECT_TRUE(calls[0]["contact_name"].is_null());
    EXPECT_TRUE(calls[2]["phone_number"].is_null());
    const auto again = call::know(importing::read_sidecar(out.json, two_hours)->findings);
    EXPECT_EQ(again.numbers, (Texts{"+31201112222", "+31203334444"}));
    EXPECT_EQ(again.names, Texts{"Ans"});
    EXPECT_EQ(again.direction, call::Direction::conference);
}

TEST(bcr_facts, need_a_time_and_say_that_a_weak_one_is_weak) {
    const auto refused = bcr_recording(brought(), {said(Fact::name, "Ans")}, "", {two_hours});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::refused);
    EXPECT_NE(refused.error().what.find("nobody knows when"), std::string::npos);
    const auto weak = *bcr_recording(brought(),
                                     {{Fact::started, "2019-05-03T14:05:06+02:00",
                                       Source::file_time, Sureness::weak, "zone-assumed"}},
                                     "", {two_hours});
    EXPECT_TRUE(weak.is_when_unsure);
}

TEST(bcr_facts, of_what_nobody_can_read_are_without_a_recording) {
    auto facts = brought("x.xyz");
    facts.audio.reset();
    facts.tracks.clear();
    facts.brought->container.clear();
    facts.side_files = {{"original.xyz", "application/octet-stream", 3, "a", "b"}};
    const auto out =
        *bcr_recording(facts, {said(Fact::started, "2019-05-03T14:05:06+02:00")}, "", {two_hours});
    EXPECT_EQ(out.ending, "xyz");
    EXPECT_TRUE(json_of(out)["output"]["recording"].is_null());
    EXPECT_EQ(json_of(out)["output"]["format"]["mime_type_container"], "application/octet-stream");
}

// ---- Names.

TEST(bcr_names, are_never_two_the_same_on_a_disk_that_knows_no_capitals) {
    BcrNames names;
    EXPECT_EQ(*names.take("2019_Ans"), "2019_Ans");
    EXPECT_EQ(*names.take("2019_ANS"), "2019_ANS (2)");
    EXPECT_EQ(*names.take("2019_Ans (3)"), "2019_Ans (3)");
    EXPECT_EQ(*names.take("2019_Ans"), "2019_Ans (4)");
    EXPECT_EQ(*names.take("2019_Ans (2)"), "2019_Ans (2) (2)");
}

TEST(bcr_names, are_read_by_our_own_reader_as_if_nothing_stood_behind_them) {
    BcrNames names;
    const std::string name = "20230614_113322.123+0200_in_+31201112222_Ans";
    const auto first = importing::read_file_name(*names.take(name) + ".oga");
    for (int i = 2; i <= 99; ++i) {
        const auto taken = names.take(name);
        ASSERT_TRUE(taken) << i;
        auto next = importing::read_file_name(*taken + ".oga");
        EXPECT_EQ(next.extras["copy"], std::to_string(i));
        next.extras.erase("copy");
        EXPECT_EQ(next, first);
    }
    const auto refused = names.take(name);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("tells them apart"), std::string::npos);
}

}  // namespace
}  // namespace nk::app
