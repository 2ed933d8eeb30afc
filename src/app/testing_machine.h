#pragma once
// For tests only: the whole passive path on one strand, with a clock, a network and a disk of the
// test's own. Frames go through tap, book, recorder, journal, sealer and vault, as `naklank record`
// wires them; the machine can be killed, its power cut, its disk made to fail.

#include <memory>
#include <string>
#include <vector>

#include "archive/layout.h"
#include "archive/vault.h"
#include "base/memory_disk.h"
#include "intake/tap/tap.h"
#include "recording/recorder.h"
#include "recording/recovery.h"
#include "recording/sealer.h"

namespace nk::app::testing {

inline const std::string archive_folder = "/archive";

class SetClock : public Clock {
public:
    [[nodiscard]] MonoTime now() const override { return mono; }
    [[nodiscard]] WallTime wall() const override { return at; }
    void pass(Nanos d) {
        mono = mono + d;
        at = at + d;
    }
    MonoTime mono{seconds(5'000).count()};
    WallTime at{1'700'000'000'000'000'000};
};

// One process that records. It is gone when it is destroyed, without a word, as by kill -9.
class Machine {
public:
    Machine(MemoryDisk& disk, SetClock& clock, Random& random)
        : disk_(disk), clock_(clock), vault_(disk, clock, random, archive_folder, nullptr) {
        if (!make_lasting_folders(disk, archive_folder))
            return;
        recording::journal::Options options;
        options.segment_bytes = 64 * 1024;
        const std::string journals = archive::journal_root(archive_folder);
        auto begun = recording::journal::Journal::begin(
            disk, clock, journals + "/" + archive::make_id(clock.wall(), random), options);
        if (!begun)
            return;
        log_ = std::move(*begun);
        sealer_ = std::make_unique<recording::Sealer>(vault_, decoders_, clock,
                                                      recording::SealerOptions{});
        recording::RecorderOptions live;
        live.basis = purpose::Basis::own_line;
        live.is_live = true;
        recorder_ = std::make_unique<recording::Recorder>(
            *log_, std::make_shared<recording::LiveSource>(disk, *log_), vault_, clock, live,
            [this](recording::SealJob job) { sealer_->push(std::move(job)); });
        book_ = std::make_unique<call::Book>(*recorder_);
        tap_ = std::make_unique<tap::Tap>(*book_);
        if (auto left = recording::recover(disk, journals, clock.wall())) {
            damaged = left->damaged;
            for (auto& job : std::exchange(left->jobs, {}))
                sealer_->push(std::move(job));
        }
    }

    // False when it refused to start, which is said and loses nothing.
    [[nodiscard]] bool is_running() const { return tap_ != nullptr; }
    void take(const std::vector<std::uint8_t>& ip_packet) {
        CapturedPacket packet;
        packet.link = LinkType::raw;
        packet.time = clock_.wall();
        packet.bytes = ip_packet;
        packet.wire_bytes = static_cast<std::uint32_t>(ip_packet.size());
        tap_->take(packet);
    }
    // What the other strands do within a moment.
    void turn() {
        tap_->idle(clock_.wall());
        (void)log_->step();
        while (sealer_->step()) {
        }
        take_outcome();
    }
    // An orderly end; the disk may have trouble yet, so that the last word may need several tries.
    void stop() {
        tap_->finish(call::Ending::recorder_stopped);
        for (int tries = 0; tries < 3; ++tries) {
            (void)log_->flush();
            sealer_->retry();
            while (sealer_->step()) {
            }
            take_outcome();
        }
        (void)log_->flush();
    }
    [[nodiscard]] std::size_t unsealed() const { return sealer_->failed() + sealer_->waiting(); }
    [[nodiscard]] tap::TapCounts counts() const { return tap_->counts(); }

    std::vector<std::string> damaged;

private:
    void take_outcome() { (void)sealer_->take(); }

    MemoryDisk& disk_;
    SetClock& clock_;
    archive::Vault vault_;
    sound::OwnDecoders decoders_;
    std::unique_ptr<recording::journal::Journal> log_;
    std::unique_ptr<recording::Sealer> sealer_;
    std::unique_ptr<recording::Recorder> recorder_;
    std::unique_ptr<call::Book> book_;
    std::unique_ptr<tap::Tap> tap_;
};

}  // namespace nk::app::testing
