#include "intake/import/sidecar.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "intake/import/import_limits.h"
#include "intake/import/testing_zone.h"

namespace nk::importing {
namespace {

using call::Fact;
using testing::DutchZone;

Sidecar read(std::string_view json) {
    auto sidecar = read_sidecar(json, DutchZone());
    EXPECT_TRUE(sidecar) << sidecar.error().what;
    return sidecar ? *std::move(sidecar) : Sidecar{};
}

// The values of that fact, joined.
std::string of(const Sidecar& sidecar, Fact fact) {
    std::string out;
    for (const auto& one : sidecar.findings)
        if (one.fact == fact)
            out.append(out.empty() ? "" : ",").append(one.value);
    return out;
}

constexpr std::string_view whole = R"({
  // Android's own
  "timestamp_unix_ms": 1718357962250, "timestamp": "2024-06-14T11:39:22.250+02:00",
  "package_name": "com.android.phone", "direction": "conference", "sim_slot": 2,
  "call_log_name": "Familie",
  "calls": [
    {"phone_number": "+31205550101", "phone_number_formatted": "020 555 0101",
     "caller_name": "JANSEN", "contact_name": "Oma"},
    {"phone_number": null, "phone_number_formatted": null, "caller_name": "Jan",
     "contact_name": null}],
  "output": {"format": {"type": "FLAC"}, "recording": {
    "frames_total": 1, "duration_secs_wall": 100.0, "duration_secs_total": 90.0,
    "buffer_overruns": 3, "was_ever_paused": true, "was_ever_holding": true}}})";

TEST(sidecar, says_all_that_bcr_says) {
    const auto sidecar = read(whole);
    EXPECT_EQ(sidecar.recorder, "bcr");
    EXPECT_EQ(of(sidecar, Fact::started), "2024-06-14T11:39:22.250+02:00");
    EXPECT_EQ(of(sidecar, Fact::direction), "conference");
    EXPECT_EQ(of(sidecar, Fact::number), "+31205550101");
    EXPECT_EQ(of(sidecar, Fact::name), "Oma,Jan");
    EXPECT_EQ(of(sidecar, Fact::kind), "call");
    EXPECT_EQ(sidecar.length, seconds(100));
    EXPECT_EQ(sidecar.sim_slot, 2);
    EXPECT_EQ(sidecar.app, "com.android.phone");
    for (const auto& one : sidecar.findings) {
        EXPECT_EQ(one.source, call::Source::sidecar);
        EXPECT_EQ(one.sureness, call::Sureness::sure);
    }
}

TEST(sidecar, tells_what_the_recorder_says_is_missing) {
    EXPECT_EQ(of(read(whole), Fact::lacks), "buffer-overruns,paused,held,shorter-than-the-call");
    EXPECT_EQ(of(read(R"({"timestamp_unix_ms": 1718357962250, "output": {"recording": {
                 "duration_secs_wall": 100.0, "duration_secs_total": 99.2,
                 "buffer_overruns": 0, "was_ever_paused": false}}})"),
                 Fact::lacks),
              "");
}

TEST(sidecar, reads_older_versions_and_nulls) {
    const auto sidecar = read(R"({"timestamp_unix_ms": 1718357962250, "timestamp": null,
        "direction": null, "sim_slot": null, "call_log_name": "Oma", "calls": [{}], "output": null})");
    EXPECT_EQ(of(sidecar, Fact::started), "2024-06-14T11:39:22.250+02:00");
    EXPECT_EQ(of(sidecar, Fact::direction), "");
    EXPECT_EQ(of(sidecar, Fact::name), "Oma");
    EXPECT_FALSE(sidecar.sim_slot);
    EXPECT_FALSE(sidecar.length);
}

TEST(sidecar, believes_the_milliseconds_where_its_two_times_differ) {
    EXPECT_EQ(of(read(R"({"timestamp_unix_ms": 1718357962250,
                          "timestamp": "2020-01-01T00:00:00+01:00"})"),
                 Fact::started),
              "2024-06-14T11:39:22.250+02:00");
}

TEST(sidecar, reads_cubes) {
    const auto sidecar =
        read(R"({"duration":"141877","callee":"0205550101","direction":"Incoming"})");
    EXPECT_EQ(sidecar.recorder, "cube");
    EXPECT_EQ(of(sidecar, Fact::direction), "in");
    EXPECT_EQ(of(sidecar, Fact::number), "0205550101");
    EXPECT_EQ(sidecar.length, milliseconds(141'877));
    const auto named = read(R"({"duration":"1x","callee":"Oma","direction":"Outgoing"})");
    EXPECT_EQ(of(named, Fact::direction), "out");
    EXPECT_EQ(of(named, Fact::name), "Oma");
    EXPECT_FALSE(named.length);
    EXPECT_EQ(of(read(R"({"callee":"Unknown"})"), Fact::name), "");
}

TEST(sidecar, another_json_says_nothing_and_is_no_fault) {
    for (const auto* json :
         {"{}", "[]", "7", "null", R"({"calls":"none"})", R"({"title":"Oma"})"}) {
        const auto sidecar = read(json);
        EXPECT_EQ(sidecar.recorder, "") << json;
        EXPECT_TRUE(sidecar.findings.empty()) << json;
    }
}

TEST(sidecar, what_is_no_json_is_refused_with_a_sentence) {
    for (const auto* json : {"", "{", R"({"timestamp_unix_ms": 17)", "ID3"}) {
        const auto sidecar = read_sidecar(json, DutchZone());
        ASSERT_FALSE(sidecar) << json;
        EXPECT_EQ(sidecar.error().code, Code::malformed);
        EXPECT_FALSE(sidecar.error().what.empty());
    }
    const auto large = read_sidecar(std::string(limits::sidecar_bytes_max + 1, ' '), DutchZone());
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().code, Code::limit);
}

TEST(sidecar, keeps_no_more_people_than_fit) {
    std::string json = R"({"calls":[)";
    for (int i = 0; i < 100; ++i)
        json += std::string(i == 0 ? "" : ",") + R"({"phone_number":"+3120555010)" +
                std::to_string(i) + "\"}";
    EXPECT_EQ(read(json + "]}").findings.size(), limits::import_people_max + 2);
}

TEST(sidecar, reads_what_it_writes) {
    BcrFacts facts;
    facts.started = WallTime{1'718'357'962'250'000'000};
    facts.offset_s = 7200;
    facts.direction = "in";
    facts.sim_slot = 1;
    facts.calls.push_back({.number = "+31205550101",
                           .number_formatted = {},
                           .caller_name = {},
                           .contact_name = "Oma \"de Boer\" 🙂"});
    facts.recording = BcrFacts::Recording{.frames = 80'000,
                                          .sample_rate = 8'000,
                                          .channels = 2,
                                          .wall_s = 30,
                                          .buffer_overruns = 0,
                                          .was_paused = true,
                                          .was_held = false};
    const auto text = write_bcr_json(facts);
    const auto sidecar = read(text);
    EXPECT_EQ(of(sidecar, Fact::started), "2024-06-14T11:39:22.250+02:00");
    EXPECT_EQ(of(sidecar, Fact::direction), "in");
    EXPECT_EQ(of(sidecar, Fact::number), "+31205550101");
    EXPECT_EQ(of(sidecar, Fact::name), "Oma \"de Boer\" 🙂");
    EXPECT_EQ(of(sidecar, Fact::lacks), "paused,shorter-than-the-call");
    EXPECT_EQ(sidecar.length, seconds(30));
    EXPECT_NE(text.find("\"package_name\": null"), std::string::npos);
    EXPECT_NE(text.find("\"duration_secs_total\": 10.0"), std::string::npos);
    EXPECT_LT(text.find("\"timestamp_unix_ms\""), text.find("\"calls\""));
}

TEST(sidecar_corpus, bcrs_own_examples_are_read) {
    const char* named = std::getenv("NK_CORPUS");
    if (named == nullptr)
        GTEST_SKIP() << "the corpus of names is absent: set NK_CORPUS to the folder that holds it";
    const auto folder = std::filesystem::path(named) / "phone-files";
    std::size_t read_files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!entry.path().extension().string().starts_with(".json"))
            continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string json{std::istreambuf_iterator<char>(in), {}};
        const auto sidecar = read(json);
        EXPECT_EQ(of(sidecar, Fact::started), "2023-07-19T21:53:08.931-04:00") << entry.path();
        EXPECT_EQ(of(sidecar, Fact::number), "+11234567890");
        EXPECT_EQ(of(sidecar, Fact::name), "John Doe");
        EXPECT_EQ(of(sidecar, Fact::direction), "in");
        EXPECT_EQ(of(sidecar, Fact::lacks), "");
        ++read_files;
    }
    EXPECT_EQ(read_files, 2U);
}

}  // namespace
}  // namespace nk::importing
