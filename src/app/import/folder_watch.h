#pragma once
// What has come into a folder and lies still: to be brought once, and again when it changed or when
// something was laid beside it that speaks of it. Nothing in the folder is changed.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/import/source.h"
#include "base/clock.h"
#include "base/disk.h"

namespace nk::app {

class FolderWatch {
public:
    static constexpr Nanos still_for = seconds(10);  // then nobody writes it any more
    static constexpr Nanos tried_again_after = minutes(10);

    // What was brought is remembered in the file at `seen_path`; when that is lost, all of the
    // folder is looked at again, and found to be known. The disk and the clock outlive it.
    FolderWatch(Disk& disk, const Clock& clock, std::string folder, std::string seen_path);

    // The paths of what is to be brought now, sorted. An error when the folder cannot be read;
    // nothing is forgotten by that.
    Result<std::vector<std::string>> due();
    // What lies there, as due() saw it: names are learnt from each other.
    [[nodiscard]] std::vector<BroughtFile> neighbours() const;
    // They were brought, or left, as they were when due() gave them.
    void brought(const std::vector<std::string>& paths);
    // It could not be brought, and is due again later.
    void failed(const std::string& path);
    // Writes down what was brought since.
    Result<void> remember();
    [[nodiscard]] bool is_remembered() const { return is_remembered_; }

private:
    // As it lies there; of what lies beside it, too.
    struct Look {
        std::uint64_t bytes = 0;
        std::int64_t modified_ns = 0;
        std::uint64_t beside_bytes = 0;
        std::int64_t beside_modified_ns = 0;
        bool operator==(const Look&) const = default;
    };
    struct Waiting {
        Look look;
        MonoTime since;  // it has not changed
    };
    Result<void> look_into(const std::string& folder, int depth, std::map<std::string, Look>& all);
    void read_seen();

    Disk& disk_;
    const Clock& clock_;
    std::string folder_;
    std::string seen_path_;
    std::map<std::string, Look> seen_;
    std::vector<std::string> there_;     // paths
    std::vector<std::string> unlisted_;  // folders that could not be read just now
    std::map<std::string, Waiting> waiting_;
    bool was_read_ = false;
    bool is_remembered_ = true;
};

}  // namespace nk::app
