#pragma once
// The sealing half: calls that are over become recordings, one after the other, off the receiving
// path. A call is read back from the journal whole, so that its decoder, its places and its encoder
// stay warm. Of a few calls the sound is written one after the other, FLAC's MD5 is taken together,
// each is hashed and described, and then they wait for the disk together and appear.
//
// push(), take(), waiting(), leave() and is_left() may be called from any strand; step(), retry()
// and catch_up() are of one. What cannot be sealed now (a full disk) stays in the journal and is
// tried again.

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "recording/call_recorder.h"
#include "recording/journal/entries.h"
#include "recording/seal_job.h"
#include "recording/shelf.h"

namespace nk::recording {

// What came of one call; with an error it stays in the journal.
struct Sealed {
    call::Story story;
    Result<RecordingFacts> facts;
    bool is_first_try = true;
    std::string beside;  // the id of an earlier recording of the call, made while less was known
};

struct SealerOptions {
    sound::FlacOptions flac;
    Meter* meter = nullptr;
};

class Sealer {
public:
    Sealer(Shelf& shelf, sound::DecoderMaker& decoders, const Clock& clock,
           const SealerOptions& options);

    void push(SealJob job);
    // Seals the next calls whose blocks are on the disk, up to md5_lanes; false when there is none.
    bool step();
    // Seals nothing more, and gives up the calls at work: all that is not sealed stays in the
    // journal, and counts as waiting or failed.
    void leave();
    [[nodiscard]] bool is_left() const;
    // Puts those that failed back into the queue, and lets the shelf catch up with its index; true
    // when the shelf has more to catch up with.
    bool retry();
    bool catch_up() { return shelf_.catch_up(); }
    // What came of the calls since it was last asked.
    std::vector<Sealed> take();
    [[nodiscard]] std::size_t waiting() const;
    // How many calls could not be sealed and are kept in the journal.
    [[nodiscard]] std::size_t failed() const;
    // Returns when a call was pushed, or `at_most` has passed.
    void wait_for_work(Nanos at_most);
    // Returns when fewer than `most` wait, or `at_most` has passed.
    void wait_for_room(std::size_t most, Nanos at_most);

private:
    // A call that is being sealed.
    struct Work {
        SealJob job;
        call::Story story;
        std::unique_ptr<CallRecorder> recorder;  // of a call that is not there yet
        std::optional<Finished> finished;        // the same, when its sound was written
        std::string beside;                      // Sealed::beside
        std::uint64_t unread = 0;  // blocks that could be read when the call was found
        Result<void> trouble;
    };
    std::vector<Work> take_work();
    Result<void> write_sound(Work& work);
    static void sum_together(std::span<const Work> all);
    Result<void> describe(Work& work);
    void publish(std::span<Work> all);
    void settle(Work work);
    Result<void> replay(Work& work, CallRecorder& recorder);
    Result<void> read_sound(const SealJob& job, journal::EntryReader& reader);
    Result<std::optional<Name>> name_for(const SealJob& job);

    Shelf& shelf_;
    sound::DecoderMaker& decoders_;
    const Clock& clock_;
    SealerOptions options_;
    std::vector<std::int16_t> scratch_;
    std::vector<std::uint8_t> room_;

    mutable std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable progress_;
    std::deque<SealJob> jobs_;
    std::deque<SealJob> later_;  // failed
    std::vector<Sealed> done_;
    std::size_t at_work_ = 0;
    bool is_left_ = false;
};

}  // namespace nk::recording
