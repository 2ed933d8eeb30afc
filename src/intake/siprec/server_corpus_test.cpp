// Every message of the SIPREC corpus is answered, line by line, and its speakers are those that its
// manifest lists. The corpus is others' work and lives outside the repository.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "intake/siprec/testing_client.h"

namespace nk::siprec {
namespace {

using testing::House;
using testing::status_of;
using Row = std::map<std::string, std::string>;

std::filesystem::path corpus() {
    if (const char* named = std::getenv("NK_CORPUS"); named != nullptr && *named != '\0')
        return std::filesystem::path(named) / "siprec";
    return std::filesystem::path(NK_SOURCE_DIR) / "../shared/corpus/siprec";
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> pieces(1);
    for (const char c : text)
        if (c == separator)
            pieces.emplace_back();
        else
            pieces.back() += c;
    return pieces;
}

std::vector<Row> manifest() {
    std::ifstream in(corpus() / "MANIFEST.tsv");
    std::string line;
    std::getline(in, line);
    const auto columns = split(line, '\t');
    std::vector<Row> rows;
    while (std::getline(in, line)) {
        const auto values = split(line, '\t');
        Row row;
        for (std::size_t i = 0; i < columns.size() && i < values.size(); ++i)
            row[columns[i]] = values[i];
        rows.push_back(std::move(row));
    }
    return rows;
}

// A re-INVITE as if it were the first: its dialog is not here.
std::string as_first(std::string invite) {
    const auto to = invite.find("\r\nTo:");
    const auto end = invite.find("\r\n", to + 2);
    if (const auto tag = invite.find(";tag=", to); tag < end)
        invite.erase(tag, end - tag);
    return invite;
}

// A whole INVITE, of a file that is one, or around the body that a file has; empty when there is
// neither.
std::string invite_in(const Row& row) {
    std::ifstream in(corpus() / row.at("file"), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (bytes.starts_with("INVITE "))
        return as_first(bytes);
    if (row.at("file").ends_with(".xml"))
        return {};
    const std::string& boundary = row.at("boundary");
    const std::string type =
        boundary.empty() ? "application/sdp" : "multipart/mixed;boundary=\"" + boundary + "\"";
    return "INVITE sip:srs@192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.20;branch=z9hG4bKc\r\n"
           "From: <sip:src@192.0.2.20>;tag=c\r\nTo: <sip:srs@192.0.2.10>\r\nCall-ID: c\r\n"
           "CSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:src@192.0.2.20>\r\n"
           "Content-Type: " +
           type + "\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + bytes;
}

// "sip:1@e "Ann" | 2", of whoever has an address at all.
std::multiset<std::string> speakers_of(const call::Story& story) {
    std::multiset<std::string> out;
    for (const auto& party : story.parties)
        if (!party.uri.empty())
            out.insert(party.uri + (party.name.empty() ? "" : " \"" + party.name + "\""));
    return out;
}

std::multiset<std::string> speakers_of(const Row& row) {
    std::multiset<std::string> out;
    for (auto name : split(row.at("participants"), '|')) {
        while (name.starts_with(' '))
            name.erase(0, 1);
        while (name.ends_with(' '))
            name.pop_back();
        if (!name.empty() && name != "None")
            out.insert(name);
    }
    return out;
}

// The label of each line, in order; empty where it has none.
std::vector<std::string> labels_in(const std::string& lines) {
    std::vector<std::string> labels;
    for (auto at = lines.find("audio:"); at != std::string::npos;) {
        const auto next = lines.find(" audio:", at);
        const auto line = lines.substr(at, next == std::string::npos ? next : next - at);
        const auto label = line.find("label=");
        labels.push_back(label == std::string::npos
                             ? ""
                             : line.substr(label + 6, line.find(':', label) - label - 6));
        at = next == std::string::npos ? next : next + 1;
    }
    return labels;
}

TEST(siprec_corpus, every_invite_is_answered_and_its_speakers_are_named) {
    if (!std::filesystem::exists(corpus() / "MANIFEST.tsv"))
        GTEST_SKIP() << "the SIPREC corpus is absent: set NK_CORPUS to the folder that holds it";
    std::size_t answered = 0;
    for (const auto& row : manifest()) {
        SCOPED_TRACE(row.at("file"));
        const auto invite = invite_in(row);
        if (invite.empty())
            continue;
        House house;
        const Peer peer{.flow = 1,
                        .remote = testing::at("192.0.2.20", 5060),
                        .local = testing::at("192.0.2.10", 5060)};
        house.server.on_sip(as_bytes(invite), peer, house.clock.time);
        ASSERT_FALSE(house.out.sent.empty());
        const auto& response = house.out.sent.back();
        EXPECT_EQ(status_of(response), 200) << response;
        ++answered;
        const auto message = wire::parse_sip(as_bytes(response));
        const auto sdp = wire::parse_sdp(message->body);
        ASSERT_TRUE(sdp) << response;
        const auto lines = split(row.at("m_lines"), ' ');
        std::size_t expected = 0;
        for (const auto& line : lines)
            expected += line.starts_with("audio:") ? 1 : 0;
        EXPECT_EQ(sdp->media.size(), expected);
        std::vector<std::string> labels;
        for (const auto& media : sdp->media) {
            EXPECT_NE(media.port, 0);
            labels.push_back(media.label);
        }
        EXPECT_EQ(labels, labels_in(row.at("m_lines")));
        if (row.at("xml_docs") == "1" && row.at("well_formed") == "ok") {
            EXPECT_EQ(speakers_of(house.ear.story), speakers_of(row));
        }
    }
    EXPECT_GT(answered, 60U);
}

// RFC 4475 and 5118: what is invalid is refused or met with silence; nothing else is promised.
TEST(siprec_corpus, every_torture_message_gets_a_4xx_or_silence_when_it_is_invalid) {
    const auto folder = corpus().parent_path() / "torture";
    if (!std::filesystem::exists(folder / "MANIFEST.tsv"))
        GTEST_SKIP() << "the torture corpus is absent: set NK_CORPUS to the folder that holds it";
    std::ifstream manifest_file(folder / "MANIFEST.tsv");
    std::string line;
    std::size_t requests = 0;
    while (std::getline(manifest_file, line)) {
        const auto columns = split(line, '\t');
        if (columns.size() < 5 || !columns[2].starts_with("RFC "))
            continue;
        SCOPED_TRACE(columns[0]);
        std::ifstream in(folder / columns[0], std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        House house;
        const Peer peer{.flow = 1,
                        .remote = testing::at("192.0.2.20", 5060),
                        .local = testing::at("192.0.2.10", 5060)};
        house.server.on_sip(as_bytes(bytes), peer, house.clock.time);
        house.pass(seconds(40));
        const bool is_invalid = columns[4] == "invalid";
        for (const auto& response : house.out.sent) {
            const int status = status_of(response);
            ++requests;
            if (is_invalid && response.starts_with("SIP/2.0")) {
                EXPECT_TRUE(status == 100 || (status >= 400 && status < 700)) << response;
            }
        }
    }
    EXPECT_GT(requests, 10U);
}

}  // namespace
}  // namespace nk::siprec
