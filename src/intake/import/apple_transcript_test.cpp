#include "intake/import/apple_transcript.h"

#include <gtest/gtest.h>

#include "intake/import/import_limits.h"

namespace nk::importing {
namespace {

AppleTranscript read(std::string_view json) {
    auto transcript = read_apple_transcript(json);
    EXPECT_TRUE(transcript) << transcript.error().what;
    return transcript ? *std::move(transcript) : AppleTranscript{};
}

const std::vector<TranscribedWord> dag_oma{{"Dag", milliseconds(500), milliseconds(900)},
                                           {"oma,", milliseconds(900), milliseconds(1'250)}};

TEST(apple_transcript, reads_words_and_times_in_turns) {
    const auto transcript = read(R"({"locale":{"identifier":"nl_NL","current":0},
        "attributedString":["Dag",{"timeRange":[0.5,0.9]}," oma",{"timeRange":[0.9,1.25]},
                            ",",{}," ",{}]})");
    EXPECT_EQ(transcript.locale, "nl-NL");
    EXPECT_EQ(transcript.words, dag_oma);
    EXPECT_FALSE(transcript.is_cut);
}

TEST(apple_transcript, reads_words_with_their_times_in_a_table) {
    const auto transcript = read(R"({"attributedString":{"runs":["Dag",0," oma",1,", ",2],
        "attributeTable":[{"timeRange":[0.5,0.9]},{"timeRange":[0.9,1.25]},{}]}})");
    EXPECT_EQ(transcript.locale, "");
    EXPECT_EQ(transcript.words, dag_oma);
}

TEST(apple_transcript, a_time_that_cannot_be_is_none) {
    for (const auto* range : {"[2,1]", "[-1,1]", "[1]", "[\"a\",1]", "[1e300,1e301]", "7"}) {
        const auto transcript = read(R"({"attributedString":["Dag",{"timeRange":[0,1]},"oma",)"
                                     R"({"timeRange":)" +
                                     std::string(range) + "}]}");
        ASSERT_EQ(transcript.words.size(), 1U) << range;
        EXPECT_EQ(transcript.words[0].text, "Dagoma");
    }
    EXPECT_TRUE(read(R"({"attributedString":{"runs":["Dag",7,"oma",-1,3,3],
                         "attributeTable":[]}})")
                    .words.empty());
}

TEST(apple_transcript, what_is_none_is_refused_with_a_sentence) {
    for (const auto* json : {"", "{", "[1", "\xff"}) {
        const auto transcript = read_apple_transcript(json);
        ASSERT_FALSE(transcript) << json;
        EXPECT_EQ(transcript.error().code, Code::malformed);
    }
    for (const auto* json : {"{}", "[]", "7", R"({"attributedString":{}})"}) {
        const auto transcript = read_apple_transcript(json);
        ASSERT_FALSE(transcript) << json;
        EXPECT_EQ(transcript.error().code, Code::unsupported);
    }
    EXPECT_EQ(read_apple_transcript(std::string(limits::apple_transcript_bytes_max + 1, ' '))
                  .error()
                  .code,
              Code::limit);
}

TEST(apple_transcript, keeps_no_more_words_than_its_limit) {
    std::string json = R"({"attributedString":["Dag",{"timeRange":[0,1]})";
    for (std::size_t i = 0; i < limits::apple_words_max; ++i)
        json += R"(,"x",{"timeRange":[1,2]})";
    const auto transcript = read(json + "]}");
    EXPECT_EQ(transcript.words.size(), limits::apple_words_max);
    EXPECT_TRUE(transcript.is_cut);
}

}  // namespace
}  // namespace nk::importing
