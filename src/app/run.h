#pragma once
// What every command that records stands on: the archive with its catalogue, the journal of this
// run, and the strands beside the receiving one. A door tells its calls to recorder(); what comes
// of them is told to the report.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/decoders.h"
#include "app/patience.h"
#include "app/strands.h"
#include "archive/catalogue.h"
#include "archive/vault.h"
#include "base/clock.h"
#include "base/meter.h"
#include "host/real_disk.h"
#include "host/signals.h"
#include "recording/recorder.h"

namespace nk::app {

// Of recordings that are in the archive and could not be entered into its catalogue.
std::string catalogue_text(const archive::CatalogueTrouble& trouble);

class RunReport {
public:
    virtual ~RunReport() = default;
    virtual void sealed(const recording::RecordingFacts& facts) = 0;
    virtual void failed(const call::Story& story, const Error& error) = 0;
    virtual void warn(const std::string& sentence) = 0;

    // What an earlier run left, and is being made recordings of.
    void recovered(const Result<recording::Recovered>& recovered);
    // What lies in the run's folder, which goes now, and is not of its journal.
    void strangers(Disk& disk, const std::string& run);
    void catalogue_trouble(const std::optional<Error>& open,
                           const std::optional<archive::CatalogueTrouble>& later);
    // The end waits for so many calls; or does no longer, and leaves them to the next start.
    void sealing(std::size_t calls);
    void left(std::size_t calls);
};

struct RunOptions {
    std::string archive;  // resolved to a path
    recording::RecorderOptions recorder;
    Meter* sealing = nullptr;
};

class Run {
    struct Key {};  // only begin has it

public:
    Run(Key key, const Clock& clock, Random& random, RunOptions options);
    // Makes what is missing of the archive. Clock and random must outlive it.
    static Result<std::unique_ptr<Run>> begin(const Clock& clock, Random& random,
                                              RunOptions options);
    // Null when there is none: a recording does not wait for its index.
    [[nodiscard]] archive::Catalogue* catalogue() const {
        return catalogue_ ? catalogue_->get() : nullptr;
    }
    // Takes up what earlier runs left. The report must outlive the run.
    void start(RunReport& report);
    [[nodiscard]] recording::Recorder& recorder() { return *recorder_; }

    // Passes on what the other strands have to say. To be called often. An error is the journal's,
    // and only told when packets can wait for it to be mended, as those of a file can.
    Result<void> look_around();
    // For a source that can be kept waiting.
    void make_room() { strands_->make_room(); }
    // All calls have ended: seals them, for as long as the one who stopped us has patience.
    // `on_wait` is called several times a second meanwhile.
    Result<void> finish(const host::StopFlag& stop, const std::function<void()>& on_wait = {});
    // Says what is left over, and takes the empty journal away.
    void conclude();

    [[nodiscard]] std::uint64_t sealed() const { return sealed_; }
    // Calls that could not be kept, by now.
    [[nodiscard]] std::uint64_t not_kept() const;
    [[nodiscard]] recording::Sealer& sealer() { return sealer_; }
    [[nodiscard]] const recording::journal::Journal& journal() const { return *journal_; }
    [[nodiscard]] bool is_in_trouble() const { return is_in_trouble_; }

private:
    bool goes_on_sealing(const host::StopFlag& stop);
    [[nodiscard]] std::size_t left() const;

    const Clock& clock_;
    RunOptions options_;
    host::RealDisk disk_;
    Result<std::unique_ptr<archive::Catalogue>> catalogue_;
    archive::Vault vault_;
    AllDecoders decoders_;
    recording::Sealer sealer_;
    std::unique_ptr<recording::journal::Journal> journal_;
    RunReport* report_ = nullptr;
    std::unique_ptr<recording::Recorder> recorder_;
    std::unique_ptr<Strands> strands_;  // after what they use
    Patience patience_;
    std::uint64_t sealed_ = 0;
    std::uint64_t damaged_ = 0;  // of what an earlier run left
    std::uint64_t late_told_ = 0;
    bool is_in_trouble_ = false;
};

}  // namespace nk::app
