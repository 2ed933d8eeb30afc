#pragma once
// For tests only: the receiving and the sealing half with a journal between them, on a disk in
// memory, stepped by hand on one strand.

#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/memory_disk.h"
#include "recording/recorder.h"
#include "recording/sealer.h"
#include "recording/testing_call.h"

namespace nk::recording::testing {

class TestHouse {
public:
    static constexpr const char* journal_folder = "/journal/20260101T000000Z-aaaaaa";

    explicit TestHouse(const RecorderOptions& options = {}, const journal::Options& journal = {}) {
        auto begun = journal::Journal::begin(disk, clock, journal_folder, journal);
        NK_CHECK(begun.has_value());
        log = std::move(*begun);
        sealer = std::make_unique<Sealer>(shelf, decoders, clock, SealerOptions{});
        recorder = std::make_unique<Recorder>(
            *log, std::make_shared<LiveSource>(disk, *log), shelf, clock, options,
            [this](SealJob job) { sealer->push(std::move(job)); });
    }
    // What the two other strands would do.
    void settle() {
        (void)log->flush();
        settle_sealing();
    }
    void settle_sealing() const {
        while (sealer->step()) {
        }
    }

    // The machine goes down and comes up again: what was in memory is gone, what was on the disk
    // and on the shelf is there.
    void crash() {
        recorder.reset();
        sealer = std::make_unique<Sealer>(shelf, decoders, clock, SealerOptions{});
        log.reset();
    }

    MemoryDisk disk;
    TestClock clock;
    MemoryShelf shelf;
    sound::OwnDecoders decoders;
    std::unique_ptr<journal::Journal> log;
    std::unique_ptr<Sealer> sealer;
    std::unique_ptr<Recorder> recorder;
};

}  // namespace nk::recording::testing
