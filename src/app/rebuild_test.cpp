// `naklank rebuild` where the catalogue or the archive is not as it should be.
#include "archive/rebuild.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "app/catalogue_advice.h"
#include "app/json.h"
#include "app/testing_archive.h"

namespace nk::app {
namespace {

namespace fs = std::filesystem;

class TheRebuild : public testing::TheCommandLine {
protected:
    [[nodiscard]] std::string catalogue() const { return archive::catalogue_path(root_); }
    // Writes over the file's bytes in place.
    void spoil(const std::string& what, const std::string& with) {
        std::string bytes = testing::contents(catalogue());
        const auto at = bytes.find(what);
        ASSERT_NE(at, std::string::npos);
        bytes.replace(at, with.size(), with);
        std::ofstream(catalogue()) << bytes;
    }
    void enter(const std::string& id) {
        const auto open = archive::Catalogue::open(catalogue());
        ASSERT_TRUE((*open)->insert(called(id)));
    }
    static recording::RecordingFacts called(const std::string& id) {
        auto facts = testing::entry().facts;
        facts.id = id;
        facts.uuid = "uuid of " + id;
        return facts;
    }
    std::size_t listed() { return Json::parse(with_archive({"list", "--json"}).out).size(); }
    Json rebuilt() { return Json::parse(with_archive({"rebuild", "--json"}).out); }
};

// One of its folders may not be listed.
class ClosedDisk : public host::RealDisk {
public:
    explicit ClosedDisk(std::string folder) : closed_(std::move(folder)) {}
    Result<std::vector<FolderEntry>> list(const std::string& path) override {
        if (path == closed_)
            return refuse(Code::refused, Blame::machine, "cannot list " + path);
        return RealDisk::list(path);
    }

private:
    std::string closed_;
};

TEST_F(TheRebuild, forgets_no_recording_in_a_folder_that_cannot_be_listed) {
    ClosedDisk closed(archive::day_folder(root_, ids_[0]));
    const auto rebuilt = archive::rebuild(closed, root_);
    ASSERT_FALSE(rebuilt);
    EXPECT_NE(rebuilt.error().what.find("cannot list"), std::string::npos) << rebuilt.error().what;
    EXPECT_EQ(Json::parse(with_archive({"list", "--json"}).out).size(), 2U);
}

TEST_F(TheRebuild, tells_what_is_gone_out_of_a_catalogue_that_is_broken) {
    fs::remove_all(folder(ids_[0]));
    spoil("TABLE marks", "TABLE marxx");
    const auto answer = rebuilt();
    EXPECT_EQ(answer["gone"], Json::array({ids_[0]}));
    EXPECT_TRUE(answer["unread"].is_null()) << answer;
}

TEST_F(TheRebuild, reads_around_damage_in_the_old_catalogue) {
    Json ghosts = Json::array();
    for (int i = 100; i < 130; ++i) {
        ghosts.push_back("20261124T000" + std::to_string(i) + "Z-aaaaaa");
        enter(ghosts.back());
    }
    std::string bytes = testing::contents(catalogue());
    const auto page = bytes.find("uuid of " + ghosts[10].get<std::string>()) / 4096 * 4096;
    ASSERT_LT(page, bytes.size());
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(page), 4096, '\0');
    std::ofstream(catalogue()) << bytes;
    const auto answer = rebuilt();
    EXPECT_EQ(answer["gone"], ghosts);
    EXPECT_NE(answer["unread"], Json()) << answer;
    EXPECT_EQ(listed(), 2U);
}

TEST_F(TheRebuild, is_advised_by_show_which_knows_no_conversation) {
    EXPECT_EQ(with_archive({"show", ids_[0]}).err, "");
    std::ofstream(catalogue()) << "this is no database, and longer than a page";
    const auto shown = with_archive({"show", ids_[0], "--json"});
    EXPECT_EQ(shown.exit_code, 0);
    EXPECT_TRUE(Json::parse(shown.out)["conversation"].is_null());
    EXPECT_NE(shown.err.find("not known: "), std::string::npos) << shown.err;
    EXPECT_NE(shown.err.find("naklank rebuild"), std::string::npos) << shown.err;
}

TEST_F(TheRebuild, says_that_the_old_catalogue_could_not_be_read) {
    std::ofstream(catalogue()) << "this is no database, and longer than a page";
    const auto answer = with_archive({"rebuild"});
    EXPECT_EQ(answer.exit_code, 0);
    EXPECT_NE(answer.err.find("only the old catalogue knew"), std::string::npos) << answer.err;
    EXPECT_EQ(with_archive({"rebuild"}).err, "");
}

// A recorder has the catalogue open for weeks.
TEST_F(TheRebuild, takes_along_a_recorder_that_has_the_old_file_open) {
    const std::string third = "20261124T000000Z-aaaaaa", fourth = "20261124T000000Z-bbbbbb";
    const auto open = archive::Catalogue::open(catalogue());
    std::ofstream(catalogue()) << "this is no database, and longer than a page";
    EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0);
    ASSERT_TRUE((*open)->insert(called(third)));
    EXPECT_EQ(listed(), 3U);
    for (const char* part : {"", "-wal", "-shm"})
        fs::remove(catalogue() + part);
    const auto lost = (*open)->insert(called(fourth));
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, Code::not_found);
    EXPECT_FALSE(fs::exists(catalogue()));  // half a catalogue would pass for a whole one
    EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0);
    ASSERT_TRUE((*open)->insert(called(fourth)));
    EXPECT_EQ(listed(), 3U);
}

// Something happens just before the new file takes the old one's place.
class LateDisk : public host::RealDisk {
public:
    explicit LateDisk(std::function<void()> late) : late_(std::move(late)) {}
    Result<void> rename(const std::string& from, const std::string& to) override {
        late_();
        return RealDisk::rename(from, to);
    }

private:
    std::function<void()> late_;
};

TEST_F(TheRebuild, misses_no_recording_that_was_published_while_it_was_at_it) {
    std::ofstream(catalogue()) << "this is no database, and longer than a page";
    archive::Vault vault(disk_, clock_, random_, root_, nullptr);
    LateDisk disk([&] { record(vault); });
    const auto rebuilt = archive::rebuild(disk, root_);
    ASSERT_TRUE(rebuilt) << rebuilt.error().what;
    EXPECT_EQ(rebuilt->recordings, 3U);
    EXPECT_EQ(listed(), 3U);
}

TEST_F(TheRebuild, enters_what_was_falsified_and_says_so) {
    const std::string path = folder(ids_[0]) + "/call.vcon.json";
    std::string vcon = testing::contents(path);
    vcon.replace(vcon.find("Ada"), 3, "Eve");  // of the standard members; the facts keep theirs
    std::ofstream(path) << vcon;
    const auto answer = with_archive({"rebuild", "--json"});
    EXPECT_EQ(answer.exit_code, 1);
    const Json report = Json::parse(answer.out);
    EXPECT_EQ(report["recordings"], 2);
    ASSERT_EQ(report["doubtful"].size(), 1U);
    EXPECT_NE(report["doubtful"][0].get<std::string>().find(ids_[0]), std::string::npos);
    EXPECT_NE(with_archive({"rebuild"}).err.find("not to be trusted: " + ids_[0]),
              std::string::npos);
    EXPECT_EQ(listed(), 2U);
}

TEST_F(TheRebuild, is_advised_for_a_row_that_cannot_be_read_and_the_others_are_listed) {
    spoil("\"parties\"", "\"partiez\"");
    const auto answer = with_archive({"list", "--json"});
    EXPECT_EQ(answer.exit_code, 1);
    ASSERT_EQ(Json::parse(answer.out).size(), 1U);
    const std::string left = Json::parse(answer.out)[0]["id"];
    const std::string bad = left == ids_[0] ? ids_[1] : ids_[0];
    EXPECT_NE(answer.err.find("row of " + bad + " cannot be read; naklank rebuild"),
              std::string::npos)
        << answer.err;
    EXPECT_EQ(with_archive({"show", bad}).exit_code, 0);
    EXPECT_EQ(with_archive({"rebuild"}).exit_code, 0);
    EXPECT_EQ(with_archive({"list"}).exit_code, 0);
}

TEST(catalogue_advice, sends_nobody_to_rebuild_where_it_does_not_help) {
    for (const auto code : {Code::malformed, Code::broken, Code::unsupported, Code::not_found})
        EXPECT_EQ(with_advice({code, Blame::machine, "x"}),
                  "x; naklank rebuild makes the catalogue again");
    for (const auto code : {Code::disk_full, Code::refused, Code::busy, Code::limit, Code::io}) {
        EXPECT_EQ(with_advice({code, Blame::machine, "x"}).find("rebuild"), std::string::npos);
        EXPECT_TRUE(with_advice_to_recorders({code, Blame::machine, "x"})
                        .ends_with(", then run naklank rebuild"));
    }
}

}  // namespace
}  // namespace nk::app
