#include "sound/codec.h"

#include <gtest/gtest.h>
#include <opus/opus.h>

#include "sound/g711.h"

namespace nk::sound {
namespace {

using Octets = std::vector<std::uint8_t>;

Samples decoded(const Codec& codec, const Octets& payload) {
    auto decoder = OwnDecoders().make(codec);
    Samples out;
    EXPECT_TRUE(decoder && (*decoder)->decode(payload, out));
    return out;
}

// 20 ms of a voice-like tone per packet, by the reference coder.
std::vector<Octets> opus_packets(int count, int frame_samples) {
    int error = 0;
    auto* coder = opus_encoder_create(48'000, 1, OPUS_APPLICATION_VOIP, &error);
    std::vector<Octets> packets;
    Samples in(static_cast<std::size_t>(frame_samples));
    for (int i = 0; i < count; ++i) {
        for (std::size_t k = 0; k < in.size(); ++k)
            in[k] = static_cast<std::int16_t>((k % 240) * 50);
        Octets packet(1'500);
        packet.resize(static_cast<std::size_t>(
            std::max(0, opus_encode(coder, in.data(), frame_samples, packet.data(), 1'500))));
        packets.push_back(packet);
    }
    opus_encoder_destroy(coder);
    return packets;
}

TEST(Codec, has_one_spelling_for_each_encoding) {
    EXPECT_EQ(canonical_name("pcmu"), "PCMU");
    EXPECT_EQ(canonical_name("Opus"), "opus");
    EXPECT_EQ(canonical_name("ILBC"), "iLBC");
    EXPECT_EQ(canonical_name("SPEEX"), "speex");
    EXPECT_EQ(canonical_name("amr-wb"), "AMR-WB");
    EXPECT_EQ(canonical_name("g729a"), "G729");
    EXPECT_EQ(canonical_name("Telephone-Event"), "telephone-event");
    EXPECT_EQ(canonical_name("X-What"), "X-What");
    EXPECT_EQ(canonical_name(""), "");
}

TEST(Codec, knows_the_sample_rate_from_the_clock) {
    EXPECT_EQ(sample_rate_hz({"G722", 8'000, 1, ""}), 16'000U);
    EXPECT_EQ(sample_rate_hz({"opus", 48'000, 2, ""}), 48'000U);
    EXPECT_EQ(sample_rate_hz({"PCMA", 8'000, 1, ""}), 8'000U);
    EXPECT_EQ(sample_rate_hz({"PCMA", 16'000, 1, ""}), 16'000U);
    EXPECT_EQ(sample_rate_hz({"L16", 44'100, 2, ""}), 44'100U);
    EXPECT_EQ(sample_rate_hz({"AMR-WB", 16'000, 1, ""}), 16'000U);
    EXPECT_EQ(sample_rate_hz({"GSM", 8'000, 1, ""}), 8'000U);
    EXPECT_EQ(sample_rate_hz({"G726-24", 8'000, 1, ""}), 8'000U);
    EXPECT_EQ(sample_rate_hz({"speex", 32'000, 1, ""}), 32'000U);
    EXPECT_EQ(sample_rate_hz({"speex", 11'025, 1, ""}), 0U);
    EXPECT_EQ(sample_rate_hz({"L16", 1, 1, ""}), 0U);
    EXPECT_EQ(sample_rate_hz({"L16", 4'000'000'000, 1, ""}), 0U);
    EXPECT_EQ(sample_rate_hz({"EVS", 16'000, 1, ""}), 0U);
    EXPECT_EQ(sample_rate_hz({"telephone-event", 8'000, 1, ""}), 0U);
}

TEST(Codec, tells_from_a_payload_how_long_it_lasts) {
    const auto ticks = [](const char* name, std::size_t bytes, std::uint8_t fill = 0xd0) {
        return payload_ticks({name, 8'000, 1, ""}, Octets(bytes, fill));
    };
    EXPECT_EQ(ticks("PCMU", 160), 160U);
    EXPECT_EQ(ticks("G722", 160), 160U);
    EXPECT_EQ(ticks("L16", 320), 160U);
    EXPECT_EQ(payload_ticks({"L16", 44'100, 2, ""}, Octets(400)), 100U);
    EXPECT_EQ(ticks("G726-32", 80), 160U);
    EXPECT_EQ(ticks("AAL2-G726-24", 60), 160U);
    EXPECT_EQ(ticks("G729", 20), 160U);
    EXPECT_EQ(ticks("G729", 12), 160U);
    EXPECT_EQ(ticks("G729", 2), 80U);
    EXPECT_EQ(ticks("G729", 15), 0U);
    EXPECT_EQ(ticks("GSM", 66), 320U);
    EXPECT_EQ(ticks("iLBC", 38), 160U);
    EXPECT_EQ(ticks("iLBC", 100), 480U);
    EXPECT_EQ(ticks("G723", 24, 0), 240U);
    EXPECT_EQ(ticks("DVI4", 84, 1), 160U);
    EXPECT_EQ(ticks("speex", 38), 0U);
    EXPECT_EQ(ticks("EVS", 38), 0U);
    EXPECT_EQ(ticks("PCMU", 0), 0U);
    EXPECT_EQ(payload_ticks({"opus", 48'000, 2, ""}, opus_packets(1, 960)[0]), 960U);
    EXPECT_EQ(payload_ticks({"opus", 48'000, 2, ""}, opus_packets(1, 2'880)[0]), 2'880U);
}

TEST(Codec, sees_that_bytes_are_no_payload_of_a_framed_codec) {
    const Octets noise(77, 0x9b);
    EXPECT_TRUE(payload_fits({"PCMA", 8'000, 1, ""}, noise));
    EXPECT_FALSE(payload_fits({"PCMA", 8'000, 1, ""}, {}));
    EXPECT_FALSE(payload_fits({"G729", 8'000, 1, ""}, noise));
    EXPECT_FALSE(payload_fits({"GSM", 8'000, 1, ""}, Octets(33, 0x9b)));
    EXPECT_TRUE(payload_fits({"GSM", 8'000, 1, ""}, Octets(33, 0xdb)));
    EXPECT_FALSE(payload_fits({"iLBC", 8'000, 1, ""}, noise));
    EXPECT_FALSE(payload_fits({"L16", 8'000, 1, ""}, noise));
    EXPECT_FALSE(payload_fits({"DVI4", 8'000, 1, ""}, noise));
    EXPECT_FALSE(payload_fits({"AMR", 8'000, 1, ""}, noise));
    EXPECT_TRUE(payload_fits({"opus", 48'000, 2, ""}, opus_packets(1, 960)[0]));
    EXPECT_FALSE(payload_fits({"opus", 48'000, 2, ""}, Octets{0x03}));  // code 3 without its count
}

TEST(Codec, sees_payloads_that_hold_nothing_but_silence) {
    EXPECT_TRUE(payload_is_silence({"G729", 8'000, 1, ""}, Octets(2)));
    EXPECT_FALSE(payload_is_silence({"G729", 8'000, 1, ""}, Octets(12)));
    EXPECT_TRUE(payload_is_silence({"G723", 8'000, 1, ""}, Octets{2, 0, 0, 0}));
    EXPECT_TRUE(payload_is_silence({"AMR", 8'000, 1, "octet-align=1"}, Octets{0xf0, 0x7c}));
    EXPECT_TRUE(payload_is_silence({"opus", 48'000, 2, ""}, Octets{0x78}));
    EXPECT_FALSE(payload_is_silence({"opus", 48'000, 2, ""}, opus_packets(1, 960)[0]));
    EXPECT_FALSE(payload_is_silence({"PCMU", 8'000, 1, ""}, Octets(160, 0xff)));
}

TEST(OwnDecoders, decode_g711_by_its_tables) {
    EXPECT_EQ(decoded({"PCMA", 8'000, 1, ""}, {0xd5, 0x2a}), (Samples{8, -32'256}));
    EXPECT_EQ(decoded({"PCMU", 8'000, 1, ""}, {0xff, 0x80}), (Samples{0, 32'124}));
}

TEST(OwnDecoders, decode_l16_and_take_the_mean_of_two_channels) {
    EXPECT_EQ(decoded({"L16", 16'000, 1, ""}, {0x12, 0x34, 0xff, 0xfe}), (Samples{0x1234, -2}));
    EXPECT_EQ(decoded({"L16", 16'000, 2, ""}, {0x7f, 0xff, 0x7f, 0xff, 0, 10, 0xff, 0xfc}),
              (Samples{32'767, 3}));
    auto decoder = OwnDecoders().make({"L16", 16'000, 2, ""});
    Samples out{7};
    ASSERT_TRUE(decoder);
    EXPECT_FALSE((*decoder)->decode(Octets(6), out));
    EXPECT_EQ(out, Samples{7});
}

TEST(OwnDecoders, decode_dvi4_from_the_state_in_its_header) {
    // From 100 at step 7: code 4 adds 7/8 + 7 = 7, then the step is 9; code 15 subtracts
    // 9/8 + 9 + 9/2 + 9/4 = 16 (each term cut to a whole number).
    EXPECT_EQ(decoded({"DVI4", 8'000, 1, ""}, {0, 100, 0, 0, 0x4f}), (Samples{107, 91}));
    auto decoder = OwnDecoders().make({"DVI4", 8'000, 1, ""});
    Samples out;
    ASSERT_TRUE(decoder);
    EXPECT_FALSE((*decoder)->decode(Octets{0, 0, 89, 0, 0}, out));
    EXPECT_FALSE((*decoder)->decode(Octets{0, 0, 1}, out));
    EXPECT_TRUE(out.empty());
}

TEST(OwnDecoders, decode_opus_packets_of_any_length_and_refuse_what_is_none) {
    auto decoder = OwnDecoders().make({"opus", 48'000, 2, ""});
    ASSERT_TRUE(decoder);
    EXPECT_EQ((*decoder)->rate_hz(), 48'000U);
    for (const int samples : {120, 480, 960, 2'880, 5'760}) {
        Samples out;
        ASSERT_TRUE((*decoder)->decode(opus_packets(1, samples)[0], out)) << samples;
        EXPECT_EQ(out.size(), static_cast<std::size_t>(samples));
    }
    Samples out{1, 2, 3};
    EXPECT_FALSE((*decoder)->decode({}, out));
    EXPECT_FALSE((*decoder)->decode(Octets{0x03}, out));
    EXPECT_EQ(out, (Samples{1, 2, 3}));
}

TEST(OwnDecoders, leave_the_other_codecs_to_the_helper) {
    for (const auto* name : {"G729", "G722", "speex", "EVS", "telephone-event", ""}) {
        const auto decoder = OwnDecoders().make({name, 8'000, 1, ""});
        ASSERT_FALSE(decoder) << name;
        EXPECT_EQ(decoder.error().code, Code::unsupported);
    }
    EXPECT_FALSE(OwnDecoders().make({"L16", 8'000, 9, ""}));
}

}  // namespace
}  // namespace nk::sound
