#include "sound/flac.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "sound/test_file.h"

namespace nk::sound {
namespace {

using Pcm = std::vector<std::int16_t>;

const FlacTags some_tags{{"TITLE", "a call"}, {"ARTIST", "Zoë → Bob"}};

Result<void> write_all(TestFile& file, const FlacShape& shape, const Pcm& pcm, const FlacTags& tags,
                       std::size_t frames_at_once, const FlacOptions& options = {}) {
    NK_TAKE(const auto writer, write_flac(file, shape, options));
    const std::size_t step = frames_at_once * shape.channels;
    for (std::size_t at = 0; at < pcm.size(); at += step)
        NK_TRY(writer->write(std::span(pcm).subspan(at, std::min(step, pcm.size() - at))));
    return writer->finish(tags);
}

struct ReadBack {
    Pcm pcm;
    bool md5_holds = false;
    FlacShape shape;
    FlacTags tags;
    std::uint64_t frames = 0;
};

Result<ReadBack> read_all(TestFile& file) {
    NK_TAKE(const auto reader, read_flac(file));
    ReadBack back;
    back.shape = reader->shape();
    back.tags = reader->tags();
    back.frames = reader->frames();
    for (;;) {
        NK_TAKE(const auto part, reader->read());
        if (part.empty())
            break;
        back.pcm.insert(back.pcm.end(), part.begin(), part.end());
    }
    back.md5_holds = reader->md5_holds();
    return back;
}

Pcm wobble(std::size_t frames, std::uint32_t channels) {
    Pcm pcm(frames * channels);
    for (std::size_t i = 0; i < pcm.size(); ++i)
        pcm[i] = static_cast<std::int16_t>((i * i / 7 + i) % 4'000);
    return pcm;
}

TestFile good_file(std::size_t frames = 20'000) {
    TestFile file;
    EXPECT_TRUE(write_all(file, {8'000, 2}, wobble(frames, 2), some_tags, 160));
    return file;
}

// Silence, speech-like wandering, noise at full scale and its extremes, in stretches.
rc::Gen<Pcm> any_pcm(std::uint32_t channels) {
    const auto stretch = rc::gen::mapcat(rc::gen::inRange(0, 4), [](int kind) {
        if (kind == 0)
            return rc::gen::map(rc::gen::inRange<std::size_t>(1, 6'000),
                                [](std::size_t n) { return Pcm(n, 0); });
        if (kind == 1)
            return rc::gen::container<Pcm>(rc::gen::arbitrary<std::int16_t>());
        if (kind == 2)
            return rc::gen::container<Pcm>(
                rc::gen::element<std::int16_t>(-32'768, 32'767, 0, -1, 1));
        return rc::gen::map(rc::gen::inRange<std::size_t>(1, 3'000),
                            [](std::size_t n) { return wobble(n, 1); });
    });
    return rc::gen::map(rc::gen::container<std::vector<Pcm>>(stretch),
                        [channels](const std::vector<Pcm>& stretches) {
                            Pcm all;
                            for (const auto& part : stretches)
                                all.insert(all.end(), part.begin(), part.end());
                            all.resize(all.size() / channels * channels);
                            return all;
                        });
}

RC_GTEST_PROP(Flac, gives_back_every_sample_of_any_shape, ()) {
    const FlacShape shape{.rate_hz = *rc::gen::element(8'000U, 16'000U, 32'000U, 44'100U, 48'000U),
                          .channels = *rc::gen::inRange(1U, 9U)};
    const auto pcm = *any_pcm(shape.channels);
    TestFile file;
    RC_ASSERT(
        write_all(file, shape, pcm, some_tags, *rc::gen::inRange<std::size_t>(1, 9'000),
                  {.block_frames = *rc::gen::element(0U, 192U, 4'096U), .tag_room_bytes = 256}));
    const auto back = read_all(file);
    RC_ASSERT(back);
    RC_ASSERT(back->pcm == pcm);
    RC_ASSERT(back->md5_holds);
    RC_ASSERT(back->frames == pcm.size() / shape.channels);
    RC_ASSERT(back->shape.channels == shape.channels);
    RC_ASSERT(back->shape.rate_hz == shape.rate_hz);
    RC_ASSERT(back->tags == some_tags);
}

TEST(Flac, is_read_from_any_frame_on) {
    TestFile file;
    const FlacShape shape{8'000, 2};
    const auto pcm = wobble(50'000, shape.channels);
    ASSERT_TRUE(write_all(file, shape, pcm, some_tags, 1'000));
    const auto reader = read_flac(file);
    ASSERT_TRUE(reader);
    for (const std::uint64_t frame : {0U, 1U, 49'999U, 25'000U, 4'096U, 4'095U, 24'999U}) {
        ASSERT_TRUE((*reader)->seek(frame)) << frame;
        Pcm back;
        for (;;) {
            const auto part = (*reader)->read();
            ASSERT_TRUE(part) << part.error().what;
            if (part->empty())
                break;
            back.insert(back.end(), part->begin(), part->end());
        }
        EXPECT_EQ(back, Pcm(pcm.begin() + static_cast<std::ptrdiff_t>(2 * frame), pcm.end()))
            << frame;
    }
}

TEST(Flac, holds_no_samples_at_all_too) {
    TestFile file;
    ASSERT_TRUE(write_all(file, {8'000, 2}, {}, some_tags, 1));
    const auto back = read_all(file);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_TRUE(back->pcm.empty());
    EXPECT_TRUE(back->md5_holds);
}

TEST(Flac, refuses_a_file_cut_off_anywhere) {
    const auto whole = good_file();
    for (std::size_t bytes = 0; bytes + 1 < whole.bytes.size(); bytes += 97) {
        TestFile cut(
            {whole.bytes.begin(), whole.bytes.begin() + static_cast<std::ptrdiff_t>(bytes)});
        EXPECT_FALSE(read_all(cut)) << bytes;
    }
}

TEST(Flac, never_takes_damaged_sound_for_good) {
    const auto whole = good_file();
    const std::size_t audio = whole.bytes.size() / 2;
    for (std::size_t at = audio; at < whole.bytes.size(); at += 31) {
        auto file = whole;
        file.bytes[at] ^= 0x10;
        const auto back = read_all(file);
        EXPECT_TRUE(!back || !back->md5_holds) << at;
    }
}

TEST(Flac, sees_a_wrong_md5) {
    auto file = good_file();
    file.bytes[4 + 4 + 20] ^= 1;  // within the stream info's MD5
    const auto back = read_all(file);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_FALSE(back->md5_holds);
}

TEST(Flac, refuses_a_file_that_is_something_else) {
    TestFile file(std::vector<std::uint8_t>(10'000, 'x'));
    const auto reader = read_flac(file);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, Code::malformed);
}

TEST(Flac, leaves_out_tags_that_are_too_long_or_not_legal) {
    TestFile file;
    const FlacTags tags{{"A", "kept"},       {"LONG", std::string(5'000, 'x')},
                        {"BAD", "\xff\xfe"}, {"NO=NAME", "x"},
                        {"", "x"},           {"B", "kept as well"}};
    ASSERT_TRUE(write_all(file, {8'000, 1}, wobble(100, 1), tags, 100, FlacOptions{0, 1'000}));
    const auto back = read_all(file);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(back->tags, (FlacTags{{"A", "kept"}, {"B", "kept as well"}}));
}

TEST(Flac, holds_tags_that_fill_their_room_to_the_last_byte) {
    for (const std::uint32_t room : {16U, 17U, 18U, 19U, 20U}) {
        TestFile file;
        // A tag takes 4 bytes of length, its name, '=' and its value.
        const FlacTags tags{{"T", std::string(room - 6, 'v')}};
        ASSERT_TRUE(write_all(file, {8'000, 1}, wobble(100, 1), tags, 100, FlacOptions{0, room}));
        const auto back = read_all(file);
        ASSERT_TRUE(back) << back.error().what;
        EXPECT_EQ(back->tags, tags);
    }
}

TEST(Flac, reports_the_disk_that_fails_at_any_write) {
    const auto pcm = wobble(100'000, 2);
    bool was_full = true;
    std::size_t n = 1;
    for (; was_full; ++n) {
        TestFile file;
        file.fails_at = n;
        const auto written = write_all(file, {8'000, 2}, pcm, some_tags, 500);
        was_full = file.writes >= n;
        EXPECT_EQ(written.has_value(), !was_full) << n;
        EXPECT_TRUE(written || written.error().code == Code::disk_full) << n;
    }
    EXPECT_GT(n, 5U);
}

TEST(Flac, a_writer_that_is_given_up_lets_go_of_its_file) {
    TestFile file;
    auto writer = write_flac(file, {8'000, 2}, {});
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->write(wobble(100'000, 2)));
    EXPECT_EQ((*writer)->frames_written(), 100'000U);
    writer->reset();
    EXPECT_GT(file.bytes.size(), 1'000U);
}

TEST(Flac, refuses_shapes_that_flac_cannot_hold) {
    TestFile file;
    EXPECT_FALSE(write_flac(file, {8'000, 0}, {}));
    EXPECT_FALSE(write_flac(file, {8'000, 9}, {}));
    EXPECT_FALSE(write_flac(file, {0, 1}, {}));
    EXPECT_FALSE(write_flac(file, {10'000'000, 1}, {}));
    EXPECT_TRUE(file.bytes.empty());
}

class Saved {
public:
    explicit Saved(const TestFile& file) {
        std::string name = (std::filesystem::temp_directory_path() / "naklank-XXXXXX").string();
        folder_ = mkdtemp(name.data()) == nullptr ? "." : name;
        std::ofstream(path(), std::ios::binary)
            .write(reinterpret_cast<const char*>(file.bytes.data()),
                   static_cast<std::streamsize>(file.bytes.size()));
    }
    ~Saved() {
        std::error_code ignored;
        std::filesystem::remove(path(), ignored);
        std::filesystem::remove(folder_, ignored);
    }
    Saved(const Saved&) = delete;
    Saved& operator=(const Saved&) = delete;
    [[nodiscard]] std::string path() const { return folder_ + "/call.flac"; }

private:
    std::string folder_;
};

std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " 2>&1").c_str(), "r"),
                                                     pclose);
    std::string out;
    std::array<char, 1'024> part{};
    while (pipe && std::fgets(part.data(), static_cast<int>(part.size()), pipe.get()) != nullptr)
        out += part.data();
    return out;
}

TEST(Flac, is_what_the_reference_programs_take_for_flac) {
    // Two hours, so that the seek points had to be thinned.
    TestFile file;
    ASSERT_TRUE(
        write_all(file, {8'000, 2}, Pcm(std::size_t{2} * 8'000 * 7'200, 3), some_tags, 100'000));
    const Saved saved(file);
    EXPECT_EQ(std::system(("flac -s -t -w " + saved.path()).c_str()), 0);
    const auto tags = output_of("metaflac --export-tags-to=- " + saved.path());
    EXPECT_EQ(tags, "TITLE=a call\nARTIST=Zoë → Bob\n");
    const auto blocks = output_of("metaflac --list " + saved.path());
    EXPECT_NE(blocks.find("total samples: 57600000"), std::string::npos) << blocks;
    EXPECT_NE(blocks.find("seek points: 128"), std::string::npos);
    EXPECT_NE(blocks.find("point 89: sample_number="), std::string::npos);
    EXPECT_NE(blocks.find("point 127: PLACEHOLDER"), std::string::npos);
    // From the middle to the end, by way of the seek table.
    const auto half = output_of(
        "flac -s -d --skip=28800000 -c --force-raw-format --endian=little "
        "--sign=signed " +
        saved.path() + " | wc -c");
    EXPECT_EQ(std::stoul(half), 28'800'000UL * 4);
}

}  // namespace
}  // namespace nk::sound
