#include "app/record.h"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/aside.h"
#include "app/key_log.h"
#include "app/progress.h"
#include "app/record_report.h"
#include "app/run.h"
#include "base/limits.h"
#include "call/book.h"
#include "host/capture_file.h"
#include "host/live_capture.h"
#include "host/process_limits.h"
#include "host/real_clock.h"
#include "host/real_disk.h"
#include "host/signals.h"
#include "intake/tap/tap.h"
#include "purpose/purpose.h"

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

// The door of the tap: the loop that feeds it, and what it tells.
class Recording {
public:
    Recording(const RecordOptions& options, Plan& plan, const Clock& clock, Meter* meter, Run& run,
              RecordReport& report, wire::TlsKeys* keys)
        : source_(*plan.source),
          is_live_(plan.recorder.is_live),
          clock_(clock),
          meter_(meter),
          run_(run),
          report_(report),
          book_(run.recorder()),
          tap_(book_, meter, keys),
          progress_(clock, !options.quiet && !options.json) {}

    // Packets from the source to the tap until it ends, fails, or a signal asks for an end.
    Result<void> pump(const host::StopFlag& stop);
    // Calls in progress end here.
    void end(call::Ending ending) {
        tell_drop();  // while the calls are still there
        tap_.finish(ending);
    }
    void show_progress() {
        progress_.show(source_.progress(), source_.counts().received, run_.sealed());
    }
    [[nodiscard]] tap::TapCounts counts() const { return tap_.counts(); }
    void summarize() {
        progress_.clear();
        report_.end(book_.counts(), tap_.counts(), source_.counts());
    }

private:
    void tell_drop();

    PacketSource& source_;
    bool is_live_;
    const Clock& clock_;
    Meter* meter_;
    Run& run_;
    RecordReport& report_;
    call::Book book_;
    tap::Tap tap_;
    Progress progress_;
};

void Recording::tell_drop() {
    if (const auto drop = source_.take_drop())
        run_.recorder().dropped(drop->packets, tap_.at(drop->from), tap_.at(drop->to));
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
        NK_TRY(run_.look_around());
        show_progress();
        if (!is_live_)
            run_.make_room();
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
    auto run = Run::begin(
        clock, random, {options.archive, planned->recorder, options.stages ? &sealing : nullptr});
    if (!run)
        return say(run.error(), unusable);
    RecordReport report(options, options.archive, (*run)->catalogue());
    (*run)->start(report);
    Recording recording(options, *planned, clock, options.stages ? &receiving : nullptr, **run,
                        report, keys.get());
    if (keys && KeyLogFile::is_open_to_others(options.tls_keylog))
        report.warn("others on this machine can read the keys in " + options.tls_keylog);
    report.begin();
    const auto read = recording.pump(stop);
    recording.end(stop.is_raised() || planned->recorder.is_live ? call::Ending::recorder_stopped
                                                                : call::Ending::capture_ended);
    const auto finished = (*run)->finish(stop, [&] { recording.show_progress(); });
    recording.summarize();
    (*run)->conclude();
    if (options.stages)
        print_stages(receiving, sealing, recording.counts());
    if (!read)
        return say(read.error(), something_wrong);
    if (!finished)
        return say(finished.error(), something_wrong);
    return (*run)->not_kept() > 0 ? something_wrong : all_well;
}

}  // namespace nk::app
