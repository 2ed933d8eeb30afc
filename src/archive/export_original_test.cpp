// Export of what was brought: the file itself, and what a decoder makes of it.

#include <gtest/gtest.h>

#include "archive/export.h"
#include "archive/original.h"
#include "archive/testing_recording.h"

namespace nk::archive {
namespace {

using testing::Recorded;

// Decodes any file to 1000 frames of two channels: i, and -2 i.
class TestMedia : public Media {
public:
    static constexpr int frames = 1000;
    Result<void> begin_look(const std::string&, const std::string&) override { return {}; }
    Result<MediaFacts> end_look() override { return MediaFacts{}; }
    Result<void> decode(const std::string& path, const std::string&, std::int64_t, std::int64_t,
                        const TakeShape& shape, const TakeSamples& take) override {
        decoded.push_back(path);
        if (is_broken)
            return refuse(Code::malformed, Blame::owner, "reading it made the reader crash");
        NK_TRY(shape({8'000, 2}));
        for (int from = 0; from < frames; from += 300) {
            std::vector<std::int16_t> piece;
            for (int i = from; i < std::min(from + 300, frames); ++i)
                piece.insert(piece.end(),
                             {static_cast<std::int16_t>(i), static_cast<std::int16_t>(-2 * i)});
            NK_TRY(take(piece));
        }
        return {};
    }
    Result<void> wrap_anew(const std::string&, const std::string&, const TakeBytes&) override {
        return {};
    }
    Result<void> unpack(const std::string&, const TakeFile&, const TakeBytes&) override {
        return {};
    }
    std::vector<std::string> decoded;
    bool is_broken = false;
};

// An m4a of two sides that says that it is 990 frames long.
struct Brought : Recorded {
    Brought() {
        const std::vector<std::uint8_t> bytes{1, 2, 3, 250, 0, 7};
        put("original.m4a", bytes);
        facts.door = purpose::Door::import;
        facts.brought = recording::Brought{"", "Call Jan.m4a", "", {}, "mov", "abc", "", true};
        facts.audio = recording::AudioFacts{
            "original.m4a", "mov", 8'000, 2, 990, bytes.size(), sha256_hex(bytes), hex512(bytes)};
        for (auto& track : facts.tracks) {
            track.codec = "aac";
            track.rate_hz = 8'000;
        }
        put_vcon();
    }
    static std::string hex512(const std::vector<std::uint8_t>& bytes) {
        Digest digest(DigestKind::sha512);
        digest.add(bytes);
        return digest.hex();
    }
    Result<std::vector<std::uint8_t>> exported(const ExportOptions& options) {
        NK_TAKE(const auto file, disk.create("/out"));
        const auto done = export_recording(
            disk, [this]() -> Result<Media*> { return &media; }, root, facts.id, options, *file);
        auto bytes = *disk.contents("/out");
        NK_TRY(disk.remove_tree("/out"));
        NK_TRY(done);
        return bytes;
    }
    TestMedia media;
};

std::int16_t sample(const std::vector<std::uint8_t>& bytes, std::size_t at) {
    return static_cast<std::int16_t>(bytes[at] | bytes[at + 1] << 8);
}

std::uint32_t le32(const std::vector<std::uint8_t>& bytes, std::size_t at) {
    return bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 |
           static_cast<std::uint32_t>(bytes[at + 3]) << 24;
}

TEST(export_of_what_was_brought, gives_the_file_byte_for_byte_and_decodes_nothing) {
    Brought brought;
    EXPECT_EQ(*brought.exported({ExportFormat::original}), brought.bytes_of("original.m4a"));
    EXPECT_TRUE(brought.media.decoded.empty());
    EXPECT_EQ(usual_ending(brought.facts, ExportFormat::original), "m4a");
    EXPECT_EQ(usual_ending(brought.facts, ExportFormat::wav), "wav");
    EXPECT_EQ(usual_ending(Recorded().facts, ExportFormat::original), "flac");
}

TEST(export_of_what_was_brought, writes_a_wav_with_as_many_frames_as_came_out) {
    Brought brought;
    for (const bool into_pipe : {false, true}) {
        ExportOptions options;
        options.into_pipe = into_pipe;
        const auto exported = brought.exported(options);
        ASSERT_TRUE(exported) << exported.error().what;
        const auto& wav = *exported;
        ASSERT_EQ(wav.size(), 44U + 1000 * 4);
        EXPECT_EQ(le32(wav, 40), 1000U * 4);
        EXPECT_EQ(sample(wav, 44 + 999 * 4), 999);
        EXPECT_EQ(sample(wav, 44 + 999 * 4 + 2), -1998);
    }
    EXPECT_EQ(brought.media.decoded.size(), 3U) << "before a pipe it is counted";
    EXPECT_EQ(brought.media.decoded[0], brought.path("original.m4a"));
}

TEST(export_of_what_was_brought, gives_one_side_and_a_flac) {
    Brought brought;
    const auto side = *brought.exported({ExportFormat::s16le, "2", false});
    ASSERT_EQ(side.size(), 2000U);
    EXPECT_EQ(sample(side, 2 * 10), -20);
    const ExportOptions options{ExportFormat::flac, "", false};
    EXPECT_FALSE(writes_in_one_sweep(brought.facts, options));
    brought.disk.put("/x.flac", *brought.exported(options));
    const auto file = *brought.disk.open("/x.flac");
    const auto flac = *sound::read_flac(*file);
    EXPECT_EQ(flac->shape().channels, 2U);
    EXPECT_EQ((*flac->read())[2 * 5 + 1], -10);
}

TEST(export_of_what_was_brought, copies_a_flac_that_was_brought) {
    Brought brought;
    brought.facts.audio->format = "flac";
    brought.put_vcon();
    const ExportOptions options{ExportFormat::flac, "", false};
    EXPECT_TRUE(writes_in_one_sweep(brought.facts, options));
    EXPECT_EQ(*brought.exported(options), brought.bytes_of("original.m4a"));
}

TEST(export_of_what_was_brought, says_what_to_do_where_something_cannot_be) {
    Brought brought;
    const auto said = [&](const ExportOptions& options) {
        const auto done = brought.exported(options);
        return done ? std::string() : done.error().what;
    };
    EXPECT_NE(said({ExportFormat::wav, "", true}).find("leave --trim out"), std::string::npos);
    EXPECT_NE(said({ExportFormat::original, "1", false}).find("--format wav"), std::string::npos);
    EXPECT_NE(said({ExportFormat::wav, "3", false}).find("has no track"), std::string::npos);
    brought.media.is_broken = true;
    EXPECT_NE(said({}).find("--format original gives the file"), std::string::npos);
    brought.put("original.m4a", {1, 2, 3, 250, 0, 8});
    EXPECT_NE(said({ExportFormat::original}).find("not as it was sealed"), std::string::npos);
}

TEST(export_of_what_was_brought, gives_what_nobody_can_read_as_it_came) {
    Brought brought;
    const auto original = *original_of(brought.facts);
    brought.facts.audio.reset();
    brought.facts.tracks.clear();
    brought.facts.side_files.insert(brought.facts.side_files.begin(), original);
    brought.put_vcon();
    EXPECT_EQ(*brought.exported({ExportFormat::original}), brought.bytes_of("original.m4a"));
    EXPECT_EQ(usual_ending(brought.facts, ExportFormat::original), "m4a");
    const auto refused = brought.exported({});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("nobody can read its sound"), std::string::npos);
}

TEST(export_recording, sums_channels_as_they_are_asked_for) {
    Brought brought;
    ExportOptions mono{ExportFormat::s16le};
    mono.mix = {{0, 1}};
    const auto sum = *brought.exported(mono);
    ASSERT_EQ(sum.size(), 2000U);
    EXPECT_EQ(sample(sum, 2 * 100), -100);
    ExportOptions swapped{ExportFormat::s16le};
    swapped.mix = {{1}, {0}};
    const auto both = *brought.exported(swapped);
    ASSERT_EQ(both.size(), 4000U);
    EXPECT_EQ(sample(both, 4 * 100), -200);
    EXPECT_EQ(sample(both, 4 * 100 + 2), 100);
    ExportOptions beyond{ExportFormat::s16le};
    beyond.mix = {{2}};
    EXPECT_EQ(brought.exported(beyond).error().code, Code::malformed);
}

TEST(export_recording, cuts_a_sum_that_is_too_loud) {
    Recorded recorded;
    auto file = recorded.disk.create(recorded.path("loud.flac"));
    auto writer = sound::write_flac(**file, {8'000, 2}, {});
    const std::vector<std::int16_t> loud{30'000, 10'000, -30'000, -10'000, 1, 2};
    ASSERT_TRUE((*writer)->write(loud));
    ASSERT_TRUE((*writer)->finish({}));
    const auto bytes = recorded.bytes_of("loud.flac");
    recorded.facts.audio = recording::AudioFacts{
        "loud.flac", "flac", 8'000, 2, 3, bytes.size(), sha256_hex(bytes), Brought::hex512(bytes)};
    recorded.put_vcon();
    ExportOptions mono{ExportFormat::s16le};
    mono.mix = {{0, 1}};
    const auto out = *recorded.disk.create("/out");
    ASSERT_TRUE(export_recording(
        recorded.disk, [] { return Result<Media*>(nullptr); }, Recorded::root, recorded.facts.id,
        mono, *out));
    const auto sum = *recorded.disk.contents("/out");
    EXPECT_EQ(sample(sum, 0), 32'767);
    EXPECT_EQ(sample(sum, 2), -32'768);
    EXPECT_EQ(sample(sum, 4), 3);
}

}  // namespace
}  // namespace nk::archive
