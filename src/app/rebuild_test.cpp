// `naklank rebuild` where the catalogue or the archive is not as it should be.
#include "archive/rebuild.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "app/json.h"
#include "app/testing_archive.h"

namespace nk::app {
namespace {

namespace fs = std::filesystem;

class TheRebuild : public testing::TheCommandLine {};

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

}  // namespace
}  // namespace nk::app
