#pragma once
// The Disk of this machine, over POSIX. New files are 0640 and new folders 0750, less the umask.
// An interrupted or partial write goes on; a full disk or an exhausted quota is Code::disk_full.

#include "base/disk.h"

namespace nk::host {

class RealDisk : public Disk {
public:
    Result<std::unique_ptr<File>> create(const std::string& path) override;
    Result<std::unique_ptr<File>> open(const std::string& path) override;
    Result<std::unique_ptr<File>> open_plain(const std::string& path) override;
    Result<void> make_folders(const std::string& path) override;
    Result<void> make_private_folder(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove_tree(const std::string& path) override;
    Result<void> remove_empty_folder(const std::string& path) override;
    Result<void> sync_folder(const std::string& path) override;
    Result<bool> sync_everything(const std::string& folder) override;
    Result<std::vector<FolderEntry>> list(const std::string& path) override;
    Result<FileState> state(const std::string& path) override;
    bool exists(const std::string& path) override;
    bool is_link(const std::string& path) override;
    bool is_writable(const std::string& folder) override;
    Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;
    Result<std::unique_ptr<FileLock>> wait_for_lock(const std::string& path) override;
    Result<bool> is_held(const std::string& path) override;
};

}  // namespace nk::host
