#pragma once
// The command line against a real archive in a folder of its own, for tests.

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/cli.h"
#include "app/testing_entry.h"
#include "archive/layout.h"
#include "archive/vault.h"
#include "base/digest.h"
#include "host/real_clock.h"
#include "host/real_disk.h"
#include "recording/testing_publish.h"
#include "sound/flac.h"

namespace nk::app::testing {

struct Answer {
    int exit_code;
    std::string out;
    std::string err;
};

inline Answer naklank(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "naklank");
    std::vector<const char*> argv;
    for (const auto& argument : arguments)
        argv.push_back(argument.c_str());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Answer answer{run(static_cast<int>(argv.size()), argv.data()), {}, {}};
    answer.out = ::testing::internal::GetCapturedStdout();
    answer.err = ::testing::internal::GetCapturedStderr();
    return answer;
}

inline std::string hex_of(DigestKind kind, const std::vector<std::uint8_t>& bytes) {
    Digest digest(kind);
    digest.add(bytes);
    return digest.hex();
}

inline std::string contents(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// An archive on the real disk with two recordings of one conversation, gone when the test ends.
class TheCommandLine : public ::testing::Test {
protected:
    TheCommandLine() {
        std::filesystem::remove_all(root_);
        std::filesystem::create_directories(root_);
        auto catalogue = archive::Catalogue::open(archive::catalogue_path(root_));
        EXPECT_TRUE(catalogue);
        archive::Vault vault(disk_, clock_, random_, root_, catalogue->get());
        for (auto& id : ids_)
            id = record(vault);
        EXPECT_FALSE(vault.catalogue_trouble());
    }
    ~TheCommandLine() override { std::filesystem::remove_all(root_); }

    Answer with_archive(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--archive", root_});
        return naklank(arguments);
    }
    [[nodiscard]] std::string folder(const std::string& id) const {
        return archive::recording_folder(root_, id);
    }

    host::RealDisk disk_;
    host::RealClock clock_;
    host::RealRandom random_;
    std::string root_ = ::testing::TempDir() + "naklank-cli-test-" +
                        ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::array<std::string, 2> ids_;
    std::vector<std::int16_t> samples_;

    std::string record(archive::Vault& vault) {
        auto facts = entry().facts;
        auto desk = vault.begin(vault.name(facts.started));
        EXPECT_TRUE(desk);
        {
            const auto file = *(*desk)->create("audio.flac");
            const auto flac = *sound::write_flac(*file, {8000, 2}, {});
            samples_.clear();
            for (int i = 0; i < 2 * 8000; ++i)
                samples_.push_back(static_cast<std::int16_t>(i * 31 % 5001 - 2500));
            EXPECT_TRUE(flac->write(samples_));
            EXPECT_TRUE(flac->finish({}));
        }
        const auto file = *(*desk)->open("audio.flac");
        std::vector<std::uint8_t> bytes(*file->size());
        EXPECT_TRUE(file->read_at(0, bytes));
        facts.audio->frames = 8000;
        facts.audio->bytes = bytes.size();
        facts.audio->sha256 = hex_of(DigestKind::sha256, bytes);
        facts.audio->sha512 = hex_of(DigestKind::sha512, bytes);
        facts.tracks[0].sound_to = 8000;
        facts.call.conversation_keys = {"session-id:1"};
        EXPECT_TRUE(recording::testing::publish_one(vault, std::move(*desk), facts));
        return facts.id;
    }
};

}  // namespace nk::app::testing
