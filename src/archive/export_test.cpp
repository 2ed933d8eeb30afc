#include "archive/export.h"

#include <gtest/gtest.h>

#include "archive/reading.h"
#include "archive/testing_recording.h"

namespace nk::archive {
namespace {

using testing::Recorded;

Result<Media*> no_media() {
    return refuse(Code::not_found, Blame::machine, "nothing is decoded here");
}

Result<std::vector<std::uint8_t>> exported(Recorded& recorded, const ExportOptions& options) {
    NK_TAKE(const auto file, recorded.disk.create("/out"));
    const auto done = export_recording(recorded.disk, no_media, Recorded::root, recorded.facts.id,
                                       options, *file);
    auto bytes = *recorded.disk.contents("/out");
    NK_TRY(recorded.disk.remove_tree("/out"));
    NK_TRY(done);
    return bytes;
}

std::vector<std::int16_t> samples_in(const std::vector<std::uint8_t>& bytes, std::size_t from = 0) {
    std::vector<std::int16_t> out;
    for (std::size_t i = from; i + 1 < bytes.size(); i += 2)
        out.push_back(static_cast<std::int16_t>(bytes[i] | bytes[i + 1] << 8));
    return out;
}

std::vector<std::int16_t> part(const std::vector<std::int16_t>& all, long from, long to) {
    return {all.begin() + from, all.begin() + to};
}

ExportOptions bare(const std::string& track, bool trim) {
    return {ExportFormat::s16le, track, trim};
}

TEST(export_recording, gives_a_tracks_samples_bit_for_bit_at_its_own_rate) {
    Recorded recorded;
    EXPECT_EQ(samples_in(*exported(recorded, bare("1", false))), recorded.caller);
    EXPECT_EQ(samples_in(*exported(recorded, bare("2", false))), recorded.callee);
    EXPECT_EQ(samples_in(*exported(recorded, bare("callee", false))), recorded.callee);
}

TEST(export_recording, trims_to_the_tracks_own_packets) {
    Recorded recorded;
    EXPECT_EQ(samples_in(*exported(recorded, bare("caller", true))),
              part(recorded.caller, 160, 1200));
    EXPECT_EQ(samples_in(*exported(recorded, bare("callee", true))),
              part(recorded.callee, 160, 700));
}

TEST(export_recording, trims_the_whole_to_the_earliest_and_latest_packet) {
    Recorded recorded;
    const auto all = samples_in(*exported(recorded, bare("", true)));
    ASSERT_EQ(all.size(), 2U * (1400 - 160));
    EXPECT_EQ(all[0], recorded.caller[160]);
    EXPECT_EQ(all[1], recorded.callee[80]);
}

TEST(export_recording, copies_the_flac_and_the_vcon_byte_for_byte) {
    Recorded recorded;
    EXPECT_EQ(*exported(recorded, {ExportFormat::flac, "", false}),
              recorded.bytes_of("audio.flac"));
    EXPECT_EQ(*exported(recorded, {ExportFormat::json, "", false}),
              recorded.bytes_of("call.vcon.json"));
}

TEST(export_recording, writes_wav_with_the_tracks_rate) {
    Recorded recorded;
    const auto wav = *exported(recorded, {ExportFormat::wav, "2", false});
    ASSERT_EQ(wav.size(), 44U + 1600);
    EXPECT_EQ(std::string(wav.begin(), wav.begin() + 4), "RIFF");
    EXPECT_EQ(wav[24] | wav[25] << 8, 8000);
    EXPECT_EQ(wav[22], 1);
    EXPECT_EQ(samples_in(wav, 44), recorded.callee);
}

TEST(export_recording, encodes_a_track_alone_as_flac) {
    Recorded recorded;
    const ExportOptions options{ExportFormat::flac, "callee", true};
    EXPECT_FALSE(writes_in_one_sweep(recorded.facts, options));
    recorded.disk.put("/track.flac", *exported(recorded, options));
    const auto file = *recorded.disk.open("/track.flac");
    const auto flac = sound::read_flac(*file);
    ASSERT_TRUE(flac);
    EXPECT_EQ((*flac)->shape().rate_hz, 8000U);
    EXPECT_EQ((*flac)->shape().channels, 1U);
    EXPECT_EQ(*(*flac)->read(), part(recorded.callee, 160, 700));
}

TEST(export_recording, says_which_tracks_there_are) {
    Recorded recorded;
    const auto refused = exported(recorded, bare("3", false));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what,
              recorded.facts.id + " has no track \"3\"; it has 1 (caller), 2 (callee)");
}

TEST(export_recording, refuses_what_has_no_sound_and_what_is_cut_short) {
    Recorded recorded;
    recorded.facts.tracks[1].sound_to = recorded.facts.tracks[1].sound_from;
    recorded.facts.audio->frames += 1;
    recorded.put_vcon();
    EXPECT_EQ(exported(recorded, bare("2", true)).error().code, Code::not_found);
    EXPECT_EQ(exported(recorded, bare("1", false)).error().code, Code::cut_off);
    recorded.facts.audio.reset();
    recorded.put_vcon();
    EXPECT_EQ(exported(recorded, bare("1", false)).error().code, Code::not_found);
    EXPECT_TRUE(exported(recorded, {ExportFormat::json, "", false}));
}

TEST(export_recording, refuses_what_is_not_as_it_was_sealed) {
    for (const std::string name : {"audio.flac", "call.vcon.json"})
        for (const ExportOptions& options :
             {ExportOptions{}, ExportOptions{ExportFormat::flac, "", false},
              ExportOptions{ExportFormat::json, "", false}, bare("1", true)}) {
            Recorded recorded;
            auto bytes = recorded.bytes_of(name);
            bytes[bytes.size() / 2] ^= 0x01;
            recorded.put(name, bytes);
            const auto refused = exported(recorded, options);
            if (name == "audio.flac" && options.format == ExportFormat::json) {
                EXPECT_TRUE(refused) << "of the sound nothing is taken";
                continue;
            }
            ASSERT_FALSE(refused) << name << " " << name_of(options.format);
            EXPECT_EQ(refused.error().code, Code::malformed);
            EXPECT_EQ(refused.error().blame, Blame::machine);
            EXPECT_NE(refused.error().what.find("not as it was sealed"), std::string::npos);
        }
}

TEST(export_recording, does_not_ask_after_files_that_it_takes_nothing_from) {
    Recorded recorded;
    recorded.put("payload-1.rtpdump", {9});
    EXPECT_TRUE(exported(recorded, {}));
}

TEST(reading, refuses_a_recording_under_anothers_name) {
    Recorded recorded;
    const std::string other = "20261123T142302Z-aaaaaa";
    ASSERT_TRUE(recorded.disk.rename(recording_folder(Recorded::root, recorded.facts.id),
                                     recording_folder(Recorded::root, other)));
    const auto refused = read_facts(recorded.disk, Recorded::root, other);
    ASSERT_FALSE(refused);
    EXPECT_EQ(
        refused.error().what,
        "/archive/2026/11/23/20261123T142302Z-aaaaaa/call.vcon.json is of another recording, " +
            recorded.facts.id +
            ": folders were renamed or exchanged; naklank verify --all tells which");
    EXPECT_TRUE(read_facts_of_any(recorded.disk, Recorded::root, other));
    const auto file = *recorded.disk.create("/out");
    EXPECT_EQ(
        export_recording(recorded.disk, no_media, Recorded::root, other, {}, *file).error().code,
        Code::malformed);
}

TEST(reading, finds_a_recording_by_a_part_of_its_id) {
    Recorded recorded;
    ASSERT_TRUE(
        recorded.disk.make_folders(recording_folder(Recorded::root, "20261123T142302Z-aaaaaa")));
    const auto find = [&](std::string_view part_of_id) {
        return find_recording(recorded.disk, Recorded::root, part_of_id)
            .map([](const Found& found) { return found.id; });
    };
    EXPECT_EQ(*find("k3v9qd"), recorded.facts.id);
    EXPECT_EQ(*find("20261123T142301"), recorded.facts.id);
    EXPECT_EQ(find("20261123").error().code, Code::refused);
    EXPECT_EQ(find("nothing").error().code, Code::not_found);
    EXPECT_EQ(find("").error().code, Code::not_found);
    EXPECT_EQ(find("../..").error().code, Code::not_found);
}

}  // namespace
}  // namespace nk::archive
