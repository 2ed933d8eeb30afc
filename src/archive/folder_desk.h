#pragma once
// The desk of recording/shelf.h as a folder under .incoming/, which readers do not look into.

#include <memory>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/disk.h"
#include "recording/shelf.h"

namespace nk::archive {

class FolderDesk final : public recording::Desk {
public:
    // `folder` is there, and empty. The disk and the clock outlive the desk.
    FolderDesk(Disk& disk, const Clock& clock, recording::Name name, std::string folder);
    FolderDesk(const FolderDesk&) = delete;
    FolderDesk& operator=(const FolderDesk&) = delete;
    ~FolderDesk() override { FolderDesk::discard(); }

    Result<std::unique_ptr<File>> create(const std::string& name) override;
    Result<std::unique_ptr<File>> open(const std::string& name) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove(const std::string& name) override;
    Result<void> describe(recording::RecordingFacts& facts) override;
    // What cannot be removed stays under .incoming, where list_unfinished() tells of it.
    void discard() override;

    // Returns when all that lies in the folder would survive a power cut.
    Result<void> sync();
    // From now on it is that recording's.
    void rename_to(recording::Name name) { name_ = std::move(name); }
    // The folder is the desk's no more.
    void let_go() { is_open_ = false; }
    [[nodiscard]] const std::string& id() const { return name_.id; }
    [[nodiscard]] const std::string& folder() const { return folder_; }

private:
    [[nodiscard]] Result<void> check_open() const;
    [[nodiscard]] Result<void> check_name(const std::string& name) const;
    [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

    Disk& disk_;
    const Clock& clock_;
    recording::Name name_;
    std::string folder_;
    std::set<std::string> files_;  // written here, so to be synced
    bool is_open_ = true;
};

}  // namespace nk::archive
