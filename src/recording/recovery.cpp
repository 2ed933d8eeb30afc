#include "recording/recovery.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "recording/found_calls.h"
#include "recording/journal/folder.h"

namespace nk::recording {

namespace {

// A journal that an earlier run left.
class LeftSource : public SealSource {
public:
    LeftSource(Disk& disk, std::string folder, std::unique_ptr<FileLock> lock)
        : disk_(disk), reader_(disk, std::move(folder)), lock_(std::move(lock)) {}
    journal::Reader& reader() override { return reader_; }
    [[nodiscard]] bool is_written(const journal::Place&) const override { return true; }
    Result<void> will_seal(std::uint64_t call, std::uint64_t blocks) override {
        if (!mark.is_whole)
            return {};
        const auto known = mark.blocks.find(call);
        return known != mark.blocks.end() && known->second == blocks ? Result<void>{}
                                                                     : note(call, blocks);
    }
    void on_further(std::uint64_t call, std::uint64_t blocks) override {
        if (mark.is_whole && mark.blocks[call] < blocks)
            (void)note(call, blocks);  // what is not said now is said when it is looked at again
    }
    // It could be read when it was found: it is kept from now on.
    Result<void> passes_over(const Error& error) override {
        if (error.code != Code::malformed && error.code != Code::io)
            return tl::unexpected(error);
        if (mark.is_whole || stays || !aside.empty())
            return {};
        NK_TAKE(mark, journal::ensure_mark(disk_, reader_.folder()));
        const auto place = journal::place_aside(disk_, reader_.folder());
        stays = !place;
        aside = place.value_or("");
        return {};
    }
    void on_sealed(std::uint64_t, std::span<const journal::Place>) override {
        if (--unsealed == 0)
            (void)finish();  // what stays is found again, and is sealed
    }
    // All of its calls are recordings.
    Result<void> finish() {
        if (stays)
            return {};
        return aside.empty() ? journal::remove_run(disk_, reader_.folder())
                             : journal::put_aside(disk_, reader_.folder(), aside);
    }

    std::uint64_t unsealed = 0;
    journal::AsideMark mark;  // when there is one
    std::string aside;   // where it goes when its calls are sealed; empty when it may be removed
    bool stays = false;  // it can be neither removed nor put aside

private:
    Result<void> note(std::uint64_t call, std::uint64_t blocks) {
        auto changed = mark.blocks;
        changed[call] = blocks;
        NK_TRY(journal::change_mark(disk_, reader_.folder(), changed));
        mark.blocks = std::move(changed);
        return {};
    }

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

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// Sentences on what the calls that are not sealed lack, beside what is damaged.
std::vector<std::string> what_lacks(const std::string& folder, const FoundRun& run,
                                    const journal::Scanned& scanned) {
    std::vector<std::string> sentences;
    std::uint64_t headless = 0;
    std::uint64_t not_understood = 0;
    std::optional<std::uint32_t> first;  // segment of such a call
    for (const auto& [number, call] : run.calls) {
        if (call.is_sealed)
            continue;
        headless += call.head ? 0 : 1;
        not_understood += call.not_understood;
        first = std::min(first.value_or(call.places.front().segment), call.places.front().segment);
    }
    for (const auto& hole : scanned.holes)
        if (first && *first < hole.segment)
            sentences.push_back(hole.what);
    not_understood += first ? run.not_understood : 0;
    if (not_understood > 0)
        sentences.push_back(
            folder + ": " +
            (not_understood == 1 ? "a block is" : std::to_string(not_understood) + " blocks are") +
            " not understood, and may be of a later version");
    if (headless > 0)
        sentences.push_back(folder + ": the beginning of " +
                            (headless == 1 ? "a call" : std::to_string(headless) + " calls") +
                            " is damaged, and no recording can be made of what follows it");
    return sentences;
}

class Recovery {
public:
    Recovery(Disk& disk, WallTime resumed, const journal::GoesOn& goes_on)
        : disk_(disk), resumed_(resumed), goes_on_(goes_on) {}

    void list_aside(const std::string& root);
    void look_at(const std::string& root, const FolderEntry& entry);
    Recovered finish(const std::string& root);

private:
    Result<void> take_up(const std::string& folder);
    Result<void> read(const std::string& folder, const journal::FolderOfRun& found,
                      std::unique_ptr<FileLock> lock);
    bool mark(const std::string& folder, bool is_whole, bool is_marked, LeftSource& source);
    void decide(const std::string& folder, bool is_whole, bool is_marked, LeftSource& source);
    void add_jobs(FoundRun& run, const std::shared_ptr<LeftSource>& source);

    Disk& disk_;
    WallTime resumed_;
    const journal::GoesOn& goes_on_;
    Recovered recovered_;
    Untaken untaken_;
};

void Recovery::add_jobs(FoundRun& run, const std::shared_ptr<LeftSource>& source) {
    for (auto& [number, call] : run.calls) {
        if (call.is_sealed || !call.head)
            continue;
        ++source->unsealed;
        recovered_.cut_off += call.is_over ? 0 : 1;
        SealJob job{source, number, *call.head, run.take_story(call, resumed_), call.places, true};
        job.blocks = call.understood;
        const auto& known = source->mark.blocks;
        const auto made_of = known.find(number);
        job.is_more = made_of != known.end() && job.blocks > made_of->second;
        recovered_.jobs.push_back(std::move(job));
    }
}

// What is made of a run that was not read whole is known later by its mark, and nothing is made
// without one, nor of a run whose mark cannot be read. False when nothing is to be made.
bool Recovery::mark(const std::string& folder, bool is_whole, bool is_marked, LeftSource& source) {
    auto known = Result<journal::AsideMark>();
    if (!is_whole)
        known = journal::ensure_mark(disk_, folder);
    else if (is_marked)
        known = journal::read_mark(disk_, folder);
    if (!known) {
        source.stays = true;
        recovered_.damaged.push_back(
            folder + (is_whole ? " was put aside before" : " could not be read whole") +
            "; it stays there, and no recording is made of it until its mark can be " +
            (is_whole ? "read: " : "made: ") + known.error().what);
        return false;
    }
    if (is_marked || !is_whole)
        source.mark = *std::move(known);
    return true;
}

// What becomes of the run when its calls are recordings. What nobody has read is not taken away,
// nor is what was put aside once: it may have been mended with something that is no better.
void Recovery::decide(const std::string& folder, bool is_whole, bool is_marked,
                      LeftSource& source) {
    if (is_whole && !is_marked)
        return;
    const auto place = journal::place_aside(disk_, folder);
    source.stays = !place;
    source.aside = place.value_or("");
    const std::string state =
        folder + (is_whole ? " was put aside before, and can be read whole now"
                           : " could not be read whole");
    auto& told = is_whole && place ? recovered_.kept : recovered_.damaged;
    if (!place)
        told.push_back(state + "; it stays there: " + place.error().what);
    else
        told.push_back(state + "; once its " + (is_whole ? "" : "other ") +
                       "calls are recordings it is kept in " + *place +
                       (is_whole ? "; remove it when it is of no more use" : ""));
}

Result<void> Recovery::read(const std::string& folder, const journal::FolderOfRun& found,
                            std::unique_ptr<FileLock> lock) {
    FoundRun run;
    NK_TAKE(const auto scanned, journal::scan(
                                    disk_, folder,
                                    [&](const auto& head, const auto& place, Bytes body) {
                                        run.take(head, place, body);
                                    },
                                    goes_on_));
    append(recovered_.damaged, scanned.damaged);
    append(recovered_.torn, scanned.torn);
    auto lacking = what_lacks(folder, run, scanned);
    const bool is_whole = scanned.unread == 0 && lacking.empty();
    append(recovered_.damaged, std::move(lacking));
    auto source = std::make_shared<LeftSource>(disk_, folder, std::move(lock));
    if (!mark(folder, is_whole, found.is_marked, *source))
        return {};
    add_jobs(run, source);
    decide(folder, is_whole, found.is_marked, *source);
    if (source->aside.empty() && !source->stays)
        append(recovered_.strangers, found.strangers);
    return source->unsealed == 0 ? source->finish() : Result<void>{};
}

Result<void> Recovery::take_up(const std::string& folder) {
    const auto found = journal::look_into(disk_, folder);
    if (!found && found.error().code == Code::not_found)
        return {};  // somebody else has just finished it
    if (!found)
        return untaken_.add(found.error());
    if (!found->has_own && !found->strangers.empty())
        return {};  // what was left when it was finished
    auto lock = disk_.lock(folder + "/" + journal::lock_name);
    if (!lock && lock.error().code == Code::busy) {
        recovered_.in_use.push_back(folder);
        return {};
    }
    if (!lock && lock.error().code == Code::not_found)
        return {};
    if (!lock)
        return untaken_.add(lock.error());
    if (!disk_.exists(folder + "/" + journal::lock_name))
        return {};  // the same, between looking and locking
    return found->is_done && !found->is_marked ? journal::remove_run(disk_, folder)
                                               : read(folder, *found, *std::move(lock));
}

void Recovery::look_at(const std::string& root, const FolderEntry& entry) {
    recovered_.is_left = recovered_.is_left || !goes_on_();
    if (recovered_.is_left || !is_run(entry.name))
        return;
    const std::string folder = root + "/" + entry.name;
    if (!entry.is_plain)  // a link may lead anywhere
        recovered_.strangers.push_back(folder);
    else if (entry.is_folder)
        if (auto taken = take_up(folder); !taken) {
            recovered_.is_left = !goes_on_();
            if (!recovered_.is_left)
                recovered_.damaged.push_back(taken.error().what);
        }
}

void Recovery::list_aside(const std::string& root) {
    const std::string folder = root + "/" + journal::set_aside_name;
    if (disk_.is_link(folder)) {
        recovered_.strangers.push_back(folder);
        return;
    }
    if (!disk_.exists(folder))
        return;
    const auto entries = disk_.list(folder);
    if (!entries) {
        recovered_.damaged.push_back(entries.error().what);
        return;
    }
    for (const auto& entry : *entries)
        if (entry.is_folder && entry.is_plain)
            recovered_.set_aside.push_back(folder + "/" + entry.name);
}

Recovered Recovery::finish(const std::string& root) {
    if (untaken_.runs > 0)
        recovered_.damaged.push_back(untaken_.text(root));
    recovered_.calls = recovered_.jobs.size();
    return std::move(recovered_);
}

}  // namespace

Result<Recovered> recover(Disk& disk, const std::string& root, WallTime resumed,
                          const journal::GoesOn& goes_on) {
    if (!disk.exists(root))
        return Recovered{};
    Recovery recovery(disk, resumed, goes_on);
    recovery.list_aside(root);  // before this one adds to it
    NK_TAKE(const auto entries, disk.list(root));
    for (const auto& entry : entries)
        recovery.look_at(root, entry);
    return recovery.finish(root);
}

}  // namespace nk::recording
