#include "app/run.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "app/catalogue_advice.h"
#include "app/left_runs.h"
#include "archive/layout.h"
#include "base/limits.h"
#include "base/pack.h"

namespace nk::app {

std::string catalogue_text(const archive::CatalogueTrouble& trouble) {
    return fmt::format(
        "{} kept, but not in the catalogue, which could not be written: {}; run "
        "naklank rebuild when that is mended",
        trouble.recordings == 1 ? "1 recording is"
                                : fmt::format("{} recordings are", trouble.recordings),
        trouble.first);
}

void RunReport::recovered(const Result<recording::Recovered>& recovered) {
    if (!recovered) {
        warn("what an earlier run left cannot be read: " + recovered.error().what);
        return;
    }
    for (const auto& sentence : recovered->damaged)
        warn(sentence);
    for (const auto& sentence : recovered->torn)
        warn(sentence + " when it was stopped");
    for (const auto& sentence : recovered->kept)
        warn(sentence);
    for (const auto& path : recovered->strangers)
        warn(stranger_text(path));
    if (const auto text = set_aside_text(recovered->set_aside); !text.empty())
        warn(text);
    const std::size_t calls = recovered->calls;
    if (calls > 0)
        warn(fmt::format(
            "an earlier run was cut off; it left {} to be finished, {} of them "
            "while still running",
            calls == 1 ? "1 call" : fmt::format("{} calls", calls), recovered->cut_off));
    if (recovered->is_left)
        warn(
            "not all that earlier runs left was looked through; naklank recover, or the next "
            "record, does it");
}

void RunReport::strangers(Disk& disk, const std::string& run) {
    if (const auto found = recording::journal::look_into(disk, run))
        for (const auto& path : found->strangers)
            warn(stranger_text(path));
}

void RunReport::catalogue_trouble(const std::optional<Error>& open,
                                  const std::optional<archive::CatalogueTrouble>& later) {
    if (open)
        warn("the recordings are kept, but the catalogue cannot be written: " +
             with_advice_to_recorders(*open));
    else if (later)
        warn(catalogue_text(*later));
}

void RunReport::sealing(std::size_t calls) {
    warn(fmt::format("sealing {}; press Ctrl-C twice more to leave {} to the next start",
                     calls == 1 ? "1 call" : fmt::format("{} calls", calls),
                     calls == 1 ? "it" : "them"));
}

void RunReport::left(std::size_t calls) {
    warn(
        fmt::format("{} not sealed yet and {} in the journal; naklank recover, or the next "
                    "record, makes {} of {}",
                    calls == 1 ? "1 call is" : fmt::format("{} calls are", calls),
                    calls == 1 ? "waits" : "wait", calls == 1 ? "a recording" : "recordings",
                    calls == 1 ? "it" : "them"));
}

Run::Run(Key /*key*/, const Clock& clock, Random& random, RunOptions options)
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
    auto run = std::make_unique<Run>(Key(), clock, random, std::move(options));
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
        options_.recorder, [this](recording::SealJob job) { sealer_.push(std::move(job)); });
    strands_ = std::make_unique<Strands>(*journal_, sealer_, clock_, [this] {
        return recording::recover(disk_, archive::journal_root(options_.archive), clock_.wall(),
                                  [this] { return !sealer_.is_left(); });
    });
}

Result<void> Run::look_around() {
    if (const auto late = recorder_->counts().begun_late; late > late_told_)
        report_->warn("the disk does not keep up: the beginning of " +
                      std::to_string(late - std::exchange(late_told_, late)) + " calls is dropped");
    for (auto& sealed : sealer_.take()) {
        if (sealed.facts) {
            ++sealed_;
            report_->sealed(*sealed.facts);
            if (!sealed.beside.empty())
                report_->warn(further_text(sealed.facts->id, sealed.beside));
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
    return sealer_.failed() + sealer_.waiting() + damaged_;
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
    while (vault_.catch_up() && !patience_.is_over()) {
    }
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
