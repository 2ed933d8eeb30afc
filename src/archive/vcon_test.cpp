#include "archive/vcon.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "archive/testing_facts.h"
#include "base/utf8.h"

namespace nk::archive {
namespace {

using Json = nlohmann::ordered_json;
using testing::any_facts;
using testing::plain_facts;

TEST(vcon, tells_a_reader_that_knows_only_the_standard_who_spoke_and_where_the_sound_is) {
    auto facts = plain_facts();
    facts.call.events = {{-2000, "invited", 0, ""},
                         {-50, "answered", 1, ""},
                         {3000, "held", 1, ""},
                         {4000, "resumed", 1, ""},
                         {10'000, "ended", std::nullopt, ""}};
    facts.call.key_presses = {{0, "5", 1000, 120}};
    const Json vcon = Json::parse(to_vcon(facts));
    EXPECT_EQ(vcon["vcon"], "0.4.0");
    EXPECT_EQ(vcon["uuid"], facts.uuid);
    EXPECT_EQ(vcon["parties"][0]["tel"], "1001");
    EXPECT_EQ(vcon["parties"][0]["name"], "Ada");
    EXPECT_EQ(vcon["parties"][1]["sip"], "sip:+31201234567@example.org");
    const Json& dialog = vcon["dialog"][0];
    EXPECT_EQ(dialog["type"], "recording");
    EXPECT_EQ(dialog["start"], "2026-11-23T14:23:01.250Z");
    EXPECT_EQ(dialog["duration"], 10.0);
    EXPECT_EQ(dialog["parties"], Json::parse("[0, 1]"));
    EXPECT_EQ(dialog["originator"], 0);
    EXPECT_EQ(dialog["mediatype"], "audio/flac");
    EXPECT_EQ(dialog["url"], "audio.flac");
    std::string history;
    for (const auto& moment : dialog["party_history"])
        history += moment["event"].get<std::string>() + std::to_string(moment["party"].get<int>()) +
                   moment.value("button", "") + " ";
    EXPECT_EQ(history, "join0 join1 keydown05 keyup05 hold1 unhold1 drop0 drop1 ");
}

TEST(vcon, writes_content_hashes_in_base64url_without_padding) {
    auto facts = plain_facts();
    // SHA-256 and SHA-512 of nothing.
    facts.audio->sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    facts.audio->sha512 =
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d287"
        "7e"
        "ec2f63b931bd47417a81a538327af927da3e";
    const Json vcon = Json::parse(to_vcon(facts));
    EXPECT_EQ(
        vcon["dialog"][0]["content_hash"][0],
        "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg_SpIdNs6c5H0NE8XYXysP-DGNKHfuwvY7kxvUdBeoGlODJ6-"
        "SfaPg");
    EXPECT_EQ(vcon["dialog"][0]["content_hash"][1],
              "sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
}

TEST(vcon, calls_a_recording_without_sound_incomplete_and_says_why) {
    auto facts = plain_facts();
    facts.audio.reset();
    facts.tracks.clear();
    const auto disposition = [&](bool answered, int status) {
        facts.call.answered = answered;
        facts.call.final_status = status;
        const Json dialog = Json::parse(to_vcon(facts))["dialog"][0];
        EXPECT_EQ(dialog["type"], "incomplete");
        EXPECT_FALSE(dialog.contains("url"));
        return dialog["disposition"].get<std::string>();
    };
    EXPECT_EQ(disposition(true, 200), "hung-up");
    EXPECT_EQ(disposition(false, 486), "busy");
    EXPECT_EQ(disposition(false, 503), "congestion");
    EXPECT_EQ(disposition(false, 487), "no-answer");
    facts.call.ending = call::Ending::refused;
    EXPECT_EQ(disposition(false, 404), "failed");
}

TEST(vcon, leaves_a_channel_nobody_is_on_null) {
    auto facts = plain_facts();
    facts.tracks.erase(facts.tracks.begin());
    EXPECT_EQ(Json::parse(to_vcon(facts))["dialog"][0]["parties"], Json::parse("[null, 1]"));
}

RC_GTEST_PROP(vcon, gives_back_all_facts_without_loss, ()) {
    const auto facts = any_facts();
    const auto again = from_vcon(to_vcon(facts));
    if (!again)
        RC_FAIL(again.error().what);
    RC_ASSERT(*again == facts);
}

RC_GTEST_PROP(vcon, makes_any_bytes_in_a_name_readable_once_and_keeps_them_so, ()) {
    auto facts = plain_facts();
    facts.call.parties[0].name = *rc::gen::arbitrary<std::string>();
    facts.call.sip_call_id = *rc::gen::arbitrary<std::string>();
    const std::string text = to_vcon(facts);
    const auto again = from_vcon(text);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->call.parties[0].name == as_utf8(facts.call.parties[0].name));
    RC_ASSERT(to_vcon(*again) == text);
}

TEST(vcon, reads_a_byte_that_is_no_utf8_as_latin1) {
    EXPECT_EQ(as_utf8("Jos\xe9"), "Jos\u00e9");
    EXPECT_EQ(as_utf8("\xc0\x80"), "\u00c0\u0080");                        // overlong
    EXPECT_EQ(as_utf8("\xed\xa0\x80"), "\u00ed\u00a0\u0080");              // a surrogate
    EXPECT_EQ(as_utf8("\U0001f4de \xe2\x82"), "\U0001f4de \u00e2\u0082");  // cut off
}

TEST(vcon, writes_a_number_that_is_none_as_zero) {
    auto facts = plain_facts();
    facts.call.key_presses = {{0, "1", std::numeric_limits<double>::quiet_NaN(), INFINITY}};
    const auto again = from_vcon(to_vcon(facts));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->call.key_presses[0].at_ms, 0);
    EXPECT_EQ(again->call.key_presses[0].duration_ms, 0);
}

// The body of our attachment, to spoil.
Json& body_of(Json& vcon) {
    return vcon["attachments"][0]["body"];
}

std::string refusal(const std::function<void(Json&)>& spoil) {
    Json vcon = Json::parse(to_vcon(plain_facts()));
    spoil(vcon);
    const auto read = from_vcon(vcon.dump());
    return read ? "accepted" : read.error().what;
}

TEST(vcon, passes_over_members_it_does_not_know) {
    EXPECT_EQ(refusal([](Json& vcon) {
                  vcon["analysis"] = Json::array();
                  body_of(vcon)["later"] = 7;
                  body_of(vcon)["tracks"][0]["later"] = {{"a", 1}};
              }),
              "accepted");
}

TEST(vcon, names_the_field_it_refuses) {
    const auto in_body = [](const std::function<void(Json&)>& spoil) {
        return refusal([&](Json& vcon) { spoil(body_of(vcon)); });
    };
    EXPECT_EQ(in_body([](Json& b) { b["tracks"][1]["packets"].erase("lost"); }),
              "tracks[1].packets.lost is missing");
    EXPECT_EQ(in_body([](Json& b) { b["tracks"][1]["rate_hz"] = -1; }),
              "tracks[1].rate_hz is not a whole number in its range");
    EXPECT_EQ(in_body([](Json& b) { b["tracks"][0]["codecs"][0]["payload_type"] = 256; }),
              "tracks[0].codecs[0].payload_type is not a whole number in its range");
    EXPECT_EQ(in_body([](Json& b) { b["tracks"][0]["party"] = 2; }),
              "tracks name a party that there is not");
    EXPECT_EQ(in_body([](Json& b) { b["audio"]["file"] = "../audio.flac"; }),
              "audio.file is not a plain file name");
    EXPECT_EQ(in_body([](Json& b) { b["audio"]["sha256"] = "AA"; }),
              "audio.sha256 is not 64 hexadecimal digits");
    EXPECT_EQ(in_body([](Json& b) { b["id"] = "../../etc"; }), "id is not a recording's id");
    EXPECT_EQ(in_body([](Json& b) { b["purpose"] = "fun"; }),
              "purpose is \"fun\", which it cannot be");
    EXPECT_EQ(in_body([](Json& b) { b["started"] = "yesterday"; }),
              "started is not an RFC 3339 time");
    EXPECT_EQ(in_body([](Json& b) { b["tracks"] = 3; }), "tracks is not an array");
    EXPECT_EQ(in_body([](Json& b) { b["format"] = 2; }),
              "its format is 2; this program reads format 1");
    EXPECT_EQ(refusal([](Json& v) { v["uuid"] = "x"; }), "its two uuids differ");
    EXPECT_EQ(refusal([](Json& v) { v["vcon"] = "0.5.0"; }), "it is not a vCon of syntax 0.4.0");
    EXPECT_EQ(from_vcon("{\"vcon\": ").error().code, Code::malformed);
    EXPECT_EQ(from_vcon("[]").error().code, Code::unsupported);
}

TEST(vcon, reads_none_of_the_drafts_own_examples_as_ours) {
    const char* corpus = std::getenv("NK_CORPUS");
    const std::filesystem::path folder =
        std::filesystem::path(corpus != nullptr ? corpus : NK_SOURCE_DIR "/../shared/corpus") /
        "vectors/vcon/examples";
    if (!std::filesystem::is_directory(folder))
        GTEST_SKIP() << "the corpus of others' files is absent; NK_CORPUS names its folder";
    int read = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".vcon")
            continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        EXPECT_FALSE(from_vcon(text)) << entry.path();
        ++read;
    }
    EXPECT_GT(read, 5);
}

TEST(vcon, keeps_a_summary_without_the_long_lists) {
    auto facts = plain_facts();
    facts.tracks[0].gaps = {{1, 2, recording::GapCause::loss, 3}};
    facts.tracks[0].media_marks = {7};
    const auto brief = from_summary(to_summary(facts));
    ASSERT_TRUE(brief);
    EXPECT_TRUE(brief->tracks[0].gaps.empty());
    facts.tracks[0].gaps.clear();
    facts.tracks[0].media_marks.clear();
    EXPECT_EQ(*brief, facts);
}

}  // namespace
}  // namespace nk::archive
