// Runs the readers of packets over captures and messages that others made. They lie outside the
// project; without them these tests are skipped.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <gtest/gtest.h>

#include "wire/rtcp.h"
#include "wire/rtp.h"

namespace nk::wire {
namespace {

namespace fs = std::filesystem;

fs::path corpus() {
    const char* told = std::getenv("NK_CORPUS");
    return told != nullptr ? fs::path(told) : fs::path(NK_SOURCE_DIR) / "../shared/corpus";
}

std::vector<std::uint8_t> bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> files_in(const std::string& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(corpus() / folder, error))
        out.push_back(entry.path());
    return out;
}

#define NK_NEEDS_CORPUS(files) \
    if ((files).empty())       \
    GTEST_SKIP() << "the corpus is not here; NK_CORPUS names its folder"

TEST(OthersPackets, every_rtcp_seed_is_read_or_refused) {
    const auto files = files_in("torture/fuzz-rtcp");
    NK_NEEDS_CORPUS(files);
    for (const fs::path& file : files) {
        const auto bytes = bytes_of(file);
        EXPECT_TRUE(parse_rtcp(bytes)) << file;
        EXPECT_FALSE(parse_rtp(bytes)) << file;
    }
}

TEST(OthersPackets, a_sender_report_of_others_gives_its_clock) {
    const auto bytes = bytes_of(corpus() / "torture/fuzz-rtcp/1.rtcp");
    NK_NEEDS_CORPUS(bytes);
    const auto rtcp = parse_rtcp(bytes);
    ASSERT_TRUE(rtcp);
    ASSERT_EQ(rtcp->reports.size(), 1U);
    EXPECT_EQ(rtcp->reports[0].ssrc, be32(&bytes[4]));
}

// These seeds are several packets behind one another, some encrypted: every place in them is tried
// as the start of a packet.
void read_at_every_place(const std::string& folder, std::size_t& rtp_found) {
    for (const fs::path& file : files_in(folder)) {
        const auto bytes = bytes_of(file);
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            const Bytes rest = Bytes(bytes).subspan(at);
            const auto rtcp = parse_rtcp(rest);
            EXPECT_TRUE(!rtcp || rtcp->reports.size() * 28 <= rest.size()) << file;
            const auto rtp = parse_rtp(rest);
            EXPECT_TRUE(!rtp || kind_of(rest) == Kind::rtp) << file;
            rtp_found += rtp ? 1 : 0;
        }
    }
}

TEST(OthersPackets, rtp_seeds_are_read_or_refused_from_every_place) {
    NK_NEEDS_CORPUS(files_in("torture/fuzz-rtp"));
    std::size_t found = 0;
    read_at_every_place("torture/fuzz-rtp", found);
    EXPECT_GT(found, 2U);
}

TEST(OthersPackets, encrypted_seeds_are_read_or_refused_from_every_place) {
    NK_NEEDS_CORPUS(files_in("torture/fuzz-srtp"));
    std::size_t found = 0;
    read_at_every_place("torture/fuzz-srtp", found);
    EXPECT_GT(found, 2U);
}

}  // namespace
}  // namespace nk::wire
