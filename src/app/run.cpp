#include "app/run.h"

#include <array>
#include <utility>

#include "archive/layout.h"
#include "base/limits.h"
#include "base/pack.h"

namespace nk::app {

Run::Run(const Clock& clock, Random& random, RunOptions options)
    : clock_(clock),
      options_(std::move(options)),
      catalogue_(archive::Catalogue::open(archive::catalogue_path(options_.archive))),
      vault_(disk_, clock, random, options_.archive, catalogue()),
      sealer_(vault_, decoders_, clock, {{}, options_.sealing}) {}

Result<std::unique_ptr<Run>> Run::begin(const Clock& clock, Random& random, RunOptions options) {
    {
        host::RealDisk disk;
        NK_TRY(make_lasting_folders(disk, options.archive));
    }
    std::unique_ptr<Run> run(new Run(clock, random, std::move(options)));
    recording::journal::Options journal;
    journal.is_durable = run->options_.recorder.is_live;
    if (!run->options_.recorder.is_live)
        journal.pending_bytes_max = limits::journal_pending_bytes_of_a_file_max;
    std::array<std::uint8_t, sizeof journal.seed> chance{};
    random.fill(chance);
    journal.seed = get_le<std::uint64_t>(chance.data());
    NK_TAKE(run->journal_,
            recording::journal::Journal::begin(run->disk_, clock,
                                               archive::journal_root(run->options_.archive) + "/" +
                                                   archive::make_id(clock.wall(), random),
                                               journal));
    return run;
}

void Run::start(RunReport& report) {
    report_ = &report;
    recorder_ = std::make_unique<recording::Recorder>(
        *journal_, std::make_shared<recording::LiveSource>(disk_, *journal_), vault_, clock_,
        options_.recorder, [this](recording::SealJob job) { sealer_.push(std::move(job)); },
        [this](const call::Story& story, const Error& error) { report_->failed(story, error); });
    strands_ = std::make_unique<Strands>(*journal_, sealer_, clock_, [this] {
        return recording::recover(disk_, archive::journal_root(options_.archive), clock_.wall());
    });
}

Result<void> Run::look_around() {
    for (auto& sealed : sealer_.take()) {
        if (sealed.facts) {
            ++sealed_;
            report_->sealed(*sealed.facts);
        } else if (sealed.is_first_try) {
            report_->failed(sealed.story, sealed.facts.error());
        }
    }
    if (const auto recovered = strands_->take_recovered()) {
        report_->recovered(*recovered);
        damaged_ += *recovered ? (*recovered)->damaged.size() : 1;
    }
    const auto trouble = strands_->journal_trouble();
    if (trouble && !options_.recorder.is_live)
        return tl::unexpected(*trouble);
    if (trouble && !std::exchange(is_in_trouble_, true))
        report_->warn(trouble->what + "; the calls wait in memory until that is mended");
    if (!trouble && std::exchange(is_in_trouble_, false))
        report_->warn("the disk takes the calls again");
    return {};
}

std::size_t Run::left() const {
    return patience_.is_over() ? sealer_.failed() + sealer_.waiting() : 0;
}

std::uint64_t Run::not_kept() const {
    return recorder_->counts().refused + sealer_.failed() + sealer_.waiting() + damaged_;
}

bool Run::goes_on_sealing(const host::StopFlag& stop) {
    (void)look_around();
    patience_.see(stop.times(), clock_.now());
    if (patience_.is_to_be_told(clock_.now()))
        report_->sealing(sealer_.waiting());
    return !patience_.is_over();
}

Result<void> Run::finish(const host::StopFlag& stop, const std::function<void()>& on_wait) {
    auto finished = strands_->finish([&] {
        if (on_wait)
            on_wait();
        return goes_on_sealing(stop);
    });
    (void)look_around();
    return finished;
}

void Run::conclude() {
    vault_.catch_up();
    report_->catalogue_trouble(catalogue_ ? std::optional<Error>() : catalogue_.error(),
                               vault_.catalogue_trouble());
    if (journal_->live_blocks() == 0) {
        report_->strangers(disk_, journal_->folder());
        (void)journal_->remove();  // what stays is empty, and the next run takes it away
    } else if (left() == 0)
        report_->warn("what could not be sealed is kept in " + journal_->folder() +
                      "; naklank recover makes recordings of it when that is mended");
    if (left() > 0)
        report_->left(left());
}

}  // namespace nk::app
