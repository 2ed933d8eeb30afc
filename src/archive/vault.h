#pragma once
// The archive's side of recording/shelf.h: a desk is a folder under .incoming/, publishing it is
// one rename into its day's folder. So a reader sees a recording whole or not at all, whatever
// fails and wherever the power goes.
//
// The catalogue comes after the rename and may fail: the recording is kept, catch_up() tries its
// row again, what is still missing is told by catalogue_trouble(), and `naklank rebuild` makes the
// catalogue again.
// name() may be called from any thread, the rest is for one. Two processes may write into one
// archive.

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "archive/catalogue.h"
#include "base/clock.h"
#include "base/disk.h"
#include "recording/shelf.h"

namespace nk::archive {

struct CatalogueTrouble {
    std::uint64_t recordings = 0;  // that are in the archive and not in the catalogue yet
    std::string first;             // what went wrong with the first of them
};

class Vault final : public recording::Shelf {
public:
    // `root` is an existing folder. Without a catalogue, recordings are kept and not indexed.
    // All of these outlive the vault, and the vault its desks.
    Vault(Disk& disk, const Clock& clock, Random& random, std::string root, Catalogue* catalogue);

    recording::Name name(WallTime started) override;
    Result<std::unique_ptr<recording::Desk>> begin(const recording::Name& name) override;
    std::vector<Result<void>> publish(std::span<recording::Finished> all) override;
    Result<bool> has(const recording::Name& name) override;
    recording::Name further_name(const recording::Name& first, std::uint64_t which) override;
    bool catch_up() override;

    [[nodiscard]] const std::optional<CatalogueTrouble>& catalogue_trouble() const {
        return trouble_;
    }

private:
    bool sync_everything();
    Result<void> make_lasting(const std::string& day);
    void enter_all(std::span<const recording::RecordingFacts* const> all);
    void enter_later(const std::string& id, const Error& why);
    void remember(const std::string& id);
    void enter(const recording::RecordingFacts& facts);
    bool try_to_enter(const recording::RecordingFacts& facts);
    void count_missing();
    Disk& disk_;
    const Clock& clock_;
    Random& random_;
    std::string root_;
    Catalogue* catalogue_;
    std::optional<CatalogueTrouble> trouble_;
    std::set<std::string> unlisted_;        // ids that are tried again
    std::string tried_until_;               // of them, since they were last begun with
    std::uint64_t unlisted_forgotten_ = 0;  // beyond the limit
    std::string lasting_day_;               // whose folder would survive a power cut
};

}  // namespace nk::archive
