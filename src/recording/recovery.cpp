#include "recording/recovery.h"

#include <map>
#include <optional>
#include <utility>

#include "base/rfc3339.h"

namespace nk::recording {

namespace {

using journal::BlockKind;

std::string parent_of(const std::string& folder) {
    return folder.substr(0, folder.rfind('/'));
}

// Where a run is put aside: under its own name, or that with a number when it is there already.
std::string place_aside(Disk& disk, const std::string& folder) {
    const std::string name =
        parent_of(folder) + "/" + set_aside_name + folder.substr(folder.rfind('/'));
    std::string free = name;
    for (int i = 2; disk.exists(free); ++i)
        free = name + "-" + std::to_string(i);
    return free;
}

// One step, and the new name is on the disk before the old one goes: wherever it stops, the run is
// there, and is found again under its old name or is aside.
Result<void> put_aside(Disk& disk, const std::string& folder, const std::string& to) {
    NK_TRY(disk.make_private_folder(parent_of(to)));
    NK_TRY(disk.rename(folder, to));
    NK_TRY(disk.sync_folder(parent_of(to)));
    return disk.sync_folder(parent_of(folder));
}

// A journal that an earlier run left.
class LeftSource : public SealSource {
public:
    LeftSource(Disk& disk, std::string folder, std::unique_ptr<FileLock> lock)
        : disk_(disk), reader_(disk, std::move(folder)), lock_(std::move(lock)) {}
    journal::Reader& reader() override { return reader_; }
    [[nodiscard]] bool is_written(const journal::Place&) const override { return true; }
    void on_sealed(std::uint64_t, std::span<const journal::Place>) override {
        if (--unsealed == 0)
            (void)finish();  // what stays is found again, and is sealed
    }
    // All of its calls are recordings.
    Result<void> finish() {
        return aside.empty() ? journal::remove_run(disk_, reader_.folder())
                             : put_aside(disk_, reader_.folder(), aside);
    }

    std::uint64_t unsealed = 0;
    std::string aside;  // where it goes when its calls are sealed; empty when all of it was read

private:
    Disk& disk_;
    journal::Reader reader_;
    std::unique_ptr<FileLock> lock_;
};

// A run's folder is named as a recording is: 20261123T142301Z-k3v9qd. Others are somebody else's.
bool is_run(const std::string& name) {
    constexpr std::size_t stamp_chars = 15;
    return name.size() > stamp_chars + 2 && name[8] == 'T' && name[stamp_chars] == 'Z' &&
           name[stamp_chars + 1] == '-' &&
           name.find_first_not_of("0123456789TZ-abcdefghijklmnopqrstuvwxyz") == std::string::npos;
}

struct FoundCall {
    std::optional<journal::CallHead> head;
    std::optional<call::Story> story;
    std::vector<journal::Place> places;
    bool is_over = false;
    bool is_sealed = false;
};

struct FoundRun {
    std::map<std::uint64_t, FoundCall> calls;
    std::optional<journal::Alive> alive;  // for the last time
};

void take(FoundRun& run, const journal::BlockHead& head, const journal::Place& place, Bytes body) {
    if (head.kind == BlockKind::alive) {
        if (const auto alive = journal::unpack_alive(body))
            run.alive = alive;
        return;
    }
    auto& call = run.calls[head.call];
    call.places.push_back(place);
    switch (head.kind) {
        case BlockKind::call:
            call.head = journal::unpack_call_head(body);
            break;
        case BlockKind::story:
        case BlockKind::ended:
            if (auto story = journal::unpack_story(body))
                call.story = std::move(story);
            call.is_over = call.is_over || head.kind == BlockKind::ended;
            break;
        case BlockKind::sealed:
            call.is_sealed = true;
            break;
        case BlockKind::sound:
        case BlockKind::alive:
            break;
    }
}

// The story of a call that was running when the recorder stopped, as far as it was known.
call::Story cut_off_story(const FoundCall& call, const FoundRun& run, WallTime resumed) {
    call::Story story;
    if (call.story) {
        story = *call.story;
    } else {
        story.began = story.last_sign = call.head->zero;
        story.began_wall = call.head->zero_wall;
    }
    for (const auto& place : call.places)
        story.media_packets +=
            place.kind == BlockKind::sound ? 1 : 0;  // how many matters to no one
    story.ending = call::Ending::recorder_stopped;
    story.over.reset();
    if (run.alive && run.alive->now > story.last_sign)
        story.last_sign = run.alive->now;
    const MonoTime stopped = story.last_sign;
    const WallTime wall = run.alive ? run.alive->wall : story.wall_of(stopped);
    story.note("recorder-stopped", stopped);
    story.tell(stopped, "recorder-stopped", {},
               "stopped " + rfc3339(wall) + ", resumed " + rfc3339(resumed));
    return story;
}

// Runs that could not be looked into or locked: of another owner, or on a disk that takes nothing.
struct Untaken {
    std::uint64_t runs = 0;
    std::string why;  // of the first

    Result<void> add(const Error& error) {
        if (runs++ == 0)
            why = error.what;
        return {};
    }
    [[nodiscard]] std::string text(const std::string& root) const {
        return (runs == 1 ? "a run in " : std::to_string(runs) + " runs in ") + root +
               (runs == 1 ? " waits" : " wait") + " for recovery and cannot be taken up: " + why +
               "; naklank recover makes recordings of " + (runs == 1 ? "it" : "them") +
               " when that is mended";
    }
};

Result<void> recover_run(Disk& disk, const std::string& folder, WallTime resumed,
                         Recovered& recovered, Untaken& untaken) {
    const auto found = journal::look_into(disk, folder);
    if (!found && found.error().code == Code::not_found)
        return {};  // somebody else has just finished it
    if (!found)
        return untaken.add(found.error());
    if (!found->has_own && !found->strangers.empty())
        return {};  // what was left when it was finished
    auto lock = disk.lock(folder + "/" + journal::lock_name);
    if (!lock && lock.error().code == Code::busy) {
        recovered.in_use.push_back(folder);
        return {};
    }
    if (!lock && lock.error().code == Code::not_found)
        return {};
    if (!lock)
        return untaken.add(lock.error());
    if (!disk.exists(folder + "/" + journal::lock_name))
        return {};  // the same, between looking and locking
    if (disk.exists(folder + "/" + journal::done_name))
        return journal::remove_run(disk, folder);
    FoundRun run;
    NK_TAKE(const auto scanned,
            journal::scan(disk, folder, [&](const auto& head, const auto& place, Bytes body) {
                take(run, head, place, body);
            }));
    recovered.damaged.insert(recovered.damaged.end(), scanned.damaged.begin(),
                             scanned.damaged.end());
    recovered.torn.insert(recovered.torn.end(), scanned.torn.begin(), scanned.torn.end());
    auto source = std::make_shared<LeftSource>(disk, folder, std::move(*lock));
    std::uint64_t headless = 0;
    for (auto& [number, call] : run.calls) {
        if (call.is_sealed)
            continue;
        if (!call.head) {
            ++headless;
            continue;
        }
        ++source->unsealed;
        recovered.cut_off += call.is_over ? 0 : 1;
        auto story =
            call.is_over && call.story ? *std::move(call.story) : cut_off_story(call, run, resumed);
        recovered.jobs.push_back({source, number, *std::move(call.head), std::move(story),
                                  std::move(call.places), true});
    }
    if (headless > 0)
        recovered.damaged.push_back(
            folder + ": the beginning of " +
            (headless == 1 ? "a call" : std::to_string(headless) + " calls") +
            " is damaged, and no recording can be made of what follows it");
    if (scanned.unread > 0 || headless > 0) {  // bytes that nobody has read are not taken away
        source->aside = place_aside(disk, folder);
        recovered.damaged.push_back(folder + " could not be read whole; once its other calls are " +
                                    "recordings it is kept in " + source->aside);
    }
    if (source->aside.empty())
        recovered.strangers.insert(recovered.strangers.end(), found->strangers.begin(),
                                   found->strangers.end());
    return source->unsealed == 0 ? source->finish() : Result<void>{};
}

Result<void> list_aside(Disk& disk, const std::string& root, Recovered& recovered) {
    const std::string folder = root + "/" + set_aside_name;
    if (!disk.exists(folder))
        return {};
    NK_TAKE(const auto entries, disk.list(folder));
    for (const auto& entry : entries)
        if (entry.is_folder)
            recovered.set_aside.push_back(folder + "/" + entry.name);
    return {};
}

}  // namespace

Result<Recovered> recover(Disk& disk, const std::string& root, WallTime resumed) {
    Recovered recovered;
    if (!disk.exists(root))
        return recovered;
    if (auto listed = list_aside(disk, root, recovered); !listed)  // before this one adds to it
        recovered.damaged.push_back(listed.error().what);
    NK_TAKE(const auto entries, disk.list(root));
    Untaken untaken;
    for (const auto& entry : entries)
        if (entry.is_folder && is_run(entry.name))
            if (auto done = recover_run(disk, root + "/" + entry.name, resumed, recovered, untaken);
                !done)
                recovered.damaged.push_back(done.error().what);
    if (untaken.runs > 0)
        recovered.damaged.push_back(untaken.text(root));
    recovered.calls = recovered.jobs.size();
    return recovered;
}

}  // namespace nk::recording
