#pragma once
// What the helper's tests share: sound to encode, reference programs to compare with, and captures
// of real telephones where they are at hand.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "host/child_process.h"
#include "sound/helper_decoder.h"

namespace nk::helper::kit {

using Octets = std::vector<std::uint8_t>;
using sound::Samples;

// A folder of its own that goes away with the test.
class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "naklank-XXXXXX").string();
        path_ = mkdtemp(name.data()) == nullptr ? "." : name;
    }
    ~Folder() {
        std::error_code ignored;
        if (path_ != ".")
            std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string operator/(const std::string& name) const {
        return path_ + "/" + name;
    }

private:
    std::string path_;
};

inline void save(const std::string& path, const void* data, std::size_t bytes) {
    std::ofstream(path, std::ios::binary)
        .write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
}
inline void save(const std::string& path, const Octets& all) {
    save(path, all.data(), all.size());
}
inline void save(const std::string& path, const Samples& all) {
    save(path, all.data(), all.size() * sizeof(std::int16_t));
}

inline Octets load(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
inline Samples load_samples(const std::string& path) {
    const Octets all = load(path);
    Samples out;
    for (std::size_t i = 0; i + 1 < all.size(); i += 2)
        out.push_back(static_cast<std::int16_t>(all[i] | all[i + 1] << 8));
    return out;
}

// Runs a command line of the shell; fails the test with it when it fails.
inline void run(const std::string& command) {
    ASSERT_EQ(std::system((command + " 2>/dev/null").c_str()), 0) << command;
}
inline std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " 2>/dev/null").c_str(), "r"),
                                                     pclose);
    std::string out;
    std::array<char, 4'096> part{};
    while (pipe && std::fgets(part.data(), static_cast<int>(part.size()), pipe.get()) != nullptr)
        out += part.data();
    return out;
}

// Something like a voice: a gliding tone with overtones, in bursts, over a little noise.
inline Samples voice(std::uint32_t rate_hz, double seconds) {
    Samples out;
    double phase = 0;
    std::uint32_t noise = 1;
    const auto count = static_cast<std::size_t>(seconds * rate_hz);
    for (std::size_t i = 0; i < count; ++i) {
        const double t = static_cast<double>(i) / rate_hz;
        phase += 2 * std::numbers::pi * (140 + 60 * std::sin(3 * t)) / rate_hz;
        const double loud = std::max(0.0, std::sin(2 * std::numbers::pi * 1.7 * t));
        double sum = 0;
        for (int k = 1; k < 12; ++k)
            sum += std::sin(k * phase) / k;
        noise = noise * 1'664'525 + 1'013'904'223;
        out.push_back(static_cast<std::int16_t>(7'000 * loud * sum) +
                      static_cast<std::int16_t>(noise >> 27));
    }
    return out;
}

inline std::vector<Octets> cut(const Octets& all, std::size_t bytes) {
    std::vector<Octets> parts;
    for (std::size_t at = 0; at < all.size(); at += bytes)
        parts.emplace_back(
            all.begin() + static_cast<std::ptrdiff_t>(at),
            all.begin() + static_cast<std::ptrdiff_t>(std::min(at + bytes, all.size())));
    return parts;
}

// The packets of a container that ffmpeg reads.
inline std::vector<Octets> packets_of(const std::string& path) {
    const std::string raw = path + ".packets";
    run("ffmpeg -y -i " + path + " -map 0:a -c copy -f data " + raw);
    std::istringstream sizes(
        output_of("ffprobe -v error -show_entries packet=size -of csv=p=0 " + path + " | tr -d ,"));
    const Octets all = load(raw);
    std::vector<Octets> packets;
    std::size_t at = 0;
    for (std::size_t size = 0; sizes >> size && at + size <= all.size(); at += size)
        packets.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(at),
                             all.begin() + static_cast<std::ptrdiff_t>(at + size));
    EXPECT_EQ(at, all.size());
    return packets;
}

// A helper built beside this test.
inline sound::HelperDecoders helpers() {
    return sound::HelperDecoders([]() -> Result<std::unique_ptr<Pipe>> {
        return host::start_child(NK_BINARY_DIR "/naklank-decode", {});
    });
}

// All packets through one decoder; a refused packet fails the test.
inline Samples decode_all(sound::DecoderMaker& maker, const sound::Codec& codec,
                          const std::vector<Octets>& packets) {
    auto decoder = maker.make(codec);
    EXPECT_TRUE(decoder) << decoder.error().what;
    Samples out;
    if (!decoder)
        return out;
    for (const auto& packet : packets) {
        const auto decoded = (*decoder)->decode(packet, out);
        EXPECT_TRUE(decoded) << codec.name << ": " << decoded.error().what;
    }
    return out;
}

// How far `got` is from `expected`, as signal to difference in dB; 999 when they are the same.
inline double snr_db(const Samples& expected, const Samples& got) {
    double signal = 0;
    double difference = 0;
    for (std::size_t i = 0; i < std::min(expected.size(), got.size()); ++i) {
        signal += double{1} * expected[i] * expected[i];
        difference += std::pow(double{1} * expected[i] - got[i], 2);
    }
    return difference == 0 ? 999 : 10 * std::log10(signal / difference);
}

inline std::string corpus(const std::string& name) {
    const char* named = std::getenv("NK_CORPUS");
    const auto folder = named != nullptr
                            ? std::filesystem::path(named)
                            : std::filesystem::path(NK_SOURCE_DIR) / ".." / "shared" / "corpus";
    const auto path = folder / name;
    return std::filesystem::exists(path) ? path.string() : "";
}

// The payloads of the RTP packets that `filter` (of tshark's) lets through, in order of arrival.
inline std::vector<Octets> rtp_payloads(const std::string& capture, const std::string& filter) {
    std::istringstream lines(output_of("tshark -r " + capture + " --enable-heuristic rtp_udp -Y '" +
                                       filter + "' -T fields -e rtp.payload"));
    std::vector<Octets> payloads;
    for (std::string line; lines >> line;) {
        Octets payload;
        for (std::size_t i = 0; i + 1 < line.size(); i += 2)
            payload.push_back(static_cast<std::uint8_t>(std::stoi(line.substr(i, 2), nullptr, 16)));
        payloads.push_back(payload);
    }
    return payloads;
}

}  // namespace nk::helper::kit

#define NK_NEED_CORPUS(path) \
    if ((path).empty())      \
    GTEST_SKIP() << "the folder of captures is not here; set NK_CORPUS to where it is"
