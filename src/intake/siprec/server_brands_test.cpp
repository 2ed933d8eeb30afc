// Each message of tests/siprec/brands, of our own wording in the form of a brand, is answered, and
// its table says who called whom and who is heard on which line.

#include <algorithm>
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

using testing::Client;
using testing::House;
using testing::status_of;
using Row = std::map<std::string, std::string>;
using Texts = std::vector<std::string>;

const std::filesystem::path folder =
    std::filesystem::path(NK_SOURCE_DIR) / "tests" / "siprec" / "brands";

Texts split(const std::string& text, char separator) {
    Texts pieces(1);
    for (const char c : text)
        if (c == separator)
            pieces.emplace_back();
        else
            pieces.back() += c;
    return pieces;
}

std::vector<Row> table() {
    std::ifstream in(folder / "brands.tsv");
    std::string line;
    std::getline(in, line);
    const auto columns = split(line, '\t');
    std::vector<Row> rows;
    while (std::getline(in, line)) {
        const auto values = split(line, '\t');
        EXPECT_EQ(values.size(), columns.size()) << line;
        Row row;
        for (std::size_t i = 0; i < columns.size() && i < values.size(); ++i)
            row[columns[i]] = values[i];
        rows.push_back(std::move(row));
    }
    return rows;
}

// As it goes over the wire: lines end with CRLF, and the body's length is said.
std::string message_in(const std::string& file) {
    std::ifstream in(folder / file, std::ios::binary);
    std::string text;
    for (std::string line; std::getline(in, line);)
        text += line + "\r\n";
    const auto body = text.find("\r\n\r\n") + 4;
    return text.insert(body - 2, "Content-Length: " + std::to_string(text.size() - body) + "\r\n");
}

std::string written(const call::Party& party) {
    return party.uri + (party.name.empty() ? "" : " \"" + party.name + "\"");
}

struct Answered {
    call::Story story;
    wire::Sdp offer;
    wire::Sdp answer;
    Texts heard;  // "label:role", a line each
};

Answered answer_to(const std::string& file) {
    Answered out;
    const auto invite = message_in(file);
    House house;
    Client client(house);
    house.server.on_sip(as_bytes(invite), client.peer, house.clock.time);
    EXPECT_FALSE(house.out.sent.empty());
    if (house.out.sent.empty())
        return out;
    const auto response = house.out.sent.back();
    EXPECT_EQ(status_of(response), 200) << response;
    const auto asked = wire::parse_sip(as_bytes(invite));
    for (const auto& part : wire::body_parts(asked->header("Content-Type"), asked->body))
        if (part.content_type == "application/sdp")
            out.offer = *wire::parse_sdp(part.body);
    out.answer = *wire::parse_sdp(wire::parse_sip(as_bytes(response))->body);
    for (const auto& media : out.answer.media)
        client.ports.push_back(media.port);
    for (std::size_t line = 0; line < client.ports.size(); ++line)
        client.speak(line, 1);
    out.story = house.ear.story;
    for (const auto& heard : house.ear.heard) {
        const auto& parties = out.story.parties;
        const std::string who = heard.is_mixed                 ? "mixed"
                                : heard.party < parties.size() ? parties[heard.party].role
                                                               : "nobody";
        out.heard.push_back((heard.label.empty() ? "-" : heard.label) + ":" + who);
    }
    return out;
}

TEST(siprec_brands, each_is_answered_line_by_line_and_its_speakers_are_named) {
    for (const auto& row : table()) {
        SCOPED_TRACE(row.at("file"));
        const auto answered = answer_to(row.at("file"));
        ASSERT_EQ(answered.answer.media.size(), answered.offer.media.size());
        for (std::size_t i = 0; i < answered.offer.media.size(); ++i) {
            EXPECT_NE(answered.answer.media[i].port, 0);
            EXPECT_EQ(answered.answer.media[i].label, answered.offer.media[i].label);
            EXPECT_EQ(answered.answer.media[i].direction, wire::Direction::recvonly);
        }
        EXPECT_EQ(answered.heard, split(row.at("lines"), ' '));
        Texts parties;
        for (const auto& party : answered.story.parties)
            parties.push_back(written(party));
        EXPECT_EQ(parties, (Texts{row.at("caller"), row.at("callee")}));
        const auto& keys = answered.story.keys;
        for (const auto& key : split(row.at("keys"), ' '))
            EXPECT_TRUE(key.empty() || std::find(keys.begin(), keys.end(), key) != keys.end())
                << key;
    }
}

TEST(siprec_brands, each_message_is_in_the_table_and_each_row_has_its_source) {
    Texts listed;
    for (const auto& row : table()) {
        listed.push_back(row.at("file"));
        for (const auto* column : {"brand", "source", "url", "special", "caller", "lines"})
            EXPECT_FALSE(row.at(column).empty()) << row.at("file") << " " << column;
    }
    Texts there;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".sip")
            there.push_back(entry.path().filename().string());
    std::sort(listed.begin(), listed.end());
    std::sort(there.begin(), there.end());
    EXPECT_EQ(listed, there);
    EXPECT_GE(there.size(), 10U);
}

}  // namespace
}  // namespace nk::siprec
