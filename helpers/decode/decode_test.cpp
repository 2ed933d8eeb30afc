// Every codec of the helper against a reference program's decode of the same bits.

#include <algorithm>
#include <array>

#include <dlfcn.h>

#include "test_kit.h"

namespace nk::helper {
namespace {

using namespace kit;  // NOLINT(google-build-using-namespace)

const std::string from_raw_8k = "ffmpeg -y -f s16le -ar 8000 -ac 1 -i ";

// Encodes a voice with ffmpeg, decodes with ffmpeg and with us.
void expect_same_as_ffmpeg(const sound::Codec& codec, std::uint32_t rate_hz,
                           const std::string& encoder, const std::string& format,
                           const std::string& reader, std::size_t packet_bytes) {
    const Folder at;
    save(at / "in", voice(rate_hz, 4));
    run("ffmpeg -y -f s16le -ac 1 -ar " + std::to_string(rate_hz) + " -i " + (at / "in") + " " +
        encoder + " -f " + format + " " + (at / "coded"));
    run("ffmpeg -y " + reader + " -i " + (at / "coded") + " -f s16le " + (at / "ref"));
    auto maker = helpers();
    const auto ours = decode_all(maker, codec, cut(load(at / "coded"), packet_bytes));
    const auto ref = load_samples(at / "ref");
    ASSERT_GT(ref.size(), 3.9 * rate_hz);
    EXPECT_EQ(ours, ref);
}

TEST(Helper, decodes_g722_as_ffmpeg_does) {
    expect_same_as_ffmpeg({"G722", 8'000, 1, ""}, 16'000, "-c:a g722", "g722", "-f g722", 160);
}

TEST(Helper, decodes_gsm_as_ffmpeg_does) {
    expect_same_as_ffmpeg({"GSM", 8'000, 1, ""}, 8'000, "-c:a libgsm", "gsm", "-f gsm", 66);
}

TEST(Helper, decodes_gsm_as_the_reference_library_does) {
    expect_same_as_ffmpeg({"GSM", 8'000, 1, ""}, 8'000, "-c:a libgsm", "gsm", "-c:a libgsm -f gsm",
                          33);
}

TEST(Helper, decodes_every_rate_of_g726_in_both_packings) {
    for (const int bits : {2, 3, 4, 5}) {
        SCOPED_TRACE(bits);
        const std::string name = "G726-" + std::to_string(bits * 8);
        const std::string size = " -code_size " + std::to_string(bits);
        const auto packet_bytes = static_cast<std::size_t>(20 * bits);
        expect_same_as_ffmpeg({name, 8'000, 1, ""}, 8'000, "-c:a g726le" + size, "g726le",
                              "-f g726le" + size, packet_bytes);
        expect_same_as_ffmpeg({"AAL2-" + name, 8'000, 1, ""}, 8'000, "-c:a g726" + size, "g726",
                              "-f g726" + size, packet_bytes);
    }
}

TEST(Helper, decodes_g723_as_ffmpeg_does) {
    expect_same_as_ffmpeg({"G723", 8'000, 1, ""}, 8'000, "-c:a g723_1 -b:a 6300", "g723_1",
                          "-f g723_1", 48);
}

TEST(Helper, decodes_speex_of_all_three_rates_as_ffmpeg_does) {
    for (const std::uint32_t rate_hz : {8'000U, 16'000U, 32'000U}) {
        for (const int frames : {1, 2}) {
            SCOPED_TRACE(std::to_string(rate_hz) + " x " + std::to_string(frames));
            const Folder at;
            save(at / "in", voice(rate_hz, 4));
            run("ffmpeg -y -f s16le -ac 1 -ar " + std::to_string(rate_hz) + " -i " + (at / "in") +
                " -c:a libspeex -frames_per_packet " + std::to_string(frames) + " " +
                (at / "coded.spx"));
            run("ffmpeg -y -c:a libspeex -i " + (at / "coded.spx") + " -f s16le " + (at / "ref"));
            auto maker = helpers();
            const auto ours =
                decode_all(maker, {"speex", rate_hz, 1, ""}, packets_of(at / "coded.spx"));
            const auto ref = load_samples(at / "ref");
            ASSERT_GT(ref.size(), 3.9 * rate_hz);
            ASSERT_GE(ours.size(), ref.size());
            // The container's reader drops the coder's delay at the start.
            const Samples tail(ours.end() - static_cast<std::ptrdiff_t>(ref.size()), ours.end());
            EXPECT_GT(std::max(snr_db(ref, ours), snr_db(ref, tail)), 60);
        }
    }
}

// Opus is decoded in the recorder's own process. ffmpeg reaches the same library by another way.
void expect_opus_as_ffmpeg(int channels, const std::string& application,
                           const std::string& reference, double db_min) {
    SCOPED_TRACE(application + " " + reference + " " + std::to_string(channels));
    const Folder at;
    save(at / "in", voice(48'000, 4));
    run("ffmpeg -y -f s16le -ac 1 -ar 48000 -i " + (at / "in") + " -ac " +
        std::to_string(channels) + " -c:a libopus -b:a 48k -application " + application + " " +
        (at / "coded.opus"));
    run("ffmpeg -y -c:a " + reference + " -i " + (at / "coded.opus") + " -ac 1 -f s16le " +
        (at / "ref"));
    sound::OwnDecoders maker;
    const auto packets = packets_of(at / "coded.opus");
    const sound::Codec codec{"opus", 48'000, 2, ""};
    const auto ours = decode_all(maker, codec, packets);
    const auto ref = load_samples(at / "ref");
    ASSERT_GT(ref.size(), 3.9 * 48'000);
    const std::ptrdiff_t pre_skip = application == "lowdelay" ? 120 : 312;
    EXPECT_GE(snr_db(ref, Samples(ours.begin() + pre_skip, ours.end())), db_min);
    std::size_t ticks = 0;
    for (const auto& packet : packets)
        ticks += sound::payload_ticks(codec, packet);
    EXPECT_EQ(ticks, ours.size());
}

TEST(OwnDecoders, decode_opus_as_ffmpeg_does) {
    expect_opus_as_ffmpeg(1, "voip", "libopus", 999);
    expect_opus_as_ffmpeg(1, "audio", "libopus", 999);
    expect_opus_as_ffmpeg(2, "voip", "libopus", 40);  // mixed down in another place
    // The other decoder there is; in this mode neither resamples.
    expect_opus_as_ffmpeg(1, "lowdelay", "opus", 40);
}

// The frames of an AMR storage file (RFC 4867 5.1) as payloads of `per_packet` frames.
std::vector<Octets> amr_payloads(const Octets& file, std::size_t head, bool wide, bool aligned,
                                 std::size_t per_packet) {
    static constexpr std::array<std::size_t, 9> narrow_bits{95,  103, 118, 134, 148,
                                                            159, 204, 244, 39};
    static constexpr std::array<std::size_t, 10> wide_bits{132, 177, 253, 285, 317,
                                                           365, 397, 461, 477, 40};
    std::vector<Octets> payloads;
    std::size_t at = head;
    while (at < file.size()) {
        std::vector<bool> bits(aligned ? 8 : 4, true);  // CMR 15: no request
        std::vector<bool> frames;
        const auto put = [](std::vector<bool>& to, unsigned value, std::size_t count) {
            while (count-- > 0)
                to.push_back((value >> count & 1) != 0);
        };
        for (std::size_t i = 0; i < per_packet && at < file.size(); ++i) {
            const unsigned type = file[at] >> 3 & 15U;
            const std::size_t count = type == 15 ? 0  // nothing was sent
                                      : wide     ? wide_bits.at(type)
                                                 : narrow_bits.at(type);
            const std::size_t next = at + 1 + (count + 7) / 8;
            const bool more = i + 1 < per_packet && next < file.size();
            put(bits, (more ? 32U : 0U) | type << 1 | (file[at] >> 2 & 1U), 6);
            put(bits, 0, aligned ? 2 : 0);
            for (std::size_t bit = 0; bit < (aligned ? (count + 7) / 8 * 8 : count); ++bit)
                frames.push_back((file[at + 1 + bit / 8] >> (7 - bit % 8) & 1) != 0);
            at = next;
        }
        bits.insert(bits.end(), frames.begin(), frames.end());
        Octets payload((bits.size() + 7) / 8);
        for (std::size_t bit = 0; bit < bits.size(); ++bit)
            payload[bit / 8] |= static_cast<std::uint8_t>((bits[bit] ? 0x80 : 0) >> bit % 8);
        payloads.push_back(payload);
    }
    return payloads;
}

// ffmpeg leaves frames without speech out; in a recording they are silence.
void expect_amr_as_ffmpeg(bool wide, const std::string& coded) {
    const Folder at;
    run("ffmpeg -y -i " + coded + " -f s16le " + (at / "ref"));
    const auto ref = load_samples(at / "ref");
    const std::size_t frame = wide ? 320 : 160;
    const sound::Codec codec{wide ? "AMR-WB" : "AMR", wide ? 16'000U : 8'000U, 1, "octet-align=1"};
    const auto frames = amr_payloads(load(coded), wide ? 9 : 6, wide, true, 1);
    Samples expected;
    for (std::size_t i = 0, spoken = 0; i < frames.size(); ++i) {
        if (sound::payload_is_silence(codec, frames[i])) {
            expected.resize(expected.size() + frame);
            continue;
        }
        ASSERT_LE(spoken + frame, ref.size());
        const auto from = ref.begin() + static_cast<std::ptrdiff_t>(spoken);
        expected.insert(expected.end(), from, from + static_cast<std::ptrdiff_t>(frame));
        spoken += frame;
    }
    ASSERT_EQ(expected.size(), 200 * frame);
    for (const bool aligned : {false, true})
        for (const std::size_t per_packet : {1, 3}) {
            SCOPED_TRACE(aligned);
            auto maker = helpers();
            auto format = codec;
            format.fmtp = aligned ? "mode-set=7; octet-align=1" : "";
            const auto payloads =
                amr_payloads(load(coded), wide ? 9 : 6, wide, aligned, per_packet);
            EXPECT_EQ(decode_all(maker, format, payloads), expected);
        }
}

TEST(Helper, decodes_amr_in_both_payload_formats_as_ffmpeg_does) {
    for (const auto* mode : {"0", "3", "7"}) {
        SCOPED_TRACE(mode);
        const Folder at;
        save(at / "in", voice(8'000, 4));
        run("sox -t raw -e signed -b 16 -c 1 -r 8000 " + (at / "in") + " -C " + mode +
            " -t amr-nb " + (at / "coded.amr"));
        expect_amr_as_ffmpeg(false, at / "coded.amr");
    }
}

// No program of Debian's codes AMR-WB, but a library does; this is its whole interface.
class AmrWbCoder {
public:
    AmrWbCoder() : library_(dlopen("libvo-amrwbenc.so.0", RTLD_NOW)) {
        if (library_ != nullptr)
            state_ = reinterpret_cast<void* (*)()>(dlsym(library_, "E_IF_init"))();
    }
    ~AmrWbCoder() {
        if (library_ == nullptr)
            return;
        reinterpret_cast<void (*)(void*)>(dlsym(library_, "E_IF_exit"))(state_);
        dlclose(library_);
    }
    AmrWbCoder(const AmrWbCoder&) = delete;
    AmrWbCoder& operator=(const AmrWbCoder&) = delete;
    [[nodiscard]] bool is_here() const { return library_ != nullptr; }
    // 320 samples become a frame with its storage octet in front.
    Octets code(const std::int16_t* samples, int mode) {
        using Encode = int (*)(void*, int, const short*, unsigned char*, int);
        Octets out(64);
        const int size = reinterpret_cast<Encode>(dlsym(library_, "E_IF_encode"))(
            state_, mode, samples, out.data(), 0);
        out.resize(static_cast<std::size_t>(size));
        return out;
    }

private:
    void* library_;
    void* state_ = nullptr;
};

TEST(Helper, decodes_amr_wb_in_both_payload_formats_as_ffmpeg_does) {
    for (const int mode : {0, 2, 8}) {
        SCOPED_TRACE(mode);
        AmrWbCoder coder;
        if (!coder.is_here())
            GTEST_SKIP() << "libvo-amrwbenc0 is not installed";
        Octets file;
        for (const char c : std::string("#!AMR-WB\n"))
            file.push_back(static_cast<std::uint8_t>(c));
        const auto speech = voice(16'000, 4);
        for (std::size_t i = 0; i + 320 <= speech.size(); i += 320) {
            const auto frame = coder.code(speech.data() + i, mode);
            file.insert(file.end(), frame.begin(), frame.end());
        }
        const Folder at;
        save(at / "coded.awb", file);
        expect_amr_as_ffmpeg(true, at / "coded.awb");
    }
}

TEST(Helper, gives_silence_for_amr_frames_without_speech) {
    auto maker = helpers();
    // NO_DATA, then SID with Q=1: octet-aligned.
    const auto narrow = decode_all(maker, {"AMR", 8'000, 1, "octet-align=1"},
                                   {{0xf0, 0x7c}, {0xf0, 0x44, 1, 2, 3, 4, 5}});
    EXPECT_EQ(narrow, Samples(320, 0));
    const auto wide = decode_all(maker, {"AMR-WB", 16'000, 1, "octet-align=1"},
                                 {{0xf0, 0x7c}, {0xf0, 0x74}, {0xf0, 0x4c, 1, 2, 3, 4, 5}});
    EXPECT_EQ(wide, Samples(960, 0));
}

TEST(Helper, gives_silence_for_g729_sid_frames_and_goes_on) {
    auto maker = helpers();
    const Octets speech{0x78, 0x52, 0x80, 0xa0, 0x00, 0xfa, 0xc2, 0x00, 0x07, 0xd6};
    const Octets sid{0x12, 0x34};
    Octets both = speech;
    both.insert(both.end(), sid.begin(), sid.end());
    const sound::Codec codec{"G729", 8'000, 1, "annexb=yes"};
    const auto alone = decode_all(maker, codec, {speech, sid, speech});
    const auto joined = decode_all(maker, codec, {both, speech});
    ASSERT_EQ(alone.size(), 240U);
    EXPECT_EQ(alone, joined);
    EXPECT_EQ(Samples(alone.begin() + 80, alone.begin() + 160), Samples(80, 0));
}

TEST(Helper, gives_silence_for_g723_sid_frames_and_not_the_noise_that_stands_for_them) {
    const Folder at;
    save(at / "in", voice(8'000, 1));
    run(from_raw_8k + (at / "in") + " -c:a g723_1 -b:a 6300 -f g723_1 " + (at / "coded"));
    const auto speech = cut(load(at / "coded"), 24);
    ASSERT_GT(speech.size(), 30U);
    const Octets sid{0x82, 0x55, 0xaa, 0x55};
    std::vector<Octets> packets(speech.begin(), speech.begin() + 20);
    packets.insert(packets.end(), {sid, sid, {0x03}});
    packets.insert(packets.end(), speech.begin() + 20, speech.end());
    auto maker = helpers();
    const auto out = decode_all(maker, {"G723", 8'000, 1, ""}, packets);
    ASSERT_EQ(out.size(), packets.size() * 240);
    EXPECT_EQ(Samples(out.begin() + 20 * 240, out.begin() + 23 * 240), Samples(3 * 240, 0));
    // And speech is back at once.
    const auto frame = out.begin() + 25 * 240;
    EXPECT_TRUE(std::any_of(frame, frame + 240, [](int s) { return std::abs(s) > 100; }));
}

void expect_capture_as_ffmpeg(const std::string& name, const std::string& filter,
                              const sound::Codec& codec, const std::string& reader,
                              const std::string& head, std::size_t ignore_tail_modulo) {
    const auto capture = corpus("pcap/" + name);
    NK_NEED_CORPUS(capture);
    const auto payloads = rtp_payloads(capture, filter);
    ASSERT_GT(payloads.size(), 100U) << "tshark found too little in " << name;
    Octets all(head.begin(), head.end());
    for (const auto& payload : payloads) {
        const std::size_t tail = ignore_tail_modulo == 0 ? 0 : payload.size() % ignore_tail_modulo;
        all.insert(all.end(), payload.begin(), payload.end() - static_cast<std::ptrdiff_t>(tail));
    }
    const Folder at;
    save(at / "coded", all);
    run("ffmpeg -y " + reader + " -i " + (at / "coded") + " -f s16le " + (at / "ref"));
    auto maker = helpers();
    auto ours = decode_all(maker, codec, payloads);
    auto ref = load_samples(at / "ref");
    ASSERT_GT(ref.size(), 10'000U);
    // ffmpeg may give no last frame at the end of a file without an index.
    ASSERT_LE(ref.size(), ours.size());
    ASSERT_LT(ours.size() - ref.size(), 1'000U);
    ours.resize(ref.size());
    EXPECT_EQ(ours, ref);
}

TEST(Helper, decodes_captured_g729_as_ffmpeg_does) {
    expect_capture_as_ffmpeg("miarec__12a_g729.pcap", "rtp.p_type==18", {"G729", 8'000, 1, ""},
                             "-f g729", "", 10);
}

TEST(Helper, decodes_captured_g722_as_ffmpeg_does) {
    expect_capture_as_ffmpeg("miarec__10a_g722.pcap", "rtp.p_type==9", {"G722", 8'000, 1, ""},
                             "-f g722", "", 0);
}

TEST(Helper, decodes_captured_gsm_as_ffmpeg_does) {
    expect_capture_as_ffmpeg("wswiki__sip-rtp-gsm.pcap", "rtp.p_type==3", {"GSM", 8'000, 1, ""},
                             "-f gsm", "", 33);
}

// Frames of both rates and without SID frames: those are silence here and noise there.
TEST(Helper, decodes_captured_g723_as_ffmpeg_does) {
    expect_capture_as_ffmpeg("rtpproxy__G723_1.a.rtp", "rtp.p_type==4", {"G723", 8'000, 1, ""},
                             "-f g723_1", "", 0);
}

TEST(Helper, decodes_captured_speex_of_three_rates) {
    const auto capture = corpus("pcap/wswiki__sip-rtp-speex.pcap");
    NK_NEED_CORPUS(capture);
    auto maker = helpers();
    const std::vector<std::pair<std::string, std::uint32_t>> streams{
        {"0x043eee26", 8'000}, {"0x04413ebf", 16'000}, {"0x043eee37", 32'000}};
    for (const auto& [ssrc, rate_hz] : streams) {
        SCOPED_TRACE(rate_hz);
        const auto payloads = rtp_payloads(capture, "rtp.ssrc==" + ssrc);
        ASSERT_EQ(payloads.size(), 425U);
        const auto out = decode_all(maker, {"speex", rate_hz, 1, ""}, payloads);
        EXPECT_EQ(out.size(), 425 * rate_hz / 50);
    }
}

TEST(Helper, decodes_captured_ilbc_as_ffmpeg_does) {
    expect_capture_as_ffmpeg("russo__rtp_sip_ilbc_20ms_15dot2kbps.pcapng", "rtp.ssrc==0x8a3ec84a",
                             {"iLBC", 8'000, 1, "mode=30"}, "-f ilbc", "#!iLBC20\n", 38);
}

// The sender's own state is in each packet's header: what we decode must come to just that.
TEST(OwnDecoders, arrive_where_a_captured_dvi4_sender_says_it_is) {
    const auto capture = corpus("pcap/wswiki__sip-rtp-dvi4.pcap");
    NK_NEED_CORPUS(capture);
    const auto payloads = rtp_payloads(capture, "rtp.p_type==5");
    ASSERT_GT(payloads.size(), 100U);
    sound::OwnDecoders maker;
    auto decoder = maker.make({"DVI4", 8'000, 1, ""});
    ASSERT_TRUE(decoder);
    std::size_t same = 0;
    Samples out{0};
    for (const auto& payload : payloads) {
        same += out.back() == static_cast<std::int16_t>(be16(payload.data())) ? 1 : 0;
        ASSERT_TRUE((*decoder)->decode(payload, out));
    }
    EXPECT_GE(same + 1, payloads.size());
}

}  // namespace
}  // namespace nk::helper
