#pragma once
// A real recording in a disk in memory, for this room's tests: 16 kHz, the callee's track at 8 kHz
// brought up to it, a side file.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "archive/layout.h"
#include "archive/testing_facts.h"
#include "archive/vcon.h"
#include "base/digest.h"
#include "base/memory_disk.h"
#include "sound/flac.h"
#include "sound/interpolate.h"

namespace nk::archive::testing {

struct Recorded {
    static inline const std::string root = "/archive";
    MemoryDisk disk;
    recording::RecordingFacts facts = plain_facts();
    std::vector<std::int16_t> caller;  // at 16 kHz
    std::vector<std::int16_t> callee;  // at 8 kHz

    Recorded() {
        constexpr int frames = 1600;
        for (int i = 0; i < frames; ++i)
            caller.push_back(static_cast<std::int16_t>(i * 37 % 4001 - 2000));
        for (int i = 0; i < frames / 2; ++i)
            callee.push_back(static_cast<std::int16_t>(i * i % 5003 - 2500));
        EXPECT_TRUE(disk.make_folders(recording_folder(root, facts.id)));
        write_sound();
        put("payload-1.rtpdump", {1, 2, 3, 4});
        facts.duration = milliseconds(100);
        facts.audio->rate_hz = 16'000;
        facts.audio->frames = frames;
        facts.tracks[0].rate_hz = 16'000;
        facts.tracks[0].sound_from = 160;
        facts.tracks[0].sound_to = 1200;
        facts.tracks[1].sound_from = 320;
        facts.tracks[1].sound_to = 1400;
        facts.tracks[1].payload_file = "payload-1.rtpdump";
        seal();
    }

    [[nodiscard]] std::string path(const std::string& name) const {
        return recording_folder(root, facts.id) + "/" + name;
    }
    [[nodiscard]] std::vector<std::uint8_t> bytes_of(const std::string& name) const {
        return disk.contents(path(name)).value_or(std::vector<std::uint8_t>{});
    }
    void put(const std::string& name, const std::vector<std::uint8_t>& bytes) {
        disk.put(path(name), bytes);
    }
    void put_vcon() {
        const std::string text = to_vcon(facts);
        put(std::string(vcon_file), {text.begin(), text.end()});
    }

private:
    void write_sound() {
        std::vector<std::int16_t> raised;
        sound::Interpolator up(2);
        up.push(callee, raised);
        up.flush(raised);
        std::vector<std::int16_t> both;
        for (std::size_t i = 0; i < caller.size(); ++i) {
            both.push_back(caller[i]);
            both.push_back(raised[i]);
        }
        auto file = disk.create(path("audio.flac"));
        ASSERT_TRUE(file);
        auto writer = sound::write_flac(**file, {16'000, 2}, {});
        ASSERT_TRUE(writer);
        ASSERT_TRUE((*writer)->write(both));
        ASSERT_TRUE((*writer)->finish({{"TITLE", "Ada - 31201234567"}}));
    }
    static std::string hash(DigestKind kind, const std::vector<std::uint8_t>& bytes) {
        Digest digest(kind);
        digest.add(bytes);
        return digest.hex();
    }
    void seal() {
        const auto audio = bytes_of("audio.flac");
        facts.audio->bytes = audio.size();
        facts.audio->sha256 = hash(DigestKind::sha256, audio);
        facts.audio->sha512 = hash(DigestKind::sha512, audio);
        const auto side = bytes_of("payload-1.rtpdump");
        facts.side_files = {{"payload-1.rtpdump", "application/rtpdump", side.size(),
                             hash(DigestKind::sha256, side), hash(DigestKind::sha512, side)}};
        put_vcon();
    }
};

}  // namespace nk::archive::testing
