#include "app/record.h"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/aside.h"
#include "app/decoders.h"
#include "app/key_log.h"
#include "app/patience.h"
#include "app/progress.h"
#include "app/record_report.h"
#include "app/strands.h"
#include "archive/catalogue.h"
#include "archive/layout.h"
#include "archive/vault.h"
#include "base/limits.h"
#include "base/pack.h"
#include "call/book.h"
#include "host/capture_file.h"
#include "host/live_capture.h"
#include "host/process_limits.h"
#include "host/real_clock.h"
#include "host/real_disk.h"
#include "host/signals.h"
#include "intake/tap/tap.h"
#include "purpose/purpose.h"
#include "recording/recorder.h"

namespace nk::app {

namespace {

constexpr int all_well = 0;
constexpr int something_wrong = 1;
constexpr int unusable = 2;
constexpr std::uint64_t look_around_every = 4'096;  // packets

int say(const Error& error, int exit_code) {
    say_aside("naklank record: {}\n", error.what);
    return exit_code;
}

struct Plan {
    recording::RecorderOptions recorder;
    std::unique_ptr<PacketSource> source;
};

Result<Plan> plan(const RecordOptions& options) {
    Plan plan;
    const auto purpose = purpose::purpose_named(options.purpose);
    if (!purpose)
        return refuse(Code::refused, Blame::owner,
                      "--purpose is wording, training, agreement, memory or keepsake, not \"" +
                          options.purpose + "\"");
    plan.recorder.purpose = *purpose;
    plan.recorder.is_live = !options.interface_name.empty();
    if (plan.recorder.is_live) {
        NK_TAKE(plan.recorder.basis, purpose::may_capture_live(options.basis));
        host::LiveOptions live;
        live.interface = options.interface_name;
        live.filter = options.filter;
        NK_TAKE(plan.source, host::open_live(live));
    } else {
        plan.recorder.basis = purpose::Basis::capture_file;
        NK_TAKE(plan.source, host::open_capture_file(options.read_path));
    }
    return plan;
}

// The packets that are at hand; of a live source that has none, the first one's time.
struct AtHand {
    std::array<CapturedPacket, limits::packets_at_once> packets;
    std::size_t count = 0;
};

Result<PacketSource::Next> next_of(PacketSource& source, AtHand& out, Meter* meter) {
    const InStage stage(meter, Stage::read);
    auto next = source.next(out.packets[0]);
    if (next == PacketSource::Next::packet)
        out.count = 1 + source.more(std::span(out.packets).subspan(1));
    return next;
}

void print_stages(const Meter& receiving, const Meter& sealing, const tap::TapCounts& counts) {
    std::string text = fmt::format("{{\"packets\":{}", counts.packets);
    for (std::size_t i = 0; i < stage_count; ++i) {
        const auto stage = static_cast<Stage>(i);
        const Nanos spent = receiving.spent(stage) + sealing.spent(stage);
        text += fmt::format(",\"{}_s\":{:.3f}", stage_names[i],
                            static_cast<double>(spent.count()) / 1e9);
    }
    say_aside("{}}}\n", text);
}

// One run: the receiving strand's parts, and the loop that feeds them.
class Recording {
public:
    Recording(const RecordOptions& options, Plan& plan, const Clock& clock, Meter* meter,
              recording::journal::Journal& journal, recording::Sealer& sealer, Strands& strands,
              std::shared_ptr<recording::SealSource> source, recording::Shelf& shelf,
              RecordReport& report, wire::TlsKeys* keys)
        : source_(*plan.source),
          is_live_(plan.recorder.is_live),
          clock_(clock),
          meter_(meter),
          sealer_(sealer),
          strands_(strands),
          report_(report),
          recorder_(
              journal, std::move(source), shelf, clock, plan.recorder,
              [this](recording::SealJob job) { sealer_.push(std::move(job)); },
              [this](const call::Story& story, const Error& error) {
                  report_.failed(story, error);
              }),
          book_(recorder_),
          tap_(book_, meter, keys),
          progress_(clock, !options.quiet && !options.json) {}

    // Packets from the source to the tap until it ends, fails, or a signal asks for an end.
    Result<void> pump(const host::StopFlag& stop);
    // Calls in progress end here; then everything is sealed.
    Result<void> finish(call::Ending ending, const host::StopFlag& stop);
    [[nodiscard]] tap::TapCounts counts() const { return tap_.counts(); }
    [[nodiscard]] std::uint64_t not_kept() const {
        return recorder_.counts().refused + sealer_.failed() + sealer_.waiting() + damaged_;
    }
    // Calls that nobody waited for.
    [[nodiscard]] std::size_t left() const {
        return patience_.is_over() ? sealer_.failed() + sealer_.waiting() : 0;
    }
    void summarize() {
        progress_.clear();
        report_.end(book_.counts(), tap_.counts(), source_.counts());
    }

private:
    Result<void> look_around();
    bool goes_on_sealing(const host::StopFlag& stop);
    void tell_drop();

    PacketSource& source_;
    bool is_live_;
    const Clock& clock_;
    Meter* meter_;
    recording::Sealer& sealer_;
    Strands& strands_;
    RecordReport& report_;
    recording::Recorder recorder_;
    call::Book book_;
    tap::Tap tap_;
    Progress progress_;
    Patience patience_;
    std::uint64_t sealed_ = 0;
    std::uint64_t damaged_ = 0;  // of what an earlier run left
    bool is_in_trouble_ = false;
};

// What the other strands have to say.
Result<void> Recording::look_around() {
    for (auto& sealed : sealer_.take()) {
        if (sealed.facts) {
            ++sealed_;
            report_.sealed(*sealed.facts);
        } else if (sealed.is_first_try) {
            report_.failed(sealed.story, sealed.facts.error());
        }
    }
    if (const auto recovered = strands_.take_recovered()) {
        report_.recovered(*recovered);
        damaged_ += *recovered ? (*recovered)->damaged.size() : 1;
    }
    const auto counts = source_.counts();
    progress_.show(source_.progress(), counts.received, sealed_);
    const auto trouble = strands_.journal_trouble();
    if (trouble && !is_live_)
        return tl::unexpected(*trouble);
    if (trouble && !std::exchange(is_in_trouble_, true))
        report_.warn(trouble->what + "; the calls wait in memory until that is mended");
    if (!trouble && std::exchange(is_in_trouble_, false))
        report_.warn("the disk takes the calls again");
    return {};
}

void Recording::tell_drop() {
    if (const auto drop = source_.take_drop())
        recorder_.dropped(drop->packets, tap_.at(drop->from), tap_.at(drop->to));
}

Result<void> Recording::pump(const host::StopFlag& stop) {
    AtHand at_hand;
    std::uint64_t seen = 0;
    std::optional<MonoTime> stopped;
    for (;;) {
        if (stop.is_raised() && !stopped)
            stopped = clock_.now();
        // What a live line had already sent is still heard, for as long as that is a moment.
        if (stopped && (!is_live_ || clock_.now() - *stopped > limits::drain_wait))
            return {};
        NK_TAKE(const auto next, next_of(source_, at_hand, meter_));
        switch (next) {
            case PacketSource::Next::packet:
                tap_.take(std::span(at_hand.packets).first(at_hand.count));
                seen += at_hand.count;
                break;
            case PacketSource::Next::idle:
                if (stopped)
                    return {};
                tap_.idle(is_live_ ? at_hand.packets[0].time : clock_.wall());
                break;
            case PacketSource::Next::dropped:
                tell_drop();
                break;
            case PacketSource::Next::end:
                return {};
        }
        if (seen < look_around_every && next == PacketSource::Next::packet)
            continue;
        seen = 0;
        NK_TRY(look_around());
        if (!is_live_)
            strands_.make_room();
    }
}

bool Recording::goes_on_sealing(const host::StopFlag& stop) {
    (void)look_around();
    patience_.see(stop.times(), clock_.now());
    if (patience_.is_to_be_told(clock_.now()))
        report_.sealing(sealer_.waiting());
    return !patience_.is_over();
}

Result<void> Recording::finish(call::Ending ending, const host::StopFlag& stop) {
    tell_drop();  // while the calls are still there
    tap_.finish(ending);
    auto finished = strands_.finish([&] { return goes_on_sealing(stop); });
    (void)look_around();
    return finished;
}

}  // namespace

int record(const RecordOptions& options) {
    const host::StopFlag stop;
    auto planned = plan(options);
    if (!planned)
        return say(planned.error(), unusable);
    host::raise_file_limit();
    host::keep_freed_memory();
    host::outlive_broken_pipes();
    const host::RealClock clock;
    host::RealRandom random;
    Meter receiving(clock);
    Meter sealing(clock);
    host::RealDisk disk;
    std::unique_ptr<KeyLogFile> keys;
    if (!options.tls_keylog.empty()) {
        auto opened = KeyLogFile::open(disk, options.tls_keylog, planned->recorder.is_live);
        if (!opened)
            return say(opened.error(), unusable);
        keys = std::move(*opened);
    }
    if (const auto made = make_lasting_folders(disk, options.archive); !made)
        return say(made.error(), unusable);
    // A recording does not wait for its index: without a catalogue it is kept all the same, and
    // rebuild finds it.
    auto catalogue = archive::Catalogue::open(archive::catalogue_path(options.archive));
    archive::Vault vault(disk, clock, random, options.archive,
                         catalogue ? catalogue->get() : nullptr);
    recording::journal::Options journal_options;
    journal_options.is_durable = planned->recorder.is_live;
    if (!planned->recorder.is_live)
        journal_options.pending_bytes_max = limits::journal_pending_bytes_of_a_file_max;
    std::array<std::uint8_t, sizeof journal_options.seed> chance{};
    random.fill(chance);
    journal_options.seed = get_le<std::uint64_t>(chance.data());
    const std::string journals = archive::journal_root(options.archive);
    auto journal = recording::journal::Journal::begin(
        disk, clock, journals + "/" + archive::make_id(clock.wall(), random), journal_options);
    if (!journal)
        return say(journal.error(), unusable);
    AllDecoders decoders;
    recording::Sealer sealer(vault, decoders, clock, {{}, options.stages ? &sealing : nullptr});
    RecordReport report(options, options.archive, catalogue ? catalogue->get() : nullptr);
    Strands strands(**journal, sealer, clock,
                    [&] { return recording::recover(disk, journals, clock.wall()); });
    Recording recording(options, *planned, clock, options.stages ? &receiving : nullptr, **journal,
                        sealer, strands, std::make_shared<recording::LiveSource>(disk, **journal),
                        vault, report, keys.get());
    if (keys && KeyLogFile::is_open_to_others(options.tls_keylog))
        report.warn("others on this machine can read the keys in " + options.tls_keylog);
    report.begin();
    const auto read = recording.pump(stop);
    const auto finished = recording.finish(stop.is_raised() || planned->recorder.is_live
                                               ? call::Ending::recorder_stopped
                                               : call::Ending::capture_ended,
                                           stop);
    recording.summarize();
    vault.catch_up();
    report.catalogue_trouble(catalogue ? std::optional<Error>() : catalogue.error(),
                             vault.catalogue_trouble());
    if (options.stages)
        print_stages(receiving, sealing, recording.counts());
    if ((*journal)->live_blocks() == 0) {
        report.strangers(disk, (*journal)->folder());
        (void)(*journal)->remove();  // what stays is empty, and the next run takes it away
    } else if (recording.left() == 0)
        report.warn("what could not be sealed is kept in " + (*journal)->folder() +
                    "; naklank recover makes recordings of it when that is mended");
    if (recording.left() > 0)
        report.left(recording.left());
    if (!read)
        return say(read.error(), something_wrong);
    if (!finished)
        return say(finished.error(), something_wrong);
    return recording.not_kept() > 0 ? something_wrong : all_well;
}

}  // namespace nk::app
