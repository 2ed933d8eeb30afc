#pragma once
// The two strands beside the receiving one: one writes the journal, one makes recordings of the
// calls that are over, and first of those that an earlier run left.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "host/strand.h"
#include "recording/recovery.h"
#include "recording/sealer.h"

namespace nk::app {

class Strands {
public:
    using Recover = std::function<Result<recording::Recovered>()>;
    // All outlive the strands. `recover` runs on the sealing strand, before anything else there.
    Strands(recording::journal::Journal& journal, recording::Sealer& sealer, const Clock& clock,
            Recover recover);

    // Waits, a moment at most, when much is under way: for a source that can be kept waiting.
    void make_room();
    // Brings all that was appended to the disk and seals every call that is over. `goes_on` is
    // asked several times a second; when it says no, the calls that are not sealed yet are left in
    // the journal. An error is the journal's; what could not be sealed is in Sealer::failed().
    Result<void> finish(const std::function<bool()>& goes_on);

    // Why the journal cannot be written just now.
    [[nodiscard]] std::optional<Error> journal_trouble() const;
    // What was found of earlier runs, once.
    std::optional<Result<recording::Recovered>> take_recovered();

private:
    void write_turn();
    void seal_turn();
    [[nodiscard]] bool is_recovering() const;

    recording::journal::Journal& journal_;
    recording::Sealer& sealer_;
    const Clock& clock_;
    Recover recover_;
    bool is_recovering_ = static_cast<bool>(recover_);
    MonoTime last_retry_{};
    bool has_more_to_list_ = false;  // of recordings that are not in the catalogue
    mutable std::mutex mutex_;
    std::condition_variable retry_;  // never told: a disk that fails is tried again after a while
    std::optional<Error> journal_trouble_;
    std::optional<Result<recording::Recovered>> recovered_;
    host::Strand writer_;  // last: they use the others
    host::Strand sealing_;
};

}  // namespace nk::app
