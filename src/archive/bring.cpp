#include "archive/bring.h"

#include <utility>

#include "archive/layout.h"

namespace nk::archive {

namespace {

constexpr int id_tries_max = 100;

}  // namespace

Result<std::unique_ptr<Bringing>> Bringing::begin(Disk& disk, const Clock& clock, Random& random,
                                                  const std::string& root) {
    const auto incoming = incoming_root(root);
    NK_TRY(disk.make_folders(incoming));
    NK_TAKE(const auto entries, disk.list(incoming));
    for (const auto& entry : entries) {
        if (!entry.name.starts_with(import_prefix) || !entry.is_folder || !entry.is_plain)
            continue;
        const auto left = incoming + "/" + entry.name;
        // Who begins just now has a folder and no lock for a moment: then it is not taken away.
        if (disk.exists(left + "/lock") && disk.lock(left + "/lock"))
            (void)disk.remove_tree(left);
    }
    const auto id = make_id(clock.wall(), random);
    const auto folder = incoming + "/" + std::string(import_prefix) + id.substr(id.size() - 6);
    NK_TRY(disk.make_folders(folder));
    NK_TAKE(auto lock, disk.lock(folder + "/lock"));
    return std::make_unique<Bringing>(Key{}, disk, clock, random, root, folder, std::move(lock));
}

Bringing::Bringing(Key, Disk& disk, const Clock& clock, Random& random, std::string root,
                   std::string folder, std::unique_ptr<FileLock> lock)
    : disk_(disk),
      clock_(clock),
      random_(random),
      root_(std::move(root)),
      folder_(std::move(folder)),
      lock_(std::move(lock)) {}

Bringing::~Bringing() {
    (void)disk_.remove_tree(folder_);
}

Result<std::unique_ptr<FolderDesk>> Bringing::place() {
    const auto folder = folder_ + "/" + std::to_string(++places_);
    NK_TRY(disk_.make_folders(folder));
    return std::make_unique<FolderDesk>(disk_, clock_, recording::Name{}, folder);
}

Result<void> Bringing::name(FolderDesk& desk, WallTime started) {
    for (int i = 0; i < id_tries_max; ++i) {
        auto id = make_id(started, random_);
        if (disk_.exists(recording_folder(root_, id)))
            continue;
        desk.rename_to({std::move(id), make_uuid(started, random_)});
        return {};
    }
    return refuse(Code::exists, Blame::machine, "no free id for a recording; is chance broken?");
}

Result<std::unique_ptr<FileLock>> Bringing::turn() {
    return disk_.wait_for_lock(incoming_root(root_) + "/" + std::string(import_turn_file));
}

}  // namespace nk::archive
