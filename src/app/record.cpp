#include "app/record.h"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/progress.h"
#include "app/record_report.h"
#include "archive/catalogue.h"
#include "archive/layout.h"
#include "archive/vault.h"
#include "base/limits.h"
#include "call/book.h"
#include "host/capture_file.h"
#include "host/child_process.h"
#include "host/live_capture.h"
#include "host/process_limits.h"
#include "host/real_clock.h"
#include "host/real_disk.h"
#include "host/signals.h"
#include "intake/tap/tap.h"
#include "purpose/purpose.h"
#include "recording/recorder.h"
#include "sound/helper_decoder.h"

namespace nk::app {

namespace {

constexpr int all_well = 0;
constexpr int something_wrong = 1;
constexpr int unusable = 2;

int say(const Error& error, int exit_code) {
    fmt::print(stderr, "naklank record: {}\n", error.what);
    return exit_code;
}

// Our own decoders first; what they do not know goes to the helper process.
class AllDecoders : public sound::DecoderMaker {
public:
    AllDecoders() : helper_([] { return start(); }) {}
    Result<std::unique_ptr<sound::Decoder>> make(const sound::Codec& codec) override {
        auto own = own_.make(codec);
        if (own || own.error().code != Code::unsupported)
            return own;
        return helper_.make(codec);
    }

private:
    static Result<std::unique_ptr<Pipe>> start() {
        NK_TAKE(const auto program, host::find_helper());
        NK_TAKE(auto child, host::start_child(program, {}));
        return child;
    }
    sound::OwnDecoders own_;
    sound::HelperDecoders helper_;
};

struct Plan {
    recording::CallOptions call;
    std::unique_ptr<PacketSource> source;
    bool is_live = false;
};

Result<Plan> plan(const RecordOptions& options) {
    Plan plan;
    const auto purpose = purpose::purpose_named(options.purpose);
    if (!purpose)
        return refuse(Code::refused, Blame::owner,
                      "--purpose is wording, training, agreement, memory or keepsake, not \"" +
                          options.purpose + "\"");
    plan.call.purpose = *purpose;
    plan.is_live = !options.interface_name.empty();
    if (plan.is_live) {
        NK_TAKE(plan.call.basis, purpose::may_capture_live(options.basis));
        host::LiveOptions live;
        live.interface = options.interface_name;
        live.filter = options.filter;
        NK_TAKE(plan.source, host::open_live(live));
    } else {
        plan.call.basis = purpose::Basis::capture_file;
        NK_TAKE(plan.source, host::open_capture_file(options.read_path));
    }
    return plan;
}

Result<PacketSource::Next> next_of(PacketSource& source, CapturedPacket& packet, Meter* meter) {
    const InStage stage(meter, Stage::read);
    return source.next(packet);
}

void print_stages(const Meter& meter, const tap::TapCounts& counts) {
    std::string text = fmt::format("{{\"packets\":{}", counts.packets);
    for (std::size_t i = 0; i < stage_count; ++i)
        text += fmt::format(",\"{}_s\":{:.3f}", stage_names[i],
                            static_cast<double>(meter.spent(static_cast<Stage>(i)).count()) / 1e9);
    fmt::print(stderr, "{}}}\n", text);
}

// Packets from the source to the tap until it ends, fails, or a signal asks for an end.
Result<void> pump(PacketSource& source, tap::Tap& tap, recording::Recorder& recorder,
                  const Clock& clock, const host::StopFlag& stop, bool is_live, Progress& progress,
                  Meter* meter) {
    CapturedPacket packet;
    std::uint64_t dropped = 0;
    std::uint64_t seen = 0;
    std::optional<MonoTime> stopped;
    for (;;) {
        if (stop.is_raised() && !stopped)
            stopped = clock.now();
        // What a live line had already sent is still heard, for as long as that is a moment.
        if (stopped && (!is_live || clock.now() - *stopped > limits::drain_wait))
            return {};
        NK_TAKE(const auto next, next_of(source, packet, meter));
        switch (next) {
            case PacketSource::Next::packet:
                tap.take(packet);
                break;
            case PacketSource::Next::idle:
                if (stopped)
                    return {};
                tap.idle(clock.wall());
                break;
            case PacketSource::Next::end:
                return {};
        }
        if ((++seen & 0xfff) != 0 && next == PacketSource::Next::packet)
            continue;
        const auto counts = source.counts();
        if (counts.dropped_by_us > dropped)
            recorder.dropped(counts.dropped_by_us - std::exchange(dropped, counts.dropped_by_us),
                             tap.now());
        progress.show(source.progress(), counts.received, recorder.counts().sealed);
    }
}

}  // namespace

int record(const RecordOptions& options) {
    const host::StopFlag stop;
    auto planned = plan(options);
    if (!planned)
        return say(planned.error(), unusable);
    host::raise_file_limit();
    host::keep_freed_memory();
    host::RealClock clock;
    host::RealRandom random;
    Meter meter(clock);
    Meter* const metered = options.stages ? &meter : nullptr;
    planned->call.meter = metered;
    host::RealDisk disk;
    if (const auto made = disk.make_folders(options.archive); !made)
        return say(made.error(), unusable);
    // A recording does not wait for its index: without a catalogue it is kept all the same, and
    // rebuild finds it.
    auto catalogue = archive::Catalogue::open(archive::catalogue_path(options.archive));
    archive::Vault vault(disk, clock, random, options.archive,
                         catalogue ? catalogue->get() : nullptr);
    AllDecoders decoders;
    RecordReport report(options, options.archive, catalogue ? catalogue->get() : nullptr);
    recording::Recorder recorder(
        vault, decoders, clock, planned->call,
        [&](const recording::RecordingFacts& facts) { report.sealed(facts); },
        [&](const call::Call& call, const Error& error) { report.failed(call, error); });
    call::Book book(recorder);
    tap::Tap tap(book, metered);
    Progress progress(clock, !options.quiet && !options.json);
    if (const auto unfinished = archive::list_unfinished(disk, options.archive);
        !unfinished.empty())
        report.warn(fmt::format(
            "{} of this archive {} not finished: being written by another recorder, or cut off "
            "when one was stopped; see {}",
            unfinished.size() == 1 ? "1 recording"
                                   : fmt::format("{} recordings", unfinished.size()),
            unfinished.size() == 1 ? "is" : "are", archive::incoming_root(options.archive)));
    report.begin();
    const auto read =
        pump(*planned->source, tap, recorder, clock, stop, planned->is_live, progress, metered);
    const bool stopped = stop.is_raised();
    tap.finish(stopped || planned->is_live ? call::Ending::recorder_stopped
                                           : call::Ending::capture_ended);
    progress.clear();
    report.end(book.counts(), tap.counts(), planned->source->counts());
    if (!catalogue)
        report.warn("the recordings are kept, but the catalogue cannot be written: " +
                    catalogue.error().what + "; run naklank rebuild when that is mended");
    else if (vault.catalogue_trouble())
        report.warn("the recordings are kept, but the catalogue could not be written: " +
                    vault.catalogue_trouble()->first + "; run naklank rebuild when that is mended");
    if (options.stages)
        print_stages(meter, tap.counts());
    int exit_code = recorder.counts().failed > 0 ? something_wrong : all_well;
    if (!read)
        exit_code = say(read.error(), something_wrong);
    return exit_code;
}

}  // namespace nk::app
