// Every metadata document of the SIPREC corpus gives the participants, labels, sessions and groups
// that its manifest lists. The corpus is others' work and lives outside the repository.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "wire/rs_metadata.h"
#include "wire/sip.h"

namespace nk::wire {
namespace {

using Row = std::map<std::string, std::string>;

std::filesystem::path siprec_folder() {
    if (const char* named = std::getenv("NK_CORPUS"); named != nullptr && *named != '\0')
        return std::filesystem::path(named) / "siprec";
    return std::filesystem::path(NK_SOURCE_DIR) / "../shared/corpus/siprec";
}

std::string whole_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> split(const std::string& text, std::string_view separator) {
    std::vector<std::string> pieces;
    std::size_t begin = 0;
    for (std::size_t end = 0; end != std::string::npos; begin = end + separator.size()) {
        end = text.find(separator, begin);
        pieces.push_back(text.substr(begin, end - begin));
    }
    return pieces;
}

std::vector<Row> manifest() {
    std::ifstream in(siprec_folder() / "MANIFEST.tsv");
    std::string line;
    std::getline(in, line);
    const auto columns = split(line, "\t");
    std::vector<Row> rows;
    while (std::getline(in, line)) {
        const auto values = split(line, "\t");
        Row row;
        for (std::size_t i = 0; i < columns.size() && i < values.size(); ++i)
            row[columns[i]] = values[i];
        rows.push_back(std::move(row));
    }
    return rows;
}

// Where our reading is another one than that of the manifest's maker, who counts elements by name.
const std::map<std::string, Row>& read_otherwise() {
    static const std::map<std::string, Row> rows{
        // The participants within its associations are references to the first two. Its
        // Content-Length is too small, which cuts off the end.
        {"loreste__siprec_invite_full.txt", {{"well_formed", "NOT"}, {"n_participants", "2"}}},
        // The labels are attributes.
        {"loreste__avaya_siprec_invite.txt", {{"xml_labels", "1"}}},
        {"loreste__cisco_siprec_invite.txt", {{"xml_labels", "1"}}},
    };
    return rows;
}

// The metadata documents in a file: bare XML, a message, several messages of a scenario, or a
// multipart body without its message.
std::vector<std::string> documents_in(const std::string& file, const std::string& bytes) {
    std::vector<std::string> documents;
    if (file.ends_with(".sipp.xml")) {
        for (std::size_t at = 0, end = 0;; at = end) {
            const std::size_t rfc = bytes.find("<recording ", at);
            const std::size_t draft = bytes.find("<recording_metadata", at);
            at = std::min(rfc, draft);
            if (at == std::string::npos)
                break;
            const std::string_view last = at == rfc ? "</recording>" : "</recording_metadata>";
            end = std::min(bytes.find(last, at), bytes.size() - last.size()) + last.size();
            documents.push_back(bytes.substr(at, end - at));
        }
        return documents;
    }
    if (file.ends_with(".xml"))
        return {bytes};
    const auto message = parse_sip(as_bytes(bytes));
    const bool is_message = message && !message->headers.empty();
    const auto parts = is_message
                           ? body_parts(message->header("Content-Type"), message->body)
                           : body_parts("multipart/mixed", as_bytes(std::string_view(bytes)));
    for (const BodyPart& part : parts)
        if (part.content_type.starts_with("application/rs-metadata"))
            documents.emplace_back(as_text(part.body));
    return documents;
}

std::string joined(const std::vector<std::string>& pieces, std::string_view separator) {
    std::string all;
    for (const std::string& piece : pieces)
        all += (all.empty() ? std::string() : std::string(separator)) + piece;
    return all;
}

Row row_of(const std::vector<RsMetadata>& documents) {
    std::size_t sessions = 0, groups = 0;
    std::vector<std::string> participants, labels;
    for (const RsMetadata& metadata : documents) {
        sessions += metadata.sessions.size();
        groups += metadata.groups.size();
        for (const RsParticipant& one : metadata.participants) {
            // Of several AORs the manifest lists the last.
            const RsName name = one.names.empty() ? RsName{} : one.names.back();
            participants.push_back(name.aor + (name.display_name.empty()
                                                   ? std::string()
                                                   : " \"" + name.display_name + "\""));
        }
        for (const RsStream& stream : metadata.streams)
            labels.push_back(stream.label);
    }
    return {{"n_sessions", std::to_string(sessions)},
            {"n_groups", std::to_string(groups)},
            {"n_participants", std::to_string(participants.size())},
            {"participants", joined(participants, " | ")},
            {"xml_labels", joined(labels, ",")}};
}

bool is_damaged(const RsMetadata& metadata) {
    return std::any_of(metadata.faults.begin(), metadata.faults.end(), [](const auto& fault) {
        return fault.find("not well-formed") != std::string::npos;
    });
}

TEST(siprec, every_metadata_document_gives_what_its_manifest_lists) {
    auto rows = manifest();
    if (rows.empty())
        GTEST_SKIP() << "the SIPREC corpus is absent: set NK_CORPUS to the folder that holds it";
    std::size_t read = 0;
    for (Row& row : rows) {
        const std::string file = row.at("file");
        SCOPED_TRACE(file);
        // Scenarios hold places to be filled in, quotes within quotes: not listed further.
        const bool is_template = row.at("well_formed").find("NOT") != std::string::npos;
        if (const auto found = read_otherwise().find(file); found != read_otherwise().end())
            for (const auto& [column, value] : found->second)
                row[column] = value;
        auto& listed = row["participants"];
        listed = listed.substr(0, listed.find(" | None"));  // the references
        const bool is_well_formed = row.at("well_formed").find("NOT") == std::string::npos;
        std::vector<RsMetadata> documents;
        for (const std::string& xml : documents_in(file, whole_file(siprec_folder() / file))) {
            auto metadata = parse_rs_metadata(as_bytes(xml));
            ASSERT_TRUE(metadata) << metadata.error().what;
            EXPECT_NE(is_well_formed, is_damaged(*metadata));
            documents.push_back(*std::move(metadata));
        }
        read += documents.size();
        EXPECT_EQ(std::to_string(documents.size()), row.at("xml_docs"));
        if (is_template)
            continue;
        for (const auto& [column, ours] : row_of(documents))
            EXPECT_EQ(ours, row.at(column)) << column;
    }
    EXPECT_GT(read, 100U);
}

}  // namespace
}  // namespace nk::wire
