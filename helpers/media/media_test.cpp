// naklank-media as naklank sees it: files that ffmpeg made, broken ones, hostile ones, archives.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "boxes.h"
#include "host/media_helper.h"

namespace nk::media {
namespace {

using host::MediaHelper;

class Files : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        std::string name = (std::filesystem::temp_directory_path() / "naklank-media-XXXXXX");
        root_ = mkdtemp(name.data());
        run("ffmpeg -loglevel error -f lavfi -i 'sine=frequency=440:duration=3' -ar 16000 -ac 1 " +
            in("tone.wav"));
    }
    static void TearDownTestSuite() {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }
    static std::string in(const std::string& name) { return root_ + "/" + name; }
    static void run(const std::string& command) {
        ASSERT_EQ(std::system((command + " </dev/null").c_str()), 0) << command;
    }
    // The tone in that form.
    static std::string made(const std::string& name, const std::string& how) {
        run("ffmpeg -loglevel error -y -i " + in("tone.wav") + " " + how + " " + in(name));
        return in(name);
    }
    static void write(const std::string& name, const std::string& bytes) {
        std::ofstream(in(name), std::ios::binary) << bytes;
    }
    static std::string read(const std::string& name) {
        std::ifstream file(in(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    Result<MediaFacts> look(const std::string& name) { return helper.look(in(name), name); }

    static inline std::string root_;
    MediaHelper helper{NK_BINARY_DIR "/naklank-media"};
};

// ISO/IEC 14496-12 4.2.
std::string big_endian(std::size_t number) {
    std::string out;
    for (int i = 3; i >= 0; --i)
        out += static_cast<char>(number >> (8 * i));
    return out;
}
std::string box(const std::string& kind, const std::string& body) {
    return big_endian(8 + body.size()) + kind + body;
}

struct Form {
    std::string name;
    std::string how;
    std::string container;
    std::string codec;
    std::uint32_t rate_hz;
    bool is_lossless = false;
};

TEST_F(Files, tells_what_every_usual_form_is_and_how_long) {
    const std::vector<Form> forms{
        {"a.m4a", "-c:a aac", "mov", "aac", 16'000},
        {"a.3gp", "-c:a aac -ar 8000", "mov", "aac", 8'000},
        {"a.aac", "-c:a aac", "aac", "aac", 16'000},
        {"a.mp3", "-c:a libmp3lame", "mp3", "mp3", 16'000},
        {"a.ogg", "-c:a libvorbis", "ogg", "vorbis", 16'000},
        {"a.oga", "-c:a libopus", "ogg", "opus", 48'000},
        {"a.mkv", "-c:a libopus", "matroska", "opus", 48'000},
        {"a.awb", "", "amr", "amr_wb", 16'000},
        {"a.amr", "", "amr", "amr_nb", 8'000},
        {"a.gsm", "", "gsm", "gsm", 8'000},
        {"a.wma", "-c:a wmav2", "asf", "wmav2", 16'000},
        {"a.flac", "-c:a flac", "flac", "flac", 16'000, true},
        {"b.wav", "-c:a pcm_s16le", "wav", "pcm_s16le", 16'000, true},
        {"a.aiff", "-c:a pcm_s16be", "aiff", "pcm_s16be", 16'000, true},
        {"a.caf", "-c:a pcm_s16be", "caf", "pcm_s16be", 16'000, true},
    };
    // RFC 4867 5: frames of 60 bytes, 20 ms each.
    std::string wide = "#!AMR-WB\n";
    for (int i = 0; i < 150; ++i)
        wide += '\x44' + std::string(60, '\0');
    write("a.awb", wide);
    run("sox " + in("tone.wav") + " -r 8000 -t amr-nb " + in("a.amr"));
    run("sox " + in("tone.wav") + " -r 8000 -t gsm " + in("a.gsm"));
    for (const auto& form : forms) {
        if (!form.how.empty())
            made(form.name, form.how);
        const auto facts = look(form.name);
        ASSERT_TRUE(facts) << form.name << ": " << facts.error().what;
        EXPECT_EQ(facts->container, form.container) << form.name;
        EXPECT_EQ(facts->codec, form.codec) << form.name;
        EXPECT_EQ(facts->rate_hz, form.rate_hz) << form.name;
        EXPECT_EQ(facts->channels, 1U) << form.name;
        EXPECT_EQ(facts->is_lossless, form.is_lossless) << form.name;
        EXPECT_EQ(facts->fault, "") << form.name;
        EXPECT_TRUE(facts->has_end) << form.name;
        EXPECT_NEAR(static_cast<double>(facts->frames) / facts->rate_hz, 3.0, 0.15) << form.name;
    }
}

TEST_F(Files, knows_a_sound_whatever_it_is_wrapped_in_and_tagged_with) {
    made("one.m4a", "-c:a aac");
    run("ffmpeg -loglevel error -y -i " + in("one.m4a") + " -c copy -metadata title=Oma " +
        in("two.m4a"));
    run("ffmpeg -loglevel error -y -i " + in("one.m4a") + " -c copy " + in("three.aac"));
    run("ffmpeg -loglevel error -y -i " + in("one.m4a") + " -c copy " + in("four.mkv"));
    made("one.flac", "-c:a flac");
    const auto one = look("one.m4a");
    ASSERT_TRUE(one) << one.error().what;
    EXPECT_EQ(look("two.m4a")->essence, one->essence);
    EXPECT_EQ(look("three.aac")->essence, one->essence);
    EXPECT_EQ(look("four.mkv")->essence, one->essence);
    EXPECT_NE(look("one.flac")->essence, one->essence);
    EXPECT_EQ(look("one.flac")->essence, look("tone.wav")->essence);
    made("other.m4a", "-c:a aac -af volume=0.5");
    EXPECT_NE(look("other.m4a")->essence, one->essence);
}

TEST_F(Files, gives_tags_and_a_day) {
    made("tagged.m4a", "-c:a aac -metadata title=Oma -metadata creation_time=2021-05-03T10:11:12Z");
    const auto facts = look("tagged.m4a");
    ASSERT_TRUE(facts) << facts.error().what;
    const std::map<std::string, std::string> tags(facts->tags.begin(), facts->tags.end());
    EXPECT_EQ(tags.at("title"), "Oma");
    EXPECT_EQ(tags.at("creation_time"), "2021-05-03T10:11:12.000000Z");
}

TEST_F(Files, names_what_is_no_sound_and_what_cannot_be_read) {
    write("empty.m4a", "");
    EXPECT_EQ(look("empty.m4a").error().code, Code::unsupported);
    write("words.txt", std::string(5'000, 'x') + "\nno sound at all\n");
    EXPECT_EQ(look("words.txt").error().code, Code::unsupported);
    run("ffmpeg -loglevel error -y -f lavfi -i color=red:size=32x32 -frames:v 1 " + in("red.jpg"));
    EXPECT_EQ(look("red.jpg").error().code, Code::unsupported);
    made("whole.m4a", "-c:a aac");
    const auto whole = read("whole.m4a");
    write("headless.m4a", whole.substr(0, whole.size() / 2));  // its index is at the end
    EXPECT_FALSE(look("headless.m4a"));
    EXPECT_NE(look("headless.m4a").error().what, "");
    EXPECT_EQ(helper.look(in("nothing.m4a"), "nothing.m4a").error().code, Code::not_found);
    EXPECT_EQ(helper.look(root_, "folder").error().code, Code::unsupported);
}

TEST_F(Files, tells_that_a_file_was_cut_off) {
    run("ffmpeg -loglevel error -y -i " + in("tone.wav") + " -c:a aac -movflags +faststart " +
        in("fast.m4a"));
    const auto whole = read("fast.m4a");
    write("cut.m4a", whole.substr(0, whole.size() / 2));
    const auto cut = look("cut.m4a");
    ASSERT_TRUE(cut) << cut.error().what;
    EXPECT_NE(cut->fault, "");
    made("whole.oga", "-c:a libopus");
    const auto opus = read("whole.oga");
    write("endless.oga", opus.substr(0, opus.rfind("OggS")));
    ASSERT_TRUE(look("endless.oga"));
    EXPECT_FALSE(look("endless.oga")->has_end);
}

TEST_F(Files, gives_samples_of_all_and_of_a_part) {
    made("sound.m4a", "-c:a aac");
    const auto count = [&](std::int64_t from, std::int64_t to) {
        std::size_t samples = 0;
        MediaShape shape;
        const auto done = helper.decode(
            in("sound.m4a"), "sound.m4a", from, to,
            [&](const MediaShape& known) {
                shape = known;
                return Result<void>{};
            },
            [&](std::span<const std::int16_t> all) {
                samples += all.size();
                return Result<void>{};
            });
        EXPECT_TRUE(done) << done.error().what;
        EXPECT_EQ(shape.rate_hz, 16'000U);
        EXPECT_EQ(shape.channels, 1U);
        return samples;
    };
    EXPECT_NEAR(static_cast<double>(count(0, 0)), 48'000, 1'500);
    EXPECT_EQ(count(1'000, 2'000), 16'000U);
}

TEST_F(Files, wraps_a_file_anew_that_lacks_its_end) {
    for (const char* codec : {"libopus", "libvorbis"}) {
        made("whole.oga", std::string("-c:a ") + codec);
        const auto whole = read("whole.oga");
        write("endless.oga", whole.substr(0, whole.rfind("OggS")));
        std::string made_anew;
        const auto done = helper.wrap_anew(in("endless.oga"), "endless.oga", [&](Bytes bytes) {
            made_anew.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            return Result<void>{};
        });
        ASSERT_TRUE(done) << codec << ": " << done.error().what;
        write("mended.oga", made_anew);
        const auto endless = look("endless.oga");
        const auto mended = look("mended.oga");
        ASSERT_TRUE(mended) << codec << ": " << mended.error().what;
        EXPECT_FALSE(endless->has_end);
        EXPECT_TRUE(mended->has_end);
        EXPECT_EQ(mended->essence, endless->essence) << codec;
        EXPECT_NEAR(static_cast<double>(mended->frames), static_cast<double>(endless->frames), 960)
            << codec;
    }
    write("words.oga", std::string(5'000, 'x'));
    EXPECT_FALSE(
        helper.wrap_anew(in("words.oga"), "words.oga", [](Bytes) { return Result<void>{}; }));
}

TEST_F(Files, unpacks_archives) {
    std::filesystem::create_directories(in("phone/Calls"));
    write("phone/Calls/a.txt", "first");
    write("phone/b.txt", std::string(300'000, 'b'));
    for (const auto& [name, how] : std::vector<std::pair<std::string, std::string>>{
             {"x.tar", "tar -C " + root_ + " -cf " + in("x.tar") + " phone"},
             {"x.tgz", "tar -C " + root_ + " -czf " + in("x.tgz") + " phone"},
             {"x.zip", "cd " + root_ + " && python3 -m zipfile -c x.zip phone"}}) {
        run(how);
        std::map<std::string, std::size_t> files;
        std::string now;
        const auto done = helper.unpack(
            in(name),
            [&](const PackedFile& file) {
                now = file.path;
                files[now] = 0;
                return Result<void>{};
            },
            [&](Bytes bytes) {
                files[now] += bytes.size();
                return Result<void>{};
            });
        ASSERT_TRUE(done) << name << ": " << done.error().what;
        const std::map<std::string, std::size_t> expected{{"phone/Calls/a.txt", 5},
                                                          {"phone/b.txt", 300'000}};
        EXPECT_EQ(files, expected) << name;
    }
    const auto none = helper.unpack(
        in("tone.wav"), [](const PackedFile&) { return Result<void>{}; },
        [](Bytes) { return Result<void>{}; });
    EXPECT_EQ(none.error().code, Code::unsupported);
}

TEST_F(Files, who_stops_listening_is_heard_again) {
    write("much.bin", std::string(30'000'000, 'm'));
    run("cd " + root_ + " && python3 -m zipfile -c much.zip much.bin");
    const auto stopped = helper.unpack(
        in("much.zip"), [](const PackedFile&) { return Result<void>{}; },
        [](Bytes) -> Result<void> { return refuse(Code::limit, Blame::owner, "enough"); });
    EXPECT_EQ(stopped.error().what, "enough");
    EXPECT_TRUE(look("tone.wav"));
}

// Hours of silence are a small file and a long work.
TEST_F(Files, ends_what_takes_too_long_with_a_sentence_and_goes_on) {
    run("ffmpeg -loglevel error -f lavfi -i anullsrc=r=48000:cl=stereo:d=5400 " + in("long.flac"));
    MediaHelper hasty(NK_BINARY_DIR "/naklank-media", seconds(60), 1);
    const auto ended = hasty.look(in("long.flac"), "long.flac");
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().what, "reading it took longer than a file of its size may need");
    EXPECT_EQ(ended.error().blame, Blame::owner);
    EXPECT_TRUE(hasty.look(in("tone.wav"), "tone.wav"));
}

// A table of an MP4 file that says it has places for a gigabyte, in 150 bytes.
TEST_F(Files, ends_what_wants_too_much_memory_with_a_sentence_and_goes_on) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer's shadow memory is terabytes";
#endif
    const auto greedy = [](std::uint32_t places) {
        auto file = box("stco", std::string(4, '\0') + big_endian(places) + std::string(64, '\0'));
        for (const char* around : {"stbl", "minf", "mdia", "trak", "moov"})
            file = box(around, file);
        return box("ftyp", "M4A " + std::string(4, '\0') + "M4A ") + file;
    };
    write("greedy.m4a", greedy(125'000'000));
    const auto ended = look("greedy.m4a");
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().what, "reading it took more memory than a file of sound may need");
    EXPECT_EQ(ended.error().blame, Blame::owner);
    write("modest.m4a", greedy(1'000));
    EXPECT_EQ(look("modest.m4a").error().what, "it cannot be opened as sound: End of file");
    EXPECT_TRUE(look("tone.wav"));
}

TEST_F(Files, looks_at_several_at_once_and_ends_in_their_order) {
    write("many words.txt", std::string(5'000, 'x'));
    made("several.flac", "-c:a flac");
    for (const char* name : {"tone.wav", "many words.txt", "several.flac"})
        ASSERT_TRUE(helper.begin_look(in(name), name)) << name;
    EXPECT_EQ(helper.end_look()->container, "wav");
    EXPECT_EQ(helper.end_look().error().code, Code::unsupported);
    EXPECT_EQ(helper.end_look()->container, "flac");
    EXPECT_EQ(helper.end_look().error().code, Code::broken);
}

// Every byte of a file's head, changed: whatever happens, the next file is read.
TEST_F(Files, goes_on_after_files_that_are_rotten) {
    for (const char* name : {"rot.m4a", "rot.mp3", "rot.oga", "rot.flac"}) {
        const std::string kind = std::string(name).substr(4);
        made(name, kind == "m4a"   ? "-c:a aac -movflags +faststart"
                   : kind == "mp3" ? "-c:a libmp3lame"
                   : kind == "oga" ? "-c:a libopus"
                                   : "-c:a flac");
        const auto whole = read(name);
        for (std::size_t i = 0; i < 400; i += 7) {
            auto rotten = whole;
            rotten[i] = static_cast<char>(rotten[i] ^ 0xff);
            rotten[(i * 131) % rotten.size()] = '\x7f';
            write("rotten." + kind, rotten);
            const auto facts = look("rotten." + kind);
            if (!facts) {
                EXPECT_NE(facts.error().what, "");
                EXPECT_NE(facts.error().blame, Blame::machine) << facts.error().what;
            }
        }
    }
    EXPECT_TRUE(look("tone.wav"));
}

TEST(boxes, finds_a_transcript_and_ends_on_what_is_none) {
    const auto found_in = [](const std::string& file) {
        return transcript_in(
            [&](std::uint64_t offset, std::span<std::uint8_t> out) -> std::size_t {
                if (offset >= file.size())
                    return 0;
                const auto count = std::min<std::size_t>(out.size(), file.size() - offset);
                std::copy_n(file.data() + offset, count, out.data());
                return count;
            },
            file.size());
    };
    const auto moov =
        box("moov", box("mvhd", "x") + box("trak", box("udta", box("tsrp", "{\"a\":1}"))));
    EXPECT_EQ(found_in(box("ftyp", "M4A ") + moov), "{\"a\":1}");
    EXPECT_EQ(found_in(box("ftyp", "M4A ") + box("mdat", "zzzz")), "");
    for (std::size_t cut = 0; cut < moov.size(); ++cut)
        (void)found_in(moov.substr(0, cut));
    for (std::size_t i = 0; i < moov.size(); ++i) {
        auto rotten = moov;
        rotten[i] = '\xff';
        (void)found_in(rotten);
        rotten[i] = '\0';
        (void)found_in(rotten);
    }
}

}  // namespace
}  // namespace nk::media
