// Every message of the torture corpus is handled as its verdict says, and every SIPREC message
// gives its session description. The corpus is others' work and lives outside the repository.
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "wire/sdp.h"
#include "wire/sip.h"

namespace nk::wire {
namespace {

std::filesystem::path corpus_folder() {
    if (const char* named = std::getenv("NK_CORPUS"); named != nullptr && *named != '\0')
        return named;
    return std::filesystem::path(NK_SOURCE_DIR) / "../shared/corpus";
}

std::string whole_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Piece {
    std::string file;
    std::string suite;
    std::string verdict;
    std::string bytes;
};

// A Go test corpus file: the bytes are a quoted Go string in its second line.
std::string unquoted_go_string(const std::string& file) {
    std::string plain;
    std::size_t i = file.find("string(\"");
    if (i == std::string::npos)
        return plain;
    for (i += 8; i < file.size() && file[i] != '"'; ++i) {
        if (file[i] != '\\') {
            plain += file[i];
            continue;
        }
        const char escape = file[++i];
        if (escape == 'x') {
            plain += static_cast<char>(std::stoi(file.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            plain += escape == 'n' ? '\n' : escape == 'r' ? '\r' : escape == 't' ? '\t' : escape;
        }
    }
    return plain;
}

std::vector<Piece> torture_pieces() {
    std::vector<Piece> pieces;
    const auto folder = corpus_folder() / "torture";
    std::ifstream manifest(folder / "MANIFEST.tsv");
    std::string line;
    std::getline(manifest, line);  // column names
    while (std::getline(manifest, line)) {
        std::vector<std::string> columns;
        std::istringstream in(line);
        for (std::string column; std::getline(in, column, '\t');)
            columns.push_back(column);
        if (columns.size() < 6)
            continue;
        std::string bytes = whole_file(folder / columns[0]);
        if (columns[0].starts_with("sipgo-fuzz/"))
            bytes = unquoted_go_string(bytes);
        pieces.push_back({columns[0], columns[2], columns[4], std::move(bytes)});
    }
    return pieces;
}

// Verdicts of the corpus that RFC 3261 does not share.
const std::map<std::string, std::string>& verdicts_in_error() {
    static const std::map<std::string, std::string> files{
        {"jsip/007.sip",
         "a request to name:user is well formed: 25.1 takes any absoluteURI (the answer is 416)"},
    };
    return files;
}

enum class Wanted { parse_without_fault, parse, fault_or_refusal, survival };

Wanted wanted_for(const Piece& piece) {
    if (piece.verdict == "valid")
        return Wanted::parse_without_fault;
    if (piece.verdict == "invalid" || piece.verdict == "invalid in at least one element")
        return Wanted::fault_or_refusal;
    if (piece.verdict.starts_with("valid") || piece.verdict.starts_with("well-formed") ||
        piece.verdict.starts_with("invalid at transaction"))
        return Wanted::parse;
    return Wanted::survival;
}

std::string list_of(const std::vector<std::string>& faults) {
    std::string list;
    for (const auto& fault : faults)
        list += "\n  " + fault;
    return list;
}

bool is_sip(const Piece& piece) {
    return !piece.file.starts_with("fuzz-") || piece.file.starts_with("fuzz-sip");
}

TEST(torture, every_message_is_handled_as_its_verdict_says) {
    const auto pieces = torture_pieces();
    if (pieces.empty())
        GTEST_SKIP() << "the torture corpus is absent: set NK_CORPUS to the folder that holds it";
    std::size_t judged = 0;
    for (const Piece& piece : pieces) {
        if (!is_sip(piece))
            continue;
        ++judged;
        SCOPED_TRACE(piece.file + ": " + piece.verdict);
        const auto message = parse_sip(as_bytes(piece.bytes));
        if (message) {
            EXPECT_LE(message->faults.size(), limits::faults_max);
            EXPECT_LE(message->headers.size(), limits::sip_headers_max);
            EXPECT_TRUE(looks_like_sip(as_bytes(piece.bytes)));
            for (const BodyPart& part : body_parts(message->header("Content-Type"), message->body))
                (void)parse_sdp(part.body);
        }
        switch (wanted_for(piece)) {
            case Wanted::parse_without_fault:
                ASSERT_TRUE(message) << message.error().what;
                EXPECT_TRUE(message->faults.empty()) << list_of(message->faults);
                break;
            case Wanted::parse:
                EXPECT_TRUE(message) << message.error().what;
                break;
            case Wanted::fault_or_refusal:
                EXPECT_NE(message && message->faults.empty(),
                          !verdicts_in_error().contains(piece.file));
                break;
            case Wanted::survival:
                break;
        }
    }
    EXPECT_GT(judged, 100U);
}

TEST(torture, every_session_description_among_the_seeds_is_read) {
    std::size_t read = 0;
    for (const Piece& piece : torture_pieces()) {
        if (!piece.file.starts_with("fuzz-sdp/") && !piece.file.starts_with("fuzz-sdes/"))
            continue;
        SCOPED_TRACE(piece.file);
        const auto sdp = parse_sdp(as_bytes(piece.bytes));
        ASSERT_TRUE(sdp) << sdp.error().what;
        ASSERT_FALSE(sdp->media.empty());
        if (piece.file.starts_with("fuzz-sdes/")) {
            EXPECT_TRUE(sdp->media[0].is_secured());
            const bool is_readable = piece.file.find("missing-method") == std::string::npos;
            EXPECT_EQ(sdp->media[0].crypto.empty(), !is_readable);
        }
        ++read;
    }
    if (read == 0)
        GTEST_SKIP() << "the torture corpus is absent: set NK_CORPUS to the folder that holds it";
}

struct Ipv6Case {
    std::string_view file;
    std::string_view host;
    std::uint16_t port;
};

TEST(torture, ipv6_addresses_and_ports_are_told_apart_as_rfc_5118_says) {
    constexpr std::array<Ipv6Case, 6> cases{{
        {"torture_01.sip", "2001:db8::10", 0},
        {"torture_03.sip", "2001:db8::10:5070", 0},
        {"torture_04.sip", "2001:db8::10", 5070},
        {"torture_06.sip", "2001:db8::10", 0},
        {"torture_07.sip", "2001:db8::10", 0},
        {"torture_09.sip", "2001:db8::10", 0},
    }};
    const auto folder = corpus_folder() / "torture/rfc5118";
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << "the torture corpus is absent: set NK_CORPUS to the folder that holds it";
    for (const Ipv6Case& one : cases) {
        SCOPED_TRACE(one.file);
        const std::string bytes = whole_file(folder / one.file);
        const auto message = parse_sip(as_bytes(bytes));
        ASSERT_TRUE(message);
        const auto uri = parse_uri(message->request_uri);
        ASSERT_TRUE(uri);
        EXPECT_EQ(uri->host, one.host);
        EXPECT_EQ(uri->port, one.port);
        EXPECT_TRUE(parse_ip(uri->host));
        if (message->body.empty())
            continue;
        const auto sdp = parse_sdp(message->body);
        ASSERT_TRUE(sdp);
        ASSERT_EQ(sdp->media.size(), 2U);
        ASSERT_TRUE(sdp->media[0].address && sdp->media[1].address);
        const bool is_mixed = one.file == "torture_09.sip";
        EXPECT_EQ(sdp->media[0].address->text(), is_mixed ? "192.0.2.1" : "2001:db8::20");
        EXPECT_EQ(sdp->media[1].address->text(), is_mixed ? "2001:db8::1" : "2001:db8::20");
    }
}

TEST(siprec, every_whole_message_gives_its_session_description) {
    const auto folder = corpus_folder() / "siprec/rendered";
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << "the SIPREC corpus is absent: set NK_CORPUS to the folder that holds it";
    std::size_t with_sdp = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".sip")
            continue;
        SCOPED_TRACE(entry.path().filename());
        const std::string bytes = whole_file(entry.path());
        const auto message = parse_sip(as_bytes(bytes));
        ASSERT_TRUE(message) << message.error().what;
        EXPECT_FALSE(message->call_id().empty());
        EXPECT_TRUE(message->trailing.empty());
        bool found = false;
        for (const BodyPart& part : body_parts(message->header("Content-Type"), message->body)) {
            if (part.content_type != "application/sdp")
                continue;
            const auto sdp = parse_sdp(part.body);
            ASSERT_TRUE(sdp) << sdp.error().what;
            EXPECT_FALSE(sdp->media.empty());
            for (const SdpMedia& media : sdp->media)
                EXPECT_TRUE(media.address || media.port == 0);
            found = true;
        }
        EXPECT_TRUE(found || message->body.empty());
        with_sdp += found ? 1 : 0;
    }
    EXPECT_GT(with_sdp, 50U);
}

}  // namespace
}  // namespace nk::wire
