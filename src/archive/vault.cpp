#include "archive/vault.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "archive/layout.h"
#include "archive/reading.h"
#include "archive/vcon.h"
#include "base/bytes.h"
#include "base/checksum.h"
#include "base/limits.h"

namespace nk::archive {

namespace {

constexpr int id_tries_max = 8;              // two calls of one second meet in 30 bits of chance
constexpr std::size_t uuid_time_chars = 13;  // 48 bits of milliseconds, and a hyphen

// No chance: the same from the same.
class Derived : public Random {
public:
    Derived(const std::string& from, std::uint64_t which) : from_(from), which_(which) {}
    void fill(std::span<std::uint8_t> out) override {
        for (auto& byte : out)
            byte = static_cast<std::uint8_t>(
                checksum(as_bytes(from_ + " " + std::to_string(drawn_++)), which_));
    }

private:
    const std::string& from_;
    std::uint64_t which_;
    std::uint64_t drawn_ = 0;
};

}  // namespace

class Vault::FolderDesk final : public recording::Desk {
public:
    FolderDesk(Vault& vault, recording::Name name)
        : vault_(vault),
          id_(std::move(name.id)),
          uuid_(std::move(name.uuid)),
          folder_(incoming_root(vault.root_) + "/" + id_) {}
    FolderDesk(const FolderDesk&) = delete;
    FolderDesk& operator=(const FolderDesk&) = delete;
    ~FolderDesk() override { FolderDesk::discard(); }

    Result<std::unique_ptr<File>> create(const std::string& name) override {
        NK_TRY(check_name(name));
        NK_TAKE(auto file, vault_.disk_.create(folder_ + "/" + name));
        files_.insert(name);
        return file;
    }
    Result<std::unique_ptr<File>> open(const std::string& name) override {
        NK_TRY(check_name(name));
        return vault_.disk_.open(folder_ + "/" + name);
    }
    Result<void> rename(const std::string& from, const std::string& to) override {
        NK_TRY(check_name(from));
        NK_TRY(check_name(to));
        NK_TRY(vault_.disk_.rename(folder_ + "/" + from, folder_ + "/" + to));
        files_.erase(from);
        files_.insert(to);
        return {};
    }
    Result<void> remove(const std::string& name) override {
        NK_TRY(check_name(name));
        NK_TRY(vault_.disk_.remove_tree(folder_ + "/" + name));
        files_.erase(name);
        return {};
    }
    Result<void> publish(recording::RecordingFacts& facts) override;
    void discard() override {
        if (std::exchange(is_open_, false))
            // What cannot be removed stays under .incoming, where list_unfinished() tells of it.
            (void)vault_.disk_.remove_tree(folder_);
    }

private:
    [[nodiscard]] Result<void> check_name(const std::string& name) const {
        if (!is_open_)
            return refuse(Code::broken, Blame::ourselves, "the desk of " + id_ + " is closed");
        if (!is_file_name(name))
            return refuse(Code::broken, Blame::ourselves, "\"" + name + "\" is no file name");
        return {};
    }
    Result<void> write_and_sync(const recording::RecordingFacts& facts);
    Result<void> appear();

    Vault& vault_;
    std::string id_;
    std::string uuid_;
    std::string folder_;
    std::set<std::string> files_;  // written here, so to be synced
    bool is_open_ = true;
};

Result<void> Vault::FolderDesk::publish(recording::RecordingFacts& facts) {
    if (!is_open_)
        return refuse(Code::broken, Blame::ourselves, "the desk of " + id_ + " is closed");
    facts.id = id_;
    facts.uuid = uuid_;
    if (facts.sealed_at == WallTime{})
        facts.sealed_at = vault_.clock_.wall();
    NK_TRY(write_and_sync(facts));
    NK_TRY(appear());
    is_open_ = false;
    vault_.enter(facts);
    return {};
}

Result<void> Vault::FolderDesk::write_and_sync(const recording::RecordingFacts& facts) {
    const std::string vcon = to_vcon(facts);
    const std::string path = folder_ + "/" + std::string(vcon_file);
    NK_TRY(vault_.disk_.remove_tree(path));  // of an attempt that failed and is tried again
    NK_TAKE(const auto file, vault_.disk_.create(path));
    NK_TRY(file->write(as_bytes(vcon)));
    NK_TRY(file->sync());
    for (const auto& name : files_) {
        NK_TAKE(const auto written, vault_.disk_.open(folder_ + "/" + name));
        NK_TRY(written->sync());
    }
    return vault_.disk_.sync_folder(folder_);
}

// The rename is the moment: before it there is nothing, after it the whole recording.
Result<void> Vault::FolderDesk::appear() {
    Disk& disk = vault_.disk_;
    const std::string day = day_folder(vault_.root_, id_);
    const std::string final_folder = recording_folder(vault_.root_, id_);
    if (day != vault_.lasting_day_ || !disk.exists(day)) {
        NK_TRY(disk.make_folders(day));
        // New names live in their parents: day in month, month in year, year in the root.
        std::string parent = day;
        for (int i = 0; i < 3; ++i) {
            parent.resize(parent.rfind('/'));
            NK_TRY(disk.sync_folder(parent));
        }
        vault_.lasting_day_ = day;
    }
    NK_TRY(disk.rename(folder_, final_folder));
    if (auto synced = disk.sync_folder(day); !synced) {
        // Visible, but perhaps not after a power cut: taken back, since an error means nothing
        // appears. A disk that refuses even this keeps the whole recording where it is.
        if (!disk.rename(final_folder, folder_))
            is_open_ = false;
        return synced;
    }
    return {};
}

Vault::Vault(Disk& disk, const Clock& clock, Random& random, std::string root, Catalogue* catalogue)
    : disk_(disk), clock_(clock), random_(random), root_(std::move(root)), catalogue_(catalogue) {}

recording::Name Vault::name(WallTime started) {
    return {make_id(started, random_), make_uuid(started, random_)};
}

recording::Name Vault::further_name(const recording::Name& first, std::uint64_t which) {
    if (!is_id(first.id))
        return first;  // which nothing begins with
    Derived derived(first.uuid, which);
    return {make_id_like(first.id, derived),
            first.uuid.substr(0, uuid_time_chars) +
                make_uuid(WallTime{}, derived).substr(uuid_time_chars)};
}

Result<std::unique_ptr<recording::Desk>> Vault::begin(const recording::Name& name) {
    if (!is_id(name.id))
        return refuse(Code::broken, Blame::ourselves, "\"" + name.id + "\" is no recording's id");
    NK_TRY(disk_.make_folders(incoming_root(root_)));
    recording::Name free = name;
    for (int i = 0; i < id_tries_max; ++i) {
        if (!disk_.exists(recording_folder(root_, free.id))) {
            const std::string folder = incoming_root(root_) + "/" + free.id;
            NK_TRY(disk_.remove_tree(folder));
            NK_TRY(disk_.make_folders(folder));
            return std::make_unique<FolderDesk>(*this, std::move(free));
        }
        free.id = make_id_like(name.id, random_);
    }
    return refuse(Code::exists, Blame::machine, "no free id for a recording; is chance broken?");
}

Result<bool> Vault::has(const recording::Name& name) {
    if (!is_id(name.id) || !disk_.exists(recording_folder(root_, name.id)))
        return false;
    NK_TAKE(const auto facts, read_facts_of_any(disk_, root_, name.id));
    if (facts.id != name.id || facts.uuid != name.uuid)
        return false;
    enter(facts);
    return true;
}

void Vault::enter(const recording::RecordingFacts& facts) {
    if (catalogue_ == nullptr)
        return;
    if (try_to_enter(facts))
        unlisted_.erase(facts.id);
    else if (unlisted_.size() < limits::unlisted_remembered_max)
        unlisted_.insert(facts.id);
    else
        ++unlisted_forgotten_;
    count_missing();
}

bool Vault::try_to_enter(const recording::RecordingFacts& facts) {
    const auto entered = catalogue_->insert(facts);
    if (!entered && !trouble_)
        trouble_ = CatalogueTrouble{0, entered.error().what};
    return entered.has_value();
}

bool Vault::catch_up() {
    auto id = unlisted_.upper_bound(tried_until_);
    for (std::size_t i = 0; i < limits::unlisted_per_turn && id != unlisted_.end(); ++i) {
        const auto facts = read_facts(disk_, root_, *id);
        if (facts && !try_to_enter(*facts)) {
            id = unlisted_.end();  // the others would fare no better
            break;
        }
        tried_until_ = *id;
        const bool is_settled = facts || facts.error().code == Code::not_found;  // moved away
        id = is_settled ? unlisted_.erase(id) : std::next(id);
    }
    const bool has_more = id != unlisted_.end();
    if (!has_more)
        tried_until_.clear();
    count_missing();
    return has_more;
}

void Vault::count_missing() {
    const std::uint64_t missing = unlisted_.size() + unlisted_forgotten_;
    if (missing == 0)
        trouble_.reset();
    else if (trouble_)
        trouble_->recordings = missing;
}

}  // namespace nk::archive
