// What the helper must live through, and what must live through the helper.

#include <array>
#include <csignal>

#include "test_kit.h"

namespace nk::helper {
namespace {

using namespace kit;  // NOLINT(google-build-using-namespace)

const std::vector<sound::Codec> every_codec{
    {"G722", 8'000, 1, ""},        {"G729", 8'000, 1, ""},
    {"G723", 8'000, 1, ""},        {"GSM", 8'000, 1, ""},
    {"iLBC", 8'000, 1, "mode=20"}, {"speex", 8'000, 1, ""},
    {"speex", 16'000, 1, ""},      {"speex", 32'000, 1, ""},
    {"AMR", 8'000, 1, ""},         {"AMR", 8'000, 1, "octet-align=1"},
    {"AMR-WB", 16'000, 1, ""},     {"AMR-WB", 16'000, 1, "octet-align=1"},
    {"G726-16", 8'000, 1, ""},     {"G726-24", 8'000, 1, ""},
    {"G726-32", 8'000, 1, ""},     {"G726-40", 8'000, 1, ""},
    {"AAL2-G726-40", 8'000, 1, ""}};

class Chance {
public:
    std::uint32_t next(std::uint32_t below) {
        state_ = state_ * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        return static_cast<std::uint32_t>(state_ >> 33) % below;
    }
    Octets payload(std::size_t bytes) {
        Octets out(bytes);
        for (auto& octet : out)
            octet = static_cast<std::uint8_t>(next(256));
        return out;
    }

private:
    std::uint64_t state_ = 1;
};

struct Watched {
    std::size_t starts = 0;
    pid_t pid = 0;
};

sound::HelperDecoders watched_helpers(Watched& watched) {
    return sound::HelperDecoders([&watched]() -> Result<std::unique_ptr<Pipe>> {
        auto child = host::start_child(NK_BINARY_DIR "/naklank-decode", {});
        if (!child)
            return tl::unexpected(child.error());
        ++watched.starts;
        watched.pid = (*child)->pid();
        return std::move(*child);
    });
}

// Sizes that frames have, so that random bits get past the first look, and sizes that none has.
std::size_t some_size(Chance& chance) {
    constexpr std::array<std::size_t, 12> likely{10, 20,  24, 33, 38, 50,
                                                 66, 160, 14, 32, 61, 1'400};
    return chance.next(4) == 0 ? 1 + chance.next(2'000) : likely.at(chance.next(likely.size()));
}

// Puts a head on random bits that lets them through to the decoder itself.
void make_plausible(const sound::Codec& codec, Octets& payload) {
    if (codec.name == "GSM")
        payload[0] = static_cast<std::uint8_t>(0xd0 | (payload[0] & 15));
    if (!codec.name.starts_with("AMR"))
        return;
    // One frame of the type that is in the payload already, of the size that this type has.
    const bool wide = codec.name == "AMR-WB";
    const bool aligned = !codec.fmtp.empty();
    constexpr std::array<std::size_t, 8> narrow_bits{95, 103, 118, 134, 148, 159, 204, 244};
    constexpr std::array<std::size_t, 9> wide_bits{132, 177, 253, 285, 317, 365, 397, 461, 477};
    const unsigned type = payload[0] % (wide ? 9U : 8U);
    const std::size_t bits = wide ? wide_bits.at(type) : narrow_bits.at(type);
    payload.resize(aligned ? 2 + (bits + 7) / 8 : (10 + bits + 7) / 8, payload[0]);
    if (aligned) {
        payload[1] = static_cast<std::uint8_t>(type << 3 | 4);
    } else {
        payload[0] = static_cast<std::uint8_t>(0xf0 | type >> 1);
        payload[1] = static_cast<std::uint8_t>((type & 1) << 7 | 0x40 | (payload[1] & 0x3f));
    }
}

TEST(Endurance, random_payloads_do_not_end_the_helper) {
    Watched watched;
    auto maker = watched_helpers(watched);
    Chance chance;
    for (const auto& codec : every_codec) {
        SCOPED_TRACE(codec.name);
        auto decoder = maker.make(codec);
        ASSERT_TRUE(decoder) << decoder.error().what;
        std::size_t decoded = 0;
        Samples out;
        for (int i = 0; i < 1'500; ++i) {
            out.clear();
            auto payload = chance.payload(some_size(chance));
            make_plausible(codec, payload);
            decoded += (*decoder)->decode(payload, out) ? 1 : 0;
        }
        EXPECT_GT(decoded, 20U) << "the random payloads are no test of this codec";
    }
    EXPECT_EQ(watched.starts, 1U);
}

TEST(Endurance, the_largest_packets_are_decoded_or_refused) {
    Watched watched;
    auto maker = watched_helpers(watched);
    Chance chance;
    for (const auto& codec : every_codec) {
        auto decoder = maker.make(codec);
        ASSERT_TRUE(decoder);
        Samples out;
        (void)(*decoder)->decode(chance.payload(65'507), out);
        (void)(*decoder)->decode(Octets(65'507, 0xff), out);
        (void)(*decoder)->decode(Octets(65'507, 0), out);
        EXPECT_FALSE((*decoder)->decode({}, out));
        EXPECT_FALSE((*decoder)->decode(Octets(70'000), out));
    }
    EXPECT_EQ(watched.starts, 1U);
}

TEST(Endurance, a_killed_helper_is_started_again_and_every_stream_goes_on) {
    Watched watched;
    auto maker = watched_helpers(watched);
    auto g722 = maker.make({"G722", 8'000, 1, ""});
    auto g729 = maker.make({"G729", 8'000, 1, ""});
    ASSERT_TRUE(g722 && g729);
    Samples out;
    const Octets packet(160, 0x55);
    // The packet that is with the helper when it goes may be lost with it, and none after that.
    const auto goes_on = [&](sound::Decoder& decoder, Bytes payload) {
        return decoder.decode(payload, out) || decoder.decode(payload, out);
    };
    for (std::size_t round = 1; round < 6; ++round) {
        ASSERT_TRUE(goes_on(**g722, packet)) << round;
        ASSERT_TRUE((*g729)->decode(Octets(20, 0x55), out)) << round;
        EXPECT_EQ(watched.starts, round);
        ASSERT_EQ(kill(watched.pid, SIGKILL), 0);
    }
    ASSERT_TRUE(goes_on(**g722, packet));
    out.clear();
    ASSERT_TRUE((*g722)->decode(packet, out));
    EXPECT_EQ(out.size(), 320U);
    ASSERT_TRUE((*g729)->decode(Octets(20, 0x55), out));
}

TEST(Endurance, a_stopped_helper_is_given_up_and_replaced) {
    Watched watched;
    auto maker = watched_helpers(watched);
    auto decoder = maker.make({"G722", 8'000, 1, ""});
    ASSERT_TRUE(decoder);
    ASSERT_EQ(kill(watched.pid, SIGSTOP), 0);
    Samples out;
    EXPECT_FALSE((*decoder)->decode(Octets(160), out));  // after limits::helper_answer_wait
    EXPECT_TRUE((*decoder)->decode(Octets(160), out));
    EXPECT_EQ(watched.starts, 2U);
}

TEST(Endurance, bytes_that_are_no_request_end_the_helper) {
    auto child = host::start_child(NK_BINARY_DIR "/naklank-decode", {});
    ASSERT_TRUE(child);
    ASSERT_TRUE((*child)->send(Octets(64, 0xee)));
    std::uint8_t one = 0;
    EXPECT_FALSE((*child)->receive({&one, 1}));
}

TEST(Endurance, thousands_of_streams_share_one_helper) {
    Watched watched;
    auto maker = watched_helpers(watched);
    std::vector<std::unique_ptr<sound::Decoder>> decoders;
    for (std::size_t i = 0; i < 4'000; ++i) {
        auto decoder = maker.make(every_codec[i % every_codec.size()]);
        ASSERT_TRUE(decoder) << i << ": " << decoder.error().what;
        decoders.push_back(std::move(*decoder));
    }
    Samples out;
    EXPECT_TRUE(decoders.front()->decode(Octets(160), out));
    EXPECT_EQ(watched.starts, 1U);
}

}  // namespace
}  // namespace nk::helper
