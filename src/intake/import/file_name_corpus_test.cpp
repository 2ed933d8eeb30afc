// Every name of the corpus of phones' names gives its five fields. The names are others' and lie
// outside the repository: NK_CORPUS names the folder that holds them.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "intake/import/file_name.h"

namespace nk::importing {
namespace {

std::filesystem::path corpus() {
    const char* named = std::getenv("NK_CORPUS");
    return named == nullptr ? std::filesystem::path() : std::filesystem::path(named);
}

std::vector<std::string> columns_of(const std::string& line) {
    std::vector<std::string> out(1);
    for (const char c : line)
        if (c == '\t')
            out.emplace_back();
        else
            out.back() += c;
    out.resize(9);
    return out;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& text : texts)
        out.append(out.empty() ? "" : ",").append(text);
    return out;
}

// Whether the stamp is the time of the corpus: civil, or an epoch's digits, or with an offset.
void expect_time(const std::optional<Stamp>& stamp, const std::string& expected) {
    if (expected.empty()) {
        EXPECT_FALSE(stamp.has_value());
        return;
    }
    const auto wanted =
        expected.find('-') == std::string::npos ? stamp_of_epoch(expected) : stamp_in(expected);
    ASSERT_TRUE(wanted.has_value()) << expected;
    ASSERT_TRUE(stamp.has_value()) << expected;
    EXPECT_EQ(stamp->civil, wanted->civil) << expected;
    EXPECT_EQ(stamp->nanos, wanted->nanos) << expected;
    EXPECT_EQ(stamp->offset_s, wanted->offset_s) << expected;
}

TEST(file_name_corpus, every_name_gives_recorder_time_direction_number_and_name) {
    const auto file = corpus() / "names" / "corpus.tsv";
    if (!std::filesystem::exists(file))
        GTEST_SKIP() << "the corpus of names is absent: set NK_CORPUS to the folder that holds it";
    std::ifstream in(file);
    std::size_t names = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#')
            continue;
        SCOPED_TRACE(line);
        const auto row = columns_of(line);
        const auto named = read_file_name(row[0]);
        EXPECT_EQ(named.recorder, row[1] == "-" ? "" : row[1]);
        expect_time(named.started, row[2]);
        EXPECT_EQ(named.direction, row[3]);
        EXPECT_EQ(joined(named.numbers), row[4]);
        EXPECT_EQ(joined(named.names), row[5]);
        ++names;
    }
    EXPECT_GT(names, 40U);
}

std::string digits_of(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c >= '0' && c <= '9')
            out += c;
    return out;
}

TEST(file_name_corpus, every_name_of_the_phones_folder_gives_its_fields) {
    const auto file = corpus() / "phone-files" / "FILENAMES.tsv";
    if (!std::filesystem::exists(file))
        GTEST_SKIP() << "the corpus of names is absent: set NK_CORPUS to the folder that holds it";
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);  // what the columns are
    std::size_t names = 0;
    while (std::getline(in, line)) {
        SCOPED_TRACE(line);
        const auto row = columns_of(line);
        const auto named = read_file_name(row[2]);
        const std::string& who = row[4];
        EXPECT_EQ(digits_of(joined(named.numbers)), digits_of(row[3]));
        EXPECT_TRUE(joined(named.names) == who ||
                    who.find(joined(named.names)) != std::string::npos)
            << joined(named.names);
        EXPECT_EQ(named.names.empty(), who.empty());
        EXPECT_NE(row[5].find(named.direction), std::string::npos) << named.direction;
        EXPECT_EQ(named.direction.empty(), row[5].empty());
        ASSERT_TRUE(named.started);
        const auto wanted = stamp_in(row[6]);
        ASSERT_TRUE(wanted);
        EXPECT_EQ(named.started->civil, wanted->civil);
        EXPECT_EQ(named.started->nanos, wanted->nanos);
        EXPECT_EQ(named.started->precision, wanted->precision);
        ++names;
    }
    EXPECT_GT(names, 10U);
}

}  // namespace
}  // namespace nk::importing
