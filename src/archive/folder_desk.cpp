#include "archive/folder_desk.h"

#include <utility>

#include "archive/layout.h"
#include "archive/vcon.h"
#include "base/bytes.h"

namespace nk::archive {

FolderDesk::FolderDesk(Disk& disk, const Clock& clock, recording::Name name, std::string folder)
    : disk_(disk), clock_(clock), name_(std::move(name)), folder_(std::move(folder)) {}

Result<void> FolderDesk::check_open() const {
    if (!is_open_)
        return refuse(Code::broken, Blame::ourselves, "the desk of " + name_.id + " is closed");
    return {};
}

Result<void> FolderDesk::check_name(const std::string& name) const {
    NK_TRY(check_open());
    if (!is_file_name(name))
        return refuse(Code::broken, Blame::ourselves, "\"" + name + "\" is no file name");
    return {};
}

Result<std::unique_ptr<File>> FolderDesk::create(const std::string& name) {
    NK_TRY(check_name(name));
    NK_TAKE(auto file, disk_.create(path(name)));
    files_.insert(name);
    return file;
}

Result<std::unique_ptr<File>> FolderDesk::open(const std::string& name) {
    NK_TRY(check_name(name));
    return disk_.open(path(name));
}

Result<void> FolderDesk::rename(const std::string& from, const std::string& to) {
    NK_TRY(check_name(from));
    NK_TRY(check_name(to));
    NK_TRY(disk_.rename(path(from), path(to)));
    files_.erase(from);
    files_.insert(to);
    return {};
}

Result<void> FolderDesk::remove(const std::string& name) {
    NK_TRY(check_name(name));
    NK_TRY(disk_.remove_tree(path(name)));
    files_.erase(name);
    return {};
}

Result<void> FolderDesk::describe(recording::RecordingFacts& facts) {
    NK_TRY(check_open());
    facts.id = name_.id;
    facts.uuid = name_.uuid;
    if (facts.sealed_at == WallTime{})
        facts.sealed_at = clock_.wall();
    const std::string name(vcon_file);
    const std::string vcon = to_vcon(facts);
    NK_TRY(disk_.remove_tree(path(name)));  // of an attempt that failed and is tried again
    NK_TAKE(const auto file, create(name));
    NK_TRY(file->write(as_bytes(vcon)));
    for (const auto& written : files_) {
        NK_TAKE(const auto file_there, open(written));
        file_there->begin_sync();
    }
    return {};
}

Result<void> FolderDesk::sync() {
    NK_TRY(check_open());
    for (const auto& name : files_) {
        NK_TAKE(const auto file, open(name));
        NK_TRY(file->sync());
    }
    return disk_.sync_folder(folder_);
}

void FolderDesk::discard() {
    if (std::exchange(is_open_, false))
        (void)disk_.remove_tree(folder_);
}

}  // namespace nk::archive
