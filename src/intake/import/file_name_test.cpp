#include "intake/import/file_name.h"

#include <chrono>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/utf8.h"
#include "intake/import/name_text.h"
#include "intake/import/testing_zone.h"

namespace nk::importing {
namespace {

using call::Fact;
using call::Sureness;
using testing::DutchZone;

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& text : texts)
        out.append(out.empty() ? "" : ",").append(text);
    return out;
}

std::string time_of(const NamedFile& named) {
    return named.started
               ? started(*named.started, DutchZone(), call::Source::file_name, Sureness::sure).value
               : "";
}

// "recorder time direction numbers names": what is not there is a dash.
std::string read(std::string_view name, std::string_view learnt = {}) {
    const auto named = read_file_name(name, learnt);
    std::string out;
    for (const auto& one : {named.recorder, time_of(named), named.direction, joined(named.numbers),
                            joined(named.names)})
        out.append(out.empty() ? "" : " ").append(one.empty() ? "-" : one);
    return out;
}

std::string extra(std::string_view name, std::string_view which) {
    const auto named = read_file_name(name);
    const auto found = named.extras.find(which);
    return found == named.extras.end() ? "" : found->second;
}

TEST(file_name, reads_what_bcr_writes) {
    EXPECT_EQ(read("20240614_113922.459+0200_out_sim2_+31205550101_Oma Jansen.oga"),
              "bcr 2024-06-14T11:39:22.459+02:00 out +31205550101 Oma Jansen");
    EXPECT_EQ(extra("20240614_113922.459+0200_out_sim2_+31205550101_Oma.oga", "sim"), "2");
    EXPECT_EQ(read("20240614_113922+0000_in_.ogg"), "bcr 2024-06-14T11:39:22+00:00 in - -");
    EXPECT_EQ(read("20240614_113922.4+0100_in_Onbekend.flac"),
              "bcr 2024-06-14T11:39:22.400+01:00 in - Onbekend");
    EXPECT_EQ(read("20240614_113922.123456789+0200_0612345678.wav"),
              "bcr 2024-06-14T11:39:22.123456789+02:00 - 0612345678 -");
    EXPECT_EQ(read("20240614_113922.459+0200_out__21#_Doorschakelen.amr"),
              "bcr 2024-06-14T11:39:22.459+02:00 out *21# Doorschakelen");
    EXPECT_EQ(read("20240614_113922.459+0200_out_*21#.oga"),
              "bcr 2024-06-14T11:39:22.459+02:00 out *21# -");
    EXPECT_EQ(read("20240614_113922.459+0200_in_+31205550101_Jansen, Jan.oga"),
              "bcr 2024-06-14T11:39:22.459+02:00 in +31205550101 Jansen, Jan");
    EXPECT_EQ(read("20240614_113922.459+0200_in_+31205550101_+31205550101.oga"),
              "bcr 2024-06-14T11:39:22.459+02:00 in +31205550101 -");
}

TEST(file_name, a_conference_has_several_others) {
    const auto named =
        read_file_name("20240614_113922.459+0200_conference_+31205550101,+31205550102_Oma,Jan.oga");
    EXPECT_EQ(named.direction, "conference");
    EXPECT_EQ(named.numbers, (std::vector<std::string>{"+31205550101", "+31205550102"}));
    EXPECT_EQ(named.names, (std::vector<std::string>{"Oma", "Jan"}));
}

TEST(file_name, reads_what_cube_writes) {
    EXPECT_EQ(read("2024-06-14 11-39-22 (phone) Oma (+31 20 555 01 01) ↙.m4a"),
              "cube 2024-06-14T11:39:22+02:00 in +31205550101 Oma");
    EXPECT_EQ(read("2024-06-14 11-39-22 (phone) 0612345678 ↗\uFE0F.amr"),
              "cube 2024-06-14T11:39:22+02:00 out 0612345678 -");
    EXPECT_EQ(read("2024-06-14 11-39-22 (telegram) Jan (werk).m4a"),
              "cube 2024-06-14T11:39:22+02:00 - - Jan (werk)");
    EXPECT_EQ(read("2024-06-14 11-39-22 (phone) Privénummer ↙.m4a"),
              "cube 2024-06-14T11:39:22+02:00 in - -");
    EXPECT_EQ(extra("2024-06-14 11-39-22 (signal) Jan.m4a", "app"), "signal");
    EXPECT_EQ(read_file_name("2024-06-14 11-39-22 (mic) Keuken.m4a").kind, "");
}

TEST(file_name, reads_what_acr_phone_and_its_forebears_write) {
    EXPECT_EQ(read("+31612345678-0-1717832362000.m4a"),
              "acrphone 2024-06-08T09:39:22+02:00 in +31612345678 -");
    EXPECT_EQ(read("Oma-1-1717832362.m4a"), "acrphone 2024-06-08T09:39:22+02:00 out - Oma");
    EXPECT_EQ(read("null_0_1717832362000.mp4"), "numdirepoch 2024-06-08T09:39:22+02:00 in - -");
    EXPECT_EQ(read("1d20240614113922p0612345678.3gp"),
              "d_p 2024-06-14T11:39:22+02:00 out 0612345678 -");
    EXPECT_EQ(read("0d20240614240102pnull.3gp"), "d_p 2024-06-15T00:01:02+02:00 in - -");
}

TEST(file_name, reads_google_voice_in_utc_and_knows_a_voicemail) {
    EXPECT_EQ(read("+31612345678 - Placed - 2024-06-14T09_39_22Z.mp3"),
              "gvoice 2024-06-14T11:39:22+02:00 out +31612345678 -");
    EXPECT_EQ(read(" - Voicemail - 2024-06-14T09_39_22Z-2-1.mp3"),
              "gvoice 2024-06-14T11:39:22+02:00 in - -");
    EXPECT_EQ(read_file_name("Oma - Voicemail - 2024-06-14T09_39_22Z.mp3").kind, "message");
    EXPECT_EQ(read("Jan - van hiernaast - Recorded - 2024-06-14T09_39_22Z.mp3"),
              "gvoice 2024-06-14T11:39:22+02:00 - - Jan - van hiernaast");
}

TEST(file_name, reads_what_telephones_of_xiaomi_write) {
    EXPECT_EQ(read("Oproep@Oma(0031205550101)_20240614113922.mp3"),
              "miui 2024-06-14T11:39:22+02:00 - +31205550101 Oma");
    EXPECT_EQ(read("Jan (werk)(0612345678)_20240614113922.mp3"),
              "miui 2024-06-14T11:39:22+02:00 - 0612345678 Jan (werk)");
    EXPECT_EQ(read("Oma(0205550101)_Jan(0612345678)_20240614113922.mp3"),
              "miui 2024-06-14T11:39:22+02:00 - 0205550101,0612345678 Oma,Jan");
    EXPECT_EQ(read("Menu(s21#)_20240614113922.mp3"), "miui 2024-06-14T11:39:22+02:00 - *21# Menu");
    EXPECT_EQ(read("0612345678(0612345678)_20240614113922.mp3"),
              "miui 2024-06-14T11:39:22+02:00 - 0612345678 -");
    // Cut at fifty characters: what is left of the number is another number.
    EXPECT_EQ(read("Oproep@De huisarts van de overkant van de st(00316_20240614113922.mp3"),
              "miui 2024-06-14T11:39:22+02:00 - - De huisarts van de overkant van de st");
}

TEST(file_name, a_prefix_before_the_at_is_no_name_and_a_name_is) {
    EXPECT_EQ(read("Oma@0205550101_20240614113922.amr"),
              "at14 2024-06-14T11:39:22+02:00 - 0205550101 Oma");
    for (const auto* prefix : {"Call", "Gesprek", "Вызов", "통화", "通话录音", "Anruf"})
        EXPECT_EQ(read(std::string(prefix) + "@0205550101_20240614113922.amr"),
                  "at14 2024-06-14T11:39:22+02:00 - 0205550101 -")
            << prefix;
    EXPECT_EQ(read("Oma@_20240614113922.amr"), "at14 2024-06-14T11:39:22+02:00 - - Oma");
    EXPECT_EQ(read("Gesprek@Oma_20240614113922.amr"), "at14 2024-06-14T11:39:22+02:00 - - Oma");
}

TEST(file_name, what_a_telephone_calls_its_recordings_is_no_name_in_any_language) {
    for (const auto* prefix :
         {"Call recording", "Call Recording", "Gespreksopname", "Oproepopname", "Opname gesprek",
          "Anrufaufzeichnung", "Enregistrement d'appel", "Grabación de llamada",
          "Registrazione chiamata", "Gravação de chamada", "Запись вызова", "Nagranie rozmowy",
          "Arama kaydı", "통화 녹음", "通话录音", "通話録音", "تسجيل المكالمة",
          "Ghi âm cuộc gọi"}) {
        const std::string front = prefix;
        EXPECT_EQ(read(front + " Oma_240614_113922.m4a"),
                  "samsung 2024-06-14T11:39:22+02:00 - - Oma")
            << prefix;
        EXPECT_EQ(read(front + " +31205550101_240614_113922.m4a"),
                  "samsung 2024-06-14T11:39:22+02:00 - +31205550101 -")
            << prefix;
        EXPECT_EQ(read(front + "_240614_113922.m4a"), "samsung 2024-06-14T11:39:22+02:00 - - -")
            << prefix;
    }
}

TEST(file_name, letters_of_a_mac_are_the_same_letters) {
    EXPECT_EQ(read("Grabacio\u0301n de llamada Rene\u0301e_240614_113922.m4a"),
              "samsung 2024-06-14T11:39:22+02:00 - - Renée");
}

TEST(file_name, a_folder_teaches_the_prefix_of_a_language_that_we_do_not_know) {
    const std::vector<std::string> names{
        "Blorf snik Oma_240614_113922.m4a", "Blorf snik Jan_240615_113922.m4a",
        "Blorf snik 0612345678_240616_113922.m4a", "heel iets anders.m4a"};
    const auto learnt = learn_prefix(names);
    EXPECT_EQ(learnt, "Blorf snik ");
    EXPECT_EQ(read(names[0], learnt), "samsung 2024-06-14T11:39:22+02:00 - - Oma");
    EXPECT_EQ(read(names[2], learnt), "samsung 2024-06-16T11:39:22+02:00 - 0612345678 -");
}

TEST(file_name, a_folder_of_one_persons_calls_teaches_nothing) {
    EXPECT_EQ(learn_prefix(std::vector<std::string>{
                  "Oma_240614_113922.m4a", "Oma_240615_113922.m4a", "Oma_240616_113922.m4a"}),
              "");
    EXPECT_EQ(learn_prefix(std::vector<std::string>{}), "");
}

TEST(file_name, reads_other_telephones) {
    EXPECT_EQ(read("CallRecord_20240614-113922_+31205550101.m4a"),
              "callrecord 2024-06-14T11:39:22+02:00 - +31205550101 -");
    EXPECT_EQ(read("CallRecord_20240614-113922_unknown.m4a"),
              "callrecord 2024-06-14T11:39:22+02:00 - - -");
    EXPECT_EQ(read("0205550101_240614_113922250.amr"),
              "lineage 2024-06-14T11:39:22.250+02:00 - 0205550101 -");
    EXPECT_EQ(read("Oma-2406141139.mp3"), "coloros 2024-06-14T11:39:00+02:00 - - Oma");
    EXPECT_EQ(read_file_name("Oma-2406141139.mp3").started->precision, Precision::minute);
    EXPECT_EQ(read("Oma (0205550101 Thuis) 2024-06-14_113922_in.amr"),
              "truephone 2024-06-14T11:39:22+02:00 in 0205550101 Oma");
    EXPECT_EQ(read("20240614_113922.amr"), "plainstamp 2024-06-14T11:39:22+02:00 - - -");
    EXPECT_EQ(read("20240614 113922-0A1B2C3D.m4a"), "applememo 2024-06-14T11:39:22+02:00 - - -");
    EXPECT_EQ(read("Voice 012_240614_113922.m4a"), "samsungvoice 2024-06-14T11:39:22+02:00 - - -");
    EXPECT_EQ(read("Call with Oma.m4a"), "callwith - - - Oma");
    EXPECT_EQ(read("1718357962000_0612345678.mp3"),
              "epochnum 2024-06-14T11:39:22+02:00 - 0612345678 -");
}

TEST(file_name, a_dutch_mobile_number_is_no_date_of_a_telephone) {
    EXPECT_EQ(read("Jan-0612101234.mp3"), "- - - 0612101234 Jan");
}

TEST(file_name, reads_what_axets_recorder_writes_in_any_order) {
    EXPECT_EQ(read("2024-06-14 11.39.22 ↑ Oma Jansen 0205550101.ogg"),
              "axet 2024-06-14T11:39:22+02:00 out 0205550101 Oma Jansen");
    EXPECT_EQ(read("↓ Oma 0205550101 20240614T113922.ogg"),
              "axet 2024-06-14T11:39:22+02:00 in 0205550101 Oma");
    EXPECT_EQ(read("1718357962 ↓ 0205550101.ogg"),
              "axet 2024-06-14T11:39:22+02:00 in 0205550101 -");
    EXPECT_EQ(read("2024-06-14 11.39.22 0205550101.ogg"),
              "axet 2024-06-14T11:39:22+02:00 - 0205550101 -");
}

TEST(file_name, reads_exchanges_and_tells_the_extension_from_the_other) {
    EXPECT_EQ(read("20240614-113922_302_(020)555-0101_Outgoing_Auto_2243071124051.mp3"),
              "ringcentral 2024-06-14T11:39:22+02:00 out 0205550101 -");
    EXPECT_EQ(extra("20240614-113922_302_(020)555-0101_Outgoing_Auto_22.mp3", "extension"), "302");
    EXPECT_EQ(read("20240614-113922_(020)555-0101_Incoming_Auto_2243071124051.mp3"),
              "ringcentral 2024-06-14T11:39:22+02:00 in 0205550101 -");
    EXPECT_EQ(read("[]_100-0205550101_20240614113922(2).wav"),
              "3cx 2024-06-14T11:39:22+02:00 out 0205550101 -");
    EXPECT_EQ(read("[Jan de Boer]_0205550101-100_20240614113922(13).wav"),
              "3cx 2024-06-14T11:39:22+02:00 in 0205550101 Jan de Boer");
    EXPECT_EQ(read("[0205550101]_0205550101-100_20240614113922(13).wav"),
              "3cx 2024-06-14T11:39:22+02:00 in 0205550101 -");
    EXPECT_EQ(read("[Balie]_100-101_20240614113922(14).wav"),
              "3cx 2024-06-14T11:39:22+02:00 - 101 Balie");
    EXPECT_EQ(extra("[Balie]_100-101_20240614113922(14).wav", "internal"), "yes");
    EXPECT_EQ(read("out-0205550101-302-20240614-113922-1718357962.42.wav"),
              "asterisk 2024-06-14T11:39:22+02:00 out 0205550101 -");
    EXPECT_EQ(read("external-302-0205550101-20240614-113922-1718357962.42.wav"),
              "asterisk 2024-06-14T11:39:22+02:00 in 0205550101 -");
    EXPECT_EQ(extra("external-302-0205550101-20240614-113922-1718357962.42.wav", "extension"),
              "302");
    EXPECT_EQ(read("force-0205550101-302-20240614-113922-1718357962.42.wav"),
              "asterisk 2024-06-14T11:39:22+02:00 - 0205550101 -");
    EXPECT_EQ(read("auto-1718357962-302-0205550101.wav"),
              "asterisk 2024-06-14T11:39:22+02:00 - 0205550101 -");
    EXPECT_EQ(read("20240614-113922_0205550101-all.mp3"),
              "vicidial 2024-06-14T11:39:22+02:00 - 0205550101 -");
    EXPECT_EQ(read("Auto0_GUID_000_AGENT_Jan_DT_2024-06-14T11-39-22_Mono.wav"),
              "aws 2024-06-14T11:39:22+02:00 - - -");
    EXPECT_EQ(extra("Auto0_GUID_000_AGENT_Jan_DT_2024-06-14T11-39-22.wav", "agent"), "Jan");
    EXPECT_EQ(read("GMT20240614-093922_Recording.m4a"), "zoom 2024-06-14T11:39:22+02:00 - - -");
    EXPECT_EQ(read("Call with Oma-20240614_093922UTC-Meeting Recording.mp4"),
              "teams 2024-06-14T11:39:22+02:00 - - Oma");
}

TEST(file_name, a_message_is_a_message_and_has_no_direction) {
    for (const auto* name : {"WhatsApp Audio 2024-06-14 at 11.39.22.opus",
                             "WhatsApp Ptt 2024-06-14 om 11.39.22 (1).ogg",
                             "WhatsApp-Audio-2024-06-14-at-11.39.22-AM.mp3",
                             "WhatsApp Audio 2024-06-14 at 11.39.22\u202FAM_0a1b2c3d.mp3",
                             "00000042-AUDIO-2024-06-14-11-39-22.opus",
                             "signal-2024-06-14-113922.aac", "audio_3@14-06-2024_11-39-22.ogg"}) {
        const auto named = read_file_name(name);
        EXPECT_EQ(named.kind, "message") << name;
        EXPECT_EQ(named.direction, "") << name;
        EXPECT_EQ(time_of(named), "2024-06-14T11:39:22+02:00") << name;
    }
    const auto day = read_file_name("PTT-20240614-WA0007.opus");
    EXPECT_EQ(day.kind, "message");
    EXPECT_EQ(day.started->precision, Precision::day);
    for (const auto* name : {"msg0003.wav", "rec.0.002"}) {
        EXPECT_EQ(read_file_name(name).kind, "message") << name;
        EXPECT_EQ(read_file_name(name).direction, "in") << name;
    }
}

TEST(file_name, a_second_copy_is_read_as_the_first) {
    for (const auto* mark : {" (1)", " (12)", " - Copy", " - kopie (2)"})
        EXPECT_EQ(read("20240614_113922.459+0200_in_+31205550101_Oma" + std::string(mark) + ".oga"),
                  "bcr 2024-06-14T11:39:22.459+02:00 in +31205550101 Oma")
            << mark;
}

TEST(file_name, folders_and_extensions_are_no_part_of_it) {
    const std::string_view read_as = "plainstamp 2024-06-14T11:39:22+02:00 - - -";
    for (const auto* name : {"Music/PhoneRecord/20240614_113922.amr", "C:\\x\\20240614_113922.amr",
                             "20240614_113922", "20240614_113922.amr.mp3", "20240614_113922.M4A"})
        EXPECT_EQ(read(name), read_as) << name;
}

TEST(file_name, what_has_no_facts_gives_none) {
    for (const auto* name :
         {"", ".", ".mp3", "vakantie opa zingt.mp3", "IMG_20240614.jpg", "New Recording 12.m4a",
          "Nieuwe opname 3.m4a", "Track 01.mp3", "rechter opname oma.wav", "audio_only.m4a",
          "Call recording Oma_249925_154438.m4a", "0d20241399999999pnull.mp4",
          "2f9c1c1e-4b1d-4a52-9d0e-0123456789ab.wav", "opa in de tuin.mp3", "112.mp3", "Oma.m4a",
          "20249999_999999.amr"}) {
        const auto named = read_file_name(name);
        EXPECT_TRUE(named.is_empty()) << name << ": " << read(name);
    }
}

TEST(file_name, a_date_in_any_usual_order_is_found_by_the_general_reader) {
    for (const auto* name :
         {"2024-06-14 @ 11.39.22 AM.oga", "Boerderij 2024-06-14 11:39:22.wav",
          "2024.06.14 11h39m22s.wav", "14.06.2024 11.39.22.wav", "gesprek 14-06-2024 11-39-22.mp3",
          "06-14-2024 11-39-22.mp3", "14 juni 2024 11.39.22.m4a", "Jun 14, 2024 at 11.39.22 AM.m4a",
          "x20240614113922y.mp3", "20240614T113922.wav", "rec_20240614_113922.wav"}) {
        const auto named = read_file_name(name);
        EXPECT_EQ(named.recorder, "") << name;
        EXPECT_EQ(time_of(named), "2024-06-14T11:39:22+02:00") << name;
    }
    EXPECT_EQ(time_of(read_file_name("2023-04-14 @ 9.57.01 PM.oga")), "2023-04-14T21:57:01+02:00");
}

TEST(file_name, a_date_that_could_be_two_is_none) {
    EXPECT_FALSE(read_file_name("gesprek 05-06-2024 11-39-22.mp3").started);
    EXPECT_TRUE(read_file_name("gesprek 06-06-2024 11-39-22.mp3").started);
    EXPECT_TRUE(read_file_name("gesprek 05.06.2024 11-39-22.mp3").started);  // nobody means May
}

TEST(file_name, a_day_alone_is_weak) {
    const auto named = read_file_name("oma vertelt 2024-06-14.mp3");
    ASSERT_TRUE(named.started);
    EXPECT_EQ(named.time_sureness, Sureness::weak);
    EXPECT_TRUE(named.names.empty());
}

TEST(file_name, words_for_the_direction_are_read_where_they_stand_alone) {
    EXPECT_EQ(read("myrecordings_20240614_113922_out_%2B31205550101.WAV"),
              "- 2024-06-14T11:39:22+02:00 out +31205550101 myrecordings");
    EXPECT_EQ(read("Call_20240614_113922_INCOMING_0205550101.m4a"),
              "- 2024-06-14T11:39:22+02:00 in 0205550101 -");
    EXPECT_EQ(read("2024-06-14_11-39-22_uitgaand_Oma_0205550101.mp3"),
              "- 2024-06-14T11:39:22+02:00 out 0205550101 Oma");
    EXPECT_EQ(read("2024-06-14_11-39-22_in_van Jan van Dijk_0205550101.mp3"),
              "- 2024-06-14T11:39:22+02:00 in 0205550101 Jan van Dijk");
    EXPECT_EQ(read_file_name("Recording_1718357962000.m4a").kind, "");
    EXPECT_EQ(read_file_name("opa in de tuin 2024-06-14 11.39.22.mp3").direction, "");
    EXPECT_EQ(read_file_name("incoming_outgoing_20240614113922.mp3").direction, "");
}

TEST(file_name, a_voicemail_is_a_message_that_came_in) {
    const auto named = read_file_name("voicemail-+31205550101.m4a");
    EXPECT_EQ(named.kind, "message");
    EXPECT_EQ(named.direction, "in");
    EXPECT_EQ(joined(named.numbers), "+31205550101");
}

TEST(file_name, a_number_is_what_could_be_called) {
    for (const auto* text : {"+31 20 555 01 01", "(020) 555-0101", "112", "*21#", "06-12345678"})
        EXPECT_TRUE(is_number(text)) << text;
    for (const auto* text : {"", "12", "Oma", "+", "1234567890123456", "06 Jan"})
        EXPECT_FALSE(is_number(text)) << text;
}

TEST(file_name, findings_say_what_was_read_and_how_sure_it_is) {
    const auto named = read_file_name("20240614_113922+0200_in_+31205550101_Oma.oga");
    const auto findings = findings_of(named, DutchZone());
    ASSERT_EQ(findings.size(), 6U);
    EXPECT_EQ(findings[0].fact, Fact::started);
    EXPECT_EQ(findings[0].value, "2024-06-14T11:39:22+02:00");
    EXPECT_EQ(findings[0].sureness, Sureness::sure);
    EXPECT_EQ(findings[1],
              (call::Finding{Fact::direction, "in", call::Source::file_name, Sureness::sure, ""}));
    EXPECT_EQ(findings[5].value, "bcr");
}

TEST(file_name, a_name_of_any_length_is_read_in_no_time) {
    const std::string parens(100'000, '(');
    const std::string ats(100'000, '@');
    const auto before = std::chrono::steady_clock::now();
    for (const auto& text : {parens, ats, std::string(100'000, '1'), std::string(100'000, '_'),
                             "Call recording " + std::string(300, 'x') + "_240614_113922"})
        (void)read_file_name(text + ".mp3");
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(2));
}

RC_GTEST_PROP(file_name, whatever_the_name_what_is_read_is_possible, (const std::string& junk)) {
    const auto dates = *rc::gen::element<std::string>("", "_240614_113922", "_20240614113922",
                                                      "-2406141139", " 2024-06-14 11.39.22 ");
    const auto named = read_file_name(junk + dates + ".mp3");
    for (const auto& number : named.numbers)
        RC_ASSERT(number.find_first_not_of("+0123456789*#") == std::string::npos);
    for (const auto& name : named.names)
        RC_ASSERT(!name.empty() && as_utf8(name) == name);
    RC_ASSERT(named.direction.empty() || named.direction == "in" || named.direction == "out" ||
              named.direction == "conference");
}

RC_GTEST_PROP(file_name, bcrs_names_are_read_back, ()) {
    const auto number =
        "+" + std::to_string(*rc::gen::inRange<std::int64_t>(31'000'000'000, 32'000'000'000));
    const auto name = *rc::gen::element<std::string>("Oma", "Jan de Boer", "7 Zussen", "Ælfgifu");
    const auto way = *rc::gen::element<std::string>("in", "out");
    const auto named =
        read_file_name("20240614_113922.459+0200_" + way + "_" + number + "_" + name + ".oga");
    RC_ASSERT(named.direction == way);
    RC_ASSERT(joined(named.numbers) == number);
    RC_ASSERT(joined(named.names) == name);
}

}  // namespace
}  // namespace nk::importing
