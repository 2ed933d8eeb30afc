#include "archive/vault.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "archive/folder_desk.h"
#include "archive/layout.h"
#include "archive/reading.h"
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
            return std::make_unique<FolderDesk>(disk_, clock_, std::move(free), folder);
        }
        free.id = make_id_like(name.id, random_);
    }
    return refuse(Code::exists, Blame::machine, "no free id for a recording; is chance broken?");
}

namespace {

constexpr std::size_t synced_at_once_min = 16;  // fewer are waited for one by one

// A recording on its way: its desk is one that this file's begin() made.
struct Appearing {
    FolderDesk* desk;
    std::string day;  // the folder in which it appears
    std::string folder;
    Result<void> outcome;
};

}  // namespace

// The rename is the moment: before it there is nothing, after it the whole recording.
std::vector<Result<void>> Vault::publish(std::span<recording::Finished> all) {
    std::vector<Appearing> appearing;
    const bool is_synced = all.size() >= synced_at_once_min && sync_everything();
    for (const auto& one : all) {
        auto& desk = static_cast<FolderDesk&>(*one.desk);
        appearing.push_back({&desk, day_folder(root_, desk.id()),
                             recording_folder(root_, desk.id()),
                             is_synced ? Result<void>() : desk.sync()});
    }
    std::map<std::string, Result<void>> days;
    for (const auto& one : appearing)
        if (one.outcome)
            days.emplace(one.day, Result<void>());
    for (auto& [day, is_fine] : days)
        is_fine = make_lasting(day);
    for (auto& one : appearing)
        if (one.outcome && (one.outcome = days.at(one.day)))
            one.outcome = disk_.rename(one.desk->folder(), one.folder);
    for (auto& [day, is_fine] : days)
        if (is_fine)
            is_fine = disk_.sync_folder(day);
    std::vector<Result<void>> outcomes;
    std::vector<const recording::RecordingFacts*> there;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto& one = appearing[i];
        if (one.outcome && !days.at(one.day)) {
            // Visible, but perhaps not after a power cut: taken back, since an error means nothing
            // appears. A disk that refuses even this keeps the whole recording where it is.
            one.outcome = days.at(one.day);
            if (!disk_.rename(one.folder, one.desk->folder()))
                one.desk->let_go();
        } else if (one.outcome) {
            one.desk->let_go();
            there.push_back(&all[i].facts);
        }
        outcomes.push_back(std::move(one.outcome));
    }
    enter_all(there);
    return outcomes;
}

// An error of this step is told by the desk that it is of, when each is synced by itself.
bool Vault::sync_everything() {
    return disk_.sync_everything(root_).value_or(false);
}

// New names live in their parents: day in month, month in year, year in the root. Where one of
// these is a link no command would look for what lies behind it.
Result<void> Vault::make_lasting(const std::string& day) {
    for (std::string folder = day; folder.size() > root_.size(); folder.resize(folder.rfind('/')))
        if (disk_.is_link(folder))
            return refuse(Code::refused, Blame::owner,
                          folder +
                              " is a link, and nothing is written through one: put a folder "
                              "there, or the whole archive to where there is room");
    if (day == lasting_day_ && disk_.exists(day))
        return {};
    NK_TRY(disk_.make_folders(day));
    std::string parent = day;
    for (int i = 0; i < 3; ++i) {
        parent.resize(parent.rfind('/'));
        NK_TRY(disk_.sync_folder(parent));
    }
    lasting_day_ = day;
    return {};
}

Result<bool> Vault::has(const recording::Name& name) {
    if (!is_id(name.id) || !is_in_its_day(disk_, root_, name.id))
        return false;
    NK_TAKE(const auto facts, read_facts_of_any(disk_, root_, name.id));
    if (facts.id != name.id || facts.uuid != name.uuid)
        return false;
    // Whoever made it appear may have been stopped before its name was safe; what it was made of is
    // let go on our word.
    const std::string day = day_folder(root_, name.id);
    lasting_day_.clear();
    NK_TRY(make_lasting(day));
    NK_TRY(disk_.sync_folder(day));
    enter(facts);
    return true;
}

// One step writes each page of the catalogue once. When one row is to blame for its failing it must
// not keep the others out; when the catalogue is, waiting for it once is enough.
void Vault::enter_all(std::span<const recording::RecordingFacts* const> all) {
    if (catalogue_ == nullptr || all.empty())
        return;
    const auto entered = catalogue_->insert_all(all);
    if (entered)
        return;
    const bool is_a_rows =
        entered.error().code == Code::malformed || entered.error().code == Code::broken;
    for (const auto* facts : all)
        if (is_a_rows)
            enter(*facts);
        else
            enter_later(facts->id, entered.error());
}

void Vault::enter(const recording::RecordingFacts& facts) {
    if (catalogue_ == nullptr)
        return;
    if (try_to_enter(facts))
        unlisted_.erase(facts.id);
    else
        remember(facts.id);
    count_missing();
}

void Vault::enter_later(const std::string& id, const Error& why) {
    if (!trouble_)
        trouble_ = CatalogueTrouble{0, why.what};
    remember(id);
    count_missing();
}

void Vault::remember(const std::string& id) {
    if (unlisted_.size() < limits::unlisted_remembered_max)
        unlisted_.insert(id);
    else
        ++unlisted_forgotten_;
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
