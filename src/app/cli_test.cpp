#include "app/cli.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/completion.h"
#include "app/json.h"
#include "app/testing_archive.h"
#include "app/testing_entry.h"
#include "purpose/retention.h"

namespace nk::app {
namespace {

namespace fs = std::filesystem;
using testing::contents;
using testing::naklank;
using testing::TheCommandLine;

TEST_F(TheCommandLine, lists_shows_and_verifies_what_is_there) {
    const auto list = with_archive({"list", "--json"});
    EXPECT_EQ(list.exit_code, 0);
    const Json array = Json::parse(list.out);
    ASSERT_EQ(array.size(), 2U);
    EXPECT_EQ(array[0]["conversation"]["others"].size(), 1U);
    const Json shown = Json::parse(with_archive({"show", ids_[1], "--json"}).out);
    EXPECT_EQ(shown["id"], ids_[1]);
    EXPECT_EQ(shown["conversation"]["id"], std::min(ids_[0], ids_[1]));
    const auto verified = with_archive({"verify", "--all", "--json"});
    EXPECT_EQ(verified.exit_code, 0) << verified.out;
    EXPECT_EQ(Json::parse(verified.out),
              Json::parse(
                  R"({"checked": 2, "wrong": [], "strangers": [], "unlistable": [], "set_aside": [],
                              "catalogue": null})"));
}

TEST_F(TheCommandLine, lists_the_same_after_the_catalogue_was_lost_and_rebuilt) {
    const auto before = with_archive({"list", "--json"}).out;
    for (const char* part : {"", "-wal", "-shm"})
        fs::remove(archive::catalogue_path(root_) + part);
    EXPECT_EQ(with_archive({"list"}).exit_code, 1);
    EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0);
    EXPECT_EQ(with_archive({"list", "--json"}).out, before);
    EXPECT_FALSE(disk_.exists(archive::catalogue_path(root_) + ".rebuild"));
}

TEST_F(TheCommandLine, takes_an_empty_catalogue_for_none) {
    for (const char* part : {"", "-wal", "-shm"})
        fs::remove(archive::catalogue_path(root_) + part);
    std::ofstream(archive::catalogue_path(root_)).close();
    const auto listed = with_archive({"list"});
    EXPECT_EQ(listed.exit_code, 1);
    EXPECT_NE(listed.err.find("there is no catalogue"), std::string::npos);
    EXPECT_EQ(with_archive({"verify", "--all"}).exit_code, 1);
    EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0);
    EXPECT_EQ(with_archive({"verify", "--all"}).exit_code, 0);
}

TEST_F(TheCommandLine, rebuilds_over_a_catalogue_that_is_open_broken_or_stale) {
    const auto before = with_archive({"list", "--json"}).out;
    {
        const auto open = archive::Catalogue::open(archive::catalogue_path(root_));
        auto ghost = testing::entry().facts;
        ghost.id = "20261124T000000Z-aaaaaa";  // in the catalogue alone
        ASSERT_TRUE((*open)->insert(ghost));
        EXPECT_EQ(with_archive({"verify", "--all"}).exit_code, 1);
        EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0);
        EXPECT_EQ((*open)->ids()->size(), 2U);  // the open one sees it: it is the same file
    }
    EXPECT_EQ(with_archive({"list", "--json"}).out, before);
    std::ofstream(archive::catalogue_path(root_)) << "this is no database, and longer than a page";
    EXPECT_EQ(with_archive({"list"}).exit_code, 1);
    EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0);
    EXPECT_EQ(with_archive({"list", "--json"}).out, before);
}

TEST_F(TheCommandLine, rebuilds_over_a_catalogue_that_opens_and_is_broken_inside) {
    const auto before = with_archive({"list", "--json"}).out;
    // An index of another column than it says, and a table that is gone.
    for (const auto& [is, becomes] : std::vector<std::pair<std::string, std::string>>{
             {"recordings (started)", "recordings (  ended)"}, {"marks", "marxx"}}) {
        std::string bytes = contents(archive::catalogue_path(root_));
        for (std::size_t at = 0; (at = bytes.find(is, at)) != std::string::npos; at += is.size())
            bytes.replace(at, is.size(), becomes);
        std::ofstream(archive::catalogue_path(root_)) << bytes;
        const auto verified = with_archive({"verify", "--all"});
        EXPECT_EQ(verified.exit_code, 1) << is;
        EXPECT_NE(verified.err.find("naklank rebuild"), std::string::npos) << verified.err;
        EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0) << is;
        EXPECT_EQ(with_archive({"verify", "--all"}).exit_code, 0) << is;
        EXPECT_EQ(with_archive({"list", "--json"}).out, before);
    }
}

TEST_F(TheCommandLine, removes_no_folder_that_has_a_catalogues_name) {
    for (const std::string name : {"catalogue.sqlite.rebuild", "catalogue.sqlite.rebuild-wal",
                                   "catalogue.sqlite", "catalogue.sqlite-shm"}) {
        const std::string taken = root_ + "/" + name;
        fs::remove(taken);
        fs::create_directories(taken);
        std::ofstream(taken + "/mine.txt") << "x";
        const auto answer = with_archive({"rebuild"});
        EXPECT_EQ(answer.exit_code, 2) << name;
        EXPECT_NE(answer.err.find(taken + " is a folder"), std::string::npos) << answer.err;
        EXPECT_TRUE(fs::exists(taken + "/mine.txt"));
        fs::remove_all(taken);
    }
    EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0);
}

TEST_F(TheCommandLine, names_in_a_rebuild_what_it_cannot_read) {
    std::ofstream(folder(ids_[0]) + "/call.vcon.json") << "{";
    fs::create_directories(root_ + "/.incoming/20261125T000000Z-cccccc");
    const auto rebuilt = with_archive({"rebuild", "--json"});
    EXPECT_EQ(rebuilt.exit_code, 1);
    const Json report = Json::parse(rebuilt.out);
    EXPECT_EQ(report["recordings"], 1);
    EXPECT_EQ(report["unreadable"].size(), 1U);
    EXPECT_EQ(report["unfinished"][0], "20261125T000000Z-cccccc");
}

TEST_F(TheCommandLine, tells_of_a_recording_in_the_wrong_place_and_of_strangers) {
    fs::create_directories(root_ + "/2026/11/24");
    const std::string moved = "2026/11/24/" + ids_[0];
    fs::rename(folder(ids_[0]), root_ + "/" + moved);
    std::ofstream(root_ + "/2026/11/23/notes.txt") << "x";
    std::ofstream(root_ + "/list.txt") << "x";
    const auto rebuilt = with_archive({"rebuild"});
    EXPECT_EQ(rebuilt.exit_code, 1);
    EXPECT_NE(rebuilt.err.find("left out: " + moved), std::string::npos) << rebuilt.err;
    EXPECT_EQ(Json::parse(with_archive({"rebuild", "--json"}).out)["misplaced"],
              Json::array({moved}));
    const auto verified = with_archive({"verify", "--all"});
    EXPECT_EQ(verified.exit_code, 1);
    EXPECT_NE(verified.out.find(ids_[0] + ": " + moved + " lies where no command finds it"),
              std::string::npos)
        << verified.out;
    fs::rename(root_ + "/" + moved, folder(ids_[0]));
    EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0);
    const auto again = with_archive({"verify", "--all"});
    EXPECT_EQ(again.exit_code, 0) << again.out;
    for (const std::string path : {"2026/11/23/notes.txt", "list.txt"})
        EXPECT_NE(again.err.find(path + " is no recording"), std::string::npos) << again.err;
    EXPECT_EQ(Json::parse(with_archive({"verify", "--all", "--json"}).out)["strangers"],
              Json::array({"2026/11/23/notes.txt", "list.txt"}));
}

TEST_F(TheCommandLine, mentions_runs_that_were_put_aside_and_finds_nothing_wrong_with_them) {
    const std::string run = root_ + "/.journal/set-aside/20261125T000000Z-dddddd";
    fs::create_directories(run);
    EXPECT_EQ(Json::parse(with_archive({"verify", "--all", "--json"}).out)["set_aside"],
              Json::array({run}));
    const auto verified = with_archive({"verify", "--all"});
    EXPECT_EQ(verified.exit_code, 0);
    EXPECT_NE(verified.err.find("kept in " + run), std::string::npos) << verified.err;
    EXPECT_EQ(with_archive({"verify", "--all", "--quiet"}).err, "");
    EXPECT_EQ(with_archive({"verify", ids_[0]}).err, "");
}

TEST_F(TheCommandLine, names_in_a_rebuild_what_is_gone_from_the_archive) {
    fs::remove_all(folder(ids_[0]));
    const auto rebuilt = with_archive({"rebuild"});
    EXPECT_EQ(rebuilt.exit_code, 0);
    EXPECT_EQ(rebuilt.err,
              "naklank rebuild: " + ids_[0] + " was in the catalogue, but its folder is gone\n");
    fs::remove_all(folder(ids_[1]));
    const auto again = with_archive({"rebuild", "--json"});
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_EQ(Json::parse(again.out)["gone"], Json::array({ids_[1]}));
    EXPECT_EQ(Json::parse(with_archive({"rebuild", "--json"}).out)["gone"], Json::array());
}

TEST_F(TheCommandLine, counts_the_gone_beyond_twenty) {
    {
        const auto catalogue = archive::Catalogue::open(archive::catalogue_path(root_));
        auto ghost = testing::entry().facts;
        for (int i = 10; i < 33; ++i) {
            ghost.id = "202611" + std::to_string(i) + "T000000Z-aaaaaa";
            ghost.uuid = std::to_string(i);
            ASSERT_TRUE((*catalogue)->insert(ghost));
        }
    }
    const auto rebuilt = with_archive({"rebuild"});
    EXPECT_EQ(std::count(rebuilt.err.begin(), rebuilt.err.end(), '\n'), 21) << rebuilt.err;
    EXPECT_NE(rebuilt.err.find("rebuild: and 3 more are gone\n"), std::string::npos);
}

TEST_F(TheCommandLine, says_by_its_exit_code_that_a_recording_was_changed) {
    std::ofstream(folder(ids_[0]) + "/audio.flac", std::ios::app) << "x";
    const auto verified = with_archive({"verify", ids_[0], "--json"});
    EXPECT_EQ(verified.exit_code, 1);
    EXPECT_EQ(Json::parse(verified.out)["wrong"][0]["id"], ids_[0]);
    EXPECT_EQ(with_archive({"verify", ids_[1]}).exit_code, 0);
}

TEST_F(TheCommandLine, takes_no_recording_for_another_whose_folder_it_got) {
    fs::rename(folder(ids_[0]), root_ + "/away");
    fs::rename(folder(ids_[1]), folder(ids_[0]));
    fs::rename(root_ + "/away", folder(ids_[1]));
    for (const auto& command :
         std::vector<std::vector<std::string>>{{"show", ids_[0]},
                                               {"show", ids_[0], "--json"},
                                               {"verify", ids_[0]},
                                               {"verify", "--all"},
                                               {"export", ids_[0], "-o", "-"},
                                               {"export", ids_[0], "--format", "json", "-o", "-"},
                                               {"rebuild"}}) {
        const auto answer = with_archive(command);
        EXPECT_EQ(answer.exit_code, 1) << command[0];
        EXPECT_NE((answer.out + answer.err).find("is of another recording"), std::string::npos)
            << answer.out << answer.err;
    }
}

TEST_F(TheCommandLine, takes_no_link_for_a_recording) {
    fs::rename(folder(ids_[0]) + "/audio.flac", root_ + "/away.flac");
    fs::create_symlink(root_ + "/away.flac", folder(ids_[0]) + "/audio.flac");
    fs::rename(folder(ids_[1]), root_ + "/away");
    fs::create_symlink(root_ + "/away", folder(ids_[1]));
    for (const auto& id : ids_) {
        const auto verified = with_archive({"verify", id});
        EXPECT_EQ(verified.exit_code, 1);
        EXPECT_NE(verified.out.find(" is a link;"), std::string::npos) << verified.out;
        EXPECT_EQ(with_archive({"export", id, "-o", "-"}).exit_code, 1);
    }
}

TEST_F(TheCommandLine, follows_no_link_in_place_of_the_catalogue) {
    for (const char* part : {"", "-wal", "-shm"})
        fs::remove(archive::catalogue_path(root_) + part);
    const std::string elsewhere = root_ + "-elsewhere.sqlite";
    fs::create_symlink(elsewhere, archive::catalogue_path(root_));
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"list"}, {"verify", "--all"}}) {
        const auto answer = with_archive(command);
        EXPECT_EQ(answer.exit_code, 1);
        EXPECT_NE(answer.err.find("is a link"), std::string::npos) << answer.err;
    }
    const auto recorded =
        with_archive({"record", "--read", NK_SOURCE_DIR "/samples/appointment.pcap", "--quiet"});
    EXPECT_NE(recorded.err.find("is a link"), std::string::npos) << recorded.err;
    EXPECT_FALSE(fs::exists(elsewhere));
    EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0);
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(archive::catalogue_path(root_))));
    EXPECT_FALSE(fs::exists(elsewhere));
    EXPECT_EQ(with_archive({"verify", "--all"}).exit_code, 0);
}

TEST_F(TheCommandLine, finds_an_archive_behind_a_link) {
    const std::string link = root_ + "-link";
    fs::remove(link);
    fs::create_directory_symlink(root_, link);
    EXPECT_EQ(naklank({"verify", "--all", "--archive", link}).exit_code, 0);
    EXPECT_EQ(naklank({"rebuild", "--archive", link}).exit_code, 0);
    EXPECT_EQ(naklank({"list", "--archive", link}).exit_code, 0);
    fs::remove(link);
}

TEST_F(TheCommandLine, exports_nothing_that_was_changed) {
    std::ofstream(folder(ids_[0]) + "/audio.flac", std::ios::app) << "x";
    const std::string path = root_ + "/out.flac";
    const auto answer = with_archive({"export", ids_[0], "-o", path});
    EXPECT_EQ(answer.exit_code, 1);
    EXPECT_NE(answer.err.find("naklank verify"), std::string::npos) << answer.err;
    EXPECT_FALSE(fs::exists(path));
    EXPECT_EQ(with_archive({"export", ids_[0], "-o", "-"}).out, "");
}

TEST_F(TheCommandLine, exports_a_track_and_never_writes_over_a_file_unasked) {
    const std::string path = root_ + "/out.s16le";
    const std::vector<std::string> command{"export",  ids_[0],  "--format", "s16le",
                                           "--track", "caller", "-o",       path};
    EXPECT_EQ(with_archive(command).exit_code, 0);
    EXPECT_EQ(fs::file_size(path), 16'000U);
    const auto again = with_archive(command);
    EXPECT_EQ(again.exit_code, 2);
    EXPECT_NE(again.err.find("--force"), std::string::npos);
    auto forced = command;
    forced.emplace_back("--force");
    EXPECT_EQ(with_archive(forced).exit_code, 0);
    const auto piped = with_archive({"export", ids_[0], "--format", "s16le", "--trim", "-o", "-"});
    ASSERT_EQ(piped.out.size(), 4U * (8000 - 160));
    EXPECT_EQ(static_cast<std::uint8_t>(piped.out[0]), samples_[320] & 0xff);
}

TEST_F(TheCommandLine, leaves_nothing_behind_when_an_export_fails) {
    const std::string path = root_ + "/out.wav";
    EXPECT_EQ(with_archive({"export", ids_[0], "--track", "9", "-o", path}).exit_code, 2);
    EXPECT_FALSE(fs::exists(path));
    EXPECT_FALSE(fs::exists(path + ".naklank-part"));
}

TEST_F(TheCommandLine, finds_a_number_as_the_window_does) {
    auto facts = testing::entry().facts;
    facts.call.parties[0].number = "+31209876543";
    facts.call.parties[1].number = "*97";
    ASSERT_TRUE((*archive::Catalogue::open(archive::catalogue_path(root_)))->insert(facts));
    for (const char* written : {"0209876543", "020-987", "(020) 987-6543", "+31 20 98",
                                "0031209876543", "6543", "31209", "*97"}) {
        const auto found = Json::parse(with_archive({"list", "--number", written, "--json"}).out);
        ASSERT_EQ(found.size(), 1U) << written;
        EXPECT_EQ(found[0]["id"], facts.id) << written;
    }
    EXPECT_NE(with_archive({"list", "--number", "0209876544"}).err.find("No recordings like that"),
              std::string::npos);
    const auto letters = with_archive({"list", "--number", "abc"});
    EXPECT_EQ(letters.exit_code, 2);
    EXPECT_NE(letters.err.find("\"abc\" holds no digits"), std::string::npos) << letters.err;
}

TEST_F(TheCommandLine, completes_ids) {
    EXPECT_EQ(with_archive({"__complete", ids_[0].substr(0, 20)}).out.find(ids_[0]), 0U);
    EXPECT_EQ(with_archive({"__complete", "19"}).out, "");
    const std::string last = ids_[0].substr(ids_[0].rfind('-') + 1);
    EXPECT_EQ(with_archive({"__complete", last}).out, last + "\n");
    EXPECT_EQ(with_archive({"__complete", "20"}).out.find("\n" + last), std::string::npos);
    EXPECT_EQ(with_archive({"__complete", "Z-" + last}).out, "");
}

TEST(cli, answers_wrong_usage_with_2) {
    for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
             {},
             {"frob"},
             {"show"},
             {"record"},
             {"verify"},
             {"record", "--read", "a", "--interface", "b"},
             {"record", "--read", "a", "--filter", "udp"},
             {"record", "--read", "a", "--purpose", "fun"},
             {"list", "--since", "yes"},
             {"list", "--limit", "0"},
             {"export", "x", "--format", "mp3"},
             {"completion", "tcsh"},
             {"show", "x", "--archive", "/there/is/no/such/archive"}}) {
        const auto answer = naklank(wrong);
        EXPECT_EQ(answer.exit_code, 2) << ::testing::PrintToString(wrong);
        EXPECT_FALSE(answer.err.empty()) << ::testing::PrintToString(wrong);
        EXPECT_TRUE(answer.out.empty()) << answer.out;
    }
    EXPECT_NE(naklank({"record", "--read", "a", "--purpose", "fun"}).err.find("keepsake"),
              std::string::npos);
}

TEST(cli, takes_no_empty_argument_for_one_that_was_left_out) {
    for (const std::vector<std::string>& empty :
         std::vector<std::vector<std::string>>{{"list", "--archive", ""},
                                               {"list", "--archive="},
                                               {"list", "--number", ""},
                                               {"list", "--since", ""},
                                               {"show", ""},
                                               {"verify", ""},
                                               {"export", "x", "--track", ""},
                                               {"export", "x", "-o", ""},
                                               {"export", ""},
                                               {"record", "--read", ""},
                                               {"record", "--read", "a", "--tls-keylog", ""},
                                               {"record", "--interface", ""},
                                               {"rebuild", "--archive", ""},
                                               {"recover", "--archive", ""}}) {
        const auto answer = naklank(empty);
        EXPECT_EQ(answer.exit_code, 2) << ::testing::PrintToString(empty);
        EXPECT_FALSE(answer.err.empty()) << ::testing::PrintToString(empty);
        EXPECT_TRUE(answer.out.empty()) << answer.out;
    }
    EXPECT_NE(naklank({"list", "--archive", ""}).err.find("--archive: it is empty"),
              std::string::npos)
        << naklank({"list", "--archive", ""}).err;
}

TEST(cli, answers_an_archive_that_is_a_file_with_2_everywhere) {
    const std::string file = NK_SOURCE_DIR "/VERSION";
    for (std::vector<std::string> command : std::vector<std::vector<std::string>>{
             {"list"},
             {"show", "x"},
             {"verify", "--all"},
             {"verify", "x"},
             {"export", "x"},
             {"rebuild"},
             {"recover"},
             {"record", "--read", NK_SOURCE_DIR "/samples/appointment.pcap"}}) {
        command.insert(command.end(), {"--archive", file});
        const auto answer = naklank(command);
        EXPECT_EQ(answer.exit_code, 2) << command[0];
        EXPECT_EQ(answer.err, "naklank: " + file + " is no folder: an archive is one\n");
    }
}

TEST(cli, answers_help_and_version_with_0) {
    for (const char* command : {"record", "serve", "list", "show", "verify", "export", "rebuild",
                                "recover", "doctor", "import"})
        EXPECT_EQ(naklank({command, "--help"}).exit_code, 0) << command;
    const std::string version = "naklank " + contents(NK_SOURCE_DIR "/VERSION");
    EXPECT_EQ(naklank({"--version"}).out, version);
    EXPECT_EQ(naklank({"version"}).out, version);
}

TEST(cli, takes_help_as_a_command) {
    EXPECT_EQ(naklank({"help"}).out, naklank({"--help"}).out);
    EXPECT_EQ(naklank({"help", "export"}).out, naklank({"export", "--help"}).out);
    EXPECT_EQ(naklank({"help", "help"}).out, naklank({"--help"}).out);
    EXPECT_EQ(naklank({"help"}).exit_code, 0);
    EXPECT_EQ(naklank({"help", "export"}).exit_code, 0);
    const auto unknown = naklank({"help", "frob"});
    EXPECT_EQ(unknown.exit_code, 2);
    EXPECT_NE(unknown.err.find("frob"), std::string::npos);
}

TEST(cli, says_who_complains_and_what_may_have_been_meant) {
    const auto command = naklank({"lost"});
    EXPECT_EQ(command.exit_code, 2);
    EXPECT_TRUE(command.err.starts_with("naklank: ")) << command.err;
    EXPECT_NE(command.err.find("Is it list?\n"), std::string::npos) << command.err;
    const auto option = naklank({"list", "--sinse", "2026-01-01"});
    EXPECT_TRUE(option.err.starts_with("naklank list: ")) << option.err;
    EXPECT_NE(option.err.find("Is it --since?\n"), std::string::npos) << option.err;
    EXPECT_EQ(naklank({"list", "--zzzzzzzz"}).err.find("Is it"), std::string::npos);
}

TEST(cli, names_the_word_that_fits_nothing_and_suggests_another_one) {
    const auto said = [](const std::vector<std::string>& line) {
        const auto answer = naklank(line);
        EXPECT_EQ(answer.exit_code, 2) << line[0];
        EXPECT_EQ(answer.out, "") << line[0];
        return answer.err;
    };
    const std::string no_frob =
        "naklank: there is no command \"frob\"\nnaklank --help tells what there is.\n";
    for (const std::vector<std::string>& line : std::vector<std::vector<std::string>>{
             {"frob", "x"}, {"frob", "--help"}, {"frob", "--json", "--help"}, {"help", "frob"}})
        EXPECT_EQ(said(line), no_frob);
    EXPECT_EQ(said({"list", "--sinc", "2026"}),
              "naklank list: there is no option --sinc\nIs it --since?\n"
              "naklank list --help tells what there is.\n");
    EXPECT_EQ(said({"list", "a", "b"}),
              "naklank list: it takes no \"a\", \"b\"\n"
              "naklank list --help tells what there is.\n");
    EXPECT_EQ(said({"--archive", "/tmp", "list"}),
              "naklank list: --archive stands behind the command: naklank list --archive\n"
              "naklank list --help tells what there is.\n");
}

TEST(cli, gives_each_command_examples_of_its_own) {
    const std::string of_all = "one voice alone, as a WAV file";
    EXPECT_NE(naklank({"--help"}).out.find(of_all), std::string::npos);
    for (const std::string& command :
         std::vector<std::string>{"record", "serve", "list", "show", "verify", "export", "rebuild",
                                  "recover", "doctor", "import", "version", "completion"}) {
        const auto help = naklank({command, "--help"}).out;
        EXPECT_EQ(help.find(of_all), std::string::npos) << command;
        const bool has_examples = help.find("Examples:") != std::string::npos;
        EXPECT_TRUE(has_examples || command == "recover" || command == "version") << command;
    }
}

TEST(cli, says_what_the_purposes_lead_to_and_how_a_time_is_written) {
    std::int64_t days = 0;
    for (const auto& rule : purpose::usual_rules())
        if (rule.purpose == purpose::Purpose::training)
            days = rule.days.value_or(0);
    for (const char* command : {"record", "serve"}) {
        const auto help = naklank({command, "--help"}).out;
        for (const std::string& word :
             std::vector<std::string>{"wording", "training", "agreement", "memory", "keepsake",
                                      "training go after " + std::to_string(days) + " days"})
            EXPECT_NE(help.find(word), std::string::npos) << command << " " << word;
    }
    const auto list = naklank({"list", "--help"}).out;
    for (const char* word : {"--since TIME", "2026-11-23T14:00:00+01:00", "zone"})
        EXPECT_NE(list.find(word), std::string::npos) << word;
}

TEST(cli, tells_a_bare_capture_that_it_wants_read) {
    for (const std::vector<std::string>& line :
         std::vector<std::vector<std::string>>{{"record", "calls.pcap"},
                                               {"record", "calls.pcap", "more.pcap"},
                                               {"record", "--read", "first.pcap", "calls.pcap"}}) {
        const auto answer = naklank(line);
        EXPECT_EQ(answer.exit_code, 2);
        EXPECT_NE(answer.err.find("calls.pcap"), std::string::npos) << answer.err;
        EXPECT_NE(answer.err.find("--read FILE"), std::string::npos) << answer.err;
    }
    for (const std::vector<std::string>& line : std::vector<std::vector<std::string>>{
             {"record", "--frob"}, {"record", "--help"}, {"list", "calls.pcap"}})
        EXPECT_EQ(naklank(line).err.find("--read FILE"), std::string::npos) << line[1];
}

// Every long option that a command's help names.
std::vector<std::string> options_of(const std::string& command) {
    std::vector<std::string> options;
    const std::string help = naklank({command, "--help"}).out;
    const std::string listed = help.substr(0, help.find("Examples:"));
    for (std::size_t at = listed.find("--"); at != std::string::npos;
         at = listed.find("--", at + 2)) {
        const std::size_t end = listed.find_first_not_of("abcdefghijklmnopqrstuvwxyz", at + 2);
        if (end > at + 2)
            options.push_back(listed.substr(at, end - at));
    }
    return options;
}

TEST(completion, and_the_man_page_leave_no_command_and_no_option_out) {
    const std::string man = contents(NK_SOURCE_DIR "/packaging/naklank.1");
    ASSERT_FALSE(man.empty());
    for (const char* command : {"record", "serve", "list", "show", "verify", "export", "rebuild",
                                "recover", "doctor", "import", "version", "completion", "help"}) {
        for (const char* shell : {"bash", "zsh", "fish"})
            EXPECT_NE(completion_script(shell)->find(command), std::string::npos) << command;
        EXPECT_NE(man.find(command), std::string::npos) << command;
    }
    for (const char* command : {"record", "serve", "list", "show", "verify", "export", "rebuild",
                                "recover", "doctor", "import"}) {
        const auto options = options_of(command);
        EXPECT_GE(options.size(), 3U) << command;
        for (const auto& option : options) {
            EXPECT_NE(completion_script("bash")->find(option), std::string::npos) << option;
            EXPECT_NE(completion_script("zsh")->find(option), std::string::npos) << option;
            EXPECT_NE(completion_script("fish")->find("-l " + option.substr(2)), std::string::npos)
                << option;
            EXPECT_NE(man.find("\\-\\-" + option.substr(2)), std::string::npos) << option;
        }
    }
    EXPECT_FALSE(completion_script("tcsh"));
}

}  // namespace
}  // namespace nk::app
