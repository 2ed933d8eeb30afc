#include "sound/frames.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"

namespace nk::sound {
namespace {

using Octets = std::vector<std::uint8_t>;

Result<CodedFrames> cut(const Codec& codec, const Octets& payload) {
    NK_TAKE(const auto cutter, FrameCutter::make(codec));
    CodedFrames out;
    NK_TRY(cutter.cut(payload, out));
    return out;
}

Octets bytes_of(const CodedFrames& frames, std::size_t i) {
    const auto bytes = frames.of(frames.frames.at(i));
    return {bytes.begin(), bytes.end()};
}

TEST(Frames, finds_a_g729_sid_frame_behind_speech) {
    const auto frames = cut({"G729", 8'000, 1, ""}, Octets(22, 7));
    ASSERT_TRUE(frames);
    ASSERT_EQ(frames->frames.size(), 3U);
    EXPECT_FALSE(frames->frames[1].silence);
    EXPECT_TRUE(frames->frames[2].silence);
    EXPECT_EQ(frames->frames[2].samples, 80U);
    EXPECT_FALSE(cut({"G729", 8'000, 1, ""}, Octets(21)));
}

TEST(Frames, believes_the_size_of_an_ilbc_payload_before_its_mode) {
    const auto first = [](const char* fmtp, std::size_t bytes) {
        const auto frames = cut({"iLBC", 8'000, 1, fmtp}, Octets(bytes));
        return frames ? frames->frames[0].size : 0;
    };
    EXPECT_EQ(first("mode=30", 38), 38U);
    EXPECT_EQ(first("mode=20", 100), 50U);
    EXPECT_EQ(first("mode=20", 950), 38U);
    EXPECT_EQ(first("", 950), 50U);
    EXPECT_EQ(first("", 39), 0U);
}

TEST(Frames, reads_each_g723_frames_size_off_its_first_octet) {
    Octets payload(24 + 20 + 4 + 1);
    payload[24] = 1;
    payload[44] = 2;
    payload[48] = 3;
    const auto frames = cut({"G723", 8'000, 1, ""}, payload);
    ASSERT_TRUE(frames);
    ASSERT_EQ(frames->frames.size(), 4U);
    EXPECT_EQ(frames->frames[1].size, 20U);
    EXPECT_TRUE(frames->frames[2].silence);
    EXPECT_TRUE(frames->frames[3].silence);
    EXPECT_EQ(cut({"G723", 8'000, 1, ""}, Octets(23)).error().code, Code::cut_off);
}

// RFC 4867 4.3.5.1: one AMR frame of 12.2 kbit/s... here 4.75, packed bit by bit: CMR 15, F=0,
// FT=0, Q=1, then 95 bits of which the first and the last are set, and padding.
TEST(Frames, unpacks_a_bandwidth_efficient_amr_frame_to_octets) {
    Octets payload(14);
    payload[0] = 0xf0;
    payload[1] = 0x40 | 0x20;  // the Q bit, then the first bit of speech
    payload[13] = 0x80;        // bit 4 + 6 + 94
    const auto frames = cut({"AMR", 8'000, 1, ""}, payload);
    ASSERT_TRUE(frames) << frames.error().what;
    Octets expected(13);
    expected[0] = 0x04;   // type 0, good
    expected[1] = 0x80;   // first bit
    expected[12] = 0x02;  // the 95th
    EXPECT_EQ(bytes_of(*frames, 0), expected);
}

TEST(Frames, unpacks_octet_aligned_amr_wb_frames) {
    Octets payload{0xf0, 0x84, 0x7c};  // a good frame of type 0, then NO_DATA
    payload.insert(payload.end(), 17, 0xaa);
    const auto frames = cut({"AMR-WB", 16'000, 1, "mode-set=0; octet-align=1"}, payload);
    ASSERT_TRUE(frames) << frames.error().what;
    ASSERT_EQ(frames->frames.size(), 2U);
    EXPECT_EQ(frames->frames[0].size, 18U);
    EXPECT_EQ(frames->frames[0].samples, 320U);
    EXPECT_EQ(bytes_of(*frames, 0)[0], 0x04);
    EXPECT_TRUE(frames->frames[1].silence);
}

TEST(Frames, refuses_amr_that_does_not_add_up) {
    const Codec aligned{"AMR", 8'000, 1, "octet-align=1"};
    EXPECT_FALSE(cut(aligned, {0xf0}));                    // no table of contents
    EXPECT_FALSE(cut(aligned, {0xf0, 0x84}));              // which says that it goes on
    EXPECT_FALSE(cut(aligned, {0xf0, 0x04, 1, 2}));        // a frame cut off
    EXPECT_FALSE(cut(aligned, {0xf0, 0x64}));              // a type that is not in use
    EXPECT_FALSE(cut(aligned, {0xf0, 0x7c, 0, 0, 0, 0}));  // more than it says
    EXPECT_TRUE(cut(aligned, {0xf0, 0x7c}));
}

TEST(Frames, refuses_amr_options_that_change_the_payload) {
    for (const auto* fmtp : {"octet-align=1; crc=1", "interleaving=30", "ROBUST-SORTING=1"})
        EXPECT_FALSE(FrameCutter::make({"AMR", 8'000, 1, fmtp})) << fmtp;
    EXPECT_FALSE(FrameCutter::make({"AMR", 8'000, 2, ""}));
    EXPECT_TRUE(FrameCutter::make({"AMR", 8'000, 1, "crc=0; robust-sorting=0"}));
}

TEST(Frames, has_a_limit_on_the_frames_of_a_packet) {
    const std::size_t most = limits::coded_frames_per_packet_max;
    EXPECT_TRUE(cut({"G729", 8'000, 1, ""}, Octets(most * 10)));
    EXPECT_FALSE(cut({"G729", 8'000, 1, ""}, Octets(most * 10 + 10)));
    EXPECT_FALSE(cut({"AMR", 8'000, 1, "octet-align=1"}, Octets(most + 10, 0xfc)));
    EXPECT_FALSE(cut({"G722", 8'000, 1, ""}, {}));
    EXPECT_FALSE(cut({"G722", 8'000, 1, ""}, Octets(70'000)));
}

TEST(Frames, finds_a_parameter_of_fmtp_in_any_case_and_spacing) {
    EXPECT_EQ(fmtp_value("mode-set=7; Octet-Align = 1;x", "octet-align"), "1");
    EXPECT_EQ(fmtp_value("mode=20", "mode"), "20");
    EXPECT_EQ(fmtp_value("xmode=20", "mode"), "");
    EXPECT_EQ(fmtp_value("mode", "mode"), "");
    EXPECT_EQ(fmtp_value(";;=;mode=", "mode"), "");
}

rc::Gen<Codec> any_codec() {
    return rc::gen::map(
        rc::gen::pair(rc::gen::element<std::string>("G729", "G723", "GSM", "iLBC", "AMR", "AMR-WB",
                                                    "G722", "speex"),
                      rc::gen::element<std::string>("", "octet-align=1", "mode=20")),
        [](const std::pair<std::string, std::string>& p) {
            return Codec{p.first, 8'000, 1, p.second};
        });
}

RC_GTEST_PROP(Frames, never_reach_beyond_their_bytes, (const Octets& payload)) {
    const auto frames = cut(*any_codec(), payload);
    if (!frames)
        return;
    RC_ASSERT(!frames->frames.empty());
    RC_ASSERT(frames->frames.size() <= limits::coded_frames_per_packet_max);
    for (const auto& frame : frames->frames) {
        RC_ASSERT(frame.size > 0U);
        RC_ASSERT(std::size_t{frame.offset} + frame.size <= frames->bytes.size());
    }
}

}  // namespace
}  // namespace nk::sound
